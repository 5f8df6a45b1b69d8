//! Renames: reported as such, with evidence, and without a new name in Rust.

use generator::drift::RustLevel;
use generator::{Lock, Sources, Tolerance, compare_documents};
use serde_json::{Value, json};

use super::{document, drift, lines, operation, reference, sources};

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

/// An operation with a body that has inline schemas, and with parameters whose names collide.
fn sending(path: &str, id: &str) -> Value {
    let part = json!({"type": "object", "properties": {"n": {"type": "integer"}, "mode": {"type": "string", "enum": ["a", "b"]}}});
    let body =
        json!({"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}, "part": part}});
    let done = json!({"type": "object", "properties": {"state": {"type": "string", "enum": ["x", "y"]}}});
    let mut sent = operation(id, &body, &done);
    sent["description"] = json!("Sends a thing.");
    sent["parameters"] = json!([
        {"name": "user-id", "in": "query", "schema": {"type": "string"}},
        {"name": "user_id", "in": "header", "schema": {"type": "integer"}},
    ]);
    document(json!({path: {"post": sent}}), json!({}))
}

#[test]
fn parameters_and_inline_schemas_of_an_operation_that_moved_keep_their_names() {
    let named = "[members.\"POST /things\"]\n\"user-id\" = \"who\"\n";
    let old = sending("/things", "sendThing").to_string();
    for (path, id) in [("/items", "sendThing"), ("/things", "makeItem")] {
        let new = sending(path, id).to_string();
        let before = Sources { names: named, ..sources(&old) };
        let found = compare_documents(&before, &sources(&new), Tolerance::Lenient).unwrap();
        let is_kept = found.changes.iter().all(|change| change.rust <= RustLevel::Patch);
        assert!(is_kept, "{path} {id}: {:#?}", found.changes);
        let names = Lock::read(&found.names).unwrap();
        let key = format!("POST {path}");
        assert_eq!(names.members[&key]["user-id"], "who", "{path} {id}: {}", found.names);
        assert_eq!(names.parameters.keys().collect::<Vec<_>>(), [&key]);
        let all = ["Request", "RequestPart", "RequestPartMode", "Response", "ResponseState"];
        for name in all.map(|part| format!("SendThing{part}")) {
            assert!(names.types.values().any(|ty| *ty == name), "{path} {id}: {name} in {}", found.names);
        }
    }
}
