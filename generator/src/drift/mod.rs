//! Drift: what an upstream change means. Compares two revisions of an API and reports each difference once, with what it means on
//! the wire and in Rust.
//!
//! Data in, data out: it compares contracts and surfaces, never texts, and must not know where documents come from.

mod aspect;
mod attribution;
mod comparison;
mod divergence;
mod finding;
mod former;
mod level;
mod local;
mod matching;
mod message;
mod mirror;
mod moves;
mod operations;
mod pairs;
mod parameters;
mod reliance;
mod remedy;
mod renaming;
mod render;
mod report;
mod rust;
mod summary;
mod webhooks;

use std::collections::{BTreeMap, HashMap};

use crate::contract::{Contract, SchemaId};
use crate::ir::Api;
use crate::names::{Lock, RustIdent};
use crate::parallel::run_both;
use crate::surface::Surface;

pub use level::{Direction, RustLevel, Wire};
pub use mirror::{Mirror, mirrors};
pub use remedy::{CallChange, Migration, NewArgument, Values};
pub use renaming::KeptName;
pub use render::{Color, TextStyle, render_github, render_markdown, render_sarif, render_text};
pub use report::{Accepted, Change, Drift, Pointers, RustItem, SCHEMA_VERSION, Side, Summary};

use comparison::{Compared, compare_contracts};
use former::former_paths;
use local::Context;
use remedy::{add_remedies, find_migration};
use rust::{Age, Items, Origins, Surroundings, compare_surfaces, type_names};

/// One revision of an API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Revision {
    /// Digest of its document.
    pub sha256: String,
    /// What its document says.
    pub contract: Contract,
    /// Its client.
    pub client: Client,
    /// Headers that its client sends with every request, and whether it has a value for them.
    pub headers: BTreeMap<String, bool>,
    /// Schemas that the profile makes one type with others, and that are not like them: their JSON pointers.
    pub divergent: Vec<String>,
}

/// The client of a revision, without its source.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Client {
    /// The model.
    pub api: Api,
    /// The surface.
    pub surface: Surface,
    /// The names.
    pub names: Lock,
    /// The servers, credentials and limits that it is compiled with, as source.
    pub configuration: String,
    /// `METHOD /path` to the name of the operation that the document suggests, where the names have another one.
    pub suggested: BTreeMap<String, String>,
}

impl Revision {
    /// Returns a revision.
    pub(crate) fn new(sha256: String, contract: Contract, client: Client, headers: BTreeMap<String, bool>) -> Self {
        Self { sha256, contract, client, headers, divergent: Vec::new() }
    }

    /// Notes schemas that the profile makes one type with others, and that are not like them.
    pub(crate) fn with_divergent(self, divergent: Vec<String>) -> Self {
        Self { divergent, ..self }
    }
}

/// Compares two revisions. `names` are those that the new client was given. A schema or an operation that is the same under another
/// name keeps its name in Rust: `rebuild` makes the new client again, with these names in its lock.
pub fn compare(
    base: &Revision,
    head: &mut Revision,
    names: Lock,
    rebuild: impl FnOnce(&Lock) -> Option<Client>,
) -> Drift {
    let compared = {
        let old = local::Side::new(&base.contract, &base.client.api);
        let new = local::Side::new(&head.contract, &head.client.api);
        compare_contracts(&Context::new(old, new), base.headers.clone())
    };
    let kept = kept_names(names.clone(), base, head, &compared);
    if kept == names {
        // What it needs is not needed any more.
        drop(rebuild);
    } else if let Some(client) = rebuild(&kept) {
        head.client = client;
    }
    let head = &*head;
    let renamed = renamed_items(base, head, &compared);
    let find_items = || {
        let items = Items::of(&base.client.surface, &head.client.surface, &renamed);
        let unchanged = items.unchanged();
        let old = Origins::new((&base.client.api, &base.contract), Age::Old, &compared.keys, &unchanged);
        let new = Origins::new((&head.client.api, &head.contract), Age::New, &HashMap::new(), &unchanged);
        compare_surfaces(&items, &unchanged, &Surroundings { old: &old, new: &new, renamed: &renamed })
    };
    let (migration, items) = run_both(|| find_migration(base, head, &renamed, &compared), find_items);
    let mut drift = summary::summarize(base, head, compared, items);
    add_remedies(&mut drift, migration);
    drift
}

/// Returns the names of the old client, for the new one: those of parts that are the same under another name go with them.
fn kept_names(mut names: Lock, base: &Revision, head: &Revision, compared: &Compared) -> Lock {
    let mut stems = Vec::new();
    for (old, new) in compared.keys.iter().filter(|(old, new)| old != new) {
        if let Some(name) = names.operations.get(old) {
            stems.push(RustIdent::pascal(&name.replace('.', " ")).to_string());
            names.move_operation(old, new);
        }
    }
    let identities = identities(base, head, &compared.pairs);
    for (old, new) in &identities {
        // Inline schemas of an operation that gets its old name back are called after that again.
        if !stems.iter().any(|stem| old.starts_with(stem.as_str())) {
            // What took a name over on purpose has it.
            names.move_type(old, new);
        } else if let Some(name) = names.types.get(old).cloned() {
            names.types.entry(new.clone()).or_insert(name);
        }
    }
    keep_variants(&mut names, &base.client.api, &identities);
    names
}

