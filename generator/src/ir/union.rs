//! Unions, and the rules that choose the variant of a value.

use serde_json::Value;

use crate::names::{RustIdent, WireName};

use super::{Docs, Lifecycle, Storage, Type};

/// One of several types.
#[derive(Clone, Debug, PartialEq)]
pub struct Union {
    /// The variants, in the order of the document.
    pub variants: Vec<Variant>,
    /// How the variant is chosen.
    pub decision: Decision,
    /// Properties that every variant has.
    pub accessors: Vec<Accessor>,
}

/// A method that reads a property which every variant has.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub struct Variant {
    /// Name in Rust.
    pub name: RustIdent,
    /// Type of its payload.
    pub ty: Type,
    /// Whether the payload is boxed.
    pub storage: Storage,
    /// The tag that is written with the payload, where the payload has none of its own.
    pub tag: Option<Literal>,
}

/// A string, number or boolean that tells values apart.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Literal {
    /// A string.
    Text(String),
    /// A number or a boolean, as JSON writes it. A whole number has no fraction.
    Plain(String),
}

impl Literal {
    /// Returns the literal of a JSON value.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::String(text) => Some(Self::Text(text.clone())),
            Value::Bool(_) => Some(Self::Plain(value.to_string())),
            Value::Number(number) => {
                let whole =
                    number.as_f64().filter(|float| number.is_f64() && float.fract() == 0.0 && float.abs() < EXACT);
                Some(Self::Plain(whole.map_or_else(|| number.to_string(), |whole| format!("{whole:.0}"))))
            }
            Value::Null | Value::Array(_) | Value::Object(_) => None,
        }
    }

    /// Returns the value as text, by which a number and a string with the same digits are alike.
    pub fn text(&self) -> &str {
        match self {
            Self::Text(text) | Self::Plain(text) => text,
        }
    }

    /// Returns words that name it as the value of a property; a number or a boolean alone names little.
    pub fn words(&self, property: &str) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Plain(text) => format!("{property} {text}"),
        }
    }

    /// Returns the value as JSON.
    pub fn to_json(&self) -> Value {
        match self {
            Self::Text(text) => Value::String(text.clone()),
            Self::Plain(text) => serde_json::from_str(text).unwrap_or_default(),
        }
    }
}

/// Largest magnitude up to which every whole `f64` is exact: 2^53.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// How the variant of a union is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// By a property whose value differs in every variant.
    Tagged {
        /// The property.
        tag: WireName,
        /// Values and the variants that they choose.
        cases: Vec<(Literal, usize)>,
        /// Further values that choose a variant but are not written.
        aliases: Vec<(Literal, usize)>,
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
    /// This value.
    Is(Literal),
    /// An object with these properties.
    Holds(Vec<(WireName, Test)>),
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
