//! All types, in one file per leading word of their names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::model::{Api, BodyForm, Kind, TypeDef, TypeId};
use crate::names::RustIdent;

use super::Input;
use super::doc;
use super::module_files::{declaration, file_name};
use super::rust_type::{Scope, is_numeric, rust_type};
use super::source::SourceFile;
use super::structs::{Transport, structure};
use super::{enumerations, unions};

/// Types with a leading word in common before they get a file of their own.
const FAMILY: usize = 6;
/// Where types without a family go.
const SHARED: &str = "shared";

/// The files of all types.
pub(super) fn types(input: &Input<'_>) -> Result<BTreeMap<String, String>, Report> {
    let api = input.api;
    let families = families(api);
    let multipart = multipart_bodies(api);
    let mut files = BTreeMap::new();
    for (family, ids) in &families {
        let mut body = SourceFile::new(input.preamble, &format!("Types of the API: {family}."));
        let mut content = SourceFile::new(input.preamble, "");
        for id in ids {
            let transport = if multipart.contains(id) { Transport::Multipart } else { Transport::Json };
            definition(&mut content, input, api.types.get(*id), transport)?;
        }
        let local: BTreeSet<&TypeId> = ids.iter().collect();
        let others = api.types.ids().filter(|id| !local.contains(id)).map(|id| api.types.get(id).name.to_string());
        body.import(&content, &[("super", others.collect())])?;
        body.append(&content);
        files.insert(format!("types/{}", file_name(&RustIdent::snake(family))), body.finish());
    }
    files.insert("types/mod.rs".to_owned(), index(input, &families));
    Ok(files)
}

/// Types by the leading word of their names.
pub(super) fn families(api: &Api) -> BTreeMap<String, Vec<TypeId>> {
    let mut words: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for id in api.types.by_name() {
        words.entry(leading_word(&api.types.get(id).name)).or_default().push(id);
    }
    let mut families: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for (word, ids) in words {
        let family = if ids.len() >= FAMILY && word != "mod" { word } else { SHARED.to_owned() };
        families.entry(family).or_default().extend(ids);
    }
    families
}

fn leading_word(name: &RustIdent) -> String {
    let snake = RustIdent::snake(name.as_str());
    let word = snake.as_str().split('_').next().unwrap_or_default();
    RustIdent::snake(word).source().replace("r#", "")
}

/// Types that are sent as forms.
pub(super) fn multipart_bodies(api: &Api) -> BTreeSet<TypeId> {
    let bodies = api.operations.iter().filter_map(|operation| operation.body.as_ref());
    let forms = bodies.filter(|body| body.form == BodyForm::Multipart);
    forms.filter_map(|body| api.types.resolve(&body.ty).named()).collect()
}

fn definition(file: &mut SourceFile, input: &Input<'_>, def: &TypeDef, transport: Transport) -> Result<(), Report> {
    let types = &input.api.types;
    match &def.kind {
        Kind::Struct(fields) => structure(file, types, def, fields, transport),
        Kind::Enumeration(values) => {
            file.text(&enumerations::enumeration(def, values));
            Ok(())
        }
        Kind::Union(members) => unions::union(file, types, def, members),
        Kind::Alias(target) => {
            let name = def.name.token();
            let ty = rust_type(types, target, Scope::Types);
            let docs = doc::attributes(&doc::of_type(def));
            file.items(quote! { #docs pub type #name = #ty; })
        }
        Kind::Wrapper(target) => {
            let docs = doc::attributes(&doc::of_type(def));
            let name = def.name.token();
            let ty = rust_type(types, target, Scope::Types);
            file.items(quote! {
                #docs
                #[derive(Clone, Debug, PartialEq)]
                pub struct #name(pub #ty);
            })?;
            let number = if is_numeric(types, target) { " as number" } else { "" };
            file.text(&format!("sdk_runtime::wrapper!({}{number});", def.name.source()));
            Ok(())
        }
    }
}

fn index(input: &Input<'_>, families: &BTreeMap<String, Vec<TypeId>>) -> String {
    let mut file = SourceFile::new(input.preamble, "Types of the API: every schema of the document, by its Rust name.");
    let mut text = String::new();
    for family in families.keys() {
        text.push_str(&declaration("", &RustIdent::snake(family)));
    }
    text.push('\n');
    for family in families.keys() {
        let module = RustIdent::snake(family).source();
        let _ = writeln!(text, "pub use {module}::*;");
    }
    file.text(&text);
    file.finish()
}
