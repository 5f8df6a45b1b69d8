//! What a fetch says at its end, as text or as JSON.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use generator::published::Identity;
use generator::{Diagnostic, Report};
use serde::Serialize;

use super::cross_check::Compared;
use super::journal::{Journal, Tried};
use super::judge::Judged;
use super::plan::Previous;
use super::store::{Form, Provenance, State};
use crate::cli::FetchArgs;
use crate::input::DocumentPolicy;
use crate::layout::{ApiVersion, Layout};
use crate::outcome::{Exit, Failure, Outcome, counted};

/// Operations that are listed by name, of each kind.
const LISTED: usize = 20;

/// How a run ended well.
#[derive(Debug)]
pub(super) enum Said {
    /// A document was received and judged.
    Done(Box<Done>),
    /// The server has what is here.
    NotModified(Box<Previous>),
    /// Pages and snapshot were compared.
    Compared(Compared),
}

/// A document that was received and judged.
#[derive(Debug)]
pub(super) struct Done {
    /// How it relates to what was there.
    pub(super) state: State,
    /// The document.
    pub(super) judged: Judged,
    /// Where it came from.
    pub(super) provenance: Provenance,
    /// What is doubtful about it.
    pub(super) warnings: Report,
    /// Of the canonical document.
    pub(super) sha256: String,
}

/// What `--json` prints.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Printed<'a> {
    state: &'static str,
    written: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    document: Option<Document<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<super::cross_check::Row>>,
    tried: &'a [Tried],
    diagnostics: &'a [Diagnostic],
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    title: &'a str,
    source: String,
    api_version: &'a str,
    api_version_known: String,
    sha256: &'a str,
    operations: usize,
    schemas: usize,
    webhooks: usize,
    from_pages: bool,
    approximate: bool,
    operations_added: Vec<&'a str>,
    operations_removed: Vec<&'a str>,
}

/// The end of the command.
pub(super) fn outcome(
    layout: &Layout,
    arguments: &FetchArgs,
    said: Result<Said, Failure>,
    journal: &Journal,
) -> Result<Outcome, Failure> {
    if !arguments.json {
        return said.map(|said| text(layout, arguments, &said, journal));
    }
    match said {
        Ok(said) => {
            let exit = exit(&said);
            let stdout = json(&printed(arguments, &said, journal))?;
            Ok(Outcome { stdout, stderr: String::new(), exit })
        }
        Err(failure) => {
            let diagnostics = match &failure {
                Failure::Fetch { report: Some(report), .. } | Failure::Unsound(report) => report.diagnostics.clone(),
                Failure::Fetch { report: None, .. } | Failure::Input(_) | Failure::Busy { .. } | Failure::Io { .. } => {
                    Vec::new()
                }
            };
            let ended = failure.into_outcome();
            let error = Some(ended.stderr.trim_end().to_owned());
            let printed = Printed {
                state: "failed",
                error,
                tried: &journal.tried,
                diagnostics: &diagnostics,
                ..Printed::default()
            };
            Ok(Outcome { stdout: json(&printed)?, ..ended })
        }
    }
}

fn json(printed: &Printed<'_>) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(printed);
    text.map(|text| text + "\n").map_err(|error| Failure::io("write", "the result")(error.into()))
}

fn exit(said: &Said) -> Exit {
    match said {
        Said::Compared(compared) if !compared.differences.is_empty() => Exit::Differs,
        Said::Done(_) | Said::NotModified(_) | Said::Compared(_) => Exit::Done,
    }
}

fn printed<'a>(arguments: &FetchArgs, said: &'a Said, journal: &'a Journal) -> Printed<'a> {
    let printed = Printed { tried: &journal.tried, ..Printed::default() };
    match said {
        Said::NotModified(_) => Printed { state: "unchanged", ..printed },
        Said::Compared(compared) => Printed {
            state: "compared",
            differences: Some(compared.rows()),
            diagnostics: &compared.report.diagnostics,
            ..printed
        },
        Said::Done(done) => {
            let Judged { identity, version, ground, previous, .. } = &done.judged;
            let (added, removed) = changes(identity, previous.identity.as_ref());
            let document = Document {
                title: &identity.title,
                source: done.provenance.place.name(),
                api_version: version.as_str(),
                api_version_known: ground.to_string(),
                sha256: &done.sha256,
                operations: identity.operations.len(),
                schemas: identity.schemas,
                webhooks: identity.webhooks,
                from_pages: done.provenance.form.is_pages(),
                approximate: identity.is_approximate,
                operations_added: added,
                operations_removed: removed,
            };
            Printed {
                state: name(done.state),
                written: done.state.needs_writing() && !arguments.dry_run,
                document: Some(document),
                diagnostics: &done.warnings.diagnostics,
                ..printed
            }
        }
    }
}

