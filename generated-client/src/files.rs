//! Downloads of what the API gives a link to: stored files, edited files, parsed content.
//!
//! Written by hand, because the document does not say which properties are links to fetch. How a link is fetched, and that no key
//! goes with it, is up to the runtime.

use sdk_runtime::Download;
#[cfg(feature = "files")]
use sdk_runtime::Error;
use sdk_runtime::json::Sensitive;

#[cfg(feature = "blocking")]
use crate::blocking;
use crate::{Client, types};

/// What has a link to its content, or is one.
pub trait Linked {
    /// The link. The error says why there is none, and how to get one.
    ///
    /// # Errors
    ///
    /// There is no link.
    fn link(&self) -> Result<&str, &'static str>;
}

impl Linked for types::File {
    fn link(&self) -> Result<&str, &'static str> {
        let link = self.presigned_url.as_deref();
        link.map(String::as_str).ok_or("this file has no link: only one that was fetched by its ID has")
    }
}

impl Linked for types::EditRun {
    fn link(&self) -> Result<&str, &'static str> {
        match &self.output {
            Some(output) => Ok(&output.edited_file.presigned_url),
            None => Err("this run has no edited file: it is not over, or it failed"),
        }
    }
}

impl Linked for types::ParseRun {
    fn link(&self) -> Result<&str, &'static str> {
        let link = self.output_url.as_deref();
        link.map(String::as_str)
            .ok_or("this run has no link: fetch it with `response_type(\"url\")` once it is processed")
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
    /// Downloads what a stored file, an edit run or a parse run links to, or a link by itself. Links are good for some minutes.
    ///
    /// The request carries neither the API key nor any header of the client. That there is no link is an error once the download
    /// is awaited.
    pub fn download(&self, source: &(impl Linked + ?Sized)) -> Download {
        match source.link() {
            Ok(link) => self.core.download(link),
            Err(reason) => Download::impossible(reason),
        }
    }

    /// Fetches a stored file by its ID, for a fresh link, and downloads that.
    ///
    /// # Errors
    ///
    /// As the call `files().retrieve(id)`.
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
