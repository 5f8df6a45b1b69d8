//! Exclusive bounds: numbers in 3.1, switches in 3.0.

use serde_json::{Map, Value, json};

/// Turns `exclusiveMinimum: 3` into `minimum: 3` with the switch, for maxima alike.
pub fn convert_exclusive_bounds(schema: &mut Map<String, Value>) {
    for (exclusive, inclusive) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if let Some(bound) = schema.get(exclusive).filter(|bound| bound.is_number()).cloned() {
            schema.insert(exclusive.to_owned(), json!(true));
            schema.insert(inclusive.to_owned(), bound);
        }
    }
}
