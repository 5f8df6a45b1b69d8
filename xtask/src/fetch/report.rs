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

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Document<'a> {
    title: &'a str,
    source: String,
    api_version: &'a str,
    api_version_known: String,
    sha256: String,
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
    match said {
        Ok(said) if !arguments.json => Ok(text(layout, arguments, &said, journal)),
        Err(failure) if !arguments.json => Ok(ended(failure, journal)),
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
            let ended = ended(failure, &Journal::default());
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

/// Whatever stood in the way, nothing was taken over. Most failures say themselves what was received.
fn ended(failure: Failure, journal: &Journal) -> Outcome {
    let received = match &failure {
        Failure::Fetch { .. } => String::new(),
        Failure::Input(_) | Failure::Unsound(_) | Failure::Busy { .. } | Failure::Io { .. } => {
            journal.tried.iter().map(|tried| format!("note: {tried}\n")).collect()
        }
    };
    let ended = failure.into_outcome();
    Outcome { stderr: received + &ended.stderr, exit: Exit::Fetch, ..ended }
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
        Said::NotModified(previous) => {
            Printed { state: name(State::Unchanged), document: kept(previous, journal), ..printed }
        }
        Said::Compared(compared) => Printed {
            state: "compared",
            differences: Some(compared.rows()),
            diagnostics: &compared.report.diagnostics,
            ..printed
        },
        Said::Done(done) => Printed {
            state: name(done.state),
            written: done.state.needs_writing() && !arguments.dry_run,
            document: Some(received(done)),
            diagnostics: &done.warnings.diagnostics,
            ..printed
        },
    }
}

fn received(done: &Done) -> Document<'_> {
    let Judged { identity, version, ground, previous, .. } = &done.judged;
    let (added, removed) = changes(identity, previous.identity.as_ref());
    Document {
        source: done.provenance.place.name(),
        api_version_known: ground.to_string(),
        from_pages: done.provenance.form.is_pages(),
        operations_added: added,
        operations_removed: removed,
        ..described(identity, version, done.sha256.clone())
    }
}

/// The document that was here before.
fn kept<'a>(previous: &'a Previous, journal: &Journal) -> Option<Document<'a>> {
    let (identity, lock) = (previous.identity.as_ref()?, previous.lock.as_ref()?);
    Some(Document {
        source: journal.tried.last().map(|tried| tried.source.clone()).unwrap_or_default(),
        api_version_known: "as its folder says".to_owned(),
        from_pages: lock.from_pages,
        ..described(identity, &previous.version, lock.sha256.clone())
    })
}

fn described<'a>(identity: &'a Identity, version: &'a ApiVersion, sha256: String) -> Document<'a> {
    Document {
        title: &identity.title,
        api_version: version.as_str(),
        sha256,
        operations: identity.operations.len(),
        schemas: identity.schemas,
        webhooks: identity.webhooks,
        approximate: identity.is_approximate,
        ..Document::default()
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
