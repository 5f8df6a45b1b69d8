//! The spans and events themselves.
//!
//! It must not know why something is retried, only that it is. Numbers are `i64`, the only integers of OpenTelemetry.

use std::time::Duration;

use http::{HeaderMap, StatusCode};
use tracing::field::Empty;
use tracing::instrument::Instrumented;
use tracing::{Instrument, Span};

use super::redact;
use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind, request_id};
use crate::profile::Operation;

/// A call with all its attempts. Its span has the operation as its name.
pub(crate) struct CallSpan(Span);

impl CallSpan {
    /// Opens the span.
    pub(crate) fn new(core: &Core, operation: &'static Operation) -> Self {
        let url = core.url();
        Self(tracing::info_span!(
            target: "sdk_runtime",
            "call",
            otel.name = operation.id,
            otel.kind = "internal",
            otel.status_code = Empty,
            http.request.method = operation.method,
            url.template = operation.path,
            server.address = url.host_str(),
            server.port = url.port_or_known_default().map(i64::from),
            "error.type" = Empty,
        ))
    }

    /// Runs what belongs to the call.
    pub(crate) fn run<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.0.clone())
    }

    /// Notes that a failed attempt is repeated.
    pub(crate) fn retry(&self, error: &Error, number: u32, pause: Duration) {
        tracing::info!(
            target: "sdk_runtime",
            parent: &self.0,
            attempt = i64::from(number),
            retry.delay_ms = pause.as_secs_f64() * 1000.0,
            "error.type" = error_type(error),
            reason = %error,
            "trying again",
        );
    }

    /// Notes how the call ended.
    pub(crate) fn end(&self, result: Result<(), &Error>) {
        note_end(&self.0, result);
    }
}

/// One request and its response.
pub(crate) struct AttemptSpan(Span);

impl AttemptSpan {
    /// Opens the span; `number` is that of the attempt, from 1.
    pub(crate) fn new(core: &Core, operation: &'static Operation, request: &reqwest::Request, number: u32) -> Self {
        let url = core.url();
        let span = tracing::info_span!(
            target: "sdk_runtime",
            "http_request",
            otel.name = format_args!("{} {}", operation.method, operation.path),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = operation.method,
            http.request.resend_count = (number > 1).then(|| i64::from(number - 1)),
            http.response.status_code = Empty,
            url.template = operation.path,
            url.full = redact::own_url(request.url()),
            server.address = url.host_str(),
            server.port = url.port_or_known_default().map(i64::from),
            "error.type" = Empty,
            request_id = Empty,
        );
        tracing::trace!(target: "sdk_runtime", parent: &span, headers = ?redact::Headers(request.headers()), "request");
        Self(span)
    }

    /// Runs the attempt.
    pub(crate) fn run<F: Future>(&self, future: F) -> Instrumented<F> {
        future.instrument(self.0.clone())
    }

    /// Does what belongs to the attempt before there is something to wait for.
    pub(crate) fn enter<T>(&self, work: impl FnOnce() -> T) -> T {
        self.0.in_scope(work)
    }

    /// Notes that headers arrived.
    pub(crate) fn record_response(&self, core: &Core, status: StatusCode, headers: &HeaderMap) {
        if self.0.is_disabled() {
            return;
        }
        self.0.record("http.response.status_code", i64::from(status.as_u16()));
        self.0.record("request_id", request_id(headers, core.profile()));
        tracing::trace!(target: "sdk_runtime", parent: &self.0, headers = ?redact::Headers(headers), "response");
    }

    /// Notes how the attempt ended.
    pub(crate) fn end(&self, result: Result<(), &Error>) {
        note_end(&self.0, result);
    }
}

fn note_end(span: &Span, result: Result<(), &Error>) {
    if let Err(error) = result {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", error_type(error));
    }
}

/// The status of a refusal, else the kind of failure.
fn error_type(error: &Error) -> String {
    match error.status().filter(|_| error.kind() == ErrorKind::Status) {
        Some(status) => status.as_str().to_owned(),
        None => error.kind().as_str().to_owned(),
    }
}
