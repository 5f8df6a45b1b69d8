//! Which item of the new client takes the place of which of the old one: by operation, property and value, not by name.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::contract::SchemaId;
use crate::ir::{Api, Call, Operation, Resource, Target, TypeDef};
use crate::names::RustIdent;
use crate::surface::{Item, Surface};

use super::super::Revision;
use super::super::aspect::{Aspect, Whole};
use super::super::comparison::Compared;
use super::super::finding::Key;
use super::super::former::former_paths;
use super::argument::{Part, Signature, change_of};
use super::members::{Typed, add_members};
use super::migration::Migration;
use super::value::values_of;

/// Names of items in both clients.
pub(in crate::drift) struct Renaming<'a> {
    /// Items that are one under two paths.
    pub(in crate::drift) items: &'a BTreeMap<String, String>,
    /// The items of the new client.
    surface: HashMap<String, Vec<&'a Item>>,
}

impl<'a> Renaming<'a> {
    fn new(items: &'a BTreeMap<String, String>, surface: &'a Surface) -> Self {
        Self { items, surface: items_by_path(surface) }
    }

    /// Returns the path of an item in the new client.
    pub(super) fn target(&self, path: &str) -> String {
        self.items.get(path).cloned().unwrap_or_else(|| path.to_owned())
    }

    /// Returns the signature of a member of the new client.
    pub(super) fn signature(&self, item: &str, member: &str) -> Option<&'a str> {
        let mut members = self.surface.get(item)?.iter().flat_map(|item| &item.members);
        members.find(|one| one.name == member).map(|one| one.signature.as_str())
    }
}

/// Returns what code of users has to change.
pub(in crate::drift) fn find_migration(
    base: &Revision,
    head: &Revision,
    items: &BTreeMap<String, String>,
    compared: &Compared,
) -> Migration {
    let renaming = Renaming::new(items, &head.client.surface);
    let mut migration = Migration { values: values_of(&base.client.api), ..Migration::default() };
    migration.renamed.extend(items.iter().map(|(old, new)| (old.clone(), new.clone())));
    add_types(&mut migration, (base, head), &renaming, compared);
    add_operations(&mut migration, (&base.client.api, &head.client.api), &renaming, compared);
    for (alias, now) in former_paths(&base.client.api) {
        let target = migration.renamed.get(&now).cloned().unwrap_or(now);
        migration.renamed.entry(alias).or_insert(target);
    }
    migration.renamed.retain(|old, new| old != new);
    if !migration.renamed.is_empty() {
        let known = items_by_path(&base.client.surface);
        migration.renamed.retain(|old, _| is_known(&known, old));
    }
    migration
}

fn items_by_path(surface: &Surface) -> HashMap<String, Vec<&Item>> {
    let mut by_path: HashMap<String, Vec<&Item>> = HashMap::new();
    for item in surface.sections.values().flatten() {
        by_path.entry(item.path()).or_default().push(item);
    }
    by_path
}

/// Returns whether there is an item, or a member of one, with this path.
fn is_known(items: &HashMap<String, Vec<&Item>>, path: &str) -> bool {
    let is_member = |(owner, name): (&str, &str)| {
        let owners = items.get(owner).into_iter().flatten();
        owners.flat_map(|item| &item.members).any(|member| member.name == name)
    };
    items.contains_key(path) || path.rsplit_once("::").is_some_and(is_member)
}

fn add_types(
    migration: &mut Migration,
    (base, head): (&Revision, &Revision),
    renaming: &Renaming<'_>,
    compared: &Compared,
) {
    let (old, new) = (&base.client.api.types, &head.client.api.types);
    let by_path: HashMap<String, &TypeDef> = new.0.iter().map(|def| (format!("types::{}", def.name), def)).collect();
    let properties = renamed_properties(compared);
    let none = HashMap::new();
    for def in &old.0 {
        let path = format!("types::{}", def.name);
        let target = renaming.target(&path);
        let Some(other) = by_path.get(&target) else { continue };
        let schema = base.contract.at(&def.origin.to_string());
        let properties = schema.and_then(|id| properties.get(&id)).unwrap_or(&none);
        let typed = Typed { old: (&path, def), new: (&target, other), properties };
        add_members(migration, &typed, renaming, (old, new));
    }
}

