//! The callsites of spans and events: `telemetry!` expands in the client crate, so that their target is the name of
//! that crate.
//!
//! `tracing` fixes the target of a callsite at compile time. This module must not know when spans begin and end.

#[cfg(feature = "tracing")]
use std::fmt;

#[cfg(feature = "tracing")]
use tracing::Span;

#[cfg(feature = "tracing")]
use crate::client::error::Error;
#[cfg(feature = "tracing")]
use crate::operation::Operation;

/// The callsites of a client crate, created by `telemetry!`.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug)]
pub struct Telemetry {
    /// Creates the span of a call.
    pub call: fn(CallFields<'_>) -> Span,
    /// Creates the span of an attempt.
    pub attempt: fn(AttemptFields<'_>) -> Span,
    /// Records that a failed attempt is retried.
    pub retry: fn(&Span, RetryFields<'_>),
    /// Records the headers of a request.
    pub request: fn(&Span, &dyn fmt::Debug),
    /// Records the headers of a response.
    pub response: fn(&Span, &dyn fmt::Debug),
}

/// No callsites: the feature `tracing` is off.
#[cfg(not(feature = "tracing"))]
#[derive(Clone, Copy, Debug)]
pub struct Telemetry;

/// The fields of the span of a call.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug)]
pub struct CallFields<'a> {
    /// The operation.
    pub operation: &'static Operation,
    /// The host of the server.
    pub host: Option<&'a str>,
    /// The port of the server.
    pub port: Option<i64>,
}

/// The fields of the span of an attempt.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug)]
pub struct AttemptFields<'a> {
    /// The fields of the call.
    pub call: CallFields<'a>,
    /// The number of previous attempts; `None` for the first one.
    pub resend_count: Option<i64>,
    /// The redacted URL.
    pub url: &'a str,
}

/// The fields of the event of a retry.
#[cfg(feature = "tracing")]
#[derive(Clone, Copy, Debug)]
pub struct RetryFields<'a> {
    /// The number of the failed attempt, from 1.
    pub attempt: i64,
    /// The delay before the next attempt, in milliseconds.
    pub delay_ms: f64,
    /// The status of an error response, otherwise the kind of the error.
    pub error_type: &'a str,
    /// The error.
    pub reason: &'a Error,
}

/// Expands to the [`Telemetry`] of the crate in which it is used.
#[cfg(feature = "tracing")]
#[doc(hidden)]
#[macro_export]
macro_rules! telemetry {
    () => {{
        use $crate::codegen::tracing::{self, Level, event, field::Empty, span};
        const TARGET: &str = env!("CARGO_CRATE_NAME");
        $crate::codegen::Telemetry {
            call: |fields| {
                span!(
                    target: TARGET,
                    Level::INFO,
                    "call",
                    otel.name = fields.operation.id,
                    otel.kind = "internal",
                    otel.status_code = Empty,
                    http.request.method = fields.operation.method,
                    url.template = fields.operation.path,
                    server.address = fields.host,
                    server.port = fields.port,
                    "error.type" = Empty,
                )
            },
            attempt: |fields| {
                let operation = fields.call.operation;
                span!(
                    target: TARGET,
                    Level::INFO,
                    "http_request",
                    otel.name = format_args!("{} {}", operation.method, operation.path),
                    otel.kind = "client",
                    otel.status_code = Empty,
                    http.request.method = operation.method,
                    http.request.resend_count = fields.resend_count,
                    http.response.status_code = Empty,
                    url.template = operation.path,
                    url.full = fields.url,
                    server.address = fields.call.host,
                    server.port = fields.call.port,
                    "error.type" = Empty,
                    request_id = Empty,
                )
            },
            retry: |span, fields| {
                event!(
                    target: TARGET,
                    parent: span,
                    Level::INFO,
                    attempt = fields.attempt,
                    retry.delay_ms = fields.delay_ms,
                    "error.type" = fields.error_type,
                    reason = %fields.reason,
                    "trying again",
                )
            },
            request: |span, headers| event!(target: TARGET, parent: span, Level::TRACE, headers = ?headers, "request"),
            response: |span, headers| event!(target: TARGET, parent: span, Level::TRACE, headers = ?headers, "response"),
        }
    }};
}

/// Expands to a [`Telemetry`] without callsites: the feature `tracing` is off.
#[cfg(not(feature = "tracing"))]
#[doc(hidden)]
#[macro_export]
macro_rules! telemetry {
    () => {
        $crate::codegen::Telemetry
    };
}
