//! Visits every schema of a document, from the outside in.
//!
//! The one place that knows where OpenAPI keeps schemas and where data begins that must not be taken for one.

use serde_json::Value;

const SUBSCHEMAS: &[&str] =
    &["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"];
const SUBSCHEMA_LISTS: &[&str] = &["oneOf", "anyOf", "allOf", "prefixItems", super::PREFIX_ITEMS];
const SUBSCHEMA_MAPS: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const DATA: &[&str] = &["example", "examples", "default", "enum", "const", "x-fern-examples"];

/// Calls `visit` for each schema; what it leaves in place is visited next, further in.
pub fn each_schema(document: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    let Some(root) = document.as_object_mut() else { return };
    for (key, part) in root.iter_mut() {
        outside(key, part, visit);
    }
}

/// A part of the document that is not a schema itself.
fn outside(key: &str, part: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    match part {
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                match (key, name.as_str()) {
                    ("components", "schemas") => each_value(value, visit),
                    (_, "schema") if is_schema(value) => inside(value, visit),
                    (_, data) if DATA.contains(&data) => {}
                    (_, name) => outside(name, value, visit),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| outside(key, item, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A path, response or header may be called `schema`; a schema is an object or a truth value.
fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn each_value(map: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if let Some(map) = map.as_object_mut() {
        map.values_mut().for_each(|value| inside(value, visit));
    }
}

fn inside(schema: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    visit(schema);
    let Some(schema) = schema.as_object_mut() else { return };
    for (key, value) in schema.iter_mut() {
        let key = key.as_str();
        if SUBSCHEMAS.contains(&key) && !is_boolean_switch(key, value) {
            inside(value, visit);
        } else if SUBSCHEMA_LISTS.contains(&key) {
            if let Some(items) = value.as_array_mut() {
                items.iter_mut().for_each(|item| inside(item, visit));
            }
        } else if SUBSCHEMA_MAPS.contains(&key) {
            each_value(value, visit);
        }
    }
}

/// `additionalProperties: false` closes an object; that is no schema to rewrite.
fn is_boolean_switch(key: &str, value: &Value) -> bool {
    key == "additionalProperties" && value.is_boolean()
}
