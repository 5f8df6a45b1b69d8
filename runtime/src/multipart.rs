//! Forms with files, as the generated code fills them and as users give them.
//!
//! It must not know which operations upload. A file is opened when the form is sent.

mod file;
mod pieces;

use std::fmt;

use reqwest::multipart::Part;
use serde::Serialize;

use crate::error::Error;
pub use file::FilePart;
pub(crate) use pieces::unreadable;

/// A name that can stand in the header of a part: a line break would start another header.
fn header_text(name: &str) -> String {
    name.replace(char::is_control, "_")
}

/// A form in the making. A problem is reported when the form is sent.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<(String, Field)>,
}

enum Field {
    Text(String),
    Json(Result<String, String>),
    File(FilePart),
}

/// Texts may be secrets: a password of the file travels beside it.
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
    fn replay(&self) -> Option<Self> {
        match self {
            Self::Text(text) => Some(Self::Text(text.clone())),
            Self::Json(json) => Some(Self::Json(json.clone())),
            Self::File(file) => file.replay().map(Self::File),
        }
    }
}

impl Form {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text.
    #[must_use]
    pub fn text(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.fields.push((name.into(), Field::Text(value.into())));
        self
    }

    /// Adds a value as JSON.
    #[must_use]
    pub fn json(mut self, name: impl Into<String>, value: &(impl Serialize + ?Sized)) -> Self {
        let json = serde_json::to_string(value).map_err(|error| error.to_string());
        self.fields.push((name.into(), Field::Json(json)));
        self
    }

    /// Adds a file.
    #[must_use]
    pub fn file(mut self, name: impl Into<String>, file: impl Into<FilePart>) -> Self {
        self.fields.push((name.into(), Field::File(file.into())));
        self
    }

    /// The same form once more, for a repeated call; none when it holds a file that can be read only once.
    #[must_use]
    pub fn replay(&self) -> Option<Self> {
        let again = |(name, field): &(String, Field)| Some((name.clone(), field.replay()?));
        Some(Self { fields: self.fields.iter().map(again).collect::<Option<_>>()? })
    }

    /// Opens the files and makes the form that is sent.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorKind::InvalidRequest`] when a file cannot be read, a media type is not valid or a value
    /// cannot be written as JSON.
    pub async fn into_reqwest(self) -> Result<reqwest::multipart::Form, Error> {
        // Browsers and curl write names this way, and it is what servers understand.
        let mut form = reqwest::multipart::Form::new().percent_encode_noop();
        for (name, field) in self.fields {
            let part = match field {
                Field::Text(text) => Part::text(text),
                Field::File(file) => file.into_part().await?,
                Field::Json(Ok(json)) => json_part(json)?,
                Field::Json(Err(problem)) => {
                    let message = format!("`{name}` cannot be written as JSON: {problem}");
                    return Err(Error::invalid_request(None, message));
                }
            };
            form = form.part(header_text(&name).replace('"', "%22"), part);
        }
        Ok(form)
    }
}

fn json_part(json: String) -> Result<Part, Error> {
    let part = Part::text(json).mime_str("application/json");
    part.map_err(|source| Error::invalid_request(None, source.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_can_be_sent_twice_unless_a_file_cannot() {
        let form = Form::new().text("a", "1").json("b", &[1]).file("c", FilePart::bytes("c.txt", "x"));
        assert_eq!(format!("{:?}", form.replay().unwrap()), format!("{form:?}"));
        assert!(form.file("d", FilePart::reader("d.txt", &b"x"[..])).replay().is_none());
    }

    #[tokio::test]
    async fn problems_are_reported_when_the_form_is_sent() {
        let folder = tempfile::tempdir().unwrap();
        let absent = folder.path().join("absent.pdf");
        let keyed_by_lists = std::collections::BTreeMap::from([(vec![1], 1)]);
        for (form, part) in [
            (Form::new().file("file", absent.as_path()), "absent.pdf"),
            (Form::new().file("file", folder.path()), "is a directory"),
            (
                Form::new().file("file", FilePart::bytes("a", "").content_type("no type")),
                "\"no type\" is not a valid media type",
            ),
            (Form::new().json("config", &keyed_by_lists), "`config` cannot be written"),
        ] {
            let error = form.into_reqwest().await.unwrap_err();
            assert!(error.to_string().contains(part), "{error}");
            assert_eq!(error.kind(), crate::ErrorKind::InvalidRequest);
        }
    }
}
