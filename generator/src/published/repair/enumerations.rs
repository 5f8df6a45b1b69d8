//! Unwraps values of enumerations that are written as objects: `- value: admin`, `- {type: stringLiteral, value: text}`. Knows one
//! page at a time.

use serde_json::Value;

use crate::normalize::each_schema;

/// Replaces each object by its value.
pub(super) fn unwrap_enumeration_values(document: &mut Value) {
    each_schema(document, &mut |schema| {
        for value in schema.get_mut("enum").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(inner) = value.get_mut("value").map(Value::take) {
                *value = inner;
            }
        }
    });
}
