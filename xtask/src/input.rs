//! Reads the generator's inputs from the folder of documents, and compares a document with its lock. Checks nothing else about
//! their content.

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use generator::bundle::Bundle;
use generator::profile::Profile;
use generator::{Report, Root, Sources};

use crate::layout::{ApiVersion, DOCUMENT, LOCK, Layout};
use crate::lock::{self, Lock};
use crate::outcome::{Failure, Problem, ProblemCode};
use crate::references::{self, Reach};

/// Everything the generator reads, in memory.
#[derive(Clone, Debug)]
pub(crate) struct Inputs {
    document: Vec<u8>,
    document_name: String,
    profile: String,
    names: String,
    overlay: Option<String>,
    /// The document with the files that it refers to, if there are any.
    bundle: Option<Bundle>,
    root: Option<Root>,
}

impl Inputs {
    /// Reads the document of a version, with its overlay and names, and the profile.
    pub(crate) fn of_layout(layout: &Layout, version: &ApiVersion) -> Result<Self, Failure> {
        let path = layout.version(version).join(DOCUMENT);
        Ok(Self {
            document: bytes(layout, &path)?,
            document_name: layout.display(&path),
            profile: text(layout, &layout.profile())?,
            names: optional_text(layout, &layout.names(version))?.unwrap_or_default(),
            overlay: optional_text(layout, &layout.overlay(version))?,
            root: Some(Root::of_version(version.as_str())),
            bundle: None,
        })
    }

    /// Reads a document on its own, with the files that it refers to, without profile, overlay and published names.
    pub(crate) fn of_file(layout: &Layout, path: &Path, allowed: &[PathBuf]) -> Result<Self, Failure> {
        let document = bytes(layout, path)?;
        let bundle = references::bundle(&document, &path.to_string_lossy(), Reach::Folders(allowed));
        Ok(Self { bundle, ..Self::of_document(document, layout.display(path)) })
    }

    /// Takes a document that is not in the folder of its version yet, with the profile, overlay and names as far as they exist.
    pub(crate) fn of_candidate(
        layout: &Layout,
        version: &ApiVersion,
        document: Vec<u8>,
        document_name: String,
    ) -> Result<Self, Failure> {
        Ok(Self {
            profile: optional_text(layout, &layout.profile())?.unwrap_or_default(),
            names: optional_text(layout, &layout.names(version))?.unwrap_or_default(),
            overlay: optional_text(layout, &layout.overlay(version))?,
            root: Some(Root::of_version(version.as_str())),
            ..Self::of_document(document, document_name)
        })
    }

    fn of_document(document: Vec<u8>, document_name: String) -> Self {
        Self {
            document,
            document_name,
            profile: String::new(),
            names: String::new(),
            overlay: None,
            root: None,
            bundle: None,
        }
    }

    /// Returns the same document without profile, overlay and names: no version of the profile is its own.
    pub(crate) fn alone(self) -> Self {
        Self::of_document(self.document, self.document_name)
    }

    /// Borrows the inputs for the generator.
    pub(crate) fn sources(&self) -> Sources<'_> {
        Sources {
            document: self.bundle.as_ref().map_or(self.document.as_slice(), Bundle::document),
            document_name: &self.document_name,
            profile: &self.profile,
            names: &self.names,
            overlay: self.overlay.as_deref(),
            package: None,
            root: self.root.as_ref(),
        }
    }

    /// Borrows the document as [`Self::alone`] returns it.
    pub(crate) fn document_alone(&self) -> Sources<'_> {
        Sources::of_document(&self.document, &self.document_name)
    }

    /// Returns a report on the document with the places in its files.
    pub(crate) fn locate(&self, report: Report) -> Report {
        match &self.bundle {
            Some(bundle) => bundle.locate(report, &self.document_name),
            None => report,
        }
    }

    /// Returns the same inputs with other names.
    pub(crate) fn with_names(self, names: String) -> Self {
        Self { names, ..self }
    }

    /// Returns the same inputs with another overlay.
    pub(crate) fn with_overlay(self, overlay: Option<String>) -> Self {
        Self { overlay, ..self }
    }

    /// Returns the published names as they are now.
    pub(crate) fn names(&self) -> &str {
        &self.names
    }
}

/// The versions that the client is generated for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ClientVersions {
    /// All of them, in order.
    pub(crate) all: Vec<ApiVersion>,
    /// The one that the root of the crate re-exports.
    pub(crate) default: ApiVersion,
}

