//! Paths from a value to a property inside it.

use crate::names::{RustIdent, WireName};

use super::Presence;

/// A path to a property, from the outside in. The empty path is the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PropertyPath(pub Vec<Step>);

/// One property on a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Name in Rust.
    pub name: RustIdent,
    /// Name on the wire.
    pub wire: WireName,
    /// Whether it may be absent or `null`.
    pub presence: Presence,
}

impl PropertyPath {
    /// Returns whether every property on the path is present in every value.
    pub fn is_certain(&self) -> bool {
        self.0.iter().all(|step| step.presence == Presence::Required)
    }
}
