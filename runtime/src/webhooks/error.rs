//! Why a delivery is rejected, and the status to respond with.
//!
//! It must not know how deliveries are verified, and it never holds a secret, a signature or a link.

use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use http::StatusCode;

#[cfg(feature = "client")]
use crate::client::error::Error;
use crate::decode::JsonError;
use crate::readable::clean;

/// What is wrong with a delivery.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum WebhookErrorKind {
    /// The timestamp header or the signature header is missing or empty.
    MissingHeader,
    /// There is no secret to verify with.
    MissingSecret,
    /// The timestamp is not a whole number of seconds.
    BadTimestamp,
    /// The delivery is older than the maximum age.
    TooOld,
    /// The timestamp is in the future.
    FromTheFuture,
    /// The signature does not match this body with any of the secrets.
    SignatureMismatch,
    /// The body is not a valid event.
    UnparsableBody,
    /// The payload is a link, and links are not allowed.
    SignedUrlNotAllowed,
    /// The payload could not be fetched from its link.
    Fetch,
}

impl WebhookErrorKind {
    /// Returns the name in snake case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::MissingHeader => "missing_header",
            Self::MissingSecret => "missing_secret",
            Self::BadTimestamp => "bad_timestamp",
            Self::TooOld => "too_old",
            Self::FromTheFuture => "from_the_future",
            Self::SignatureMismatch => "signature_mismatch",
            Self::UnparsableBody => "unparsable_body",
            Self::SignedUrlNotAllowed => "signed_url_not_allowed",
            Self::Fetch => "fetch",
        }
    }
}

/// Why a delivery was rejected. It never reveals a secret, a signature or a link.
#[derive(Debug)]
pub struct WebhookError {
    kind: WebhookErrorKind,
    message: String,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl WebhookError {
    /// Returns the kind of the error.
    pub fn kind(&self) -> WebhookErrorKind {
        self.kind
    }

    /// Returns whether verification failed. If so, nothing in the delivery can be trusted.
    pub fn is_verification(&self) -> bool {
        match self.kind {
            WebhookErrorKind::MissingHeader
            | WebhookErrorKind::MissingSecret
            | WebhookErrorKind::BadTimestamp
            | WebhookErrorKind::TooOld
            | WebhookErrorKind::FromTheFuture
            | WebhookErrorKind::SignatureMismatch => true,
            WebhookErrorKind::UnparsableBody | WebhookErrorKind::SignedUrlNotAllowed | WebhookErrorKind::Fetch => false,
        }
    }

    /// Returns the status to respond with: 401 if verification failed, 400 if the delivery is genuine but its body is
    /// unusable, and 502 if its payload could not be fetched, so that the server may deliver it again.
    pub fn status(&self) -> StatusCode {
        match self.kind {
            WebhookErrorKind::UnparsableBody | WebhookErrorKind::SignedUrlNotAllowed => StatusCode::BAD_REQUEST,
            WebhookErrorKind::Fetch => StatusCode::BAD_GATEWAY,
            WebhookErrorKind::MissingHeader
            | WebhookErrorKind::MissingSecret
            | WebhookErrorKind::BadTimestamp
            | WebhookErrorKind::TooOld
            | WebhookErrorKind::FromTheFuture
            | WebhookErrorKind::SignatureMismatch => StatusCode::UNAUTHORIZED,
        }
    }

    fn new(kind: WebhookErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), source: None }
    }

    pub(super) fn missing_header(name: &str) -> Self {
        Self::new(WebhookErrorKind::MissingHeader, format!("the header `{name}` is missing"))
    }

    pub(super) fn missing_secret(message: impl Into<String>) -> Self {
        Self::new(WebhookErrorKind::MissingSecret, message)
    }

    pub(super) fn bad_timestamp(name: &str) -> Self {
        Self::new(WebhookErrorKind::BadTimestamp, format!("the header `{name}` is not a number of seconds"))
    }

    pub(super) fn too_old(age: u64, max_age: Duration) -> Self {
        let message = format!("it was sent {age} s ago; at most {max_age:?} are accepted");
        Self::new(WebhookErrorKind::TooOld, message)
    }

    pub(super) fn from_the_future(ahead: u64) -> Self {
        let message = format!("it was sent {ahead} s in the future: one of the two clocks is wrong");
        Self::new(WebhookErrorKind::FromTheFuture, message)
    }

    pub(super) fn signature_mismatch() -> Self {
        let message = "the signature does not fit: the secret is another one, or the body is not as it was sent";
        Self::new(WebhookErrorKind::SignatureMismatch, message)
    }

    pub(super) fn unparsable(message: impl Into<String>) -> Self {
        Self::new(WebhookErrorKind::UnparsableBody, message)
    }

    pub(super) fn not_json(problem: &JsonError) -> Self {
        let what = if problem.is_too_large() { "is too large" } else { "is not JSON" };
        let message =
            format!("the body {what}: {} (line {}, column {})", problem.message, problem.line, problem.column);
        Self::unparsable(message)
    }

    pub(super) fn signed_url_not_allowed() -> Self {
        let message = "the payload is a link; call `allow_signed_url()` to accept such events, and fetch it";
        Self::new(WebhookErrorKind::SignedUrlNotAllowed, message)
    }

    #[cfg(feature = "client")]
    pub(super) fn fetch(message: impl Into<String>) -> Self {
        Self::new(WebhookErrorKind::Fetch, message)
    }

    #[cfg(feature = "client")]
    pub(super) fn not_fetched(source: Error) -> Self {
        let source: Box<dyn StdError + Send + Sync> = Box::new(source);
        Self { source: Some(source), ..Self::fetch("the payload could not be fetched from its link") }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&clean(&self.message))
    }
}

impl StdError for WebhookError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.source.as_deref()?;
        Some(source)
    }
}