/// Returns new names of properties by the old ones, of each schema of the old document.
fn renamed_properties(compared: &Compared) -> HashMap<SchemaId, HashMap<String, String>> {
    let mut found: HashMap<SchemaId, HashMap<String, String>> = HashMap::new();
    for finding in compared.findings.iter().filter(|finding| finding.aspect == Aspect::PropertyRenamed) {
        if let [Key::OldProperty(id, old), Key::NewProperty(_, new), ..] = finding.keys.as_slice() {
            found.entry(*id).or_default().insert(old.clone(), new.clone());
        }
    }
    found
}

/// Returns new names of parameters by the old ones, of each operation by its new key.
fn renamed_parameters(compared: &Compared) -> HashMap<String, HashMap<String, String>> {
    let mut found: HashMap<String, HashMap<String, String>> = HashMap::new();
    for finding in &compared.findings {
        if let (Aspect::Whole(Whole::ParameterRenamed), [Key::Parameter(operation, new), Key::Parameter(_, old)]) =
            (finding.aspect, finding.keys.as_slice())
        {
            found.entry(operation.clone()).or_default().insert(old.clone(), new.clone());
        }
    }
    found
}

/// An operation in one of the clients, with the paths of its items.
struct Called<'a> {
    api: &'a Api,
    resource: &'a Resource,
    call: &'a Call,
    operation: &'a Operation,
    accessor: String,
    /// New names of its parameters by the old ones, where they differ.
    parameters: HashMap<String, String>,
}

impl<'a> Called<'a> {
    fn of(api: &'a Api) -> Vec<Self> {
        let of = |(resource, call): (&'a Resource, &'a Call)| {
            let operation = api.operations.get(call.operation)?;
            let accessor = match resource.name {
                Some(_) => format!("resources::{}::{}", resource.module, resource.accessor),
                None => resource.accessor.to_string(),
            };
            Some(Self { api, resource, call, operation, accessor, parameters: HashMap::new() })
        };
        api.calls().filter_map(of).collect()
    }

    fn builder(&self) -> String {
        format!("resources::{}::{}", self.resource.module, self.call.builder)
    }

    fn mock(&self) -> String {
        match &self.resource.mock {
            Some(mock) => format!("testing::mocks::{}::{}", mock.accessor, self.call.mock),
            None => format!("testing::MockServer::{}", self.call.mock),
        }
    }

    /// Returns the items of its resource, in an order that is the same for every resource.
    fn resource_paths(&self) -> Vec<String> {
        let mut paths = vec![format!("resources::{}", self.resource.module), self.accessor.clone()];
        if let (Some(name), Some(mock)) = (&self.resource.name, &self.resource.mock) {
            paths.extend([format!("Client::{name}"), format!("blocking::Client::{name}")]);
            paths.push(format!("testing::MockServer::{}", mock.method));
            paths.push(format!("testing::mocks::{}", mock.accessor));
        }
        paths
    }

    /// Returns its methods with what they take: the parts of the body one by one, then the method that takes it as a whole.
    fn methods(&self) -> Vec<(&'a RustIdent, Vec<Part>)> {
        let parts = |is_kept: &dyn Fn(&Target) -> bool| -> Vec<Part> {
            let targets = self.call.arguments.iter().map(|argument| argument.target);
            targets.filter(|target| is_kept(target)).filter_map(|target| self.part(target)).collect()
        };
        let mut methods = vec![(&self.operation.name, parts(&|_| true))];
        if let Some(name) = &self.call.with_body {
            let mut whole = parts(&|target| matches!(target, Target::Parameter(_)));
            whole.push(Part::Body);
            methods.push((name, whole));
        }
        methods
    }

    fn part(&self, target: Target) -> Option<Part> {
        match target {
            Target::Parameter(index) => {
                let name = &self.operation.parameters.get(index)?.wire.0;
                let name = self.parameters.get(name).unwrap_or(name);
                Some(Part::Parameter(name.to_ascii_lowercase()))
            }
            Target::Property(index) => {
                let body = self.operation.body.as_ref()?;
                Some(Part::Property(self.api.types.structure(&body.ty)?.fields.get(index)?.wire.0.clone()))
            }
            Target::Body => Some(Part::Body),
        }
    }
}

