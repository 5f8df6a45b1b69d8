//! Finds polymorphic objects, the components that are their subtypes ("kinds"), and the tag value of each. Changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::names::RustIdent;
use crate::normalize::components;

use super::lineage::{Lineage, allows_null, component, reference_of, tag};

/// Keywords that describe the union as well as the base object.
const DESCRIPTIONS: &[&str] = &["title", "description", "deprecated", "externalDocs", "readOnly", "writeOnly"];

/// Maximum number of pairs of base and subtype, in all families together. The largest APIs have a few thousand; a document with
/// more is considered malicious and left unchanged.
const MAX_PAIRS: usize = 100_000;

/// A polymorphic object with its subtypes.
pub(super) struct Family<'a> {
    /// Name of the component.
    pub base: &'a str,
    /// Name of the component for the base object.
    pub object: String,
    /// The property that distinguishes the kinds, if there is one.
    tag: Option<&'a str>,
    /// The values that the property allows, if the document lists them.
    allowed: Vec<&'a str>,
    /// The tag values that the document maps to components.
    mapping: BTreeMap<&'a str, Vec<&'a str>>,
    /// All components that inherit from it, in the order of the document.
    descendants: Vec<&'a str>,
    /// The keyword and the list of kinds, if the document lists them itself.
    listed: Option<(&'static str, &'a [Value])>,
}

/// A kind of a family: its component and its tag values.
struct Kind<'a> {
    component: &'a str,
    tag_values: Vec<String>,
}

