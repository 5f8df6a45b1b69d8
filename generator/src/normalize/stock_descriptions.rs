//! Removes descriptions that exporters invent. Knows one schema at a time.

use serde_json::{Map, Value};

/// Removes `Any type` from a schema without a type and `Discriminator value: x` from a constant: both repeat the type.
pub(crate) fn remove_stock_description(schema: &mut Map<String, Value>) {
    let Some(description) = schema.get("description").and_then(Value::as_str) else { return };
    let constant = schema.get("enum").and_then(Value::as_array).and_then(|values| match values.as_slice() {
        [only] => only.as_str(),
        _ => None,
    });
    let is_redundant = match description.strip_prefix("Discriminator value: ") {
        Some(value) => constant == Some(value),
        None => description == "Any type" && schema.len() == 1,
    };
    if is_redundant {
        schema.shift_remove("description");
    }
}
