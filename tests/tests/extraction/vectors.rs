//! What the vendor's own converter makes of models that are like our types, as `official/vectors.py` has written it. Must not know
//! our types.

use std::path::{Path, PathBuf};

use extend_ai::schema::SchemaError;
use extend_ai::types::JsonObject;
use serde_json::Value;

/// Returns a file that the script has written.
pub(crate) fn read(name: &str) -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extraction/official").join(name);
    std::fs::read_to_string(&path).unwrap()
}

/// Compares a schema with that of the converter, the order of properties included.
pub(crate) fn assert_same(name: &str, ours: &Result<JsonObject, SchemaError>, official: &Value) {
    let schema = ours.as_ref().unwrap_or_else(|error| panic!("{name}: {error}"));
    let ours = serde_json::to_value(schema).unwrap();
    assert_eq!(with_sorted_keywords(&ours).to_string(), with_sorted_keywords(official).to_string(), "{name}");
}

/// Returns a schema with its keywords in one order and its properties in theirs.
fn with_sorted_keywords(schema: &Value) -> Value {
    let Value::Object(keywords) = schema else { return schema.clone() };
    let mut sorted: Vec<(&String, Value)> = keywords
        .iter()
        .map(|(name, value)| match (name.as_str(), value) {
            ("properties", Value::Object(properties)) => {
                let inner = properties.iter().map(|(name, schema)| (name.clone(), with_sorted_keywords(schema)));
                (name, Value::Object(inner.collect()))
            }
            _ => (name, with_sorted_keywords(value)),
        })
        .collect();
    sorted.sort_by_key(|(name, _)| *name);
    Value::Object(sorted.into_iter().map(|(name, value)| (name.clone(), value)).collect())
}
