//! `fetch`: takes over the published document with a lock. What makes a document readable, canonical and sound, and how pages
//! make up one, is the generator's business.

mod acceptance;
mod cross_check;
mod journal;
#[cfg(test)]
mod kill_tests;
mod plan;
mod report;
mod store;
mod version;

use generator::Report;
use generator::published::{Content, Merged, detect_content, merge_pages, read_index, version_in_url};

pub(crate) use self::store::recover;

use self::acceptance::{Accepted, Candidate, Caution, Rejected, accept};
use self::journal::Journal;
use self::plan::{Expected, Place, Plan, Previous, Source};
use self::report::{Done, FetchResult};
use self::store::{Form, Provenance};
use crate::cli::FetchArgs;
use crate::download::{self, Download, Limits, Received, Request, WallClock, resolve};
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome};

/// Indexes that are followed on the way to a document: that of the site, that of a version.
const HOPS: usize = 2;

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &FetchArgs) -> Result<Outcome, Failure> {
    let mut journal = Journal::default();
    let result = take_over(layout, arguments, &mut journal);
    report::build_outcome(layout, arguments, result, &journal)
}

fn take_over(layout: &Layout, arguments: &FetchArgs, journal: &mut Journal) -> Result<FetchResult, Failure> {
    let plan = Plan::of(layout, arguments)?;
    if let (Some(version), false) = (&plan.wanted, arguments.dry_run) {
        recover(layout, version)?;
    }
    if arguments.cross_check {
        return cross_check::compare_pages(layout, plan, journal).map(FetchResult::Compared);
    }
    let caution = if arguments.force { Caution::Forced } else { Caution::Careful };
    let found = match search(layout, plan, caution, journal)? {
        Search::Found(found) => found,
        Search::NotModified(previous) => return Ok(FetchResult::NotModified(previous)),
    };
    let Found { accepted, provenance, warnings } = *found;
    let lock = store::lock_of(&accepted, &provenance);
    let state = store::state_of(&accepted, &lock, caution);
    if state.needs_writing() && !arguments.dry_run {
        store::write(layout, &accepted, &lock)?;
    }
    Ok(FetchResult::Done(Box::new(Done { state, accepted, provenance, warnings, sha256: lock.sha256 })))
}

/// A document that may be taken over.
#[derive(Debug)]
struct Found {
    accepted: Accepted,
    provenance: Provenance,
    /// What the pages were found to lack, and corrections that have become needless.
    warnings: Report,
}

/// How the search ended.
#[derive(Debug)]
enum Search {
    /// With a document.
    Found(Box<Found>),
    /// The server says that the document here is the one that it has.
    NotModified(Box<Previous>),
}

/// Looks at one source after the other.
fn search(layout: &Layout, mut plan: Plan, caution: Caution, journal: &mut Journal) -> Result<Search, Failure> {
    let header = plan.profile.document.version_header.clone();
    let previous =
        plan.wanted.as_ref().map(|version| Previous::read(layout, version, header.as_deref())).transpose()?;
    while let Some(source) = plan.sources.pop_front() {
        let name = source.place.name();
        if journal.knows(&name) {
            continue;
        }
        let known = previous.as_ref().filter(|_| caution == Caution::Careful);
        let Some((answer, attempts)) = receive(&source, &plan, known, journal) else { continue };
        let received = match answer {
            Download::Received(received) => received,
            Download::NotModified => {
                journal.record_accepted(&name, attempts, None);
                let unasked = || Failure::fetch(format!("{name}: 304 Not Modified, though no state of it is known"));
                return previous.map(|previous| Search::NotModified(Box::new(previous))).ok_or_else(unasked);
            }
        };
        let summary = received.summary.clone();
        match open_response(layout, &mut plan, caution, &source, received) {
            Ok(Opened::Document(found)) => {
                journal.record_accepted(&name, attempts, Some(summary));
                return Ok(Search::Found(found));
            }
            Ok(Opened::Index(documents)) => {
                journal.record_rejected(
                    &name,
                    attempts,
                    Some(summary),
                    format!("an index, which names {}", documents.join(", ")),
                );
            }
            Err(Rejected::Unusable { reason, report }) => {
                let reason = format!("{reason}; received {summary}");
                journal.record_rejected(&name, attempts, Some(summary), reason);
                journal.report.extend(report);
            }
            Err(Rejected::Doubtful(reason)) => {
                let reason = format!("{reason}; received {summary}");
                journal.record_rejected(&name, attempts, Some(summary), reason);
                break;
            }
            Err(Rejected::Failed(failure)) => return Err(failure),
        }
    }
    Err(journal.failure())
}

