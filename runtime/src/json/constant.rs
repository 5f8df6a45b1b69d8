//! A string that the document fixes (`const`): serialized as the document says, kept as received.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The longest string that needs no memory of its own: a `Constant` is as large as a `String`.
const SHORT: usize = 22;

/// The value of a property that the document fixes, such as `object` or a discriminator.
///
/// Values that you build hold the fixed string. A deserialized value keeps whatever the server sent, so that a response
/// survives re-serialization even if the server is newer than this crate.
#[derive(Clone)]
pub struct Constant(Text);

#[derive(Clone)]
enum Text {
    Fixed(&'static str),
    /// The length, and the bytes of the string before it.
    Short(u8, [u8; SHORT]),
    Long(Box<str>),
}

impl Constant {
    /// Creates a value with the fixed string.
    pub const fn new(text: &'static str) -> Self {
        Self(Text::Fixed(text))
    }

    /// Creates a value that a server sent.
    pub(super) fn received(text: &str) -> Self {
        let mut bytes = [0; SHORT];
        Self(match bytes.get_mut(..text.len()) {
            Some(short) => {
                short.copy_from_slice(text.as_bytes());
                Text::Short(text.len() as u8, bytes)
            }
            None => Text::Long(text.into()),
        })
    }

    /// Returns the string, as fixed or as received.
    pub fn as_str(&self) -> &str {
        match &self.0 {
            Text::Fixed(text) => text,
            Text::Short(length, bytes) => {
                let text = bytes.get(..usize::from(*length)).unwrap_or_default();
                std::str::from_utf8(text).unwrap_or_default()
            }
            Text::Long(text) => text,
        }
    }
}

impl AsRef<str> for Constant {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Constant {
    fn eq(&self, other: &Self) -> bool {
        self.as_str() == other.as_str()
    }
}

impl Eq for Constant {}

impl PartialOrd for Constant {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Constant {
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_str().cmp(other.as_str())
    }
}

impl Hash for Constant {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.as_str().hash(state);
    }
}

impl PartialEq<str> for Constant {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Constant {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl fmt::Debug for Constant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), formatter)
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for Constant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self::received(&text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn received_strings_of_any_length_equal_the_fixed_ones() {
        assert_eq!(size_of::<Constant>(), size_of::<String>());
        for text in
            ["", "block", "exactly_22_bytes_long_", "one_byte_more_than_that", "üñï", "twenty_one_bytes_long\u{e9}"]
        {
            let received = Constant::received(text);
            assert_eq!(received.as_str(), text);
            assert_eq!(received, Constant::new(text));
            assert_eq!(serde_json::from_str::<Constant>(&format!("{text:?}")).unwrap(), received);
            assert_eq!(format!("{received} {received:?}"), format!("{text} {text:?}"));
        }
        assert!(Constant::received("a") < Constant::new("b"));
    }
}
