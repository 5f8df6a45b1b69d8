//! Request bodies.

use super::{Presence, Type};

/// The body of a request.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Body {
    /// How it is encoded.
    pub form: BodyForm,
    /// Whether it is required.
    pub presence: Presence,
    /// Its type.
    pub ty: Type,
    /// The other media types that the operation accepts.
    pub alternatives: Vec<String>,
}

/// Encoding of a request body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// JSON.
    Json,
    /// `multipart/form-data`.
    Multipart,
    /// `application/x-www-form-urlencoded`.
    UrlEncoded,
    /// Text of this media type.
    Text(String),
    /// Bytes of this media type.
    Bytes(String),
}
