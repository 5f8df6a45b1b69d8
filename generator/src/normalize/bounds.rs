//! Exclusive bounds: numbers in 3.1, booleans in 3.0. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Converts `exclusiveMinimum: 3` to `minimum: 3, exclusiveMinimum: true`, and maxima likewise.
pub(crate) fn convert_exclusive_bounds(schema: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(bound) = schema.get(exclusive).filter(|bound| bound.is_number()).cloned() {
            schema.insert(exclusive.to_owned(), json!(true));
            schema.insert(inclusive.to_owned(), bound);
        }
    }
}
