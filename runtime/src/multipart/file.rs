//! A file to upload: where its bytes come from, its name and its media type.
//!
//! It must not know forms or operations. A file is opened when it is sent.

use std::error::Error as StdError;
use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures_core::Stream;
use reqwest::Body;
use reqwest::multipart::Part;
use tokio::io::AsyncRead;
use tokio_util::io::ReaderStream;

use super::pieces::{PIECE, Pieces, Slices, Source as PieceSource, WithBoxedError};
use crate::error::Error;
use crate::progress::{Listener, Progress};

/// A file to upload.
pub struct FilePart {
    source: Source,
    file_name: String,
    content_type: Option<String>,
    progress: Option<Listener>,
}

enum Source {
    Path(PathBuf),
    Bytes(Bytes),
    Stream(PieceSource),
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

    /// A file that comes in pieces. It can be sent once only, so a call with it is not repeated.
    pub fn stream<S, E>(name: impl Into<String>, content: S) -> Self
    where
        S: Stream<Item = Result<Bytes, E>> + Send + Sync + 'static,
        E: Into<Box<dyn StdError + Send + Sync>> + 'static,
    {
        Self::new(name.into(), Source::Stream(WithBoxedError::boxed(content)))
    }

    /// A file read from elsewhere. It can be sent once only, so a call with it is not repeated.
    pub fn reader(name: impl Into<String>, content: impl AsyncRead + Send + Sync + 'static) -> Self {
        Self::stream(name, ReaderStream::with_capacity(content, PIECE))
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

    /// Tells how far the file has been handed to the connection. A repeated call starts at zero again. The function is called
    /// between pieces of the file, so it should return soon.
    #[must_use]
    pub fn progress(mut self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        self.progress = Some(Listener::new(listener));
        self
    }

    /// The same file once more, for a repeated call; none when it comes from a stream or a reader.
    #[must_use]
    pub fn replay(&self) -> Option<Self> {
        let source = match &self.source {
            Source::Path(path) => Source::Path(path.clone()),
            Source::Bytes(bytes) => Source::Bytes(bytes.clone()),
            Source::Stream(_) => return None,
        };
        Some(Self {
            source,
            file_name: self.file_name.clone(),
            content_type: self.content_type.clone(),
            progress: self.progress.clone(),
        })
    }

    fn new(file_name: String, source: Source) -> Self {
        Self { source, file_name, content_type: None, progress: None }
    }

    /// Opens the file.
    pub(super) async fn into_part(self) -> Result<Part, Error> {
        let content_type = self.content_type.as_deref();
        let content_type = content_type.unwrap_or_else(|| content_type_of(&self.file_name));
        let part = match (self.source, self.progress) {
            (Source::Path(path), listener) => open(&path, listener).await?,
            (Source::Bytes(bytes), None) => {
                let length = bytes.len() as u64;
                Part::stream_with_length(bytes, length)
            }
            (Source::Bytes(bytes), listener) => {
                let length = bytes.len() as u64;
                part_of(Pieces::new(Box::pin(Slices(bytes)), Some(length), listener, self.file_name.clone()))
            }
            (Source::Stream(stream), listener) => part_of(Pieces::new(stream, None, listener, self.file_name.clone())),
        };
        part.file_name(super::header_text(&self.file_name)).mime_str(content_type).map_err(|_| {
            let message = format!("{content_type:?} is not a valid media type");
            Error::invalid_request(None, message)
        })
    }
}

async fn open(path: &Path, listener: Option<Listener>) -> Result<Part, Error> {
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
    // The length of a pipe or device is not known beforehand.
    let length = about.is_file().then_some(about.len());
    let source = WithBoxedError::boxed(ReaderStream::with_capacity(file, PIECE));
    Ok(part_of(Pieces::new(source, length, listener, path.display().to_string())))
}

fn part_of(pieces: Pieces) -> Part {
    match pieces.total() {
        Some(length) => Part::stream_with_length(Body::wrap_stream(pieces), length),
        None => Part::stream(Body::wrap_stream(pieces)),
    }
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
            .finish_non_exhaustive()
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

    #[test]
    fn only_what_can_be_read_twice_can_be_sent_twice() {
        for (file, replayed) in [
            (FilePart::from_path("a.pdf"), true),
            (FilePart::bytes("a.pdf", "x"), true),
            (FilePart::reader("a.pdf", &b"x"[..]), false),
        ] {
            let file = file.content_type("text/x").file_name("b");
            let again = file.replay();
            assert_eq!(again.is_some(), replayed, "{file:?}");
            assert!(again.is_none_or(|again| format!("{again:?}") == format!("{file:?}")));
        }
    }
}
