//! Reads schemas: merges `allOf`, sorts keywords into facts. Knows the normalized dialect.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value};

use crate::keyword::Keywords;
use crate::normalize::{ANNOTATIONS, MAY_BE_ABSENT, NULL, PATTERNS, PREFIX_ITEMS};

use crate::pointer::escape;

use super::exact_numbers::{default_of, restore_digits};
use super::reader::{LIMIT, Reader, reference_of};
use super::{
    Annotations, JsonKind, Limit, PropertyFacts, RestFacts, SchemaFacts, SchemaId, SchemaUse, UnionFacts, Values,
};

/// The schema of a property that is required but not described.
pub(super) static ANYTHING: Value = Value::Null;
/// Levels of nested members of `allOf` before a cycle is assumed.
const DEEPEST: usize = 32;
/// Total number of members of one `allOf` before it is assumed that they multiply.
const MEMBERS: usize = 2_000;

const LIMITS: [(&str, Limit); 8] = [
    ("minimum", Limit::Min),
    ("maximum", Limit::Max),
    ("minLength", Limit::MinLength),
    ("maxLength", Limit::MaxLength),
    ("minItems", Limit::MinItems),
    ("maxItems", Limit::MaxItems),
    ("minProperties", Limit::MinProperties),
    ("maxProperties", Limit::MaxProperties),
];

/// The facts of a schema while its keywords and members are read.
#[derive(Default)]
struct Draft {
    facts: SchemaFacts,
    required: BTreeSet<String>,
    stated: Option<JsonKind>,
    members: usize,
}

impl<'a> Reader<'a> {
    /// Returns the use of a schema at a place: follows references and members that stand alone.
    pub(super) fn schema_use(&mut self, schema: &'a Value, place: String) -> SchemaUse {
        let place: Arc<str> = place.into();
        let mut part = SchemaUse {
            schema: SchemaId(0),
            place: Arc::clone(&place),
            nullable: false,
            annotations: Annotations::default(),
        };
        let (mut current, mut at, mut passed) = (schema, place, Vec::new());
        for _ in 0..LIMIT {
            if let Some(reference) = reference_of(current) {
                let Some(target) = self.target(reference) else { break };
                passed.push(at);
                (current, at) = (target.0, target.1.into());
            } else if let Some((keyword, only)) = sole_member(current) {
                part.nullable |= is_true(current, "nullable");
                adopt(&mut part.annotations, annotations(current));
                let next = format!("{at}/{keyword}/0");
                passed.push(at);
                (current, at) = (only, next.into());
            } else {
                break;
            }
        }
        part.schema = self.intern(current, at);
        for place in passed {
            self.add_place(place, part.schema);
        }
        part
    }

    /// Returns the facts of a reserved schema.
    pub(super) fn facts(&mut self, id: SchemaId, schema: &'a Value) -> SchemaFacts {
        let (place, name) = {
            let reserved = &self.contract.schemas[id.0];
            (Arc::clone(&reserved.place), reserved.name.clone())
        };
        let mut draft = Draft::default();
        self.absorb(&mut draft, schema, &place, 0);
        let Draft { mut facts, required, stated, .. } = draft;
        facts.annotations = annotations(schema);
        facts.nullable = is_true(schema, "nullable");
        (facts.place, facts.name) = (place, name);
        for name in &required {
            if let Some(property) = facts.properties.get_mut(name) {
                property.required = true;
            } else {
                let place = format!("{}/required/{}", facts.place, escape(name));
                let value = self.schema_use(&ANYTHING, place);
                facts.properties.insert(name.clone(), PropertyFacts { value, required: true, may_be_absent: false });
            }
        }
        facts.kind = kind(&facts, stated);
        facts
    }

