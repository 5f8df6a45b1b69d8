//! Presence, types, unions, arrays, objects and enumerations. Knows no bound.

use serde_json::{Value, json};

use super::{Example, example};

pub(super) fn presence() -> Vec<Example> {
    let text = || Some(json!({"type": "string"}));
    let number = || Some(json!({"type": "integer"}));
    let row = |before, after, required, why| Example { before, after, required, why };
    let nullable = || json!({"type": ["string", "null"]});
    vec![
        row(
            None,
            text(),
            (false, true),
            "a request without it is refused, and constructors take it; responses may have more than is read",
        ),
        row(None, number(), (false, false), "nobody has to send or read it"),
        row(
            text(),
            None,
            (true, false),
            "a response without it cannot be read; a server may ignore or refuse what it no longer knows",
        ),
        row(
            text(),
            None,
            (false, false),
            "a response without it can be read; a server may ignore or refuse what it no longer knows",
        ),
        row(text(), text(), (false, true), "a request without it is refused; the field is no longer an option"),
        row(text(), text(), (true, false), "a response without it cannot be read; the field becomes an option"),
        example(
            json!({"type": "string"}),
            nullable(),
            "an optional property is read as absent when it is `null`; a required one cannot be read",
        ),
        example(nullable(), json!({"type": "string"}), "a request with `null` is refused"),
        row(text(), Some(nullable()), (true, true), "a required property cannot be read when it is `null`"),
        row(Some(nullable()), text(), (true, true), "a request with `null` is refused"),
    ]
}

pub(super) fn types() -> Vec<Example> {
    let plain = |kind: &str| json!({"type": kind});
    let named = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
    vec![
        example(plain("string"), plain("boolean"), "neither side understands the other"),
        example(plain("integer"), plain("number"), "a fraction does not fit an integer; every integer is a number"),
        example(plain("number"), plain("integer"), "a request with a fraction is refused; every integer is a number"),
        example(
            plain("string"),
            json!({"type": "array", "items": {"type": "string"}}),
            "neither side understands the other",
        ),
        example(
            plain("string"),
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            "a response with the new type cannot be read",
        ),
        example(
            json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
            plain("string"),
            "a request with the other type is refused; a response is one of those that were known",
        ),
        example(plain("string"), json!({}), "a response of another type cannot be read"),
        example(json!({}), plain("string"), "a request of another type is refused"),
        example(
            named("Draft"),
            named("Final"),
            "another type stands here; what matters on the wire is how the two differ",
        ),
    ]
}

/// Returns a member of a union that a property identifies.
fn member(tag: &str, value: &str) -> Value {
    json!({"type": "object", "required": [tag], "properties": {tag: {"const": value}}})
}

pub(super) fn unions() -> Vec<Example> {
    let union = |values: &[&str]| {
        let members: Vec<Value> = values.iter().map(|value| member("kind", value)).collect();
        json!({"oneOf": members})
    };
    let both = |value: &str| {
        json!({"type": "object", "required": ["kind", "sort"],
            "properties": {"kind": {"const": value}, "sort": {"const": value}}})
    };
    // No member fixes the property.
    let selected = |is_declared: bool| {
        let member = |name: &str| json!({"type": "object", "required": ["kind", name], "properties": {"kind": {"type": "string"}, name: {"type": "string"}}});
        let mut union = json!({"oneOf": [member("x"), member("y")]});
        if is_declared {
            union["discriminator"] = json!({"propertyName": "kind"});
        }
        union
    };
    let declared = |tag: &str| json!({"oneOf": [both("a"), both("b")], "discriminator": {"propertyName": tag}});
    let nullable = || json!({"oneOf": [member("kind", "a"), member("kind", "b"), {"type": "null"}]});
    vec![
        example(union(&["a", "b"]), union(&["a", "b", "c"]), "unions keep what they do not know"),
        Example {
            required: (true, true),
            ..example(
                union(&["a", "b"]),
                nullable(),
                "unions keep `null` as what they do not know; the field becomes an option",
            )
        },
        Example {
            required: (true, true),
            ..example(nullable(), union(&["a", "b"]), "a request with `null` is refused")
        },
        example(union(&["a", "b", "c"]), union(&["a", "b"]), "a request with the member is refused"),
        example(
            json!({"oneOf": [both("a"), both("b")]}),
            declared("kind"),
            "the same values; only how a client finds the member is stated",
        ),
        example(declared("kind"), json!({"oneOf": [both("a"), both("b")]}), "the same values"),
        example(declared("kind"), declared("sort"), "the same values, told apart by another property"),
        example(selected(false), selected(true), "the same values; only how a client finds the member is stated"),
        example(selected(true), selected(false), "the same values"),
    ]
}

