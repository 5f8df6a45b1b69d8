//! Converts a document to canonical form: pretty-printed JSON with keys in a meaningful order, so that two revisions differ only in
//! the lines that changed. Knows which keys are keywords and which are names, not what a schema means.

use serde_json::{Map, Value};

use crate::diagnostic::Report;

use super::long_numbers::render_exactly;
use super::read_document;

/// A document in canonical form.
#[derive(Clone, Debug)]
pub struct Canonical {
    /// Pretty-printed JSON in canonical key order, with a trailing newline.
    pub text: String,
    /// The document, in the same order.
    pub document: Value,
    /// Warnings about the input that the canonical form no longer shows: duplicate keys, additional documents.
    pub doubts: Report,
}

/// The order of the keys that OpenAPI and JSON Schema define; other keys follow in alphabetical order.
const ORDER: &[&str] = &[
    "openapi",
    "$self",
    "info",
    "title",
    "version",
    "summary",
    "description",
    "servers",
    "url",
    "security",
    "tags",
    "operationId",
    "x-fern-sdk-group-name",
    "x-fern-sdk-method-name",
    "deprecated",
    "name",
    "in",
    "parameters",
    "required",
    "style",
    "explode",
    "requestBody",
    "responses",
    "paths",
    "get",
    "put",
    "post",
    "delete",
    "options",
    "head",
    "patch",
    "trace",
    "query",
    "additionalOperations",
    "webhooks",
    "components",
    "$ref",
    "type",
    "format",
    "const",
    "enum",
    "default",
    "nullable",
    "properties",
    "items",
    "prefixItems",
    "additionalProperties",
    "oneOf",
    "anyOf",
    "allOf",
    "not",
    "discriminator",
    "propertyName",
    "mapping",
    "headers",
    "content",
    "schema",
    "itemSchema",
    "schemas",
    "securitySchemes",
    "example",
    "examples",
];

/// Maps whose keys are names rather than keywords, and whose order is kept.
const NAMED: &[&str] = &[
    "properties",
    "patternProperties",
    "$defs",
    "mapping",
    "content",
    "encoding",
    "dependentRequired",
    "additionalOperations",
];
/// Maps whose keys are names rather than keywords, sorted alphabetically.
const SORTED: &[&str] = &[
    "paths",
    "webhooks",
    "schemas",
    "responses",
    "parameters",
    "headers",
    "requestBodies",
    "securitySchemes",
    "mediaTypes",
];
/// Values that are data of the API and left unchanged.
const DATA: &[&str] = &["default", "example", "examples", "const", "enum"];

/// Parses a document and converts it to canonical form.
///
/// # Errors
///
/// Fails if the bytes are not an OpenAPI 3 document.
pub fn canonicalize(bytes: &[u8], name: &str) -> Result<Canonical, Report> {
    let document = read_document(bytes, name)?;
    let value = ordered(document.value, Keys::Keywords);
    let mut text = render_exactly(&value, &document.text);
    text.push('\n');
    Ok(Canonical { text, document: value, doubts: document.doubts })
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Keys {
    Keywords,
    Names,
    SortedNames,
}

fn ordered(value: Value, keys: Keys) -> Value {
    match value {
        Value::Object(map) => Value::Object(ordered_map(map, keys)),
        Value::Array(items) => Value::Array(items.into_iter().map(|item| ordered(item, Keys::Keywords)).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

fn ordered_map(map: Map<String, Value>, keys: Keys) -> Map<String, Value> {
    let mut entries: Vec<(String, Value)> = map.into_iter().collect();
    match keys {
        Keys::Keywords => entries.sort_by(|(a, _), (b, _)| rank(a).cmp(&rank(b)).then_with(|| a.cmp(b))),
        Keys::SortedNames => entries.sort_by(|(a, _), (b, _)| a.cmp(b)),
        Keys::Names => {}
    }
    let children = |key: &str, value: &Value| match keys {
        Keys::Names | Keys::SortedNames => Some(Keys::Keywords),
        Keys::Keywords if DATA.contains(&key) => None,
        Keys::Keywords if NAMED.contains(&key) => Some(Keys::Names),
        Keys::Keywords if SORTED.contains(&key) && value.is_object() => Some(Keys::SortedNames),
        Keys::Keywords => Some(Keys::Keywords),
    };
    entries
        .into_iter()
        .map(|(key, value)| match children(&key, &value) {
            Some(inner) => {
                let value = ordered(value, inner);
                (key, value)
            }
            None => (key, value),
        })
        .collect()
}

fn rank(key: &str) -> usize {
    ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_ordered_names_are_kept_and_data_is_unchanged() {
        let document = r#"{"paths":{"/b":{},"/a":{"get":{"responses":{"default":{},"200":{}},"operationId":"x"}}},
            "components":{"schemas":{"A":{"properties":{"z":{},"type":{"enum":["b","a"],"type":"string"}},"type":"object",
            "default":{"z":1,"type":2}}}},"openapi":"3.1.0","info":{"version":"2026-02-09","title":"T"}}"#;
        let canonical = canonicalize(document.as_bytes(), "x").unwrap();
        let compact: String = canonical.text.split_whitespace().collect();
        assert_eq!(
            compact,
            r#"{"openapi":"3.1.0","info":{"title":"T","version":"2026-02-09"},"paths":{"/a":{"get":{"operationId":"x","responses":{"200":{},"default":{}}}},"/b":{}},"components":{"schemas":{"A":{"type":"object","default":{"z":1,"type":2},"properties":{"z":{},"type":{"type":"string","enum":["b","a"]}}}}}}"#
        );
    }

    #[test]
    fn canonical_form_is_independent_of_syntax_and_key_order() {
        let yaml = "paths:\n  /b: {}\n  /a:\n    get:\n      responses: {200: {description: ok}}\nopenapi: 3.1.0\ninfo: {version: 1.0.0, title: T}\n";
        let json = "\u{feff}{\"info\":{\"title\":\"T\",\"version\":\"1.0.0\"},\"openapi\":\"3.1.0\",\"paths\":{\"/a\":{\"get\":{\"responses\":{\"200\":{\"description\":\"ok\"}}}},\"/b\":{}}}\r\n";
        let first = canonicalize(yaml.as_bytes(), "x").unwrap().text;
        assert_eq!(canonicalize(json.as_bytes(), "x").unwrap().text, first);
        assert_eq!(canonicalize(first.as_bytes(), "x").unwrap().text, first);
    }
}
