//! Compiles all generated clients in one workspace with one target folder, so that shared dependencies are compiled
//! once. Reads cargo's messages and knows no code.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use serde::Deserialize;

use crate::cargo::find_cargo;
use crate::crate_folder;
use crate::generate;
use crate::layout::Layout;
use crate::outcome::Failure;

use super::RUNTIME;
use super::documents::Document;
use super::progress::Progress;
use super::row::{Checked, Row};

/// The parts of a line of `cargo check --message-format=json` that are needed here.
#[derive(Debug, Deserialize)]
#[serde(tag = "reason")]
enum Message {
    #[serde(rename = "compiler-message")]
    Diagnostic { manifest_path: String, message: Text },
    #[serde(rename = "compiler-artifact")]
    Artifact { manifest_path: String, target: Target },
    #[serde(other)]
    Other,
}

#[derive(Debug, Deserialize)]
struct Text {
    level: String,
    message: String,
    code: Option<TextCode>,
    #[serde(default)]
    spans: Vec<Span>,
}

#[derive(Debug, Deserialize)]
struct TextCode {
    code: String,
}

#[derive(Debug, Deserialize)]
struct Span {
    file_name: String,
    line_start: usize,
    is_primary: bool,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

/// The compiler's messages about the packages, by the name of their folder.
#[derive(Debug, Default)]
struct CompilerOutput {
    errors: BTreeMap<String, Vec<String>>,
    warnings: BTreeMap<String, Vec<String>>,
    examples: BTreeSet<String>,
}

/// Compiles every generated client and records the result in its row.
pub(super) fn check(
    layout: &Layout,
    out: &Path,
    features: &[String],
    documents: &[Document],
    rows: &mut [Row],
) -> Result<(), Failure> {
    let exists = |document: &&Document| out.join(document.package.as_str()).join("Cargo.toml").exists();
    // A client with missing operations is compiled as well, because both defects should be reported.
    let made: Vec<bool> = rows.iter().map(|row| row.measured.operations_out > 0 || row.failure.is_none()).collect();
    let members: Vec<&Document> =
        documents.iter().zip(&made).filter(|(_, made)| **made).map(|(document, _)| document).filter(exists).collect();
    if members.is_empty() {
        return Ok(());
    }
    write_workspace(layout, out, &members)?;
    download_dependencies(out)?;
    let (output, stderr_text) = run_cargo(out, features, members.len())?;
    for ((document, row), _) in documents.iter().zip(rows).zip(made).filter(|(_, made)| *made) {
        let package = document.package.as_str();
        row.checked = output.verdict(package, &stderr_text);
        let path = out.join("logs").join(format!("{package}.check.txt"));
        fs::write(&path, output.lines(package)).map_err(Failure::io("write", path))?;
    }
    Ok(())
}

fn write_workspace(layout: &Layout, out: &Path, members: &[&Document]) -> Result<(), Failure> {
    let mut text = format!("[workspace]\nresolver = \"3\"\nmembers = [\n    \"{RUNTIME}\",\n");
    for member in members {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    \"{}\",", member.package);
    }
    // Code that is only checked needs no debug information.
    text.push_str("]\n\n[profile.dev]\ndebug = false\nincremental = false\n");
    crate_folder::write_when_new(&out.join("Cargo.toml"), text.as_bytes())?;
    let lock = out.join("Cargo.lock");
    match generate::read_lock(layout)? {
        Some(versions) => crate_folder::write_when_new(&lock, &versions),
        None => Ok(()),
    }
}

/// Downloads the clients' missing dependencies; otherwise cargo works offline. If a dependency is not available, cargo
/// reports this for the affected client later.
fn download_dependencies(out: &Path) -> Result<(), Failure> {
    let run = |arguments: &[&str]| {
        let mut command = cargo(out);
        command.args(arguments).arg("--quiet").stdout(Stdio::null()).stderr(Stdio::null());
        command.status().map_err(Failure::io("run", "cargo"))
    };
    if !run(&["tree", "--workspace", "--offline"])?.success() {
        run(&["fetch"])?;
    }
    Ok(())
}

fn cargo(out: &Path) -> Command {
    let mut command = find_cargo();
    command.current_dir(out).stdin(Stdio::null());
    command
}

/// Runs cargo and returns its messages about the packages and the end of its human-readable output.
fn run_cargo(out: &Path, features: &[String], members: usize) -> Result<(CompilerOutput, String), Failure> {
    let log = out.join("logs").join("cargo.txt");
    let stderr = File::create(&log).map_err(Failure::io("create", &log))?;
    let mut command = cargo(out);
    command.args(["check", "--workspace", "--lib", "--examples", "--keep-going", "--offline", "--quiet"]);
    // Without TLS, which takes long to compile and is not our code.
    command.args(["--no-default-features", "--message-format=json"]);
    let features: Vec<&str> = std::iter::once("client").chain(features.iter().map(String::as_str)).collect();
    command.arg("--features").arg(features.join(","));
    command.env("CARGO_TARGET_DIR", out.join("target"));
    for variable in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
        command.env_remove(variable);
    }
    let failed = Failure::io("run", "cargo check");
    let mut child = match command.stdout(Stdio::piped()).stderr(stderr).spawn() {
        Ok(child) => child,
        Err(error) => return Err(failed(error)),
    };
    let mut output = CompilerOutput::default();
    let mut progress = Progress::new("check", members);
    for line in child.stdout.take().into_iter().flat_map(|stdout| BufReader::new(stdout).lines()) {
        let line = line.map_err(Failure::io("read", "the messages of cargo"))?;
        if let Ok(message) = serde_json::from_str(&line) {
            output.record(message, &mut progress);
        }
    }
    child.wait().map_err(failed)?;
    let stderr_text = fs::read(&log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default();
    Ok((output, stderr_text))
}