    fn absorb(&mut self, draft: &mut Draft, schema: &'a Value, place: &str, depth: usize) {
        draft.members += 1;
        if depth > DEEPEST || draft.members > MEMBERS {
            return;
        }
        for (index, member) in list(schema, "allOf").iter().enumerate() {
            let (member, at) = self.follow(member, format!("{place}/allOf/{index}"));
            self.absorb(draft, member, &at, depth + 1);
        }
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            self.keyword(draft, (keyword, value), schema, place);
        }
        if let Some(kind) = restore_digits(&mut draft.facts, schema) {
            draft.stated.get_or_insert(kind);
        }
    }

    fn keyword(
        &mut self,
        draft: &mut Draft,
        (keyword, value): (&'a String, &'a Value),
        schema: &'a Value,
        place: &str,
    ) {
        let facts = &mut draft.facts;
        let string = || value.as_str().map(str::to_owned);
        match keyword.as_str() {
            "type" => draft.stated = value.as_str().and_then(stated_kind),
            "format" => facts.format = string(),
            "pattern" => facts.pattern = string(),
            "enum" => facts.values = value.as_array().map(|list| Values { list: list.clone(), is_open: false }),
            "required" => {
                draft.required.extend(list(schema, "required").iter().filter_map(Value::as_str).map(str::to_owned))
            }
            "properties" => self.properties(draft, value, place),
            "additionalProperties" => draft.facts.rest = self.rest(value, place),
            PREFIX_ITEMS => {
                let place = |index| format!("{place}/{PREFIX_ITEMS}/{index}");
                let items = list(schema, PREFIX_ITEMS).iter().enumerate();
                draft.facts.positions = items.map(|(index, item)| self.schema_use(item, place(index))).collect();
            }
            "items" => draft.facts.items = Some(Box::new(self.schema_use(value, format!("{place}/items")))),
            "oneOf" | "anyOf" => self.union(draft, keyword, schema, place),
            NULL => draft.stated = Some(JsonKind::Null),
            PATTERNS
            | "not"
            | "multipleOf"
            | "uniqueItems"
            | "contains"
            | "propertyNames"
            | "if"
            | "then"
            | "else"
            | "dependentRequired"
            | "dependentSchemas"
            | "unevaluatedProperties"
            | "unevaluatedItems" => {
                draft.facts.keywords.insert(keyword.clone(), value.clone());
            }
            other => {
                if let Some((_, limit)) = LIMITS.iter().find(|(name, _)| *name == other) {
                    facts.limits.insert(exact(*limit, schema), value.clone());
                }
            }
        }
    }

    fn properties(&mut self, draft: &mut Draft, properties: &'a Value, place: &str) {
        draft.facts.lists_properties = true;
        for (name, schema) in properties.as_object().into_iter().flatten() {
            let value = self.schema_use(schema, format!("{place}/properties/{}", escape(name)));
            let may_be_absent = is_true(schema, MAY_BE_ABSENT);
            draft.facts.properties.insert(name.clone(), PropertyFacts { value, required: false, may_be_absent });
        }
    }

    fn rest(&mut self, value: &'a Value, place: &str) -> RestFacts {
        match value {
            Value::Bool(false) => RestFacts::Closed,
            Value::Object(schema) if !schema.is_empty() => {
                RestFacts::Typed(Box::new(self.schema_use(value, format!("{place}/additionalProperties"))))
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {
                RestFacts::Open
            }
        }
    }

    fn union(&mut self, draft: &mut Draft, keyword: &str, schema: &'a Value, place: &str) {
        let members = list(schema, keyword);
        if members.is_empty() {
            return;
        }
        if members.iter().all(only_requires) {
            draft.facts.keywords.insert(keyword.to_owned(), Value::Array(members.to_vec()));
            return;
        }
        if let Some(values) = listed_strings(members) {
            draft.facts.values = Some(values);
            draft.stated = Some(JsonKind::String);
            return;
        }
        let place = |index| format!("{place}/{keyword}/{index}");
        let members = members.iter().enumerate().map(|(index, member)| self.schema_use(member, place(index))).collect();
        let tag = schema.pointer("/discriminator/propertyName").and_then(Value::as_str).map(str::to_owned);
        draft.facts.unions.push(UnionFacts { members, tag });
    }
}

/// Returns the only member of `allOf`, `oneOf` or `anyOf`, if nothing beside it restricts values.
fn sole_member(schema: &Value) -> Option<(&'static str, &Value)> {
    let map = schema.as_object()?;
    let keyword = ["allOf", "oneOf", "anyOf"].into_iter().find(|keyword| map.contains_key(*keyword))?;
    let silent = |key: &String| key == keyword || key.starts_with("x-") || ANNOTATIONS.contains(&key.as_str());
    match list(schema, keyword) {
        [only] if map.keys().all(silent) => Some((keyword, only)),
        _ => None,
    }
}

