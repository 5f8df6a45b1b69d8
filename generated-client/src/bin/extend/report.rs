//! What the command prints, and its exit codes.
//!
//! Must not know how a call is made. Everything goes through one writer each for stdout and stderr, so that a reader that
//! stops early (`| head`) is no failure.

use std::error::Error as _;
use std::io::{self, Write};
use std::process::ExitCode;

use extend_ai::webhooks::Event;
use sdk_runtime::dispatch::{self, CallError, FailureClass, Outcome, Output, UsageError};
use sdk_runtime::{Deprecation, Operation};
use serde_json::{Value, json};

use crate::webhook::Refusal;

/// Prints the answer of a call.
pub(crate) fn outcome(outcome: &Outcome) -> ExitCode {
    match outcome {
        Outcome::Json(value) => print(pretty(value).as_bytes()),
        Outcome::Raw(response) => {
            complain(&dispatch::head(response));
            print(response.bytes())
        }
    }
}

/// Prints why there is no answer: text for what the user got wrong, one JSON object for a failed call, and the body of the
/// answer if it was asked for as received.
pub(crate) fn failure(error: &CallError, output: Output) -> ExitCode {
    let class = error.class();
    let text = match (class, error) {
        (_, CallError::Usage(error)) => usage_text(error),
        (FailureClass::Usage, CallError::Api(error)) => match error.source() {
            Some(cause) => format!("error: {error}: {cause}\n"),
            None => format!("error: {error}\n"),
        },
        (_, CallError::Api(error)) => format!("{}\n", error.to_json()),
    };
    complain(&text);
    if let (Output::Raw, CallError::Api(error)) = (output, error)
        && let Some(body) = error.body()
    {
        print(body);
    }
    ExitCode::from(exit_code(class))
}

/// A delivery that could not be verified.
const NOT_VERIFIED: u8 = 7;

fn usage_text(error: &UsageError) -> String {
    match error.json_path() {
        Some(path) => format!("error: {error}\npath: {path}\n"),
        None => format!("error: {error}\n"),
    }
}

fn exit_code(class: FailureClass) -> u8 {
    match class {
        FailureClass::Usage => 2,
        FailureClass::Connection => 3,
        FailureClass::Rejected => 4,
        FailureClass::Server => 5,
        FailureClass::Response => 6,
    }
}

/// Prints ID and name of an event as one line of JSON.
pub(crate) fn event(event: &Event) -> ExitCode {
    let line = json!({"eventId": event.event_id, "eventType": event.event_type});
    print(format!("{line}\n").as_bytes())
}

/// Prints why a delivery is not accepted.
pub(crate) fn refusal(refusal: &Refusal) -> ExitCode {
    match refusal {
        Refusal::Usage(error) => {
            complain(&usage_text(error));
            ExitCode::from(exit_code(FailureClass::Usage))
        }
        Refusal::Delivery(error) => {
            complain(&format!("error: {error}\n"));
            ExitCode::from(if error.is_verification() { NOT_VERIFIED } else { exit_code(FailureClass::Response) })
        }
    }
}

/// Prints the operations as an aligned table.
pub(crate) fn operations(all: &[&Operation]) -> ExitCode {
    print(table(all).as_bytes())
}

/// Prints the operations as a JSON array.
pub(crate) fn operations_json(all: &[&Operation]) -> ExitCode {
    let entry = |operation: &&Operation| {
        let Operation { id, method, path, summary, .. } = operation;
        let deprecated = operation.deprecated == Deprecation::Deprecated;
        json!({"id": id, "method": method, "path": path, "summary": summary, "deprecated": deprecated})
    };
    print(pretty(&all.iter().map(entry).collect()).as_bytes())
}

fn table(all: &[&Operation]) -> String {
    let width = |column: fn(&Operation) -> &str| all.iter().map(|operation| column(operation).len()).max();
    let id = width(|operation| operation.id).unwrap_or_default();
    let method = width(|operation| operation.method).unwrap_or_default();
    let path = width(|operation| operation.path).unwrap_or_default();
    let mut text = String::new();
    for operation in all {
        let mark = match operation.deprecated {
            Deprecation::Current => "",
            Deprecation::Deprecated => " (deprecated)",
        };
        let line = format!(
            "{:id$}  {:method$}  {:path$}  {}{mark}",
            operation.id, operation.method, operation.path, operation.summary
        );
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn pretty(value: &Value) -> String {
    format!("{value:#}\n")
}

fn print(bytes: &[u8]) -> ExitCode {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            complain(&format!("error: the output could not be written: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Writes to stderr; if that is closed, there is nobody left to tell.
fn complain(text: &str) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_are_listed_in_columns() {
        let operation = |id, method, path, summary, deprecated| Operation {
            id,
            method,
            path,
            summary,
            deprecated,
            accept: "",
            started: &[],
        };
        let all = [
            operation("files.list", "GET", "/files", "List files", Deprecation::Current),
            operation("check", "POST", "/check/{id}", "", Deprecation::Deprecated),
        ];
        let expected = "files.list  GET   /files       List files\ncheck       POST  /check/{id}   (deprecated)\n";
        assert_eq!(table(&all.iter().collect::<Vec<_>>()), expected);
        assert_eq!(table(&[]), "");
    }

    #[test]
    fn a_usage_error_shows_the_json_path_on_its_own_line() {
        assert_eq!(usage_text(&UsageError::new("no such file")), "error: no such file\n");
    }
}
