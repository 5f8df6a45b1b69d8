//! A request as the server received it.
//!
//! It must not know responses.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use http::HeaderMap;
use http::request::Parts;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::decode::{JsonError, decode_json};
use crate::dispatch::{Found, find};
use crate::operation::Operation;
use crate::sensitive::Shown;

/// A request that the server received.
#[derive(Clone)]
pub struct RecordedRequest {
    operation: Option<&'static Operation>,
    method: String,
    path: String,
    path_parameters: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    headers: HeaderMap,
    body: Bytes,
}

impl RecordedRequest {
    pub(super) fn new(operations: &[&'static Operation], head: Parts, body: Bytes) -> Self {
        let (method, path) = (head.method.as_str().to_owned(), head.uri.path().to_owned());
        let found = find(operations, &format!("{method} {path}")).ok();
        let (operation, path_parameters) =
            found.map_or((None, Vec::new()), |Found { operation, path }| (Some(operation), path));
        let query = query_pairs(head.uri.query().unwrap_or_default());
        Self { operation, method, path, path_parameters, query, headers: head.headers, body }
    }

    /// Returns the operation that was called, or `None` if method and path match no operation.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// Returns the ID with which the path ends.
    pub(super) fn object_id(&self) -> Option<&str> {
        let (name, id) = self.path_parameters.last()?;
        let path = self.operation?.path.strip_suffix('}')?;
        path.strip_suffix(name).is_some_and(|path| path.ends_with('{')).then_some(id.as_str())
    }

    /// Returns the method in upper case.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Returns the path as it was sent, including percent-encoding.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the names and decoded values of the path parameters.
    #[must_use]
    pub fn path_parameters(&self) -> &[(&'static str, String)] {
        &self.path_parameters
    }

    /// Returns the decoded value of the path parameter with this name.
    #[must_use]
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        value_of(&self.path_parameters, name)
    }

    /// Returns the names and decoded values of the query parameters, in the order in which they were sent.
    #[must_use]
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// Returns the first value of the query parameter with this name.
    #[must_use]
    pub fn query_parameter(&self, name: &str) -> Option<&str> {
        value_of(&self.query, name)
    }

    /// Returns the headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the first value of a header, if it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body as text, with replacement characters in place of invalid UTF-8.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Returns the body as JSON.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not valid JSON.
    pub fn json(&self) -> Result<Value, JsonError> {
        decode_json(&self.body)
    }

    /// Deserializes the body, for example as the request type.
    ///
    /// # Errors
    ///
    /// Returns an error if the body is not JSON or does not fit the type; the error names the JSON path.
    pub fn body_as<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        decode_json(&self.body)
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = |(name, value): (&str, &str)| format!("{:?}", Shown(name, value));
        let query: Vec<String> = self.query.iter().map(|(name, value)| text((name, value))).collect();
        let headers = self.headers.iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap_or("[no text]")));
        f.debug_struct("RecordedRequest")
            .field("operation", &self.operation.map(|operation| operation.id))
            .field("method", &self.method)
            .field("path", &self.path)
            .field("query", &query)
            .field("headers", &headers.map(text).collect::<Vec<_>>())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

fn value_of<'a>(pairs: &'a [(impl AsRef<str>, String)], name: &str) -> Option<&'a str> {
    pairs.iter().find(|(known, _)| known.as_ref() == name).map(|(_, value)| value.as_str())
}

fn query_pairs(query: &str) -> Vec<(String, String)> {
    // The query is parsed as part of a URL; any base URL will do.
    let url = reqwest::Url::parse(&format!("http://localhost/?{query}"));
    url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default()
}
