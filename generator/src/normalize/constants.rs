//! Converts `const`, and `null` among the values of an `enum`. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Converts `const` to an `enum` of one value with its type, and `null` in an `enum` to `nullable`.
pub(crate) fn convert_constants(schema: &mut Map<String, Value>) {
    if let Some(value) = schema.shift_remove("const") {
        if let Some(name) = type_name(&value) {
            schema.entry("type").or_insert_with(|| json!(name));
        }
        schema.insert("enum".to_owned(), json!([value]));
    }
    let Some(values) = schema.get_mut("enum").and_then(Value::as_array_mut) else { return };
    if !values.iter().any(Value::is_null) {
        return;
    }
    values.retain(|value| !value.is_null());
    if values.is_empty() {
        schema.shift_remove("enum");
        schema.insert("type".to_owned(), json!("null"));
    } else {
        schema.insert("nullable".to_owned(), json!(true));
    }
}

fn type_name(value: &Value) -> Option<&'static str> {
    match value {
        Value::Bool(_) => Some("boolean"),
        Value::Number(number) if number.is_f64() => Some("number"),
        Value::Number(_) => Some("integer"),
        Value::String(_) => Some("string"),
        Value::Array(_) => Some("array"),
        Value::Object(_) => Some("object"),
        Value::Null => None,
    }
}
