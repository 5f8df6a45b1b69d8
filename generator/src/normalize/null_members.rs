//! Converts `null` members of `oneOf` and `anyOf`. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Replaces `null` members by `nullable`. If a single member remains, it replaces the union.
pub(crate) fn remove_null_members(schema: &mut Map<String, Value>) {
    for key in ["oneOf", "anyOf"] {
        let Some(members) = schema.get_mut(key).and_then(Value::as_array_mut) else { continue };
        let before = members.len();
        members.retain(|member| !is_null(member));
        if members.len() == before {
            continue;
        }
        let single = if members.len() == 1 { members.pop() } else { None };
        let nothing_left = single.is_none() && members.is_empty();
        if single.is_some() || nothing_left {
            schema.shift_remove(key);
        }
        schema.insert("nullable".to_owned(), json!(true));
        if let Some(single) = single {
            absorb(schema, single);
        }
    }
}

fn is_null(member: &Value) -> bool {
    let only = |key: &str, expected: Value| member.get(key) == Some(&expected);
    only("type", json!("null"))
        || only("type", json!(["null"]))
        || member.get("const").is_some_and(Value::is_null)
        || only("enum", json!([null]))
}

/// Merges a member into its parent. A reference is kept as a reference, so that the type keeps its name.
fn absorb(schema: &mut Map<String, Value>, member: Value) {
    let is_inline = |member: &Map<String, Value>| !member.contains_key("$ref") && !member.contains_key("allOf");
    if member.as_object().is_none_or(|member| !is_inline(member)) {
        schema.insert("allOf".to_owned(), json!([member]));
    } else if let Value::Object(member) = member {
        for (key, value) in member {
            schema.entry(key).or_insert(value);
        }
    }
}