fn name(state: State) -> &'static str {
    match state {
        State::New => "new",
        State::Changed => "changed",
        State::Relocked => "relocked",
        State::Unchanged => "unchanged",
    }
}

/// Operations that only the new and only the old document has. A first document has no news.
fn changes<'a>(identity: &'a Identity, previous: Option<&'a Identity>) -> (Vec<&'a str>, Vec<&'a str>) {
    let Some(previous) = previous else { return (Vec::new(), Vec::new()) };
    let only =
        |one: &'a BTreeSet<String>, other: &'a BTreeSet<String>| one.difference(other).map(String::as_str).collect();
    (only(&identity.operations, &previous.operations), only(&previous.operations, &identity.operations))
}

fn text(layout: &Layout, arguments: &FetchArgs, said: &Said, journal: &Journal) -> Outcome {
    let mut stderr: String = journal.refusals().iter().map(|line| format!("note: {line}\n")).collect();
    let stdout = match said {
        Said::NotModified(previous) => unmodified(previous, journal),
        Said::Compared(compared) => {
            stderr.push_str(&warnings(&compared.report));
            compared.to_string()
        }
        Said::Done(done) => {
            stderr.push_str(&warnings(&done.warnings));
            told(layout, arguments, done)
        }
    };
    Outcome { stdout, stderr, exit: exit(said) }
}

fn warnings(report: &Report) -> String {
    report.diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

fn unmodified(previous: &Previous, journal: &Journal) -> String {
    let source = journal.tried.last().map(|tried| tried.source.as_str()).unwrap_or_default();
    let holds = previous.identity.as_ref().map(counts).unwrap_or_default();
    format!("unchanged: {source} has what is here: {holds}\n")
}

fn counts(identity: &Identity) -> String {
    format!(
        "{}, {}, {}",
        counted(identity.operations.len(), "operation"),
        counted(identity.schemas, "schema"),
        counted(identity.webhooks, "webhook event")
    )
}

fn told(layout: &Layout, arguments: &FetchArgs, done: &Done) -> String {
    let Judged { identity, version, ground, previous, .. } = &done.judged;
    let folder = layout.display(&layout.version(version));
    let what = match done.state {
        State::New => "new",
        State::Changed => "changed",
        State::Relocked => "the document is the same, its lock was renewed",
        State::Unchanged => "unchanged",
    };
    let tried = if arguments.dry_run { "dry run, nothing was written: " } else { "" };
    let mut text = format!("{tried}{what}: {folder} ({}): {}\n", identity.title, counts(identity));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  from {}, version {version}, {ground}", done.provenance.place.name());
    match &done.provenance.form {
        Form::Whole => {}
        Form::Pages(tally) => {
            let _ = writeln!(text, "  put together from pages: {tally}");
        }
    }
    if identity.is_approximate {
        text.push_str("  approximate: rebuilt from prose; regen takes it with --allow-approximate only\n");
    }
    let (added, removed) = changes(identity, previous.identity.as_ref());
    for (sign, list) in [('+', added), ('-', removed)] {
        for operation in list.iter().take(LISTED) {
            let _ = writeln!(text, "  {sign} {operation}");
        }
        if list.len() > LISTED {
            let _ = writeln!(text, "  {sign} … and {} more", list.len() - LISTED);
        }
    }
    if done.state.needs_writing() && !arguments.dry_run {
        text.push_str(&next_step(layout, version));
    }
    text
}

/// The profile decides which version the client is made for; a fetch never changes that.
fn next_step(layout: &Layout, version: &ApiVersion) -> String {
    let current = DocumentPolicy::read(layout).and_then(|policy| policy.api_version(layout)).ok();
    let profile = layout.display(&layout.profile());
    match current {
        Some(current) if current == *version => "next: cargo xtask check, then cargo xtask regen\n".to_owned(),
        Some(current) => {
            format!("note: {profile} stays at {current}; document.api_version there decides\n")
        }
        None => format!("note: {profile} names no API version yet; document.api_version there decides\n"),
    }
}
