//! Blocking downloads.
//!
//! It must not know how a file is fetched.

use std::io;
use std::path::Path;
use std::time::Duration;

use bytes::Bytes;
use serde::de::DeserializeOwned;

use crate::client::Error;
use crate::client::config::Core;
use crate::progress::Progress;

/// A blocking download of a file from a link. Nothing is sent before one of [`bytes`](Self::bytes),
/// [`json`](Self::json), [`write_to`](Self::write_to) and [`save_to`](Self::save_to) is called.
///
/// The request carries neither the API key nor any header of the client. Links must use `https` or point to this
/// machine.
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before one of its methods is called"]
pub struct Download {
    core: Core,
    download: crate::Download,
}

impl Download {
    #[doc(hidden)]
    pub fn new(core: Core, download: crate::Download) -> Self {
        Self { core, download }
    }

    /// Sets the size limit of the file, in bytes. The default is the limit of the client for responses.
    pub fn max_bytes(self, limit: u64) -> Self {
        Self { download: self.download.max_bytes(limit), ..self }
    }

    /// Sets the maximum time without any data from the server. The default is 30 seconds.
    pub fn idle_timeout(self, idle: Duration) -> Self {
        Self { download: self.download.idle_timeout(idle), ..self }
    }

    /// Sets the time limit of the whole download. There is none by default.
    pub fn timeout(self, limit: Duration) -> Self {
        Self { download: self.download.timeout(limit), ..self }
    }

    /// Rejects private addresses, as [`Download::public_only`](crate::Download::public_only) does.
    pub fn public_only(self) -> Self {
        Self { download: self.download.public_only(), ..self }
    }

    /// Sets a function that is called as bytes arrive. It runs on the worker thread and should return quickly.
    pub fn progress(self, listener: impl Fn(Progress) + Send + Sync + 'static) -> Self {
        Self { download: self.download.progress(listener), ..self }
    }

    /// Downloads the file into memory.
    ///
    /// # Errors
    ///
    /// Returns an error if the link cannot be used, the server cannot be reached or responds with an error, or the file
    /// is too large or incomplete; and the errors of [`Call::call`](super::Call::call).
    pub fn bytes(self) -> Result<Bytes, Error> {
        self.core.wait_for(self.download.bytes())?
    }

    /// Downloads a JSON file and decodes it.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`bytes`](Self::bytes), and an error if the file is not JSON of this type.
    pub fn json<T: DeserializeOwned + Send + 'static>(self) -> Result<T, Error> {
        self.core.wait_for(self.download.json())?
    }

    /// Downloads the file and writes it to a writer. Returns the number of bytes written.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`bytes`](Self::bytes), and an error if the writer fails. Nothing is written before the
    /// complete file has arrived; use [`save_to`](Self::save_to) for files that do not fit into memory.
    pub fn write_to(self, writer: &mut (impl io::Write + ?Sized)) -> Result<u64, Error> {
        let bytes = self.bytes()?;
        let written = writer.write_all(&bytes).and_then(|()| writer.flush());
        written.map_err(crate::Download::write_error)?;
        Ok(bytes.len() as u64)
    }

    /// Downloads the file to disk, as [`Download::save_to`](crate::Download::save_to) does. Returns the number of bytes
    /// written.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`bytes`](Self::bytes), and an error if the file cannot be written.
    pub fn save_to(self, path: impl AsRef<Path>) -> Result<u64, Error> {
        let path = path.as_ref().to_owned();
        self.core.wait_for(async move { self.download.save_to(path).await })?
    }
}
