//! The surface of the client against its source: each has every public name of the other.
//!
//! What macros of the runtime provide is compared with these macros.

use std::collections::BTreeSet;
use std::path::Path;

use generator::surface::{Item, ItemKind, Member, MemberKind, Surface};
use proc_macro2::{TokenStream, TokenTree};
use quote::ToTokens;

use super::document::client;

/// Files that users cannot name; other files re-export what they have.
const PRIVATE: &[&str] = &["client.rs", "operations.rs", "round_trip.rs", "verification.rs", "wire.rs"];

#[test]
fn every_public_name_of_the_client_is_in_the_surface_and_the_other_way_round() {
    let client = client();
    let mut source = Source::default();
    for (path, text) in client.files.iter().filter(|(path, _)| !PRIVATE.contains(&path.as_str())) {
        let file = syn::parse_file(text).unwrap_or_else(|error| panic!("{path}: {error}"));
        source.items(&module(path), &file.items);
    }
    // Hidden from users: what the gate of samples calls.
    source.names.remove("dispatch::round_trip");
    let (listed, provided) = names(&client.surface);
    let unlisted: Vec<&String> = source.names.difference(&listed).collect();
    let missing: Vec<&String> = listed.difference(&source.names).collect();
    assert!(
        unlisted.is_empty() && missing.is_empty(),
        "not in the surface: {unlisted:#?}\nnot in the source: {missing:#?}"
    );
    assert_eq!(provided, source.provided, "methods that macros provide");
    assert!(listed.len() > 5_000, "{} names", listed.len());
}

struct Row {
    file: &'static str,
    macro_name: &'static str,
    owner: Option<&'static str>,
    item: &'static str,
}

#[test]
fn standard_methods_of_the_surface_are_those_that_macros_of_the_runtime_provide() {
    let surface = client().surface;
    let headers = ["api_version", "workspace_id"].map(str::to_owned);
    for Row { file, macro_name, owner, item } in [
        Row { file: "client_type.rs", macro_name: "client", owner: Some("client"), item: "Client" },
        Row { file: "client_type.rs", macro_name: "client", owner: Some("builder"), item: "ClientBuilder" },
        Row { file: "call.rs", macro_name: "call", owner: None, item: "every request builder" },
    ] {
        let mut expected = functions_of_macro(file, macro_name, owner);
        if owner != Some("client") {
            expected.extend(headers.clone());
        }
        for item in surface.sections["standard"].iter().filter(|listed| listed.name == item) {
            let provided = item.members.iter().filter(|member| member.kind == MemberKind::Provided);
            let provided: BTreeSet<String> = provided.map(|member| member.name.clone()).collect();
            if item.kind == ItemKind::Struct || owner.is_none() {
                assert_eq!(provided, expected, "{}", item.path());
            }
        }
    }
    let setters = surface.sections["standard"].iter().find(|item| item.kind == ItemKind::Trait).unwrap();
    assert_eq!(setters.members.iter().map(|member| member.name.clone()).collect::<Vec<_>>(), headers);
}

/// The public functions in a macro of the runtime: those of one type, or all of them.
fn functions_of_macro(file: &str, name: &str, owner: Option<&str>) -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime/src/client").join(file);
    let source = syn::parse_file(&std::fs::read_to_string(path).unwrap()).unwrap();
    let body = source.items.iter().find_map(|item| {
        let syn::Item::Macro(item) = item else { return None };
        item.ident.as_ref().is_some_and(|ident| ident == name).then(|| item.mac.tokens.clone())
    });
    let mut functions = BTreeSet::new();
    collect_functions(body.expect("the runtime has the macro"), owner, owner.is_none(), &mut functions);
    functions
}

