//! Representations of an error: a single line for people, fields for `Debug`, JSON for programs.
//!
//! This module must not know how errors are created.

use std::error::Error as StdError;
use std::fmt;

use serde_json::{Map, Value};

use super::{Error, ErrorKind, GaveUp};

/// Maximum length of each string in the line for people, in characters.
const LONGEST_MESSAGE: usize = 1000;

impl Error {
    /// Returns all fields as JSON, for logs and for the command line, without credentials and headers. Strings are
    /// sanitized as in `Display`.
    pub fn to_json(&self) -> Value {
        let text = |text: &str| Value::from(self.shown(text));
        let facts = [
            ("kind", Some(text(self.kind().as_str()))),
            ("operation", self.operation().map(|operation| text(operation.id))),
            ("method", self.operation().map(|operation| text(operation.method))),
            ("path", self.operation().map(|operation| text(operation.path))),
            ("status", self.status().map(|status| Value::from(status.as_u16()))),
            ("code", self.code().map(text)),
            ("message", Some(text(self.message()))),
            ("retryable", Some(Value::from(self.is_retryable()))),
            ("retryAfterSeconds", self.retry_after().map(|wait| Value::from(wait.as_secs()))),
            ("requestId", self.request_id().map(text)),
            ("docUrl", self.doc_url().map(text)),
            ("runId", self.run_id().map(text)),
            ("lastStatus", self.last_status().map(text)),
            ("waitedSeconds", self.waited().map(|waited| Value::from(waited.as_secs()))),
            ("jsonPath", self.json_path().map(text)),
            ("hint", self.hint().map(text)),
            ("attempts", Some(self.attempts()).filter(|attempts| *attempts > 0).map(Value::from)),
            ("gaveUp", self.gave_up().map(|why| text(why.as_str()))),
            ("cause", cause(self).map(|cause| text(&cause))),
        ];
        let known = facts.into_iter().filter_map(|(name, fact)| Some((name.to_owned(), fact?)));
        Value::Object(known.collect::<Map<_, _>>())
    }

    /// Returns a string in the form that may be displayed.
    fn shown(&self, text: &str) -> String {
        self.0.confidential.shown(text, LONGEST_MESSAGE)
    }
}

/// Returns the messages of all causes, outermost first.
fn cause(error: &Error) -> Option<String> {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    let texts: Vec<String> = causes.map(ToString::to_string).collect();
    (!texts.is_empty()).then(|| texts.join(": "))
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{}: ", operation.id)?;
        }
        if let (ErrorKind::Status, Some(status)) = (self.kind(), self.status()) {
            write!(f, "{}", status.as_u16())?;
            if let Some(reason) = status.canonical_reason() {
                write!(f, " {reason}")?;
            }
            if let Some(code) = self.code() {
                write!(f, " ({})", self.shown(code))?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.shown(self.message()))?;
        if let Some(run) = self.run_id() {
            write!(f, " [run {}]", self.shown(run))?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " [request {}]", self.shown(id))?;
        }
        if self.attempts() > 1 {
            write!(f, " (after {} attempts)", self.attempts())?;
        }
        match self.gave_up() {
            // The number of attempts is already shown.
            Some(GaveUp::Attempts) | None => {}
            Some(why @ (GaveUp::Deadline(_) | GaveUp::Budget | GaveUp::Body)) => write!(f, "; not tried again: {why}")?,
        }
        match self.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Error");
        shown.field("kind", &self.kind());
        shown.field("message", &format_args!("{self}"));
        if let Some(response) = self.response() {
            shown.field("status", &response.status.as_u16());
            shown.field("body_bytes", &response.body.len());
        }
        if let Some(cause) = cause(self) {
            shown.field("cause", &format_args!("{}", self.shown(&cause)));
        }
        shown.finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.0.source.as_deref()?;
        Some(source)
    }
}
