//! All types, in one file per leading word of their names.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::sync::Arc;

use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Api, BodyForm, EVERY_TYPE, Kind, TypeDef, TypeId};
use crate::names::RustIdent;

use super::Input;
use super::doc;
use super::features::gate_line;
use super::former;
use super::module_files::{declaration, file_name};
use super::rust_type::{Scope, render_type};
use super::source::SourceFile;
use super::structs::{Transport, structure};
use super::tasks::Task;
use super::{enumerations, unions};

/// Types with a leading word in common before they get a file of their own.
const FAMILY: usize = 6;
/// Where types without a family go.
const SHARED: &str = "shared";

/// The types of one file.
struct Group {
    module: RustIdent,
    /// What the documentation of the file says first.
    title: String,
    /// The features that bring the file, each by itself; if there are none, it is always there.
    features: BTreeSet<String>,
    ids: Vec<TypeId>,
}

impl Group {
    fn gate(&self) -> impl Iterator<Item = &str> {
        self.features.iter().map(String::as_str)
    }
}

/// The files of all types.
pub(super) fn type_tasks<'a>(input: &'a Input<'a>) -> Vec<Task<'a>> {
    let groups = groups(input.api);
    let index = index(input, &groups);
    let multipart = Arc::new(multipart_bodies(input.api));
    let file = |group: Group| {
        let path = format!("types/{}", file_name(&group.module));
        let multipart = Arc::clone(&multipart);
        Task::new(path, move || render_group(input, &group, &multipart))
    };
    let mut tasks: Vec<Task<'a>> = groups.into_iter().map(file).collect();
    tasks.push(Task::new("types/mod.rs", move || Ok(index.clone())));
    tasks
}

fn render_group(input: &Input<'_>, group: &Group, multipart: &BTreeSet<TypeId>) -> Result<String, Report> {
    let types = &input.api.types;
    let ids = &group.ids;
    let mut body = SourceFile::new(input.preamble, &group.title);
    let mut content = SourceFile::new(input.preamble, "");
    for id in ids {
        let transport = if multipart.contains(id) { Transport::Multipart } else { Transport::Json };
        definition(&mut content, input, types.get(*id), transport)?;
        former::of_type(&mut content, input, *id, transport)?;
    }
    let local: BTreeSet<&str> = ids.iter().map(|id| types.get(*id).name.as_str()).collect();
    let all = types.ids().map(|id| types.get(id).name.as_str());
    let others = all.filter(|name| content.refers_to(name) && !local.contains(name)).map(str::to_owned);
    body.import(&content, &[("super", others.collect())])?;
    body.append(&content);
    Ok(body.finish())
}

/// What the documentation of a family says first.
fn family_title(name: &str) -> String {
    if name == SHARED {
        "Types of the API whose names start with no common word.".to_owned()
    } else {
        format!("Types of the API whose names start with `{}`.", RustIdent::pascal(name))
    }
}

/// Returns the files of types: one per leading word for those that are always there, one per set of features for the others.
fn groups(api: &Api) -> Vec<Group> {
    let (lasting, optional): (Vec<TypeId>, Vec<TypeId>) =
        api.types.by_name().into_iter().partition(|id| api.types.get(*id).features.is_empty());
    let of_family = |(name, ids): (String, Vec<TypeId>)| Group {
        module: RustIdent::snake(&name),
        title: family_title(&name),
        features: BTreeSet::new(),
        ids,
    };
    let mut by_features: BTreeMap<&BTreeSet<String>, Vec<TypeId>> = BTreeMap::new();
    for id in optional {
        by_features.entry(&api.types.get(id).features).or_default().push(id);
    }
    let with_features = |(features, ids): (&BTreeSet<String>, Vec<TypeId>)| {
        let uses: Vec<&str> = features.iter().map(String::as_str).filter(|feature| *feature != EVERY_TYPE).collect();
        let (module, title) = match uses.as_slice() {
            [] => ("of_nothing".to_owned(), "Types of the API that no call and no event uses.".to_owned()),
            [only] => (format!("of_{only}"), format!("Types of the API that only `{only}` uses.")),
            several => (
                format!("of_{}", several.join("_")),
                format!("Types of the API that only `{}` use.", several.join("`, `")),
            ),
        };
        Group { module: RustIdent::snake(&module), title, features: features.clone(), ids }
    };
    let mut groups: Vec<Group> = families(api, lasting).into_iter().map(of_family).collect();
    groups.extend(by_features.into_iter().map(with_features));
    groups.sort_by(|one, other| one.module.cmp(&other.module));
    groups
}

/// Returns types by the leading word of their names.
pub(crate) fn families(api: &Api, ids: Vec<TypeId>) -> BTreeMap<String, Vec<TypeId>> {
    let mut words: BTreeMap<String, Vec<TypeId>> = BTreeMap::new();
    for id in ids {
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
            let ty = render_type(types, target, Scope::Types);
            let docs = doc::attributes(&doc::of_type(def));
            file.items(quote! { #docs pub type #name = #ty; })
        }
        Kind::Wrapper(target) => {
            let docs = doc::attributes(&doc::of_type(def));
            let name = def.name.token();
            let ty = render_type(types, target, Scope::Types);
            file.items(quote! {
                #docs
                #[derive(Clone, Debug, PartialEq)]
                pub struct #name(pub #ty);
            })?;
            file.text(&format!("sdk_runtime::codegen::wrapper!({});", def.name.source()));
            Ok(())
        }
    }
}

fn index(input: &Input<'_>, groups: &[Group]) -> String {
    let mut file = SourceFile::new(input.preamble, "Types of the API, one per schema.");
    let mut text = String::new();
    for group in groups {
        text.push_str(&gate_line(group.gate()));
        text.push_str(&declaration("", &group.module));
    }
    text.push('\n');
    for group in groups {
        let _ = writeln!(text, "{}pub use {}::*;", gate_line(group.gate()), group.module.source());
    }
    file.text(&text);
    file.finish()
}
