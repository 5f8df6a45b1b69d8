//! An extract run with its outputs as values of a Rust type. Must not know how a run is started.

use std::fmt;
use std::sync::Arc;

use extend_ai_schema::{Change, collect_changes};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::IntoFieldHandle;
use super::extracted::Extracted;
use super::legacy::from_legacy;
use crate::types::{Citation, ExtractOutput, ExtractOutputJson, ExtractRun, FileSummary, ProcessorRunStatus};

/// An extract run whose outputs are values of the type `T`.
///
/// The run is there whatever became of it: an output that is missing, or that is not a `T`, is an error of [`output`](Self::output) and
/// leaves [`run`](Self::run) as it is.
pub struct TypedRun<T> {
    run: Arc<ExtractRun>,
    output: Decoded<T>,
    initial: Decoded<T>,
    reviewed: Decoded<T>,
}

/// An output: `None` if the run has none.
type Decoded<T> = Result<Option<Extracted<T>>, OutputProblem>;

impl ExtractRun {
    /// Returns this run with its outputs as values of the type `T`, whatever started it. Sends nothing.
    pub fn typed<T: DeserializeOwned>(self) -> TypedRun<T> {
        TypedRun {
            output: decode(self.output.as_ref()),
            initial: decode(self.initial_output.as_ref()),
            reviewed: decode(self.reviewed_output.as_ref()),
            run: Arc::new(self),
        }
    }
}

fn decode<T: DeserializeOwned>(output: Option<&ExtractOutput>) -> Decoded<T> {
    let Some(output) = output.map(read_output) else { return Ok(None) };
    let mismatch = |error: crate::JsonError| OutputProblem::Mismatch { field: error.path, message: error.message };
    Extracted::decode(output?).map(Some).map_err(mismatch)
}

fn read_output(output: &ExtractOutput) -> Result<ExtractOutputJson, OutputProblem> {
    match output {
        ExtractOutput::Json(output) => Ok((**output).clone()),
        ExtractOutput::Legacy(output) => Ok(from_legacy(output)),
        ExtractOutput::Unknown(_) => Err(OutputProblem::UnknownForm),
    }
}

impl<T> TypedRun<T> {
    /// Returns the run as it was received.
    pub fn run(&self) -> &ExtractRun {
        &self.run
    }

    /// Returns the ID of the run.
    pub fn id(&self) -> &str {
        &self.run.id
    }

    /// Returns the status of the run.
    pub fn status(&self) -> &ProcessorRunStatus {
        &self.run.status
    }

    /// Returns the result to use: the reviewed one if there is one, else the initial one.
    ///
    /// # Errors
    ///
    /// Returns an error if the run has not ended, has failed, or if its output does not have the type. It contains the run.
    pub fn output(&self) -> Result<&Extracted<T>, OutputError> {
        match &self.output {
            Ok(Some(output)) => Ok(output),
            Ok(None) => Err(self.error(self.why_there_is_no_output())),
            Err(problem) => Err(self.error(problem.clone())),
        }
    }

    /// Converts this into the result to use.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`output`](Self::output).
    pub fn into_output(self) -> Result<Extracted<T>, OutputError> {
        let without = self.why_there_is_no_output();
        let problem = match self.output {
            Ok(Some(output)) => return Ok(output),
            Ok(None) => without,
            Err(problem) => problem,
        };
        Err(OutputError { run: self.run, problem })
    }

    /// Returns the result before the review; `None` unless the run was reviewed.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not have the type.
    pub fn initial_output(&self) -> Result<Option<&Extracted<T>>, OutputError> {
        self.initial.as_ref().map(Option::as_ref).map_err(|problem| self.error(problem.clone()))
    }

    /// Returns the result after the review; `None` unless the run was reviewed.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not have the type.
    pub fn reviewed_output(&self) -> Result<Option<&Extracted<T>>, OutputError> {
        self.reviewed.as_ref().map(Option::as_ref).map_err(|problem| self.error(problem.clone()))
    }

