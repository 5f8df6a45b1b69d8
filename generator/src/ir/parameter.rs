//! Parameters of operations.

use crate::names::{RustIdent, WireName};

use super::{Docs, Lifecycle, Presence, Type};

/// A parameter of an operation.
#[derive(Clone, Debug)]
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

/// How the value of a parameter is serialized.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain values; in the query, lists and objects become several parameters.
    Plain,
    /// The items of a list, joined by a separator.
    Joined(char),
    /// `name[key]=value`.
    Deep,
    /// JSON.
    Json,
}
