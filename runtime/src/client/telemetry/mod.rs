//! Spans and events of a call: one span for the call, one for each attempt, and an event for each retry.
//!
//! Names follow the OpenTelemetry semantic conventions for HTTP clients; integers are `i64`, the only integer type of
//! OpenTelemetry. Without the feature `tracing`, the same functions do nothing. No field may contain a secret: URLs and
//! headers are redacted.

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
