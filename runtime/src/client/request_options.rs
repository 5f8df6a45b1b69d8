//! What one call changes about its request: time limits, retries, extra headers, extra query parameters.
//!
//! It must not know how a request is sent. Values are kept as they were given and checked when the call is sent.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use crate::client::retry::RetryPolicy;
use crate::sensitive::{Shown, is_sensitive_name};

/// Changes to the request of one call.
#[derive(Clone, Default)]
pub struct RequestOptions {
    timeout: Option<Duration>,
    total_timeout: Option<Duration>,
    retry: Option<RetryPolicy>,
    max_retries: Option<u32>,
    headers: Vec<(String, String)>,
    query: Vec<(String, String)>,
    body: Option<(String, Bytes)>,
}

impl RequestOptions {
    /// No changes.
    pub fn new() -> Self {
        Self::default()
    }

    /// Time limit of one attempt, from connecting to the last byte of the body. For a response that comes piece by piece:
    /// until its headers are there, then for each piece.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Time limit of the call with all its attempts and the pauses between them. For a response that comes piece by piece:
    /// until its headers are there.
    #[must_use]
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// Which failed attempts are repeated. A policy without a number of retries takes that of the client.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = Some(policy);
        self
    }

    /// How many attempts may follow the first one, whatever the policy says; 0 for none.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = Some(most);
        self
    }

    /// Sets a header, in place of the value the client would send. A value set twice: the last one wins.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref().to_owned(), value.as_ref().to_owned());
        self.headers.push((name, value));
        self
    }

    /// Sets a header unless it is set already.
    #[doc(hidden)]
    #[must_use]
    pub fn or_header(self, name: &str, value: &str) -> Self {
        let known = self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if known { self } else { self.header(name, value) }
    }

    /// Adds a query parameter, after those of the operation.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Sends this body, of this media type, in place of the typed one: for media types that have no types.
    #[must_use]
    pub fn body(mut self, media_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.body = Some((media_type.into(), body.into()));
        self
    }

    /// What also holds for the questions that follow a call: not its body and query, which are about that call only.
    pub(crate) fn for_polling(&self) -> Self {
        Self { query: Vec::new(), body: None, ..self.clone() }
    }

    pub(crate) fn own_body(&self) -> Option<(&str, &Bytes)> {
        self.body.as_ref().map(|(media_type, body)| (media_type.as_str(), body))
    }

    pub(crate) fn time_limit(&self) -> Option<Duration> {
        self.timeout
    }

    pub(crate) fn total_time_limit(&self) -> Option<Duration> {
        self.total_timeout
    }

    pub(crate) fn retry_policy(&self) -> Option<&RetryPolicy> {
        self.retry.as_ref()
    }

    pub(crate) fn most_retries(&self) -> Option<u32> {
        self.max_retries.or_else(|| self.retry.as_ref()?.most())
    }

    pub(crate) fn header_pairs(&self) -> &[(String, String)] {
        &self.headers
    }

    pub(crate) fn query_pairs(&self) -> &[(String, String)] {
        &self.query
    }
}

impl fmt::Debug for RequestOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |pairs: &[(String, String)]| -> Vec<String> {
            let pair = |(name, value): &(String, String)| format!("{:?}", Shown(name, value));
            pairs.iter().map(pair).collect()
        };
        f.debug_struct("RequestOptions")
            .field("timeout", &self.timeout)
            .field("total_timeout", &self.total_timeout)
            .field("retry", &self.retry)
            .field("max_retries", &self.max_retries)
            .field("headers", &shown(&self.headers))
            .field("query", &shown(&self.query))
            .field("body", &self.body.as_ref().map(|(media_type, _)| media_type))
            .finish()
    }
}

/// Headers that follow from the request itself; a value of the user would contradict it.
const RESERVED: [&str; 6] = ["host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade"];

/// Checks a header a user gave. The error says what is wrong without showing the value.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} is not a valid header name"))?;
    if RESERVED.contains(&header.as_str()) {
        return Err(format!("the header `{header}` cannot be set: it follows from the request"));
    }
    let mut value = HeaderValue::from_bytes(value.as_bytes())
        .map_err(|_| format!("the value of the header `{header}` holds a line break or another control character"))?;
    value.set_sensitive(is_sensitive_name(header.as_str()));
    Ok((header, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_users_are_checked() {
        for (name, value, problem) in [
            ("x-ok", "fine", None),
            ("X-Upper", "grüße", None),
            ("", "v", Some("\"\" is not a valid header name")),
            ("a b", "v", Some("\"a b\" is not a valid header name")),
            ("Host", "v", Some("the header `host` cannot be set")),
            ("x-a", "one\r\nx-b: two", Some("the value of the header `x-a`")),
        ] {
            let result = check_header(name, value);
            match problem {
                None => assert!(result.is_ok(), "{name}"),
                Some(text) => assert!(result.unwrap_err().starts_with(text), "{name}"),
            }
        }
    }

    #[test]
    fn debug_hides_the_values_of_sensitive_names() {
        let options = RequestOptions::new()
            .header("Authorization", "Bearer sk_1")
            .header("x-trace", "t1")
            .query("api_key", "sk_2")
            .query("page", "7");
        let shown = format!("{options:?}");
        assert!(!shown.contains("sk_"), "{shown}");
        assert!(shown.contains("x-trace: t1") && shown.contains("page: 7"), "{shown}");
    }
}
