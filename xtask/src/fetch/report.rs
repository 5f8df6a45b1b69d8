//! The output of a fetch, as text or as JSON. Decides nothing about documents.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use generator::published::Identity;
use generator::{Diagnostic, Report};
use serde::Serialize;

use super::acceptance::Accepted;
use super::cross_check::{Compared, Row, UndescribedRow};
use super::journal::{Journal, SourceResult};
use super::previous::Previous;
use super::search::FoundDocument;
use super::store::{Form, State};
use crate::cli::FetchArgs;
use crate::download::is_invisible;
use crate::input::ClientVersions;
use crate::layout::{ApiVersion, Layout};
use crate::outcome::{Exit, Failure, Outcome, counted};

/// Number of added and of removed operations that are listed.
const LISTED: usize = 20;

/// Number of problems of documents that a failure lists.
const PROBLEMS: usize = 3;

/// The result of a successful run.
#[derive(Debug)]
pub(super) enum FetchResult {
    /// A document was received and accepted.
    Done(Box<Done>),
    /// The server has the document that is here.
    NotModified(Box<Previous>),
    /// One document for each version.
    EachVersion(Vec<Done>),
    /// Pages and snapshot were compared.
    Compared(Compared),
}

/// A document that was received and accepted.
#[derive(Debug)]
pub(super) struct Done {
    /// How it relates to the document that was there.
    pub(super) state: State,
    /// The document.
    pub(super) document: FoundDocument,
    /// SHA-256 of the canonical document.
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
    versions: Option<Vec<Version<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    differences: Option<Vec<Row>>,
    #[serde(rename = "notTold", skip_serializing_if = "Option::is_none")]
    undescribed: Option<Vec<UndescribedRow>>,
    tried: &'a [SourceResult],
    diagnostics: &'a [Diagnostic],
}

/// One of several versions.
#[derive(Debug, Serialize)]
struct Version<'a> {
    state: &'static str,
    written: bool,
    document: Document<'a>,
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

/// Builds the outcome of the command, without characters of the site that a terminal would obey.
pub(super) fn build_outcome(
    layout: &Layout,
    arguments: &FetchArgs,
    result: Result<FetchResult, Failure>,
    journal: &Journal,
) -> Result<Outcome, Failure> {
    let outcome = describe_result(layout, arguments, result, journal)?;
    Ok(Outcome { stdout: make_visible(&outcome.stdout), stderr: make_visible(&outcome.stderr), ..outcome })
}

fn make_visible(text: &str) -> String {
    let deceives = |character: char| character != '\n' && character.is_control() || is_invisible(character);
    text.chars().map(|character| if deceives(character) { char::REPLACEMENT_CHARACTER } else { character }).collect()
}

fn describe_result(
    layout: &Layout,
    arguments: &FetchArgs,
    result: Result<FetchResult, Failure>,
    journal: &Journal,
) -> Result<Outcome, Failure> {
    match result {
        Ok(result) if !arguments.json => Ok(render_text(layout, arguments, &result, journal)),
        Err(failure) if !arguments.json => {
            let (failure, others) = if arguments.verbose {
                (failure, Journal::default())
            } else {
                (name_few_problems(failure), journal.clone())
            };
            let each = journal.tried.iter().filter(|_| arguments.verbose).map(|tried| format!("note: {tried}\n"));
            let each: String = each.collect();
            let outcome = failure_outcome(failure, &others);
            Ok(Outcome { stderr: outcome.stderr + &each, ..outcome })
        }
        Ok(result) => {
            let exit = exit_of(&result);
            let stdout = to_json(&printed_result(arguments, &result, journal))?;
            Ok(Outcome { stdout, stderr: String::new(), exit })
        }
        Err(failure) => {
            let diagnostics = match &failure {
                Failure::Fetch { report: Some(report), .. } | Failure::Unsound(report) => report.diagnostics.clone(),
                Failure::Fetch { report: None, .. }
                | Failure::Input(_)
                | Failure::NoWorkspace { .. }
                | Failure::Busy { .. }
                | Failure::Io { .. } => Vec::new(),
            };
            let ended = failure_outcome(failure, &Journal::default());
            let error = Some(ended.stderr.trim_end().to_owned());
            let printed = Printed {
                state: "failed",
                error,
                tried: &journal.tried,
                diagnostics: &diagnostics,
                ..Printed::default()
            };
            Ok(Outcome { stdout: to_json(&printed)?, ..ended })
        }
    }
}

/// Builds the outcome of a plan that cannot be made.
pub(super) fn plan_failure(failure: Failure) -> Result<Outcome, Failure> {
    Ok(Outcome { exit: Exit::Fetch, ..failure.into_outcome() })
}

