//! Options of a single call: time limits, retries, additional headers and query parameters.
//!
//! They are kept as given and checked when the call is sent. This module must not know how a request is sent.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

use crate::client::retry::RetryPolicy;
use crate::sensitive::{Shown, is_sensitive_name};

/// Options of a single call. They take precedence over those of the client.
///
/// Every request builder has the same setters; use `RequestOptions` for settings that several calls share.
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
    /// Returns options that change nothing.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the time limit of each attempt, from connecting to the last byte of the body. For a stream it applies to
    /// the start of the response, then to each event.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// Sets the time limit of the call, including all attempts and the pauses between them. For a stream it applies to
    /// the start of the response.
    #[must_use]
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// Sets the policy that decides which failed attempts are retried. A policy without a maximum of its own uses that
    /// of the client.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.set_retry(policy);
        self
    }

    /// Sets the policy that decides which failed attempts are retried.
    #[doc(hidden)]
    pub fn set_retry(&mut self, policy: RetryPolicy) {
        self.retry = Some(policy);
    }

    /// Sets the maximum number of retries, whatever the policy says; 0 disables retries.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = Some(most);
        self
    }

    /// Sets a header. It replaces a header of the same name that the client would send or that was set before.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref().to_owned(), value.as_ref().to_owned());
        self.headers.push((name, value));
        self
    }

    /// Sets a header unless it is already set.
    #[doc(hidden)]
    #[must_use]
    pub fn or_header(self, name: &str, value: &str) -> Self {
        let known = self.headers.iter().any(|(known, _)| known.eq_ignore_ascii_case(name));
        if known { self } else { self.header(name, value) }
    }

    /// Appends a query parameter to those of the operation.
    #[must_use]
    pub fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.query.push((name.into(), value.into()));
        self
    }

    /// Replaces the typed body with a body of another media type.
    #[must_use]
    pub fn body(mut self, media_type: impl Into<String>, body: impl Into<Bytes>) -> Self {
        self.body = Some((media_type.into(), body.into()));
        self
    }

    /// Returns the options that also apply to the polls that follow a call: all but its body and query parameters.
    pub(crate) fn for_polling(&self) -> Self {
        Self { query: Vec::new(), body: None, ..self.clone() }
    }

    /// Adds the settings of `other`, which takes precedence. Settings that `other` does not set are kept. In
    /// particular, headers with other names are kept, because one may select the workspace whose data the call accesses.
    #[doc(hidden)]
    pub fn override_with(&mut self, other: &Self) {
        self.timeout = other.timeout.or(self.timeout);
        self.total_timeout = other.total_timeout.or(self.total_timeout);
        self.retry = other.retry.clone().or(self.retry.take());
        self.max_retries = other.max_retries.or(self.max_retries);
        self.headers.extend_from_slice(&other.headers);
        self.query.extend_from_slice(&other.query);
        self.body = other.body.clone().or(self.body.take());
    }

    /// Like [`override_with`](Self::override_with), for generated code, in which dropping the options would be compiled
    /// for each operation.
    #[doc(hidden)]
    pub fn apply(&mut self, other: Self) {
        self.override_with(&other);
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

/// A type that sends requests and on which a header can be set. A generated client has a trait based on this one, with
/// a setter for each header of its API.
pub trait SetHeader: Sized {
    #[doc(hidden)]
    #[must_use]
    fn set_header(self, name: &str, value: &str) -> Self;
}

impl SetHeader for RequestOptions {
    fn set_header(self, name: &str, value: &str) -> Self {
        self.header(name, value)
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

/// Headers that are derived from the request and therefore cannot be set by the user.
const RESERVED: [&str; 6] = ["host", "content-length", "content-type", "transfer-encoding", "connection", "upgrade"];

/// Checks a header that the user has set.
///
/// # Errors
///
/// Returns a description of the problem, which does not show the value.
pub(crate) fn check_header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("{name:?} is not a valid header name"))?;
    if RESERVED.contains(&header.as_str()) {
        return Err(format!("the header `{header}` cannot be set: it follows from the request"));
    }
    let mut value = HeaderValue::from_bytes(value.as_bytes()).map_err(|_| {
        format!("the value of the header `{header}` contains a line break or another control character")
    })?;
    value.set_sensitive(is_sensitive_name(header.as_str()));
    Ok((header, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invalid_and_reserved_headers_are_rejected() {
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
    fn options_are_merged_and_the_later_ones_take_precedence() {
        let minute = Duration::from_secs(60);
        let first = RequestOptions::new().header("x-workspace", "w1").header("x-version", "1").timeout(minute);
        let first = first.max_retries(7).query("a", "1").body("text/plain", "first");
        let second = RequestOptions::new().header("X-Version", "2").total_timeout(minute).query("b", "2");
        let mut merged = first;
        merged.override_with(&second);
        let headers: Vec<(&str, &str)> =
            merged.header_pairs().iter().map(|(name, value)| (&**name, &**value)).collect();
        assert_eq!(headers, [("x-workspace", "w1"), ("x-version", "1"), ("X-Version", "2")]);
        assert_eq!((merged.time_limit(), merged.total_time_limit()), (Some(minute), Some(minute)));
        assert_eq!((merged.most_retries(), merged.query_pairs().len()), (Some(7), 2));
        assert_eq!(merged.own_body().map(|(_, body)| &body[..]), Some(&b"first"[..]));
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
