//! Keywords beside `$ref`, which 3.0 ignores and 3.1 evaluates. Knows one schema at a time.

use serde_json::{Map, Value, json};

use super::ANNOTATIONS;

/// Moves a `$ref` with siblings into an `allOf`, where both apply. Siblings that describe values become a member too.
pub(crate) fn wrap_ref_siblings(schema: &mut Map<String, Value>) {
    if schema.len() < 2 || !schema.get("$ref").is_some_and(Value::is_string) {
        return;
    }
    if let Some(reference) = schema.shift_remove("$ref") {
        let describes = |key: &String| key != "allOf" && !key.starts_with("x-") && !ANNOTATIONS.contains(&key.as_str());
        let names: Vec<String> = schema.keys().filter(|key| describes(key)).cloned().collect();
        let siblings = names.into_iter().filter_map(|name| schema.shift_remove_entry(&name));
        let siblings: Map<String, Value> = siblings.collect();
        let members = schema.entry("allOf").or_insert_with(|| json!([]));
        if let Some(members) = members.as_array_mut() {
            members.insert(0, json!({ "$ref": reference }));
            if !siblings.is_empty() {
                members.insert(1, Value::Object(siblings));
            }
        }
    }
}
