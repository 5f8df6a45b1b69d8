//! Request bodies.

use crate::names::WireName;
use crate::pointer::Pointer;

use super::{Encoding, Presence, Style, Type};

/// The body of a request.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Body {
    /// How it is encoded.
    pub form: BodyForm,
    /// The media type that is sent, if it is JSON: `application/json` or one that is based on it.
    pub json_media_type: String,
    /// Whether it is required.
    pub presence: Presence,
    /// Its type.
    pub ty: Type,
    /// How properties of a form are sent, where that does not follow from their types.
    pub encodings: Vec<PartEncoding>,
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

/// How a property of a form is sent, as the document states it.
#[derive(Clone, Debug, PartialEq)]
pub struct PartEncoding {
    /// The property.
    pub name: WireName,
    /// What its parts contain.
    pub content: PartContent,
    /// Headers of each of its parts, with their values.
    pub headers: Vec<(String, String)>,
    /// Where the document states it.
    pub origin: Pointer,
}

/// What the parts of a property contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PartContent {
    /// What follows from its type.
    Default,
    /// What follows from its type, with one of these media types.
    MediaTypes(Vec<String>),
    /// A string as JSON, with this media type.
    JsonString(String),
    /// Text in a style.
    Styled(Style, Encoding),
}
