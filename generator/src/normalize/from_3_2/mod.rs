//! Converts what OpenAPI 3.2 added to the forms of 3.1, so that the three versions of one document become the same client. One file
//! per construct. Methods are not converted: the model knows them. Must not know what schemas mean to Rust.

mod media_types;
mod query_strings;
mod self_references;
mod tags;

use serde_json::{Map, Value};

use super::targets::find_target;
use super::traversal;

/// Maximum number of consecutive references; no valid document comes close to it.
const LIMIT: usize = 16;

/// Converts a 3.2 document; leaves others as they are.
pub(super) fn convert_additions(document: &mut Value) {
    if !is_3_2(document) {
        return;
    }
    tags::drop_tags_that_group_nothing(document);
    let original = document.clone();
    traversal::each_object(document, &mut |object| {
        media_types::convert_content(&original, object);
        query_strings::expand_parameters(&original, object);
    });
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.shift_remove("mediaTypes");
    }
}

/// Removes the URI of a 3.2 document from references to itself.
pub(super) fn remove_own_uri(document: &mut Value) {
    if is_3_2(document) {
        self_references::make_local(document);
    }
}

/// Returns the schemas of a 3.2 document that become the types of events: of what their data encodes, or of the data itself.
/// References must be local.
pub(crate) fn event_data_schemas(document: &Value) -> Vec<&Value> {
    let mut found = Vec::new();
    if is_3_2(document) {
        media_types::find_event_data(document, document, &mut found);
    }
    found
}

fn is_3_2(document: &Value) -> bool {
    document.get("openapi").and_then(Value::as_str).is_some_and(|version| version.starts_with("3.2"))
}

/// Follows references; returns what has none, or the last part that could be found.
fn follow<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let mut value = value;
    for _ in 0..LIMIT {
        let Some(target) = find_target(document, value) else { break };
        value = target;
    }
    value
}

/// Returns the entries of a keyword whose value is a list.
fn list<'a>(map: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    map.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}
