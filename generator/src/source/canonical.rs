//! Canonical form of a document: pretty JSON whose keys come in an order of meaning, so that two revisions differ by line.

use serde_json::{Map, Value};

use crate::diagnostic::Report;

use super::read;

/// A document in canonical form, and what it holds.
#[derive(Clone, Debug)]
pub struct Canonical {
    /// Pretty JSON in canonical key order, ending in a newline.
    pub text: String,
    /// Dated revision of the API: `info.version`, or what the version header says when that is more exact.
    pub api_version: String,
    /// `info.title`.
    pub title: String,
    /// Number of operations.
    pub operations: usize,
    /// Number of component schemas.
    pub schemas: usize,
    /// Number of webhook events.
    pub webhooks: usize,
}

/// Order of the keys that OpenAPI and JSON Schema define; others follow in alphabetical order.
const ORDER: &[&str] = &[
    "openapi",
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
    "schemas",
    "securitySchemes",
    "example",
    "examples",
];

/// Maps whose keys are names given by the author, not keywords: their order is kept or made alphabetical.
const NAMED: &[&str] =
    &["properties", "patternProperties", "$defs", "mapping", "content", "encoding", "dependentRequired"];
const SORTED: &[&str] =
    &["paths", "webhooks", "schemas", "responses", "parameters", "headers", "requestBodies", "securitySchemes"];
/// Values that are data of the API: left as they are.
const DATA: &[&str] = &["default", "example", "examples", "const", "enum"];

/// Reads a document and writes it down in canonical form.
///
/// # Errors
///
/// A report when the bytes are no OpenAPI 3 document.
pub fn canonical(bytes: &[u8], name: &str) -> Result<Canonical, Report> {
    let document = read(bytes, name)?;
    let value = ordered(document.value, Keys::Keywords);
    let mut text = serde_json::to_string_pretty(&value).unwrap_or_default();
    text.push('\n');
    let info =
        |key: &str| value.pointer(&format!("/info/{key}")).and_then(Value::as_str).unwrap_or_default().to_owned();
    Ok(Canonical {
        text,
        api_version: version_header(&value).unwrap_or_else(|| info("version")),
        title: info("title"),
        operations: operations(&value),
        schemas: count(&value, "/components/schemas"),
        webhooks: count(&value, "/webhooks"),
    })
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

/// An export says `info.version: 1.0.0`; the dated revision then is the only value its version header allows.
fn version_header(value: &Value) -> Option<String> {
    let dated = |text: &str| {
        text.len() == 10
            && text.bytes().enumerate().all(|(index, byte)| match index {
                4 | 7 => byte == b'-',
                _ => byte.is_ascii_digit(),
            })
    };
    if value.pointer("/info/version").and_then(Value::as_str).is_some_and(dated) {
        return None;
    }
    let paths = value.get("paths")?.as_object()?;
    let operations = paths.values().filter_map(Value::as_object).flat_map(Map::values);
    let parameters = operations.filter_map(|operation| operation.get("parameters")?.as_array()).flatten();
    let schemas = parameters.filter(|parameter| {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        name.ends_with("version") && parameter.get("in").and_then(Value::as_str) == Some("header")
    });
    schemas
        .filter_map(|parameter| {
            let schema = parameter.get("schema")?;
            let only = schema.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
            let only = only.and_then(|values| values.first());
            schema.get("default").or_else(|| schema.get("const")).or(only)?.as_str()
        })
        .find(|text| dated(text))
        .map(str::to_owned)
}

fn count(value: &Value, pointer: &str) -> usize {
    value.pointer(pointer).and_then(Value::as_object).map_or(0, Map::len)
}

fn operations(value: &Value) -> usize {
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let items = value.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    items.map(|item| methods.iter().filter(|method| item.get(**method).is_some()).count()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_follow_their_meaning_names_keep_their_order_and_data_is_left_alone() {
        let document = r#"{"paths":{"/b":{},"/a":{"get":{"responses":{"default":{},"200":{}},"operationId":"x"}}},
            "components":{"schemas":{"A":{"properties":{"z":{},"type":{"enum":["b","a"],"type":"string"}},"type":"object",
            "default":{"z":1,"type":2}}}},"openapi":"3.1.0","info":{"version":"2026-02-09","title":"T"}}"#;
        let canonical = canonical(document.as_bytes(), "x").unwrap();
        let compact: String = canonical.text.split_whitespace().collect();
        assert_eq!(
            compact,
            r#"{"openapi":"3.1.0","info":{"title":"T","version":"2026-02-09"},"paths":{"/a":{"get":{"operationId":"x","responses":{"200":{},"default":{}}}},"/b":{}},"components":{"schemas":{"A":{"type":"object","default":{"z":1,"type":2},"properties":{"z":{},"type":{"type":"string","enum":["b","a"]}}}}}}"#
        );
        assert_eq!((canonical.operations, canonical.schemas, canonical.api_version.as_str()), (1, 1, "2026-02-09"));
    }

    #[test]
    fn the_api_version_of_an_export_is_what_its_version_header_allows() {
        let document = r#"{"openapi":"3.1.0","info":{"version":"1.0.0"},"paths":{"/a":{"get":{"parameters":[{"name":
            "x-extend-api-version","in":"header","schema":{"type":"string","enum":["2026-02-09"]}}]}}}}"#;
        assert_eq!(canonical(document.as_bytes(), "x").unwrap().api_version, "2026-02-09");
    }
}
