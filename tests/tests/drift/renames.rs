//! Renames: reported as such, with evidence, and without a new name in Rust.

use serde_json::{Value, json};

use super::{document, drift, lines, operation, reference};

fn thing(path: &str, id: &str, name: &str, properties: &Value) -> Value {
    let schema = json!({"type": "object", "required": ["a"], "properties": properties});
    let other = json!({"type": "object", "properties": {"n": {"type": "integer"}}});
    let path = json!({path: {"post": operation(id, &reference(name), &reference(name))}, "/others": {"post": operation("other", &reference("Other"), &reference("Other"))}});
    document(path, json!({name: schema, "Other": other}))
}

#[test]
fn what_is_the_same_under_another_name_is_renamed_and_keeps_its_name_in_rust() {
    let a = json!({"a": {"type": "string", "description": "The first."}, "b": {"type": "integer"}});
    let renamed = json!({"first": {"type": "string", "description": "The first."}, "b": {"type": "integer"}});
    let mut renamed_property = thing("/things", "create", "Thing", &renamed);
    renamed_property["components"]["schemas"]["Thing"]["required"] = json!(["first"]);
    let old = thing("/things", "create", "Thing", &a);
    let rows = [
        ("a schema", thing("/things", "create", "Item", &a), vec!["api-schema-renamed safe patch Item."]),
        ("an operation", thing("/things", "make", "Thing", &a), vec![]),
        ("a path", thing("/items", "create", "Thing", &a), vec!["api-path-changed breaking patch ."]),
        ("a property", renamed_property, vec!["request-property-renamed breaking major Thing.a"]),
    ];
    for (name, new, expected) in rows {
        let found = drift(&old, &new);
        assert_eq!(lines(&found), expected, "{name}: {:#?}", found.changes);
        let evidence = |message: &str| message.ends_with(')');
        assert!(found.changes.iter().all(|change| evidence(&change.message)), "{name}");
    }
}

#[test]
fn renamed_property_that_only_responses_have_breaks_no_request() {
    let text = json!({"type": "string", "readOnly": true});
    let schema = |name: &str| json!({"type": "object", "required": [name], "properties": {name: text}});
    let of = |name: &str| {
        let other = json!({"type": "object", "properties": {"n": {"type": "integer"}}});
        let path = json!({"/things": {"post": operation("create", &reference("Thing"), &reference("Other"))}});
        document(path, json!({"Thing": schema(name), "Other": other}))
    };
    let found = drift(&of("y-name"), &of("y_name"));
    assert_eq!(lines(&found), ["request-property-renamed safe patch Thing.y-name"], "{:#?}", found.changes);
}

#[test]
fn schema_that_another_replaces_is_one_change() {
    let old = thing("/things", "create", "Thing", &json!({"a": {"type": "string"}}));
    let mut new = old.clone();
    new["components"]["schemas"]["Draft"] = json!({"type": "object", "properties": {"a": {"type": "string"}}});
    new["paths"]["/things"]["post"]["requestBody"]["content"]["application/json"]["schema"] = reference("Draft");
    let found = drift(&old, &new);
    assert_eq!(lines(&found), ["request-body-schema-replaced safe major .body"]);
    assert!(found.changes[0].message.ends_with("(a optional)"), "{}", found.changes[0].message);
    let Value::String(after) = &found.changes[0].after else { panic!("{:?}", found.changes[0].after) };
    assert_eq!(after, "Draft");
}
