//! How a command ends: its output, its exit code, and the ways it can fail. Must not know any command.

use std::fmt::Write as _;
use std::io;
use std::path::PathBuf;

use generator::Report;
use serde::Serialize;

/// Exit code of the program. The top-level help lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done.
    Done,
    /// A file or folder could not be read or written.
    Io,
    /// The generated client is out of date.
    Stale,
    /// An input cannot be read, is unsound, or differs from its lock.
    Unsound,
    /// `fetch` accepted no document.
    Fetch,
    /// A document of the corpus failed.
    Corpus,
    /// The published pages and the snapshot differ.
    Differs,
    /// A change breaks the published crate, or code that upgrades.
    Severe,
    /// The arguments are wrong, which only the command could find out.
    Arguments,
    /// The command was not run in a workspace.
    NoWorkspace,
    /// `tidy` found places that break a rule.
    Untidy,
    /// A step of `ci` failed.
    Ci,
    /// An instruction count is not the committed one.
    Costlier,
}

impl Exit {
    /// Returns the number for the shell.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Io => 1,
            Self::Arguments => 2,
            Self::NoWorkspace => 3,
            Self::Differs => 10,
            Self::Severe => 20,
            Self::Stale => 30,
            Self::Unsound => 40,
            Self::Fetch => 50,
            Self::Corpus => 60,
            Self::Untidy => 70,
            Self::Ci => 80,
            Self::Costlier => 90,
        }
    }
}

/// The result of a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// Standard output.
    pub(crate) stdout: String,
    /// Standard error.
    pub(crate) stderr: String,
    /// The exit code.
    pub(crate) exit: Exit,
}

impl Outcome {
    /// Creates an outcome with exit code 0.
    pub(crate) fn done(stdout: impl Into<String>) -> Self {
        Self { stdout: stdout.into(), stderr: String::new(), exit: Exit::Done }
    }
}

/// Formats a number with its noun, as in "1 file" and "2 files".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// An input file that cannot be used, for a reason that the generator cannot know because it reads no files. Printed and serialized
/// like a diagnostic of the generator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Problem {
    /// Stable name of the kind of problem.
    pub(crate) code: ProblemCode,
    severity: generator::Severity,
    /// The file.
    pub(crate) source: String,
    /// What was found.
    pub(crate) found: String,
    /// What was expected instead.
    pub(crate) expected: String,
    /// What to do about it.
    pub(crate) help: String,
}

/// Kind of a [`Problem`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum ProblemCode {
    /// The file is missing, cannot be read, or is not UTF-8.
    UnreadableFile,
    /// The profile lacks what is needed to find the document.
    ProfileIncomplete,
    /// The lock file is missing or malformed.
    LockUnreadable,
    /// The document is not the one that was locked.
    LockMismatch,
    /// The output folder contains other files.
    FolderOccupied,
    /// No document matches.
    NoDocuments,
    /// The document was reconstructed from prose, and --allow-approximate is not set.
    Approximate,
    /// `tidy.toml` is malformed.
    TidyUnreadable,
}

impl ProblemCode {
    /// All kinds.
    pub(crate) const ALL: [Self; 8] = [
        Self::UnreadableFile,
        Self::ProfileIncomplete,
        Self::LockUnreadable,
        Self::LockMismatch,
        Self::FolderOccupied,
        Self::NoDocuments,
        Self::Approximate,
        Self::TidyUnreadable,
    ];

    /// Returns the stable name.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::UnreadableFile => "unreadable-file",
            Self::ProfileIncomplete => "profile-incomplete",
            Self::LockUnreadable => "lock-unreadable",
            Self::LockMismatch => "lock-mismatch",
            Self::FolderOccupied => "folder-occupied",
            Self::NoDocuments => "no-documents",
            Self::Approximate => "approximate",
            Self::TidyUnreadable => "tidy-unreadable",
        }
    }
}

impl Problem {
    /// Creates a problem with the file `source`.
    pub(crate) fn new(code: ProblemCode, source: impl Into<String>, found: impl Into<String>) -> Self {
        Self {
            code,
            severity: generator::Severity::Error,
            source: source.into(),
            found: found.into(),
            expected: String::new(),
            help: String::new(),
        }
    }

    /// Returns the severity: always an error, since nothing can be generated.
    pub(crate) fn severity(&self) -> generator::Severity {
        self.severity
    }

    /// Sets what was expected.
    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Sets how to fix it.
    pub(crate) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl std::fmt::Display for Problem {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "error[{}]: {}\n  --> {}", self.code.as_str(), self.found, self.source)?;
        if !self.expected.is_empty() {
            write!(formatter, "\n  expected: {}", self.expected)?;
        }
        if !self.help.is_empty() {
            write!(formatter, "\n  help: {}", self.help)?;
        }
        Ok(())
    }
}

/// Why a command failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An input file cannot be used.
    Input(Problem),
    /// The generator rejected the document.
    Unsound(Report),
    /// No document was received, or none that can be accepted.
    Fetch {
        /// What was tried, and the results.
        message: String,
        /// The generator's report on the document, if it got that far.
        report: Option<Report>,
    },
    /// The command was not run in a workspace.
    NoWorkspace {
        /// Where it was run.
        start: PathBuf,
    },
    /// Another run is writing.
    Busy {
        /// The guard file.
        file: PathBuf,
        /// Who is writing.
        holder: String,
    },
    /// A file or folder could not be read or written.
    Io {
        /// The operation, as in "cannot …".
        doing: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The error of the system.
        source: io::Error,
    },
}

impl Failure {
    /// Returns a function for `map_err` that adds the operation and the path.
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// Creates the failure of a fetch that ended before there was a document to check.
    pub(crate) fn fetch(message: impl Into<String>) -> Self {
        Self::Fetch { message: message.into(), report: None }
    }

    /// Converts the failure to its message and exit code.
    pub(crate) fn into_outcome(self) -> Outcome {
        let mut stderr = String::new();
        // Writing to a string cannot fail.
        let exit = match self {
            Self::Input(problem) => {
                let _ = writeln!(stderr, "{problem}");
                Exit::Unsound
            }
            Self::Unsound(report) => {
                let _ = writeln!(stderr, "{report}\nerror: the document is unsound; nothing was written");
                Exit::Unsound
            }
            Self::Fetch { message, report } => {
                let _ = writeln!(stderr, "error: {message}\nnothing was written");
                if let Some(report) = report {
                    let _ = writeln!(stderr, "\n{report}");
                }
                Exit::Fetch
            }
            Self::NoWorkspace { start } => {
                let _ = writeln!(
                    stderr,
                    "error: {} is not in a workspace of this project: no folder from there upwards has a spec/ folder and a \
                     Cargo.toml with a [workspace] table\nhelp: run the command in a clone of the repository",
                    start.display()
                );
                Exit::NoWorkspace
            }
            Self::Busy { file, holder } => {
                let _ = writeln!(
                    stderr,
                    "error: another run is writing ({holder})\nhelp: wait until it is done; if no other run is active, remove {}",
                    file.display()
                );
                Exit::Io
            }
            Self::Io { doing, path, source } => {
                let _ = writeln!(stderr, "error: cannot {doing} {}: {source}", path.display());
                Exit::Io
            }
        };
        Outcome { stdout: String::new(), stderr, exit }
    }
}
