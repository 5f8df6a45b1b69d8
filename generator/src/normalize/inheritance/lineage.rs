//! Determines which component inherits from which: through a reference in the `allOf` of a component. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::normalize::{ANNOTATIONS, components};
use crate::pointer::Pointer;

/// Number of consecutive references after which a cycle is assumed.
const MAX_REFERENCES: usize = 64;

/// The inheritance relations between the components of a document.
pub(super) struct Lineage<'a> {
    pub schemas: &'a Map<String, Value>,
    /// Positions of the components in the document.
    order: BTreeMap<&'a str, usize>,
    children: BTreeMap<&'a str, Vec<&'a str>>,
    /// Components that are only an alias of another one.
    aliases: BTreeMap<&'a str, &'a str>,
}

impl<'a> Lineage<'a> {
    pub(crate) fn new(schemas: &'a Map<String, Value>) -> Self {
        let order = schemas.keys().enumerate().map(|(index, name)| (name.as_str(), index)).collect();
        let mut lineage = Self { schemas, order, children: BTreeMap::new(), aliases: BTreeMap::new() };
        let alias = |(name, schema)| Some((String::as_str(name), lineage.alias(name, schema)?));
        lineage.aliases = schemas.iter().filter_map(alias).collect();
        for (name, schema) in schemas.iter().filter(|(name, _)| !lineage.aliases.contains_key(name.as_str())) {
            let mut parents = Vec::new();
            visit_parents(schema, &mut |reference| {
                parents.extend(component(reference).and_then(|name| lineage.named(&name)))
            });
            for parent in parents.into_iter().filter(|parent| *parent != name) {
                let children = lineage.children.entry(parent).or_default();
                if !children.contains(&name.as_str()) {
                    children.push(name);
                }
            }
        }
        lineage
    }

    /// Returns the component that a component is only an alias of.
    fn alias(&self, name: &str, schema: &'a Value) -> Option<&'a str> {
        if let Some(reference) = reference_of(schema) {
            return self.key(&component(reference)?);
        }
        let target = self.key(&component(wrapped(schema)?)?)?;
        // Even without properties of its own it can be one of the kinds, if it is identified by name.
        let mapping = tag(self.schemas.get(target)?).map(|_| self.mapping(target));
        let is_kind =
            mapping.is_some_and(|mapping| mapping.is_empty() || mapping.iter().any(|(_, kind)| *kind == name));
        if is_kind && !allows_null(schema) { None } else { Some(target) }
    }

    /// Returns the key of a component, borrowed from the document.
    pub(crate) fn key(&self, name: &str) -> Option<&'a str> {
        self.schemas.get_key_value(name).map(|(name, _)| name.as_str())
    }

    /// Resolves a name to a component, through aliases.
    pub(crate) fn named(&self, name: &str) -> Option<&'a str> {
        let mut name = self.key(name)?;
        for _ in 0..MAX_REFERENCES {
            match self.aliases.get(name) {
                Some(target) => name = target,
                None => return Some(name),
            }
        }
        None
    }

    /// Returns whether a component is only an alias.
    pub(crate) fn is_alias(&self, name: &str) -> bool {
        self.aliases.contains_key(name)
    }

    /// Returns components in the order of the document, without duplicates.
    pub(crate) fn in_order(&self, names: impl Iterator<Item = &'a str>) -> Vec<&'a str> {
        let mut names: Vec<&str> = names.collect();
        names.sort_by_key(|name| self.order.get(name));
        names.dedup();
        names
    }

    /// Returns everything that inherits from a component, without the component itself, in the order of the document.
    pub(crate) fn descendants(&self, name: &str) -> Vec<&'a str> {
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

    /// Returns the discriminator mapping of a component: tag values and components.
    pub(crate) fn mapping(&self, name: &str) -> Vec<(&'a str, &'a str)> {
        let discriminator = self.schemas.get(name).and_then(|schema| schema.get("discriminator"));
        let mapping = discriminator.and_then(|discriminator| discriminator.get("mapping")).and_then(Value::as_object);
        let pairs = mapping.into_iter().flatten();
        pairs
            .filter_map(|(value, target)| {
                let target = target.as_str()?;
                // A mapping may contain the name of a component instead of a reference.
                let target = self.key(target).or_else(|| self.key(&component(target)?))?;
                Some((value.as_str(), target))
            })
            .collect()
    }

    /// Returns the schema of a property of a component, own or inherited.
    pub(crate) fn property(&self, name: &str, property: &str) -> Option<&'a Value> {
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

    /// Returns the schema of a property that a component declares itself.
    pub(crate) fn own_property(&self, name: &str, property: &str) -> Option<&'a Value> {
        own_property(self.schemas.get(name)?, property)
    }

    /// Follows the references of a schema to the end.
    pub(crate) fn followed(&self, schema: &'a Value) -> &'a Value {
        let mut schema = schema;
        for _ in 0..MAX_REFERENCES {
            let Some(reference) = reference_of(schema).or_else(|| wrapped(schema)) else { break };
            match component(reference).and_then(|name| self.schemas.get(&name)) {
                Some(target) => schema = target,
                None => break,
            }
        }
        schema
    }
}

/// Returns the component that a reference points to, unless it points into one.
pub(super) fn component(reference: &str) -> Option<String> {
    let pointer = Pointer::from_reference(reference)?;
    match components::component(&pointer)? {
        (name, []) => Some(name.to_owned()),
        (_, [..]) => None,
    }
}

/// Returns the `$ref` of a schema.
pub(super) fn reference_of(schema: &Value) -> Option<&str> {
    schema.get("$ref").and_then(Value::as_str)
}

/// Returns the reference of a schema that consists of an `allOf` with one reference and annotations.
pub(super) fn wrapped(schema: &Value) -> Option<&str> {
    let map = schema.as_object()?;
    let is_neutral = |key: &String| key == "allOf" || key.starts_with("x-") || ANNOTATIONS.contains(&key.as_str());
    match map.get("allOf").and_then(Value::as_array).map(Vec::as_slice) {
        Some([only]) if map.keys().all(is_neutral) => reference_of(only),
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

/// Calls `visit` for each reference of a schema's `allOf`, including those of inline members.
fn visit_parents<'a>(schema: &'a Value, visit: &mut dyn FnMut(&'a str)) {
    for member in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        match reference_of(member) {
            Some(reference) => visit(reference),
            None => visit_parents(member, visit),
        }
    }
}

/// Returns the discriminator property of an object.
pub(super) fn tag(schema: &Value) -> Option<&str> {
    schema.get("discriminator")?.get("propertyName")?.as_str()
}

/// Returns whether a schema itself allows `null`.
pub(super) fn allows_null(schema: &Value) -> bool {
    let among = |types: &Value| types.as_array().is_some_and(|types| types.iter().any(|name| name == "null"));
    schema.get("nullable") == Some(&Value::Bool(true)) || schema.get("type").is_some_and(among)
}
