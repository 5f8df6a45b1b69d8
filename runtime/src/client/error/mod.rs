//! The error type of the runtime: what failed, what the server reported, and what to do about it.
//!
//! This module must not know how requests are sent, and an error never contains a credential.

mod accessors;
mod attempts;
mod body;
mod display;
mod html;
mod kind;
mod mentioned_run;
mod polling;
mod run_id;

use std::error::Error as StdError;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::client::confidential::Confidential;
use crate::client::framing::first_data;
use crate::client::profile::Profile;
use crate::decode::JsonError;
use crate::operation::Operation;
pub use attempts::GaveUp;
use body::ErrorBody;
pub use kind::ErrorKind;
pub(crate) use polling::PollingProgress;

/// The reason why a call failed. It has the size of one pointer, and `Display` writes a single line.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    operation: Option<&'static Operation>,
    message: String,
    response: Option<ErrorResponse>,
    json_path: Option<String>,
    hint: Option<&'static str>,
    polling: Option<PollingProgress>,
    source: Option<Box<dyn StdError + Send + Sync>>,
    attempts: u32,
    gave_up: Option<GaveUp>,
    /// The secrets that must be hidden when the causes are displayed.
    confidential: Confidential,
}

/// The error response of the server.
struct ErrorResponse {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    facts: ErrorBody,
    request_id: Option<String>,
}

/// A response that an error is built from.
pub(crate) struct Received {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) profile: &'static Profile,
    /// The secrets of the call that the response belongs to.
    pub(crate) confidential: Confidential,
}

impl Error {
    /// Returns the error for a request that cannot be built from the given arguments.
    pub fn invalid_request(operation: Option<&'static Operation>, message: impl Into<String>) -> Self {
        Self::plain(ErrorKind::InvalidRequest, operation, message.into())
    }

    /// Returns the error for a client that cannot be built from the given configuration.
    pub fn configuration(message: impl Into<String>) -> Self {
        Self::plain(ErrorKind::Configuration, None, message.into())
    }

    pub(crate) fn plain(kind: ErrorKind, operation: Option<&'static Operation>, message: String) -> Self {
        Self(Box::new(Inner {
            kind,
            operation,
            message,
            response: None,
            json_path: None,
            hint: None,
            polling: None,
            source: None,
            attempts: 0,
            gave_up: None,
            confidential: Confidential::default(),
        }))
    }

    /// Adds the cause of a failure. The caller must have removed URLs from `source`.
    #[doc(hidden)]
    pub fn with_source(mut self, source: impl StdError + Send + Sync + 'static) -> Self {
        self.0.source = Some(Box::new(source));
        self
    }

    /// Adds the error that the user's own code returned.
    pub(crate) fn with_boxed_source(mut self, source: Box<dyn StdError + Send + Sync>) -> Self {
        self.0.source = Some(source);
        self
    }

    /// Sets the operation unless the error already has one.
    pub(crate) fn during(mut self, operation: &'static Operation) -> Self {
        self.0.operation.get_or_insert(operation);
        self
    }

    /// Hides the secrets of a client and of a call in every part of the error that is displayed, including parts
    /// already set.
    pub(crate) fn conceal(mut self, confidential: &Confidential) -> Self {
        let inner = &mut *self.0;
        let response = inner.response.iter_mut();
        let of_response = response.flat_map(|response| response.facts.texts().chain(&mut response.request_id));
        let of_polling = inner.polling.iter_mut();
        let of_polling = of_polling.flat_map(|polling| std::iter::once(&mut polling.run).chain(&mut polling.status));
        let texts = of_response.chain(of_polling).chain(&mut inner.json_path);
        texts.chain([&mut inner.message]).for_each(|text| confidential.hide_in(text));
        if inner.confidential.is_empty() {
            inner.confidential = confidential.clone();
        }
        self
    }

    /// Builds the error for a response whose status is not a success.
    pub(crate) fn from_error_response(operation: &'static Operation, received: Received) -> Self {
        let confidential = received.confidential.clone();
        let compressed = compressed(&received.headers).filter(|_| std::str::from_utf8(&received.body).is_err());
        let facts = parse_received(&received);
        let message = facts
            .message
            .clone()
            .or_else(|| not_followed(&received))
            .or_else(|| Some(format!("the reason {}", compressed?)))
            .unwrap_or_else(|| "the server gave no reason".to_owned());
        let status = received.status.as_u16();
        let mut hints = received.profile.hints.iter();
        let hint = hints.find(|hint| hint.status == status);
        let mut error = Self::plain(ErrorKind::Status, Some(operation), message);
        error.0.hint = hint.map(|hint| hint.text);
        error.0.response = Some(ErrorResponse::new(received, facts));
        error.conceal(&confidential)
    }

