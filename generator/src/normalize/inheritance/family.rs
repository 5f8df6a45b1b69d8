//! The objects that stand for one of several kinds: which components are their kinds, and by which text each is told. Changes
//! nothing.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::names::RustIdent;
use crate::normalize::components;

use super::lineage::{Lineage, allows_null, component, reference_of, tag};

/// Keywords that describe the union as well as the object.
const DESCRIPTIONS: &[&str] = &["title", "description", "deprecated", "externalDocs", "readOnly", "writeOnly"];

/// Most pairs of a base and an heir, of all families together. The largest APIs have some thousands; a document with more than
/// this is taken for a trap and left as it is.
const PAIRS: usize = 100_000;

/// A component that is an object and stands for its kinds too.
pub(super) struct Family<'a> {
    /// The component.
    pub base: &'a str,
    /// Name of the component for the object alone.
    pub object: String,
    /// The property that tells the kinds apart, when there is one.
    tag: Option<&'a str>,
    /// The texts that the property allows, where the document lists them.
    allowed: Vec<&'a str>,
    /// The texts that the document gives to components.
    mapping: BTreeMap<&'a str, Vec<&'a str>>,
    /// Everything that inherits from it, in the order of the document.
    descendants: Vec<&'a str>,
    /// The keyword with the kinds, where the document lists them itself, and the list.
    listed: Option<(&'static str, &'a [Value])>,
}

/// A kind of a family: the component it is, and the texts that tell it.
struct Kind<'a> {
    component: &'a str,
    texts: Vec<String>,
}

/// Every family of a document.
pub(super) struct Families<'a> {
    lineage: &'a Lineage<'a>,
    all: BTreeMap<&'a str, Family<'a>>,
    /// Bases of the families that a component is in.
    around: BTreeMap<&'a str, Vec<&'a str>>,
    /// Components in families that are kinds of their own, by the property that tells them.
    kinds: BTreeSet<(&'a str, &'a str)>,
}

impl<'a> Families<'a> {
    pub fn new(lineage: &'a Lineage<'a>) -> Self {
        // Components whose names differ only in form would fight for one name in Rust.
        let mut taken: BTreeSet<RustIdent> = lineage.schemas.keys().map(|name| RustIdent::pascal(name)).collect();
        let mut families = Self { lineage, all: BTreeMap::new(), around: BTreeMap::new(), kinds: BTreeSet::new() };
        let mut pairs = 0;
        for (name, schema) in lineage.schemas {
            let Some(mut family) = family(lineage, name, schema) else { continue };
            pairs += family.descendants.len();
            if pairs > PAIRS {
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
        families.kinds = families.found_kinds();
        families
    }

    /// Every family, by the name of its base.
    pub fn iter(&self) -> impl Iterator<Item = &Family<'a>> {
        self.all.values()
    }

    /// The family of a base.
    pub fn get(&self, base: &str) -> Option<&Family<'a>> {
        self.all.get(base)
    }

    /// What others inherit from is no kind where mappings exist and do not name it.
    fn found_kinds(&self) -> BTreeSet<(&'a str, &'a str)> {
        let mut kinds = BTreeSet::new();
        for (name, bases) in &self.around {
            // By property: whether a mapping names the component, and whether there is one at all.
            let mut said: BTreeMap<&'a str, (bool, bool)> = BTreeMap::new();
            for family in bases.iter().filter_map(|base| self.all.get(base)) {
                let Some(tag) = family.tag else { continue };
                let (named, mapped) = said.entry(tag).or_default();
                *named |= family.mapping.contains_key(name);
                *mapped |= !family.mapping.is_empty();
            }
            let leaf = self.lineage.is_leaf(name);
            let is_kind = said.into_iter().filter(|(_, (named, mapped))| leaf || *named || !*mapped);
            kinds.extend(is_kind.map(|(tag, _)| (tag, *name)));
        }
        kinds
    }

