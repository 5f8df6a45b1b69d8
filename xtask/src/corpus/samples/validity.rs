//! Whether a value is valid for a schema: JSON Schema as OpenAPI 3.0 and 3.1 use it, without patterns and conditions. Must not know how
//! values are made.

use serde_json::{Map, Value, json};

use crate::exchange::has_type;

use super::document::{Document, list};

/// Maximum nesting of schemas for one value, which only a cycle exceeds.
const DEEPEST: usize = 100;

/// Returns whether a value is valid.
pub(super) fn is_valid(document: &Document, schema: &Value, value: &Value) -> bool {
    valid(document, schema, value, DEEPEST)
}

fn valid(document: &Document, schema: &Value, value: &Value, left: usize) -> bool {
    let Some(left) = left.checked_sub(1) else { return false };
    let Some(map) = schema.as_object() else { return schema != &json!(false) };
    if map.contains_key("$ref") {
        let target = document.resolve(schema);
        if target.get("$ref").is_some() || !valid(document, target, value, left) {
            return false;
        }
    }
    if value.is_null() && map.get("nullable") == Some(&json!(true)) {
        return true;
    }
    let fits = |schema: &Value| valid(document, schema, value, left);
    let by_union = |key: &str| list(map, key).is_empty() || list(map, key).iter().any(fits);
    has_value(map, value)
        && list(map, "allOf").iter().all(fits)
        && by_union("oneOf")
        && by_union("anyOf")
        && map.get("not").is_none_or(|not| !fits(not))
        && match value {
            Value::Object(object) => valid_members(document, map, object, left),
            Value::Array(items) => valid_items(document, map, items, left),
            Value::Number(_) => in_range(map, value),
            Value::String(text) => in_length(map, "minLength", "maxLength", text.chars().count()),
            Value::Null | Value::Bool(_) => true,
        }
}

fn has_value(map: &Map<String, Value>, value: &Value) -> bool {
    let named = |name: &Value| name.as_str().is_some_and(|name| has_type(name, value));
    let by_type = match map.get("type") {
        Some(Value::Array(names)) => names.iter().any(named),
        Some(name) => named(name),
        None => true,
    };
    let by_enum = list(map, "enum").is_empty() || list(map, "enum").contains(value);
    by_type && by_enum && map.get("const").is_none_or(|constant| constant == value)
}

fn valid_members(document: &Document, map: &Map<String, Value>, object: &Map<String, Value>, left: usize) -> bool {
    let required = list(map, "required").iter().filter_map(Value::as_str);
    let properties = map.get("properties").and_then(Value::as_object);
    let schema_of = |name: &str| {
        let patterns = map.get("patternProperties");
        properties.and_then(|known| known.get(name)).or(map.get("additionalProperties").filter(|_| patterns.is_none()))
    };
    required.into_iter().all(|name| object.contains_key(name))
        && in_length(map, "minProperties", "maxProperties", object.len())
        && object.iter().all(|(name, value)| schema_of(name).is_none_or(|schema| valid(document, schema, value, left)))
}

fn valid_items(document: &Document, map: &Map<String, Value>, items: &[Value], left: usize) -> bool {
    let prefix = list(map, "prefixItems");
    let schema_of = |index: usize| prefix.get(index).or(map.get("items"));
    in_length(map, "minItems", "maxItems", items.len())
        && items
            .iter()
            .enumerate()
            .all(|(index, item)| schema_of(index).is_none_or(|schema| valid(document, schema, item, left)))
}

fn in_length(map: &Map<String, Value>, least: &str, most: &str, length: usize) -> bool {
    let bound = |key: &str| map.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
    bound(least).is_none_or(|least| length >= least) && bound(most).is_none_or(|most| length <= most)
}

fn in_range(map: &Map<String, Value>, value: &Value) -> bool {
    let number = value.as_f64().unwrap_or_default();
    let bound = |key: &str| map.get(key).and_then(Value::as_f64);
    let excludes = |key: &str| map.get(key) == Some(&json!(true));
    bound("minimum").is_none_or(|least| number > least || (number >= least && !excludes("exclusiveMinimum")))
        && bound("maximum").is_none_or(|most| number < most || (number <= most && !excludes("exclusiveMaximum")))
        && bound("exclusiveMinimum").is_none_or(|least| number > least)
        && bound("exclusiveMaximum").is_none_or(|most| number < most)
        && bound("multipleOf").is_none_or(|step| step <= 0.0 || (number / step).fract().abs() < 1e-9)
}
