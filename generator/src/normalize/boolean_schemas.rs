//! Converts boolean schemas: `true` accepts anything, `false` nothing. Knows one schema at a time.

use serde_json::{Value, json};

/// Replaces a boolean schema by an equivalent object.
pub(crate) fn replace_boolean_schema(schema: &mut Value) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({"not": {}}),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {}
    }
}
