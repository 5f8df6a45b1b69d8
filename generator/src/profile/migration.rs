//! The table `[migration]` of a version: what took the place of its operations and fields in the newest version. Plain data; knows no
//! documents.

use std::collections::BTreeMap;

use serde::Deserialize;

/// What took the place of operations and fields in the newest version, where their names do not say it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct MigrationPolicy {
    /// Operation to operation, as `METHOD /path`.
    pub operations: BTreeMap<String, String>,
    /// Path of a field, or its last part, to what it is now: the first of these that the newest version added.
    pub fields: BTreeMap<String, Vec<String>>,
}
