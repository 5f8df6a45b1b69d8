//! One case: a document through the whole line, on a thread with the stack of a main thread, within bounded time and memory.

use std::path::Path;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use generator::{Code, Report, Severity, Sources, generate, generate_any};
use serde_json::Value;

/// Stack of a main thread on Linux.
const STACK: usize = 8 << 20;
/// Time on a processor: far more than any case needs, even in a debug build.
const WORK: Duration = Duration::from_secs(5);
/// Time on the clock, after which a case counts as hanging: a busy machine lets it wait.
const PATIENCE: Duration = Duration::from_secs(120);
/// Memory that all cases so far may have held at a time, in KiB.
const MEMORY: u64 = 1 << 20;

/// How a document is read.
#[derive(Clone, Copy, Debug)]
pub enum Reading {
    /// As ours: references that lead nowhere are errors.
    Strict,
    /// As anyone's.
    Lenient,
}

/// How the generator took a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// With code that parses and holds every operation.
    Generated,
    /// With a report that says why not.
    Refused,
}

/// How the generator takes a document, or what is wrong with the way it does.
pub fn outcome(name: &str, text: String, reading: Reading) -> Result<Answer, String> {
    // Best effort: only read by people, after the process ended without a word.
    let _ = std::fs::write(Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("mutation-{name}.txt")), &text);
    let (sender, receiver) = channel();
    let worker = thread::Builder::new().stack_size(STACK).spawn(move || {
        let _ = sender.send(checked(&text, reading).and_then(|answer| thrifty().map(|()| answer)));
    });
    let worker = worker.map_err(|error| error.to_string())?;
    match receiver.recv_timeout(PATIENCE) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(format!("no answer within {PATIENCE:?}")),
        Err(RecvTimeoutError::Disconnected) => {
            Err(worker.join().err().map_or("ended without an answer".to_owned(), |_| "panicked".to_owned()))
        }
    }
}

/// Whether this thread was quick and the process is small. Told by Linux only; elsewhere the clock has to do.
fn thrifty() -> Result<(), String> {
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

fn checked(text: &str, reading: Reading) -> Result<Answer, String> {
    let sources =
        Sources { document: text.as_bytes(), document_name: "mutated", profile: "", names: "", overlay: None };
    let generated = match reading {
        Reading::Strict => generate(&sources, &mut |_| {}),
        Reading::Lenient => generate_any(&sources, &mut |_| {}),
    };
    let generated = match generated {
        Ok(generated) => generated,
        Err(report) => return explained(&report),
    };
    for (path, code) in &generated.files {
        syn::parse_file(code).map_err(|error| format!("{path} does not parse: {error}"))?;
    }
    let table = generated.files.get("operations.rs").map(String::as_str).unwrap_or_default();
    let emitted = table.matches("pub(crate) static ").count();
    let document = generator::source::read_document(text.as_bytes(), "mutated").map_err(|report| report.to_string())?;
    let described = operations(&document.value);
    if emitted == described { Ok(Answer::Generated) } else { Err(format!("{emitted} of {described} operations")) }
}

/// A document may be refused, but with a reason that is about the document.
fn explained(report: &Report) -> Result<Answer, String> {
    let errors: Vec<_> =
        report.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error).collect();
    let ours = errors.iter().any(|error| matches!(error.code, Code::Internal | Code::Progenitor));
    let told =
        !errors.is_empty() && errors.iter().all(|error| !error.found.is_empty() && !error.code.as_str().is_empty());
    if told && !ours { Ok(Answer::Refused) } else { Err(format!("refused: {report}")) }
}

/// Operations with a method object, path items behind references included.
fn operations(document: &Value) -> usize {
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
