//! Forms with files, as the generated code fills them and as users give them.
//!
//! It must not know which operations upload. A file is opened when the form is sent.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::multipart::Part;
use serde::Serialize;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use crate::error::Error;

/// A file to upload.
pub struct FilePart {
    source: Source,
    file_name: String,
    content_type: Option<String>,
}

enum Source {
    Path(PathBuf),
    Bytes(Bytes),
    Stream(Body),
}

impl FilePart {
    /// A file on disk. It is opened when the call is sent and read in pieces.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self::new(name.unwrap_or_default(), Source::Path(path))
    }

    /// A file in memory.
    pub fn bytes(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::new(name.into(), Source::Bytes(content.into()))
    }

    /// A file that comes in pieces. It can be sent once only.
    pub fn stream<S, E>(name: impl Into<String>, content: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Sync + 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        Self::new(name.into(), Source::Stream(Body::wrap_stream(content)))
    }

    /// A file read from elsewhere. It can be sent once only.
    pub fn reader(name: impl Into<String>, content: impl AsyncRead + Send + Sync + 'static) -> Self {
        Self::stream(name, ReaderStream::new(content))
    }

    /// Sets the file name the server sees.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Sets the media type, in place of the one that follows from the file name.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    fn new(file_name: String, source: Source) -> Self {
        Self { source, file_name, content_type: None }
    }

    async fn into_part(self) -> Result<Part, Error> {
        let content_type = self.content_type.as_deref();
        let content_type = content_type.unwrap_or_else(|| content_type_of(&self.file_name));
        let part = match self.source {
            Source::Path(path) => open(&path).await?,
            Source::Bytes(bytes) => {
                let length = bytes.len() as u64;
                Part::stream_with_length(bytes, length)
            }
            Source::Stream(body) => Part::stream(body),
        };
        part.file_name(header_text(&self.file_name)).mime_str(content_type).map_err(|_| {
            let message = format!("{content_type:?} is not a valid media type");
            Error::invalid_request(None, message)
        })
    }
}

async fn open(path: &Path) -> Result<Part, Error> {
    let unreadable = |source: std::io::Error| {
        let message = format!("cannot read the file {}", path.display());
        Error::invalid_request(None, message).with_source(source)
    };
    let file = tokio::fs::File::open(path).await.map_err(unreadable)?;
    let about = file.metadata().await.map_err(unreadable)?;
    if about.is_dir() {
        let message = format!("{} is a directory, not a file", path.display());
        return Err(Error::invalid_request(None, message));
    }
    let body = Body::wrap_stream(ReaderStream::new(file));
    // The length of a pipe or device is not known beforehand.
    Ok(match about.is_file() {
        true => Part::stream_with_length(body, about.len()),
        false => Part::stream(body),
    })
}

impl From<PathBuf> for FilePart {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}

impl From<&Path> for FilePart {
    fn from(path: &Path) -> Self {
        Self::from_path(path)
    }
}

impl fmt::Debug for FilePart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = match &self.source {
            Source::Path(path) => format!("path {}", path.display()),
            Source::Bytes(bytes) => format!("{} bytes", bytes.len()),
            Source::Stream(_) => "stream".to_owned(),
        };
        f.debug_struct("FilePart")
            .field("source", &format_args!("{source}"))
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .finish()
    }
}

/// Media types by file name extension.
const CONTENT_TYPES: [(&str, &str); 24] = [
    ("bmp", "image/bmp"),
    ("csv", "text/csv"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("gif", "image/gif"),
    ("heic", "image/heic"),
    ("htm", "text/html"),
    ("html", "text/html"),
    ("jpeg", "image/jpeg"),
    ("jpg", "image/jpeg"),
    ("json", "application/json"),
    ("md", "text/markdown"),
    ("pdf", "application/pdf"),
    ("png", "image/png"),
    ("ppt", "application/vnd.ms-powerpoint"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("tif", "image/tiff"),
    ("tiff", "image/tiff"),
    ("txt", "text/plain"),
    ("webp", "image/webp"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsm", "application/vnd.ms-excel.sheet.macroEnabled.12"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("xml", "application/xml"),
];

fn content_type_of(file_name: &str) -> &'static str {
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = CONTENT_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    known.map_or("application/octet-stream", |(_, content_type)| content_type)
}

/// A name that can stand in the header of a part: a line break would start another header.
fn header_text(name: &str) -> String {
    name.replace(char::is_control, "_")
}

/// A form in the making. A problem is reported when the form is sent.
#[derive(Debug, Default)]
pub struct Form {
    fields: Vec<(String, Field)>,
}

#[derive(Debug)]
enum Field {
    Text(String),
    Json(Result<String, String>),
    File(FilePart),
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
    fn the_content_type_follows_from_the_extension() {
        for (name, expected) in [
            ("a.pdf", "application/pdf"),
            ("A.B.PDF", "application/pdf"),
            ("scan.TIFF", "image/tiff"),
            ("archive.pdf.gz", "application/octet-stream"),
            ("none", "application/octet-stream"),
            ("pdf", "application/octet-stream"),
            ("", "application/octet-stream"),
        ] {
            assert_eq!(content_type_of(name), expected, "{name}");
        }
    }

    #[test]
    fn debug_shows_no_content() {
        let shown = format!("{:?}", FilePart::bytes("a.txt", "hunter2"));
        assert!(shown.contains("7 bytes") && !shown.contains("hunter2"), "{shown}");
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
