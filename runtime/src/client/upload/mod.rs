//! Opens forms and files for sending, and passes them to the HTTP client.
//!
//! This module must not know operations.

mod disk_file;
mod encoding;
#[cfg(feature = "fingerprint")]
mod fingerprint;
mod panic;
mod pieces;

use std::error::Error as StdError;
use std::path::Path;

use bytes::Bytes;
use futures_core::Stream;
use http::HeaderMap;
use reqwest::Body;
use reqwest::multipart::Part;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use crate::client::error::Error;
use crate::client::request_options::check_header;
use crate::multipart::{Field, FilePart, Form, Part as MultipartPart, PieceStream, Source};
use crate::progress::{Listener, Progress};
use disk_file::DiskFile;
pub use encoding::{PartContent, PartEncoding};
pub(crate) use panic::PanicSlot;
pub(crate) use pieces::find_read_failure;
use pieces::{PIECE, Pieces, Slices, WithBoxedError};

/// A form that is ready to be sent.
pub(crate) struct OpenForm {
    pub(crate) form: reqwest::multipart::Form,
    /// Whether all of its content can be read again.
    pub(crate) repeatable: Repeatable,
}

/// Whether the content of a form can be read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeatable {
    Yes,
    /// It contains a pipe, a device or a stream.
    No,
}

impl Form {
    /// Opens the files and builds the form that is sent.
    ///
    /// # Errors
    ///
    /// Returns [`crate::ErrorKind::InvalidRequest`] if a file cannot be read, a media type is not valid or a value
    /// cannot be serialized as JSON.
    pub async fn into_reqwest(self) -> Result<reqwest::multipart::Form, Error> {
        Ok(self.open(&PanicSlot::default()).await?.form)
    }

    /// Opens the files. A panic while they are sent is stored in the slot.
    pub(crate) async fn open(self, panics: &PanicSlot) -> Result<OpenForm, Error> {
        // Browsers and curl encode names this way, and servers expect it.
        let mut form = reqwest::multipart::Form::new().percent_encode_noop();
        let mut all = Repeatable::Yes;
        for part in self.parts {
            let MultipartPart { name, field, media_type, headers } = part;
            let (part, own) = match field {
                Field::Text(text) => (typed(Part::text(text), media_type)?, Vec::new()),
                Field::File(mut file) => {
                    let own = std::mem::take(&mut file.headers);
                    let (part, repeatable) = file.into_part(panics).await?;
                    if repeatable == Repeatable::No {
                        all = Repeatable::No;
                    }
                    (part, own)
                }
                Field::Json(Ok(json)) => {
                    (typed(Part::text(json), media_type.or(Some("application/json")))?, Vec::new())
                }
                Field::Json(Err(problem)) => {
                    let message = format!("`{name}` cannot be written as JSON: {problem}");
                    return Err(Error::invalid_request(None, message));
                }
            };
            let headers = part_headers(headers, &own)?;
            let part = if headers.is_empty() { part } else { part.headers(headers) };
            form = form.part(escape_name(&name), part);
        }
        Ok(OpenForm { form, repeatable: all })
    }
}

/// Returns the headers of a part: those that the document fixes, and those of the user.
fn part_headers(fixed: &[(&str, &str)], own: &[(String, String)]) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in fixed.iter().copied().chain(own) {
        let (name, value) =
            check_header(name, value).map_err(|problem| Error::invalid_request(None, format!("a part: {problem}")))?;
        headers.insert(name, value);
    }
    Ok(headers)
}

/// Escapes the name of a part or file as WHATWG HTML says for `multipart/form-data`. Other control characters are not
/// allowed in a header.
fn escape_name(name: &str) -> String {
    let escaped = name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A");
    escaped.replace(char::is_control, "_")
}

/// Returns a file name without the folders in front of it.
fn without_folders(name: &str) -> &str {
    let name = name.trim_end_matches(['/', '\\']);
    name.rsplit(['/', '\\']).next().unwrap_or(name)
}

fn typed(part: Part, media_type: Option<&str>) -> Result<Part, Error> {
    match media_type {
        None => Ok(part),
        Some(media_type) => part.mime_str(media_type).map_err(|_| unusable_media_type(media_type)),
    }
}

fn unusable_media_type(media_type: &str) -> Error {
    Error::invalid_request(None, format!("{media_type:?} is not a valid media type"))
}

impl FilePart {
    /// Returns a file whose content is a stream. It can be sent only once, so a call with it is not retried.
    pub fn stream<S, E>(name: impl Into<String>, content: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Sync + 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        Self::new(name.into(), Source::Stream(WithBoxedError::boxed(content)))
    }

    /// Returns a file whose content comes from a reader. It can be sent only once, so a call with it is not retried.
    pub fn reader(name: impl Into<String>, content: impl AsyncRead + Send + Sync + 'static) -> Self {
        Self::stream(name, ReaderStream::with_capacity(content, PIECE))
    }

