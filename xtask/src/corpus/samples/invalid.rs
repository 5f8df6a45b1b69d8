//! Makes invalid values from valid ones: a required property is missing, a value has another type, a tag is unknown. Must not know how
//! valid values are made.

use serde_json::{Value, json};

use super::document::{Document, list};
use super::validity::is_valid;

/// Maximum number of invalid values of one value.
const MOST: usize = 8;

/// Returns invalid variants of a valid object.
pub(super) fn spoil(document: &Document, schema: &Value, value: &Value) -> Vec<Value> {
    let Some(object) = value.as_object() else { return Vec::new() };
    let Ok(flat) = document.flatten(schema) else { return Vec::new() };
    let required = list(&flat.schema, "required").iter().filter_map(Value::as_str);
    let without = required.map(|name| {
        let mut object = object.clone();
        object.remove(name);
        Value::Object(object)
    });
    let retyped = object.iter().map(|(name, value)| {
        let mut object = object.clone();
        object.insert(name.clone(), other_type(value));
        Value::Object(object)
    });
    let spoiled = without.chain(retyped).filter(|value| !is_valid(document, schema, value));
    spoiled.take(MOST).collect()
}

/// Returns a value of another JSON type.
fn other_type(value: &Value) -> Value {
    match value {
        Value::Null => json!([[]]),
        Value::Bool(_) => json!("yes"),
        Value::Number(_) => json!("many"),
        Value::String(_) => json!([7]),
        Value::Array(_) => json!("one"),
        Value::Object(_) => json!(7),
    }
}
