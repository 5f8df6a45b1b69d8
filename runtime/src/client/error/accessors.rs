//! The questions a program can ask an error. It must not know how errors are made or shown.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::{Error, ErrorKind, ErrorResponse, body::ErrorBody};
use crate::client::retry::requested_delay;
use crate::decode::{JsonError, decode_json};
use crate::operation::Operation;

impl Error {
    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// The operation that failed, unless no call was made.
    pub fn operation(&self) -> Option<&Operation> {
        self.0.operation
    }

    /// The status of the response, if there was one.
    pub fn status(&self) -> Option<StatusCode> {
        self.response().map(|response| response.status)
    }

    /// The headers of the response, if there was one.
    pub fn headers(&self) -> Option<&HeaderMap> {
        self.response().map(|response| &response.headers)
    }

    /// The error code the server gave.
    pub fn code(&self) -> Option<&str> {
        self.facts()?.code.as_deref()
    }

    /// What went wrong, in the words of the server if it gave any.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Whether the server says that the call may be repeated; `None` if it does not say.
    pub fn retryable(&self) -> Option<bool> {
        self.facts()?.retryable
    }

    /// Whether the same call can succeed later: what the server says, else judged by status and kind.
    ///
    /// It does not say that repeating is harmless: after a timeout or a broken connection the server may
    /// have done the work.
    pub fn is_retryable(&self) -> bool {
        let by_status = |status: StatusCode| {
            status.is_server_error() || status == StatusCode::REQUEST_TIMEOUT || status == StatusCode::TOO_MANY_REQUESTS
        };
        match self.0.kind {
            ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::Transport => true,
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

    /// The id under which the server knows the request: from the body, else from a header.
    pub fn request_id(&self) -> Option<&str> {
        self.response()?.request_id.as_deref()
    }

    /// A page of the vendor about this error.
    pub fn doc_url(&self) -> Option<&str> {
        self.facts()?.doc_url.as_deref()
    }

    /// The run that the failed call has started, or that was waited for: fetch or attach to it instead of calling again.
    pub fn run_id(&self) -> Option<&str> {
        self.polled_run().or_else(|| self.facts()?.run_id.as_deref())
    }

    /// Whether the response of a failed call identifies something that it may have started.
    pub(crate) fn mentions_a_run(&self) -> bool {
        self.run_id().is_some() || self.facts().is_some_and(|facts| facts.has_id)
    }

    /// How long the server asks to wait, counted from now: `retry-after-ms`, else `Retry-After`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after_at(SystemTime::now())
    }

    /// How long the server asks to wait, counted from `now`. A date in the past gives zero.
    pub fn retry_after_at(&self, now: SystemTime) -> Option<Duration> {
        requested_delay(self.headers()?, now)
    }

    /// The body of the response, as far as it was read.
    pub fn body(&self) -> Option<&Bytes> {
        self.response().map(|response| &response.body)
    }

    /// The body of the response as a type of the caller.
    ///
    /// # Errors
    ///
    /// When there is no body, or it does not have this shape.
    pub fn body_as<T: DeserializeOwned>(&self) -> Result<T, JsonError> {
        decode_json(self.body().map_or(&[], |body| body))
    }

    /// Where in the JSON of the response the problem is, for example `data[0].id`; `$` is the whole.
    pub fn json_path(&self) -> Option<&str> {
        self.0.json_path.as_deref()
    }

    /// What can be done about it.
    pub fn hint(&self) -> Option<&str> {
        self.0.hint
    }

    /// Status 400.
    pub fn is_bad_request(&self) -> bool {
        self.has_status(StatusCode::BAD_REQUEST)
    }

    /// Status 401: the credential was not accepted.
    pub fn is_unauthorized(&self) -> bool {
        self.has_status(StatusCode::UNAUTHORIZED)
    }

    /// Status 402: out of credit.
    pub fn is_payment_required(&self) -> bool {
        self.has_status(StatusCode::PAYMENT_REQUIRED)
    }

    /// Status 403: the credential may not do this.
    pub fn is_forbidden(&self) -> bool {
        self.has_status(StatusCode::FORBIDDEN)
    }

    /// Status 404.
    pub fn is_not_found(&self) -> bool {
        self.has_status(StatusCode::NOT_FOUND)
    }

    /// Status 422: understood, but not acceptable.
    pub fn is_unprocessable(&self) -> bool {
        self.has_status(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// Status 429: too many requests.
    pub fn is_rate_limited(&self) -> bool {
        self.has_status(StatusCode::TOO_MANY_REQUESTS)
    }

    /// A status from 500 to 599.
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }

    /// A time limit of the client ran out, while connecting or later.
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
            | ErrorKind::Decode
            | ErrorKind::ResponseTooLarge
            | ErrorKind::Output
            | ErrorKind::RepeatedToken => false,
        }
    }

    /// No connection could be made; the request was not sent.
    pub fn is_connect(&self) -> bool {
        self.0.kind == ErrorKind::Connect
    }

    /// The response is not what the API description says.
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
