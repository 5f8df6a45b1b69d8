//! Downloads of what the API links to: stored files, edited files, parsed content.
//!
//! Written by hand, because the document does not say which properties are links. Must not know how a link is followed: that, and
//! that no API key is sent, is the task of the runtime.

use sdk_runtime::Download;
#[cfg(feature = "files")]
use sdk_runtime::Error;
use sdk_runtime::json::Sensitive;

#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{Client, types};

/// A value that contains a link to its content, or is such a link.
pub trait Linked {
    /// Returns the link.
    ///
    /// # Errors
    ///
    /// Says why there is no link, and how to get one.
    fn link(&self) -> Result<&str, &'static str>;
}

impl Linked for types::File {
    fn link(&self) -> Result<&str, &'static str> {
        let link = self.presigned_url.as_deref();
        link.map(String::as_str).ok_or("this file has no link: retrieve it by its ID")
    }
}

#[cfg(any(feature = "edit", feature = "types"))]
impl Linked for types::EditRun {
    fn link(&self) -> Result<&str, &'static str> {
        match &self.output {
            Some(output) => Ok(&output.edited_file.presigned_url),
            None => Err("this run has no edited file: it has not ended, or it failed"),
        }
    }
}

#[cfg(any(feature = "parse", feature = "types"))]
impl Linked for types::ParseRun {
    fn link(&self) -> Result<&str, &'static str> {
        let link = self.output_url.as_deref();
        link.map(String::as_str)
            .ok_or("this run has no link: retrieve it with `response_type(\"url\")` once it is processed")
    }
}

impl Linked for str {
    fn link(&self) -> Result<&str, &'static str> {
        Ok(self)
    }
}

impl Linked for String {
    fn link(&self) -> Result<&str, &'static str> {
        Ok(self)
    }
}

impl Linked for Sensitive<String> {
    fn link(&self) -> Result<&str, &'static str> {
        Ok(self)
    }
}

impl Client {
    /// Downloads what a stored file, an edit run or a parse run links to, or follows a link. Links are valid for a few minutes.
    ///
    /// The request contains neither the API key nor any header of the client. If there is no link, awaiting the download is an
    /// error.
    pub fn download(&self, source: &(impl Linked + ?Sized)) -> Download {
        match source.link() {
            Ok(link) => self.core.download(link),
            Err(reason) => Download::impossible(reason),
        }
    }

    /// Retrieves a stored file by its ID, for a fresh link, and downloads it.
    ///
    /// # Errors
    ///
    /// Those of the call `files().retrieve(id)`.
    #[cfg(feature = "files")]
    pub async fn download_file(&self, id: impl Into<String>) -> Result<Download, Error> {
        let file = self.files().retrieve(id).await?;
        Ok(self.download(&file))
    }
}

#[cfg(feature = "blocking")]
impl blocking::Client {
    /// Returns a download of what a stored file, an edit run or a parse run links to, or of a link itself. Links are valid for some
    /// minutes.
    ///
    /// The request carries neither the API key nor any header of the client. A missing link is an error once the download starts.
    pub fn download(&self, source: &(impl Linked + ?Sized)) -> blocking::Download {
        let client = Client { core: self.core.clone() };
        blocking::Download::new(self.core.clone(), client.download(source))
    }

    /// Fetches a stored file by its ID, for a fresh link, and returns a download of that.
    ///
    /// # Errors
    ///
    /// Returns the errors of the call `files().retrieve(id)`.
    #[cfg(feature = "files")]
    pub fn download_file(&self, id: impl Into<String>) -> Result<blocking::Download, Error> {
        let file = blocking::Call::call(self.files().retrieve(id))?;
        Ok(self.download(&file))
    }
}
