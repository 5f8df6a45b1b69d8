//! Keywords of schemas and other objects of a document. Knows none of them.

use serde_json::{Map, Value};

/// Members up to which comparing names one by one is faster than hashing the one that is looked for. Few schemas have more keywords.
const FEW: usize = 8;

/// An object whose members are mostly few.
pub(crate) trait Keywords {
    /// Returns the value of a keyword.
    fn keyword(&self, name: &str) -> Option<&Value>;

    /// Returns whether there is a keyword.
    fn has_keyword(&self, name: &str) -> bool {
        self.keyword(name).is_some()
    }
}

impl Keywords for Map<String, Value> {
    fn keyword(&self, name: &str) -> Option<&Value> {
        if self.len() > FEW {
            return self.get(name);
        }
        self.iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }
}

impl Keywords for Value {
    fn keyword(&self, name: &str) -> Option<&Value> {
        self.as_object()?.keyword(name)
    }
}
