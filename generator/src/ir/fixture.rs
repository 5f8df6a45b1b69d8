//! Fixtures: prepared values for tests.

use serde_json::Value;

use crate::names::RustIdent;

use super::Type;

/// A prepared value of a type.
#[derive(Clone, Debug, PartialEq)]
pub struct Fixture {
    /// Name of the function that returns it.
    pub name: RustIdent,
    /// Type of the value.
    pub ty: Type,
    /// The value.
    pub value: Value,
}
