//! The model: what a Rust SDK needs to know of an API, and nothing of how OpenAPI says it.
//!
//! Names are decided here, once. The emitters read the model and decide nothing.

mod annotations;
mod answers;
mod areas;
mod bodies;
mod build;
mod constructors;
mod expansion;
mod forms;
mod membership;
mod merge;
mod operations;
mod pagination;
mod parameters;
mod polling;
mod reach;
mod recursion;
mod resolve;
mod samples;
mod schema;
mod sources;
mod status;
mod types;
mod unions;
mod usage;
mod webhooks;

use serde_json::Value;

use crate::method::Method;
use crate::names::{RustIdent, WireName};
use crate::pointer::Pointer;

pub(crate) use areas::areas;
pub use build::{Modelled, build};
#[cfg(test)]
pub(crate) use operations::CLIENT_METHODS;
pub use pagination::{Cursor, Pagination};
pub use polling::{Members, Role, RunStart, RunState};
pub use reach::{Reach, Step};
pub(crate) use samples::{Taste, sample};
pub use status::Status;
pub(crate) use types::RESERVED;

/// An API.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// `info.title`.
    pub title: String,
    /// Operations, by path and method.
    pub operations: Vec<Operation>,
    /// Types, by name.
    pub types: Types,
    /// Webhook events, by name.
    pub webhooks: Vec<Webhook>,
}

/// Every type of the API.
#[derive(Clone, Debug, Default)]
pub struct Types(pub Vec<TypeDef>);

/// Place of a type in [`Types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeId(pub usize);

impl Types {
    /// A type by its place.
    pub fn get(&self, id: TypeId) -> &TypeDef {
        &self.0[id.0]
    }

    /// Every place.
    pub fn ids(&self) -> impl Iterator<Item = TypeId> + use<> {
        (0..self.0.len()).map(TypeId)
    }

    /// Every place, ordered by the name of the type.
    pub fn by_name(&self) -> Vec<TypeId> {
        let mut ids: Vec<TypeId> = self.ids().collect();
        ids.sort_by_key(|id| &self.get(*id).name);
        ids
    }

    /// Follows aliases to what they stand for.
    pub fn resolve<'a>(&'a self, ty: &'a Type) -> &'a Type {
        let mut ty = ty;
        // An alias that leads back to itself is no alias (see `recursion`), so this ends.
        while let Type::Named(id) = ty {
            match &self.get(*id).kind {
                Kind::Alias(target) => ty = target,
                Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Wrapper(_) => break,
            }
        }
        ty
    }

    /// The object a type is, behind its aliases.
    pub fn structure<'a>(&'a self, ty: &'a Type) -> Option<&'a Struct> {
        match &self.get(self.resolve(ty).named()?).kind {
            Kind::Struct(structure) => Some(structure),
            Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        }
    }
}

/// Text for humans, as the document has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Docs {
    /// First line.
    pub summary: String,
    /// The rest.
    pub description: String,
    /// Lines with facts: constraints, defaults, wire names.
    pub notes: Vec<String>,
}

/// Whether something is on its way out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lifecycle {
    /// In use.
    #[default]
    Current,
    /// The document advises against it.
    Deprecated,
}

/// A named type.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct TypeDef {
    /// Name in Rust.
    pub name: RustIdent,
    /// Name in the document: of a component, a title, or made from the place.
    pub identity: String,
    /// Where it is defined.
    pub origin: Pointer,
    /// What it is.
    pub docs: Docs,
    /// Whether it is on its way out.
    pub lifecycle: Lifecycle,
    /// Its form.
    pub kind: Kind,
    /// Where it appears.
    pub usage: Usage,
}

/// Form of a named type.
#[derive(Clone, Debug)]
pub enum Kind {
    /// An object with named properties.
    Struct(Struct),
    /// One of several strings.
    Enumeration(Enumeration),
    /// One of several forms.
    Union(Union),
    /// Another name for a type.
    Alias(Type),
    /// A struct around a type, for aliases that would contain themselves.
    Wrapper(Type),
}

/// Where a type appears.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Some request contains it.
    pub request: bool,
    /// Some response or event contains it.
    pub response: bool,
}

/// A type as it appears in a field or parameter.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// Text.
    String,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer(Width),
    /// Any number.
    Number,
    /// A date or time.
    Timestamp,
    /// Bytes of a file.
    Binary,
    /// Any JSON.
    Any,
    /// A string the document fixes.
    Constant(String),
    /// A list.
    List(Box<Type>),
    /// A map with string keys.
    Map(Box<Type>),
    /// A value or `null`, inside a list, a map or an alias.
    Nullable(Box<Type>),
    /// A named type.
    Named(TypeId),
}