impl CompilerOutput {
    fn record(&mut self, message: Message, progress: &mut Progress) {
        match message {
            Message::Diagnostic { manifest_path, message } => {
                let lines = match message.level.as_str() {
                    "error" => &mut self.errors,
                    "warning" => &mut self.warnings,
                    _ => return,
                };
                // The last message of a run only counts the previous ones.
                if !message.spans.is_empty() || message.code.is_some() || message.level == "error" {
                    lines.entry(package(&manifest_path)).or_default().push(message.line());
                }
            }
            Message::Artifact { manifest_path, target } if target.kind.iter().any(|kind| kind == "example") => {
                let package = package(&manifest_path);
                progress.step(&package);
                self.examples.insert(package);
            }
            Message::Artifact { .. } | Message::Other => {}
        }
    }

    /// Returns all messages about a package, errors first.
    fn lines(&self, package: &str) -> String {
        let of = |level: &'static str, lines: &BTreeMap<String, Vec<String>>| {
            let lines = lines.get(package).cloned().unwrap_or_default();
            lines.into_iter().map(|line| format!("{level}: {line}\n")).collect::<String>()
        };
        of("error", &self.errors) + &of("warning", &self.warnings)
    }

    fn verdict(&self, package: &str, stderr_text: &str) -> Checked {
        let lines = |of: &BTreeMap<String, Vec<String>>| {
            [of.get(package), of.get(RUNTIME)].into_iter().flatten().flatten().cloned().collect::<Vec<String>>()
        };
        let (errors, warnings) = (lines(&self.errors), lines(&self.warnings));
        match errors.first().or(warnings.first()) {
            Some(first) => Checked::Objections { errors: errors.len(), warnings: warnings.len(), first: first.clone() },
            None if self.examples.contains(package) => Checked::Clean,
            None => {
                let first =
                    stderr_text.lines().find(|line| line.starts_with("error")).unwrap_or("cargo did not get to it");
                Checked::Objections { errors: 1, warnings: 0, first: first.to_owned() }
            }
        }
    }
}

impl Text {
    fn line(&self) -> String {
        let code = self.code.as_ref().map_or_else(String::new, |code| format!("{} ", code.code));
        let place = self.spans.iter().find(|span| span.is_primary).map_or_else(String::new, |span| {
            let file = span.file_name.rsplit_once("/generated/").map_or(span.file_name.as_str(), |(_, file)| file);
            format!("{file}:{} ", span.line_start)
        });
        let text = self.message.lines().next().unwrap_or_default();
        format!("{code}{place}{text}")
    }
}

/// Returns the folder name of a package.
fn package(manifest: &str) -> String {
    let folder = Path::new(manifest).parent().and_then(Path::file_name).unwrap_or_default();
    folder.to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn output(lines: &[&str]) -> CompilerOutput {
        let (mut output, mut progress) = (CompilerOutput::default(), Progress::new("check", 2));
        lines.iter().for_each(|line| output.record(serde_json::from_str(line).unwrap(), &mut progress));
        output
    }

    #[test]
    fn package_is_clean_when_its_example_was_compiled_without_a_word() {
        let artifact =
            r#"{"reason":"compiler-artifact","manifest_path":"/o/a/Cargo.toml","target":{"kind":["example"]}}"#;
        let library = r#"{"reason":"compiler-artifact","manifest_path":"/o/b/Cargo.toml","target":{"kind":["lib"]}}"#;
        let output = output(&[artifact, library, r#"{"reason":"build-finished","success":false}"#]);
        assert_eq!(output.verdict("a", ""), Checked::Clean);
        let expected = Checked::Objections { errors: 1, warnings: 0, first: "error: no such crate".to_owned() };
        assert_eq!(output.verdict("b", "note\nerror: no such crate\n"), expected);
    }

    #[test]
    fn objections_are_counted_and_the_first_error_is_named() {
        let message = |level: &str, text: &str| {
            format!(
                r#"{{"reason":"compiler-message","manifest_path":"/o/a/Cargo.toml","message":{{"level":"{level}",
                "message":"{text}","code":{{"code":"E1"}},
                "spans":[{{"file_name":"a/src/generated/types/x.rs","line_start":7,"is_primary":true}}]}}}}"#
            )
        };
        let output = output(&[&message("warning", "unused"), &message("error", "bad\\nmore")]);
        let expected = Checked::Objections { errors: 1, warnings: 1, first: "E1 types/x.rs:7 bad".to_owned() };
        assert_eq!(output.verdict("a", ""), expected);
    }
}