/// Builds the outcome of a failed run. Failures of the search already say what was received.
fn failure_outcome(failure: Failure, journal: &Journal) -> Outcome {
    let received = match &failure {
        Failure::Fetch { .. } => String::new(),
        Failure::Input(_)
        | Failure::Unsound(_)
        | Failure::NoWorkspace { .. }
        | Failure::Busy { .. }
        | Failure::Io { .. } => journal.tried.iter().map(|tried| format!("note: {tried}\n")).collect(),
    };
    let ended = failure.into_outcome();
    Outcome { stderr: received + &ended.stderr, exit: Exit::Fetch, ..ended }
}

/// Leaves out problems of documents that are said already, and all but the first few.
fn name_few_problems(failure: Failure) -> Failure {
    match failure {
        Failure::Fetch { message, report: Some(report) } => {
            let mut seen = BTreeSet::new();
            let is_new = |problem: &Diagnostic| seen.insert((problem.code.to_string(), problem.found.clone()));
            let mut problems: Vec<Diagnostic> = report.diagnostics.into_iter().filter(is_new).collect();
            let more = problems.split_off(problems.len().min(PROBLEMS)).len();
            let more =
                if more > 0 { format!("\nnote: {} not shown", counted(more, "more problem")) } else { String::new() };
            Failure::Fetch { message: message + &more, report: Some(Report { diagnostics: problems }) }
        }
        Failure::Fetch { report: None, .. }
        | Failure::Input(_)
        | Failure::Unsound(_)
        | Failure::NoWorkspace { .. }
        | Failure::Busy { .. }
        | Failure::Io { .. } => failure,
    }
}

fn to_json(printed: &Printed<'_>) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(printed);
    text.map(|text| text + "\n").map_err(|error| Failure::io("write", "the result")(error.into()))
}

fn exit_of(result: &FetchResult) -> Exit {
    match result {
        FetchResult::Compared(compared) if compared.differs() => Exit::Differs,
        FetchResult::Done(_) | FetchResult::EachVersion(_) | FetchResult::NotModified(_) | FetchResult::Compared(_) => {
            Exit::Done
        }
    }
}

fn printed_result<'a>(arguments: &FetchArgs, result: &'a FetchResult, journal: &'a Journal) -> Printed<'a> {
    let printed = Printed { tried: &journal.tried, ..Printed::default() };
    match result {
        FetchResult::NotModified(previous) => {
            Printed { state: state_name(State::Unchanged), document: describe_previous(previous, journal), ..printed }
        }
        FetchResult::Compared(compared) => Printed {
            state: "compared",
            differences: Some(compared.rows()),
            undescribed: Some(compared.undescribed_rows()),
            diagnostics: &compared.report.diagnostics,
            ..printed
        },
        FetchResult::EachVersion(all) => {
            let is_written = |done: &Done| done.state.needs_writing() && !arguments.dry_run;
            let version = |done: &'a Done| Version {
                state: state_name(done.state),
                written: is_written(done),
                document: describe_received(done),
            };
            let written = all.iter().any(is_written);
            let state = if written { "changed" } else { "unchanged" };
            Printed { state, written, versions: Some(all.iter().map(version).collect()), ..printed }
        }
        FetchResult::Done(done) => Printed {
            state: state_name(done.state),
            written: done.state.needs_writing() && !arguments.dry_run,
            document: Some(describe_received(done)),
            diagnostics: &done.document.warnings.diagnostics,
            ..printed
        },
    }
}

fn describe_received(done: &Done) -> Document<'_> {
    let Accepted { identity, version, version_source, previous, .. } = &done.document.accepted;
    let (added, removed) = changed_operations(identity, previous.identity.as_ref());
    Document {
        source: done.document.provenance.place.name(),
        api_version_known: version_source.to_string(),
        from_pages: done.document.provenance.form.is_pages(),
        operations_added: added,
        operations_removed: removed,
        ..describe(identity, version, done.sha256.clone())
    }
}

/// Describes the document that was here before.
fn describe_previous<'a>(previous: &'a Previous, journal: &Journal) -> Option<Document<'a>> {
    let (identity, lock) = (previous.identity.as_ref()?, previous.lock.as_ref()?);
    Some(Document {
        source: journal.tried.last().map(|tried| tried.source.clone()).unwrap_or_default(),
        api_version_known: "as the name of its folder".to_owned(),
        from_pages: lock.from_pages,
        ..describe(identity, &previous.version, lock.sha256.clone())
    })
}

