//! `check`: reports errors and warnings about documents. The findings are the generator's, except those about files.

use std::fmt::Write as _;

use generator::{Diagnostic, Report, Severity};
use serde::Serialize;

use crate::cli::CheckArgs;
use crate::fetch;
use crate::input::{self, ClientVersions, Inputs};
use crate::layout::Layout;
use crate::outcome::{Exit, Failure, Outcome, Problem, counted};

/// An error or a warning.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Finding {
    /// About a file.
    File(Problem),
    /// About the content of a document.
    Document(Box<Diagnostic>),
}

/// All findings of a run.
#[derive(Debug, Default)]
struct Findings(Vec<Finding>);

/// What `--json` prints.
#[derive(Serialize)]
struct Printed<'a> {
    sound: bool,
    diagnostics: &'a [Finding],
}

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &CheckArgs) -> Result<Outcome, Failure> {
    let mut findings = Findings::default();
    let checked = match &arguments.spec {
        Some(file) => {
            findings.judge(Inputs::of_file(layout, file, &arguments.allow_outside))?;
            1
        }
        None => check_layout(layout, &mut findings)?,
    };
    let exit = if findings.is_sound() { Exit::Done } else { Exit::Unsound };
    if arguments.report_untyped {
        findings.keep_untyped();
    }
    let stdout = match (arguments.json, arguments.report_untyped) {
        (true, _) => findings.to_json()?,
        (false, true) => findings.list_untyped(),
        (false, false) => findings.to_text(checked),
    };
    Ok(Outcome { stdout, stderr: String::new(), exit })
}

/// Checks the versions of the client with their profile, overlay and names, and other versions on their own. Returns the number of
/// documents.
fn check_layout(layout: &Layout, findings: &mut Findings) -> Result<usize, Failure> {
    let Some(of_client) = findings.keep(ClientVersions::read(layout))? else {
        return Ok(0);
    };
    for version in &of_client.all {
        // A fetch that was killed may have moved the document aside.
        fetch::recover(layout, version)?;
    }
    let mut versions = findings.keep(input::versions(layout))?.unwrap_or_default();
    versions.extend(of_client.all.iter().cloned());
    versions.sort();
    versions.dedup();
    for version in &versions {
        findings.keep(input::verify_lock(layout, version))?;
        let inputs = Inputs::of_layout(layout, version);
        findings.judge(if of_client.all.contains(version) { inputs } else { inputs.map(Inputs::alone) })?;
    }
    Ok(versions.len())
}

impl Findings {
    /// Runs the generator's checks on inputs that could be read.
    fn judge(&mut self, inputs: Result<Inputs, Failure>) -> Result<(), Failure> {
        if let Some(inputs) = self.keep(inputs)? {
            self.add(inputs.locate(generator::check(&inputs.sources())));
        }
        Ok(())
    }

    fn add(&mut self, report: Report) {
        self.0.extend(report.diagnostics.into_iter().map(|diagnostic| Finding::Document(Box::new(diagnostic))));
    }

    /// Records an input failure as a finding, once; returns other failures.
    fn keep<T>(&mut self, result: Result<T, Failure>) -> Result<Option<T>, Failure> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(Failure::Input(problem)) => {
                let known = |finding: &Finding| matches!(finding, Finding::File(known) if *known == problem);
                if !self.0.iter().any(known) {
                    self.0.push(Finding::File(problem));
                }
                Ok(None)
            }
            Err(Failure::Unsound(report)) => {
                self.add(report);
                Ok(None)
            }
            Err(failure) => Err(failure),
        }
    }

    /// Removes what is not about places that became plain JSON.
    fn keep_untyped(&mut self) {
        self.0.retain(|finding| match finding {
            Finding::File(_) => false,
            Finding::Document(diagnostic) => diagnostic.code.leaves_plain_json(),
        });
    }

    /// Returns one line for each place that became plain JSON, with the reason.
    fn list_untyped(&self) -> String {
        let mut text = String::new();
        for finding in &self.0 {
            let Finding::Document(diagnostic) = finding else { continue };
            let line = diagnostic.line.map_or_else(String::new, |line| format!(":{line}"));
            // Writing to a string cannot fail.
            let _ = writeln!(text, "{}{line}#{}: {}", diagnostic.source, diagnostic.pointer, diagnostic.found);
        }
        let _ = writeln!(text, "plain JSON although the document says more: {}", counted(self.0.len(), "place"));
        text
    }

    fn is_sound(&self) -> bool {
        self.count(Severity::Error) == 0
    }

    fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|finding| finding.severity() == severity).count()
    }

    fn to_text(&self, checked: usize) -> String {
        let mut text = String::new();
        // Writing to a string cannot fail.
        for finding in &self.0 {
            let _ = match finding {
                Finding::File(problem) => writeln!(text, "{problem}\n"),
                Finding::Document(diagnostic) => writeln!(text, "{diagnostic}\n"),
            };
        }
        let verdict = if self.is_sound() { "sound" } else { "unsound" };
        let (errors, warnings) = (self.count(Severity::Error), self.count(Severity::Warning));
        let _ = writeln!(
            text,
            "{verdict}: {}, {}, {}",
            counted(checked, "document"),
            counted(errors, "error"),
            counted(warnings, "warning")
        );
        text
    }

    fn to_json(&self) -> Result<String, Failure> {
        let printed = Printed { sound: self.is_sound(), diagnostics: &self.0 };
        let text = serde_json::to_string_pretty(&printed);
        text.map(|text| text + "\n").map_err(|error| Failure::io("write", "the findings")(error.into()))
    }
}

impl Finding {
    fn severity(&self) -> Severity {
        match self {
            Self::File(problem) => problem.severity(),
            Self::Document(diagnostic) => diagnostic.severity,
        }
    }
}
