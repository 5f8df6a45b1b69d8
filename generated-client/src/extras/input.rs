//! Inputs of any kind: paths, links, IDs, bytes and readers become what every call that takes a file accepts.
//!
//! Uploads each content once per client. Must not know which calls take files.

use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};

use sdk_runtime::{Bytes, Error, FilePart};

use crate::Client;
use crate::types::{File, FileFromId, FileFromUrl, FileInput, FileOrTextInput, FileSummary};

/// Where an input comes from.
///
/// Text is a link if it starts with `https://` or `http://`, an ID if it is `file_` followed by letters, digits, `_` and `-`, and
/// otherwise a path. Use `Path` or `FilePart` for a file whose path looks like an ID.
#[derive(Debug)]
pub struct Source(Kind);

enum Kind {
    Known(InputFile),
    Upload(FilePart),
}

impl fmt::Debug for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Known(file) => file.fmt(f),
            Self::Upload(part) => part.fmt(f),
        }
    }
}

/// A file that the API can read: a link, or a file that is stored. Everything that takes a file takes it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum InputFile {
    /// The API downloads it.
    Url(FileFromUrl),
    /// It has been uploaded.
    Id(FileFromId),
}

impl InputFile {
    /// Returns the ID, if the file is stored.
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        match self {
            Self::Url(_) => None,
            Self::Id(file) => Some(&file.id),
        }
    }
}

impl From<&str> for Source {
    fn from(text: &str) -> Self {
        if text.starts_with("https://") || text.starts_with("http://") {
            return Self(Kind::Known(InputFile::Url(FileFromUrl::new(text))));
        }
        let is_id = text.strip_prefix("file_").is_some_and(|rest| {
            !rest.is_empty() && rest.chars().all(|found| found.is_ascii_alphanumeric() || matches!(found, '_' | '-'))
        });
        if is_id { Self(Kind::Known(InputFile::Id(FileFromId::new(text)))) } else { FilePart::from_path(text).into() }
    }
}

impl From<String> for Source {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&Path> for Source {
    fn from(path: &Path) -> Self {
        FilePart::from_path(path).into()
    }
}

impl From<PathBuf> for Source {
    fn from(path: PathBuf) -> Self {
        FilePart::from_path(path).into()
    }
}

/// A file to upload: with a name or media type of its own, or from a stream or reader.
impl From<FilePart> for Source {
    fn from(part: FilePart) -> Self {
        Self(Kind::Upload(part))
    }
}

/// The name and the content of a file. The API derives the type of the file from its name.
impl<N: Into<String>, B: Into<Bytes>> From<(N, B)> for Source {
    fn from((name, content): (N, B)) -> Self {
        FilePart::bytes(name, content).into()
    }
}

impl From<InputFile> for Source {
    fn from(file: InputFile) -> Self {
        Self(Kind::Known(file))
    }
}

macro_rules! known_files {
    ($($file:ident => $variant:ident $known:ident,)*) => {$(
        impl From<$file> for Source {
            fn from(file: $file) -> Self {
                Self(Kind::Known(InputFile::$variant($known::from(file))))
            }
        }
    )*};
}

known_files! {
    FileFromUrl => Url FileFromUrl,
    FileFromId => Id FileFromId,
    File => Id FileFromId,
    FileSummary => Id FileFromId,
}

macro_rules! accepted_by {
    ($($target:ident)*) => {$(
        impl From<InputFile> for $target {
            fn from(file: InputFile) -> Self {
                match file {
                    InputFile::Url(file) => file.into(),
                    InputFile::Id(file) => file.into(),
                }
            }
        }

        impl From<&InputFile> for $target {
            fn from(file: &InputFile) -> Self {
                file.clone().into()
            }
        }
    )*};
}

accepted_by!(FileInput FileOrTextInput);

/// The ID of an uploaded file, locked while the upload is in flight.
type Upload = Arc<tokio::sync::Mutex<Option<String>>>;

/// The uploads of a client, by the SHA-256 of their content.
#[derive(Debug, Default)]
struct Uploads(Mutex<HashMap<[u8; 32], Upload>>);

impl Client {
    /// Returns an input that any call accepts, from a path, a link, an ID, bytes or a reader; awaiting it uploads what has to be.
    ///
    /// Equal content is uploaded once per client and its clones, under the name it had first. A reader is kept in memory until it
    /// is uploaded.
    ///
    /// ```no_run
    /// use extend_ai::{Client, FilePart};
    ///
    /// # async fn example(client: Client, reader: impl tokio::io::AsyncRead + Send + Sync + 'static) -> Result<(), extend_ai::Error> {
    /// let scan = client.input("scan.pdf").await?;
    /// client.parse_runs().create(&scan).await?;
    /// client.extract_runs().create().extractor("ex_123").file(&scan).await?;
    ///
    /// client.input("https://example.com/invoice.pdf").await?;
    /// client.input("file_123").await?;
    /// client.input(("note.txt", "text")).await?;
    /// client.input(FilePart::reader("scan.pdf", reader)).await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn input(&self, source: impl Into<Source>) -> Input {
        Input { client: self.clone(), source: source.into() }
    }

    async fn upload_once(&self, part: FilePart) -> Result<InputFile, Error> {
        let (part, digest) = part.into_fingerprinted().await?;
        let slot = {
            let uploads = self.core.companion::<Uploads>();
            let mut uploads = uploads.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(uploads.entry(digest).or_default())
        };
        // Whoever comes second waits for the upload, and makes it if it failed.
        let mut uploaded = slot.lock().await;
        let id = match &*uploaded {
            Some(id) => id.clone(),
            None => uploaded.insert(self.files().upload(part).await?.id).clone(),
        };
        Ok(InputFile::Id(FileFromId::new(id)))
    }
}

/// An input that is uploaded, if it has to be, when it is awaited: see [`Client::input`].
#[derive(Debug)]
#[must_use = "nothing is uploaded before it is awaited"]
pub struct Input {
    client: Client,
    source: Source,
}

impl IntoFuture for Input {
    type Output = Result<InputFile, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            match self.source.0 {
                Kind::Known(file) => Ok(file),
                Kind::Upload(part) => self.client.upload_once(part).await,
            }
        })
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Client {
    /// Returns an input that any call accepts, as [`Client::input`] does; `call()` uploads what has to be.
    pub fn input(&self, source: impl Into<Source>) -> Input {
        Client { core: self.core.clone() }.input(source)
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Call for Input {
    type Response = InputFile;

    fn client(&self) -> &sdk_runtime::codegen::Core {
        &self.client.core
    }
}
