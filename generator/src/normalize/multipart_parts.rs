//! Parts of multipart forms that OpenAPI 3.1 sends as bytes although they are no `binary` strings: parts without a type, and encoded
//! bytes. Knows the forms of request bodies, not how they are built.

use serde_json::{Map, Value, json};

use super::ANNOTATIONS;
use super::components::PLACE;
use super::traversal;
use crate::pointer::Pointer;

/// The media type of bytes that have no other.
const BYTES: &str = "application/octet-stream";
/// References that are followed one after the other; more lead in a circle.
const LONGEST_CHAIN: usize = 16;

/// Makes parts without a type files, and states the media type of encoded bytes where the document states none.
pub(crate) fn state_types_of_parts(document: &mut Value) {
    let is_3_0 = document.get("openapi").and_then(Value::as_str).is_none_or(|version| version.starts_with("3.0"));
    if is_3_0 {
        return;
    }
    let schemas = document.pointer_mut(PLACE).map(Value::take);
    traversal::each_object(document, &mut |object| {
        if let Some(form) = object.get_mut("multipart/form-data").and_then(Value::as_object_mut) {
            state_types(form, schemas.as_ref());
        }
    });
    if let (Some(place), Some(schemas)) = (document.pointer_mut(PLACE), schemas) {
        *place = schemas;
    }
}

fn state_types(form: &mut Map<String, Value>, schemas: Option<&Value>) {
    let own = form.get_mut("schema").and_then(|schema| schema.get_mut("properties")).and_then(Value::as_object_mut);
    let mut named: Vec<(String, String)> = Vec::new();
    for (name, property) in own.into_iter().flatten().filter(|(_, property)| is_untyped(property)) {
        let mut file = property.as_object().cloned().unwrap_or_default();
        let stated = file.get("contentMediaType").and_then(Value::as_str);
        named.extend(stated.map(|media_type| (name.clone(), media_type.to_owned())));
        file.insert("type".to_owned(), json!("string"));
        file.entry("contentMediaType").or_insert_with(|| json!(BYTES));
        *property = Value::Object(file);
    }
    let schema = form.get("schema").map(|schema| resolve(schema, schemas));
    let properties = schema.and_then(|schema| schema.get("properties")).and_then(Value::as_object);
    let encoded = properties
        .into_iter()
        .flatten()
        .filter(|(_, property)| {
            let property = resolve(property, schemas);
            let item = property.get("items").map_or(property, |items| resolve(items, schemas));
            item.get("contentEncoding").is_some()
        })
        .map(|(name, _)| (name.clone(), BYTES.to_owned()));
    named.extend(encoded);
    if named.is_empty() {
        return;
    }
    let Some(encodings) = form.entry("encoding").or_insert_with(|| json!({})).as_object_mut() else { return };
    for (name, media_type) in named {
        let stated = encodings.entry(name).or_insert_with(|| json!({}));
        let Some(stated) = stated.as_object_mut() else { continue };
        if !["style", "explode", "allowReserved"].iter().any(|key| stated.contains_key(*key)) {
            stated.entry("contentType").or_insert_with(|| json!(media_type));
        }
    }
}

/// Returns whether a schema allows anything, or names a media type of bytes and nothing else.
fn is_untyped(schema: &Value) -> bool {
    match schema {
        Value::Bool(allows) => *allows,
        Value::Object(map) => map.iter().all(|(key, value)| {
            let is_bytes = key == "contentMediaType" && value.as_str().is_some_and(|media| !media.contains("json"));
            is_bytes || ANNOTATIONS.contains(&key.as_str()) || key.starts_with("x-")
        }),
        Value::Null | Value::Number(_) | Value::String(_) | Value::Array(_) => false,
    }
}

/// Returns what a schema refers to among the components, or the schema.
fn resolve<'a>(schema: &'a Value, schemas: Option<&'a Value>) -> &'a Value {
    let mut resolved = schema;
    for _ in 0..LONGEST_CHAIN {
        let reference = resolved.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
        let within = reference.and_then(|text| text.strip_prefix(PLACE)).map(|text| format!("#{text}"));
        let target = within.as_deref().and_then(Pointer::from_reference);
        let Some(target) = target.and_then(|target| target.find(schemas?)) else { break };
        resolved = target;
    }
    resolved
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_what_their_references_lead_to() {
        let (text, base64) = (json!({"type": "string"}), json!({"type": "string", "contentEncoding": "base64"}));
        let reference = |place: &str| json!({"$ref": format!("#/components/schemas/{place}")});
        let schemas = json!({
            "Bytes": base64, "Alias": reference("Bytes"), "Circle": reference("Circle"),
            "Holder": {"properties": {"Bytes": text, "inner": base64}}, "a/b": base64,
        });
        for (place, is_bytes) in [
            ("Bytes", true),
            ("Alias", true),
            ("Holder/properties/inner", true),
            ("Holder/properties/Bytes", false),
            ("a~1b", true),
            ("Circle", false),
            ("Missing", false),
        ] {
            let form = json!({"schema": {"type": "object", "properties": {"part": reference(place)}}});
            let mut document = json!({
                "openapi": "3.1.0", "components": {"schemas": schemas},
                "paths": {"/a": {"post": {"requestBody": {"content": {"multipart/form-data": form}}}}},
            });
            state_types_of_parts(&mut document);
            let encoding = document.pointer("/paths/~1a/post/requestBody/content/multipart~1form-data/encoding");
            let expected = json!({"part": {"contentType": BYTES}});
            assert_eq!(encoding, is_bytes.then_some(&expected), "{place}");
        }
    }

    #[test]
    fn parts_that_are_bytes_have_the_type_of_bytes() {
        let base64 = json!({"type": "string", "contentEncoding": "base64"});
        let properties = |file: Value| json!({"file": file, "text": {"type": "string"}, "png": base64, "list": {"type": "array", "items": {"$ref": "#/components/schemas/B"}}});
        let document = |version: &str, file: Value, encoding: Value| {
            let form = json!({"schema": {"type": "object", "properties": properties(file)}, "encoding": encoding});
            json!({
                "openapi": version, "components": {"schemas": {"B": base64}},
                "paths": {"/a": {"post": {"requestBody": {"content": {"multipart/form-data": form}}}}},
            })
        };
        let untyped = json!({"description": "d"});
        let file = json!({"description": "d", "type": "string", "contentMediaType": BYTES});
        let stated = json!({"png": {"contentType": "image/png"}});
        let expected = json!({"png": {"contentType": "image/png"}, "list": {"contentType": BYTES}});
        let mut converted = document("3.1.0", untyped.clone(), stated.clone());
        state_types_of_parts(&mut converted);
        assert_eq!(converted, document("3.1.0", file, expected));
        let pdf = json!({"contentMediaType": "application/pdf"});
        let expected = json!({"png": {"contentType": "image/png"}, "file": {"contentType": "application/pdf"}, "list": {"contentType": BYTES}});
        let mut converted = document("3.1.0", pdf, stated.clone());
        state_types_of_parts(&mut converted);
        assert_eq!(
            converted,
            document("3.1.0", json!({"contentMediaType": "application/pdf", "type": "string"}), expected)
        );
        let unchanged = document("3.0.3", untyped, stated);
        let mut converted = unchanged.clone();
        state_types_of_parts(&mut converted);
        assert_eq!(converted, unchanged);
    }
}
