//! A string that the document fixes (`const`): serialized as the document says, kept as received.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value of a property that the document fixes, such as `object` or a discriminator.
///
/// Values that you build hold the fixed string. A deserialized value keeps whatever the server sent, so that a response
/// survives re-serialization even if the server is newer than this crate.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Constant(Cow<'static, str>);

impl Constant {
    /// Creates a value with the fixed string.
    pub const fn new(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// Creates a value that a server sent.
    pub(super) const fn received(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// Returns the string, as fixed or as received.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Constant {
    fn as_ref(&self) -> &str {
        self.as_str()
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
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl fmt::Display for Constant {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl Serialize for Constant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Constant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer).map(|text| Self(Cow::Owned(text)))
    }
}
