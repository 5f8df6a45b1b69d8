//! Values that a schema fixes. Knows nothing about types.

use serde_json::Value;

use crate::keyword::Keywords;
use crate::normalize::NULL;
use crate::pointer::Pointer;

use super::all_of::merge;
use super::references::resolve;
use super::schema::{Form, classify};

/// Levels of references and merges before a cycle is assumed.
const LIMIT: usize = 16;

/// Returns the only value that a schema allows, through references and `allOf`.
pub(super) fn constant_of(document: &Value, schema: &Value, place: &Pointer) -> Option<Value> {
    allowed(document, schema, place, LIMIT).filter(|values| values.len() == 1)?.pop()
}

/// Returns the values that a schema allows, if it lists them.
pub(super) fn values_of(document: &Value, schema: &Value, place: &Pointer) -> Vec<Value> {
    allowed(document, schema, place, LIMIT).unwrap_or_default()
}

fn allowed(document: &Value, schema: &Value, place: &Pointer, limit: usize) -> Option<Vec<Value>> {
    let limit = limit.checked_sub(1)?;
    if schema.keyword(NULL).is_some() {
        return Some(vec![Value::Null]);
    }
    match classify(schema) {
        Form::Reference(reference) => {
            let target = resolve(document, reference, place).ok()?;
            allowed(document, target.value, &target.place, limit)
        }
        Form::Merged => allowed(document, &merge(document, schema, place).ok()?, place, limit),
        Form::Constant(value) => Some(vec![value.clone()]),
        Form::Strings(texts) => Some(texts.into_iter().map(Value::from).collect()),
        Form::Integer(_) | Form::Number => schema.keyword("enum").and_then(Value::as_array).cloned(),
        Form::Union(_)
        | Form::Object
        | Form::Map(_)
        | Form::List(_)
        | Form::Tuple(..)
        | Form::String(_)
        | Form::Boolean
        | Form::Any
        | Form::Mixed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn constant_is_found_behind_references_and_refinements() {
        let document = json!({"components": {"schemas": {
            "Kind": {"type": "string", "enum": ["a", "b"]},
            "Two": {"type": "integer", "enum": [2]},
        }}});
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let rows = [
            (to("Two"), Some(json!(2))),
            (json!({"allOf": [to("Kind"), {"enum": ["b"]}]}), Some(json!("b"))),
            (json!({"allOf": [to("Two")], "description": "d"}), Some(json!(2))),
            (json!({"type": "boolean", "enum": [false]}), Some(json!(false))),
            (json!({"type": "object", "enum": [{"a": 1}]}), Some(json!({"a": 1}))),
            (json!({"x-sdk-null": true, "nullable": true, "enum": [null]}), Some(json!(null))),
            (to("Kind"), None),
            (json!({"type": "integer", "enum": [1, 2]}), None),
            (json!({"type": "string"}), None),
        ];
        for (schema, expected) in rows {
            assert_eq!(constant_of(&document, &schema, &Pointer::root()), expected, "{schema}");
        }
    }
}
