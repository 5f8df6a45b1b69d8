//! An API as a whole.

use super::{Call, CredentialSetters, Environments, Fixture, FormerNames, Operation, Resource, Type, Types, Webhook};

/// An API.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// The operations, ordered by path and method.
    pub operations: Vec<Operation>,
    /// The resources, ordered by name; that of the client itself comes first.
    pub resources: Vec<Resource>,
    /// The types.
    pub types: Types,
    /// Names that its items had before.
    pub former: FormerNames,
    /// The webhook events, ordered by name.
    pub webhooks: Vec<Webhook>,
    /// The items of the module `environments`.
    pub environments: Environments,
    /// The setters of credentials, if there are several.
    pub credentials: Vec<CredentialSetters>,
    /// The fixtures, ordered by name.
    pub fixtures: Vec<Fixture>,
}

impl Api {
    /// Returns the call of an operation, and its resource.
    pub fn call(&self, operation: usize) -> Option<(&Resource, &Call)> {
        self.calls().find(|(_, call)| call.operation == operation)
    }

    /// Returns every call with its resource, ordered by the names of both.
    pub fn calls(&self) -> impl Iterator<Item = (&Resource, &Call)> {
        self.resources.iter().flat_map(|resource| resource.calls.iter().map(move |call| (resource, call)))
    }

    /// Returns the fixture of a type.
    pub fn fixture(&self, ty: &Type) -> Option<&Fixture> {
        self.fixtures.iter().find(|fixture| fixture.ty == *ty)
    }
}