/// All families of a document.
pub(super) struct Families<'a> {
    lineage: &'a Lineage<'a>,
    all: BTreeMap<&'a str, Family<'a>>,
    /// Bases of the families that a component belongs to.
    around: BTreeMap<&'a str, Vec<&'a str>>,
    /// Components that are kinds, by the property that distinguishes them.
    kinds: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Families<'a> {
    pub(crate) fn new(lineage: &'a Lineage<'a>) -> Self {
        // Components whose names differ only in case would claim the same name in Rust.
        let mut taken: BTreeSet<RustIdent> = lineage.schemas.keys().map(|name| RustIdent::pascal(name)).collect();
        let mut families = Self { lineage, all: BTreeMap::new(), around: BTreeMap::new(), kinds: BTreeSet::new() };
        let mut pairs = 0;
        for (name, schema) in lineage.schemas {
            let Some(mut family) = find_family(lineage, name, schema) else { continue };
            pairs += family.descendants.len();
            if pairs > MAX_PAIRS {
                return Self { all: BTreeMap::new(), ..families };
            }
            let stem = format!("{name}Base");
            let numbered = (2..).map(|number| format!("{stem}{number}"));
            let free = std::iter::once(stem.clone()).chain(numbered).find(|name| taken.insert(RustIdent::pascal(name)));
            family.object = free.unwrap_or(stem);
            for descendant in &family.descendants {
                families.around.entry(descendant).or_default().push(name);
            }
            families.all.insert(name, family);
        }
        families.kinds = families.find_kinds();
        families
    }

    /// Returns all families, ordered by the name of their base.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Family<'a>> {
        self.all.values()
    }

    /// Returns the family of a base.
    pub(crate) fn get(&self, base: &str) -> Option<&Family<'a>> {
        self.all.get(base)
    }

    /// Finds the kinds of all families. What a mapping does not name is a kind by its own name, whether or not others inherit
    /// from it.
    fn find_kinds(&self) -> BTreeSet<(&'a str, &'a str)> {
        let mut kinds = BTreeSet::new();
        for (name, bases) in &self.around {
            let families = bases.iter().filter_map(|base| self.all.get(base));
            kinds.extend(families.filter_map(|family| Some((family.tag?, *name))));
        }
        kinds
    }

    /// Builds the union of the kinds of a family.
    pub(crate) fn union(&self, family: &Family<'a>) -> Value {
        let mut union = Map::new();
        let base = self.lineage.schemas.get(family.base);
        for (key, value) in base.and_then(Value::as_object).into_iter().flatten() {
            if DESCRIPTIONS.contains(&key.as_str()) || key.starts_with("x-") {
                union.insert(key.clone(), value.clone());
            }
        }
        if base.is_some_and(allows_null) {
            union.insert("nullable".to_owned(), json!(true));
        }
        let kinds = self.kinds(family);
        let (keyword, members) = match family.listed {
            Some((keyword, members)) => {
                (keyword, members.iter().map(|member| self.listed_member(family, member)).collect())
            }
            None => ("oneOf", kinds.iter().map(|kind| reference(self.stands_for(family, kind.component))).collect()),
        };
        union.insert(keyword.to_owned(), Value::Array(members));
        if let Some(tag) = family.tag {
            let mut mapping = Map::new();
            for kind in &kinds {
                for value in &kind.tag_values {
                    mapping.entry(value.clone()).or_insert_with(|| {
                        json!(components::place(self.stands_for(family, kind.component)).reference())
                    });
                }
            }
            union.insert("discriminator".to_owned(), json!({"propertyName": tag, "mapping": mapping}));
        }
        Value::Object(union)
    }

    /// Converts a member that the document lists. Adds the properties of the base object to members that do not inherit them.
    fn listed_member(&self, family: &Family<'a>, member: &Value) -> Value {
        let name = reference_of(member).and_then(component);
        match name.and_then(|name| self.lineage.named(&name)) {
            Some(name) if name == family.base => reference(&family.object),
            Some(name) if self.is_in(family, name) => member.clone(),
            None if member.get("properties").is_none() => member.clone(),
            Some(_) | None => json!({"allOf": [reference(&family.object), member]}),
        }
    }

    /// Returns the component that represents a kind in the union: its base object, if the kind is a family with the same tag.
    fn stands_for<'b>(&'b self, family: &Family<'a>, kind: &'b str) -> &'b str {
        match self.all.get(kind) {
            Some(other) if kind == family.base || (family.listed.is_none() && other.tag == family.tag) => &other.object,
            Some(_) | None => kind,
        }
    }

    /// Returns the kinds of a family, in the order of the document.
    fn kinds(&self, family: &Family<'a>) -> Vec<Kind<'a>> {
        let components: Vec<&'a str> = match family.listed {
            Some((_, members)) => {
                let names = members.iter().filter_map(|member| component(reference_of(member)?));
                names.filter_map(|name| self.lineage.key(&name)).collect()
            }
            None => self.lineage.in_order(family.mapping.keys().copied().chain(self.unmapped(family))),
        };
        components
            .into_iter()
            .map(|component| Kind { component, tag_values: self.tag_values(family, component) })
            .collect()
    }

    /// Returns the kinds that the mapping of a family does not name.
    fn unmapped<'b>(&'b self, family: &'b Family<'a>) -> impl Iterator<Item = &'a str> + 'b {
        // Kinds that another property distinguishes belong to the nested family.
        let inner =
            family.descendants.iter().filter_map(|name| self.all.get(name)).filter(|inner| inner.tag != family.tag);
        let hidden: BTreeSet<&str> = inner
            .filter(|inner| self.is_kind(family, inner.base))
            .flat_map(|inner| inner.descendants.iter().copied())
            .collect();
        // The object itself, if it is a kind of an enclosing family.
        let own = self.is_kind(family, family.base).then_some(family.base);
        let descendants = family.descendants.iter().copied().filter(|name| self.is_kind(family, name));
        descendants.filter(move |name| !hidden.contains(name)).chain(own)
    }

    /// Returns the enclosing families of a component with the same tag.
    fn alike<'b>(&'b self, family: &'b Family<'a>, name: &str) -> impl Iterator<Item = &'b Family<'a>> {
        let around = self.around.get(name).into_iter().flatten().filter_map(|base| self.all.get(base));
        around.filter(|other| other.tag == family.tag)
    }

    /// Returns whether a component is a kind of a family, or of one with the same tag.
    fn is_kind(&self, family: &Family<'a>, name: &'a str) -> bool {
        family.tag.is_some_and(|tag| self.kinds.contains(&(tag, name)))
    }

    /// Returns whether a component inherits from the base of a family.
    fn is_in(&self, family: &Family<'a>, name: &str) -> bool {
        self.around.get(name).is_some_and(|bases| bases.contains(&family.base))
    }

    /// Returns the tag values of a kind: from the mapping, else its own, else from another family, else its name.
    fn tag_values(&self, family: &Family<'a>, name: &str) -> Vec<String> {
        let owned = |values: &Vec<&str>| values.iter().map(|value| (*value).to_owned()).collect();
        if let Some(values) = family.mapping.get(name) {
            return owned(values);
        }
        if let Some(value) = family.tag.and_then(|tag| own_tag_value(self.lineage, name, tag)) {
            return vec![value.to_owned()];
        }
        let other = self.alike(family, name).find_map(|other| other.mapping.get(name));
        other.map_or_else(|| vec![implied(&family.allowed, name).unwrap_or(name).to_owned()], owned)
    }

    /// Returns the properties to set, by component and property. A kind with one tag value gets it as a constant, so that it is always
    /// serialized correctly.
    pub(crate) fn tags(&self) -> BTreeMap<(&'a str, &'a str), Value> {
        let fixed = self.fixed_tag_values();
        let mut tags = BTreeMap::new();
        for ((name, tag), value) in &fixed {
            let schema = self.lineage.property(name, tag);
            // A subtype of a kind with a fixed value has a value of its own, or any.
            for heir in self.lineage.descendants(name) {
                if !fixed.contains_key(&(heir, *tag)) && self.lineage.own_property(heir, tag).is_none() {
                    tags.insert((heir, *tag), schema.cloned().unwrap_or_else(|| json!({})));
                }
            }
            tags.insert((*name, *tag), constant(schema, value));
        }
        tags
    }

    /// Returns the constant tag values that the document itself does not state, by component and property.
    fn fixed_tag_values(&self) -> BTreeMap<(&'a str, &'a str), String> {
        let mut values: BTreeMap<(&'a str, &'a str), BTreeSet<String>> = BTreeMap::new();
        for family in self.all.values() {
            let Some(tag) = family.tag else { continue };
            for kind in self.kinds(family) {
                let same = [kind.component];
                let within = match self.all.get(kind.component) {
                    None => same.as_slice(),
                    // Every type of a nested family with another tag has this value.
                    Some(inner) if inner.tag != family.tag => inner.descendants.as_slice(),
                    Some(_) => &[],
                };
                // A value that the property does not allow cannot be correct.
                let allowed = |value: &&String| family.allowed.is_empty() || family.allowed.contains(&value.as_str());
                for name in within.iter().filter(|name| self.is_in(family, name)) {
                    values.entry((name, tag)).or_default().extend(kind.tag_values.iter().filter(allowed).cloned());
                }
            }
        }
        let single = values.into_iter().filter(|(_, values)| values.len() == 1);
        let single = single.filter_map(|(key, mut values)| Some((key, values.pop_first()?)));
        single.filter(|((name, tag), _)| self.is_open(name, tag)).collect()
    }

    /// Returns whether a component is an object that does not fix a property itself.
    fn is_open(&self, name: &str, tag: &str) -> bool {
        let Some(schema) = self.lineage.schemas.get(name).and_then(Value::as_object) else { return false };
        ["oneOf", "anyOf", "enum", "items"].iter().all(|key| !schema.contains_key(*key))
            && own_tag_value(self.lineage, name, tag).is_none()
    }
}

