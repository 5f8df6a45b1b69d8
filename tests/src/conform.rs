//! Validates a JSON value against a schema: a small validator for the keywords of the published document.
//!
//! Must not know how samples are created; it proves that they are valid.

use std::fmt::Display;

use serde_json::{Map, Value};

use crate::document::Document;

/// Checks a value against a schema of the document.
///
/// # Errors
///
/// Returns the location in the value, and what is wrong there.
pub fn conforms(document: &Document, schema: &Value, value: &Value) -> Result<(), String> {
    check(document, schema, value, "$")
}

fn check(document: &Document, schema: &Value, value: &Value, path: &str) -> Result<(), String> {
    if let Some(allowed) = schema.as_bool() {
        return ensure(allowed, path, || "nothing is allowed here");
    }
    if schema.get("$ref").is_some() {
        check(document, document.resolve(schema), value, path)?;
    }
    let Some(schema) = schema.as_object() else {
        return Err(format!("{path}: this is not a schema: {schema}"));
    };
    check_value(schema, value, path)?;
    check_composition(document, schema, value, path)?;
    match value {
        Value::Object(object) => check_members(document, schema, object, path),
        Value::Array(items) => check_items(document, schema, items, path),
        Value::Number(_) => check_range(schema, value, path),
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
    }
}

/// Returns an error unless a condition holds. The message is lazy: values are large, and most checks succeed.
fn ensure<M: Display>(holds: bool, path: &str, otherwise: impl FnOnce() -> M) -> Result<(), String> {
    if holds { Ok(()) } else { Err(format!("{path}: {}", otherwise())) }
}

/// Checks `type`, `const` and `enum`.
fn check_value(schema: &Map<String, Value>, value: &Value, path: &str) -> Result<(), String> {
    if let Some(types) = schema.get("type") {
        let named: Vec<&str> = match types {
            Value::Array(list) => list.iter().filter_map(Value::as_str).collect(),
            Value::String(name) => vec![name],
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => Vec::new(),
        };
        let fits = named.iter().any(|name| has_type(name, value));
        ensure(fits, path, || format!("{value} is not of type {types}"))?;
    }
    if let Some(constant) = schema.get("const") {
        ensure(constant == value, path, || format!("{value} is not {constant}"))?;
    }
    if let Some(values) = schema.get("enum").and_then(Value::as_array) {
        ensure(values.contains(value), path, || format!("{value} is not a value of the enum"))?;
    }
    Ok(())
}

fn has_type(name: &str, value: &Value) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "string" => value.is_string(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64() || value.as_f64().is_some_and(|n| n.fract() == 0.0),
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}

/// Checks `allOf`, `oneOf` and `anyOf`. The document has overlapping `oneOf` variants, so one match suffices.
fn check_composition(
    document: &Document,
    schema: &Map<String, Value>,
    value: &Value,
    path: &str,
) -> Result<(), String> {
    for part in schema.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        check(document, part, value, path)?;
    }
    for keyword in ["oneOf", "anyOf"] {
        let Some(variants) = schema.get(keyword).and_then(Value::as_array) else {
            continue;
        };
        let mut reasons = Vec::new();
        for variant in variants {
            match check(document, variant, value, path) {
                Ok(()) => break,
                Err(reason) => reasons.push(reason),
            }
        }
        let fits = reasons.len() < variants.len();
        ensure(fits, path, || format!("no variant matches: {}", reasons.join("; ")))?;
    }
    Ok(())
}

fn check_members(
    document: &Document,
    schema: &Map<String, Value>,
    object: &Map<String, Value>,
    path: &str,
) -> Result<(), String> {
    let required = schema.get("required").and_then(Value::as_array);
    for name in required.into_iter().flatten().filter_map(Value::as_str) {
        ensure(object.contains_key(name), path, || format!("`{name}` is missing"))?;
    }
    let properties = schema.get("properties").and_then(Value::as_object);
    let others = schema.get("additionalProperties");
    for (name, value) in object {
        let known = properties.and_then(|properties| properties.get(name));
        if let Some(property) = known.or(others) {
            check(document, property, value, &format!("{path}.{name}"))?;
        }
    }
    Ok(())
}

fn check_items(document: &Document, schema: &Map<String, Value>, items: &[Value], path: &str) -> Result<(), String> {
    let bound = |name| schema.get(name).and_then(Value::as_u64);
    let length = items.len() as u64;
    ensure(bound("minItems").is_none_or(|least| length >= least), path, || "too few items")?;
    ensure(bound("maxItems").is_none_or(|most| length <= most), path, || "too many items")?;
    if let Some(schema) = schema.get("items") {
        for (at, item) in items.iter().enumerate() {
            check(document, schema, item, &format!("{path}[{at}]"))?;
        }
    }
    Ok(())
}

fn check_range(schema: &Map<String, Value>, value: &Value, path: &str) -> Result<(), String> {
    let bound = |name| schema.get(name).and_then(Value::as_f64);
    let number = value.as_f64().unwrap_or_default();
    ensure(bound("minimum").is_none_or(|least| number >= least), path, || "too small")?;
    ensure(bound("maximum").is_none_or(|most| number <= most), path, || "too large")
}

#[cfg(test)]
mod tests {
    use super::conforms;
    use crate::document::Document;
    use serde_json::{Value, json};

    #[test]
    fn invalid_values_are_reported_with_their_location() {
        let document = Document::new(json!({"components": {"schemas": {
            "Tag": {"type": "string", "enum": ["a", "b"]},
            "Run": {
                "allOf": [{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}],
                "properties": {
                    "tags": {"type": "array", "items": {"$ref": "#/components/schemas/Tag"}, "maxItems": 1},
                    "page": {"type": ["integer", "null"], "minimum": 1},
                    "kind": {"const": "run"},
                    "out": {"oneOf": [{"type": "number"}, {"type": "object", "additionalProperties": {"type": "boolean"}}]},
                },
            },
        }}}));
        let schema = json!({"$ref": "#/components/schemas/Run"});
        let cases: [(Value, Result<(), &str>); 11] = [
            (json!({"id": "1", "tags": ["a"], "page": null, "kind": "run", "out": 1.5, "x": 1}), Ok(())),
            (json!({"id": "1", "page": 2.0, "out": {"k": true}}), Ok(())),
            (json!({}), Err("$: `id` is missing")),
            (json!([]), Err("$: [] is not of type \"object\"")),
            (json!({"id": 1}), Err("$.id: 1 is not of type \"string\"")),
            (json!({"id": "", "tags": ["c"]}), Err("$.tags[0]: \"c\" is not a value of the enum")),
            (json!({"id": "", "tags": ["a", "a"]}), Err("$.tags: too many items")),
            (json!({"id": "", "page": 1.5}), Err("$.page: 1.5 is not of type [\"integer\",\"null\"]")),
            (json!({"id": "", "page": 0}), Err("$.page: too small")),
            (json!({"id": "", "kind": "x"}), Err("$.kind: \"x\" is not \"run\"")),
            (json!({"id": "", "out": {"k": 1}}), Err("$.out: no variant matches")),
        ];
        for (value, expected) in cases {
            match (conforms(&document, &schema, &value), expected) {
                (Ok(()), Ok(())) => {}
                (Err(reason), Err(start)) if reason.starts_with(start) => {}
                (found, expected) => panic!("{value}: {found:?} instead of {expected:?}"),
            }
        }
    }
}
