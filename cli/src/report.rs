//! Prints results and errors, and decides the exit code.
//!
//! Must not know how a call is made. stdout and stderr have one writer each, so that a reader that stops early (`| head`)
//! is not a failure.

use std::io::{self, Write};
use std::process::ExitCode;

use extend_ai::Operation;
use extend_ai::dispatch::{self, CallError, FailureClass, Outcome, Output, UsageError};
use sdk_runtime::Deprecation;
use serde_json::{Value, json};

use crate::webhook::{Delivered, Rejection};

/// Prints the response of a call.
pub(crate) fn print_outcome(outcome: &Outcome) -> ExitCode {
    match outcome {
        Outcome::Json(value) => write_stdout(to_pretty_json(value).as_bytes()),
        Outcome::Raw(response) => {
            write_stderr(&dispatch::head(response));
            write_stdout(response.bytes())
        }
    }
}

/// Prints why a call failed: a message for a usage error, one JSON object for anything else. With `--raw` the body of the
/// response follows on stdout.
pub(crate) fn print_failure(error: &CallError, output: Output) -> ExitCode {
    let class = error.class();
    let message = match (class, error) {
        (_, CallError::Usage(error)) => usage_message(error),
        // What causes say passes where secrets are hidden, as everything that is shown.
        (FailureClass::Usage, CallError::Api(error)) => match error.to_json().get("cause").and_then(Value::as_str) {
            Some(cause) => format!("error: {error}: {cause}\n"),
            None => format!("error: {error}\n"),
        },
        (_, CallError::Api(error)) => format!("{}\n", error.to_json()),
    };
    write_stderr(&message);
    if let (Output::Raw, CallError::Api(error)) = (output, error)
        && let Some(body) = error.body()
    {
        write_stdout(body);
    }
    ExitCode::from(exit_code(class))
}

/// The exit code for a delivery that could not be verified.
const NOT_VERIFIED: u8 = 7;

fn usage_message(error: &UsageError) -> String {
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

/// Prints the ID and the type of an event as one line of JSON, and the version that it fits if that is another one.
pub(crate) fn print_delivered(delivered: &Delivered) -> ExitCode {
    let mut line = json!({"eventId": delivered.event_id, "eventType": delivered.event_type});
    if let Some(version) = delivered.fitting_version {
        line["fitsVersion"] = json!(version);
    }
    write_stdout(format!("{line}\n").as_bytes())
}

/// Prints why a delivery was rejected.
pub(crate) fn print_rejection(rejection: &Rejection) -> ExitCode {
    match rejection {
        Rejection::Usage(error) => {
            write_stderr(&usage_message(error));
            ExitCode::from(exit_code(FailureClass::Usage))
        }
        Rejection::Delivery(error) => {
            write_stderr(&format!("error: {error}\n"));
            ExitCode::from(if error.is_verification() { NOT_VERIFIED } else { exit_code(FailureClass::Response) })
        }
    }
}

/// Prints the operations as an aligned table.
pub(crate) fn print_operations(all: &[&Operation]) -> ExitCode {
    write_stdout(render_table(all).as_bytes())
}

/// Prints the operations as a JSON array.
pub(crate) fn print_operations_as_json(all: &[&Operation]) -> ExitCode {
    let entry = |operation: &&Operation| {
        let Operation { id, method, path, summary, .. } = operation;
        let deprecated = operation.deprecated == Deprecation::Deprecated;
        json!({"id": id, "method": method, "path": path, "summary": summary, "deprecated": deprecated})
    };
    write_stdout(to_pretty_json(&all.iter().map(entry).collect()).as_bytes())
}

fn render_table(all: &[&Operation]) -> String {
    let width = |column: fn(&Operation) -> &str| all.iter().map(|operation| column(operation).len()).max();
    let id = width(|operation| operation.id).unwrap_or_default();
    let method = width(|operation| operation.method).unwrap_or_default();
    let path = width(|operation| operation.path).unwrap_or_default();
    let mut table = String::new();
    for operation in all {
        let mark = match operation.deprecated {
            Deprecation::Current => "",
            Deprecation::Deprecated => " (deprecated)",
        };
        let line = format!(
            "{:id$}  {:method$}  {:path$}  {}{mark}",
            operation.id, operation.method, operation.path, operation.summary
        );
        table.push_str(line.trim_end());
        table.push('\n');
    }
    table
}

fn to_pretty_json(value: &Value) -> String {
    format!("{value:#}\n")
}

fn write_stdout(bytes: &[u8]) -> ExitCode {
    let mut stdout = io::stdout().lock();
    match stdout.write_all(bytes).and_then(|()| stdout.flush()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            write_stderr(&format!("error: the output could not be written: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Writes to stderr. A failure is ignored: there is nowhere left to report it.
fn write_stderr(message: &str) {
    let _ = io::stderr().lock().write_all(message.as_bytes());
}

#[cfg(test)]
mod tests {
    use sdk_runtime::Security;

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
            security: Security::Default,
        };
        let all = [
            operation("files.list", "GET", "/files", "List files", Deprecation::Current),
            operation("check", "POST", "/check/{id}", "", Deprecation::Deprecated),
        ];
        let expected = "files.list  GET   /files       List files\ncheck       POST  /check/{id}   (deprecated)\n";
        assert_eq!(render_table(&all.iter().collect::<Vec<_>>()), expected);
        assert_eq!(render_table(&[]), "");
    }

    #[test]
    fn usage_error_shows_the_json_path_on_its_own_line() {
        assert_eq!(usage_message(&UsageError::new("no such file")), "error: no such file\n");
    }
}
