//! Converts failures below HTTP to errors that say what happened, with which server, and within which limit.
//!
//! This module must not decide how failures are handled. URLs are removed, because they can contain a credential.

use super::build_error::BuildError;
use super::deadline::Limit;
use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind};
use crate::client::upload::find_read_failure;
use crate::operation::Operation;

/// The context of an attempt, for error messages.
pub(super) struct ErrorContext<'a> {
    pub(super) core: &'a Core,
    pub(super) operation: &'static Operation,
    pub(super) limit: Limit,
}

impl ErrorContext<'_> {
    /// Returns the error for a request without a response, or for a layer of the client that failed.
    #[cfg(feature = "tower")]
    pub(super) fn unanswered(&self, source: crate::tower::BoxError) -> Error {
        match source.downcast::<reqwest::Error>() {
            Ok(source) => self.unsent(*source),
            Err(source) => {
                let message = format!("a layer of the client failed: {source}");
                Error::plain(ErrorKind::Layer, Some(self.operation), message).with_boxed_source(source)
            }
        }
    }

    /// Returns the error for a request without a response.
    #[cfg(not(feature = "tower"))]
    pub(super) fn unanswered(&self, source: reqwest::Error) -> Error {
        self.unsent(source)
    }

    fn unsent(&self, source: reqwest::Error) -> Error {
        if source.is_builder() {
            return cannot_build(self.operation, &source);
        }
        if !source.is_connect() {
            return self.interrupted(source);
        }
        let server = self.core.server();
        let message = match source.is_timeout() {
            true => format!("connecting to {server} took too long"),
            false => format!("cannot connect to {server}"),
        };
        Error::plain(ErrorKind::Connect, Some(self.operation), message).with_source(source.without_url())
    }

    /// Returns the error for a request or response that was interrupted.
    pub(super) fn interrupted(&self, source: reqwest::Error) -> Error {
        if let Some(file) = find_read_failure(&source) {
            let message = file.to_string();
            return Error::invalid_request(Some(self.operation), message).with_source(source.without_url());
        }
        if source.is_timeout() {
            return self.timeout().with_source(source.without_url());
        }
        let message = format!("the connection to {} broke", self.core.server());
        Error::plain(ErrorKind::Transport, Some(self.operation), message).with_source(source.without_url())
    }

    /// Returns the error for a time limit that expired before the response was complete.
    pub(super) fn timeout(&self) -> Error {
        let message = format!("no complete response from {} within {}", self.core.server(), self.limit);
        Error::plain(ErrorKind::Timeout, Some(self.operation), message)
    }
}

/// Returns the error for a request that the generated code could not build.
pub(super) fn invalid_request_error(operation: &'static Operation, problem: BuildError) -> Error {
    match problem {
        BuildError::Http(source) => cannot_build(operation, &source),
        BuildError::Arguments(text) => Error::invalid_request(Some(operation), text),
    }
}

/// Returns the error for a request that cannot be built from its URL, headers or body.
pub(super) fn cannot_build(operation: &'static Operation, source: &reqwest::Error) -> Error {
    let cause = std::error::Error::source(source).map(ToString::to_string);
    let cause = cause.unwrap_or_else(|| "its URL or body cannot be written".to_owned());
    Error::invalid_request(Some(operation), format!("the request cannot be built: {cause}"))
}
