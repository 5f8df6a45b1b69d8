//! Bytes in strings: `contentMediaType` and `contentEncoding` in 3.1, `format` in 3.0. Knows one schema at a time.

use serde_json::{Map, Value, json};

/// Sets `format: byte` for base64 strings and `format: binary` for raw bytes.
pub(crate) fn convert_content_encoding(schema: &mut Map<String, Value>) {
    let media_type = schema.shift_remove("contentMediaType");
    let encoding = schema.shift_remove("contentEncoding");
    let format = match (&media_type, encoding.as_ref().and_then(Value::as_str)) {
        (_, Some("base64" | "base64url")) => "byte",
        // JSON in a string stays a string.
        (Some(Value::String(media_type)), None) if !media_type.contains("json") => "binary",
        (_, _) => return,
    };
    schema.entry("format").or_insert_with(|| json!(format));
}
