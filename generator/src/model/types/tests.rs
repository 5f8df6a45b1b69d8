//! Tests the types built from schemas: shared types, and their names.

use serde_json::{Value, json};

use crate::diagnostic::Code;
use crate::ir::Kind;
use crate::model::{Modelled, build};
use crate::names::Lock;
use crate::normalize::normalize_document;
use crate::profile::Profile;

fn built(schemas: &Value, profile: &str) -> Modelled {
    let document = json!({"openapi": "3.0.3", "components": {"schemas": schemas}});
    build(&normalize_document(document), &Profile::parse(profile).unwrap(), &Lock::default())
}

fn names(modelled: &Modelled) -> Vec<&str> {
    modelled.api.types.0.iter().map(|def| def.name.as_str()).collect()
}

const SHARED: &str = "[[types.shared]]\nname = \"Size\"\nmembers = [\"BoxSize\", \"BagSize\"]";

#[test]
fn schemas_that_the_profile_calls_one_type_are_one() {
    let size = json!({"type": "object", "properties": {"width": {"type": "integer"}}});
    let holder = json!({"type": "object", "properties": {"size": size}});
    let modelled = built(&json!({"Bag": holder, "Box": holder}), SHARED);
    assert_eq!(names(&modelled), ["Bag", "Box2", "Size"]);
    assert!(modelled.report.diagnostics.is_empty(), "{}", modelled.report);
    assert_eq!(modelled.lock.types.get("BoxSize").map(String::as_str), Some("Size"));
    assert_eq!(modelled.lock.types.get("BagSize"), None);
}

#[test]
fn schemas_that_differ_cannot_be_one_type() {
    let holder = |kind: &str| json!({"type": "object", "properties": {"size": {"type": "object", "properties": {"width": {"type": kind}}}}});
    let modelled = built(&json!({"Bag": holder("integer"), "Box": holder("string")}), SHARED);
    let [diagnostic] = modelled.report.diagnostics.as_slice() else { panic!("{}", modelled.report) };
    assert_eq!(diagnostic.code, Code::SharedType);
    assert_eq!(diagnostic.pointer.to_string(), "/components/schemas/Bag/properties/size");
    assert!(
        diagnostic.found.contains("width: integer?") && diagnostic.expected.contains("width: string?"),
        "{diagnostic}"
    );
}

#[test]
fn enumeration_has_the_values_of_every_schema_that_it_is() {
    let holder = |values: &[&str]| json!({"type": "object", "properties": {"size": {"enum": values}}});
    let modelled = built(&json!({"Bag": holder(&["s", "xl"]), "Box": holder(&["s", "m"])}), SHARED);
    let size = modelled.api.types.0.iter().find(|def| def.name.as_str() == "Size").map(|def| &def.kind);
    let Some(Kind::Enumeration(size)) = size else { panic!("{size:?}") };
    assert_eq!(size.values.iter().map(|value| value.wire.as_str()).collect::<Vec<_>>(), ["s", "m", "xl"]);
}

#[test]
fn member_that_is_gone_is_a_warning() {
    let modelled = built(&json!({"Bag": {"type": "object", "properties": {"size": {"enum": ["s", "m"]}}}}), SHARED);
    let [diagnostic] = modelled.report.diagnostics.as_slice() else { panic!("{}", modelled.report) };
    assert_eq!(diagnostic.code, Code::ProfileUnused);
    assert!(diagnostic.found.contains("`BoxSize`"), "{diagnostic}");
}

#[test]
fn names_of_the_profile_win() {
    let holder = json!({"type": "object", "properties": {"size": {"enum": ["s", "m"]}}});
    let modelled = built(&json!({"Bag": holder}), "[types.names]\nBagSize = \"Size\"");
    assert_eq!(names(&modelled), ["Bag", "Size"]);
}
