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
pub struct Extra(Option<Box<Kept>>);

/// What is kept of an object beside its known properties.
#[derive(Clone, Default, PartialEq)]
struct Kept {
    properties: Map<String, Value>,
    /// Whether the object was received as a variant of a union without the tag that would be written.
    lacks_tag: bool,
}

impl Extra {
    /// Creates an empty set of properties.
    pub const fn new() -> Self {
        Self(None)
    }

    /// Returns whether there are no properties.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|kept| kept.properties.is_empty())
    }

    /// Returns the number of properties.
    pub(super) fn len(&self) -> usize {
        self.0.as_ref().map_or(0, |kept| kept.properties.len())
    }

    /// Returns the value of a property.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.0.as_ref()?.properties.get(name)
    }

    /// Sets a property and returns its previous value.
    pub fn insert(&mut self, name: String, value: Value) -> Option<Value> {
        self.0.get_or_insert_default().properties.insert(name, value)
    }

    /// Iterates over all properties in the order in which they were received.
    pub fn iter(&self) -> impl Iterator<Item = (&String, &Value)> {
        self.0.iter().flat_map(|kept| kept.properties.iter())
    }

    /// Notes that the object was received without the tag of its union, which is not written with it either.
    #[doc(hidden)]
    pub fn note_missing_tag(&mut self) {
        self.0.get_or_insert_default().lacks_tag = true;
    }

    /// Returns whether the object was received without the tag of its union.
    #[doc(hidden)]
    pub fn lacks_tag(&self) -> bool {
        self.0.as_ref().is_some_and(|kept| kept.lacks_tag)
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(properties: Map<String, Value>) -> Self {
        if properties.is_empty() { Self(None) } else { Self(Some(Box::new(Kept { properties, lacks_tag: false }))) }
    }
}

impl fmt::Debug for Extra {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        properties(formatter, self.iter())
    }
}
