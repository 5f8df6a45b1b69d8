//! Spans and events of a call: a span for the call, one for each attempt, an event for each retry.
//!
//! Names follow the OpenTelemetry semantic conventions for HTTP clients; numbers are `i64`, the only integers of OpenTelemetry.
//! Without the feature `tracing` the same functions do nothing. No field may hold a secret: URLs and headers are redacted.

mod callsites;
#[cfg(not(feature = "tracing"))]
mod disabled;
#[cfg(feature = "tracing")]
mod redact;
#[cfg(feature = "tracing")]
mod spans;

pub use callsites::Telemetry;
#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::{AttemptSpan, CallSpan};
#[cfg(feature = "tracing")]
pub(crate) use spans::{AttemptSpan, CallSpan};
