//! `fetch --cross-check`: compares the published pages with the snapshot, and reports what either lacks, what they describe
//! differently, and what the pages do not describe. Writes nothing.

use std::fmt;

use generator::Report;
use generator::published::{
    Comparison, ComparisonPolicy, Content, Difference, Kind, Merged, Subject, Tally, Undescribed, compare_documents,
    detect_content, read_inventory,
};
use serde::Serialize;

use super::journal::SourceResult;
use super::page_gathering::Gathered;
use super::plan::{Expected, Source};
use super::search::Search;
use crate::download::{Download, Received};
use crate::input;
use crate::layout::{ApiVersion, DOCUMENT};
use crate::outcome::{Failure, Problem, ProblemCode, counted};

/// Number of operations that are listed as not described.
const LISTED: usize = 20;

/// The result of the comparison.
#[derive(Debug)]
pub(super) struct Compared {
    /// Name of the pages.
    source: String,
    /// Name of the snapshot.
    snapshot: String,
    /// What the pages contained.
    tally: Tally,
    /// What was found.
    found: Comparison,
    /// Warnings about the pages.
    pub(super) report: Report,
}

/// A difference as `--json` prints it.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    lacking: Option<&'static str>,
    operation: String,
    what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    aspect: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pages: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snapshot: Option<String>,
}

/// What the pages do not describe, as `--json` prints it.
#[derive(Debug, Serialize)]
pub(super) struct UndescribedRow {
    operation: String,
    parts: Vec<&'static str>,
}

impl Compared {
    /// Returns the differences for `--json`.
    pub(super) fn rows(&self) -> Vec<Row> {
        self.found.differences.iter().map(row).collect()
    }

    /// Returns what the pages do not describe, for `--json`.
    pub(super) fn undescribed_rows(&self) -> Vec<UndescribedRow> {
        let row = |open: &Undescribed| UndescribedRow { operation: open.operation.clone(), parts: open.parts.clone() };
        self.found.undescribed.iter().map(row).collect()
    }

    /// Returns whether pages and snapshot differ in anything that both describe.
    pub(super) fn differs(&self) -> bool {
        !self.found.differences.is_empty()
    }

    fn of_kind(&self, group: Group) -> Vec<&Difference> {
        self.found.differences.iter().filter(|difference| Group::of(&difference.kind) == group).collect()
    }
}

/// How differences are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    MissingInSnapshot,
    MissingInPages,
    Different,
}

impl Group {
    fn of(kind: &Kind) -> Self {
        match kind {
            Kind::MissingInSnapshot => Self::MissingInSnapshot,
            Kind::MissingInPages => Self::MissingInPages,
            Kind::Different { .. } => Self::Different,
        }
    }
}

fn row(difference: &Difference) -> Row {
    let (kind, lacking) = match difference.kind {
        Kind::MissingInSnapshot => ("missing-in-snapshot", Some("snapshot")),
        Kind::MissingInPages => ("missing-in-pages", Some("pages")),
        Kind::Different { .. } => ("described-differently", None),
    };
    let row = Row {
        kind,
        lacking,
        operation: difference.operation.clone(),
        what: difference.subject.to_string(),
        aspect: None,
        pages: None,
        snapshot: None,
    };
    match &difference.kind {
        Kind::MissingInSnapshot | Kind::MissingInPages => row,
        Kind::Different { aspect, pages, snapshot } => Row {
            aspect: Some(aspect.to_string()),
            pages: Some(pages.clone()),
            snapshot: Some(snapshot.clone()),
            ..row
        },
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "{}: {}", self.source, self.tally)?;
        let groups = [
            (Group::MissingInSnapshot, format!("missing in the snapshot, {}", self.snapshot)),
            (Group::MissingInPages, "missing in the pages".to_owned()),
            (Group::Different, "told differently".to_owned()),
        ];
        for (group, title) in groups {
            let found = self.of_kind(group);
            if found.is_empty() {
                continue;
            }
            writeln!(formatter, "\n{title}:")?;
            let mut last = "";
            for Difference { operation, subject, kind, .. } in found {
                if operation != last {
                    writeln!(formatter, "  {operation}")?;
                    last = operation;
                }
                match kind {
                    Kind::Different { aspect, pages, snapshot } => {
                        writeln!(
                            formatter,
                            "    {subject}: {aspect}: {pages} in the pages, {snapshot} in the snapshot"
                        )?;
                    }
                    Kind::MissingInSnapshot | Kind::MissingInPages if *subject != Subject::Whole => {
                        writeln!(formatter, "    {subject}")?;
                    }
                    Kind::MissingInSnapshot | Kind::MissingInPages => {}
                }
            }
        }
        self.write_undescribed(formatter)?;
        let count = |group| counted(self.of_kind(group).len(), "thing");
        writeln!(
            formatter,
            "\n{} in the pages only, {} in {} only, {} told differently, {} not told in full",
            count(Group::MissingInSnapshot),
            count(Group::MissingInPages),
            self.snapshot,
            count(Group::Different),
            counted(self.found.undescribed.len(), "operation")
        )
    }
}

