//! Removes `content: {}` from responses: older writers mention that an error has a body without describing it. Knows one page at a
//! time.

use serde_json::{Map, Value};

/// Removes empty `content` from responses.
pub(super) fn remove_empty_contents(document: &mut Value) {
    super::each_operation(document, &mut |_, operation| {
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for response in responses.into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut) {
            if response.get("content").and_then(Value::as_object).is_some_and(Map::is_empty) {
                response.shift_remove("content");
            }
        }
    });
}