    /// Returns the fields that the review changed, added or removed, by path; empty unless the run was reviewed.
    pub fn changes(&self) -> Vec<Change<'_, Value>> {
        let mut changes = Vec::new();
        if let (Ok(Some(initial)), Ok(Some(reviewed))) = (&self.initial, &self.reviewed) {
            let names = initial.json().keys();
            let added = reviewed.json().keys().filter(|name| !initial.json().contains_key(*name));
            for name in names.chain(added) {
                collect_changes(name.clone(), initial.json().get(name), reviewed.json().get(name), &mut changes);
            }
        }
        changes
    }

    /// Returns a field before and after the review, if the review changed it.
    pub fn change<H: IntoFieldHandle<Root = T>>(&self, handle: H) -> Option<Change<'_, H::Value>>
    where
        T: 'static,
    {
        let (Ok(Some(initial)), Ok(Some(reviewed))) = (&self.initial, &self.reviewed) else { return None };
        let handle = handle.into_field_handle();
        let path = handle.path().to_owned();
        let changed = self.changes().iter().any(|change| change.concerns(&path));
        changed.then(|| Change::new(path, handle.read(initial.value()), handle.read(reviewed.value())))
    }

    /// Returns the file that a citation refers to: the one of the package with its ID, or the only one.
    pub fn file_of(&self, citation: &Citation) -> Option<&FileSummary> {
        let several = self.run.files.value().map(Vec::as_slice).unwrap_or_default();
        let all = || several.iter().chain(&self.run.file);
        match &citation.file_id {
            Some(id) => all().find(|file| file.id == *id),
            None => all().next().filter(|_| all().count() == 1),
        }
    }

    fn why_there_is_no_output(&self) -> OutputProblem {
        let status = self.run.status.clone();
        if matches!(status, ProcessorRunStatus::Failed | ProcessorRunStatus::Cancelled) {
            let (reason, message) = (self.run.failure_reason.clone(), self.run.failure_message.clone());
            OutputProblem::Failed { status, reason, message }
        } else {
            OutputProblem::Missing { status }
        }
    }

    fn error(&self, problem: OutputProblem) -> OutputError {
        OutputError { run: Arc::clone(&self.run), problem }
    }
}

impl<T: fmt::Debug> fmt::Debug for TypedRun<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedRun")
            .field("id", &self.run.id)
            .field("status", &self.run.status)
            .field("output", &self.output)
            .finish_non_exhaustive()
    }
}

/// Why a run has no output of the type that was asked for.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum OutputProblem {
    /// The run failed or was cancelled.
    Failed {
        /// The status of the run.
        status: ProcessorRunStatus,
        /// The code of the failure.
        reason: Option<String>,
        /// The text that goes with it.
        message: Option<String>,
    },
    /// There is no output, mostly because the run has not ended.
    Missing {
        /// The status of the run.
        status: ProcessorRunStatus,
    },
    /// A field does not have its type.
    Mismatch {
        /// The path of the field, such as `lines[2].amount`; `$` is the whole output.
        field: String,
        /// What was found and expected there.
        message: String,
    },
    /// The output has a form that this version does not know.
    UnknownForm,
}

/// A run without an output of the type that was asked for. Nothing is lost: the error contains the run as it was received.
#[derive(Clone)]
pub struct OutputError {
    run: Arc<ExtractRun>,
    problem: OutputProblem,
}

impl OutputError {
    /// Returns the run, with its outputs as they were received.
    pub fn run(&self) -> &ExtractRun {
        &self.run
    }

    /// Returns why there is no output.
    pub fn problem(&self) -> &OutputProblem {
        &self.problem
    }

    /// Returns the path of the field that does not have its type, if that is the problem.
    pub fn field(&self) -> Option<&str> {
        match &self.problem {
            OutputProblem::Mismatch { field, .. } => Some(field),
            OutputProblem::Failed { .. } | OutputProblem::Missing { .. } | OutputProblem::UnknownForm => None,
        }
    }
}

impl fmt::Display for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let id = &self.run.id;
        match &self.problem {
            OutputProblem::Failed { status, reason, message } => {
                write!(f, "the extract run {id} is {status}")?;
                let details = [reason.as_deref(), message.as_deref()];
                details.into_iter().flatten().try_for_each(|detail| write!(f, ": {detail}"))
            }
            OutputProblem::Missing { status } => {
                write!(f, "the extract run {id} is {status} and has no output; wait until it has ended")
            }
            OutputProblem::Mismatch { field, message } => write!(
                f,
                "the output of the extract run {id} does not have the expected type at `{field}`: {message}; the run is complete, and \
                 part of this error"
            ),
            OutputProblem::UnknownForm => {
                write!(f, "the output of the extract run {id} has an unknown form; the run is part of this error")
            }
        }
    }
}

impl fmt::Debug for OutputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OutputError").field("run", &self.run.id).field("problem", &self.problem).finish()
    }
}

impl std::error::Error for OutputError {}
