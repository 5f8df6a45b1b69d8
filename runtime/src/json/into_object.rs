//! Conversions of maps, pairs and JSON values to JSON objects.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use super::Map;

/// A value that can be passed where a JSON object with arbitrary properties is expected: `json!({…})`, a map, or pairs
/// of names and values.
///
/// A [`Value`] that is not an object is kept, and the call that would send it fails with
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest) before anything is sent. `serde_json::Map<String, Value>` is
/// always an object, so read JSON that you have not written yourself as that type.
pub trait IntoObject {
    /// Returns the object. A JSON value that is not an object becomes one that cannot be sent.
    fn into_object(self) -> Map<Value>;
}

/// The name under which a value is kept that should have been an object. JSON of an API has no such name.
const NOT_AN_OBJECT: &str = "\0not an object";

/// The byte that the writer puts before such a value. JSON never contains it: in strings it is escaped.
pub(crate) const NOT_JSON: u8 = 0;

/// Returns the value that was passed in place of an object.
pub(super) fn value_in_place_of_object<V>(map: &Map<V>) -> Option<&V> {
    map.first().filter(|(name, _)| *name == NOT_AN_OBJECT).map(|(_, value)| value)
}

impl IntoObject for Value {
    fn into_object(self) -> Map<Value> {
        match self {
            Self::Object(properties) => properties.into_object(),
            Self::Null | Self::Bool(_) | Self::Number(_) | Self::String(_) | Self::Array(_) => {
                Map::from([(NOT_AN_OBJECT.to_owned(), self)])
            }
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
    }

    #[test]
    fn value_that_is_not_an_object_is_not_written_as_json() {
        for value in [json!(["a"]), json!(null), json!("{}"), json!(7), json!(true)] {
            let written = crate::json::to_bytes(&value.clone().into_object());
            assert!(written.contains(&NOT_JSON), "{value}");
        }
        for value in [json!({}), json!({"": "\0not an object"}), json!({"a": "\0"})] {
            assert!(!crate::json::to_bytes(&value.into_object()).contains(&NOT_JSON));
        }
    }
}
