//! Keywords beside `$ref`, which 3.0 ignores and 3.1 evaluates. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Moves a `$ref` with siblings into an `allOf`, where both apply.
pub(crate) fn wrap_ref_siblings(schema: &mut Map<String, Value>) {
    if schema.len() < 2 || !schema.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    if let Some(reference) = schema.shift_remove("$ref") {
        let members = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Some(members) = members.as_array_mut() {
            members.insert(0, json!({ "$ref": reference }));
        }
    }
}