/// Returns the family that a component is the base of. Its base object has no name yet.
fn find_family<'a>(lineage: &Lineage<'a>, name: &'a str, schema: &'a Value) -> Option<Family<'a>> {
    let map = schema.as_object()?;
    let is_object = match map.get("type") {
        None => true,
        Some(Value::Array(types)) => types.iter().any(|name| name == "object"),
        Some(name) => name == "object",
    };
    let list = |keyword: &'static str| {
        let members = map.get(keyword)?.as_array()?;
        if members.is_empty() { None } else { Some((keyword, members.as_slice())) }
    };
    let listed = ["oneOf", "anyOf"].into_iter().find_map(list);
    let own = tag(schema);
    let has_properties = map.get("properties").is_some_and(Value::is_object);
    let is_polymorphic = own.is_some() || (listed.is_some() && has_properties);
    if !is_object || !is_polymorphic || reference_of(schema).is_some() {
        return None;
    }
    let descendants = lineage.descendants(name);
    let property = own.and_then(|tag| lineage.property(name, tag)).map(|schema| lineage.followed(schema));
    let tag = own.filter(|_| property.is_none_or(is_string));
    let allowed = property.and_then(|schema| schema.get("enum")).and_then(Value::as_array).into_iter().flatten();
    let allowed: Vec<&str> = allowed.filter_map(Value::as_str).collect();
    let is_family = match listed {
        None => tag.is_some_and(|tag| {
            // If only names could identify the kinds and none of them is an allowed value, nothing identifies them.
            !lineage.mapping(name).is_empty() && !descendants.is_empty()
                || descendants
                    .iter()
                    .any(|kind| implied(&allowed, kind).or(own_tag_value(lineage, kind, tag)).is_some())
        }),
        // A list of its own subtypes would lead back to itself.
        Some((_, members)) => members.iter().any(|member| {
            let member = reference_of(member).and_then(component);
            member.and_then(|member| lineage.named(&member)).is_some_and(|member| descendants.contains(&member))
        }),
    };
    let mut mapping: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (value, kind) in lineage.mapping(name) {
        mapping.entry(kind).or_default().push(value);
    }
    is_family.then(|| Family { base: name, object: String::new(), tag, allowed, mapping, descendants, listed })
}

