//! Encodes values in query parameters, headers, paths, cookies and forms, in the styles of OpenAPI.
//!
//! It must not know which request a value belongs to.

use reqwest::Url;
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::Value;

use crate::client::error::Error;

/// How the value of a query parameter is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// A list repeats the name; an object becomes one parameter per property.
    Plain,
    /// The items of a list, or the names and values of an object, joined with a separator.
    Joined(char),
    /// `name[key]=value`.
    Deep,
    /// JSON.
    Json,
}

/// A query parameter, encoded as names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct QueryPairs(Vec<(String, String)>);

impl QueryPairs {
    /// Encodes a value. The result is empty for `None` and for a value that JSON cannot represent.
    pub fn new<T: Serialize>(name: &str, value: Option<&T>, style: Style) -> Self {
        let value = value.and_then(|value| serde_json::to_value(value).ok()).unwrap_or_default();
        let mut pairs = Vec::new();
        match (style, value) {
            (_, Value::Null) => {}
            (Style::Json, value) => pairs.push((name.to_owned(), value.to_string())),
            (Style::Joined(separator), value) => pairs.push((name.to_owned(), joined(&value, &separator.to_string()))),
            (Style::Plain, Value::Object(map)) => {
                pairs.extend(map.iter().map(|(key, value)| (key.clone(), scalar(value))))
            }
            (Style::Plain, Value::Array(items)) => {
                pairs.extend(items.iter().map(|item| (name.to_owned(), scalar(item))))
            }
            (Style::Plain, value) => pairs.push((name.to_owned(), scalar(&value))),
            (Style::Deep, value) => deep(name, &value, &mut pairs),
        }
        Self(pairs)
    }
}

impl Serialize for QueryPairs {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// Encodes a value for a path or header; lists and objects are joined with commas.
pub fn encode_simple<T: Serialize + ?Sized>(value: &T) -> String {
    joined(&serde_json::to_value(value).unwrap_or_default(), ",")
}

/// Encodes a cookie as `name=value`, with characters that are not allowed in cookies percent-encoded.
pub fn encode_cookie<T: Serialize + ?Sized>(name: &str, value: &T) -> String {
    format!("{name}={}", crate::client::wire::encode_path(&encode_simple(value)))
}

/// Encodes a value as `application/x-www-form-urlencoded`: lists repeat the name, objects are encoded as
/// `name[key]=value`.
///
/// # Errors
///
/// Returns an error if the value is not a JSON object.
pub fn encode_form<T: Serialize + ?Sized>(value: &T) -> Result<String, Error> {
    let value = serde_json::to_value(value)
        .map_err(|error| Error::invalid_request(None, format!("the form cannot be encoded: {error}")))?;
    let Value::Object(map) = value else {
        return Err(Error::invalid_request(None, "the body of a form must be an object"));
    };
    let mut pairs = Vec::new();
    map.iter().for_each(|(name, value)| deep(name, value, &mut pairs));
    // Only the query of this URL is used: `Url` encodes queries as forms.
    let mut url = Url::parse("form:").map_err(|error| Error::invalid_request(None, error.to_string()))?;
    url.query_pairs_mut().extend_pairs(pairs);
    Ok(url.query().unwrap_or_default().to_owned())
}

fn deep(name: &str, value: &Value, pairs: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::Object(map) => map.iter().for_each(|(key, value)| deep(&format!("{name}[{key}]"), value, pairs)),
        Value::Array(items) => items.iter().for_each(|item| deep(name, item, pairs)),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => pairs.push((name.to_owned(), scalar(value))),
    }
}

fn joined(value: &Value, separator: &str) -> String {
    match value {
        Value::Array(items) => items.iter().map(scalar).collect::<Vec<_>>().join(separator),
        Value::Object(map) => {
            let parts: Vec<String> = map.iter().flat_map(|(key, value)| [key.clone(), scalar(value)]).collect();
            parts.join(separator)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => scalar(value),
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn query_parameters_are_written_in_the_style_of_the_document() {
        let rows = [
            (json!("a b"), Style::Plain, vec![("q", "a b")]),
            (json!(["a", 1]), Style::Plain, vec![("q", "a"), ("q", "1")]),
            (json!({"x": 1, "y": true}), Style::Plain, vec![("x", "1"), ("y", "true")]),
            (json!(["a", "b"]), Style::Joined(','), vec![("q", "a,b")]),
            (json!(["a", "b"]), Style::Joined('|'), vec![("q", "a|b")]),
            (json!({"x": 1, "y": 2}), Style::Joined(','), vec![("q", "x,1,y,2")]),
            (json!({"x": {"y": [1, 2]}}), Style::Deep, vec![("q[x][y]", "1"), ("q[x][y]", "2")]),
            (json!({"x": 1}), Style::Json, vec![("q", "{\"x\":1}")]),
            (json!(null), Style::Plain, vec![]),
        ];
        for (value, style, expected) in rows {
            let written = QueryPairs::new("q", Some(&value), style);
            let expected = expected.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
            assert_eq!(written, QueryPairs(expected), "{value} {style:?}");
        }
    }

    #[test]
    fn forms_and_cookies_are_encoded() {
        let value = json!({"name": "a b&c", "tags": ["x", "y"], "card": {"no": 1}, "none": null});
        assert_eq!(encode_form(&value).unwrap(), "name=a+b%26c&tags=x&tags=y&card%5Bno%5D=1");
        assert!(encode_form(&json!([1])).is_err());
        assert_eq!(encode_cookie("session", "a;b"), "session=a%3Bb");
        assert_eq!(encode_simple(&json!(["a", 2])), "a,2");
    }
}
