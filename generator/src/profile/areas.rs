//! Areas of an API, each behind a feature of the client.
//!
//! Plain data. The features themselves are declared in the manifest of the client.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The resources, and methods of the client itself, that belong to each feature.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(transparent)]
pub struct Areas(pub BTreeMap<String, Vec<String>>);

impl Areas {
    /// Returns whether no resource depends on a feature.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the feature that a resource, or a method of the client itself, requires.
    pub fn of(&self, name: &str) -> Option<&str> {
        let found = self.0.iter().find(|(_, names)| names.iter().any(|known| known == name));
        found.map(|(area, _)| area.as_str())
    }
}
