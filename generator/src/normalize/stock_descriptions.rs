//! Descriptions that exports make up where the API says nothing.

use serde_json::{Map, Value};

/// Takes out `Any type` of a schema without a type, and `Discriminator value: x` of a constant: the type says both.
pub fn remove_stock_description(schema: &mut Map<String, Value>) {
    let Some(text) = schema.get("description").and_then(Value::as_str) else { return };
    let constant = schema.get("enum").and_then(Value::as_array).and_then(|values| match values.as_slice() {
        [only] => only.as_str(),
        _ => None,
    });
    let says_nothing = match text.strip_prefix("Discriminator value: ") {
        Some(value) => constant == Some(value),
        None => text == "Any type" && schema.len() == 1,
    };
    if says_nothing {
        schema.shift_remove("description");
    }
}
