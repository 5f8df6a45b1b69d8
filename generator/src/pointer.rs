//! JSON pointers (RFC 6901): locations in a document. Knows nothing of what is at a location.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};
use serde_json::Value;

/// A location in a document. Segments are stored unescaped.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Pointer(Vec<String>);

impl Pointer {
    /// Returns the pointer to the whole document.
    pub fn root() -> Self {
        Self::default()
    }

    /// Parses the fragment of a local reference such as `#/components/schemas/A~1B`, decoding percent escapes.
    /// Returns `None` if the reference points outside the document or is not a JSON pointer.
    pub fn from_reference(reference: &str) -> Option<Self> {
        let fragment = reference.strip_prefix('#')?;
        if fragment.is_empty() {
            return Some(Self::root());
        }
        let segments = fragment.strip_prefix('/')?.split('/');
        Some(Self(segments.map(|segment| unescape(&percent_decode(segment))).collect()))
    }

    /// Returns the pointer extended by one segment.
    #[must_use]
    pub fn join(&self, segment: impl fmt::Display) -> Self {
        let mut segments = Vec::with_capacity(self.0.len() + 1);
        segments.extend_from_slice(&self.0);
        segments.push(segment.to_string());
        Self(segments)
    }

    /// Returns the segments from the root to the location.
    pub fn segments(&self) -> &[String] {
        &self.0
    }

    /// Returns the local reference to the location, the inverse of [`Self::from_reference`].
    pub fn reference(&self) -> String {
        // In a reference, `%` starts an escape.
        format!("#{}", self.to_string().replace('%', "%25"))
    }

    /// Returns the value at this location in a document.
    pub fn find<'a>(&self, document: &'a Value) -> Option<&'a Value> {
        self.0.iter().try_fold(document, |value, segment| match value {
            Value::Array(items) => items.get(segment.parse::<usize>().ok()?),
            Value::Object(members) => members.get(segment),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
        })
    }

    /// Returns whether this is the pointer to the whole document.
    pub fn is_root(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<String> for Pointer {
    fn from_iter<T: IntoIterator<Item = String>>(segments: T) -> Self {
        Self(segments.into_iter().collect())
    }
}

/// Returns a segment as it stands in a pointer.
pub(crate) fn escape(segment: &str) -> String {
    if segment.contains(['~', '/']) { segment.replace('~', "~0").replace('/', "~1") } else { segment.to_owned() }
}

/// Returns a segment of a pointer without its escapes.
pub(crate) fn unescape(segment: &str) -> String {
    if segment.contains('~') { segment.replace("~1", "/").replace("~0", "~") } else { segment.to_owned() }
}

/// Decodes percent escapes; what is no escape stays.
pub(crate) fn percent_decode(segment: &str) -> Cow<'_, str> {
    if !segment.contains('%') {
        return Cow::Borrowed(segment);
    }
    let bytes = segment.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while let Some(&byte) = bytes.get(index) {
        let escape = bytes.get(index + 1..index + 3).and_then(|hex| std::str::from_utf8(hex).ok());
        match escape.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(value) if byte == b'%' => {
                decoded.push(value);
                index += 3;
            }
            Some(_) | None => {
                decoded.push(byte);
                index += 1;
            }
        }
    }
    String::from_utf8(decoded).map_or(Cow::Borrowed(segment), Cow::Owned)
}

impl fmt::Display for Pointer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for segment in &self.0 {
            write!(formatter, "/{}", escape(segment))?;
        }
        Ok(())
    }
}

impl Serialize for Pointer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_parsed_with_their_escapes() {
        let cases = [
            ("#", Some("")),
            ("#/components/schemas/A", Some("/components/schemas/A")),
            ("#/paths/~1a~1{id}/get", Some("/paths/~1a~1{id}/get")),
            ("#/components/schemas/A%20B", Some("/components/schemas/A B")),
            ("#/components/schemas/100%", Some("/components/schemas/100%")),
            ("other.json#/A", None),
            ("A", None),
            ("#A", None),
        ];
        for (reference, expected) in cases {
            let parsed = Pointer::from_reference(reference).map(|pointer| pointer.to_string());
            assert_eq!(parsed.as_deref(), expected, "{reference}");
        }
    }
}
