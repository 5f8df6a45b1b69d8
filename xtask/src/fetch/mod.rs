//! `fetch`: takes over the published document with a lock. What makes a document readable, canonical and sound, and how pages
//! make up one, is the generator's business.

mod cross_check;
mod journal;
mod judge;
#[cfg(test)]
mod kill_tests;
mod plan;
mod report;
mod store;
mod version;

use generator::Report;
use generator::published::{Content, Merged, detect_content, merge_pages, read_index, version_in_url};

pub(crate) use self::store::recover;

use self::journal::Journal;
use self::judge::{Candidate, Caution, Judged, Rejected, judge};
use self::plan::{Expected, Place, Plan, Previous, Source};
use self::report::{Done, Said};
use self::store::{Form, Provenance};
use crate::cli::FetchArgs;
use crate::download::{self, Answer, Limits, Received, Request, WallClock, resolve};
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome};

/// Indexes that are followed on the way to a document: that of the site, that of a version.
const HOPS: usize = 2;

/// Runs the command.
pub(crate) fn run(layout: &Layout, arguments: &FetchArgs) -> Result<Outcome, Failure> {
    let mut journal = Journal::default();
    let said = take_over(layout, arguments, &mut journal);
    report::outcome(layout, arguments, said, &journal)
}

fn take_over(layout: &Layout, arguments: &FetchArgs, journal: &mut Journal) -> Result<Said, Failure> {
    let plan = Plan::of(layout, arguments)?;
    if let (Some(version), false) = (&plan.wanted, arguments.dry_run) {
        recover(layout, version)?;
    }
    if arguments.cross_check {
        return cross_check::cross_check(layout, plan, journal).map(Said::Compared);
    }
    let caution = if arguments.force { Caution::Forced } else { Caution::Careful };
    let found = match find(layout, plan, caution, journal)? {
        Search::Found(found) => found,
        Search::NotModified(previous) => return Ok(Said::NotModified(previous)),
    };
    let Found { judged, provenance, warnings } = *found;
    let lock = store::lock_of(&judged, &provenance);
    let state = store::state_of(&judged, &lock, caution);
    if state.needs_writing() && !arguments.dry_run {
        store::write(layout, &judged, &lock)?;
    }
    Ok(Said::Done(Box::new(Done { state, judged, provenance, warnings, sha256: lock.sha256 })))
}

/// A document that may be taken over.
#[derive(Debug)]
struct Found {
    judged: Judged,
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
fn find(layout: &Layout, mut plan: Plan, caution: Caution, journal: &mut Journal) -> Result<Search, Failure> {
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
            Answer::Received(received) => received,
            Answer::NotModified => {
                journal.taken(&name, attempts, None);
                let unasked = || Failure::fetch(format!("{name}: 304 Not Modified, though no state of it is known"));
                return previous.map(|previous| Search::NotModified(Box::new(previous))).ok_or_else(unasked);
            }
        };
        let look = received.look.clone();
        match open(layout, &mut plan, caution, &source, received) {
            Ok(Opened::Document(found)) => {
                journal.taken(&name, attempts, Some(look));
                return Ok(Search::Found(found));
            }
            Ok(Opened::Index(documents)) => {
                journal.refused(&name, attempts, Some(look), format!("an index, which names {}", documents.join(", ")));
            }
            Err(Rejected::Unusable { reason, report }) => {
                let reason = format!("{reason}; received {look}");
                journal.refused(&name, attempts, Some(look), reason);
                journal.report.extend(report);
            }
            Err(Rejected::Doubtful(reason)) => {
                let reason = format!("{reason}; received {look}");
                journal.refused(&name, attempts, Some(look), reason);
                break;
            }
            Err(Rejected::Failed(failure)) => return Err(failure),
        }
    }
    Err(journal.failure())
}

/// Asks a source; why nothing came is written down.
fn receive(source: &Source, plan: &Plan, known: Option<&Previous>, journal: &mut Journal) -> Option<(Answer, u32)> {
    let result = match &source.place {
        Place::File(file) => download::file(file, &plan.limits).map(|received| (Answer::Received(received), 1)),
        Place::Url(url) => {
            let state = known.and_then(|previous| previous.state_at(url));
            // Patience with a host that is not there ends with its first URL.
            let attempts = if journal.is_unreachable(url) { 1 } else { plan.limits.attempts };
            let limits = Limits { attempts, ..plan.limits.clone() };
            download::get(Request { url, known: state.as_ref() }, &limits, &mut WallClock)
        }
    };
    result.map_err(|refusal| journal.refused(&source.place.name(), refusal.attempts, refusal.look, refusal.reason)).ok()
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
fn open(
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
            let candidate = Candidate { bytes: &received.bytes, name: &name, url: address(source, &received) };
            let judged = judge(layout, plan, caution, candidate)?;
            Ok(Opened::Document(found(judged, source, &received, Form::Whole, Report::default())))
        }
        (Content::Index, Expected::Anything | Expected::Document | Expected::Index) => {
            follow(plan, source, &received).map(Opened::Index).map_err(unusable)
        }
        (Content::Pages, Expected::Anything | Expected::Pages) => {
            let merged = merge(plan, &name, &received)?;
            let bytes = merged.document.to_string().into_bytes();
            let candidate = Candidate { bytes: &bytes, name: &name, url: address(source, &received) };
            let judged = judge(layout, plan, caution, candidate)?;
            Ok(Opened::Document(found(judged, source, &received, Form::Pages(Box::new(merged.tally)), merged.report)))
        }
        (Content::Document | Content::Index, Expected::Pages)
        | (Content::Pages, Expected::Document | Expected::Index)
        | (Content::Html | Content::Empty | Content::Text | Content::Binary, _) => {
            Err(unusable(format!("this is {} and not {}", content.describe(), source.expected.describe())))
        }
    }
}

/// Where a document is served: after redirects, unless only what was asked for says the version.
fn address<'a>(source: &'a Source, received: &'a Received) -> &'a str {
    match &source.place {
        Place::Url(asked) if version_in_url(&received.url).is_none() && version_in_url(asked).is_some() => asked,
        Place::Url(_) | Place::File(_) => &received.url,
    }
}

fn found(judged: Judged, source: &Source, received: &Received, form: Form, mut warnings: Report) -> Box<Found> {
    warnings.extend(judged.report.clone());
    let provenance = Provenance { place: source.place.clone(), served: received.state.clone(), form };
    Box::new(Found { judged, provenance, warnings })
}

/// Puts what an index names at the front of the sources.
fn follow(plan: &mut Plan, source: &Source, received: &Received) -> Result<Vec<String>, String> {
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
fn merge(plan: &Plan, name: &str, received: &Received) -> Result<Merged, Rejected> {
    let text = String::from_utf8_lossy(&received.bytes);
    merge_pages(&text, name, plan.wanted.as_ref().map(|version| version.as_str()))
        .map_err(|none| Rejected::Unusable { reason: "the pages make up no document".to_owned(), report: none.report })
}
