//! Names that items had before other names took over: each stays as a deprecated alias for one release.

use crate::names::RustIdent;

use super::{Call, Operation, Resource, TypeId};

/// The former names of a client.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct FormerNames {
    /// Those of types, ordered by name.
    pub types: Vec<FormerName>,
    /// Those of the values of enumerations and of the properties of structs.
    pub members: Vec<FormerMember>,
    /// Those of optional parameters.
    pub parameters: Vec<FormerParameter>,
    /// Those of operations.
    pub calls: Vec<FormerCall>,
    /// Resources that are gone, because all of their operations belong to others. They have no calls of their own.
    pub resources: Vec<Resource>,
}

/// A name that a type had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormerName {
    /// The name.
    pub name: RustIdent,
    /// The type.
    pub now: TypeId,
}

/// A name that a part of a type had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormerMember {
    /// The name.
    pub name: RustIdent,
    /// The type.
    pub owner: TypeId,
    /// Its value or property: the index.
    pub index: usize,
}

/// A name that an optional parameter had.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormerParameter {
    /// The name.
    pub name: RustIdent,
    /// The operation: its index.
    pub operation: usize,
    /// The parameter: its index.
    pub parameter: usize,
}

/// The names that a call had, as far as they are others now.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FormerCall {
    /// The operation: its index.
    pub operation: usize,
    /// The resource that it belonged to; `None` for the client itself.
    pub resource: Option<RustIdent>,
    /// Its method.
    pub method: RustIdent,
    /// The method that takes a complete body.
    pub with_body: Option<RustIdent>,
    /// The method that polls the run or batch whose state it returns.
    pub attach: Option<RustIdent>,
    /// Its request builder.
    pub builder: Option<RustIdent>,
    /// The enum over its responses.
    pub response: Option<RustIdent>,
    /// The enum over its error bodies.
    pub error_body: Option<RustIdent>,
}

impl FormerCall {
    /// Returns the methods that had other names, with those that they have.
    pub fn renamed_methods<'a>(
        &'a self,
        operation: &'a Operation,
        call: &'a Call,
    ) -> impl Iterator<Item = (&'a RustIdent, &'a RustIdent)> {
        let methods = [
            (Some(&self.method), Some(&operation.name)),
            (self.with_body.as_ref(), call.with_body.as_ref()),
            (self.attach.as_ref(), operation.attach()),
        ];
        methods.into_iter().filter_map(|(old, now)| old.zip(now))
    }

    /// Returns the types that had other names, with those that they have.
    pub fn renamed_types<'a>(&'a self, call: &'a Call) -> impl Iterator<Item = (&'a RustIdent, &'a RustIdent)> {
        let types = [
            (self.builder.as_ref(), Some(&call.builder)),
            (self.response.as_ref(), call.response.as_ref()),
            (self.error_body.as_ref(), call.error_body.as_ref()),
        ];
        types.into_iter().filter_map(|(old, now)| old.zip(now))
    }
}

impl FormerNames {
    /// Returns the calls that a resource had.
    pub fn calls_of<'a>(&'a self, resource: &'a Resource) -> impl Iterator<Item = &'a FormerCall> {
        self.calls.iter().filter(|call| call.resource == resource.name)
    }

    /// Returns the parts of a type that had other names.
    pub fn members_of(&self, owner: TypeId) -> impl Iterator<Item = &FormerMember> {
        self.members.iter().filter(move |member| member.owner == owner)
    }
}
