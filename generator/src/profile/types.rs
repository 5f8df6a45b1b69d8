//! The `[types]` table: what types keep, hide and are called, and which schemas are one type.
//!
//! Data only; whether the schemas it names exist and agree is decided by the model.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

/// What types keep, hide and are called.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TypePolicy {
    /// What becomes of properties the document does not name.
    pub unknown_fields: UnknownFields,
    /// Properties whose values are never printed: of every type by their name, of one as `Type.property`.
    pub redact: Vec<String>,
    /// Name of a schema to name of its Rust type.
    pub names: BTreeMap<String, String>,
    /// Schemas that are one type.
    pub shared: Vec<SharedType>,
    /// Types that stand for others.
    pub conversions: Vec<ConversionRule>,
}

/// What becomes of properties the document does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownFields {
    /// They are read over.
    #[default]
    Ignore,
    /// They are kept and written back.
    Keep,
}

/// Several schemas that are one type.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SharedType {
    /// Name of the type.
    pub name: String,
    /// What the type is; without it, the description of the first member.
    #[serde(default)]
    pub doc: String,
    /// Names of the schemas, as `names.toml` has them. The first one documents the type.
    pub members: Vec<String>,
}

/// A value of one type that can be given where another type is expected.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConversionRule {
    /// Name of the schema of the given value.
    pub from: String,
    /// Its property that the expected type is made of.
    pub property: String,
    /// Name of the expected schema; its constructor takes one string.
    pub into: String,
}

impl SharedType {
    /// The name of the schema that stands for all in the lock: the first one.
    pub(crate) fn identity(&self) -> &str {
        self.members.first().unwrap_or(&self.name)
    }
}

impl TypePolicy {
    /// The shared type that a schema is a member of, and the place of the schema among the members.
    pub(crate) fn shared_by(&self, identity: &str) -> Option<(&SharedType, usize)> {
        self.shared.iter().find_map(|shared| {
            let rank = shared.members.iter().position(|member| member == identity)?;
            Some((shared, rank))
        })
    }

    /// Whether the entries contradict each other; how.
    pub(super) fn contradiction(&self) -> Option<String> {
        let mut names = BTreeSet::new();
        let mut members = BTreeSet::new();
        let stated = self.shared.iter().map(|shared| &shared.name).chain(self.names.values());
        for name in stated {
            if !is_type_name(name) {
                return Some(format!(
                    "`{name}` is not a name of a type: an upper-case letter, then letters and digits"
                ));
            }
            if !names.insert(name) {
                return Some(format!("two types have the name `{name}`"));
            }
        }
        for member in self.shared.iter().flat_map(|shared| &shared.members) {
            if self.names.contains_key(member) {
                return Some(format!("`{member}` is a member of a shared type and has a name of its own"));
            }
            if !members.insert(member) {
                return Some(format!("`{member}` is twice a member of a shared type"));
            }
        }
        None
    }
}

fn is_type_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_uppercase())
        && name.chars().all(|letter| letter.is_ascii_alphanumeric())
}
