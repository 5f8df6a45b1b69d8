//! Properties of an object that the document does not name.

use std::fmt;

use serde_json::{Map, Value};

use super::guarded::properties;

/// Properties that the document does not name, kept as received and serialized unchanged.
///
/// `Debug` omits the values of properties whose names suggest a secret, and the query strings of links. An empty value
/// takes the space of one pointer. Use it to read what a newer server sends, or to send what this crate does not know
/// yet.
#[derive(Clone, Default, PartialEq)]
pub struct Extra(Option<Box<Map<String, Value>>>);

impl Extra {
    /// Creates an empty set of properties.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns whether there are no properties.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|map| map.is_empty())
    }

    /// Returns the number of properties.
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |map| map.len())
    }

    /// Returns the value of a property.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.get(name)
    }

    /// Sets a property and returns its previous value.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        self.0.get_or_insert_default().insert(name, value)
    }

    /// Iterates over all properties in the order in which they were received.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter().flat_map(|map| map.iter())
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(map: Map<String, Value>) -> Self {
        if map.is_empty() { Self(None) } else { Self(Some(Box::new(map))) }
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        properties(formatter, self.iter())
    }
}
