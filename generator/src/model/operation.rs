//! What a call is: its parameters, its body, its answers.

use crate::method::Method;
use crate::names::{RustIdent, WireName};
use crate::pointer::Pointer;

use super::{Docs, Lifecycle, Pagination, Presence, Reach, Role, Status, Type, Types, operations};

/// A call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Operation {
    /// HTTP method.
    pub method: Method,
    /// Path template.
    pub path: String,
    /// Where it is defined.
    pub origin: Pointer,
    /// Resource it belongs to; none for calls of the client itself.
    pub group: Option<RustIdent>,
    /// Name of its method.
    pub name: RustIdent,
    /// Name of the method that takes the body made beforehand, where there is one; no other method of the group has it.
    pub name_with_body: RustIdent,
    /// Name of its builder, unique in its group.
    pub builder: RustIdent,
    /// What it does.
    pub docs: Docs,
    /// Whether it is on its way out.
    pub lifecycle: Lifecycle,
    /// Parameters in path, query and headers.
    pub parameters: Vec<Parameter>,
    /// What is sent.
    pub body: Option<Body>,
    /// What comes back when it succeeds.
    pub success: Success,
    /// The same answer as a stream, when the operation can also give one.
    pub stream: Option<Success>,
    /// Declared errors: status and, where the document describes one, the type of the body.
    pub errors: Vec<(Status, Option<Type>)>,
    /// How its answers make up a list.
    pub pages: Option<Pagination>,
    /// What it has to do with runs that take time.
    pub role: Option<Role>,
    /// Where its answer has the ID of the run it started, or that it was sent for.
    pub started: Option<Reach>,
}

impl Operation {
    /// `group.method`, or `method`.
    pub fn id(&self) -> String {
        self.group.as_ref().map_or_else(|| self.name.to_string(), |group| format!("{group}.{}", self.name))
    }

    /// `METHOD /path`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Group and name in one name, which no other operation has.
    pub fn flat_name(&self) -> RustIdent {
        operations::flat_name(self.group.as_ref(), &self.name)
    }

    /// The types of declared error bodies, each once, with the statuses that have it. Any JSON is no type.
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

/// A parameter of a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Parameter {
    /// Name on the wire.
    pub wire: WireName,
    /// Name in Rust.
    pub name: RustIdent,
    /// Where it goes.
    pub location: Location,
    /// Whether it must be given.
    pub presence: Presence,
    /// Its type.
    pub ty: Type,
    /// What it is.
    pub docs: Docs,
    /// Whether it is on its way out.
    pub lifecycle: Lifecycle,
    /// How its value is written.
    pub style: Style,
}

/// Where a parameter goes.
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

/// How the value of a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// Plain values; in the query, lists and objects become several parameters.
    Plain,
    /// The items of a list between separators.
    Joined(char),
    /// `name[key]=value`.
    Deep,
    /// JSON.
    Json,
}

/// What a call sends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Body {
    /// Its form.
    pub form: BodyForm,
    /// Whether it must be there.
    pub presence: Presence,
    /// Its type.
    pub ty: Type,
    /// Other media types the operation takes.
    pub alternatives: Vec<String>,
}

/// Form of what a call sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum BodyForm {
    /// JSON.
    Json,
    /// `multipart/form-data`.
    Multipart,
    /// `application/x-www-form-urlencoded`.
    UrlEncoded,
    /// Text of this media type.
    Text(String),
    /// Bytes of this media type.
    Bytes(String),
}

/// What comes back when a call succeeds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    /// JSON of this type.
    Json(Type),
    /// Text.
    Text,
    /// Bytes.
    Bytes,
    /// Nothing.
    Empty,
    /// Server-sent events, each with JSON of this type.
    Events(Type),
    /// Lines, each with JSON of this type.
    Lines(Type),
    /// Different answers for different statuses.
    ByStatus(Vec<(Status, Success)>),
}
