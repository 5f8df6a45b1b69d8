//! Parameters of operations.

use crate::names::{RustIdent, WireName};
use crate::pointer::Pointer;

use super::{Docs, Lifecycle, Presence, Type};

/// A parameter of an operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Parameter {
    /// Name on the wire.
    pub wire: WireName,
    /// Name in Rust.
    pub name: RustIdent,
    /// Where it is sent.
    pub location: Location,
    /// Whether it is required.
    pub presence: Presence,
    /// Its type.
    pub ty: Type,
    /// Its descriptions.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub lifecycle: Lifecycle,
    /// How its value is serialized.
    pub style: Style,
    /// Which characters of its value are percent-encoded.
    pub encoding: Encoding,
    /// Where the document declares it.
    pub origin: Pointer,
}

/// Where a parameter is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// How the value of a parameter, or of a property of a form, is serialized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// `name=a,b`; exploded, a list repeats the name, and an object becomes several pairs.
    Form(Explode),
    /// `name=a%20b`.
    SpaceDelimited,
    /// `name=a%7Cb`.
    PipeDelimited,
    /// `name[key]=value`.
    DeepObject,
    /// `a,b`.
    Simple(Explode),
    /// `.a,b`.
    Label(Explode),
    /// `;name=a,b`.
    Matrix(Explode),
    /// JSON.
    Json,
}

/// Whether the items of a list or the properties of an object are serialized one by one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Explode {
    /// All of them together.
    No,
    /// One by one.
    Yes,
}

/// Which characters of a value are percent-encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// All but unreserved ones.
    Unreserved,
    /// All but unreserved and reserved ones.
    Reserved,
    /// As in a form.
    Form,
    /// Only those that a cookie cannot contain.
    Cookie,
}
