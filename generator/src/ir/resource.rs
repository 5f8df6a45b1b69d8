//! Resources and calls: how operations appear in Rust.

use crate::names::RustIdent;

/// A resource: the operations behind one method of the client, or those that are methods of the client itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Resource {
    /// Name of the client's method that returns it; `None` for the operations of the client itself.
    pub name: Option<RustIdent>,
    /// Name of the module with its builders.
    pub module: RustIdent,
    /// Name of the struct with its methods.
    pub accessor: RustIdent,
    /// Its mocks; `None` for the operations of the client itself.
    pub mock: Option<MockResource>,
    /// Its calls, ordered by the name of their method.
    pub calls: Vec<Call>,
}

/// The mocks of a resource.
#[derive(Clone, Debug, PartialEq)]
pub struct MockResource {
    /// Name of the mock server's method that returns them.
    pub method: RustIdent,
    /// Name of the struct with one method per operation.
    pub accessor: RustIdent,
}

/// An operation as a method and a request builder.
#[derive(Clone, Debug, PartialEq)]
pub struct Call {
    /// The operation: its index among all operations.
    pub operation: usize,
    /// Name of the method that takes a complete body, where the body is [spread](BodyPlan::Spread).
    pub with_body: Option<RustIdent>,
    /// Name of the request builder.
    pub builder: RustIdent,
    /// How the body is set.
    pub body: BodyPlan,
    /// Arguments of the method, in order.
    pub arguments: Vec<Argument>,
    /// Setters of the builder, in order.
    pub setters: Vec<Argument>,
    /// Name of the enum over the responses, when they differ by status.
    pub response: Option<RustIdent>,
    /// Name of the enum over the error bodies, when they differ by status.
    pub error_body: Option<RustIdent>,
    /// Name of the method that returns its mock.
    pub mock: RustIdent,
}

/// How the body of a request is set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyPlan {
    /// There is none.
    None,
    /// Its properties are arguments of the method and setters of the builder.
    Spread,
    /// It is an argument of the method.
    Argument,
    /// It is a setter of the builder.
    Setter,
}

/// An argument of a method, or the setter of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Name of the argument or setter.
    pub name: RustIdent,
    /// What it sets.
    pub target: Target,
}

/// What an argument or a setter sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// A parameter: its index in the operation.
    Parameter(usize),
    /// A property of the body: its index in the struct.
    Property(usize),
    /// The body.
    Body,
}