/// Asks a source; why nothing came is written down.
fn receive(source: &Source, plan: &Plan, known: Option<&Previous>, journal: &mut Journal) -> Option<(Download, u32)> {
    let result = match &source.place {
        Place::File(file) => download::file(file, &plan.limits).map(|received| (Download::Received(received), 1)),
        Place::Url(url) => {
            let state = known.and_then(|previous| previous.state_at(url));
            // Patience with a host that is not there ends with its first URL.
            let attempts = if journal.is_unreachable(url) { 1 } else { plan.limits.attempts };
            let limits = Limits { attempts, ..plan.limits.clone() };
            download::get(Request { url, known: state.as_ref() }, &limits, &mut WallClock)
        }
    };
    result
        .map_err(|rejection| {
            journal.record_rejected(&source.place.name(), rejection.attempts, rejection.summary, rejection.reason)
        })
        .ok()
}

/// What was in an answer.
#[derive(Debug)]
enum Opened {
    /// A document that may be taken over.
    Document(Box<Found>),
    /// The way to other sources, which come next.
    Index(Vec<String>),
}

/// Looks into what was received.
fn open_response(
    layout: &Layout,
    plan: &mut Plan,
    caution: Caution,
    source: &Source,
    received: Received,
) -> Result<Opened, Rejected> {
    let name = source.place.name();
    let unusable = |reason: String| Rejected::Unusable { reason, report: Report::default() };
    let content = detect_content(&received.bytes);
    match (content, source.expected) {
        (Content::Document, Expected::Anything | Expected::Document | Expected::Index) => {
            let candidate = Candidate { bytes: &received.bytes, name: &name, url: address_of(source, &received) };
            let accepted = accept(layout, plan, caution, candidate)?;
            Ok(Opened::Document(build_found(accepted, source, &received, Form::Whole, Report::default())))
        }
        (Content::Index, Expected::Anything | Expected::Document | Expected::Index) => {
            follow_index(plan, source, &received).map(Opened::Index).map_err(unusable)
        }
        (Content::Pages, Expected::Anything | Expected::Pages) => {
            let merged = merge_received(plan, &name, &received)?;
            let bytes = merged.document.to_string().into_bytes();
            let candidate = Candidate { bytes: &bytes, name: &name, url: address_of(source, &received) };
            let accepted = accept(layout, plan, caution, candidate)?;
            Ok(Opened::Document(build_found(
                accepted,
                source,
                &received,
                Form::Pages(Box::new(merged.tally)),
                merged.report,
            )))
        }
        (Content::Document | Content::Index, Expected::Pages)
        | (Content::Pages, Expected::Document | Expected::Index)
        | (Content::Html | Content::Empty | Content::Text | Content::Binary, _) => {
            Err(unusable(format!("this is {} and not {}", content.describe(), source.expected.describe())))
        }
    }
}

/// Where a document is served: after redirects, unless only what was asked for says the version.
fn address_of<'a>(source: &'a Source, received: &'a Received) -> &'a str {
    match &source.place {
        Place::Url(asked) if version_in_url(&received.url).is_none() && version_in_url(asked).is_some() => asked,
        Place::Url(_) | Place::File(_) => &received.url,
    }
}

fn build_found(
    accepted: Accepted,
    source: &Source,
    received: &Received,
    form: Form,
    mut warnings: Report,
) -> Box<Found> {
    warnings.extend(accepted.report.clone());
    let provenance = Provenance { place: source.place.clone(), served: received.state.clone(), form };
    Box::new(Found { accepted, provenance, warnings })
}

/// Puts what an index names at the front of the sources.
fn follow_index(plan: &mut Plan, source: &Source, received: &Received) -> Result<Vec<String>, String> {
    let index = read_index(&String::from_utf8_lossy(&received.bytes));
    if received.url.is_empty() {
        let urls: Vec<&str> =
            index.documents.iter().chain(index.versions.iter().map(|index| &index.url)).map(String::as_str).collect();
        return Err(format!("this is an index, which is not followed from a file; it names {}", urls.join(", ")));
    }
    if source.hops >= HOPS {
        return Err("this is an index, which is not followed any further".to_owned());
    }
    let next = |url: &str, expected| Source {
        place: Place::Url(resolve(&received.url, url)),
        expected,
        hops: source.hops + 1,
    };
    let version = plan.wanted.as_ref().map(|version| version.as_str());
    let documents = index.documents.iter().map(|url| next(url, Expected::Document));
    let other = index.of_other_version(version).map(|version| next(&version.url, Expected::Index));
    let mut sources: Vec<Source> = other.into_iter().chain(documents).collect();
    if sources.is_empty() {
        sources.extend(index.of_version(version).map(|version| next(&version.url, Expected::Index)));
    }
    if sources.is_empty() {
        return Err("this is an index that names no document".to_owned());
    }
    let names = sources.iter().map(|source| source.place.name()).collect();
    sources.into_iter().rev().for_each(|source| plan.sources.push_front(source));
    Ok(names)
}

/// One document of many pages.
fn merge_received(plan: &Plan, name: &str, received: &Received) -> Result<Merged, Rejected> {
    let text = String::from_utf8_lossy(&received.bytes);
    merge_pages(&text, name, plan.wanted.as_ref().map(|version| version.as_str()))
        .map_err(|none| Rejected::Unusable { reason: "the pages make up no document".to_owned(), report: none.report })
}
