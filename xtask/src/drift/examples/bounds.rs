//! Bounds and patterns. Knows no other keyword.

use serde_json::{Map, Value, json};

use super::{Example, example};

const NARROWER: &str = "a request out of bounds is refused; responses are not checked";
const WIDER: &str = "more is accepted; responses are not checked";

/// A bound: its keyword, a schema that it applies to, a low and a high value, and whether the higher one allows more.
struct Bound {
    keyword: &'static str,
    schema: fn() -> Value,
    low: u64,
    high: u64,
    is_upper: bool,
}

/// Returns each bound set, unset, higher and lower; then patterns and formats.
pub(super) fn list_bound_examples() -> Vec<Example> {
    let mut all: Vec<Example> = list_bounds().iter().flat_map(moves).collect();
    all.extend(patterns());
    all.extend(formats());
    all
}

fn list_bounds() -> Vec<Bound> {
    let number = || json!({"type": "integer"});
    let text = || json!({"type": "string"});
    let items = || json!({"type": "array", "items": {"type": "string"}});
    let map = || json!({"type": "object", "additionalProperties": {"type": "string"}});
    let row = |keyword, schema, (low, high), is_upper| Bound { keyword, schema, low, high, is_upper };
    vec![
        row("minimum", number, (1, 3), false),
        row("maximum", number, (5, 9), true),
        row("exclusiveMinimum", number, (0, 2), false),
        row("exclusiveMaximum", number, (6, 10), true),
        row("minLength", text, (1, 3), false),
        row("maxLength", text, (5, 9), true),
        row("minItems", items, (1, 2), false),
        row("maxItems", items, (2, 4), true),
        row("minProperties", map, (1, 2), false),
        row("maxProperties", map, (2, 3), true),
    ]
}

fn moves(bound: &Bound) -> [Example; 4] {
    let with = |value: Option<u64>| {
        let mut schema = (bound.schema)().as_object().cloned().unwrap_or_else(Map::new);
        schema.extend(value.map(|value| (bound.keyword.to_owned(), json!(value))));
        Value::Object(schema)
    };
    let why = |is_wider: bool| if is_wider { WIDER } else { NARROWER };
    [
        example(with(None), with(Some(bound.low)), NARROWER),
        example(with(Some(bound.low)), with(None), WIDER),
        example(with(Some(bound.low)), with(Some(bound.high)), why(bound.is_upper)),
        example(with(Some(bound.high)), with(Some(bound.low)), why(!bound.is_upper)),
    ]
}

fn patterns() -> Vec<Example> {
    let with = |pattern: &str| json!({"type": "string", "pattern": pattern});
    vec![
        example(json!({"type": "string"}), with("^a"), "a request that does not match is refused"),
        example(with("^a"), with("^b"), "a request that matched is refused, if it does not match the new one"),
        example(with("^a"), json!({"type": "string"}), "more is accepted"),
    ]
}

fn formats() -> Vec<Example> {
    let with = |kind: &str, format: &str| json!({"type": kind, "format": format});
    vec![
        example(
            with("integer", "int32"),
            with("integer", "int64"),
            "a large number in a response does not fit `i32`; the client sends small ones",
        ),
        example(with("integer", "int64"), with("integer", "int32"), "a large number in a request is refused"),
        example(
            json!({"type": "string"}),
            with("string", "date-time"),
            "a server that checks formats refuses other strings; the field has another type, which reads every string",
        ),
        example(with("string", "date-time"), json!({"type": "string"}), "more is accepted; the field has another type"),
        example(
            json!({"type": "string"}),
            with("string", "uuid"),
            "a server that checks formats refuses other strings; Rust has a string in any case",
        ),
    ]
}
