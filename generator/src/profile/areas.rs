//! Areas of an API that a user of the client can leave out, one feature each.
//!
//! Data only; the features themselves stand in the manifest of the client.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Feature of each area, and the resources and calls of the client itself that belong to it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Areas(pub BTreeMap<String, Vec<String>>);

impl Areas {
    /// Whether every resource is always there.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The feature that a resource, or a call of the client itself, needs.
    pub fn of(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(_, names)| names.iter().any(|known| known == name));
        found.map(|(area, _)| area.as_str())
    }
}
