//! The result for one document.

use serde::Serialize;

use crate::generate::Measured;
use crate::outcome::counted;

use super::samples::Sampled;

/// The result for one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    /// Name of its file.
    pub(super) document: String,
    /// Size of the file in bytes.
    pub(super) bytes: u64,
    /// What the generator measured.
    #[serde(flatten)]
    pub(super) measured: Measured,
    /// Why the client is missing or incomplete.
    pub(super) failure: Option<String>,
    /// Result of compiling the client.
    pub(super) checked: Checked,
    /// What became of samples, if any were made.
    pub(super) samples: Option<Sampled>,
}

/// Result of compiling a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub(super) enum Checked {
    /// It was not compiled, or there is no client.
    Skipped,
    /// There were no errors or warnings.
    Clean,
    /// There were errors or warnings.
    Objections {
        /// Number of errors.
        errors: usize,
        /// Number of warnings.
        warnings: usize,
        /// The first error, or the first warning if there is no error.
        first: String,
    },
}

impl Row {
    /// Returns whether the client is complete and, if it was compiled, free of errors and warnings.
    pub(super) fn passes(&self) -> bool {
        self.failure.is_none() && !matches!(self.checked, Checked::Objections { .. })
    }

    /// Returns a one-line summary for progress output.
    pub(super) fn summary(&self) -> String {
        match &self.failure {
            None => format!("{}: {} operations, {} ms", self.document, self.measured.operations_out, self.measured.ms),
            Some(failure) => format!("{}: {failure}", self.document),
        }
    }

    /// Returns the text of the last column.
    pub(super) fn result(&self) -> String {
        match (&self.failure, &self.checked) {
            (Some(failure), Checked::Skipped) => failure.clone(),
            (Some(failure), Checked::Clean) => format!("{failure}; compiles"),
            (Some(failure), Checked::Objections { first, .. }) => format!("{failure}; {first}"),
            (None, Checked::Skipped) => "generated".to_owned(),
            (None, Checked::Clean) => "compiles".to_owned(),
            (None, Checked::Objections { errors: 0, warnings, first }) => {
                format!("{}: {first}", counted(*warnings, "warning"))
            }
            (None, Checked::Objections { errors, first, .. }) => format!("{}: {first}", counted(*errors, "error")),
        }
    }
}
