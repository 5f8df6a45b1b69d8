//! Deployments, and base URLs with variables.

use crate::names::RustIdent;
use crate::profile::ServerVariable;

/// Items of the module `environments`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Environments {
    /// Names of the statics, in the order of the profile's deployments.
    pub constants: Vec<String>,
    /// The functions that build base URLs, in the order of the profile's servers.
    pub functions: Vec<UrlFunction>,
}

/// A function that builds a base URL.
#[derive(Clone, Debug, PartialEq)]
pub struct UrlFunction {
    /// Name of the function.
    pub name: RustIdent,
    /// Its arguments, and the variables that they fill.
    pub variables: Vec<(RustIdent, ServerVariable)>,
}