fn annotations(schema: &Value) -> Annotations {
    Annotations {
        description: schema.keyword("description").and_then(Value::as_str).unwrap_or_default().trim().to_owned(),
        default: default_of(schema).map(Box::new),
        deprecated: is_true(schema, "deprecated"),
        read_only: is_true(schema, "readOnly"),
        write_only: is_true(schema, "writeOnly"),
    }
}

/// Completes annotations by those further inside.
fn adopt(outer: &mut Annotations, inner: Annotations) {
    if outer.description.is_empty() {
        outer.description = inner.description;
    }
    outer.default = outer.default.take().or(inner.default);
    outer.deprecated |= inner.deprecated;
    outer.read_only |= inner.read_only;
    outer.write_only |= inner.write_only;
}

/// Returns the strings that members list, if they are nothing but strings.
fn listed_strings(members: &[Value]) -> Option<Values> {
    let mut values = Values { list: Vec::new(), is_open: false };
    for member in members {
        let map = member.as_object()?;
        let plain = |key: &String| ["type", "enum"].contains(&key.as_str()) || ANNOTATIONS.contains(&key.as_str());
        if !map.keys().all(plain) || map.keyword("type").is_some_and(|kind| kind != "string") {
            return None;
        }
        match map.keyword("enum").and_then(Value::as_array) {
            Some(list) if list.iter().all(Value::is_string) => {
                values
                    .list
                    .extend(list.iter().filter(|value| !values.list.contains(value)).cloned().collect::<Vec<_>>());
            }
            Some(_) => return None,
            None if map.has_keyword("type") => values.is_open = true,
            None => return None,
        }
    }
    (!values.list.is_empty()).then_some(values)
}

/// Returns whether a member of a union only says which properties are required.
fn only_requires(member: &Value) -> bool {
    member
        .as_object()
        .is_some_and(|map| map.keys().all(|key| matches!(key.as_str(), "required" | "not" | "description" | "title")))
}

fn stated_kind(name: &str) -> Option<JsonKind> {
    match name {
        "string" => Some(JsonKind::String),
        "integer" => Some(JsonKind::Integer),
        "number" => Some(JsonKind::Number),
        "boolean" => Some(JsonKind::Boolean),
        "array" => Some(JsonKind::Array),
        "object" => Some(JsonKind::Object),
        _ => None,
    }
}

fn kind(facts: &SchemaFacts, stated: Option<JsonKind>) -> JsonKind {
    if stated == Some(JsonKind::Null) {
        return JsonKind::Null;
    }
    if !facts.unions.is_empty() {
        return JsonKind::Union;
    }
    if let Some(stated) = stated {
        return stated;
    }
    if !facts.properties.is_empty() || !matches!(facts.rest, RestFacts::Unstated) {
        return JsonKind::Object;
    }
    if facts.items.is_some() {
        return JsonKind::Array;
    }
    let mut kinds = facts.values.iter().flat_map(|values| &values.list).map(value_kind);
    let first = kinds.next().unwrap_or_default();
    if kinds.all(|kind| kind == first) { first } else { JsonKind::Any }
}

fn value_kind(value: &Value) -> JsonKind {
    match value {
        Value::Null => JsonKind::Null,
        Value::Bool(_) => JsonKind::Boolean,
        Value::Number(number) if number.is_f64() => JsonKind::Number,
        Value::Number(_) => JsonKind::Integer,
        Value::String(_) => JsonKind::String,
        Value::Array(_) => JsonKind::Array,
        Value::Object(_) => JsonKind::Object,
    }
}

/// Returns the bound that a keyword means together with its flag.
fn exact(limit: Limit, schema: &Value) -> Limit {
    match limit {
        Limit::Min if is_true(schema, "exclusiveMinimum") => Limit::ExclusiveMin,
        Limit::Max if is_true(schema, "exclusiveMaximum") => Limit::ExclusiveMax,
        Limit::Min
        | Limit::Max
        | Limit::MinLength
        | Limit::MaxLength
        | Limit::MinItems
        | Limit::MaxItems
        | Limit::MinProperties
        | Limit::MaxProperties
        | Limit::ExclusiveMin
        | Limit::ExclusiveMax => limit,
    }
}

fn is_true(schema: &Value, keyword: &str) -> bool {
    schema.keyword(keyword) == Some(&Value::Bool(true))
}

fn list<'v>(schema: &'v Value, keyword: &str) -> &'v [Value] {
    schema
        .as_object()
        .and_then(|map: &Map<String, Value>| map.get(keyword))
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}
