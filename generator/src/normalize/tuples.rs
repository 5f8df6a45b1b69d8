//! `prefixItems`: arrays whose items differ by position. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Converts a tuple to an array of any of its items, and keeps the exact form in `x-sdk-prefix-items`.
pub(crate) fn convert_tuple(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(items)) = schema.get("items") {
        // As written before 2020.
        let items = Value::Array(items.clone());
        schema.insert("prefixItems".to_owned(), items);
        let rest = schema.shift_remove("additionalItems").unwrap_or(json!(true));
        schema.insert("items".to_owned(), rest);
    }
    let Some(Value::Array(prefix)) = schema.shift_remove("prefixItems") else { return };
    let rest = schema.get("items").filter(|rest| rest.is_object()).cloned();
    let has_rest = rest.is_some();
    if schema.get("items") == Some(&json!(false)) {
        // Nothing may follow.
        let most = schema.get("maxItems").and_then(Value::as_u64).unwrap_or(u64::MAX).min(prefix.len() as u64);
        schema.insert("maxItems".to_owned(), json!(most));
    }
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
    // What follows a described rest has no position.
    if !has_rest {
        schema.insert(super::PREFIX_ITEMS.to_owned(), Value::Array(prefix));
    }
}