    /// The schema that stands for the kinds of a family.
    pub fn union(&self, family: &Family<'a>) -> Value {
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
            Some((keyword, members)) => (keyword, members.iter().map(|member| self.listed(family, member)).collect()),
            None => ("oneOf", kinds.iter().map(|kind| reference(self.stands_for(family, kind.component))).collect()),
        };
        union.insert(keyword.to_owned(), Value::Array(members));
        if let Some(tag) = family.tag {
            let mut mapping = Map::new();
            for kind in &kinds {
                for text in &kind.texts {
                    mapping.entry(text.clone()).or_insert_with(|| {
                        json!(components::place(self.stands_for(family, kind.component)).reference())
                    });
                }
            }
            union.insert("discriminator".to_owned(), json!({"propertyName": tag, "mapping": mapping}));
        }
        Value::Object(union)
    }

    /// A member that the document lists. Those that do not inherit the properties of the object get them here.
    fn listed(&self, family: &Family<'a>, member: &Value) -> Value {
        let name = reference_of(member).and_then(component);
        match name.and_then(|name| self.lineage.named(&name)) {
            Some(name) if name == family.base => reference(&family.object),
            Some(name) if self.is_in(family, name) => member.clone(),
            None if member.get("properties").is_none() => member.clone(),
            Some(_) | None => json!({"allOf": [reference(&family.object), member]}),
        }
    }

    /// The component whose values a kind has: of a family that is told by the same property, only the object is left over.
    fn stands_for<'b>(&'b self, family: &Family<'a>, kind: &'b str) -> &'b str {
        match self.all.get(kind) {
            Some(other) if kind == family.base || (family.listed.is_none() && other.tag == family.tag) => &other.object,
            Some(_) | None => kind,
        }
    }

    /// The kinds of a family, in the order of the document.
    fn kinds(&self, family: &Family<'a>) -> Vec<Kind<'a>> {
        let components: Vec<&'a str> = match family.listed {
            Some((_, members)) => {
                let names = members.iter().filter_map(|member| component(reference_of(member)?));
                names.filter_map(|name| self.lineage.key(&name)).collect()
            }
            None => self.lineage.in_order(family.mapping.keys().copied().chain(self.unmapped(family))),
        };
        components.into_iter().map(|component| Kind { component, texts: self.texts(family, component) }).collect()
    }

    /// Kinds that the mapping of a family does not name.
    fn unmapped<'b>(&'b self, family: &'b Family<'a>) -> impl Iterator<Item = &'a str> + 'b {
        // Kinds that another property tells apart are within that kind.
        let inner =
            family.descendants.iter().filter_map(|name| self.all.get(name)).filter(|inner| inner.tag != family.tag);
        let hidden: BTreeSet<&str> = inner
            .filter(|inner| self.is_kind(family, inner.base))
            .flat_map(|inner| inner.descendants.iter().copied())
            .collect();
        // The object itself, when a family around it has it as a kind.
        let own = self.is_kind(family, family.base).then_some(family.base);
        let descendants = family.descendants.iter().copied().filter(|name| self.is_kind(family, name));
        descendants.filter(move |name| !hidden.contains(name)).chain(own)
    }

    /// Families around a component that are told by the same property.
    fn alike<'b>(&'b self, family: &'b Family<'a>, name: &str) -> impl Iterator<Item = &'b Family<'a>> {
        let around = self.around.get(name).into_iter().flatten().filter_map(|base| self.all.get(base));
        around.filter(|other| other.tag == family.tag)
    }

    /// Whether a component is a kind of a family or of one alike.
    fn is_kind(&self, family: &Family<'a>, name: &'a str) -> bool {
        family.tag.is_some_and(|tag| self.kinds.contains(&(tag, name)))
    }

    /// Whether a component inherits from the base of a family.
    fn is_in(&self, family: &Family<'a>, name: &str) -> bool {
        self.around.get(name).is_some_and(|bases| bases.contains(&family.base))
    }

    /// The texts that tell a kind: of the mapping, else its own, else of another family, else its name.
    fn texts(&self, family: &Family<'a>, name: &str) -> Vec<String> {
        let owned = |texts: &Vec<&str>| texts.iter().map(|text| (*text).to_owned()).collect();
        if let Some(texts) = family.mapping.get(name) {
            return owned(texts);
        }
        if let Some(text) = family.tag.and_then(|tag| own_text(self.lineage, name, tag)) {
            return vec![text.to_owned()];
        }
        let other = self.alike(family, name).find_map(|other| other.mapping.get(name));
        other.map_or_else(|| vec![implied(&family.allowed, name).unwrap_or(name).to_owned()], owned)
    }

    /// The properties to be written into components: by component and property, what it says from then on. A kind with one text
    /// has it fixed, so that it is written rightly.
    pub fn tags(&self) -> BTreeMap<(&'a str, &'a str), Value> {
        let fixed = self.fixed_texts();
        let mut tags = BTreeMap::new();
        for ((name, tag), text) in &fixed {
            let schema = self.lineage.property(name, tag);
            // What inherits a fixed text has one of its own, or any.
            for heir in self.lineage.descendants(name) {
                if !fixed.contains_key(&(heir, *tag)) && self.lineage.own_property(heir, tag).is_none() {
                    tags.insert((heir, *tag), schema.cloned().unwrap_or_else(|| json!({})));
                }
            }
            tags.insert((*name, *tag), constant(schema, text));
        }
        tags
    }

    /// The text of a property, for each component that has one of which the document does not say so itself.
    fn fixed_texts(&self) -> BTreeMap<(&'a str, &'a str), String> {
        let mut texts: BTreeMap<(&'a str, &'a str), BTreeSet<String>> = BTreeMap::new();
        for family in self.all.values() {
            let Some(tag) = family.tag else { continue };
            for kind in self.kinds(family) {
                let same = [kind.component];
                let within = match self.all.get(kind.component) {
                    None => same.as_slice(),
                    // What is told further in by another property has this text wherever it ends.
                    Some(inner) if inner.tag != family.tag => inner.descendants.as_slice(),
                    Some(_) => &[],
                };
                // A text that the property does not allow cannot be right.
                let allowed = |text: &&String| family.allowed.is_empty() || family.allowed.contains(&text.as_str());
                for name in within.iter().filter(|name| self.is_in(family, name)) {
                    texts.entry((name, tag)).or_default().extend(kind.texts.iter().filter(allowed).cloned());
                }
            }
        }
        let single = texts.into_iter().filter(|(_, texts)| texts.len() == 1);
        let single = single.filter_map(|(key, mut texts)| Some((key, texts.pop_first()?)));
        single.filter(|((name, tag), _)| self.is_open(name, tag)).collect()
    }

    /// Whether a component is an object that does not fix a property itself.
    fn is_open(&self, name: &str, tag: &str) -> bool {
        let Some(schema) = self.lineage.schemas.get(name).and_then(Value::as_object) else { return false };
        ["oneOf", "anyOf", "enum", "items"].iter().all(|key| !schema.contains_key(*key))
            && own_text(self.lineage, name, tag).is_none()
    }
}

