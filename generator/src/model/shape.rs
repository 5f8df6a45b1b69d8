//! What of a schema influences types: its shape, without annotations and constraints.
//!
//! Knows one schema at a time and follows no references.

use serde_json::{Map, Value, json};

use crate::keyword::Keywords;
use crate::normalize::{ANNOTATIONS, NULL, PREFIX_ITEMS};

/// Keywords that restrict values without describing their form.
const CONSTRAINTS: &[&str] = &[
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "dependentRequired",
    "dependentSchemas",
    "unevaluatedProperties",
    "unevaluatedItems",
    "not",
    "if",
    "then",
    "else",
];

/// Returns a schema without its annotations and constraints. Two schemas with the same shape are the same type.
pub(super) fn reduce_to_shape(schema: &Value) -> Value {
    let Some(map) = schema.as_object() else { return schema.clone() };
    let mut shaped = Map::new();
    for (key, value) in map.iter().filter(|(key, _)| is_shape(key)) {
        let value = match (key.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let mut properties: Vec<(&String, &Value)> = properties.iter().collect();
                properties.sort_by_key(|(name, _)| *name);
                let properties =
                    properties.into_iter().map(|(name, property)| (name.clone(), property_shape(property)));
                Value::Object(properties.collect())
            }
            ("required", Value::Array(names)) => {
                let mut names: Vec<&str> = names.iter().filter_map(Value::as_str).collect();
                names.sort_unstable();
                names.dedup();
                json!(names)
            }
            ("items" | "additionalProperties", Value::Object(_)) => reduce_to_shape(value),
            ("allOf" | "oneOf" | "anyOf", Value::Array(members)) => {
                Value::Array(members.iter().map(reduce_to_shape).collect())
            }
            (_, value) => value.clone(),
        };
        shaped.insert(key.clone(), value);
    }
    simplified(shaped)
}

/// Returns the shape of a property, `null` included.
fn property_shape(property: &Value) -> Value {
    let mut shaped = reduce_to_shape(property);
    if property.keyword("nullable") == Some(&Value::Bool(true))
        && let Some(map) = shaped.as_object_mut()
    {
        map.insert("nullable".to_owned(), Value::Bool(true));
    }
    shaped
}

/// Removes keywords that have no effect, and members of `allOf` that say nothing.
fn simplified(mut shaped: Map<String, Value>) -> Value {
    let nothing = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    let has_properties = shaped.keyword("properties").is_some_and(|properties| !nothing(properties));
    let idle = match shaped.keyword("additionalProperties") {
        Some(Value::Bool(open)) => *open || has_properties,
        Some(schema) => nothing(schema),
        None => false,
    };
    if idle {
        shaped.shift_remove("additionalProperties");
    }
    if shaped.keyword("required") == Some(&json!([])) {
        shaped.shift_remove("required");
    }
    if has_properties {
        shaped.entry("type").or_insert_with(|| json!("object"));
    }
    if let Some(Value::Array(mut members)) = shaped.shift_remove("allOf") {
        members.retain(|member| !nothing(member));
        match (shaped.is_empty(), members.as_slice()) {
            (_, []) => {}
            (true, [_]) => return members.pop().unwrap_or_default(),
            (_, _) => {
                shaped.insert("allOf".to_owned(), Value::Array(members));
            }
        }
    }
    shaped.sort_keys();
    Value::Object(shaped)
}

fn is_shape(key: &str) -> bool {
    let extension = key.starts_with("x-") && key != NULL && key != PREFIX_ITEMS;
    !extension && !ANNOTATIONS.contains(&key) && !CONSTRAINTS.contains(&key)
}

/// Returns whether a branch of `oneOf` or `anyOf` only constrains the schema around it (`{required: […]}`) and
/// describes no form of its own.
pub(super) fn only_demands(branch: &Value, around: &Map<String, Value>) -> bool {
    let Some(branch) = branch.as_object() else { return false };
    branch.iter().all(|(key, value)| match key.as_str() {
        "required" => true,
        "additionalProperties" => value.is_boolean(),
        // A format alone says nothing of the form of what has a type.
        "format" => !branch.has_keyword("type") && around.has_keyword("type"),
        "type" => around.keyword("type") == Some(value) || (value == "object" && around.has_keyword("properties")),
        "properties" => {
            let known = around.keyword("properties").and_then(Value::as_object);
            value.as_object().into_iter().flatten().all(|(name, property)| {
                let known = known.and_then(|properties| properties.get(name));
                refines(property, known.and_then(Value::as_object))
                    || known.is_some_and(|known| reduce_to_shape(known) == reduce_to_shape(property))
            })
        }
        "allOf" | "oneOf" | "anyOf" => {
            value.as_array().is_some_and(|members| members.iter().all(|member| only_demands(member, around)))
        }
        key => key != NULL && !is_shape(key),
    })
}

/// Returns whether the schema of a property only constrains it.
fn refines(property: &Value, known: Option<&Map<String, Value>>) -> bool {
    let nothing = Map::new();
    only_demands(property, known.unwrap_or(&nothing))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_that_differ_in_annotations_and_constraints_have_one_shape() {
        let rows = [
            (
                json!({"type": "object", "required": ["b", "a"], "properties": {"a": {"type": "string", "minLength": 1}, "b": {}}}),
                json!({"properties": {"b": {"description": "d"}, "a": {"type": "string"}}, "required": ["a", "b"], "additionalProperties": false}),
                true,
            ),
            (json!({"allOf": [{"$ref": "#/x"}, {"maxLength": 3}]}), json!({"$ref": "#/x"}), true),
            (json!({"type": "array", "items": {"title": "T"}}), json!({"items": {}, "type": "array"}), true),
            (json!({"type": "string", "enum": ["a"]}), json!({"type": "string"}), false),
            (
                json!({"properties": {"a": {"type": "string", "nullable": true}}}),
                json!({"properties": {"a": {"type": "string"}}}),
                false,
            ),
        ];
        for (one, other, same) in rows {
            assert_eq!(reduce_to_shape(&one) == reduce_to_shape(&other), same, "{one} {other}");
        }
    }

    #[test]
    fn branch_that_describes_no_form_only_demands() {
        let around = json!({"type": "object", "properties": {"a": {"type": "string"}, "kind": {"type": "string"}}});
        let rows = [
            (json!({"required": ["a"]}), true),
            (json!({"title": "By A", "required": ["a"], "not": {"required": ["b"]}}), true),
            (json!({"type": "object", "required": ["a"]}), true),
            (json!({"properties": {"a": {"minLength": 1}}}), true),
            (json!({"properties": {"a": {"type": "string", "pattern": "x"}}, "required": ["a"]}), true),
            (json!({"anyOf": [{"required": ["a"]}, {"not": {}}]}), true),
            (json!({"format": "date"}), true),
            (json!({"type": "string", "format": "date"}), false),
            (json!({"properties": {"b": {"type": "string"}}}), false),
            (json!({"properties": {"kind": {"enum": ["x"]}}}), false),
            (json!({"type": "string"}), false),
            (json!({"$ref": "#/x"}), false),
        ];
        for (branch, expected) in rows {
            assert_eq!(only_demands(&branch, around.as_object().unwrap()), expected, "{branch}");
        }
    }
}
