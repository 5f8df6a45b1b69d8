//! `fetch --cross-check`: compares the published pages with the snapshot, and reports what either lacks. Writes nothing.

use std::fmt;

use generator::Report;
use generator::published::{Difference, Lacking, Subject, Tally, compare_documents, merge_pages};
use serde::Serialize;

use super::journal::SourceResult;
use super::search::Search;
use crate::download::Download;
use crate::input;
use crate::layout::DOCUMENT;
use crate::outcome::{Failure, Problem, ProblemCode, counted};

/// The result of the comparison.
#[derive(Debug)]
pub(super) struct Compared {
    /// Name of the pages.
    source: String,
    /// Name of the snapshot.
    snapshot: String,
    /// What the pages contained.
    tally: Tally,
    /// What either side lacks.
    pub(super) differences: Vec<Difference>,
    /// Warnings about the pages.
    pub(super) report: Report,
}

/// A difference as `--json` prints it.
#[derive(Debug, Serialize)]
pub(super) struct Row {
    lacking: &'static str,
    operation: String,
    what: String,
}

impl Compared {
    /// Returns the differences for `--json`.
    pub(super) fn rows(&self) -> Vec<Row> {
        let row = |difference: &Difference| Row {
            lacking: side(difference.lacking),
            operation: difference.operation.clone(),
            what: difference.subject.to_string(),
        };
        self.differences.iter().map(row).collect()
    }
}

fn side(lacking: Lacking) -> &'static str {
    match lacking {
        Lacking::Pages => "pages",
        Lacking::Snapshot => "snapshot",
    }
}

impl fmt::Display for Compared {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = |lacking| self.differences.iter().filter(|difference| difference.lacking == lacking).count();
        writeln!(formatter, "{}: {}", self.source, self.tally)?;
        for (lacking, title) in [(Lacking::Snapshot, self.snapshot.as_str()), (Lacking::Pages, "the pages")] {
            if count(lacking) == 0 {
                continue;
            }
            writeln!(formatter, "\nnot in {title}:")?;
            let mut last = "";
            for difference in self.differences.iter().filter(|difference| difference.lacking == lacking) {
                if difference.operation != last {
                    writeln!(formatter, "  {}", difference.operation)?;
                    last = &difference.operation;
                }
                if difference.subject != Subject::Whole {
                    writeln!(formatter, "    {}", difference.subject)?;
                }
            }
        }
        let (pages, snapshot) = (count(Lacking::Snapshot), count(Lacking::Pages));
        writeln!(
            formatter,
            "\n{} in the pages only, {} in {} only",
            counted(pages, "thing"),
            counted(snapshot, "thing"),
            self.snapshot
        )
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
        let name = source.place.name();
        let limits = search.plan.limits.clone();
        let (received, attempts) = match search.receive(&source, &limits) {
            Some((Download::Received(received), attempts)) => (received, attempts),
            Some((Download::NotModified, _)) | None => continue,
        };
        let text = String::from_utf8_lossy(&received.bytes);
        match merge_pages(&text, &name, Some(version.as_str())) {
            Ok(merged) => {
                search.journal.record_accepted(SourceResult::of(&source, attempts, Some(received.summary)));
                let headers = search.plan.profile.headers.iter();
                let ignored: Vec<&str> = headers.map(|header| header.name.as_str()).collect();
                return Ok(Compared {
                    source: name,
                    snapshot: layout.display(&path),
                    tally: merged.tally,
                    differences: compare_documents(&merged.document, &snapshot, &ignored),
                    report: merged.report,
                });
            }
            Err(none) => {
                let reason = format!("the pages make up no document; received {}", received.summary);
                let result = SourceResult::of(&source, attempts, Some(received.summary));
                search.journal.record_rejected(result, reason);
                search.journal.report.extend(none.report);
            }
        }
    }
    Err(search.journal.failure())
}
