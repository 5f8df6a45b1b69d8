//! What the schemas of one member say about its values: kinds, listed values, whether it is required. What they leave open is unknown,
//! not different.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::APPROXIMATE;
use super::side::Schemas;

/// Keywords of unions.
const UNIONS: [&str; 2] = ["oneOf", "anyOf"];

/// Returns the JSON types of a value, except `null`; `None` if a schema leaves them open.
pub(super) fn kinds(schemas: &Schemas<'_>) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for schema in schemas {
        let has = |key: &str| schema.get(key).is_some();
        match schema.get("type") {
            Some(Value::String(kind)) => drop(found.insert(kind.clone())),
            Some(Value::Array(kinds)) => found.extend(kinds.iter().filter_map(Value::as_str).map(str::to_owned)),
            Some(_) | None if has("properties") => drop(found.insert("object".to_owned())),
            Some(_) | None if has("items") => drop(found.insert("array".to_owned())),
            Some(_) | None if has("enum") || has("const") => found.extend(kind_of_values(schema)),
            // Its members are in the list.
            Some(_) | None if UNIONS.into_iter().chain(["allOf"]).any(has) => {}
            Some(_) | None => return None,
        }
    }
    found.remove("null");
    (!found.is_empty()).then_some(found)
}

fn kind_of_values(schema: &Value) -> BTreeSet<String> {
    let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
    let kind = |value: &Value| match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    values.map(|value| kind(value).to_owned()).collect()
}

/// Returns the values that are listed; `None` if others are allowed.
pub(super) fn listed_values(schemas: &Schemas<'_>) -> Option<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    for schema in schemas {
        let values = schema.get("enum").and_then(Value::as_array).into_iter().flatten().chain(schema.get("const"));
        let before = found.len();
        found.extend(values.filter_map(Value::as_str).map(str::to_owned));
        let is_open = schema.get("type").and_then(Value::as_str) == Some("string") && found.len() == before;
        if is_open && schema.get("enum").is_none() && schema.get("const").is_none() {
            return None;
        }
    }
    (!found.is_empty()).then_some(found)
}

/// Returns whether a member is required; `None` if that depends on the variant of a union.
pub(super) fn is_required(schemas: &Schemas<'_>, name: &str) -> Option<bool> {
    let requires = |schema: &&Value| {
        let names = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        names.into_iter().any(|known| known.as_str() == Some(name))
    };
    (!has_variants(schemas)).then(|| schemas.iter().any(requires))
}

/// Returns whether a value has several forms, of which pages may describe only some.
pub(super) fn has_variants(schemas: &Schemas<'_>) -> bool {
    let is_null = |member: &&Value| member.get("type").and_then(Value::as_str) == Some("null");
    let members = |schema: &Value, key: &str| {
        schema
            .get(key)
            .and_then(Value::as_array)
            .map_or(0, |members| members.iter().filter(|member| !is_null(member)).count())
    };
    let is_lost = |schema: &Value| {
        schema.get(APPROXIMATE).is_some() && schema.as_object().is_some_and(|schema| schema.len() == 1)
    };
    schemas.iter().any(|schema| is_lost(schema) || UNIONS.iter().any(|key| members(schema, key) > 1))
}
