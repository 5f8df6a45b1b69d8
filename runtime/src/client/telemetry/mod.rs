//! What `tracing` is told about a call: a span for the call, one for each attempt, an event for each retry.
//!
//! Names follow the OpenTelemetry semantic conventions for HTTP clients. Without the feature `tracing` there are the same
//! functions, and they do nothing. Nothing here may hold a secret: URLs and headers go through `redact`.

#[cfg(not(feature = "tracing"))]
mod disabled;
#[cfg(feature = "tracing")]
mod redact;
#[cfg(feature = "tracing")]
mod spans;

#[cfg(not(feature = "tracing"))]
pub(crate) use disabled::{AttemptSpan, CallSpan};
#[cfg(feature = "tracing")]
pub(crate) use spans::{AttemptSpan, CallSpan};
