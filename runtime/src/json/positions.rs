//! Lists whose first items have a type each, and that may be shorter or longer.

use std::fmt;

use serde::de::{DeserializeOwned, Error};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::guarded::Guarded;
use super::read::{Container, Read, ReadJson, Reader};
use super::write::WriteJson;

/// A tuple that is read from a list.
pub trait Positional: ReadJson {
    /// The number of its items.
    const COUNT: usize;
}

/// A list with a type for each position, of which the document does not say that it has an item in every position, or
/// that nothing follows.
///
/// ```
/// use sdk_runtime::json::Positions;
///
/// let range: Positions<(i64, i64)> = (1, 2).into();
/// assert_eq!(range.complete(), Some(&(1, 2)));
/// ```
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub enum Positions<T> {
    /// One item for each position.
    Complete(T),
    /// Fewer or more items, as they were received.
    Other(Vec<Value>),
}

impl<T> Positions<T> {
    /// Returns the items if there is one for each position.
    pub fn complete(&self) -> Option<&T> {
        match self {
            Self::Complete(items) => Some(items),
            Self::Other(_) => None,
        }
    }

    /// Returns the items if there is one for each position.
    pub fn into_complete(self) -> Option<T> {
        match self {
            Self::Complete(items) => Some(items),
            Self::Other(_) => None,
        }
    }
}

impl<T> From<T> for Positions<T> {
    fn from(items: T) -> Self {
        Self::Complete(items)
    }
}

impl<T: Positional> ReadJson for Positions<T> {
    fn blank() -> Self {
        Self::Other(Vec::new())
    }

    fn read(&mut self, reader: &mut Reader<'_>) -> Read<()> {
        *self = match reader.count() {
            Some(count) if count != T::COUNT => Self::Other(reader.read_value()?),
            Some(_) | None => Self::Complete(reader.read_value()?),
        };
        Ok(())
    }
}

impl Reader<'_> {
    /// Returns the number of items of the next value, if it is a list.
    fn count(&mut self) -> Option<usize> {
        self.ahead(|reader| {
            let mut list = reader.open(Container::List, "a list")?;
            let mut count = 0;
            while reader.next_item(&mut list)? {
                reader.skip()?;
                count += 1;
            }
            Ok(count)
        })
    }
}

impl<T: WriteJson> WriteJson for Positions<T> {
    fn write(&self, text: &mut Vec<u8>) {
        match self {
            Self::Complete(items) => items.write(text),
            Self::Other(items) => items.write(text),
        }
    }
}

impl<T: fmt::Debug> fmt::Debug for Positions<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete(items) => items.fmt(formatter),
            Self::Other(items) => formatter.debug_list().entries(items.iter().map(Guarded)).finish(),
        }
    }
}

impl<T: Serialize> Serialize for Positions<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Complete(items) => items.serialize(serializer),
            Self::Other(items) => items.serialize(serializer),
        }
    }
}

impl<'de, T: Positional + DeserializeOwned> Deserialize<'de> for Positions<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let value = Value::deserialize(deserializer)?;
        match value.as_array() {
            Some(items) if items.len() != T::COUNT => Ok(Self::Other(items.clone())),
            Some(_) | None => serde_json::from_value(value).map(Self::Complete).map_err(D::Error::custom),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Pair = Positions<(String, Option<i64>)>;

    #[derive(Debug)]
    struct Holder {
        pair: Pair,
    }

    crate::object!(Holder {
        "pair" => pair: required,
    });

    #[test]
    fn fewer_and_more_items_are_read_and_written_as_they_were() {
        let pair = Pair::Complete(("a".into(), None));
        let rows: [(&str, Option<&Pair>); 5] = [
            (r#"["a",null]"#, Some(&pair)),
            (r#"["a"]"#, None),
            ("[]", None),
            (r#"["a",1,{"password":[]}]"#, None),
            (r#"[1,2,3]"#, None),
        ];
        for (text, expected) in rows {
            let object = format!(r#"{{"pair":{text}}}"#);
            let read: Holder = serde_json::from_str(&object).unwrap();
            assert_eq!(serde_json::to_string(&read).unwrap(), object);
            assert_eq!(read.pair.complete(), expected.and_then(Positions::complete));
            let through_serde: Pair = serde_json::from_str(text).unwrap();
            assert_eq!((serde_json::to_string(&through_serde).unwrap().as_str(), &through_serde), (text, &read.pair));
        }
        for wrong in ["[1,2]", "{}", "null", r#""a""#] {
            assert!(serde_json::from_str::<Holder>(&format!(r#"{{"pair":{wrong}}}"#)).is_err(), "{wrong}");
            assert!(serde_json::from_str::<Pair>(wrong).is_err(), "{wrong}");
        }
    }
}
