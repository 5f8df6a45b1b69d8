//! How a command ends: what it prints, its exit code, and the ways it can fail. Knows no command.

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
    /// The generated client is not what the documents say.
    Stale,
    /// An input cannot be read, is unsound, or differs from its lock.
    Unsound,
    /// Nothing was taken over by a fetch.
    Fetch,
    /// A document of the corpus did not pass.
    Corpus,
    /// The published pages and the snapshot differ.
    Differs,
    /// The arguments are wrong, which only the command could find out.
    Arguments,
    /// The command was not run in a workspace.
    NoWorkspace,
    /// `tidy` found places that break a rule.
    Untidy,
    /// A step of `ci` failed.
    Ci,
}

impl Exit {
    /// The number the shell sees.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Io => 1,
            Self::Arguments => 2,
            Self::NoWorkspace => 3,
            Self::Differs => 10,
            Self::Stale => 30,
            Self::Unsound => 40,
            Self::Fetch => 50,
            Self::Corpus => 60,
            Self::Untidy => 70,
            Self::Ci => 80,
        }
    }
}

/// What a command has to say at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Outcome {
    /// What was asked for.
    pub(crate) stdout: String,
    /// Messages about it.
    pub(crate) stderr: String,
    /// The exit code.
    pub(crate) exit: Exit,
}

impl Outcome {
    /// An end with exit code 0.
    pub(crate) fn done(stdout: impl Into<String>) -> Self {
        Self { stdout: stdout.into(), stderr: String::new(), exit: Exit::Done }
    }
}

/// A number with its noun, as in "1 file" and "2 files".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// An input file that cannot be used, for a reason that only the one who reads files can know. Printed and
/// serialized like a diagnostic of the generator.
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
    /// The file is missing, cannot be read, or is no text.
    UnreadableFile,
    /// The profile does not say what is needed to find the document.
    ProfileIncomplete,
    /// The lock file is missing or malformed.
    LockUnreadable,
    /// The document is not the one that was locked.
    LockMismatch,
    /// The folder to write has something else in it.
    FolderOccupied,
    /// There is nothing to work on.
    NoDocuments,
    /// The document was rebuilt from prose, which nobody asked for.
    Approximate,
    /// `tidy.toml` is malformed.
    TidyUnreadable,
}

impl ProblemCode {
    fn as_str(self) -> &'static str {
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
    /// A problem of kind `code` with the file `source`.
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

    /// How bad it is: nothing can be generated.
    pub(crate) fn severity(&self) -> generator::Severity {
        self.severity
    }

    /// Says what was expected.
    pub(crate) fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = expected.into();
        self
    }

    /// Says what to do.
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

/// Why a command could not do its work.
#[derive(Debug)]
pub(crate) enum Failure {
    /// An input file cannot be used.
    Input(Problem),
    /// The generator refused the document.
    Unsound(Report),
    /// No document was received, or not one that can be taken over.
    Fetch {
        /// What was tried and what came of it.
        message: String,
        /// What the generator says about the document, when it got that far.
        report: Option<Report>,
    },
    /// The command was not run in a workspace.
    NoWorkspace {
        /// Where it was run.
        start: PathBuf,
    },
    /// Another run is writing.
    Busy {
        /// The file that says so.
        file: PathBuf,
        /// Who is writing.
        holder: String,
    },
    /// A file or folder could not be read or written.
    Io {
        /// What was being done, as in "cannot …".
        doing: &'static str,
        /// With which file or folder.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
}

impl Failure {
    /// For `map_err`: says what was being done with which file.
    pub(crate) fn io(doing: &'static str, path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::Io { doing, path, source }
    }

    /// A fetch that ended before there was a document to judge.
    pub(crate) fn fetch(message: impl Into<String>) -> Self {
        Self::Fetch { message: message.into(), report: None }
    }

    /// What is printed, and the exit code.
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
                if let Some(report) = report {
                    let _ = writeln!(stderr, "{report}");
                }
                let _ = writeln!(stderr, "error: {message}\nnothing was written");
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
                    "error: another run is writing ({holder})\nhelp: wait until it is done; if there is none any more, remove {}",
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
