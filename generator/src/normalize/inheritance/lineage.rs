//! Which component inherits from which: `allOf` with a reference at the top of a component. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::normalize::{ANNOTATIONS, components};
use crate::pointer::Pointer;

/// References in a row before a cycle is assumed.
const LIMIT: usize = 64;

/// The components of a document as families.
pub(super) struct Lineage<'a> {
    pub schemas: &'a Map<String, Value>,
    /// Places of the components in the document.
    order: BTreeMap<&'a str, usize>,
    children: BTreeMap<&'a str, Vec<&'a str>>,
    /// Components that are another name for a component.
    aliases: BTreeMap<&'a str, &'a str>,
}

impl<'a> Lineage<'a> {
    pub fn new(schemas: &'a Map<String, Value>) -> Self {
        let order = schemas.keys().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        let mut lineage = Self { schemas, order, children: BTreeMap::new(), aliases: BTreeMap::new() };
        let alias = |(name, schema)| Some((String::as_str(name), lineage.alias(name, schema)?));
        lineage.aliases = schemas.iter().filter_map(alias).collect();
        for (name, schema) in schemas.iter().filter(|(name, _)| !lineage.aliases.contains_key(name.as_str())) {
            let mut parents = Vec::new();
            parts(schema, &mut |reference| parents.extend(component(reference).and_then(|name| lineage.named(&name))));
            for parent in parents.into_iter().filter(|parent| *parent != name) {
                let children = lineage.children.entry(parent).or_default();
                if !children.contains(&name.as_str()) {
                    children.push(name);
                }
            }
        }
        lineage
    }

    /// The component that a component is only another name for.
    fn alias(&self, name: &str, schema: &'a Value) -> Option<&'a str> {
        if let Some(reference) = reference_of(schema) {
            return self.key(&component(reference)?);
        }
        let target = self.key(&component(wrapped(schema)?)?)?;
        // Without properties of its own it can still be one of the kinds, when it is told apart by name.
        let told = tag(self.schemas.get(target)?).map(|_| self.mapping(target));
        let is_kind = told.is_some_and(|mapping| mapping.is_empty() || mapping.iter().any(|(_, kind)| *kind == name));
        if is_kind && !allows_null(schema) { None } else { Some(target) }
    }

    /// A name as the document holds it.
    pub fn key(&self, name: &str) -> Option<&'a str> {
        self.schemas.get_key_value(name).map(|(name, _)| name.as_str())
    }

    /// The component that a name stands for, through other names of it.
    pub fn named(&self, name: &str) -> Option<&'a str> {
        let mut name = self.key(name)?;
        for _ in 0..LIMIT {
            match self.aliases.get(name) {
                Some(target) => name = target,
                None => return Some(name),
            }
        }
        None
    }

    /// Whether a component is only another name for a component.
    pub fn is_alias(&self, name: &str) -> bool {
        self.aliases.contains_key(name)
    }

    /// Components, each once, in the order of the document.
    pub fn in_order(&self, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut names: Vec<&str> = names.collect();
        names.sort_by_key(|name| self.order.get(name));
        names.dedup();
        names
    }

    /// Whether nothing inherits from a component.
    pub fn is_leaf(&self, name: &str) -> bool {
        !self.children.contains_key(name)
    }

    /// Everything that inherits from a component, itself left out, in the order of the document.
    pub fn descendants(&self, name: &str) -> Vec<&'a str> {
        let mut found = BTreeSet::new();
        let mut open: Vec<&str> = vec![name];
        while let Some(parent) = open.pop() {
            for child in self.children.get(parent).into_iter().flatten() {
                if *child != name && found.insert(*child) {
                    open.push(child);
                }
            }
        }
        self.in_order(found.into_iter())
    }

    /// What the discriminator of a component says: texts and the components they mean.
    pub fn mapping(&self, name: &str) -> Vec<(&'a str, &'a str)> {
        let discriminator = self.schemas.get(name).and_then(|schema| schema.get("discriminator"));
        let mapping = discriminator.and_then(|discriminator| discriminator.get("mapping")).and_then(Value::as_object);
        let pairs = mapping.into_iter().flatten();
        pairs
            .filter_map(|(text, target)| {
                let target = target.as_str()?;
                // A mapping may name the component without a reference.
                let target = self.key(target).or_else(|| self.key(&component(target)?))?;
                Some((text.as_str(), target))
            })
            .collect()
    }

    /// The schema of a property of a component, its own or inherited.
    pub fn property(&self, name: &str, property: &str) -> Option<&'a Value> {
        self.property_of(self.schemas.get(name)?, property, &mut BTreeSet::new())
    }

    fn property_of(&self, schema: &'a Value, property: &str, seen: &mut BTreeSet<String>) -> Option<&'a Value> {
        if let Some(own) = schema.get("properties").and_then(|properties| properties.get(property)) {
            return Some(own);
        }
        if let Some(name) = reference_of(schema).and_then(component) {
            let target = self.schemas.get(&name)?;
            return if seen.insert(name) { self.property_of(target, property, seen) } else { None };
        }
        // Later members win, as in a merge.
        let mut members = schema.get("allOf").and_then(Value::as_array)?.iter().rev();
        members.find_map(|member| self.property_of(member, property, seen))
    }

    /// The schema of a property that a component describes itself, without what it inherits.
    pub fn own_property(&self, name: &str, property: &str) -> Option<&'a Value> {
        own_property(self.schemas.get(name)?, property)
    }

    /// What a property schema is in the end, behind references.
    pub fn followed(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..LIMIT {
            let Some(reference) = reference_of(schema).or_else(|| wrapped(schema)) else { break };
            match component(reference).and_then(|name| self.schemas.get(&name)) {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }
}

/// The component a reference leads to, when it leads to a component and not into one.
pub(super) fn component(reference: &str) -> Option<String> {
    let pointer = Pointer::from_reference(reference)?;
    match components::component(&pointer)? {
        (name, []) => Some(name.to_owned()),
        (_, [..]) => None,
    }
}

/// The reference a schema makes.
pub(super) fn reference_of(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str)
}

/// The reference of a schema that is `allOf` of one reference and says nothing more about values.
pub(super) fn wrapped(schema: &Value) -> Option<&str> {
    let map = schema.as_object()?;
    let silent = |key: &String| key == "allOf" || key.starts_with("x-") || ANNOTATIONS.contains(&key.as_str());
    match map.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) if map.keys().all(silent) => reference_of(only),
        _ => None,
    }
}

fn own_property<'a>(schema: &'a Value, property: &str) -> Option<&'a Value> {
    let own = schema.get("properties").and_then(|properties| properties.get(property));
    let inline = || {
        schema.get("allOf").and_then(Value::as_array)?.iter().rev().find_map(|member| own_property(member, property))
    };
    own.or_else(inline)
}

/// Calls `visit` for each reference of a schema's `allOf`, those within inline members included.
fn parts<'a>(schema: &'a Value, visit: &mut dyn FnMut(&'a str)) {
    for member in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        match reference_of(member) {
            Some(reference) => visit(reference),
            None => parts(member, visit),
        }
    }
}

/// The property that tells the kinds of an object apart.
pub(super) fn tag(schema: &Value) -> Option<&str> {
    schema.get("discriminator")?.get("propertyName")?.as_str()
}

/// Whether a schema allows `null` itself.
pub(super) fn allows_null(schema: &Value) -> bool {
    let among = |types: &Value| types.as_array().is_some_and(|types| types.iter().any(|name| name == "null"));
    schema.get("nullable") == Some(&Value::Bool(true)) || schema.get("type").is_some_and(among)
}