impl ClientVersions {
    /// Returns the versions before the default one.
    pub(crate) fn older(&self) -> impl Iterator<Item = &ApiVersion> {
        self.all.iter().filter(|version| **version < self.default)
    }

    /// Reads them from the profile: `document.api_version`, and those with a table `[versions."…"]`.
    pub(crate) fn read(layout: &Layout) -> Result<Self, Failure> {
        let path = layout.profile();
        let profile = Profile::parse(&text(layout, &path)?).map_err(|mut report| {
            report.diagnostics.iter_mut().for_each(|diagnostic| diagnostic.source = layout.display(&path));
            Failure::Unsound(report)
        })?;
        let default = match profile.document.api_version.as_str() {
            "" => Err(unusable(layout, "document.api_version is missing".to_owned())),
            name => folder_name(layout, "document.api_version", name),
        }?;
        let listed = profile.versions.names().map(|name| folder_name(layout, "[versions]", name));
        let mut all = listed.collect::<Result<Vec<_>, _>>()?;
        if !all.contains(&default) {
            all.push(default.clone());
        }
        all.sort();
        Ok(Self { all, default })
    }
}

fn folder_name(layout: &Layout, entry: &str, name: &str) -> Result<ApiVersion, Failure> {
    ApiVersion::new(name).ok_or_else(|| unusable(layout, format!("{entry} is {name:?}")))
}

fn unusable(layout: &Layout, found: String) -> Failure {
    let problem = Problem::new(ProblemCode::ProfileIncomplete, layout.display(&layout.profile()), found);
    Failure::Input(problem.expected("the name of a folder beside the profile, as in api_version = \"2026-02-09\""))
}

/// Compares the document of a version with its lock.
pub(crate) fn verify_lock(layout: &Layout, version: &ApiVersion) -> Result<Lock, Failure> {
    let folder = layout.version(version);
    let (document_path, lock_path) = (folder.join(DOCUMENT), folder.join(LOCK));
    let document = bytes(layout, &document_path)?;
    let lock = Lock::from_text(&text(layout, &lock_path)?).map_err(|error| {
        let problem =
            Problem::new(ProblemCode::LockUnreadable, layout.display(&lock_path), error.to_string().trim_end());
        Failure::Input(problem.expected("a lock file as written by fetch").help("cargo xtask fetch rewrites it"))
    })?;
    let digest = lock::sha256_hex(&document);
    if digest == lock.sha256 {
        return Ok(lock);
    }
    let found = format!("the document has sha256 {digest}");
    let problem = Problem::new(ProblemCode::LockMismatch, layout.display(&document_path), found)
        .expected(format!("{} as in {}", lock.sha256, layout.display(&lock_path)))
        .help(
            "the document is never edited by hand: restore it with git checkout or cargo xtask fetch, and put \
             corrections into overlay.yaml beside it",
        );
    Err(Failure::Input(problem))
}

/// Lists the versions that have a folder with a document or a lock, in order.
pub(crate) fn versions(layout: &Layout) -> Result<Vec<ApiVersion>, Failure> {
    let mut versions = Vec::new();
    let unreadable = |error| unreadable(layout, layout.spec(), &error);
    for entry in fs::read_dir(layout.spec()).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let holds = |name| entry.path().join(name).exists();
        let version = entry.file_name().to_str().and_then(ApiVersion::new);
        versions.extend(version.filter(|_| holds(DOCUMENT) || holds(LOCK)));
    }
    versions.sort();
    Ok(versions)
}

/// Reads a file that must exist.
pub(crate) fn bytes(layout: &Layout, path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|error| unreadable(layout, path, &error))
}

/// Reads a text file that must exist.
pub(crate) fn text(layout: &Layout, path: &Path) -> Result<String, Failure> {
    fs::read_to_string(path).map_err(|error| unreadable(layout, path, &error))
}

/// Reads a text file that may be missing.
pub(crate) fn optional_text(layout: &Layout, path: &Path) -> Result<Option<String>, Failure> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(layout, path, &error)),
    }
}

fn unreadable(layout: &Layout, path: &Path, error: &std::io::Error) -> Failure {
    let problem = Problem::new(ProblemCode::UnreadableFile, layout.display(path), format!("cannot read it: {error}"));
    Failure::Input(problem.help("check the path and its permissions"))
}
