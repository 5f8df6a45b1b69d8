//! The `kind` of tags: only tags for navigation group operations. Must not know what a group becomes.

use serde_json::{Map, Value};

/// The registered kinds of tags that describe an operation without grouping it.
const DESCRIBING: [&str; 2] = ["audience", "badge"];

/// Removes tags that group nothing from operations that have others.
pub(super) fn drop_tags_that_group_nothing(document: &mut Value) {
    let tags = document.get("tags").and_then(Value::as_array).into_iter().flatten();
    let kind = |tag: &&Value| tag.get("kind").and_then(Value::as_str).is_some_and(|kind| DESCRIBING.contains(&kind));
    let dropped: Vec<Value> = tags.filter(kind).filter_map(|tag| tag.get("name").cloned()).collect();
    if dropped.is_empty() {
        return;
    }
    let items = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut);
    for operation in items.filter_map(Value::as_object_mut).flat_map(Map::values_mut) {
        drop_tags(operation, &dropped);
        // The operations of methods without a property of their own are one level deeper.
        operation.as_object_mut().into_iter().flat_map(Map::values_mut).for_each(|inner| drop_tags(inner, &dropped));
    }
}

fn drop_tags(operation: &mut Value, dropped: &[Value]) {
    let Some(tags) = operation.get_mut("tags").and_then(Value::as_array_mut) else { return };
    if tags.iter().any(|tag| !dropped.contains(tag)) {
        tags.retain(|tag| !dropped.contains(tag));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn badges_do_not_group_operations() {
        let mut document = json!({
            "tags": [{"name": "beta", "kind": "badge"}, {"name": "runs", "kind": "nav", "parent": "all"}, {"name": "all"}],
            "paths": {"/a": {"get": {"tags": ["beta", "runs"]}, "post": {"tags": ["beta"]},
                "additionalOperations": {"COPY": {"tags": ["beta", "all"]}}}},
        });
        drop_tags_that_group_nothing(&mut document);
        assert_eq!(
            document["paths"]["/a"],
            json!({"get": {"tags": ["runs"]}, "post": {"tags": ["beta"]}, "additionalOperations": {"COPY": {"tags": ["all"]}}})
        );
    }
}
