//! Converts `type` as a list, and `type: "null"`. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Keywords that apply to values of one type only.
const SPECIFIC: &[(&str, &[&str])] = &[
    ("array", &["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]),
    (
        "object",
        &["properties", "patternProperties", "additionalProperties", "required", "minProperties", "maxProperties"],
    ),
    ("string", &["minLength", "maxLength", "pattern", "format", "contentMediaType", "contentEncoding", "enum"]),
];

/// Converts a list of types to one type, `nullable`, or `anyOf`.
pub(crate) fn convert_type_array(schema: &mut Map<String, Value>) {
    if schema.get("type").and_then(Value::as_str) == Some("null") {
        schema.shift_remove("type");
        schema.insert("nullable".to_owned(), json!(true));
        schema.insert("enum".to_owned(), json!([null]));
        schema.insert(super::NULL.to_owned(), json!(true));
        return;
    }
    if let Some(Value::Array(types)) = schema.get("type")
        && let Some(Value::Array(members)) = schema.get("allOf")
        && types.iter().any(|name| name == "null")
    {
        // Beside `allOf`, `nullable` would mean "or null"; a list of types is one more condition.
        let members = members.iter().cloned().chain([json!({ "type": types })]).collect();
        schema.insert("allOf".to_owned(), Value::Array(members));
        schema.shift_remove("type");
        return;
    }
    let Some(Value::Array(types)) = schema.get("type") else { return };
    let names: Vec<String> = types.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    let (nulls, names): (Vec<_>, Vec<_>) = names.into_iter().partition(|name| name == "null");
    schema.shift_remove("type");
    if !nulls.is_empty() {
        schema.insert("nullable".to_owned(), json!(true));
    }
    match names.as_slice() {
        [] if nulls.is_empty() => {}
        [] => {
            schema.insert("enum".to_owned(), json!([null]));
            schema.insert(super::NULL.to_owned(), json!(true));
        }
        [only] => {
            schema.insert("type".to_owned(), json!(only));
        }
        several => {
            let members: Vec<Value> = several.iter().map(|name| alternative(schema, name)).collect();
            for (_, keywords) in SPECIFIC {
                keywords.iter().for_each(|keyword| {
                    schema.shift_remove(*keyword);
                });
            }
            schema.insert("anyOf".to_owned(), Value::Array(members));
        }
    }
}

fn alternative(schema: &Map<String, Value>, name: &str) -> Value {
    let mut member = Map::from_iter([("type".to_owned(), json!(name))]);
    let keywords = SPECIFIC.iter().filter(|(specific, _)| *specific == name).flat_map(|(_, keywords)| keywords.iter());
    for keyword in keywords {
        if let Some(value) = schema.get(*keyword) {
            member.insert((*keyword).to_owned(), value.clone());
        }
    }
    Value::Object(member)
}
