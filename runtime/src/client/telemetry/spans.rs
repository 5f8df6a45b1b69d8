//! The lifetime of spans, and what they record.
//!
//! This module must not know why an attempt is retried.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tracing::instrument::Instrumented;
use tracing::level_filters::LevelFilter;
use tracing::{Instrument, Span};

use super::callsites::{AttemptFields, CallFields, RetryFields};
use super::redact;
use crate::client::confidential::Confidential;
use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind, request_id};
use crate::operation::Operation;

/// Maximum length of a recorded request ID, in characters.
const LONGEST_ID: usize = 200;

/// The span of a call with all its attempts, named after the operation.
pub(crate) struct CallSpan {
    span: Span,
    record_retry: fn(&Span, RetryFields<'_>),
}

impl CallSpan {
    /// Creates the span.
    pub(crate) fn new(core: &Core, operation: &'static Operation) -> Self {
        let telemetry = &core.profile().telemetry;
        Self { span: (telemetry.call)(call_fields(core, operation)), record_retry: telemetry.retry }
    }

    /// Runs a future within the span.
    pub(crate) fn run<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.span.clone())
    }

    /// Records that a failed attempt is retried.
    pub(crate) fn record_retry(&self, error: &Error, number: u32, pause: Duration) {
        let fields = RetryFields {
            attempt: i64::from(number),
            delay_ms: pause.as_secs_f64() * 1000.0,
            error_type: &error_type(error),
            reason: error,
        };
        (self.record_retry)(&self.span, fields);
    }

    /// Records how the call ended.
    pub(crate) fn end(&self, result: Result<(), &Error>) {
        record_end(&self.span, result);
    }
}

/// The span of a request and its response.
pub(crate) struct AttemptSpan(Span);

impl AttemptSpan {
    /// Creates the span; `number` is that of the attempt, from 1.
    pub(crate) fn new(core: &Core, operation: &'static Operation, request: &reqwest::Request, number: u32) -> Self {
        let telemetry = &core.profile().telemetry;
        let url = match LevelFilter::current() {
            LevelFilter::OFF => String::new(),
            // An ID in the path can come from a response.
            _ => core.confidential().hide(&redact::own_url(request.url())).into_owned(),
        };
        let span = (telemetry.attempt)(AttemptFields {
            call: call_fields(core, operation),
            resend_count: (number > 1).then(|| i64::from(number - 1)),
            url: &url,
        });
        (telemetry.request)(&span, &redact::Headers { headers: request.headers(), confidential: core.confidential() });
        Self(span)
    }

    /// Runs a future within the span.
    pub(crate) fn run<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.0.clone())
    }

    /// Runs a function within the span.
    pub(crate) fn enter<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    /// Records that the headers of the response have arrived.
    pub(crate) fn record_response(
        &self,
        core: &Core,
        confidential: &Confidential,
        status: StatusCode,
        headers: &HeaderMap,
    ) {
        if self.0.is_disabled() {
            return;
        }
        self.0.record("http.response.status_code", i64::from(status.as_u16()));
        let request_id = request_id(headers, core.profile()).map(|id| confidential.shown(id, LONGEST_ID));
        self.0.record("request_id", request_id.as_deref());
        (core.profile().telemetry.response)(&self.0, &redact::Headers { headers, confidential });
    }

    /// Records how the attempt ended.
    pub(crate) fn end(&self, result: Result<(), &Error>) {
        record_end(&self.0, result);
    }
}

fn call_fields<'a>(core: &'a Core, operation: &'static Operation) -> CallFields<'a> {
    let url = core.url();
    CallFields { operation, host: url.host_str(), port: url.port_or_known_default().map(i64::from) }
}

fn record_end(span: &Span, result: Result<(), &Error>) {
    if let Err(error) = result {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error_type(error));
    }
}

/// Returns the status of an error response; otherwise, the kind of the error.
fn error_type(error: &Error) -> String {
    match error.status().filter(|_| error.kind() == ErrorKind::Status) {
        Some(status) => status.as_str().to_owned(),
        None => error.kind().as_str().to_owned(),
    }
}
