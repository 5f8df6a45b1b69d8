//! What a type is: its kind, its properties, how the members of a union are told apart.

use serde_json::Value;

use crate::names::{RustIdent, WireName};
use crate::pointer::Pointer;

use super::{Docs, Lifecycle, TypeId};

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
