//! Remedies: what the report says that users write instead, for each kind of item.

use serde_json::{Value, json};

use super::{document, drift, operation, reference};

/// Returns a document with one schema that requests and responses contain.
fn thing(required: &[&str], properties: &Value) -> Value {
    let schema = json!({"type": "object", "required": required, "properties": properties});
    let path = json!({"/things": {"post": operation("create", &reference("Thing"), &reference("Thing"))}});
    document(path, json!({"Thing": schema}))
}

#[test]
fn every_break_says_what_to_write_instead() {
    let text = json!({"type": "string"});
    let state = |values: &[&str]| json!({"a": text, "state": {"type": "string", "enum": values}});
    let named = |name: &str| json!({name: {"type": "string", "description": "The first."}, "b": {"type": "integer"}});
    let rows = [
        (
            "a property with another name",
            thing(&["first"], &named("first")),
            thing(&["a"], &named("a")),
            "write `types::Thing::a` instead of `types::Thing::first`",
        ),
        (
            "a new required property",
            thing(&["a"], &json!({"a": text})),
            thing(&["a", "b"], &json!({"a": text, "b": text})),
            "give `Thing::new` its argument 2 `b: impl Into<String>`",
        ),
        (
            "a property that is no longer required",
            thing(&["a", "b"], &json!({"a": text, "b": text})),
            thing(&["a"], &json!({"a": text, "b": text})),
            "call `.with_b(…)` on what `Thing::new` returns",
        ),
        (
            "a property that is gone",
            thing(&["a"], &json!({"a": text, "b": text})),
            thing(&["a"], &json!({"a": text})),
            "remove the uses of the field `Thing::b`",
        ),
        (
            "a value that is gone",
            thing(&["a"], &state(&["on", "off", "lost"])),
            thing(&["a"], &state(&["on", "off"])),
            "remove the arm or value `ThingState::Lost`",
        ),
        (
            "another type",
            thing(&["a"], &json!({"a": text, "b": {"type": "number"}})),
            thing(&["a"], &json!({"a": text, "b": {"type": "integer"}})),
            "use `types::Thing::b` as a `Option<i64>` instead of a `Option<f64>`",
        ),
    ];
    for (name, old, new, expected) in rows {
        let found = drift(&old, &new);
        let remedies: Vec<&String> = found.changes.iter().flat_map(|change| &change.remedy).collect();
        assert!(remedies.iter().any(|remedy| remedy.contains(expected)), "{name}: {remedies:#?}");
        let helpless =
            found.changes.iter().filter(|change| change.rust.as_str() == "major" && change.remedy.is_empty());
        assert_eq!(helpless.count(), 0, "{name}");
    }
}
