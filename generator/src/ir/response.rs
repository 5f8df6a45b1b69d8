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

impl Response {
    /// Returns the type of a body that is JSON.
    pub fn json(&self) -> Option<&Type> {
        match self {
            Self::Json(ty) => Some(ty),
            Self::Text | Self::Bytes | Self::Empty | Self::Events(_) | Self::Lines(_) | Self::ByStatus(_) => None,
        }
    }
}