/// Properties that move into another one, and objects that get or lose what they state.
pub(super) fn moves() -> Vec<Example> {
    let text = || json!({"type": "string"});
    let inner = || json!({"type": "object", "properties": {"h": text()}});
    let outer = || json!({"type": "object", "properties": {"g": inner()}});
    let needed = || json!({"type": "object", "required": ["h"], "properties": {"h": text()}});
    let within = || json!({"type": "object", "required": ["g"], "properties": {"g": needed()}});
    let stated = || json!({"type": "object", "properties": {"a": text()}});
    let free = || json!({"type": "object"});
    let open = || json!({"type": "object", "additionalProperties": true});
    vec![
        example(inner(), outer(), "neither side finds what it looks for; nobody has to send or read it"),
        example(outer(), inner(), "neither side finds what it looks for; nobody has to send or read it"),
        example(needed(), within(), "neither side finds what it needs"),
        example(within(), needed(), "neither side finds what it needs"),
        example(free(), stated(), "a request with another type of the property is refused; a map reads any"),
        example(stated(), free(), "a response with another type of the property cannot be read"),
        example(open(), stated(), "a request with another type of the property is refused; a map reads any"),
    ]
}

pub(super) fn arrays_and_objects() -> Vec<Example> {
    let tuple = |kinds: &[&str]| {
        let positions: Vec<Value> = kinds.iter().map(|kind| json!({"type": kind})).collect();
        json!({"type": "array", "prefixItems": positions})
    };
    let array = |kind: &str| json!({"type": "array", "items": {"type": kind}});
    let object = |rest: Option<Value>| {
        let mut schema = json!({"type": "object", "properties": {"a": {"type": "string"}}});
        if let Some(rest) = rest {
            schema["additionalProperties"] = rest;
        }
        schema
    };
    let map = |kind: &str| json!({"type": "object", "additionalProperties": {"type": kind}});
    let two =
        |name: &str| json!({"type": "object", "properties": {name: {"type": "string", "description": "The same."}}});
    vec![
        example(
            tuple(&["string", "integer"]),
            tuple(&["integer", "string"]),
            "a tuple is sent and read position by position",
        ),
        example(
            tuple(&["string", "integer"]),
            tuple(&["string", "integer", "boolean"]),
            "a strict server refuses another length; a client reads it, because the document does not say how long the tuple is",
        ),
        example(
            tuple(&["string", "integer", "boolean"]),
            tuple(&["string", "integer"]),
            "a strict server refuses another length; a client reads it, because the document does not say how long the tuple is",
        ),
        example(array("string"), array("integer"), "neither side understands the items of the other"),
        example(map("integer"), map("number"), "a fraction does not fit an integer"),
        example(map("number"), map("integer"), "a request with a fraction is refused"),
        example(
            object(None),
            object(Some(json!(false))),
            "a request with other properties is refused, which only the document's silence allowed",
        ),
        example(object(Some(json!(false))), object(None), "responses may have more than is read"),
        example(object(Some(json!(true))), object(Some(json!(false))), "a request with other properties is refused"),
        example(
            two("y-name"),
            two("y_name"),
            "the same values and the same letters, but neither side reads the other's name",
        ),
    ]
}

pub(super) fn values() -> Vec<Example> {
    let list = |values: &[&str]| json!({"type": "string", "enum": values});
    vec![
        example(list(&["a", "b"]), list(&["a", "b", "c"]), "enumerations are open"),
        example(list(&["a", "b", "c"]), list(&["a", "b"]), "a request with the value is refused"),
        example(
            json!({"type": "string"}),
            list(&["a", "b"]),
            "a request with another value is refused; enumerations are open",
        ),
        example(
            list(&["a", "b"]),
            json!({"type": "string"}),
            "any string was possible before, as enumerations are open",
        ),
        example(
            json!({"const": "a"}),
            json!({"const": "b"}),
            "a request has the old constant; a response is read, but has none of the values that were known",
        ),
    ]
}
