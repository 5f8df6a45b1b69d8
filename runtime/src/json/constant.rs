//! A string the document fixes (`const`): written as the document says, read as it arrives.

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The value of a property that the document fixes, such as `object` or a discriminator.
///
/// Values you build carry the fixed text. A value that was read keeps whatever the server sent, so that a
/// response survives re-serialization even when the server moves ahead of this crate.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Constant(Cow<'static, str>);

impl Constant {
    /// The fixed text.
    pub const fn new(text: &'static str) -> Self {
        Self(Cow::Borrowed(text))
    }

    /// What a server sent.
    pub(super) const fn received(text: String) -> Self {
        Self(Cow::Owned(text))
    }

    /// The text as written or received.
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
