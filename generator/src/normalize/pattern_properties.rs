//! `patternProperties`: maps whose value types depend on the key. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Folds the patterns into `additionalProperties` and keeps them in `x-sdk-patterns`.
pub(crate) fn fold_pattern_properties(schema: &mut Map<String, Value>) {
    let Some(Value::Object(patterns)) = schema.shift_remove("patternProperties") else { return };
    let names: Vec<&String> = patterns.keys().collect();
    let names = json!(names);
    let mut values: Vec<Value> = Vec::new();
    let additional = schema.get("additionalProperties").filter(|value| value.is_object()).cloned();
    for value in patterns.into_values().chain(additional) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let folded = match values.as_slice() {
        [] => json!(true),
        [only] => only.clone(),
        _ => json!({ "anyOf": values }),
    };
    schema.insert("additionalProperties".to_owned(), folded);
    schema.insert(super::PATTERNS.to_owned(), names);
}
