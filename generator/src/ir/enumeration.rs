//! Enumerations of strings.

use crate::names::RustIdent;

/// One of several strings.
#[derive(Clone, Debug, PartialEq)]
pub struct Enumeration {
    /// The strings, in the order of the document.
    pub values: Vec<EnumValue>,
}

/// A value of an enumeration.
#[derive(Clone, Debug, PartialEq)]
pub struct EnumValue {
    /// Name in Rust.
    pub name: RustIdent,
    /// The string.
    pub wire: String,
}