/// Keeps the names of variants that are called after a schema with another name now.
fn keep_variants(names: &mut Lock, api: &Api, identities: &[(String, String)]) {
    for def in &api.types.0 {
        let crate::ir::Kind::Union(union) = &def.kind else { continue };
        let renamed = identities.iter().find(|(old, _)| *old == def.identity);
        let owner = renamed.map_or(&def.identity, |(_, new)| new);
        for variant in &union.variants {
            let Some(payload) = variant.ty.named().map(|id| &api.types.get(id).identity) else { continue };
            if let Some((_, new)) = identities.iter().find(|(old, _)| old == payload) {
                let variants = names.variants.entry(owner.clone()).or_default();
                variants.entry(new.clone()).or_insert_with(|| variant.name.to_string());
            }
        }
    }
}

/// Returns types that are one, under an identity that is gone and one that is new.
fn identities(base: &Revision, head: &Revision, pairs: &[(SchemaId, SchemaId)]) -> Vec<(String, String)> {
    let by_schema = |revision: &Revision| -> HashMap<SchemaId, String> {
        let types = &revision.client.api.types;
        let defs = types.ids().map(|id| types.get(id));
        let placed =
            |def: &crate::ir::TypeDef| Some((revision.contract.at(&def.origin.to_string())?, def.identity.clone()));
        defs.filter_map(placed).collect()
    };
    let (old, new) = (by_schema(base), by_schema(head));
    let used: std::collections::HashSet<&String> = new.values().collect();
    let known: std::collections::HashSet<&String> = old.values().collect();
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (one, other) in pairs {
        if let (Some(from), Some(to)) = (old.get(one), new.get(other))
            && from != to
            && !used.contains(from)
            && !known.contains(to)
        {
            let targets = found.entry(from.clone()).or_default();
            if !targets.contains(to) {
                targets.push(to.clone());
            }
        }
    }
    let single = found.into_iter().filter_map(|(from, mut to)| Some((from, to.pop().filter(|_| to.is_empty())?)));
    let single: Vec<(String, String)> = single.collect();
    let count = |name: &String| single.iter().filter(|(_, to)| to == name).count();
    single.iter().filter(|(_, to)| count(to) == 1).cloned().collect()
}

/// Returns items that are one under two paths: types of schemas that belong together, builders of operations that do.
fn renamed_items(base: &Revision, head: &Revision, compared: &Compared) -> BTreeMap<String, String> {
    let old = type_names(&base.client.api, &base.contract);
    let new = type_names(&head.client.api, &head.contract);
    let paths = |surface: &Surface| -> std::collections::HashSet<String> {
        surface.sections.values().flatten().map(crate::surface::Item::path).collect()
    };
    let (before, mut after) = (paths(&base.client.surface), paths(&head.client.surface));
    // What an alias stands for has another name now.
    for (alias, _) in former_paths(&head.client.api) {
        after.remove(&alias);
    }
    let mut renamed = BTreeMap::new();
    let mut targets = std::collections::HashSet::new();
    let mut add = |from: String, to: String| {
        if from != to && !after.contains(&from) && !before.contains(&to) && targets.insert(to.clone()) {
            renamed.entry(from).or_insert(to);
        }
    };
    for (one, other) in &compared.pairs {
        if let (Some(from), Some(to)) = (old.get(one), new.get(other)) {
            add(format!("types::{from}"), format!("types::{to}"));
        }
    }
    let builders = |revision: &Revision| -> HashMap<String, [Option<String>; 3]> {
        let path = |(resource, call): (&crate::ir::Resource, &crate::ir::Call)| {
            let operation = revision.client.api.operations.get(call.operation)?;
            let names = [Some(&call.builder), call.response.as_ref(), call.error_body.as_ref()];
            let path = |name: &RustIdent| format!("resources::{}::{name}", resource.module);
            Some((operation.key(), names.map(|name| name.map(path))))
        };
        revision.client.api.calls().filter_map(path).collect()
    };
    let (from, to) = (builders(base), builders(head));
    let mut keys: Vec<&String> = from.keys().collect();
    keys.sort();
    for key in keys {
        let target = compared.keys.get(key).unwrap_or(key);
        if let (Some(from), Some(to)) = (from.get(key), to.get(target)) {
            for (from, to) in from.iter().zip(to).filter_map(|(from, to)| from.as_ref().zip(to.as_ref())) {
                add(from.clone(), to.clone());
            }
        }
    }
    renamed
}
