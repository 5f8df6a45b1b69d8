//! The report: what a person, a pull request and a program are shown. Plain data with stable keys.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::level::{Direction, RustLevel, Wire};
use super::remedy::Migration;
use super::renaming::KeptName;

/// Version of the form of the report in JSON.
pub const SCHEMA_VERSION: u32 = 1;

/// The differences between two revisions of an API.
#[derive(Clone, Debug, Serialize)]
#[non_exhaustive]
pub struct Drift {
    /// Version of this form.
    pub schema_version: u32,
    /// The old revision.
    pub base: Side,
    /// The new revision.
    pub head: Side,
    /// Number of changes by level.
    pub summary: Summary,
    /// The least part of a version number that a release with these changes has to raise.
    pub suggested_bump: RustLevel,
    /// The changes, the most severe first.
    pub changes: Vec<Change>,
    /// The names of the new client, as `names.toml` has them: what is the same under another name keeps its own.
    #[serde(skip)]
    pub names: String,
    /// What code of users has to change.
    #[serde(skip)]
    pub migration: Migration,
    /// Names of the document that may take over from published ones.
    #[serde(skip)]
    pub kept: Vec<KeptName>,
}

/// One of the two revisions.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Side {
    /// Digest of the document.
    pub sha256: String,
    /// `info.version`.
    pub api_version: String,
    /// Number of operations.
    pub operations: usize,
    /// Number of component schemas.
    pub schemas: usize,
}

/// Number of changes by level.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Summary {
    /// Changes by what they mean for the published crate.
    pub wire: BTreeMap<Wire, usize>,
    /// Changes by what they mean for code that upgrades.
    pub rust: BTreeMap<RustLevel, usize>,
}

impl Summary {
    /// Returns the number of changes that mean this for the published crate.
    pub(super) fn of_wire(&self, level: Wire) -> usize {
        self.wire.get(&level).copied().unwrap_or_default()
    }

    /// Returns the number of changes that mean this for code that upgrades.
    pub(super) fn of_rust(&self, level: RustLevel) -> usize {
        self.rust.get(&level).copied().unwrap_or_default()
    }
}

/// A change: one cause, with everything that it reaches.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// Stable ID of the kind of change.
    pub id: String,
    /// Identifies this change, whatever it is called in messages: 12 hexadecimal digits.
    pub fingerprint: String,
    /// What it means for the published crate.
    pub wire: Wire,
    /// What it means for code that upgrades.
    pub rust: RustLevel,
    /// Which way the values travel that it is about.
    pub direction: Direction,
    /// Keys of the operations, such as `GET /files/{id}`, and names of the events that it reaches.
    pub operations: Vec<String>,
    /// The nearest schema with a name.
    pub schema: Option<String>,
    /// Where it is below that schema, or below the operation.
    pub property_path: String,
    /// Where it is in the documents.
    pub pointer: Pointers,
    /// What was there.
    pub before: Value,
    /// What is there now.
    pub after: Value,
    /// The change in one sentence.
    pub message: String,
    /// The public items that are not what they were.
    pub rust_items: Vec<RustItem>,
    /// What users write instead.
    pub remedy: Vec<String>,
    /// Why a maintainer accepted it, if one did.
    pub accepted: Option<Accepted>,
}

/// JSON pointers in both documents, as far as the change has a place in them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Pointers {
    /// In the old document.
    pub base: Option<String>,
    /// In the new document.
    pub head: Option<String>,
}

/// A public item that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[non_exhaustive]
pub struct RustItem {
    /// Path in the crate.
    pub path: String,
    /// What it was; `None` if it is new.
    pub before: Option<String>,
    /// What it is; `None` if it is gone.
    pub after: Option<String>,
}

/// A change that a maintainer accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Accepted {
    /// Why.
    pub reason: String,
    /// The last day on which this holds, as `2026-12-31`.
    pub until: Option<String>,
}

impl Drift {
    /// Returns whether there is no change.
    pub fn is_empty(&self) -> bool {
        self.changes.is_empty()
    }

    /// Marks the change with this fingerprint as accepted, and returns whether there is one.
    pub fn accept(&mut self, fingerprint: &str, reason: &str, until: Option<&str>) -> bool {
        let mut found = false;
        for change in self.changes.iter_mut().filter(|change| change.fingerprint == fingerprint) {
            change.accepted = Some(Accepted { reason: reason.to_owned(), until: until.map(str::to_owned) });
            found = true;
        }
        found
    }

    /// Returns the changes that nobody accepted.
    pub fn open(&self) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(|change| change.accepted.is_none())
    }
}

impl Summary {
    pub(super) fn of(changes: &[Change]) -> Self {
        let mut summary = Self::default();
        for wire in [Wire::Safe, Wire::Risky, Wire::Breaking] {
            summary.wire.insert(wire, changes.iter().filter(|change| change.wire == wire).count());
        }
        for rust in [RustLevel::None, RustLevel::Patch, RustLevel::Minor, RustLevel::Major] {
            summary.rust.insert(rust, changes.iter().filter(|change| change.rust == rust).count());
        }
        summary
    }
}