    /// Builds the error for a success that turns out to be a failure: with what the server says about it, after `prefix` if
    /// there is one.
    pub(crate) fn reported(
        kind: ErrorKind,
        operation: &'static Operation,
        prefix: Option<&str>,
        received: Received,
    ) -> Self {
        let confidential = received.confidential.clone();
        let facts = parse_received(&received);
        let message = match (prefix, &facts.message) {
            (Some(prefix), Some(message)) => format!("{prefix}: {message}"),
            (Some(prefix), None) => prefix.to_owned(),
            (None, Some(message)) => message.clone(),
            (None, None) => "the server reported an error without a reason".to_owned(),
        };
        let mut error = Self::plain(kind, Some(operation), message);
        error.0.response = Some(ErrorResponse::new(received, facts));
        error.conceal(&confidential)
    }

    /// Builds the error for a response to a download that is not the file.
    pub(crate) fn download_failed(
        operation: &'static Operation,
        kind: ErrorKind,
        message: String,
        (status, headers, body): (StatusCode, HeaderMap, Bytes),
    ) -> Self {
        let mut error = Self::plain(kind, Some(operation), message);
        error.0.response = Some(ErrorResponse { status, headers, body, facts: ErrorBody::default(), request_id: None });
        error
    }

    /// Builds the error for a response that cannot be used although its status is a success.
    pub(crate) fn unusable_response(
        kind: ErrorKind,
        operation: &'static Operation,
        message: String,
        received: Received,
    ) -> Self {
        Self::plain(kind, Some(operation), message).with_incomplete_response(operation, received)
    }

    /// Adds a successful response whose body was cut off, with the part that arrived.
    pub(crate) fn with_incomplete_response(mut self, operation: &'static Operation, received: Received) -> Self {
        let confidential = received.confidential.clone();
        self.0.response = Some(ErrorResponse::unusable(operation, received));
        self.conceal(&confidential)
    }

    /// Builds the error for a response whose JSON does not match its type.
    pub(crate) fn undecodable_response(operation: &'static Operation, problem: JsonError, received: Received) -> Self {
        let message = format!("unexpected response at {problem}");
        let confidential = received.confidential.clone();
        let mut error = Self::unusable_response(ErrorKind::Decode, operation, message, received);
        error.0.json_path = Some(problem.path);
        error.conceal(&confidential)
    }
}

impl ErrorResponse {
    /// Builds the response of a success that cannot be used. The run that the call started exists nevertheless.
    fn unusable(operation: &'static Operation, received: Received) -> Self {
        let run_id = run_id::find_run_id(&received.body, operation.started);
        Self::new(received, ErrorBody { run_id, ..ErrorBody::default() })
    }

    fn new(received: Received, facts: ErrorBody) -> Self {
        let from_header = request_id(&received.headers, received.profile);
        let request_id = facts.request_id.clone().or(from_header.map(str::to_owned));
        Self { status: received.status, headers: received.headers, body: received.body, facts, request_id }
    }
}

/// Parses an error body, which in a stream of events is the data of an event.
fn parse_received(received: &Received) -> ErrorBody {
    let Received { headers, body, confidential, .. } = received;
    if compressed(headers).is_some() && std::str::from_utf8(body).is_err() {
        return ErrorBody::default();
    }
    let content_type =
        headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_stream = content_type.trim_start().to_ascii_lowercase().starts_with("text/event-stream");
    let data = if is_stream { first_data(body) } else { None };
    body::parse_error_body(data.as_deref().unwrap_or(body), confidential)
}

/// Describes the target of a redirect that was not followed, without path and query, which may contain secrets.
fn not_followed(received: &Received) -> Option<String> {
    if !received.status.is_redirection() {
        return None;
    }
    let location = received.headers.get(http::header::LOCATION)?.to_str().ok()?;
    let place = match reqwest::Url::parse(location) {
        Ok(url) => url.origin().ascii_serialization(),
        // A scheme-relative URL, in every form that URL parsers accept.
        Err(_) if location.chars().take(2).filter(|character| "/\\".contains(*character)).count() == 2 => {
            "another server".to_owned()
        }
        Err(_) => "another path".to_owned(),
    };
    Some(format!("the redirect to {place} was not followed"))
}

/// Describes the compression of a body. Every request asks for none, and the runtime cannot decompress.
pub(crate) fn compressed(headers: &HeaderMap) -> Option<String> {
    let codings = headers.get_all(http::header::CONTENT_ENCODING).into_iter().filter_map(|value| value.to_str().ok());
    let codings = codings.flat_map(|codings| codings.split(',')).map(str::trim);
    let codings = codings.filter(|coding| !coding.is_empty() && !coding.eq_ignore_ascii_case("identity"));
    let codings: Vec<&str> = codings.collect();
    (!codings.is_empty()).then(|| format!("is compressed ({}), which was not asked for", codings.join(", ")))
}

/// Returns the request ID in the headers.
pub(crate) fn request_id<'a>(headers: &'a HeaderMap, profile: &Profile) -> Option<&'a str> {
    let mut names = profile.request_id_headers.iter();
    names.find_map(|name| headers.get(*name)?.to_str().ok()).filter(|id| !id.is_empty())
}
