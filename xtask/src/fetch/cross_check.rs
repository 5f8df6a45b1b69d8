//! `fetch --cross-check`: what the published pages and the snapshot know that the other does not. Writes nothing.

use std::fmt;

use generator::Report;
use generator::published::{Difference, Lacking, Subject, Tally, compare_documents, merge_pages};
use serde::Serialize;

use super::journal::Journal;
use super::plan::Plan;
use super::receive;
use crate::download::Download;
use crate::input;
use crate::layout::{DOCUMENT, Layout};
use crate::outcome::{Failure, Problem, ProblemCode, counted};

/// What came of the comparison.
#[derive(Debug)]
pub(super) struct Compared {
    /// The pages.
    source: String,
    /// The snapshot.
    snapshot: String,
    /// What was in the pages.
    tally: Tally,
    /// What either side lacks.
    pub(super) differences: Vec<Difference>,
    /// What is doubtful about the pages.
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
    /// The differences for a program.
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
pub(super) fn compare_pages(layout: &Layout, mut plan: Plan, journal: &mut Journal) -> Result<Compared, Failure> {
    let Some(version) = plan.wanted.clone() else {
        let problem = Problem::new(
            ProblemCode::ProfileIncomplete,
            layout.display(&layout.profile()),
            "no version to compare with",
        );
        return Err(Failure::Input(problem.help("name it with --api-version, or in document.api_version")));
    };
    let path = layout.version(&version).join(DOCUMENT);
    let snapshot = generator::source::read_document(&input::bytes(layout, &path)?, &layout.display(&path));
    let snapshot = snapshot.map_err(Failure::Unsound)?.value;
    let ignored: Vec<&str> = plan.profile.headers.iter().map(|header| header.name.as_str()).collect();
    while let Some(source) = plan.sources.pop_front() {
        let name = source.place.name();
        let (received, attempts) = match receive(&source, &plan, None, journal) {
            Some((Download::Received(received), attempts)) => (received, attempts),
            Some((Download::NotModified, _)) | None => continue,
        };
        let text = String::from_utf8_lossy(&received.bytes);
        match merge_pages(&text, &name, Some(version.as_str())) {
            Ok(merged) => {
                journal.record_accepted(&name, attempts, Some(received.summary));
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
                journal.record_rejected(&name, attempts, Some(received.summary), reason);
                journal.report.extend(none.report);
            }
        }
    }
    Err(journal.failure())
}
