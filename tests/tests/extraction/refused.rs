//! What the check before sending says about types that cannot be extracted, and what is described without being asked for.

use std::collections::HashMap;

use extend_ai::schema_of;
use schemars::JsonSchema;
use serde_json::json;

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Invoice {
    number: String,
    lines: Vec<Line>,
    by_name: HashMap<String, f64>,
}

#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Line {
    amount: f64,
}

#[test]
fn every_problem_is_reported_with_its_path_and_what_to_write_instead() {
    let error = schema_of::<Invoice>().unwrap_err();
    assert_eq!(
        error.to_string(),
        "the type `Invoice` cannot be extracted: \
         `Invoice.number` is a string that is never null; write `Option<String>`, because the API returns null for what a document does \
         not contain; and \
         `Invoice.lines[].amount` is a number that is never null; write `Option<f64>`, because the API returns null for what a document \
         does not contain; and \
         `Invoice.by_name` is a map; write a list of structs with one field for the key and one for the value"
    );
    let kinds: Vec<&str> = error.problems().iter().map(|problem| problem.kind.as_str()).collect();
    assert_eq!(kinds, ["not-optional", "not-optional", "map"]);
    assert_eq!(error.type_name(), "Invoice");
}

#[test]
fn only_a_struct_with_named_fields_can_be_extracted() {
    for (error, message) in [
        (schema_of::<String>(), "`string` is a string; write a struct with named fields"),
        (schema_of::<Vec<Line>>(), "`Array_of_Line` is a list; write a struct with named fields"),
        (schema_of::<Option<Line>>(), "`Nullable_Line` is a struct; write a struct with named fields"),
        (schema_of::<HashMap<String, f64>>(), "`Map_of_double` is a map; write a list of structs"),
    ] {
        let error = error.unwrap_err().to_string();
        assert!(error.contains(message), "{error}");
    }
}

/// A text of the type.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Described {
    kind: Option<Kind>,
    inner: Inner,
    items: Vec<Inner>,
}

/// A part of the document.
#[derive(JsonSchema)]
#[expect(dead_code, reason = "only its schema matters")]
struct Inner {
    #[schemars(extend("extend:type" = "checkbox"))]
    checked: Option<bool>,
}

/// What it is.
#[derive(JsonSchema)]
#[serde(rename_all = "lowercase")]
#[expect(dead_code, reason = "only its schema matters")]
enum Kind {
    /// Money is due.
    Invoice,
    Other,
}

#[test]
fn doc_comments_of_types_describe_fields_and_those_of_variants_describe_values() {
    let inner = json!({
        "type": "object",
        "properties": {"checked": {"type": ["boolean", "null"], "extend:type": "checkbox"}},
        "required": ["checked"],
        "additionalProperties": false,
    });
    let mut described = inner.clone();
    described["description"] = json!("A part of the document.");
    let kind = json!({
        "enum": ["other", "invoice", null],
        "extend:descriptions": ["", "Money is due."],
        "description": "What it is.",
    });
    let expected = json!({
        "type": "object",
        "properties": {"kind": kind, "inner": described, "items": {"type": "array", "items": inner}},
        "required": ["kind", "inner", "items"],
        "additionalProperties": false,
    });
    assert_eq!(serde_json::to_value(schema_of::<Described>().unwrap()).unwrap(), expected);
}
