//! `fetch`: stores the published document with a lock. What makes a document readable, canonical and sound, and how pages are merged
//! into one, is the generator's concern.

mod acceptance;
mod allowance;
mod candidates;
mod conventions;
mod cross_check;
mod explain;
mod journal;
#[cfg(test)]
mod kill_tests;
mod opening;
mod page_gathering;
mod page_store;
mod plan;
mod previous;
mod reach;
mod report;
mod search;
mod store;
mod version;

pub(crate) use self::store::recover;

use self::acceptance::Caution;
use self::journal::Journal;
use self::plan::Plan;
use self::report::{Done, FetchResult};
use self::search::{Found, FoundDocument, Search};
use crate::cli::FetchArgs;
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome};

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &FetchArgs) -> Result<Outcome, Failure> {
    let mut journal = Journal::default();
    let plan = Plan::of(layout, arguments);
    if arguments.explain {
        return plan.and_then(|plan| explain::describe_plan(layout, &plan, arguments)).or_else(report::plan_failure);
    }
    let result = plan.and_then(|plan| take_over(layout, arguments, plan, &mut journal));
    report::build_outcome(layout, arguments, result, &journal)
}

fn take_over(
    layout: &Layout,
    arguments: &FetchArgs,
    plan: Plan,
    journal: &mut Journal,
) -> Result<FetchResult, Failure> {
    match (&plan.wanted, arguments.dry_run || arguments.cross_check) {
        (Some(version), false) => recover(layout, version)?,
        (None, false) => store::recover_all(layout)?,
        (Some(_) | None, true) => {}
    }
    let caution = if arguments.force { Caution::Forced } else { Caution::Careful };
    let mut search = Search::new(layout, plan, caution, journal)?;
    if arguments.cross_check {
        return cross_check::compare_pages(&mut search).map(FetchResult::Compared);
    }
    let adopt = |document| adopt(layout, arguments, caution, document);
    match search.run()? {
        Found::NotModified(previous) => Ok(FetchResult::NotModified(previous)),
        Found::Document(document) => adopt(*document).map(|done| FetchResult::Done(Box::new(done))),
        Found::EachVersion(documents) => {
            documents.into_iter().map(adopt).collect::<Result<Vec<_>, _>>().map(FetchResult::EachVersion)
        }
    }
}

/// Writes a document, if that is needed and wanted.
fn adopt(layout: &Layout, arguments: &FetchArgs, caution: Caution, document: FoundDocument) -> Result<Done, Failure> {
    let lock = store::lock_of(&document.accepted, &document.provenance);
    let state = store::state_of(&document.accepted, &lock, caution);
    if state.needs_writing() && !arguments.dry_run {
        store::write(layout, &document.accepted, &lock)?;
    }
    Ok(Done { state, document, sha256: lock.sha256 })
}
