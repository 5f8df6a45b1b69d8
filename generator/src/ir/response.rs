//! Responses of successful calls.

use super::{Status, Type};

/// What a successful call returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    /// JSON of this type.
    Json(Type),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// No body.
    Empty,
    /// Server-sent events, each with JSON of this type.
    Events(Type),
    /// Lines, each with JSON of this type.
    Lines(Type),
    /// A different response for each of several statuses.
    ByStatus(Vec<(Status, Response)>),
}
