//! Whether a schema that becomes plain JSON says more than that. Assigns no types.

use serde_json::{Map, Value};

use crate::keyword::Keywords;
use crate::model::references::{reference_of, resolve};
use crate::normalize::NULL;
use crate::pointer::Pointer;

/// Maximum number of schemas that are followed on the way to one that says something.
const LIMIT: usize = 8;

/// Returns whether a schema restricts its values to some JSON types.
pub(super) fn says_more(document: &Value, schema: &Value, place: &Pointer) -> bool {
    restricts(document, schema, place, LIMIT)
}

/// Returns why a schema that says more becomes plain JSON, where nothing else is known.
pub(super) fn reason(schema: &Value) -> &'static str {
    let values = schema.keyword("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let mut nested = values.iter().filter(|value| !value.is_null());
    match nested.clone().count() {
        1 if nested.all(|value| value.is_array() || value.is_object()) => "a fixed array or object",
        2.. if nested.all(|value| value.is_array() || value.is_object()) => "an enumeration of arrays or objects",
        _ => "its forms have no type in common",
    }
}

fn restricts(document: &Value, schema: &Value, place: &Pointer, left: usize) -> bool {
    let Some(left) = left.checked_sub(1) else { return false };
    if let Some(reference) = reference_of(schema) {
        return resolve(document, reference, place)
            .is_ok_and(|target| restricts(document, target.value, &target.place, left));
    }
    let Some(map) = schema.as_object().filter(|map| !map.has_keyword(NULL)) else { return false };
    let of_members = |key: &str| members(map, key).iter().map(|member| restricts(document, member, place, left));
    // One member that allows anything makes a union allow anything.
    let by_union = |key: &str| !members(map, key).is_empty() && of_members(key).all(|restricts| restricts);
    map.keyword("type").is_some_and(Value::is_string)
        || ["properties", "items", "additionalProperties"].iter().any(|key| map.get(*key).is_some_and(Value::is_object))
        || !members(map, "enum").is_empty()
        || of_members("allOf").any(|restricts| restricts)
        || by_union("oneOf")
        || by_union("anyOf")
}

fn members<'a>(map: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    map.keyword(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reason_says_what_is_listed() {
        let rows = [
            (json!({"enum": [{"a": 1}]}), "a fixed array or object"),
            (json!({"enum": [[1], [2], null]}), "an enumeration of arrays or objects"),
            (json!({"oneOf": [{"type": "string"}]}), "its forms have no type in common"),
        ];
        for (schema, expected) in rows {
            assert_eq!(reason(&schema), expected, "{schema}");
        }
    }

    #[test]
    fn schema_says_more_than_plain_json_if_it_allows_only_some_types() {
        let document =
            json!({"Any": {"description": "Anything."}, "Text": {"type": "string"}, "Self": {"$ref": "#/Self"}});
        let rows = [
            (json!({}), false),
            (json!({"description": "d", "nullable": true}), false),
            (json!({"x-sdk-null": true, "enum": [null]}), false),
            (json!({"type": "string"}), true),
            (json!({"enum": [1, "a"]}), true),
            (json!({"oneOf": [{"type": "string"}, {"$ref": "#/Text"}]}), true),
            (json!({"oneOf": [{"type": "string"}, {"$ref": "#/Any"}]}), false),
            (json!({"allOf": [{}, {"$ref": "#/Text"}]}), true),
            (json!({"$ref": "#/Self"}), false),
        ];
        for (schema, expected) in rows {
            assert_eq!(says_more(&document, &schema, &Pointer::root()), expected, "{schema}");
        }
    }
}