impl Compared {
    fn write_undescribed(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let open = &self.found.undescribed;
        if open.is_empty() {
            return Ok(());
        }
        writeln!(formatter, "\nnot told by the pages, so not compared:")?;
        for Undescribed { operation, parts, .. } in open.iter().take(LISTED) {
            writeln!(formatter, "  {operation}: {}", parts.join(", "))?;
        }
        if open.len() > LISTED {
            writeln!(formatter, "  … and {} more, which --json lists", open.len() - LISTED)?;
        }
        Ok(())
    }
}

/// Compares the pages of the first source that has some with the snapshot.
pub(super) fn compare_pages(search: &mut Search<'_>) -> Result<Compared, Failure> {
    let layout = search.layout;
    let Some(version) = search.plan.wanted.clone() else {
        let profile = layout.display(&layout.profile());
        let problem = Problem::new(ProblemCode::ProfileIncomplete, profile, "no version to compare with");
        return Err(Failure::Input(problem.help("name it with --api-version, or in document.api_version")));
    };
    let path = layout.version(&version).join(DOCUMENT);
    let snapshot = generator::source::read_document(&input::bytes(layout, &path)?, &layout.display(&path));
    let snapshot = snapshot.map_err(Failure::Unsound)?.value;
    while let Some(source) = search.plan.sources.pop_front() {
        let limits = search.plan.limits.clone();
        let (received, attempts) = match search.receive(&source, &limits) {
            Some((Download::Received(received), attempts)) => (received, attempts),
            Some((Download::NotModified, _)) | None => continue,
        };
        let result = SourceResult::of(&source, attempts, Some(received.summary.clone()));
        let Some((merged, gathered)) = read_source(search, &source, &received, &version, result) else { continue };
        let headers = search.plan.profile.headers.iter();
        let ignored_headers: Vec<&str> = headers.map(|header| header.name.as_str()).collect();
        let webhooks = search.plan.profile.webhooks.as_ref();
        let event_property = webhooks.map_or("", |webhooks| webhooks.type_property.as_str());
        let policy = ComparisonPolicy { ignored_headers: &ignored_headers, event_property };
        let mut found = compare_documents(&merged.document, &snapshot, policy);
        if gathered.is_some_and(|gathered| !gathered.missing.is_empty()) {
            // What a page that was not received would have said is unknown.
            found
                .differences
                .retain(|difference| difference.kind != Kind::MissingInPages || difference.subject != Subject::Whole);
        }
        let (source, snapshot) = (source.place.name(), layout.display(&path));
        return Ok(Compared { source, snapshot, tally: merged.tally, found, report: merged.report });
    }
    Err(search.journal.failure())
}

/// Reads the pages of a source, or of the index there; the journal records the result.
fn read_source(
    search: &mut Search<'_>,
    source: &Source,
    received: &Received,
    version: &ApiVersion,
    result: SourceResult,
) -> Option<(Merged, Option<Gathered>)> {
    let summary = received.summary.clone();
    let is_index = source.expected == Expected::PageIndex && detect_content(&received.bytes) == Content::Index;
    let gathered = if is_index {
        match search.gather_pages(source, received) {
            Ok(gathered) => Some(gathered),
            Err(reason) => {
                search.journal.record_rejected(result, format!("{reason}; received {summary}"));
                return None;
            }
        }
    } else {
        None
    };
    let text = match &gathered {
        Some(gathered) => gathered.text.clone(),
        None => String::from_utf8_lossy(&received.bytes).into_owned(),
    };
    match read_inventory(&text, &source.place.name(), Some(version.as_str())) {
        Ok(merged) => {
            if let Some(missing) = gathered.as_ref().and_then(Gathered::describe_missing) {
                let note = format!("{missing}; whether the pages lack operations is not reported");
                search.journal.record_rejected(result, note);
            } else {
                search.journal.record_accepted(result);
            }
            Some((merged, gathered))
        }
        Err(none) => {
            let reason = format!("the pages make up no document; received {summary}");
            search.journal.record_rejected(result, reason);
            search.journal.report.extend(none.report);
            None
        }
    }
}
