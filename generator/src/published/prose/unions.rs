//! Reconstructs unions that a page refers to but does not describe. Their members are below "Types", and nothing else refers to them:
//! only `ReadRequestUrl` and `ReadRequestText` are left of the union `ReadRequest`. Knows names, not pages.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::normalize::each_schema;

use super::super::APPROXIMATE;

const PREFIX: &str = "#/components/schemas/";

/// Adds every type that a page refers to but does not describe: a union of its presumable members, else an empty schema.
pub(super) fn rebuild_unions(document: &mut Value) {
    let mut named = BTreeSet::new();
    each_schema(document, &mut |schema| {
        let target = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix(PREFIX));
        named.extend(target.map(str::to_owned));
    });
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let loose: Vec<String> = schemas.keys().filter(|name| !named.contains(*name)).cloned().collect();
    let unknown: Vec<String> = named.into_iter().filter(|name| is_unknown(schemas, name)).collect();
    for name in &unknown {
        // A longer name may match too; the longest one gets the member.
        let is_closest = |member: &String| {
            let mut closer = unknown.iter().filter(|other| other.len() > name.len());
            !closer.any(|other| is_member(member, other))
        };
        let members = loose.iter().filter(|member| is_member(member, name) && is_closest(member));
        let members: Vec<Value> = members.map(|member| json!({"$ref": format!("{PREFIX}{member}")})).collect();
        let union = schemas.entry(name.clone()).or_insert_with(|| json!({APPROXIMATE: true}));
        if let Some(union) = union.as_object_mut().filter(|_| !members.is_empty()) {
            union.insert("oneOf".to_owned(), Value::Array(members));
        }
    }
}

fn is_unknown(schemas: &Map<String, Value>, name: &str) -> bool {
    let is_described =
        |schema: &Value| ["type", "properties", "oneOf", "enum", "$ref"].iter().any(|key| schema.get(*key).is_some());
    !schemas.get(name).is_some_and(is_described)
}

fn is_member(member: &str, union: &str) -> bool {
    member
        .strip_prefix(union)
        .is_some_and(|rest| rest.starts_with(|first: char| first.is_uppercase() || first.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unreferenced_types_become_members_of_the_union_they_are_named_after() {
        let reference = |name: &str| json!({"$ref": format!("{PREFIX}{name}")});
        let object = json!({"type": "object"});
        let mut document = json!({
            "paths": {"/a": {"post": {"requestBody": {"content": {"application/json": {"schema": reference("Request")}}}}}},
            "components": {"schemas": {
                "RequestUrl": {"type": "object", "properties": {"by": reference("RequestBy"), "known": reference("RequestKnown")}},
                "RequestText": object, "RequestByName": object, "RequestKnown": object, "Requested": object,
            }},
        });
        rebuild_unions(&mut document);
        let schema = |name: &str| document.pointer(&format!("/components/schemas/{name}")).cloned().unwrap_or_default();
        assert_eq!(
            schema("Request"),
            json!({"x-sdk-approximate": true, "oneOf": [reference("RequestUrl"), reference("RequestText")]})
        );
        assert_eq!(schema("RequestBy"), json!({"x-sdk-approximate": true, "oneOf": [reference("RequestByName")]}));
        assert_eq!(schema("RequestKnown"), object);
    }
}
