//! Multipart forms and files as data.
//!
//! This module must not know which operations upload, nor how a form is sent. A file is opened when the form is sent.

mod file;

use std::fmt;

use serde::Serialize;

pub use file::FilePart;
#[cfg(feature = "client")]
pub(crate) use file::{PieceStream, Source};

/// A multipart form. Errors are reported when the form is sent.
#[derive(Debug, Default)]
pub struct Form {
    pub(crate) parts: Vec<Part>,
}

/// A part of a form.
#[derive(Debug)]
pub(crate) struct Part {
    pub(crate) name: String,
    pub(crate) field: Field,
    /// The media type of a part that is no file; by default that of its kind.
    pub(crate) media_type: Option<&'static str>,
    /// Headers that the document fixes.
    pub(crate) headers: &'static [(&'static str, &'static str)],
}

impl Part {
    pub(crate) fn new(name: String, field: Field) -> Self {
        Self { name, field, media_type: None, headers: &[] }
    }
}

pub(crate) enum Field {
    Text(String),
    Json(Result<String, String>),
    File(FilePart),
}

/// Omits the values, because text may be secret: the password of a file, for example.
impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "text of {} bytes", text.len()),
            Self::Json(json) => write!(f, "JSON of {} bytes", json.as_deref().map_or(0, str::len)),
            Self::File(file) => write!(f, "{file:?}"),
        }
    }
}

impl Field {
    fn copy(&self, file: fn(&FilePart) -> Option<FilePart>) -> Option<Self> {
        match self {
            Self::Text(text) => Some(Self::Text(text.clone())),
            Self::Json(json) => Some(Self::Json(json.clone())),
            Self::File(part) => file(part).map(Self::File),
        }
    }
}

impl Form {
    /// Returns an empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text field.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.parts.push(Part::new(name.into(), Field::Text(value.into())));
        self
    }

    /// Adds a field with a value as JSON.
    #[must_use]
    pub fn json(mut self, name: impl Into<String>, value: &(impl Serialize + ?Sized)) -> Self {
        let json = serde_json::to_string(value).map_err(|error| error.to_string());
        self.parts.push(Part::new(name.into(), Field::Json(json)));
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, file: impl Into<FilePart>) -> Self {
        self.parts.push(Part::new(name.into(), Field::File(file.into())));
        self
    }

    /// Returns a copy for a retry; `None` if the form contains a file that can be read only once.
    #[must_use]
    pub fn replay(&self) -> Option<Self> {
        self.copied(FilePart::replay)
    }

    /// Returns a copy without accessing the disk; `None` if the form contains a stream or a reader.
    #[cfg(feature = "client")]
    pub(crate) fn copy(&self) -> Option<Self> {
        self.copied(FilePart::copy)
    }

    fn copied(&self, file: fn(&FilePart) -> Option<FilePart>) -> Option<Self> {
        let again = |part: &Part| {
            let Part { name, field, media_type, headers } = part;
            Some(Part { name: name.clone(), field: field.copy(file)?, media_type: *media_type, headers })
        };
        Some(Self { parts: self.parts.iter().map(again).collect::<Option<_>>()? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_is_replayed_unless_a_file_can_be_read_only_once() {
        let form = Form::new().text("a", "1").json("b", &[1]).file("c", FilePart::bytes("c.txt", "x"));
        assert_eq!(format!("{:?}", form.replay().unwrap()), format!("{form:?}"));
        assert!(form.file("d", FilePart::reader("d.txt", &b"x"[..])).replay().is_none());
    }
}
