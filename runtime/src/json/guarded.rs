//! JSON for debug output, without anything that may be a secret. There are no types to consult here, so names and the
//! form of values decide.
//!
//! It must not know where the JSON comes from.

use std::fmt;

use serde_json::Value;

use crate::secret::REDACTED;
use crate::sensitive::{is_sensitive_name, without_query};

/// A value whose `Debug` output omits values under names that suggest a secret, and the query strings of links.
pub(crate) struct Guarded<'a>(pub(crate) &'a Value);

/// A property with the same `Debug` output.
struct Named<'a>(&'a str, &'a Value);

/// Writes properties as debug output.
pub(super) fn properties<'a>(
    formatter: &mut fmt::Formatter<'_>,
    properties: impl Iterator<Item = (&'a String, &'a Value)>,
) -> fmt::Result {
    formatter.debug_map().entries(properties.map(|(name, value)| (name, Named(name, value)))).finish()
}

impl fmt::Debug for Named<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(name, value) = self;
        let could_be_secret = !value.is_null() && !value.is_boolean();
        if could_be_secret && is_sensitive_name(name) {
            formatter.write_str(REDACTED)
        } else {
            Guarded(value).fmt(formatter)
        }
    }
}

impl fmt::Debug for Guarded<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Value::Object(object) => properties(formatter, object.iter()),
            Value::Array(values) => formatter.debug_list().entries(values.iter().map(Guarded)).finish(),
            Value::String(text) => write!(formatter, "{:?}", without_query(text)),
            value @ (Value::Null | Value::Bool(_) | Value::Number(_)) => write!(formatter, "{value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn debug_output_shows_neither_secrets_by_name_nor_the_query_of_links() {
        for (value, shown) in [
            (json!({"a": [1, null, true, "x?"], "b": {}}), r#"{"a": [1, null, true, "x?"], "b": {}}"#),
            (json!({"signingSecret": "hunter2", "n": 1}), r#"{"signingSecret": [redacted], "n": 1}"#),
            (json!([{"secrets": [{"k": "hunter2"}]}]), r#"[{"secrets": [redacted]}]"#),
            (json!({"password": null, "hasToken": true}), r#"{"password": null, "hasToken": true}"#),
            (json!("https://s3.example.com/a?sig=hunter2"), r#""https://s3.example.com/a?[redacted]""#),
            (json!("https://example.com/a"), r#""https://example.com/a""#),
        ] {
            assert_eq!(format!("{:?}", Guarded(&value)), shown);
        }
    }
}