fn add_operations(migration: &mut Migration, (old, new): (&Api, &Api), renaming: &Renaming<'_>, compared: &Compared) {
    let (mut before, after) = (Called::of(old), Called::of(new));
    let mut parameters = renamed_parameters(compared);
    for called in &mut before {
        let key = called.operation.key();
        let key = compared.keys.get(&key).unwrap_or(&key);
        called.parameters = parameters.remove(key).unwrap_or_default();
    }
    let by_key: HashMap<String, &Called<'_>> = after.iter().map(|called| (called.operation.key(), called)).collect();
    let mut pairs = Vec::new();
    for called in &before {
        let key = called.operation.key();
        if let Some(other) = by_key.get(compared.keys.get(&key).unwrap_or(&key)) {
            pairs.push((called, *other));
        }
    }
    add_resources(migration, &pairs);
    for (one, other) in pairs {
        add_methods(migration, one, other);
        add_arguments(migration, (one, other), renaming);
    }
}

/// Adds resources all of whose operations went to one other resource.
fn add_resources(migration: &mut Migration, pairs: &[(&Called<'_>, &Called<'_>)]) {
    let mut targets: BTreeMap<Vec<String>, HashSet<Vec<String>>> = BTreeMap::new();
    for (one, other) in pairs.iter().filter(|(one, other)| one.resource.name.is_some() && other.resource.name.is_some())
    {
        targets.entry(one.resource_paths()).or_default().insert(other.resource_paths());
    }
    for (old, new) in targets {
        let mut new = new.into_iter();
        if let (Some(new), None) = (new.next(), new.next()) {
            migration.renamed.extend(old.into_iter().zip(new).filter(|(old, new)| old != new));
        }
    }
}

fn add_methods(migration: &mut Migration, one: &Called<'_>, other: &Called<'_>) {
    let accessor = migration.renamed.get(&one.accessor).cloned().unwrap_or_else(|| one.accessor.clone());
    let moved = accessor != other.accessor;
    let mut add = |old: String, new: String| {
        if old != new {
            migration.renamed.insert(old, new);
        }
    };
    let of = |called: &Called<'_>| {
        [Some(called.operation.name.clone()), called.call.with_body.clone(), called.operation.attach().cloned()]
    };
    for (old, new) in of(one).into_iter().zip(of(other)) {
        if let (Some(old), Some(new)) = (old, new)
            && (moved || old != new)
        {
            add(format!("{}::{old}", one.accessor), format!("{}::{new}", other.accessor));
            if one.resource.name.is_none() {
                let place = if other.resource.name.is_none() { "blocking::" } else { "" };
                add(format!("blocking::{}::{old}", one.accessor), format!("{place}{}::{new}", other.accessor));
            }
        }
    }
    if moved || one.call.mock != other.call.mock {
        add(one.mock(), other.mock());
    }
    for setter in &one.call.setters {
        let part = one.part(setter.target);
        let same = other.call.setters.iter().find(|other_setter| other.part(other_setter.target) == part);
        if let Some(same) = same.filter(|same| same.name != setter.name) {
            add(format!("{}::{}", one.builder(), setter.name), format!("{}::{}", other.builder(), same.name));
        }
    }
}

fn add_arguments(migration: &mut Migration, (one, other): (&Called<'_>, &Called<'_>), renaming: &Renaming<'_>) {
    let methods = (one.methods(), other.methods());
    for ((name, parts), (new_name, new_parts)) in methods.0.into_iter().zip(methods.1) {
        let setters = other.call.setters.iter();
        let new = Signature {
            parts: new_parts,
            text: renaming.signature(&other.accessor, new_name.as_str()),
            setters: setters.filter_map(|setter| Some((other.part(setter.target)?, setter.name.source()))).collect(),
        };
        let Some(change) = change_of(&parts, &new) else { continue };
        if one.resource.name.is_none() {
            migration.calls.insert(format!("blocking::{}::{name}", one.accessor), change.clone());
        }
        migration.calls.insert(format!("{}::{name}", one.accessor), change);
    }
}
