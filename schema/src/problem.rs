//! Why a Rust type cannot be the schema of an extraction: the place, what was found there, and what to write instead. Must not know
//! how schemas are read.

use std::fmt;

/// What is wrong with the type of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SchemaProblemKind {
    /// The extracted type is not a struct with named fields.
    NotAStruct,
    /// A string, number, boolean, date or enum that is never null.
    NotOptional,
    /// A list whose items may be null.
    OptionalItem,
    /// A list of enums.
    EnumItem,
    /// A list of lists.
    NestedList,
    /// A list with a fixed length, or a tuple.
    FixedLength,
    /// A list without repetitions.
    Set,
    /// A map.
    Map,
    /// A value that has one of several types.
    Union,
    /// An enum whose values are not strings.
    EnumValue,
    /// A type that contains itself.
    Recursive,
    /// A date with a time.
    DateTime,
    /// A string with a format that the API does not have.
    Format,
    /// Any JSON value, or one that is always null.
    Untyped,
}

impl SchemaProblemKind {
    /// Returns the name in lower case with hyphens.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NotAStruct => "not-a-struct",
            Self::NotOptional => "not-optional",
            Self::OptionalItem => "optional-item",
            Self::EnumItem => "enum-item",
            Self::NestedList => "nested-list",
            Self::FixedLength => "fixed-length",
            Self::Set => "set",
            Self::Map => "map",
            Self::Union => "union",
            Self::EnumValue => "enum-value",
            Self::Recursive => "recursive",
            Self::DateTime => "date-time",
            Self::Format => "format",
            Self::Untyped => "untyped",
        }
    }

    /// Returns what to write instead, where that does not depend on the type.
    pub(crate) fn remedy(self) -> &'static str {
        match self {
            Self::NotAStruct => "a struct with named fields",
            Self::NotOptional => "an `Option`, because the API returns null for what a document does not contain",
            Self::OptionalItem => "items without `Option`, because the API never returns null items",
            Self::EnumItem => "a list of strings, or of structs with the enum in an `Option`",
            Self::NestedList => "a list of structs that contain the inner list",
            Self::FixedLength => "a `Vec`, or a struct with a field for each position",
            Self::Set => "a `Vec`, because a document may repeat a value",
            Self::Map => "a list of structs with one field for the key and one for the value",
            Self::Union => "an enum without data, or a struct with an optional field for each alternative",
            Self::EnumValue => "an enum whose variants are strings in JSON",
            Self::Recursive => "a list without nesting, such as one with a field for the level",
            Self::DateTime => "`Option<extend_ai::schema::Date>`, or `Option<String>` if the time matters",
            Self::Format => "`Option<String>`, and convert the value afterwards",
            Self::Untyped => "the type of the value, or a struct with the fields that are wanted",
        }
    }
}

impl fmt::Display for SchemaProblemKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A field whose type cannot be part of a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SchemaProblem {
    /// What is wrong.
    pub kind: SchemaProblemKind,
    /// The path of the field, such as `Invoice.lines[].amount`. Fields have the names that they have in JSON.
    pub path: String,
    /// What was found there.
    pub found: String,
    /// What to write instead.
    pub instead: String,
}

impl fmt::Display for SchemaProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is {}; write {}", self.path, self.found, self.instead)
    }
}

/// A Rust type that cannot be the schema of an extraction. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    root: String,
    problems: Vec<SchemaProblem>,
}

impl SchemaError {
    /// Returns the error for a type with these problems.
    pub(crate) fn new(root: String, problems: Vec<SchemaProblem>) -> Self {
        Self { root, problems }
    }

    /// Returns the name of the type.
    pub fn type_name(&self) -> &str {
        &self.root
    }

    /// Returns everything that is wrong with the type, in the order of its fields. There is at least one problem.
    pub fn problems(&self) -> &[SchemaProblem] {
        &self.problems
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the type `{}` cannot be extracted", self.root)?;
        for (index, problem) in self.problems.iter().enumerate() {
            write!(f, "{}{problem}", if index == 0 { ": " } else { "; and " })?;
        }
        Ok(())
    }
}

impl std::error::Error for SchemaError {}
