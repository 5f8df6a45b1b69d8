//! What became of one document.

use serde::Serialize;

use crate::generate::Measured;
use crate::outcome::counted;

/// What became of one document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Row {
    /// Name of its file.
    pub(super) document: String,
    /// Its size.
    pub(super) bytes: u64,
    /// What the generator measured.
    #[serde(flatten)]
    pub(super) measured: Measured,
    /// Why there is no whole client.
    pub(super) failure: Option<String>,
    /// What the compiler says about the client.
    pub(super) checked: Checked,
}

/// What the compiler says about a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "result", rename_all = "kebab-case")]
pub(super) enum Checked {
    /// It was not asked, or there is no client.
    Skipped,
    /// It has no objection.
    Clean,
    /// It warns or refuses.
    Objections {
        /// Number of errors.
        errors: usize,
        /// Number of warnings.
        warnings: usize,
        /// The first error, or the first warning when there is none.
        first: String,
    },
}

impl Row {
    /// Whether there is a whole client, and the compiler has no objection to it if it was asked.
    pub(super) fn passes(&self) -> bool {
        self.failure.is_none() && !matches!(self.checked, Checked::Objections { .. })
    }

    /// One line for people who wait.
    pub(super) fn summary(&self) -> String {
        match &self.failure {
            None => format!("{}: {} operations, {} ms", self.document, self.measured.operations_out, self.measured.ms),
            Some(failure) => format!("{}: {failure}", self.document),
        }
    }

    /// What the last column says.
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
