//! `examples` of a schema: a list in 3.1, one `example` in 3.0. Knows one schema at a time.

use serde_json::{Map, Value};

/// Keeps the first example.
pub(crate) fn keep_first_example(schema: &mut Map<String, Value>) {
    if let Some(Value::Array(examples)) = schema.get("examples") {
        let first = examples.first().cloned();
        schema.shift_remove("examples");
        if let Some(first) = first {
            schema.entry("example").or_insert(first);
        }
    }
}
