//! `prefixItems`: arrays whose items differ by position. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Converts a tuple to an array of any of its items, and keeps the exact form in `x-sdk-prefix-items`.
pub(crate) fn convert_tuple(schema: &mut Map<String, Value>) {
    let Some(Value::Array(prefix)) = schema.shift_remove("prefixItems") else { return };
    let rest = schema.get("items").filter(|rest| rest.is_object()).cloned();
    let mut members: Vec<Value> = Vec::new();
    for member in prefix.iter().cloned().chain(rest) {
        if !members.contains(&member) {
            members.push(member);
        }
    }
    let items = match members.as_slice() {
        [] => json!({}),
        [only] => only.clone(),
        _ => json!({ "anyOf": members }),
    };
    schema.insert("items".to_owned(), items);
    schema.insert(super::PREFIX_ITEMS.to_owned(), Value::Array(prefix));
}
