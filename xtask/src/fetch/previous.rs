//! What an earlier run left in the folder of a version. Writes nothing.

use generator::published::{Identity, read_identity};

use crate::download::State;
use crate::layout::{ApiVersion, DOCUMENT, LOCK, Layout};
use crate::lock::{self, Lock};
use crate::outcome::Failure;
use crate::tree::{self, Tree};

/// The result of an earlier run.
#[derive(Debug)]
pub(super) struct Previous {
    /// The version of the folder.
    pub(super) version: ApiVersion,
    /// Every file of the folder.
    pub(super) files: Tree,
    /// The lock, if it can be read.
    pub(super) lock: Option<Lock>,
    /// The identity of the document, if it can be read.
    pub(super) identity: Option<Identity>,
}

impl Previous {
    /// Reads the folder of a version, which may be missing.
    pub(super) fn read(layout: &Layout, version: &ApiVersion, header: Option<&str>) -> Result<Self, Failure> {
        let files = tree::read(&layout.version(version))?;
        let lock = files.get(LOCK).and_then(|bytes| std::str::from_utf8(bytes).ok());
        let lock = lock.and_then(|text| Lock::from_text(text).ok());
        let document = files.get(DOCUMENT).and_then(|bytes| generator::source::read_document(bytes, DOCUMENT).ok());
        let identity = document.map(|document| read_identity(&document.value, header));
        Ok(Self { version: version.clone(), files, lock, identity })
    }

    /// Returns the bytes of the document.
    pub(super) fn document(&self) -> Option<&[u8]> {
        self.files.get(DOCUMENT).map(Vec::as_slice)
    }

    /// Returns the lock, if the document matches it.
    pub(super) fn intact_lock(&self) -> Option<&Lock> {
        let digest = lock::sha256_hex(self.document()?);
        self.lock.as_ref().filter(|lock| lock.sha256 == digest)
    }

    /// Returns the validators to send to a server: those of the document here, if it came from the same URL and is intact.
    pub(super) fn state_at(&self, url: &str) -> Option<State> {
        let lock = self.intact_lock().filter(|lock| lock.url.as_deref() == Some(url))?;
        let state = State { etag: lock.etag.clone(), last_modified: lock.last_modified.clone() };
        (state.etag.is_some() || state.last_modified.is_some()).then_some(state)
    }
}
