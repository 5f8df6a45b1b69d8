//! A source file in the making: formatted items and macro tables, under a preamble.
//!
//! `prettyplease` formats items; it leaves the inside of macros alone, so tables are written as text.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::visit::Visit;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

use super::features::gate_line;

/// First lines of each generated file.
#[derive(Clone, Debug)]
pub(crate) struct Preamble {
    /// SHA-256 of the document, in hex.
    pub sha256: String,
    /// Version of this generator.
    pub generator: String,
    /// What wrote the file, and what to change instead of it.
    pub notice: &'static str,
}

/// A source file in the making.
pub(super) struct SourceFile {
    text: String,
    names: Names,
    /// The feature that everything added is behind.
    feature: Option<String>,
}

/// Names without a path that code refers to: what it may have to import.
#[derive(Default)]
struct Names(BTreeSet<String>);

impl<'ast> Visit<'ast> for Names {
    fn visit_expr_path(&mut self, expression: &'ast syn::ExprPath) {
        // A name in lower case that stands alone is an argument, whatever an import is called.
        let is_argument = |name: &syn::Ident| name.to_string().starts_with(|sign: char| !sign.is_uppercase());
        if !expression.path.get_ident().is_some_and(is_argument) {
            syn::visit::visit_expr_path(self, expression);
        }
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if let Some(first) = path.segments.first().filter(|_| path.leading_colon.is_none()) {
            self.0.insert(first.ident.to_string());
        }
        syn::visit::visit_path(self, path);
    }
}

/// Where the names of the runtime come from.
const RUNTIME: &[(&str, &[&str])] = &[
    ("sdk_runtime", &["FilePart", "Value"]),
    ("sdk_runtime::codegen", &["Form"]),
    ("sdk_runtime::json", &["Constant", "Extra", "Field", "IntoObject", "Map", "Positions", "Sensitive", "Timestamp"]),
];

impl SourceFile {
    /// A file that says what it is for.
    pub(crate) fn new(preamble: &Preamble, purpose: &str) -> Self {
        let mut text = String::new();
        let _ = writeln!(text, "// {}", preamble.notice);
        let _ = writeln!(text, "// Generator {}, document sha256 {}", preamble.generator, preamble.sha256);
        let _ = writeln!(text, "\n//! {purpose}");
        Self { text, names: Names::default(), feature: None }
    }

    /// Puts everything that is added from now on behind a feature, item by item.
    pub(crate) fn behind(self, feature: Option<&str>) -> Self {
        Self { feature: feature.map(str::to_owned), ..self }
    }

    /// Imports the names that `body` refers to, which is to be appended. `others` says where names come from that are not the
    /// runtime's.
    pub(crate) fn import(&mut self, body: &Self, others: &[(&str, BTreeSet<String>)]) -> Result<(), Report> {
        let of_runtime =
            RUNTIME.iter().map(|(module, names)| (*module, names.iter().map(|name| (*name).to_owned()).collect()));
        let mut modules: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (module, names) in others.iter().cloned().chain(of_runtime) {
            modules.entry(module).or_default().extend(names);
        }
        let mut lines = Vec::new();
        for (module, names) in modules {
            let used: Vec<_> = names.intersection(&body.names.0).map(|name| format_ident!("{}", name)).collect();
            let path: syn::Path = syn::parse_str(module).map_err(|error| invalid(&error, module))?;
            match used.as_slice() {
                [] => {}
                [only] => lines.push((format!("{module}::{only}"), quote! { use #path::#only; })),
                several => lines.push((format!("{module}::{{"), quote! { use #path::{#(#several),*}; })),
            }
        }
        // The order of rustfmt.
        lines.sort_by_key(|(path, _)| (!path.starts_with("super"), !path.starts_with("crate"), path.clone()));
        if !lines.is_empty() {
            let lines = lines.iter().map(|(_, line)| line);
            self.items(quote! { #(#lines)* })?;
        }
        Ok(())
    }

    /// Whether the code so far refers to a name without a path.
    pub(crate) fn refers_to(&self, name: &str) -> bool {
        self.names.0.contains(name)
    }

    /// Adds what another file holds below its preamble.
    pub(crate) fn append(&mut self, body: &Self) {
        let text = body.text.split_once("//!").map_or("", |(_, rest)| rest);
        let text = text.split_once('\n').map_or("", |(_, rest)| rest);
        self.text.push_str(text);
    }

    /// Takes over what another file holds and refers to.
    pub(crate) fn extend(&mut self, other: &Self) {
        self.append(other);
        self.names.0.extend(other.names.0.iter().cloned());
    }

    /// Says that a macro table refers to the names in these tokens.
    pub(crate) fn mention(&mut self, ty: &TokenStream) {
        if let Ok(ty) = syn::parse2::<syn::Type>(ty.clone()) {
            self.names.visit_type(&ty);
        }
    }

    /// Adds items, formatted.
    pub(crate) fn items(&mut self, tokens: TokenStream) -> Result<(), Report> {
        let file: syn::File = syn::parse2(tokens.clone()).map_err(|error| invalid(&error, &tokens.to_string()))?;
        self.names.visit_file(&file);
        self.file(file);
        Ok(())
    }

    /// Adds a parsed file, formatted, with a blank line between its items.
    pub(crate) fn file(&mut self, file: syn::File) {
        let mut imports = Vec::new();
        for item in file.items {
            if matches!(item, syn::Item::Use(_)) {
                imports.push(item);
                continue;
            }
            self.flush(&mut imports);
            self.formatted(vec![item]);
        }
        self.flush(&mut imports);
    }

    fn flush(&mut self, imports: &mut Vec<syn::Item>) {
        if !imports.is_empty() {
            self.formatted(std::mem::take(imports));
        }
    }

    fn formatted(&mut self, items: Vec<syn::Item>) {
        let text = prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items });
        self.text.push('\n');
        let text = spaced(&text);
        // The gate stands below the documentation.
        let docs: usize = text.split_inclusive('\n').take_while(|line| line.starts_with("///")).map(str::len).sum();
        let (docs, item) = text.split_at(docs);
        self.text.push_str(docs);
        self.text.push_str(&gate_line(self.feature.as_deref()));
        self.text.push_str(item);
    }

    /// Adds text as it is, after a blank line.
    pub(crate) fn text(&mut self, text: &str) {
        self.text.push('\n');
        self.text.push_str(&gate_line(self.feature.as_deref()));
        self.text.push_str(text.trim_end());
        self.text.push('\n');
    }

    /// The file.
    pub(crate) fn finish(self) -> String {
        self.text
    }
}

fn invalid(error: &syn::Error, code: &str) -> Report {
    let excerpt: String = code.chars().take(400).collect();
    Report::of(
        Diagnostic::new(Code::Internal, Pointer::root(), format!("emitted code does not parse: {error}: {excerpt}"))
            .help("this is a defect of the generator: please report it with the document"),
    )
}

/// Puts a blank line between the functions of an `impl`, as a person would.
fn spaced(text: &str) -> String {
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut after_function = false;
    for line in text.lines() {
        if after_function && line != "}" && !line.is_empty() {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        after_function = line == "    }";
    }
    spaced
}
