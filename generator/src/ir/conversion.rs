//! Conversions into types: what can be given where a type is expected.

use crate::names::RustIdent;

use super::{Type, TypeId};

/// A conversion into a type, as `From` in Rust.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    /// What is given.
    pub source: ConversionSource,
    /// How the value is made of it.
    pub route: ConversionRoute,
}

/// What is given to a conversion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversionSource {
    /// A string, borrowed or owned.
    String,
    /// The payload of a variant.
    Payload(Type),
    /// A value of another type, borrowed or owned.
    Value(TypeId),
}

/// How a conversion makes the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConversionRoute {
    /// The constructor takes what is given.
    Constructor,
    /// The constructor takes a property of what is given.
    Property(RustIdent),
    /// What is given is the payload of this variant.
    Variant(usize),
    /// The payload of this variant is made of what is given.
    Through(usize),
}
