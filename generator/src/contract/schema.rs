//! Schemas as facts: one node of the graph, and its uses. Plain data.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value;

/// Index of a schema in its [`Contract`](super::Contract).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SchemaId(pub usize);

/// A schema behind its references, with `allOf` merged.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SchemaFacts {
    /// JSON pointer in the normalized document.
    pub place: Arc<str>,
    /// Name of the component, if it is one.
    pub name: Option<String>,
    /// The JSON type of its values.
    pub kind: JsonKind,
    /// Whether the schema itself allows `null`.
    pub nullable: bool,
    /// `format`.
    pub format: Option<String>,
    /// The values that it lists.
    pub values: Option<Values>,
    /// Bounds.
    pub limits: BTreeMap<Limit, Value>,
    /// `pattern`.
    pub pattern: Option<String>,
    /// Named properties.
    pub properties: BTreeMap<String, PropertyFacts>,
    /// Whether it lists properties, even none.
    pub lists_properties: bool,
    /// Properties without a name.
    pub rest: RestFacts,
    /// Items of an array.
    pub items: Option<Box<SchemaUse>>,
    /// Items by position.
    pub positions: Vec<SchemaUse>,
    /// The unions that a value has to be a member of.
    pub unions: Vec<UnionFacts>,
    /// Other keywords, compared as they are.
    pub keywords: BTreeMap<String, Value>,
    /// What it says to people.
    pub annotations: Annotations,
}

/// A schema at one of the places that use it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct SchemaUse {
    /// The schema.
    pub schema: SchemaId,
    /// JSON pointer of the place, which is that of the schema unless references lead there.
    pub place: Arc<str>,
    /// Whether `null` is allowed here, beside what the schema says.
    pub nullable: bool,
    /// What is said here, beside what the schema says.
    pub annotations: Annotations,
}

/// A property of an object.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct PropertyFacts {
    /// Its value.
    pub value: SchemaUse,
    /// Whether it is listed in `required`.
    pub required: bool,
    /// Whether the overlay says that responses may lack it all the same.
    pub may_be_absent: bool,
}

impl PropertyFacts {
    /// Returns whether a client fails to read an object without the property.
    pub fn is_relied_on(&self) -> bool {
        self.required && !self.may_be_absent
    }
}

/// What an object allows besides its named properties.
#[derive(Clone, Debug, Default)]
pub enum RestFacts {
    /// Anything, because nothing is said.
    #[default]
    Unstated,
    /// Anything.
    Open,
    /// Nothing.
    Closed,
    /// Values of this schema.
    Typed(Box<SchemaUse>),
}

/// A union.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct UnionFacts {
    /// Its members.
    pub members: Vec<SchemaUse>,
    /// The property that selects the member.
    pub tag: Option<String>,
}

/// The values that a schema lists.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The values, in the order of the document.
    pub list: Vec<Value>,
    /// Whether other values are valid, too.
    pub is_open: bool,
}

/// What a schema says to people and to clients, without restricting its values.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Annotations {
    /// `description`.
    pub description: String,
    /// `default`.
    pub default: Option<Box<Value>>,
    /// `deprecated`.
    pub deprecated: bool,
    /// `readOnly`.
    pub read_only: bool,
    /// `writeOnly`.
    pub write_only: bool,
}

/// The JSON type of values.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum JsonKind {
    /// Any value.
    #[default]
    Any,
    /// A string.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// An array.
    Array,
    /// An object.
    Object,
    /// One of several schemas.
    Union,
    /// Only `null`.
    Null,
}

impl JsonKind {
    /// Returns the name for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::String => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
            Self::Array => "array",
            Self::Object => "object",
            Self::Union => "union",
            Self::Null => "null",
        }
    }
}

/// A bound of values.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Limit {
    /// `minimum`.
    Min,
    /// `maximum`.
    Max,
    /// `minLength`.
    MinLength,
    /// `maxLength`.
    MaxLength,
    /// `minItems`.
    MinItems,
    /// `maxItems`.
    MaxItems,
    /// `minProperties`.
    MinProperties,
    /// `maxProperties`.
    MaxProperties,
    /// A `minimum` that is excluded.
    ExclusiveMin,
    /// A `maximum` that is excluded.
    ExclusiveMax,
}

impl Limit {
    /// All bounds.
    pub const ALL: [Self; 10] = [
        Self::Min,
        Self::Max,
        Self::MinLength,
        Self::MaxLength,
        Self::MinItems,
        Self::MaxItems,
        Self::MinProperties,
        Self::MaxProperties,
        Self::ExclusiveMin,
        Self::ExclusiveMax,
    ];

    /// Returns the part of IDs that names it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Min => "min",
            Self::Max => "max",
            Self::MinLength => "min-length",
            Self::MaxLength => "max-length",
            Self::MinItems => "min-items",
            Self::MaxItems => "max-items",
            Self::MinProperties => "min-properties",
            Self::MaxProperties => "max-properties",
            Self::ExclusiveMin => "exclusive-min",
            Self::ExclusiveMax => "exclusive-max",
        }
    }

    /// Returns whether it bounds values from below.
    pub fn is_lower(self) -> bool {
        match self {
            Self::Min | Self::MinLength | Self::MinItems | Self::MinProperties | Self::ExclusiveMin => true,
            Self::Max | Self::MaxLength | Self::MaxItems | Self::MaxProperties | Self::ExclusiveMax => false,
        }
    }
}
