//! A file to upload: where its bytes come from, its name and its media type.
//!
//! This module must not know forms or operations. A file is opened when it is sent.

use std::fmt;
use std::path::{Path, PathBuf};

use bytes::Bytes;

#[cfg(feature = "client")]
use crate::progress::Listener;

/// Bytes that arrive in pieces.
#[cfg(feature = "client")]
pub(crate) type PieceStream = std::pin::Pin<
    Box<dyn futures_core::Stream<Item = Result<Bytes, Box<dyn std::error::Error + Send + Sync>>> + Send + Sync>,
>;

/// A file to upload: from a path, from memory, or from a stream or reader.
///
/// It can be converted from a path as `&str`, `String`, `&Path` or `PathBuf`.
pub struct FilePart {
    pub(crate) source: Source,
    pub(crate) file_name: String,
    pub(crate) content_type: Option<String>,
    /// The media types that the operation accepts; empty if the document lists none.
    pub(crate) accepted: &'static [&'static str],
    pub(crate) headers: Vec<(String, String)>,
    #[cfg(feature = "client")]
    pub(crate) progress: Option<Listener>,
}

pub(crate) enum Source {
    Path(PathBuf),
    Bytes(Bytes),
    #[cfg(feature = "client")]
    Stream(PieceStream),
}

impl FilePart {
    /// Returns the file at this path. It is opened when the call is sent, and read in pieces.
    pub fn from_path(path: impl Into<PathBuf>) -> Self {
        let path = path.into();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Self::new(name.unwrap_or_default(), Source::Path(path))
    }

    /// Returns a file in memory.
    pub fn bytes(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self::new(name.into(), Source::Bytes(content.into()))
    }

    /// Sets the file name that the server sees. A folder in front of it is not sent.
    #[must_use]
    pub fn file_name(mut self, name: impl Into<String>) -> Self {
        self.file_name = name.into();
        self
    }

    /// Sets the media type. By default, it is derived from the extension of the file name, and from the media types that
    /// the operation accepts.
    #[must_use]
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// Adds a header to the part of the form that carries the file.
    #[must_use]
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    /// Returns a copy for a retry; `None` if the file is a stream, a reader, a pipe or a device, which can be read only
    /// once.
    #[must_use]
    pub fn replay(&self) -> Option<Self> {
        match &self.source {
            Source::Path(path) if !can_be_read_again(path) => None,
            Source::Path(_) | Source::Bytes(_) => self.copy(),
            #[cfg(feature = "client")]
            Source::Stream(_) => None,
        }
    }

    /// Returns a copy without reading metadata; `None` if the file is a stream or a reader.
    pub(crate) fn copy(&self) -> Option<Self> {
        let source = match &self.source {
            Source::Path(path) => Source::Path(path.clone()),
            Source::Bytes(bytes) => Source::Bytes(bytes.clone()),
            #[cfg(feature = "client")]
            Source::Stream(_) => return None,
        };
        Some(Self {
            source,
            file_name: self.file_name.clone(),
            content_type: self.content_type.clone(),
            accepted: self.accepted,
            headers: self.headers.clone(),
            #[cfg(feature = "client")]
            progress: self.progress.clone(),
        })
    }

    pub(crate) fn new(file_name: String, source: Source) -> Self {
        Self {
            source,
            file_name,
            content_type: None,
            accepted: &[],
            headers: Vec::new(),
            #[cfg(feature = "client")]
            progress: None,
        }
    }
}

/// Returns whether a path can be read again. A pipe can be read only once: opened again, it has different content, or
/// none yet. For a path that does not exist, opening it returns the error.
fn can_be_read_again(path: &Path) -> bool {
    std::fs::metadata(path).map_or(true, |about| about.is_file() || about.is_dir())
}

impl From<PathBuf> for FilePart {
    fn from(path: PathBuf) -> Self {
        Self::from_path(path)
    }
}

/// Returns the file at this path.
impl From<&str> for FilePart {
    fn from(path: &str) -> Self {
        Self::from_path(path)
    }
}

/// Returns the file at this path.
impl From<String> for FilePart {
    fn from(path: String) -> Self {
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
            #[cfg(feature = "client")]
            Source::Stream(_) => "stream".to_owned(),
        };
        f.debug_struct("FilePart")
            .field("source", &format_args!("{source}"))
            .field("file_name", &self.file_name)
            .field("content_type", &self.content_type)
            .field("headers", &self.headers.iter().map(|(name, _)| name).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_output_omits_the_content() {
        let shown = format!("{:?}", FilePart::bytes("a.txt", "hunter2"));
        assert!(shown.contains("7 bytes") && !shown.contains("hunter2"), "{shown}");
    }
}
