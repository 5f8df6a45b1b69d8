//! Decoding and encoding by name of a schema, for tests of documents against types. Knows no schema.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::decode::{JsonError, decode_value};

/// Decodes a value as one type and encodes it again.
pub type RoundTrip = fn(&Value) -> Result<Value, JsonError>;

/// Decodes a value as this type and encodes it again.
///
/// # Errors
///
/// Returns an error if the value does not fit the type.
pub fn round_trip_as<T: DeserializeOwned + Serialize>(value: &Value) -> Result<Value, JsonError> {
    let decoded: T = decode_value(value)?;
    Ok(serde_json::to_value(&decoded).unwrap_or_default())
}

/// Decodes a value as the type of a schema and encodes it again. Returns `None` if the table does not list the schema.
pub fn round_trip_by_name(
    table: &[(&str, RoundTrip)],
    schema: &str,
    value: &Value,
) -> Option<Result<Value, JsonError>> {
    let (_, round_trip) = table.iter().find(|(name, _)| *name == schema)?;
    Some(round_trip(value))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn schema_of_the_table_reads_and_writes_its_type() {
        let table: &[(&str, RoundTrip)] = &[("Number", round_trip_as::<i64>), ("Name", round_trip_as::<String>)];
        let round_trip = |schema: &str, value: Value| round_trip_by_name(table, schema, &value).map(Result::ok);
        assert_eq!(round_trip("Name", json!("a")), Some(Some(json!("a"))));
        assert_eq!(round_trip("Number", json!(1)), Some(Some(json!(1))));
        assert_eq!(round_trip("Number", json!("a")), Some(None));
        assert_eq!(round_trip("Other", json!(1)), None);
    }
}
