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
