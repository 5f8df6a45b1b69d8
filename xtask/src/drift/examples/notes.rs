//! What is said about a schema and does not restrict its values. Knows no restriction.

use serde_json::{Value, json};

use super::{Example, example};

/// Returns defaults, deprecation, directions, words, and keywords that no type expresses.
pub(super) fn list_notes() -> Vec<Example> {
    let text = |key: &str, value: Value| {
        let mut schema = json!({"type": "string"});
        schema[key] = value;
        schema
    };
    let plain = || json!({"type": "string"});
    let number = |default: i32| json!({"type": "integer", "default": default});
    let list = || json!({"type": "array", "items": {"type": "string"}});
    let distinct = || json!({"type": "array", "items": {"type": "string"}, "uniqueItems": true});
    vec![
        example(number(1), number(2), "a request without it means something else"),
        example(json!({"type": "integer"}), number(2), "a request without it may mean something else"),
        example(number(1), json!({"type": "integer"}), "a request without it may mean something else"),
        example(plain(), text("deprecated", json!(true)), "the documentation says so; fields carry no warning"),
        example(text("deprecated", json!(true)), plain(), "the documentation no longer says so"),
        example(plain(), text("readOnly", json!(true)), "a server may refuse it in a request"),
        example(text("readOnly", json!(true)), plain(), "it may be sent"),
        example(plain(), text("writeOnly", json!(true)), "responses no longer have it"),
        example(text("writeOnly", json!(true)), plain(), "responses may have it"),
        example(
            text("description", json!("One.")),
            text("description", json!("Another.")),
            "the documentation has other words",
        ),
        example(list(), distinct(), "a request with equal items is refused"),
        example(distinct(), list(), "more is accepted"),
    ]
}
