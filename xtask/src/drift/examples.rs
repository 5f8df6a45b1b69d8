//! Examples of every kind of change of a schema: what was there, what is there now, and why it matters as it does. The levels are
//! not written here: the comparison decides them.

use serde_json::{Value, json};

/// An example of a kind of change.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// The property before; `None` if there was none.
    pub(super) before: Option<Value>,
    /// The property after.
    pub(super) after: Option<Value>,
    /// Whether the property is required before and after.
    pub(super) required: (bool, bool),
    /// Why it has its levels.
    pub(super) why: &'static str,
}

/// Returns the examples. Each is tried in requests and in responses.
pub(super) fn list_examples() -> Vec<Example> {
    let mut all = Vec::new();
    all.extend(presence());
    all.extend(types());
    all.extend(values());
    all.extend(bounds());
    all.extend(notes());
    all
}

fn example(before: Value, after: Value, why: &'static str) -> Example {
    Example { before: Some(before), after: Some(after), required: (false, false), why }
}

fn presence() -> Vec<Example> {
    let text = || Some(json!({"type": "string"}));
    let row = |before, after, required, why| Example { before, after, required, why };
    vec![
        row(
            None,
            text(),
            (false, true),
            "a request without it is refused, and constructors take it; responses may have more than is read",
        ),
        row(None, text(), (false, false), "nobody has to send or read it"),
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
        row(text(), text(), (false, true), "a request without it is refused"),
        row(text(), text(), (true, false), "a response without it cannot be read; the field becomes an option"),
        example(
            json!({"type": "string"}),
            json!({"type": ["string", "null"]}),
            "an optional property is read as absent when it is `null`; a required one cannot be read",
        ),
        example(json!({"type": ["string", "null"]}), json!({"type": "string"}), "a request with `null` is refused"),
    ]
}

fn types() -> Vec<Example> {
    let member = |kind: &str| json!({"type": "object", "required": ["kind"], "properties": {"kind": {"const": kind}}});
    let pair = |one: &str, other: &str| json!({"type": "array", "prefixItems": [{"type": one}, {"type": other}]});
    let open = || json!({"type": "object", "properties": {"a": {"type": "string"}}});
    let closed = || json!({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": false});
    vec![
        example(json!({"type": "string"}), json!({"type": "boolean"}), "neither side understands the other"),
        example(
            json!({"type": "integer"}),
            json!({"type": "number"}),
            "a fraction does not fit an integer; every integer is a number",
        ),
        example(
            json!({"type": "number"}),
            json!({"type": "integer"}),
            "a request with a fraction is refused; every integer is a number",
        ),
        example(
            json!({"oneOf": [member("a"), member("b")]}),
            json!({"oneOf": [member("a"), member("b"), member("c")]}),
            "unions keep what they do not know",
        ),
        example(
            json!({"oneOf": [member("a"), member("b"), member("c")]}),
            json!({"oneOf": [member("a"), member("b")]}),
            "a request with the member is refused",
        ),
        example(pair("string", "integer"), pair("integer", "string"), "a tuple is sent and read position by position"),
        example(
            open(),
            closed(),
            "a request with other properties is refused, which only the document's silence allowed",
        ),
        example(closed(), open(), "responses may have more than is read"),
    ]
}

fn values() -> Vec<Example> {
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
            "a request has the old constant; a response is read, with the new one",
        ),
    ]
}

fn bounds() -> Vec<Example> {
    let row = |before, after, why| example(before, after, why);
    vec![
        row(
            json!({"type": "integer"}),
            json!({"type": "integer", "minimum": 1}),
            "a request out of bounds is refused; responses are not checked",
        ),
        row(json!({"type": "integer", "minimum": 1}), json!({"type": "integer"}), "more is accepted"),
        row(
            json!({"type": "string", "maxLength": 9}),
            json!({"type": "string", "maxLength": 5}),
            "a request out of bounds is refused; responses are not checked",
        ),
        row(json!({"type": "string", "maxLength": 5}), json!({"type": "string", "maxLength": 9}), "more is accepted"),
        row(
            json!({"type": "string"}),
            json!({"type": "string", "pattern": "^a"}),
            "a request that does not match is refused",
        ),
        row(
            json!({"type": "string", "pattern": "^a"}),
            json!({"type": "string", "pattern": "^b"}),
            "a request that matched may be refused",
        ),
        row(json!({"type": "string", "pattern": "^a"}), json!({"type": "string"}), "more is accepted"),
        row(
            json!({"type": "integer", "format": "int32"}),
            json!({"type": "integer", "format": "int64"}),
            "a large number does not fit `i32`",
        ),
        row(
            json!({"type": "string"}),
            json!({"type": "string", "format": "date-time"}),
            "the field has another type; timestamps are read as they are",
        ),
    ]
}

fn notes() -> Vec<Example> {
    let row = |before, after, why| example(before, after, why);
    vec![
        row(
            json!({"type": "integer", "default": 1}),
            json!({"type": "integer", "default": 2}),
            "a request without it means something else",
        ),
        row(
            json!({"type": "integer"}),
            json!({"type": "integer", "default": 2}),
            "a request without it may mean something else",
        ),
        row(
            json!({"type": "integer", "default": 1}),
            json!({"type": "integer"}),
            "a request without it may mean something else",
        ),
        row(json!({"type": "string"}), json!({"type": "string", "deprecated": true}), "its uses are warned of"),
        row(
            json!({"type": "string", "deprecated": true}),
            json!({"type": "string"}),
            "its uses are no longer warned of",
        ),
        row(
            json!({"type": "string", "description": "One."}),
            json!({"type": "string", "description": "Another."}),
            "documentation",
        ),
    ]
}
