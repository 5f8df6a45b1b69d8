//! `true` and `false` as schemas: anything and nothing.

use serde_json::{Value, json};

/// Replaces a truth value by the object that means the same.
pub fn replace_boolean_schema(schema: &mut Value) {
    match schema {
        Value::Bool(true) => *schema = json!({}),
        Value::Bool(false) => *schema = json!({"not": {}}),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) | Value::Object(_) => {}
    }
}
