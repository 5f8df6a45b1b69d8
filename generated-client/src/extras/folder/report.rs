//! What became of the files of a folder. Must not know how it came about.

use std::fmt;
use std::sync::Arc;

use sdk_runtime::Error;

/// What became of a folder: one entry for each file, in the order of their paths.
#[derive(Debug)]
#[non_exhaustive]
pub struct FolderReport<R> {
    /// The files.
    pub files: Vec<FileReport<R>>,
    /// The credits of all runs of the manifest whose cost is known, including those of earlier calls.
    pub credits: f64,
    /// Why runs were not started, if something stopped the whole folder.
    pub stopped: Option<StopReason>,
}

impl<R> FolderReport<R> {
    /// Returns whether the run of every file has ended.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.files.iter().all(|file| matches!(file.outcome, Outcome::Done(_)))
    }
}

/// What became of a file.
#[derive(Debug)]
#[non_exhaustive]
pub struct FileReport<R> {
    /// The path inside of the folder, with `/` between its parts.
    pub path: String,
    /// The ID of its run, if it is known.
    pub run_id: Option<String>,
    /// The IDs of further runs of the same file. There are some only if a run was listed later than it was waited for.
    pub duplicates: Vec<String>,
    /// What became of it.
    pub outcome: Outcome<R>,
}

/// What became of a file. Everything but [`Done`](Self::Done) and [`Refused`](Self::Refused) is taken up where it was by the next
/// call.
#[derive(Debug)]
#[non_exhaustive]
pub enum Outcome<R> {
    /// Its run has ended, with success or without.
    Done(R),
    /// The server has refused the file; there is no run. The next call tries it again.
    Refused(Error),
    /// Whether there is a run is not known: the start failed in a way that leaves it open, and the runs could not be listed.
    Unknown(Error),
    /// The step that was next failed. If there is a run, it goes on.
    Unfinished(Error),
    /// No run was started, because the folder was stopped.
    NotStarted,
}

impl<R> Outcome<R> {
    /// Returns the result of the run, if it has ended.
    #[must_use]
    pub fn done(&self) -> Option<&R> {
        match self {
            Self::Done(result) => Some(result),
            Self::Refused(_) | Self::Unknown(_) | Self::Unfinished(_) | Self::NotStarted => None,
        }
    }

    /// Returns why there is no result, if an error is the reason.
    #[must_use]
    pub fn error(&self) -> Option<&Error> {
        match self {
            Self::Refused(error) | Self::Unknown(error) | Self::Unfinished(error) => Some(error),
            Self::Done(_) | Self::NotStarted => None,
        }
    }
}

impl<R> fmt::Display for Outcome<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Done(_) => f.write_str("done"),
            Self::Refused(error) => write!(f, "refused: {error}"),
            Self::Unknown(error) => write!(f, "not known whether it was started: {error}"),
            Self::Unfinished(error) => write!(f, "unfinished: {error}"),
            Self::NotStarted => f.write_str("not started"),
        }
    }
}

/// Why no further run was started.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum StopReason {
    /// The next run could exceed `max_credits`.
    MaxCredits,
    /// There is a limit of credits, and the API does not say what runs cost.
    UnknownCost,
    /// The API refuses every call of this account: its key, its permissions, or no credits are left.
    Account(Arc<Error>),
    /// The manifest cannot be written.
    Manifest(Arc<std::io::Error>),
}

impl fmt::Display for StopReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::MaxCredits => f.write_str("the next run could exceed the limit of credits; raise `max_credits`"),
            Self::UnknownCost => f.write_str(
                "the API does not report what runs cost, so the limit of credits cannot be kept; call without `max_credits`",
            ),
            Self::Account(error) => write!(f, "the account cannot start runs: {error}"),
            Self::Manifest(error) => write!(f, "the manifest cannot be written: {error}"),
        }
    }
}

/// A step of a file, for a progress listener.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Progress<'a> {
    /// The path of the file.
    pub path: &'a str,
    /// What has happened to it.
    pub step: Step<'a>,
    /// The number of files whose run has ended.
    pub done: usize,
    /// The number of all files.
    pub files: usize,
    /// The credits of all runs whose cost is known.
    pub credits: f64,
}

/// What has happened to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Step<'a> {
    /// It was uploaded.
    Uploaded,
    /// Its run was started.
    Started(&'a str),
    /// The response to its start was lost: the run is being looked for.
    InDoubt,
    /// Its run was found although the response to the start was lost.
    Found(&'a str),
    /// Its run has ended.
    Done(&'a str),
}
