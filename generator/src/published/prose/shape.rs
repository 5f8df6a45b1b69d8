//! Lists of fields as schemas.

use serde_json::{Map, Value, json};

use super::super::APPROXIMATE;
use super::bullets::{Bullet, Field};
use super::label;

/// The schema of a section: its fields as an object, or the type that its only line names.
pub(super) fn schema(list: &[Bullet<'_>]) -> Option<Value> {
    let fields: Vec<(Field<'_>, &Bullet<'_>)> =
        list.iter().filter_map(|bullet| Some((bullet.field()?, bullet))).collect();
    if !fields.is_empty() {
        return Some(object(&fields));
    }
    let mut named: Vec<Value> = list.iter().filter_map(Bullet::name).map(|name| label::schema(name, &[])).collect();
    match named.len() {
        0 => None,
        1 => named.pop(),
        _ => Some(json!({"oneOf": named})),
    }
}

/// A section below "Types": what it says, or a type of which nothing is known.
pub(super) fn component(list: &[Bullet<'_>], text: &str) -> Value {
    let values = list.iter().find_map(Bullet::allowed_values);
    let mut found = match values {
        Some(values) => json!({"type": "string", "enum": values}),
        None => schema(list).unwrap_or_else(|| json!({})),
    };
    if let Some(found) = found.as_object_mut() {
        if !text.is_empty() {
            found.insert("description".to_owned(), json!(text));
        }
        found.insert(APPROXIMATE.to_owned(), json!(true));
    }
    found
}

fn object(fields: &[(Field<'_>, &Bullet<'_>)]) -> Value {
    let mut properties = Map::new();
    let mut required: Vec<&str> = Vec::new();
    for (field, bullet) in fields {
        if field.required {
            required.push(field.name);
        }
        properties.insert(field.name.to_owned(), property(field, bullet));
    }
    let mut object = json!({"type": "object", "properties": properties});
    if let Some(object) = object.as_object_mut().filter(|_| !required.is_empty()) {
        object.insert("required".to_owned(), json!(required));
    }
    object
}

/// The schema of a field with what is nested below it.
pub(super) fn property(field: &Field<'_>, bullet: &Bullet<'_>) -> Value {
    let values = bullet.children.iter().find_map(Bullet::allowed_values).unwrap_or_default();
    let mut found = label::schema(field.label, &values);
    if let Some(inner) = schema(&bullet.children).filter(|inner| inner.get("properties").is_some()) {
        fill(&mut found, &inner);
    }
    if field.nullable {
        found = json!({"oneOf": [found, {"type": "null"}]});
    }
    let Value::Object(found) = &mut found else { return found };
    if let Some(default) = field.default {
        found.insert("default".to_owned(), value_of(default, found));
    }
    if field.deprecated {
        found.insert("deprecated".to_owned(), json!(true));
    }
    if !field.description.is_empty() {
        found.insert("description".to_owned(), json!(field.description));
    }
    Value::Object(std::mem::take(found))
}

/// Puts the members of an inline object where the label says `object`.
fn fill(schema: &mut Value, inner: &Value) {
    if schema.get("type").and_then(Value::as_str) == Some("object") && schema.get("additionalProperties").is_none() {
        *schema = inner.clone();
        return;
    }
    for key in ["items", "additionalProperties"] {
        if let Some(next) = schema.get_mut(key) {
            fill(next, inner);
        }
    }
    for member in schema.get_mut("oneOf").and_then(Value::as_array_mut).into_iter().flatten() {
        fill(member, inner);
    }
}

/// A default is written without quotes: only a type that is no text makes it something else.
fn value_of(text: &str, schema: &Map<String, Value>) -> Value {
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
    fn a_list_of_fields_is_an_object_with_objects_inside() {
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
        assert_eq!(schema(&parse_bullets(text.lines()).0), Some(expected));
    }

    #[test]
    fn a_section_may_name_a_type_or_say_nothing() {
        let of = |text: &str| schema(&parse_bullets(text.lines()).0);
        assert_eq!(of("- `Run`"), Some(json!({"$ref": "#/components/schemas/Run"})));
        assert_eq!(
            of("- `list of Run`"),
            Some(json!({"type": "array", "items": {"$ref": "#/components/schemas/Run"}}))
        );
        assert_eq!(of("Words."), None);
        assert_eq!(component(&[], "Words."), json!({"description": "Words.", "x-sdk-approximate": true}));
    }
}
