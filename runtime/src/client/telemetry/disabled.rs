//! Spans without the feature `tracing`.
//!
//! The functions must do nothing.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::client::confidential::Confidential;
use crate::client::config::Core;
use crate::client::error::Error;
use crate::operation::Operation;

/// A span that records nothing.
pub(crate) struct CallSpan;

impl CallSpan {
    pub(crate) fn new(_: &Core, _: &'static Operation) -> Self {
        Self
    }

    pub(crate) fn run<F: Future>(&self, future: F) -> F {
        future
    }

    pub(crate) fn record_retry(&self, _: &Error, _: u32, _: Duration) {}

    pub(crate) fn end(&self, _: Result<(), &Error>) {}
}

/// A span that records nothing.
pub(crate) struct AttemptSpan;

impl AttemptSpan {
    pub(crate) fn new(_: &Core, _: &'static Operation, _: &reqwest::Request, _: u32) -> Self {
        Self
    }

    pub(crate) fn run<F: Future>(&self, future: F) -> F {
        future
    }

    pub(crate) fn enter<T>(&self, work: impl FnOnce() -> T) -> T {
        work()
    }

    pub(crate) fn record_response(&self, _: &Core, _: &Confidential, _: StatusCode, _: &HeaderMap) {}

    pub(crate) fn end(&self, _: Result<(), &Error>) {}
}
