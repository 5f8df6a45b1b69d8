//! Converts lists of fields to schemas. Must not know the sections of a page.

use serde_json::{Map, Value, json};

use super::super::APPROXIMATE;
use super::bullets::{Bullet, Field};
use super::label;

/// Returns the schema of a section: an object of its fields, or the type that its only line names.
pub(super) fn section_schema(list: &[Bullet<'_>]) -> Option<Value> {
    let fields: Vec<(Field<'_>, &Bullet<'_>)> =
        list.iter().filter_map(|bullet| Some((bullet.parse_field()?, bullet))).collect();
    if !fields.is_empty() {
        return Some(object_schema(&fields));
    }
    let mut named: Vec<Value> =
        list.iter().filter_map(Bullet::parse_type_name).map(|name| label::label_schema(name, &[])).collect();
    match named.len() {
        0 => None,
        1 => named.pop(),
        _ => Some(json!({"oneOf": named})),
    }
}

/// Returns the schema of a section below "Types", or an empty one if nothing is known about it.
pub(super) fn component_schema(list: &[Bullet<'_>], text: &str) -> Value {
    let values = list.iter().find_map(Bullet::parse_allowed_values);
    let mut found = match values {
        Some(values) => json!({"type": "string", "enum": values}),
        None => section_schema(list).unwrap_or_else(|| json!({})),
    };
    if let Some(found) = found.as_object_mut() {
        if !text.is_empty() {
            found.insert("description".to_owned(), json!(text));
        }
        found.insert(APPROXIMATE.to_owned(), json!(true));
    }
    found
}

fn object_schema(fields: &[(Field<'_>, &Bullet<'_>)]) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    for (field, bullet) in fields {
        if field.required {
            required.push(field.name);
        }
        properties.insert(field.name.to_owned(), field_schema(field, bullet));
    }
    let mut object = json!({"type": "object", "properties": properties});
    if let Some(object) = object.as_object_mut().filter(|_| !required.is_empty()) {
        object.insert("required".to_owned(), json!(required));
    }
    object
}

/// Returns the schema of a field, including nested fields.
pub(super) fn field_schema(field: &Field<'_>, bullet: &Bullet<'_>) -> Value {
    let values = bullet.children.iter().find_map(Bullet::parse_allowed_values).unwrap_or_default();
    let mut found = label::label_schema(field.label, &values);
    if let Some(inner) = section_schema(&bullet.children).filter(|inner| inner.get("properties").is_some()) {
        fill_objects(&mut found, &inner);
    }
    if field.nullable {
        found = json!({"oneOf": [found, {"type": "null"}]});
    }
    let Value::Object(found) = &mut found else { return found };
    if let Some(default) = field.default {
        found.insert("default".to_owned(), parse_default(default, found));
    }
    if field.deprecated {
        found.insert("deprecated".to_owned(), json!(true));
    }
    if !field.description.is_empty() {
        found.insert("description".to_owned(), json!(field.description));
    }
    Value::Object(std::mem::take(found))
}

/// Inserts the members of an inline object where the label contains `object`.
fn fill_objects(schema: &mut Value, inner: &Value) {
    if schema.get("type").and_then(Value::as_str) == Some("object") && schema.get("additionalProperties").is_none() {
        *schema = inner.clone();
        return;
    }
    for key in ["items", "additionalProperties"] {
        if let Some(next) = schema.get_mut(key) {
            fill_objects(next, inner);
        }
    }
    for member in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        fill_objects(member, inner);
    }
}

/// Parses a default value, which is written without quotes: it is a string unless the type is another one.
fn parse_default(text: &str, schema: &Map<String, Value>) -> Value {
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => json!(text),
        Some(_) | None => serde_json::from_str(text).unwrap_or_else(|_| json!(text)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::bullets::parse_bullets;
    use super::*;

    #[test]
    fn list_of_fields_becomes_an_object_with_nested_objects() {
        let text = "- `id` (string, required) — The ID.\n- `options` (object, optional)\n  - `depth` (integer, optional, default: 3)\n\
            - `tags` (list of objects, optional, nullable, deprecated)\n  - `name` (string, required)\n\
            - `mode` (enum, optional, default: 1)\n  - Allowed values: `1`, `b`\n";
        let expected = json!({"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string", "description": "The ID."},
            "options": {"type": "object", "properties": {"depth": {"type": "integer", "default": 3}}},
            "tags": {"deprecated": true, "oneOf": [{"type": "array", "items": {
                "type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}}, {"type": "null"}]},
            "mode": {"type": "string", "enum": ["1", "b"], "default": "1"},
        }});
        assert_eq!(section_schema(&parse_bullets(text.lines()).0), Some(expected));
    }

    #[test]
    fn section_may_name_a_type_or_contain_no_schema() {
        let of = |text: &str| section_schema(&parse_bullets(text.lines()).0);
        assert_eq!(of("- `Run`"), Some(json!({"$ref": "#/components/schemas/Run"})));
        assert_eq!(
            of("- `list of Run`"),
            Some(json!({"type": "array", "items": {"$ref": "#/components/schemas/Run"}}))
        );
        assert_eq!(of("Words."), None);
        assert_eq!(component_schema(&[], "Words."), json!({"description": "Words.", "x-sdk-approximate": true}));
    }
}
