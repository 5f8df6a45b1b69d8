//! Tests samples against the validator, and that they cover what a schema allows.

use serde_json::{Value, json};

use super::*;

fn document() -> Document {
    Document::new(json!({
        "components": {"schemas": {
            "Side": {"type": "string", "enum": ["left", "right", "both"]},
            "Pet": {
                "type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}, "next": {"$ref": "#/components/schemas/Pet"}},
                "discriminator": {"propertyName": "kind", "mapping": {"c": "#/components/schemas/Cat"}},
            },
            "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["lives"], "properties": {"lives": {"type": "integer", "minimum": 1}}}]},
            "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"properties": {"side": {"$ref": "#/components/schemas/Side"}}}]},
            "Shape": {
                "oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}],
                "discriminator": {"propertyName": "t", "mapping": {"a": "#/components/schemas/A", "b": "#/components/schemas/B"}},
            },
            "A": {"type": "object", "properties": {"t": {"type": "string"}, "a": {"type": ["string", "null"]}}},
            "B": {"type": "object", "required": ["b"], "properties": {"t": {"type": "string"}, "b": {"type": "string", "format": "date-time"}}},
            "Endless": {"type": "object", "required": ["again"], "properties": {"again": {"$ref": "#/components/schemas/Endless"}}},
        }},
        "paths": {"/a": {"post": {
            "requestBody": {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "boolean"}}}}},
            "responses": {"200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/A"}}}}},
        }}},
    }))
}

fn valid(document: &Document, name: &str) -> Result<Vec<Value>, &'static str> {
    let subjects = document.subjects();
    let subject = subjects.iter().find(|subject| subject.name == name).unwrap();
    valid_values(document, &mut Sampler::new(document), subject, 12)
}

#[test]
fn samples_cover_every_variant_and_value() {
    let document = document();
    let rows = [
        ("Side", vec!["left", "right", "both"]),
        ("Pet", vec!["\"kind\":\"c\"", "\"kind\":\"Dog\"", "\"lives\":"]),
        ("Cat", vec!["\"kind\":\"c\""]),
        ("Shape", vec!["\"t\":\"a\"", "\"t\":\"b\"", "2026-02-09T"]),
        ("A", vec!["\"a\":null", "{}", "\"a\":\""]),
        ("POST /a request", vec!["true", "false"]),
        ("POST /a response", vec!["\"t\":"]),
    ];
    for (name, expected) in rows {
        let values = valid(&document, name).unwrap();
        let text = json!(values).to_string();
        for part in expected {
            assert!(text.contains(part), "{name}: {part} in {text}");
        }
    }
    assert_eq!(valid(&document, "Endless"), Err("a required property contains itself"));
}

#[test]
fn spoiled_values_are_invalid() {
    let document = document();
    let schema = json!({"$ref": "#/components/schemas/B"});
    let spoiled = spoil(&document, &schema, &json!({"t": "b", "b": "2026-02-09T10:11:12Z"}));
    let expected = [json!({"t": "b"}), json!({"t": [7], "b": "2026-02-09T10:11:12Z"}), json!({"t": "b", "b": [7]})];
    assert_eq!(spoiled, expected);
    assert!(spoiled.iter().all(|value| !is_valid(&document, &schema, value)));
}

#[test]
fn tag_of_a_declared_union_is_never_left_out() {
    let kind = |name: &str| json!({"type": "object", "properties": {"t": {"const": name}, "size": {"type": "integer", "format": "uint64"}}});
    let union = json!({"oneOf": [kind("a"), kind("b")], "discriminator": {"propertyName": "t"}});
    let document = Document::new(json!({"components": {"schemas": {"Union": union}}}));
    let values = valid(&document, "Union").unwrap();
    assert!(values.len() > 4 && values.iter().all(|value| value.get("t").is_some()), "{values:?}");
    assert!(values.iter().filter_map(|value| value.get("size")).all(Value::is_u64), "{values:?}");
}

#[test]
fn responses_are_called_by_their_status_where_there_are_several_and_forms_are_left_out() {
    let body = |schema: Value| json!({"content": {"application/vnd.a+json; charset=utf-8": {"schema": schema}}});
    let form = json!({"content": {"multipart/form-data": {"schema": {"$ref": "#/components/schemas/Form"}}}});
    let text = json!({"type": "string"});
    let document = Document::new(json!({
        "components": {"schemas": {"Form": {"type": "object"}, "Name": {"type": "string", "nullable": true}}},
        "paths": {"/a": {
            "post": {"requestBody": form, "responses": {"200": body(text.clone()), "201": body(text.clone()), "204": body(text.clone()), "404": body(text.clone())}},
            "get": {"responses": {"default": body(text)}},
        }},
    }));
    let names: Vec<String> = document.subjects().into_iter().map(|subject| subject.name).collect();
    assert_eq!(names, ["Form", "Name", "GET /a response", "POST /a response 200", "POST /a response 201"]);
    assert_eq!(valid(&document, "Form"), Err("a form, which is no JSON"));
    assert!(valid(&document, "Name").unwrap().iter().all(Value::is_string));
}