impl Type {
    /// The text that the document fixes, if it fixes one.
    pub fn constant(&self) -> Option<&str> {
        if let Self::Constant(text) = self { Some(text) } else { None }
    }

    /// The named type it is, if it is one.
    pub fn named(&self) -> Option<TypeId> {
        if let Self::Named(id) = self { Some(*id) } else { None }
    }
}

/// Range of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Width {
    /// `i32`.
    I32,
    /// `i64`.
    I64,
    /// `u32`.
    U32,
    /// `u64`.
    U64,
}

/// An object with named properties.
#[derive(Clone, Debug)]
pub struct Struct {
    /// Its properties, in the order of the document.
    pub fields: Vec<Property>,
    /// What becomes of properties without a name.
    pub rest: Rest,
    /// Order of the constructor's arguments: places in `fields`.
    pub arguments: Vec<usize>,
}

/// What becomes of properties without a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rest {
    /// They are read over.
    Ignored,
    /// They are kept as JSON, in a field of this name.
    Kept(RustIdent),
    /// They are kept as this type, in a field of this name.
    Typed(RustIdent, Type),
}

/// A property of an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Property {
    /// Name on the wire.
    pub wire: WireName,
    /// Name in Rust.
    pub name: RustIdent,
    /// What it is.
    pub docs: Docs,
    /// Whether it is on its way out.
    pub lifecycle: Lifecycle,
    /// Whether it may be absent or `null`.
    pub presence: Presence,
    /// What the document says about it being there.
    pub promise: Promise,
    /// Its type.
    pub ty: Type,
    /// A value that the document gives for it: its example, else its default.
    pub example: Option<Value>,
    /// Whether it stands in a box.
    pub storage: Storage,
    /// Whether it may be printed.
    pub secrecy: Secrecy,
}

/// What the document says about a property being there. We may know better: see [`Presence`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Promise {
    /// It is always there.
    Made,
    /// It may be left out.
    NotMade,
}

/// Whether a property may be absent or `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// There, with a value.
    Required,
    /// There, maybe `null`.
    Nullable,
    /// There or not.
    Optional,
    /// There or not, maybe `null`.
    OptionalNullable,
}

/// Whether a value stands in a box.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// In place.
    Inline,
    /// In a box, because its type contains itself.
    Boxed,
}

/// Whether a value may be printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrecy {
    /// Yes.
    Public,
    /// Never.
    Secret,
}

/// One of several strings.
#[derive(Clone, Debug)]
pub struct Enumeration {
    /// Its values.
    pub values: Vec<EnumValue>,
}

/// A value of an enumeration.
#[derive(Clone, Debug)]
pub struct EnumValue {
    /// Name in Rust.
    pub name: RustIdent,
    /// The string.
    pub wire: String,
}

/// One of several forms.
#[derive(Clone, Debug)]
pub struct Union {
    /// Its variants, in the order of the document.
    pub variants: Vec<Variant>,
    /// How the variant is found.
    pub decision: Decision,
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Name in Rust.
    pub name: RustIdent,
    /// Its payload.
    pub ty: Type,
    /// Whether the payload stands in a box.
    pub storage: Storage,
}

/// How the variant of a union is found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// By a property with a fixed text.
    Tagged {
        /// The property.
        tag: WireName,
        /// Text and variant.
        cases: Vec<(String, usize)>,
        /// Rules for objects without the property.
        otherwise: Vec<Rule>,
    },
    /// By what the value looks like; rules are tried in order.
    Shaped(Vec<Rule>),
}

/// What a value must look like to be of a variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The look.
    pub pattern: Pattern,
    /// The variant.
    pub variant: usize,
}

/// A look of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// A value of a JSON type.
    Json(JsonType),
    /// An object with these properties.
    Properties(Vec<(WireName, Test)>),
    /// Whatever decodes.
    Try,
}

/// What a property must look like.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// A value of a JSON type.
    Json(JsonType),
    /// This text.
    Text(String),
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonType {
    /// Anything.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// Text.
    String,
    /// A list.
    Array,
    /// A map.
    Object,
}

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

/// An event the server sends.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Webhook {
    /// Name of the event, as in its `eventType`.
    pub event: String,
    /// What it means.
    pub docs: Docs,
    /// Its body.
    pub ty: Type,
}
