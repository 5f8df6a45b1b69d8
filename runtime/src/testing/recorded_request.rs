//! A request as it arrived.
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

/// A request the server has received.
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

    /// The operation that was called; none when method and path are those of no operation.
    #[must_use]
    pub fn operation(&self) -> Option<&'static Operation> {
        self.operation
    }

    /// The method, in capitals.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// The path as it was sent, percent-encoding included.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Names and decoded values of what stands in the path.
    #[must_use]
    pub fn path_parameters(&self) -> &[(&'static str, String)] {
        &self.path_parameters
    }

    /// The decoded value of what stands in the path under this name.
    #[must_use]
    pub fn path_parameter(&self, name: &str) -> Option<&str> {
        value_of(&self.path_parameters, name)
    }

    /// Names and decoded values of the query, in the order they were sent.
    #[must_use]
    pub fn query(&self) -> &[(String, String)] {
        &self.query
    }

    /// The first value of this name in the query.
    #[must_use]
    pub fn query_parameter(&self, name: &str) -> Option<&str> {
        value_of(&self.query, name)
    }

    /// The headers.
    #[must_use]
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The first value of a header, when it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// The body as text; bytes that are not UTF-8 become replacement characters.
    #[must_use]
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as JSON.
    ///
    /// # Errors
    ///
    /// It is none.
    pub fn json(&self) -> Result<Value, JsonError> {
        decode_json(&self.body)
    }

    /// The body as a type, for example that of the request.
    ///
    /// # Errors
    ///
    /// It is not JSON of this shape; the error names the JSON path.
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
    // A query is read as part of a URL; which one does not matter.
    let url = reqwest::Url::parse(&format!("http://localhost/?{query}"));
    url.map(|url| url.query_pairs().into_owned().collect()).unwrap_or_default()
}