    /// Sets a function that is called with the number of bytes passed to the connection so far. A retry starts at zero
    /// again. The function is called between pieces of the file, so it should return quickly.
    #[must_use]
    pub fn progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Listener::new(listener));
        self
    }

    /// Opens the file.
    async fn into_part(self, panics: &PanicSlot) -> Result<(Part, Repeatable), Error> {
        let file_name = without_folders(&self.file_name);
        let content_type = self.content_type.as_deref();
        let content_type = content_type.unwrap_or_else(|| accepted_type_of(file_name, self.accepted));
        let name = match &self.source {
            Source::Path(path) => path.display().to_string(),
            Source::Bytes(_) | Source::Stream(_) => self.file_name.clone(),
        };
        let (content, repeatable) = match self.source {
            Source::Path(path) => open(&path).await?,
            Source::Bytes(bytes) => (Content::Whole(bytes), Repeatable::Yes),
            Source::Stream(stream) => (Content::Pieces(stream, None), Repeatable::No),
        };
        let part = match (content, self.progress) {
            // No code of the user runs while it is sent.
            (Content::Whole(bytes), None) => {
                let length = bytes.len() as u64;
                Part::stream_with_length(bytes, length)
            }
            (Content::Whole(bytes), listener) => {
                let length = bytes.len() as u64;
                part_of(Pieces::new(Box::pin(Slices(bytes)), Some(length), listener, name, panics.clone()))
            }
            (Content::Pieces(source, length), listener) => {
                part_of(Pieces::new(source, length, listener, name, panics.clone()))
            }
        };
        let part = typed(part.file_name(escape_name(file_name)), Some(content_type))?;
        Ok((part, repeatable))
    }
}

/// The content of a file.
enum Content {
    Whole(Bytes),
    /// Pieces, and their total length if it is known.
    Pieces(PieceStream, Option<u64>),
}

async fn open(path: &Path) -> Result<(Content, Repeatable), Error> {
    let opened = disk_file::open(path).await.map_err(|source| {
        let message = if source.kind() == std::io::ErrorKind::IsADirectory {
            format!("{} is a directory, not a file", path.display())
        } else {
            format!("cannot read the file {}", path.display())
        };
        Error::invalid_request(None, message).with_source(source)
    })?;
    Ok(match opened {
        DiskFile::Whole(content) => (Content::Whole(content), Repeatable::Yes),
        DiskFile::Pieces { source, length } => (Content::Pieces(source, length), Repeatable::Yes),
        DiskFile::Once(source) => (Content::Pieces(source, None), Repeatable::No),
    })
}

fn part_of(pieces: Pieces) -> Part {
    match pieces.total() {
        Some(length) => Part::stream_with_length(Body::wrap_stream(pieces), length),
        None => Part::stream(Body::wrap_stream(pieces)),
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

/// Returns the media type of a file that an operation accepts: that of its extension if it is one of them, otherwise the
/// first.
fn accepted_type_of(file_name: &str, accepted: &[&'static str]) -> &'static str {
    let guessed = content_type_of(file_name);
    let fits = |accepted: &str| match accepted.split_once('/') {
        Some(("*", _)) => true,
        Some((kind, "*")) => guessed.split_once('/').is_some_and(|(guessed, _)| guessed == kind),
        _ => accepted == guessed,
    };
    let named = || accepted.iter().find(|accepted| !accepted.contains('*'));
    if accepted.iter().any(|accepted| fits(accepted)) { guessed } else { named().copied().unwrap_or(guessed) }
}

fn content_type_of(file_name: &str) -> &'static str {
    let extension = file_name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let known = CONTENT_TYPES.iter().find(|(known, _)| known.eq_ignore_ascii_case(extension));
    known.map_or("application/octet-stream", |(_, content_type)| content_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_type_follows_from_the_extension() {
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
    fn content_type_is_one_that_the_operation_accepts() {
        const LISTED: &[&str] = &["application/pdf", "image/png"];
        for (name, accepted, expected) in [
            ("a.png", LISTED, "image/png"),
            ("a.txt", LISTED, "application/pdf"),
            ("a", LISTED, "application/pdf"),
            ("a.jpg", &["image/*"], "image/jpeg"),
            ("a.txt", &["image/*", "text/html"], "text/html"),
            ("a.txt", &["image/*"], "text/plain"),
            ("a.txt", &["*/*", "image/png"], "text/plain"),
            ("a.txt", &[], "text/plain"),
        ] {
            assert_eq!(accepted_type_of(name, accepted), expected, "{name} {accepted:?}");
        }
    }

    #[test]
    fn names_are_escaped_and_lose_their_folders() {
        for (name, expected) in [
            ("a b.pdf", "a b.pdf"),
            ("a\"b\r\nc", "a%22b%0D%0Ac"),
            ("naïve 文.pdf", "naïve 文.pdf"),
            ("/etc/x/a.pdf", "a.pdf"),
            ("C:\\x\\a.pdf", "a.pdf"),
            ("../a.pdf/", "a.pdf"),
            ("a\u{0}b", "a_b"),
            ("100%22.pdf", "100%22.pdf"),
        ] {
            assert_eq!(escape_name(without_folders(name)), expected, "{name:?}");
        }
    }

    #[test]
    fn only_what_can_be_read_twice_can_be_sent_twice() {
        for (file, replayed) in [
            (FilePart::from_path("a.pdf"), true),
            (FilePart::bytes("a.pdf", "x"), true),
            (FilePart::reader("a.pdf", &b"x"[..]), false),
            #[cfg(unix)]
            (FilePart::from_path("/dev/null"), false),
        ] {
            let file = file.content_type("text/x").file_name("b");
            let again = file.replay();
            assert_eq!(again.is_some(), replayed, "{file:?}");
            assert!(again.is_none_or(|again| format!("{again:?}") == format!("{file:?}")));
        }
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
