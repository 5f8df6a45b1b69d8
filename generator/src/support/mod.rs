//! What becomes of every construct of OpenAPI 3.0, 3.1 and 3.2: one table, from which warnings, the page and the tests are made.
//!
//! Must not know how a construct is read; only how it is recognised where no pass reads it.

mod bodies;
mod calls;
mod document;
mod example;
mod page;
mod schemas;
mod security;
mod survey;
#[cfg(test)]
mod tests;

use serde_json::{Map, Value};

use crate::position::Position;

use example::Example;

pub use page::render_page;
pub(crate) use security::is_challenge;
pub(crate) use survey::find_degraded;

/// A construct of the specification.
#[derive(Clone, Copy, Debug)]
pub struct Construct {
    /// The keywords, as a document has them.
    pub name: &'static str,
    /// The versions that have it.
    pub versions: &'static [Version],
    /// What becomes of it.
    pub disposition: Disposition,
    /// What the client does.
    pub client: &'static str,
    /// A document that has it.
    example: Example,
}

/// A version of OpenAPI.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// 3.0.
    V3_0,
    /// 3.1.
    V3_1,
    /// 3.2.
    V3_2,
}

impl Version {
    /// All versions.
    pub const ALL: [Self; 3] = [Self::V3_0, Self::V3_1, Self::V3_2];

    /// Returns the number.
    pub fn number(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

/// What becomes of a construct.
#[derive(Clone, Copy, Debug)]
pub enum Disposition {
    /// The client does what it says.
    Supported,
    /// The client does less, and a warning names the place. `None` if the pass that reads it warns.
    Degraded(Option<Seen>),
    /// There is no client; an error names the place.
    Refused,
}

/// How a construct is recognised that no pass reads.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    position: Position,
    keys: &'static [&'static str],
    /// Whether the value, and the object that it is in, are the construct.
    when: fn(&Value, &Map<String, Value>) -> bool,
}

impl Seen {
    const fn key(position: Position, keys: &'static [&'static str]) -> Self {
        Self { position, keys, when: |_, _| true }
    }

    const fn when(
        position: Position,
        keys: &'static [&'static str],
        when: fn(&Value, &Map<String, Value>) -> bool,
    ) -> Self {
        Self { position, keys, when }
    }
}

const ALL: &[Version] = &Version::ALL;
const ONLY_3_0: &[Version] = &[Version::V3_0];
const SINCE_3_1: &[Version] = &[Version::V3_1, Version::V3_2];
const SINCE_3_2: &[Version] = &[Version::V3_2];

const fn supported(
    name: &'static str,
    versions: &'static [Version],
    client: &'static str,
    example: Example,
) -> Construct {
    Construct { name, versions, disposition: Disposition::Supported, client, example }
}

const fn degraded(
    name: &'static str,
    versions: &'static [Version],
    seen: Option<Seen>,
    client: &'static str,
    example: Example,
) -> Construct {
    Construct { name, versions, disposition: Disposition::Degraded(seen), client, example }
}

const fn refused(
    name: &'static str,
    versions: &'static [Version],
    client: &'static str,
    example: Example,
) -> Construct {
    Construct { name, versions, disposition: Disposition::Refused, client, example }
}

/// The constructs, by the part of the document that they belong to.
pub const TABLE: &[(&str, &[Construct])] = &[
    ("Documents", document::CONSTRUCTS),
    ("Paths, operations and parameters", calls::CONSTRUCTS),
    ("Bodies and responses", bodies::CONSTRUCTS),
    ("Schemas", schemas::CONSTRUCTS),
    ("Security", security::CONSTRUCTS),
];