/// The family that a component is the base of; its object has no name yet.
fn family<'a>(lineage: &Lineage<'a>, name: &'a str, schema: &'a Value) -> Option<Family<'a>> {
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
    let is_told = own.is_some() || (listed.is_some() && has_properties);
    if !is_object || !is_told || reference_of(schema).is_some() {
        return None;
    }
    let descendants = lineage.descendants(name);
    let property = own.and_then(|tag| lineage.property(name, tag)).map(|schema| lineage.followed(schema));
    let tag = own.filter(|_| property.is_none_or(is_text));
    let allowed = property.and_then(|schema| schema.get("enum")).and_then(Value::as_array).into_iter().flatten();
    let allowed: Vec<&str> = allowed.filter_map(Value::as_str).collect();
    let is_family = match listed {
        None => tag.is_some_and(|tag| {
            // Where only names could tell the kinds, and none of them is allowed, nothing tells them.
            !lineage.mapping(name).is_empty() && !descendants.is_empty()
                || descendants.iter().any(|kind| implied(&allowed, kind).or(own_text(lineage, kind, tag)).is_some())
        }),
        // A list of its own heirs would lead back to itself.
        Some((_, members)) => members.iter().any(|member| {
            let member = reference_of(member).and_then(component);
            member.and_then(|member| lineage.named(&member)).is_some_and(|member| descendants.contains(&member))
        }),
    };
    let mut mapping: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for (text, kind) in lineage.mapping(name) {
        mapping.entry(kind).or_default().push(text);
    }
    is_family.then(|| Family { base: name, object: String::new(), tag, allowed, mapping, descendants, listed })
}

/// The text that the name of a component implies: the name, or the one text of those allowed that is the name in another form.
fn implied<'b>(allowed: &[&'b str], name: &'b str) -> Option<&'b str> {
    if allowed.is_empty() || allowed.contains(&name) {
        return Some(name);
    }
    let form = RustIdent::pascal(name);
    let mut alike = allowed.iter().filter(|text| RustIdent::pascal(text) == form);
    alike.next().filter(|_| alike.next().is_none()).copied()
}

/// The text that a component itself fixes for a property.
fn own_text<'a>(lineage: &Lineage<'a>, name: &str, tag: &str) -> Option<&'a str> {
    fixed(lineage.followed(lineage.own_property(name, tag)?))
}

/// Whether a property can hold the text of a tag.
fn is_text(schema: &Value) -> bool {
    match schema.get("type") {
        Some(Value::Array(types)) => types.iter().any(|name| name == "string"),
        Some(name) => name == "string",
        None => ["properties", "items", "additionalProperties"].iter().all(|key| schema.get(key).is_none()),
    }
}

/// The text a schema fixes.
fn fixed(schema: &Value) -> Option<&str> {
    let only = schema.get("enum").and_then(Value::as_array).map(Vec::as_slice);
    match (schema.get("const"), only) {
        (Some(text), _) => text.as_str(),
        (None, Some([only])) => only.as_str(),
        (None, _) => None,
    }
}

/// The schema of a property that is fixed to a text; what is said about the property stays.
fn constant(schema: Option<&Value>, text: &str) -> Value {
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
    constant.insert("enum".to_owned(), json!([text]));
    Value::Object(constant)
}

/// A reference to a component.
pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": components::place(name).reference() })
}