/// Collects the names after `pub fn` and `pub async fn`, inside of `impl $owner` where there is an owner.
fn collect_functions(tokens: TokenStream, owner: Option<&str>, is_inside: bool, functions: &mut BTreeSet<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let words: Vec<String> = tokens
        .iter()
        .map(|token| match token {
            TokenTree::Group(_) => String::new(),
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => token.to_string(),
        })
        .collect();
    for (place, token) in tokens.iter().enumerate() {
        let before =
            |steps: usize| place.checked_sub(steps).and_then(|place| words.get(place)).map_or("", String::as_str);
        match token {
            TokenTree::Group(group) => {
                let is_owner = before(3) == "impl" && before(2) == "$";
                let is_inside = is_inside || (is_owner && owner == Some(before(1)));
                collect_functions(group.stream(), owner, is_inside, functions);
            }
            TokenTree::Ident(name) if is_inside && before(1) == "fn" => {
                let is_public = before(2) == "pub" || (before(2) == "async" && before(3) == "pub");
                functions.extend(is_public.then(|| name.to_string()));
            }
            TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
}

/// The module of a file, as a user writes it.
fn module(path: &str) -> String {
    let path = path.trim_end_matches(".rs");
    match path.split_once('/') {
        Some(("types", _)) => "types".to_owned(),
        Some(("resources", "mod")) => String::new(),
        Some((folder, "mod")) => folder.to_owned(),
        None if path == "mod" => String::new(),
        Some((folder, file)) => format!("{folder}::{file}"),
        None => path.to_owned(),
    }
}

/// The names of a surface: those in the source, and those that macros provide for lists and runs.
fn names(surface: &Surface) -> (BTreeSet<String>, BTreeSet<String>) {
    let (mut listed, mut provided) = (BTreeSet::new(), BTreeSet::new());
    for item in surface.sections.values().flatten() {
        let path = item.path();
        if item.kind != ItemKind::Extension {
            listed.insert(path.clone());
        }
        for Member { kind, name, .. } in &item.members {
            match kind {
                MemberKind::Field | MemberKind::Variant | MemberKind::Method => {
                    listed.insert(format!("{path}::{name}"))
                }
                MemberKind::Conversion => listed.insert(format!("{path} from {}", name.replace(' ', ""))),
                MemberKind::Provided if is_builder(item) => provided.insert(format!("{path}::{name}")),
                MemberKind::Provided => false,
            };
        }
    }
    (listed, provided)
}

fn is_builder(item: &Item) -> bool {
    item.kind == ItemKind::Builder
}

/// The public names in source files.
#[derive(Default)]
struct Source {
    names: BTreeSet<String>,
    provided: BTreeSet<String>,
}

impl Source {
    fn items(&mut self, module: &str, items: &[syn::Item]) {
        for item in items {
            self.item(module, item);
        }
    }

    #[expect(clippy::wildcard_enum_match_arm, reason = "`syn` adds kinds of items; generated code has those listed")]
    fn item(&mut self, module: &str, item: &syn::Item) {
        match item {
            syn::Item::Struct(item) if is_public(&item.vis) => {
                self.add(module, &item.ident);
                for (index, field) in item.fields.iter().enumerate().filter(|(_, field)| is_public(&field.vis)) {
                    let name = field.ident.as_ref().map_or_else(|| index.to_string(), name);
                    self.add(module, format!("{}::{name}", item.ident));
                }
            }
            syn::Item::Enum(item) if is_public(&item.vis) => {
                self.add(module, &item.ident);
                item.variants.iter().for_each(|variant| self.add(module, format!("{}::{}", item.ident, variant.ident)));
            }
            syn::Item::Type(item) if is_public(&item.vis) => self.add(module, &item.ident),
            syn::Item::Use(item) if is_public(&item.vis) => self.re_exports(module, &item.tree),
            syn::Item::Fn(item) if is_public(&item.vis) && !is_hidden(&item.attrs) => self.add(module, &item.sig.ident),
            syn::Item::Static(item) if is_public(&item.vis) => self.add(module, &item.ident),
            syn::Item::Mod(item) if is_public(&item.vis) => {
                let items = item.content.iter().flat_map(|(_, items)| items);
                // The only module in a file is `environments`, which the crate exports.
                items.for_each(|inner| self.item(&item.ident.to_string(), inner));
            }
            syn::Item::Impl(block) => self.block(module, block),
            syn::Item::Macro(item) => self.table(module, &item.mac),
            _ => {}
        }
    }

    /// A glob re-exports what its file has.
    fn re_exports(&mut self, module: &str, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(path) => self.re_exports(module, &path.tree),
            syn::UseTree::Name(name) => self.add(module, &name.ident),
            syn::UseTree::Rename(rename) => self.add(module, &rename.rename),
            syn::UseTree::Group(group) => group.items.iter().for_each(|tree| self.re_exports(module, tree)),
            syn::UseTree::Glob(_) => {}
        }
    }

    fn block(&mut self, module: &str, block: &syn::ItemImpl) {
        let owner = text(&block.self_ty);
        let (owner, module) = match owner.strip_prefix("crate::") {
            Some(absolute) => (absolute.to_owned(), ""),
            None if owner == "Client" && module != "blocking" => (owner, ""),
            None => (owner, module),
        };
        if let Some((path, _)) = &block.trait_ {
            let from = path.segments.last().filter(|segment| segment.ident == "From");
            if let Some(from) = from {
                let source = text(&from.arguments);
                self.add(module, format!("{owner} from {}", &source[1..source.len() - 1]));
            }
            return;
        }
        for item in &block.items {
            if let syn::ImplItem::Fn(function) = item
                && is_public(&function.vis)
            {
                self.add(module, format!("{owner}::{}", name(&function.sig.ident)));
            }
        }
    }

    /// The tables that macros of the runtime turn into items.
    fn table(&mut self, module: &str, table: &syn::Macro) {
        let Some(macro_name) = table.path.segments.last().map(|segment| segment.ident.to_string()) else { return };
        let tokens: Vec<TokenTree> = table.tokens.clone().into_iter().collect();
        match macro_name.as_str() {
            "open_enum" => self.enumeration(module, &tokens),
            "client" => ["Client", "ClientBuilder"].into_iter().for_each(|name| self.add(module, name)),
            "fixtures" => entries(&tokens, ';').for_each(|entry| self.add(module, &entry[0])),
            "mocks" => self.mocks(&tokens),
            "paginated" => self.provided(module, &tokens, &["pages", "items"]),
            "pollable" => self.provided(module, &tokens, &["wait", "poller"]),
            "call" => self.provided(module, &tokens, &["send_stream"]),
            _ => {}
        }
    }

    fn enumeration(&mut self, module: &str, tokens: &[TokenTree]) {
        let place = tokens.iter().position(|token| token.to_string() == "enum").expect("the table has an enum");
        let owner = tokens[place + 1].to_string();
        self.add(module, &owner);
        for entry in entries(&group(&tokens[place + 2]), ',') {
            let variant = entry.iter().find(|token| matches!(token, TokenTree::Ident(_))).expect("a value has a name");
            self.add(module, format!("{owner}::{variant}"));
        }
    }

    fn mocks(&mut self, tokens: &[TokenTree]) {
        let server = "MockServer";
        let mut previous: Vec<&TokenTree> = Vec::new();
        for token in &tokens[2..] {
            let TokenTree::Group(rows) = token else {
                previous.push(token);
                continue;
            };
            let rows: Vec<TokenTree> = rows.stream().into_iter().collect();
            let owner = match previous.as_slice() {
                [method, .., accessor] => {
                    self.add("testing", format!("{server}::{method}"));
                    self.add("testing::mocks", accessor);
                    format!("testing::mocks::{accessor}")
                }
                _ => format!("testing::{server}"),
            };
            entries(&rows, ';').for_each(|row| self.add(&owner, &row[0]));
            previous.clear();
        }
    }

    /// Methods for the builder that comes before the arrow.
    fn provided(&mut self, module: &str, tokens: &[TokenTree], methods: &[&str]) {
        let arrow = tokens.iter().position(|token| token.to_string() == "=").expect("a table has an arrow");
        let words: Vec<String> = tokens[..arrow].iter().map(ToString::to_string).collect();
        let is_provided = match words.first().map(String::as_str) {
            Some("batch") => false,
            Some("stream") => words.len() > 1,
            _ => methods != ["send_stream"],
        };
        if let Some(builder) = words.last().filter(|_| is_provided) {
            self.provided.extend(methods.iter().map(|method| format!("{module}::{builder}::{method}")));
        }
    }

    fn add(&mut self, module: &str, name: impl ToString) {
        let name = name.to_string().replace("r#", "");
        self.names.insert(if module.is_empty() { name } else { format!("{module}::{name}") });
    }
}

fn is_public(visibility: &syn::Visibility) -> bool {
    matches!(visibility, syn::Visibility::Public(_))
}

fn is_hidden(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| text(&attribute.meta) == "doc(hidden)")
}

fn name(ident: &proc_macro2::Ident) -> String {
    ident.to_string().replace("r#", "")
}

fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().replace(' ', "")
}

fn group(token: &TokenTree) -> Vec<TokenTree> {
    let stream = if let TokenTree::Group(group) = token { group.stream() } else { TokenStream::new() };
    stream.into_iter().collect()
}

/// The entries of a table, each up to its end; none is empty.
fn entries(tokens: &[TokenTree], end: char) -> impl Iterator<Item = &[TokenTree]> {
    let is_end = move |token: &TokenTree| matches!(token, TokenTree::Punct(punct) if punct.as_char() == end);
    tokens.split(is_end).filter(|entry| !entry.is_empty())
}