/// Returns the tag value that the name of a component implies: the name, or the one allowed value that differs only in case.
fn implied<'b>(allowed: &[&'b str], name: &'b str) -> Option<&'b str> {
    if allowed.is_empty() || allowed.contains(&name) {
        return Some(name);
    }
    let form = RustIdent::pascal(name);
    let mut alike = allowed.iter().filter(|value| RustIdent::pascal(value) == form);
    alike.next().filter(|_| alike.next().is_none()).copied()
}

/// Returns the value that a component itself fixes for a property.
fn own_tag_value<'a>(lineage: &Lineage<'a>, name: &str, tag: &str) -> Option<&'a str> {
    fixed(lineage.followed(lineage.own_property(name, tag)?))
}

/// Returns whether a property can hold a tag value.
fn is_string(schema: &Value) -> bool {
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|name| name == "string"),
        Some(name) => name == "string",
        None => ["properties", "items", "additionalProperties"].iter().all(|key| schema.get(key).is_none()),
    }
}

/// Returns the string that a schema fixes.
fn fixed(schema: &Value) -> Option<&str> {
    let only = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice);
    match (schema.get("const"), only) {
        (Some(value), _) => value.as_str(),
        (None, Some([only])) => only.as_str(),
        (None, _) => None,
    }
}

/// Builds the schema of a property with a constant value, keeping its annotations.
fn constant(schema: Option<&Value>, value: &str) -> Value {
    let mut constant = Map::new();
    for (key, value) in schema.and_then(Value::as_object).into_iter().flatten() {
        if ["description", "deprecated"].contains(&key.as_str()) || key.starts_with("x-") {
            constant.insert(key.clone(), value.clone());
        }
    }
    if schema.is_some_and(allows_null) {
        constant.insert("nullable".to_owned(), json!(true));
    }
    constant.insert("type".to_owned(), json!("string"));
    constant.insert("enum".to_owned(), json!([value]));
    Value::Object(constant)
}

/// Builds a reference to a component.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": components::place(name).reference() })
}
