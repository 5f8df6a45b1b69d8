//! Classifies a normalized schema as one of the few forms that the model knows.

use serde_json::{Map, Value};

use crate::ir::Length;
use crate::keyword::Keywords;
use crate::normalize::{ANNOTATIONS, NULL, PREFIX_ITEMS};

use super::references::reference_of;
use super::shape::only_demands;

/// The form of a schema, before names are assigned.
#[derive(Clone, Debug)]
pub(super) enum Form<'a> {
    /// A reference to another schema.
    Reference(&'a str),
    /// All of several schemas at once (`allOf`).
    Merged,
    /// One of several schemas.
    Union(&'a [Value]),
    /// One fixed value.
    Constant(&'a Value),
    /// One of several strings.
    Strings(Vec<&'a str>),
    /// An object with named properties.
    Object,
    /// A map, with its value schema, if any.
    Map(Option<&'a Value>),
    /// A list, with its item schema, if any.
    List(Option<&'a Value>),
    /// A list whose items have a schema each.
    Tuple(&'a [Value], Length),
    /// A string, with its format.
    String(Option<&'a str>),
    /// A whole number, with its format.
    Integer(Option<&'a str>),
    /// Any number.
    Number,
    /// A boolean.
    Boolean,
    /// Anything.
    Any,
    /// Values without a common type, with the reason.
    Mixed(&'static str),
}

impl<'a> Form<'a> {
    /// Returns the reference, if the schema consists of nothing else.
    pub(crate) fn reference(&self) -> Option<&'a str> {
        if let Self::Reference(reference) = self { Some(reference) } else { None }
    }

    /// Returns the only value that the schema allows.
    pub(crate) fn constant(&self) -> Option<&'a Value> {
        if let Self::Constant(value) = self { Some(value) } else { None }
    }

    /// Returns the strings that the schema allows, if it lists them.
    pub(crate) fn texts(self) -> Option<Vec<&'a str>> {
        match self {
            Self::Constant(value) => value.as_str().map(|text| vec![text]),
            Self::Strings(texts) => Some(texts),
            Self::Reference(_)
            | Self::Merged
            | Self::Union(_)
            | Self::Object
            | Self::Map(_)
            | Self::List(_)
            | Self::Tuple(..)
            | Self::String(_)
            | Self::Integer(_)
            | Self::Number
            | Self::Boolean
            | Self::Any
            | Self::Mixed(_) => None,
        }
    }
}

/// Determines the form of a schema.
pub(super) fn classify(schema: &Value) -> Form<'_> {
    if let Some(reference) = reference_of(schema) {
        return Form::Reference(reference);
    }
    let Some(map) = schema.as_object() else { return Form::Any };
    if map.has_keyword(NULL) {
        return Form::Any;
    }
    if let Some(members) = list(map, "allOf") {
        let annotated = map.keys().all(says_nothing_of_values);
        return match members {
            [only] if annotated => reference_of(only).map_or(Form::Merged, Form::Reference),
            [] => without_all_of(schema, map),
            _ => Form::Merged,
        };
    }
    without_all_of(schema, map)
}

/// Returns whether a keyword beside the only member of `allOf` leaves the type unchanged.
fn says_nothing_of_values(key: &String) -> bool {
    key == "allOf" || key.starts_with("x-") || ANNOTATIONS.contains(&key.as_str())
}

fn without_all_of<'a>(schema: &'a Value, map: &'a Map<String, Value>) -> Form<'a> {
    if let Some(values) = list(map, "enum")
        && let Some(form) = enumeration(values)
    {
        return form;
    }
    let describes = |members: &&[Value]| !members.iter().all(|member| only_demands(member, map));
    let unions: Vec<&[Value]> =
        ["oneOf", "anyOf"].into_iter().filter_map(|key| list(map, key)).filter(describes).collect();
    match unions.as_slice() {
        [] => by_type(schema, map),
        [only] => Form::Union(only),
        _ => Form::Merged,
    }
}

fn enumeration(values: &[Value]) -> Option<Form<'_>> {
    if let [only] = values {
        return Some(Form::Constant(only));
    }
    let strings: Vec<&str> = values.iter().filter_map(Value::as_str).collect();
    if strings.len() == values.len() {
        return Some(strings).filter(|strings| !strings.is_empty()).map(Form::Strings);
    }
    // Booleans and numbers keep their plain type; only mixed values lose it.
    let kinds: Vec<u8> = values.iter().map(kind).collect();
    let uniform = kinds.windows(2).all(|pair| pair.first() == pair.last());
    if uniform { None } else { Some(Form::Mixed("an enumeration of values of different types")) }
}

fn kind(value: &Value) -> u8 {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 1,
        Value::Number(_) => 2,
        Value::String(_) => 3,
        Value::Array(_) => 4,
        Value::Object(_) => 5,
    }
}

fn by_type<'a>(schema: &'a Value, map: &'a Map<String, Value>) -> Form<'a> {
    let format = map.keyword("format").and_then(Value::as_str);
    match map.keyword("type").and_then(Value::as_str) {
        Some("string") => Form::String(format),
        Some("integer") => Form::Integer(format),
        Some("number") => Form::Number,
        Some("boolean") => Form::Boolean,
        Some("array") => list_form(map),
        Some("object") => object(schema, map),
        Some(_) => Form::Mixed("an unknown type"),
        None if map.has_keyword("properties") || map.has_keyword("additionalProperties") => object(schema, map),
        None if map.has_keyword("items") => list_form(map),
        None => list(map, "enum").map_or(Form::Any, type_of_values),
    }
}

/// Returns the form that values of one kind have in common.
fn type_of_values<'a>(values: &[Value]) -> Form<'a> {
    match values {
        [Value::Bool(_), ..] => Form::Boolean,
        [Value::Number(_), ..] if values.iter().all(Value::is_i64) => Form::Integer(None),
        [Value::Number(_), ..] if values.iter().any(Value::is_f64) => Form::Number,
        [] | [Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_), ..] => Form::Any,
    }
}

/// Positions that a tuple can have.
const POSITIONS: std::ops::RangeInclusive<usize> = 2..=12;

fn list_form(map: &Map<String, Value>) -> Form<'_> {
    let positions = list(map, PREFIX_ITEMS).filter(|items| POSITIONS.contains(&items.len()));
    let count = |key: &str| map.keyword(key).and_then(Value::as_u64);
    match positions {
        // Items that may be missing have no place in a tuple.
        Some(items) if count("minItems").is_none_or(|fewest| fewest >= items.len() as u64) => {
            // Without bounds, a list may end before the last position, or go on after it.
            let is_exact =
                count("minItems").is_some() && count("maxItems").is_some_and(|most| most <= items.len() as u64);
            Form::Tuple(items, if is_exact { Length::Exact } else { Length::Open })
        }
        Some(_) | None => Form::List(map.keyword("items")),
    }
}

fn object<'a>(schema: &'a Value, map: &'a Map<String, Value>) -> Form<'a> {
    let named = map.keyword("properties").and_then(Value::as_object).is_some_and(|properties| !properties.is_empty());
    let closed = map.keyword("additionalProperties") == Some(&Value::Bool(false));
    if named || closed || schema.keyword("required").and_then(Value::as_array).is_some_and(|names| !names.is_empty()) {
        return Form::Object;
    }
    Form::Map(map.keyword("additionalProperties").filter(|value| value.is_object()))
}

/// Returns a keyword whose value is a list.
pub(super) fn list<'a>(map: &'a Map<String, Value>, key: &str) -> Option<&'a [Value]> {
    map.keyword(key).and_then(Value::as_array).map(Vec::as_slice)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schema_has_one_form() {
        let cases = [
            (json!({"$ref": "#/x"}), "Reference"),
            (json!({"allOf": [{"$ref": "#/x"}], "description": "d", "nullable": true}), "Reference"),
            (json!({"allOf": [{"$ref": "#/x"}], "properties": {"a": {}}}), "Merged"),
            (json!({"allOf": [{"$ref": "#/x"}, {"$ref": "#/y"}]}), "Merged"),
            (json!({"type": "string", "enum": ["a"]}), "Constant"),
            (json!({"const": 1, "enum": [1]}), "Constant"),
            (json!({"enum": [{"a": 1}]}), "Constant"),
            (json!({"enum": ["a", "b"]}), "Strings"),
            (json!({"type": "integer", "enum": [1, 2]}), "Integer"),
            (json!({"enum": [1, "a"]}), "Mixed"),
            (json!({"enum": [1, 2]}), "Integer"),
            (json!({"enum": [1, 2.5]}), "Number"),
            (json!({"enum": [true, false], "nullable": true}), "Boolean"),
            (json!({"enum": [[1], [2]]}), "Any"),
            (json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}), "Union"),
            (json!({"type": "object", "properties": {"a": {}}, "anyOf": [{"required": ["a"]}]}), "Object"),
            (json!({"type": "string", "oneOf": [{"minLength": 1}, {"pattern": "x"}]}), "String"),
            (json!({"oneOf": [{"type": "string"}], "anyOf": [{"type": "integer"}]}), "Merged"),
            (json!({"type": "object"}), "Map"),
            (json!({"type": "object", "additionalProperties": false}), "Object"),
            (json!({"type": "object", "additionalProperties": {"type": "string"}}), "Map"),
            (json!({"properties": {"a": {}}}), "Object"),
            (json!({"items": {}}), "List"),
            (json!({"type": "array", "items": {}, "x-sdk-prefix-items": [{}, {}]}), "Tuple"),
            (json!({"type": "array", "items": {}, "minItems": 1, "x-sdk-prefix-items": [{}, {}]}), "List"),
            (json!({}), "Any"),
            (json!({"x-sdk-null": true, "enum": [null]}), "Any"),
        ];
        for (schema, expected) in cases {
            let actual = format!("{:?}", classify(&schema));
            assert!(actual.starts_with(expected), "{schema}: {actual}");
        }
    }
}
