//! The accessors of an error. This module must not know how errors are created or displayed.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::{Error, ErrorKind, ErrorResponse, body::ErrorBody};
use crate::client::retry::requested_delay;
use crate::decode::{JsonError, decode_json};
use crate::operation::Operation;

impl Error {
    /// Returns the kind of failure.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the operation that failed; `None` if no call was made.
    pub fn operation(&self) -> Option<&Operation> {
        self.0.operation
    }

    /// Returns the status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// Returns the headers of the response, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(|response| &response.headers)
    }

    /// Returns the error code that the server sent.
    pub fn code(&self) -> Option<&str> {
        self.facts()?.code.as_deref()
    }

    /// Returns the error message: that of the server if it sent one.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Returns whether the error body says that the call may be retried; `None` if it does not say.
    pub fn retryable(&self) -> Option<bool> {
        self.facts()?.retryable
    }

    /// Returns whether the same call can succeed later: according to the server if it says so, otherwise according to
    /// the status and the kind of the error.
    ///
    /// This does not mean that a retry is safe: after a timeout or a broken connection, the server may already have
    /// processed the request.
    pub fn is_retryable(&self) -> bool {
        let by_status = |status: StatusCode| {
            status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT || status == StatusCode::TOO_MANY_REQUESTS
        };
        match self.0.kind {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
            ErrorKind::Stream => self.retryable().unwrap_or(false),
            ErrorKind::Status => self.retryable().unwrap_or_else(|| self.status().is_some_and(by_status)),
            ErrorKind::Configuration
            | ErrorKind::InvalidRequest
            | ErrorKind::Credential
            | ErrorKind::Layer
            | ErrorKind::Decode
            | ErrorKind::ResponseTooLarge
            | ErrorKind::Output
            | ErrorKind::RepeatedToken
            | ErrorKind::WaitTimeout => false,
        }
    }

    /// Returns the request ID that the server assigned: from the body, otherwise from a header.
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// Returns the URL of the vendor's documentation of this error.
    pub fn doc_url(&self) -> Option<&str> {
        self.facts()?.doc_url.as_deref()
    }

    /// Returns the ID of the run that the failed call started or waited for. Fetch that run or attach to it instead of
    /// calling again.
    pub fn run_id(&self) -> Option<&str> {
        self.polled_run().or_else(|| self.facts()?.run_id.as_deref())
    }

    /// Returns whether the response of a failed call identifies a run that the call may have started.
    pub(crate) fn mentions_a_run(&self) -> bool {
        self.run_id().is_some() || self.facts().is_some_and(|facts| facts.has_id)
    }

    /// Returns the delay that the server requests, counted from now: `retry-after-ms`, otherwise `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after_at(SystemTime::now())
    }

    /// Returns the delay that the server requests, counted from `now`. For a date in the past, it is zero.
    pub fn retry_after_at(&self, now: SystemTime) -> Option<Duration> {
        requested_delay(self.headers()?, now)
    }

    /// Returns the part of the response body that was read.
    pub fn body(&self) -> Option<&Bytes> {
        self.response().map(|response| &response.body)
    }

    /// Decodes the response body into a type of the caller.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no body, or if it does not match the type.
    pub fn body_as<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        decode_json(self.body().map_or(&[], |body| body))
    }

    /// Returns the path of the problem in the JSON of the response, for example `data[0].id`; `$` is the root.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// Returns advice on how to resolve the error.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint
    }

    /// Returns whether the status is 400.
    pub fn is_bad_request(&self) -> bool {
        self.has_status(StatusCode::BAD_REQUEST)
    }

    /// Returns whether the status is 401: the credential was not accepted.
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Returns whether the status is 402: the account has no credit left.
    pub fn is_payment_required(&self) -> bool {
        self.has_status(StatusCode::PAYMENT_REQUIRED)
    }

    /// Returns whether the status is 403: the credential does not permit the call.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Returns whether the status is 404.
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Returns whether the status is 422: the request was understood but cannot be processed.
    pub fn is_unprocessable(&self) -> bool {
        self.has_status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Returns whether the status is 429: too many requests.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns whether the status is between 500 and 599.
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }

    /// Returns whether a time limit of the client expired, while connecting or later.
    pub fn is_timeout(&self) -> bool {
        match self.0.kind {
            ErrorKind::Timeout | ErrorKind::WaitTimeout => true,
            ErrorKind::Connect => {
                let source = self.0.source.as_deref();
                let http = source.and_then(|source| source.downcast_ref::<reqwest::Error>());
                http.is_some_and(reqwest::Error::is_timeout)
            }
            ErrorKind::Layer
            | ErrorKind::Configuration
            | ErrorKind::InvalidRequest
            | ErrorKind::Credential
            | ErrorKind::Transport
            | ErrorKind::Status
            | ErrorKind::Stream
            | ErrorKind::Decode
            | ErrorKind::ResponseTooLarge
            | ErrorKind::Output
            | ErrorKind::RepeatedToken => false,
        }
    }

    /// Returns whether no connection could be established; the request was not sent.
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// Returns whether the response does not match the API description.
    pub fn is_decode(&self) -> bool {
        self.0.kind == ErrorKind::Decode
    }

    fn has_status(&self, status: StatusCode) -> bool {
        self.status() == Some(status)
    }

    fn facts(&self) -> Option<&ErrorBody> {
        self.response().map(|response| &response.facts)
    }

    pub(super) fn response(&self) -> Option<&ErrorResponse> {
        self.0.response.as_ref()
    }
}
