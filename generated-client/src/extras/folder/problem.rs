//! Why a folder cannot be worked on: where, what was found there, and what to do. Must not know requests.

use std::fmt;
use std::path::{Path, PathBuf};

use sdk_runtime::Error;

/// What is wrong with a folder or its manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FolderProblemKind {
    /// A file or folder cannot be read or written.
    Unreadable,
    /// A path is not Unicode.
    NotUnicode,
    /// Another process works on the folder.
    Busy,
    /// The manifest is of another task, or of another server.
    OtherTask,
    /// The manifest is damaged.
    Damaged,
}

impl FolderProblemKind {
    /// Returns the name in lower case with hyphens.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable",
            Self::NotUnicode => "not-unicode",
            Self::Busy => "busy",
            Self::OtherTask => "other-task",
            Self::Damaged => "damaged",
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::Unreadable => "check that it exists and that its permissions allow it",
            Self::NotUnicode => "rename it",
            Self::Busy => "wait until that process has ended, or choose another manifest",
            Self::OtherTask => "choose another manifest for this task, or call with the task that the manifest is of",
            Self::Damaged => "restore it, or choose another manifest, which starts and pays for every file anew",
        }
    }
}

/// A folder or manifest that cannot be used: the source of the error of the call. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FolderProblem {
    /// What is wrong.
    pub kind: FolderProblemKind,
    /// Where.
    pub path: PathBuf,
    /// What was found there.
    pub found: String,
}

impl FolderProblem {
    pub(super) fn new(kind: FolderProblemKind, path: &Path, found: impl Into<String>) -> Self {
        Self { kind, path: path.to_owned(), found: found.into() }
    }

    /// Returns a function that says which file or folder an error of the system is about.
    pub(super) fn unreadable(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        move |error| Self::new(FolderProblemKind::Unreadable, path, error.to_string())
    }
}

impl fmt::Display for FolderProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} [{}]; {}", self.path.display(), self.found, self.kind.as_str(), self.kind.remedy())
    }
}

impl std::error::Error for FolderProblem {}

impl From<FolderProblem> for Error {
    fn from(problem: FolderProblem) -> Self {
        Self::invalid_request(None, problem.to_string()).with_source(problem)
    }
}
