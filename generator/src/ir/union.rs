//! Unions, and the rules that choose the variant of a value.

use crate::names::{RustIdent, WireName};

use super::{Docs, Lifecycle, Storage, Type};

/// One of several types.
#[derive(Clone, Debug)]
pub struct Union {
    /// The variants, in the order of the document.
    pub variants: Vec<Variant>,
    /// How the variant is chosen.
    pub decision: Decision,
    /// Properties that every variant has.
    pub accessors: Vec<Accessor>,
}

/// A method that reads a property which every variant has.
#[derive(Clone, Debug)]
pub struct Accessor {
    /// Name in Rust, of the method and of the fields.
    pub name: RustIdent,
    /// The property.
    pub wire: WireName,
    /// What the property is.
    pub docs: Docs,
    /// Whether it is deprecated.
    pub lifecycle: Lifecycle,
    /// Its type; a string, where the variants fix one each.
    pub ty: Type,
}

/// A variant of a union.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Name in Rust.
    pub name: RustIdent,
    /// Type of its payload.
    pub ty: Type,
    /// Whether the payload is boxed.
    pub storage: Storage,
}

/// How the variant of a union is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// By a property whose string differs in every variant.
    Tagged {
        /// The property.
        tag: WireName,
        /// Strings and the variants that they choose.
        cases: Vec<(String, usize)>,
        /// Rules for objects without the property.
        otherwise: Vec<Rule>,
        /// Rules for objects whose string has no case; without a rule that matches, they are kept as they are.
        unlisted: Vec<Rule>,
    },
    /// By the JSON shape of the value; the first rule that matches wins.
    Shaped(Vec<Rule>),
}

/// A pattern, and the variant of the values that match it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// The pattern.
    pub pattern: Pattern,
    /// The variant.
    pub variant: usize,
}

/// A pattern of values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pattern {
    /// Values of a JSON type.
    Json(JsonType),
    /// Objects with these properties.
    Properties(Vec<(WireName, Test)>),
    /// Values that decode as the variant.
    Try,
}

/// What a property must be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Test {
    /// A value of a JSON type.
    Json(JsonType),
    /// This string.
    Text(String),
}

/// A JSON type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum JsonType {
    /// Any value.
    Any,
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}
