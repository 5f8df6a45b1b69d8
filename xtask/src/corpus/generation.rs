//! Runs `generate` on one document in a separate process. Reads the line that the process prints, and its error output
//! if it fails earlier.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use crate::generate::Measured;
use crate::layout::Layout;
use crate::outcome::Failure;

use super::RUNTIME;
use super::documents::Document;
use super::process::{self, End};
use super::row::{Checked, Row};

/// Time limit for one document.
const LIMIT: Duration = Duration::from_secs(120);

/// Generates a client into the folder of its package below `out`.
pub(super) fn generate(layout: &Layout, document: &Document, out: &Path, allowed: &[PathBuf]) -> Result<Row, Failure> {
    let program = std::env::current_exe().map_err(Failure::io("find", "this program"))?;
    let log = |ending: &str| out.join("logs").join(format!("{}.{ending}", document.package));
    let (stdout, stderr) = (log("json"), log("txt"));
    let mut command = Command::new(program);
    command.arg("--root").arg(layout.root()).arg("generate").arg("--json");
    command.arg("--spec").arg(&document.path).arg("--out").arg(out.join(document.package.as_str()));
    command.args(["--name", document.package.as_str(), "--runtime", &format!("../{RUNTIME}")]);
    for folder in allowed {
        command.arg("--allow-outside").arg(folder);
    }
    let end = process::run(&mut command, &stdout, &stderr, LIMIT).map_err(Failure::io("run", "xtask generate"))?;

    let printed = fs::read_to_string(&stdout).unwrap_or_default();
    let measured: Option<Measured> = serde_json::from_str(printed.trim()).ok();
    let stderr_text = String::from_utf8_lossy(&fs::read(&stderr).unwrap_or_default()).into_owned();
    let failure = failure(end, measured.as_ref(), &stderr_text);
    Ok(Row {
        document: document.name.clone(),
        bytes: document.bytes,
        measured: measured.unwrap_or_default(),
        failure,
        checked: Checked::Skipped,
        samples: None,
    })
}

/// Returns why the client is missing or incomplete, or `None` if it is complete.
fn failure(end: End, measured: Option<&Measured>, stderr_text: &str) -> Option<String> {
    let first = |stderr_text: &str| {
        stderr_text.lines().find(|line| !line.trim().is_empty()).unwrap_or("it stderr_text nothing").to_owned()
    };
    match (end, measured) {
        (End::Stopped, _) => Some(format!("took more than {} s", LIMIT.as_secs())),
        (End::Exited(_), Some(Measured { error: Some(error), .. })) => Some(error.clone()),
        (End::Exited(status), Some(measured)) if status.success() => {
            let (described, made) = (measured.operations_in, measured.operations_out);
            (described != made).then(|| format!("{made} of {described} operations"))
        }
        // The second line of a panic message holds the reason.
        (End::Exited(_), _) if stderr_text.contains("panicked at") => {
            let lines = stderr_text.lines().skip_while(|line| !line.contains("panicked at")).take(2);
            Some(lines.map(str::trim).collect::<Vec<_>>().join(" "))
        }
        (End::Exited(status), _) => match status.code() {
            Some(code) => Some(format!("exit code {code}: {}", first(stderr_text))),
            None => Some(format!("{status}: {}", first(stderr_text))),
        },
    }
}
