//! Conversions of maps, pairs and JSON values to JSON objects.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::Map;

/// A value that can be passed where a JSON object with arbitrary properties is expected: `json!({…})`, a map, or pairs
/// of names and values.
///
/// A [`Value`] that is not an object becomes an object without properties. `serde_json::Map<String, Value>` is always an
/// object, so read JSON that you have not written yourself as that type.
pub trait IntoObject {
    /// Returns the object. A JSON value that is not an object becomes an object without properties.
    fn into_object(self) -> Map<Value>;
}

impl IntoObject for Value {
    fn into_object(self) -> Map<Value> {
        match self {
            Self::Object(properties) => properties.into_object(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => Map::new(),
        }
    }
}

impl IntoObject for serde_json::Map<String, Value> {
    fn into_object(self) -> Map<Value> {
        collect(self)
    }
}

impl<K: Into<String>, V: Into<Value>> IntoObject for indexmap::IndexMap<K, V> {
    fn into_object(self) -> Map<Value> {
        collect(self)
    }
}

impl<K: Into<String>, V: Into<Value>, S> IntoObject for HashMap<K, V, S> {
    fn into_object(self) -> Map<Value> {
        collect(self)
    }
}

impl<K: Into<String>, V: Into<Value>> IntoObject for BTreeMap<K, V> {
    fn into_object(self) -> Map<Value> {
        collect(self)
    }
}

impl<K: Into<String>, V: Into<Value>> IntoObject for Vec<(K, V)> {
    fn into_object(self) -> Map<Value> {
        collect(self)
    }
}

impl<K: Into<String>, V: Into<Value>, const N: usize> IntoObject for [(K, V); N] {
    fn into_object(self) -> Map<Value> {
        collect(self)
    }
}

fn collect<K: Into<String>, V: Into<Value>>(properties: impl IntoIterator<Item = (K, V)>) -> Map<Value> {
    properties.into_iter().map(|(name, value)| (name.into(), value.into())).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn objects_are_made_of_json_and_of_pairs() {
        let expected: Map<Value> = [("a".to_owned(), json!(1)), ("b".to_owned(), json!("c"))].into_iter().collect();
        assert_eq!(json!({"a": 1, "b": "c"}).into_object(), expected);
        assert_eq!([("a", json!(1)), ("b", json!("c"))].into_object(), expected);
        assert_eq!(vec![("a", json!(1)), ("b", json!("c"))].into_object(), expected);
        assert_eq!(expected.clone().into_object(), expected);
        assert_eq!(HashMap::from([("a", 1)]).into_object(), BTreeMap::from([("a", 1)]).into_object());
        assert!(json!(["a"]).into_object().is_empty());
    }
}
