//! Runs one case: a document through the whole pipeline, on a thread with the stack of a main thread, within limits on time and
//! memory. Must not know how the document was changed.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use generator::{Code, Report, Severity, Sources, generate, generate_any};
use serde_json::Value;

/// Stack of a main thread on Linux.
const STACK: usize = 8 << 20;
/// Maximum CPU time: much more than any case needs, even in a debug build.
const WORK: Duration = Duration::from_secs(5);
/// Maximum elapsed time, after which a case counts as hanging. It is longer because the machine may be busy.
const PATIENCE: Duration = Duration::from_secs(120);
/// Maximum peak memory of the process, in KiB.
const MEMORY: u64 = 1 << 20;

/// How defects of a document are treated.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Strictness {
    /// As for our own document: broken references are errors.
    Strict,
    /// As for any other document.
    Lenient,
}

/// What the generator returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Code that parses and contains every operation.
    Generated,
    /// A report of the reason.
    Refused,
}

/// Runs the generator on a document. Returns an error if it violates the property.
pub(crate) fn run_case(name: &str, text: String, strictness: Strictness) -> Result<Outcome, String> {
    // Best effort: only people read it, after the process was killed.
    let _ = std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutation-{name}.txt")), &text);
    let (sender, receiver) = channel();
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || {
        let _ = sender.send(generate_and_check(&text, strictness).and_then(|outcome| check_limits().map(|()| outcome)));
    });
    let worker = worker.map_err(|error| error.to_string())?;
    match receiver.recv_timeout(PATIENCE) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(format!("no result within {PATIENCE:?}")),
        Err(RecvTimeoutError::Disconnected) => {
            Err(worker.join().err().map_or("ended without a result".to_owned(), |_| "panicked".to_owned()))
        }
    }
}

/// Checks the limits on CPU time and memory. Only Linux reports them; elsewhere the elapsed time must suffice.
fn check_limits() -> Result<(), String> {
    let number = |text: &str| text.split_whitespace().next().and_then(|word| word.parse::<u64>().ok());
    let read = |file: &str| std::fs::read_to_string(file).unwrap_or_default();
    let worked = Duration::from_nanos(number(&read("/proc/thread-self/schedstat")).unwrap_or_default());
    let status = read("/proc/self/status");
    let held = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).and_then(number).unwrap_or_default();
    match (worked > WORK, held > MEMORY) {
        (true, _) => Err(format!("took {worked:?} of a processor")),
        (false, true) => Err(format!("the process held {held} KiB")),
        (false, false) => Ok(()),
    }
}

fn generate_and_check(text: &str, strictness: Strictness) -> Result<Outcome, String> {
    let sources = Sources::of_document(text.as_bytes(), "mutated");
    let generated = match strictness {
        Strictness::Strict => generate(&sources, &mut |_| {}),
        Strictness::Lenient => generate_any(&sources, &mut |_| {}),
    };
    let generated = match generated {
        Ok(generated) => generated,
        Err(report) => return check_report(&report),
    };
    for (path, code) in &generated.files {
        syn::parse_file(code).map_err(|error| format!("{path} does not parse: {error}"))?;
    }
    let table = generated.files.get("operations.rs").map(String::as_str).unwrap_or_default();
    let emitted = table.matches("pub(crate) static ").count();
    let document = generator::source::read_document(text.as_bytes(), "mutated").map_err(|report| report.to_string())?;
    let described = count_operations(&document.value);
    if emitted == described { Ok(Outcome::Generated) } else { Err(format!("{emitted} of {described} operations")) }
}

/// Checks that a rejected document has a reason that concerns the document.
fn check_report(report: &Report) -> Result<Outcome, String> {
    let errors: Vec<_> =
        report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    let ours = errors.iter().any(|error| matches!(error.code, Code::Internal | Code::Progenitor));
    let is_reported =
        !errors.is_empty() && errors.iter().all(|error| !error.found.is_empty() && !error.code.as_str().is_empty());
    if is_reported && !ours { Ok(Outcome::Refused) } else { Err(format!("refused: {report}")) }
}

/// Counts the operations, including those of referenced path items.
fn count_operations(document: &Value) -> usize {
    let methods = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(|paths| paths.values());
    items
        .filter_map(|item| followed(document, item))
        .map(|item| methods.iter().filter(|method| item.get(**method).is_some_and(Value::is_object)).count())
        .sum()
}

fn followed<'a>(document: &'a Value, item: &'a Value) -> Option<&'a Value> {
    let mut item = item;
    for _ in 0..64 {
        let Some(reference) = item.get("$ref").and_then(Value::as_str) else { return Some(item) };
        let place = generator::pointer::Pointer::from_reference(reference)?;
        item = document.pointer(&place.to_string())?;
    }
    None
}