fn describe<'a>(identity: &'a Identity, version: &'a ApiVersion, sha256: String) -> Document<'a> {
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

fn state_name(state: State) -> &'static str {
    match state {
        State::New => "new",
        State::Changed => "changed",
        State::Relocked => "relocked",
        State::Unchanged => "unchanged",
    }
}

/// Returns the operations that only the new and only the old document has; none for a first document.
fn changed_operations<'a>(identity: &'a Identity, previous: Option<&'a Identity>) -> (Vec<&'a str>, Vec<&'a str>) {
    let Some(previous) = previous else { return (Vec::new(), Vec::new()) };
    let only =
        |one: &'a BTreeSet<String>, other: &'a BTreeSet<String>| one.difference(other).map(String::as_str).collect();
    (only(&identity.operations, &previous.operations), only(&previous.operations, &identity.operations))
}

fn render_text(layout: &Layout, arguments: &FetchArgs, result: &FetchResult, journal: &Journal) -> Outcome {
    let mut stderr: String = journal.rejections().iter().map(|line| format!("note: {line}\n")).collect();
    let stdout = match result {
        FetchResult::NotModified(previous) => summarize_unmodified(previous, journal),
        FetchResult::Compared(compared) => {
            stderr.push_str(&render_warnings(&compared.report));
            compared.to_string()
        }
        FetchResult::Done(done) => {
            stderr.push_str(&render_warnings(&done.document.warnings));
            summarize(layout, arguments, done)
        }
        FetchResult::EachVersion(all) => {
            all.iter().for_each(|done| stderr.push_str(&render_warnings(&done.document.warnings)));
            all.iter().map(|done| summarize(layout, arguments, done)).collect()
        }
    };
    Outcome { stdout, stderr, exit: exit_of(result) }
}

fn render_warnings(report: &Report) -> String {
    report.diagnostics.iter().map(|diagnostic| format!("{diagnostic}\n")).collect()
}

fn summarize_unmodified(previous: &Previous, journal: &Journal) -> String {
    let source = journal.tried.last().map(|tried| tried.source.as_str()).unwrap_or_default();
    let holds = previous.identity.as_ref().map(count_contents).unwrap_or_default();
    format!("unchanged: {source} has what is here: {holds}\n")
}

fn count_contents(identity: &Identity) -> String {
    format!(
        "{}, {}, {}",
        counted(identity.operations.len(), "operation"),
        counted(identity.schemas, "schema"),
        counted(identity.webhooks, "webhook event")
    )
}

fn summarize(layout: &Layout, arguments: &FetchArgs, done: &Done) -> String {
    let Accepted { identity, version, version_source, previous, .. } = &done.document.accepted;
    let folder = layout.display(&layout.version(version));
    let what = match done.state {
        State::New => "new",
        State::Changed => "changed",
        State::Relocked => "the document is the same, its lock was renewed",
        State::Unchanged => "unchanged",
    };
    let tried = if arguments.dry_run { "dry run, nothing was written: " } else { "" };
    let mut text = format!("{tried}{what}: {folder} ({}): {}\n", identity.title, count_contents(identity));
    // Writing to a string cannot fail.
    let _ = writeln!(text, "  from {}, version {version}, {version_source}", done.document.provenance.place.name());
    match &done.document.provenance.form {
        Form::Whole => {}
        Form::Pages(tally) => {
            let _ = writeln!(text, "  merged from pages: {tally}");
        }
    }
    if identity.is_approximate {
        text.push_str("  approximate: reconstructed from prose; regen accepts it only with --allow-approximate\n");
    }
    let (added, removed) = changed_operations(identity, previous.identity.as_ref());
    for (marker, list) in [('+', added), ('-', removed)] {
        for operation in list.iter().take(LISTED) {
            let _ = writeln!(text, "  {marker} {operation}");
        }
        if list.len() > LISTED {
            let _ = writeln!(text, "  {marker} … and {} more", list.len() - LISTED);
        }
    }
    if done.state.needs_writing() && !arguments.dry_run {
        text.push_str(&next_step(layout, version));
    }
    text
}

/// Returns a hint about the next step. The profile decides which versions are generated; a fetch never changes that.
fn next_step(layout: &Layout, version: &ApiVersion) -> String {
    let profile = layout.display(&layout.profile());
    match ClientVersions::read(layout) {
        Ok(known) if known.all.contains(version) => "next: cargo xtask check, then cargo xtask regen\n".to_owned(),
        Ok(_) => {
            format!(
                "note: {profile} does not list {version}; with a table [versions.\"{version}\"], regen generates it\n"
            )
        }
        Err(_) => format!("note: {profile} names no API version yet; document.api_version there decides\n"),
    }
}
