//! `fetch`: stores the published document with a lock. What makes a document readable, canonical and sound, and how pages are merged
//! into one, is the generator's concern.

mod acceptance;
mod cross_check;
mod journal;
#[cfg(test)]
mod kill_tests;
mod plan;
mod report;
mod search;
mod store;
mod version;

pub(crate) use self::store::recover;

use self::acceptance::Caution;
use self::journal::Journal;
use self::plan::Plan;
use self::report::{Done, FetchResult};
use self::search::{Found, Search};
use crate::cli::FetchArgs;
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome};

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &FetchArgs) -> Result<Outcome, Failure> {
    let mut journal = Journal::default();
    let result = Plan::of(layout, arguments).and_then(|plan| take_over(layout, arguments, plan, &mut journal));
    report::build_outcome(layout, arguments, result, &journal)
}

fn take_over(
    layout: &Layout,
    arguments: &FetchArgs,
    plan: Plan,
    journal: &mut Journal,
) -> Result<FetchResult, Failure> {
    if let (Some(version), false) = (&plan.wanted, arguments.dry_run) {
        recover(layout, version)?;
    }
    let caution = if arguments.force { Caution::Forced } else { Caution::Careful };
    let mut search = Search::new(layout, plan, caution, journal);
    if arguments.cross_check {
        return cross_check::compare_pages(&mut search).map(FetchResult::Compared);
    }
    match search.run()? {
        Found::NotModified(previous) => Ok(FetchResult::NotModified(previous)),
        Found::Document(document) => {
            let lock = store::lock_of(&document.accepted, &document.provenance);
            let state = store::state_of(&document.accepted, &lock, caution);
            if state.needs_writing() && !arguments.dry_run {
                store::write(layout, &document.accepted, &lock)?;
            }
            Ok(FetchResult::Done(Box::new(Done { state, document: *document, sha256: lock.sha256 })))
        }
    }
}
