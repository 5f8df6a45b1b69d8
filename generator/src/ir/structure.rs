//! Structs: objects with named properties.

use serde_json::Value;

use crate::names::{RustIdent, WireName};

use super::{Docs, Lifecycle, Type};

/// An object with named properties.
#[derive(Clone, Debug, PartialEq)]
pub struct Struct {
    /// Its properties, in the order of the document.
    pub fields: Vec<Property>,
    /// What happens to properties that have no field.
    pub rest: Rest,
    /// Arguments of the constructor, in order: indexes into `fields`.
    pub arguments: Vec<usize>,
    /// Its `with_…` setters, in the order of the properties.
    pub setters: Vec<Setter>,
}

/// The setters of a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setter {
    /// The property: its index in `fields`.
    pub field: usize,
    /// Name of the setter.
    pub name: RustIdent,
    /// Name of the setter that sends `null`, where that differs from leaving the property out.
    pub null: Option<RustIdent>,
}

/// What happens to properties that have no field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// They are ignored.
    Ignored,
    /// They are kept as JSON, in a field of this name.
    Kept(RustIdent),
    /// They are kept as this type, in a field of this name.
    Typed(RustIdent, Type),
}

/// A property of an object.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Property {
    /// Name on the wire.
    pub wire: WireName,
    /// Name in Rust.
    pub name: RustIdent,
    /// Its descriptions.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub lifecycle: Lifecycle,
    /// Whether it may be absent or `null`.
    pub presence: Presence,
    /// Whether the document requires it.
    pub requirement: Requirement,
    /// In which direction it is sent.
    pub direction: Direction,
    /// Its type.
    pub ty: Type,
    /// The value that the document fixes, unless that is a string: see [`Type::Constant`].
    pub fixed: Option<Value>,
    /// A value that the document gives for it: its example, else its default.
    pub example: Option<Value>,
    /// Whether it is boxed.
    pub storage: Storage,
    /// Whether it may be printed.
    pub secrecy: Secrecy,
}

impl Property {
    /// Returns the value that the document fixes, if it fixes one.
    pub fn constant(&self) -> Option<Fixed<'_>> {
        match (&self.fixed, self.ty.constant()) {
            (Some(value), _) => Some(Fixed::Json(value)),
            (None, text) => text.map(Fixed::Text),
        }
    }

    /// Returns the value that every new value of the object holds, if the document fixes one.
    pub fn preset(&self) -> Option<Fixed<'_>> {
        match self.presence {
            Presence::Required | Presence::Nullable => self.constant(),
            Presence::Optional | Presence::OptionalNullable => None,
        }
    }
}

/// A value that the document fixes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixed<'a> {
    /// A string.
    Text(&'a str),
    /// Any other value.
    Json(&'a Value),
}

/// In which direction a property is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// In requests and responses.
    Both,
    /// In responses only (`readOnly`).
    Response,
    /// In requests only (`writeOnly`).
    Request,
}

/// Whether the document requires a property. The profile may relax it: see [`Presence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It is listed in `required`.
    Required,
    /// It may be left out.
    Optional,
}

/// Whether a property may be absent or `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Present, not `null`.
    Required,
    /// Present, possibly `null`.
    Nullable,
    /// Possibly absent.
    Optional,
    /// Possibly absent or `null`.
    OptionalNullable,
}

/// Whether a value is boxed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// Stored in place.
    Inline,
    /// Boxed, because its type contains itself.
    Boxed,
}

/// Whether a value may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// It may be printed.
    Public,
    /// It is never printed.
    Secret,
}
