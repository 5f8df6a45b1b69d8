//! Writes the document and its lock together, all or nothing. Does not decide whether they are wanted.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::time::SystemTime;

use generator::published::Tally;

use super::acceptance::{Accepted, Caution};
use super::plan::Place;
use super::previous::Previous;
use crate::download::State as Served;
use crate::guard::Guard;
use crate::layout::{ApiVersion, DOCUMENT, LOCK, Layout};
use crate::lock::{self, Lock};
use crate::outcome::Failure;
use crate::staging::{Content, Swap};
use crate::tree;

/// How a received document relates to the one that is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// There was no document.
    New,
    /// It differs.
    Changed,
    /// It is the same, and its lock is wrong or to be renewed.
    Relocked,
    /// It is the same.
    Unchanged,
}

impl State {
    /// Returns whether there is something to write.
    pub(super) fn needs_writing(self) -> bool {
        match self {
            Self::New | Self::Changed | Self::Relocked => true,
            Self::Unchanged => false,
        }
    }
}

/// Where a document came from.
#[derive(Clone, Debug)]
pub(super) struct Provenance {
    /// Its location.
    pub(super) place: Place,
    /// The validators of the response.
    pub(super) served: Served,
    /// Its form there.
    pub(super) form: Form,
}

/// The form in which a document was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// As one document.
    Whole,
    /// As pages, with a tally of them.
    Pages(Box<Tally>),
}

impl Form {
    /// Returns whether the document was merged from pages.
    pub(super) fn is_pages(&self) -> bool {
        match self {
            Self::Whole => false,
            Self::Pages(_) => true,
        }
    }
}

/// Repairs what a killed run left behind, if anything.
pub(crate) fn recover(layout: &Layout, version: &ApiVersion) -> Result<(), Failure> {
    let swap = Swap::of_folder(&layout.version(version));
    if swap.is_interrupted() {
        let _guard = Guard::take(layout.spec())?;
        swap.recover()?;
    }
    Guard::sweep(layout.spec())
}

/// Repairs what a killed run left behind in the folder of any version.
pub(super) fn recover_all(layout: &Layout) -> Result<(), Failure> {
    let entries = fs::read_dir(layout.spec()).into_iter().flatten().filter_map(Result::ok);
    let version_of = |name: String| {
        let name = name.strip_prefix('.')?;
        let name = name.strip_suffix(".new").or_else(|| name.strip_suffix(".old"))?;
        ApiVersion::new(name)
    };
    let versions = entries.filter_map(|entry| version_of(entry.file_name().into_string().ok()?));
    versions.collect::<BTreeSet<_>>().iter().try_for_each(|version| recover(layout, version))
}

/// Builds the lock of a document.
pub(super) fn lock_of(accepted: &Accepted, provenance: &Provenance) -> Lock {
    let (url, file) = match &provenance.place {
        Place::Url(url) => (Some(url.clone()), None),
        Place::File(file) => (None, file.file_name().map(|name| name.to_string_lossy().into_owned())),
    };
    Lock {
        url,
        file,
        etag: provenance.served.etag.clone(),
        last_modified: provenance.served.last_modified.clone(),
        from_pages: provenance.form.is_pages(),
        sha256: lock::sha256_hex(accepted.canonical.text.as_bytes()),
        retrieved: lock::format_timestamp(SystemTime::now()),
        operations: accepted.identity.operations.len(),
        schemas: accepted.identity.schemas,
        webhooks: accepted.identity.webhooks,
    }
}

/// Compares a document with the one that is there.
pub(super) fn state_of(accepted: &Accepted, lock: &Lock, caution: Caution) -> State {
    let previous = &accepted.previous;
    let is_locked = previous.intact_lock().is_some_and(|known| known.sha256 == lock.sha256);
    match previous.document() {
        None => State::New,
        Some(document) if document != accepted.canonical.text.as_bytes() => State::Changed,
        Some(_) if is_locked && caution == Caution::Careful => State::Unchanged,
        Some(_) => State::Relocked,
    }
}

/// Rewrites the folder of the version, including every other file in it.
pub(super) fn write(layout: &Layout, accepted: &Accepted, lock: &Lock) -> Result<(), Failure> {
    let folder = layout.version(&accepted.version);
    let _guard = Guard::take(layout.spec())?;
    let swap = Swap::of_folder(&folder);
    swap.recover()?;
    check_unchanged(layout, &accepted.version, &accepted.previous)?;
    let text = lock.to_text().map_err(|error| Failure::io("write", folder.join(LOCK))(io::Error::other(error)))?;
    let mut files = accepted.previous.files.clone();
    files.insert(DOCUMENT.to_owned(), accepted.canonical.text.clone().into_bytes());
    files.insert(LOCK.to_owned(), text.into_bytes());
    swap.run(Content { folder: &files, companions: &[] })
}

/// Checks that the folder is still the one that was compared with.
fn check_unchanged(layout: &Layout, version: &ApiVersion, previous: &Previous) -> Result<(), Failure> {
    let folder = layout.version(version);
    if tree::read(&folder)? == previous.files {
        return Ok(());
    }
    let name = layout.display(&folder);
    Err(Failure::fetch(format!("{name} was changed by another run in the meantime; run the command again")))
}
