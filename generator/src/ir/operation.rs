//! Operations.

use crate::method::Method;
use crate::names::RustIdent;
use crate::pointer::Pointer;
use crate::profile::Areas;

use super::{
    Body, Docs, Lifecycle, Pagination, Parameter, PropertyPath, Response, Role, Security, Status, Type, Types,
};

/// An operation.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Operation {
    /// HTTP method.
    pub method: Method,
    /// Path template.
    pub path: String,
    /// Where the document defines it.
    pub origin: Pointer,
    /// The resource that it belongs to; `None` for methods of the client itself.
    pub group: Option<RustIdent>,
    /// Name of its method.
    pub name: RustIdent,
    /// Its descriptions.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub lifecycle: Lifecycle,
    /// Parameters in path, query, headers and cookies.
    pub parameters: Vec<Parameter>,
    /// The credentials that it accepts.
    pub security: Security,
    /// The request body.
    pub body: Option<Body>,
    /// The response to a successful call.
    pub response: Response,
    /// The media types of that response, as a request asks for them.
    pub accept: String,
    /// The same response as a stream, where the operation offers one.
    pub stream: Option<Response>,
    /// Declared error responses: status and, where the document describes one, the type of the body.
    pub errors: Vec<(Status, Option<Type>)>,
    /// How its responses make up a list.
    pub pagination: Option<Pagination>,
    /// The part that it plays in polling.
    pub role: Option<Role>,
    /// Where its response has the ID of the run that it started or acted on.
    pub started: Option<PropertyPath>,
}

impl Operation {
    /// Returns `group.method`, or `method`.
    pub fn id(&self) -> String {
        self.group.as_ref().map_or_else(|| self.name.to_string(), |group| format!("{group}.{}", self.name))
    }

    /// Returns `METHOD /path`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the feature of the client that it requires, if it can be left out.
    pub fn area<'a>(&self, areas: &'a Areas) -> Option<&'a str> {
        areas.of(self.group.as_ref().unwrap_or(&self.name).as_str())
    }

    /// Returns the name of the method that polls the run or batch whose state it returns.
    pub fn attach(&self) -> Option<&RustIdent> {
        match self.role.as_ref()? {
            Role::State(state) => Some(&state.attach),
            Role::Batch(batch) => Some(&batch.attach),
            Role::Start(_) => None,
        }
    }

    /// Returns group and name as one name, unique among all operations.
    pub fn flat_name(&self) -> RustIdent {
        flat_name(self.group.as_ref(), &self.name)
    }

    /// Returns the distinct types of declared error bodies, each with its statuses. Untyped JSON is left out.
    pub fn error_bodies<'a>(&'a self, types: &'a Types) -> Vec<(&'a Type, Vec<Status>)> {
        let mut bodies: Vec<(&Type, Vec<Status>)> = Vec::new();
        for (status, ty) in &self.errors {
            let Some(ty) = ty.as_ref().filter(|ty| *types.resolve(ty) != Type::Any) else { continue };
            match bodies.iter_mut().find(|(known, _)| types.resolve(known) == types.resolve(ty)) {
                Some((_, statuses)) => statuses.push(*status),
                None => bodies.push((ty, vec![*status])),
            }
        }
        bodies
    }
}

/// Joins group and name of an operation. The prefix for operations without a group keeps them from being keywords.
pub(crate) fn flat_name(group: Option<&RustIdent>, name: &RustIdent) -> RustIdent {
    let group = group.map_or("client", RustIdent::as_str);
    RustIdent::snake(&format!("{group} {}", name.as_str()))
}
