//! Tries one source after the other until one has an acceptable document. Owns the plan and the journal of a run; writes nothing into
//! the workspace.

use generator::Report;
use generator::bundle::Bundle;
use generator::published::{Content, Index, Merged, detect_content, merge_pages, read_index, version_in_url};

use super::acceptance::{Accepted, Candidate, Caution, Rejected, accept};
use super::journal::Journal;
use super::plan::{Expected, Place, Plan, Previous, Source};
use super::store::{Form, Provenance};
use crate::download::{self, Download, Limits, Received, Request, WallClock, resolve};
use crate::layout::Layout;
use crate::outcome::Failure;
use crate::references::{self, Reach};

/// Indexes that are followed on the way to a document: that of the site, that of a version.
const HOPS: usize = 2;

/// A search, with everything that its steps need.
#[derive(Debug)]
pub(super) struct Search<'a> {
    /// The workspace.
    pub(super) layout: &'a Layout,
    /// The plan; indexes add to its sources.
    pub(super) plan: Plan,
    /// The results so far.
    pub(super) journal: &'a mut Journal,
    caution: Caution,
}

/// The result of a successful search.
#[derive(Debug)]
pub(super) enum Found {
    /// An acceptable document.
    Document(Box<FoundDocument>),
    /// The server has the document that is here.
    NotModified(Box<Previous>),
}

/// An acceptable document.
#[derive(Debug)]
pub(super) struct FoundDocument {
    /// The document.
    pub(super) accepted: Accepted,
    /// Where it came from.
    pub(super) provenance: Provenance,
    /// Warnings about it.
    pub(super) warnings: Report,
}

/// The content of a source.
#[derive(Debug)]
enum Opened {
    /// An acceptable document.
    Document(Box<FoundDocument>),
    /// An index: the names of the sources that come next.
    Index(Vec<String>),
}

/// How the search continues.
enum Next {
    /// It is over.
    End(Found),
    /// With the next source.
    Source,
    /// With no other source: a person has to decide about this one.
    Stop,
}

impl<'a> Search<'a> {
    /// Creates a search.
    pub(super) fn new(layout: &'a Layout, plan: Plan, caution: Caution, journal: &'a mut Journal) -> Self {
        Self { layout, plan, journal, caution }
    }

    /// Tries the sources in order.
    ///
    /// # Errors
    ///
    /// No source has an acceptable document.
    pub(super) fn run(&mut self) -> Result<Found, Failure> {
        let header = self.plan.profile.document.version_header.as_deref();
        let wanted = self.plan.wanted.as_ref();
        let mut previous = wanted.map(|version| Previous::read(self.layout, version, header)).transpose()?;
        while let Some(source) = self.plan.sources.pop_front() {
            if self.journal.knows(&source.place.name()) {
                continue;
            }
            match self.visit(&source, &mut previous)? {
                Next::End(found) => return Ok(found),
                Next::Source => {}
                Next::Stop => break,
            }
        }
        Err(self.journal.failure())
    }

    fn visit(&mut self, source: &Source, previous: &mut Option<Previous>) -> Result<Next, Failure> {
        let known = previous.as_ref().filter(|_| self.caution == Caution::Careful);
        let (download, attempts) = match self.receive(source, known) {
            Some(received) => received,
            None => return Ok(Next::Source),
        };
        match download {
            Download::Received(received) => self.judge(source, received, attempts),
            Download::NotModified => {
                let name = source.place.name();
                self.journal.record_accepted(&name, attempts, None);
                let previous = previous.take();
                let found = previous.map(|previous| Next::End(Found::NotModified(Box::new(previous))));
                found.ok_or_else(|| Failure::fetch(format!("{name}: 304 Not Modified, though no state of it is known")))
            }
        }
    }

    /// Downloads a source; the journal records why one failed.
    pub(super) fn receive(&mut self, source: &Source, known: Option<&Previous>) -> Option<(Download, u32)> {
        let limits = &self.plan.limits;
        let result = match &source.place {
            Place::File(file) => download::read_file(file, limits).map(|received| (Download::Received(received), 1)),
            Place::Url(url) => {
                let state = known.and_then(|previous| previous.state_at(url));
                // An unreachable host is retried only for its first URL.
                let attempts = if self.journal.is_unreachable(url) { 1 } else { limits.attempts };
                let limits = Limits { attempts, ..limits.clone() };
                download::get(Request { url, known: state.as_ref() }, &limits, &mut WallClock)
            }
        };
        let name = source.place.name();
        result.map_err(|error| self.journal.record_rejected(&name, error.attempts, error.summary, error.reason)).ok()
    }

    /// Accepts or rejects what was received, and records it.
    fn judge(&mut self, source: &Source, received: Received, attempts: u32) -> Result<Next, Failure> {
        let (name, summary) = (source.place.name(), received.summary.clone());
        let (reason, next) = match self.open(source, &received) {
            Ok(Opened::Document(found)) => {
                self.journal.record_accepted(&name, attempts, Some(summary));
                return Ok(Next::End(Found::Document(found)));
            }
            Ok(Opened::Index(documents)) => (format!("an index, which names {}", documents.join(", ")), Next::Source),
            Err(Rejected::Unusable { reason, report }) => {
                self.journal.report.extend(report);
                (format!("{reason}; received {summary}"), Next::Source)
            }
            Err(Rejected::Doubtful(reason)) => (format!("{reason}; received {summary}"), Next::Stop),
            Err(Rejected::Failed(failure)) => return Err(failure),
        };
        self.journal.record_rejected(&name, attempts, Some(summary), reason);
        Ok(next)
    }

    /// Opens what was received according to its content.
    fn open(&mut self, source: &Source, received: &Received) -> Result<Opened, Rejected> {
        let content = detect_content(&received.bytes);
        match (content, source.expected) {
            (Content::Document, Expected::Anything | Expected::Document | Expected::Index) => {
                let bundle = self.bundle(source, received);
                let bytes = bundle.as_ref().map_or(received.bytes.as_slice(), Bundle::document);
                let locate = |report| match &bundle {
                    Some(bundle) => bundle.locate(report, &source.place.name()),
                    None => report,
                };
                let mut accepted =
                    self.accept(source, received, bytes).map_err(|rejected| rejected.map_report(locate))?;
                accepted.report = locate(accepted.report);
                Ok(open_document(source, received, accepted, Form::Whole, Report::default()))
            }
            (Content::Index, Expected::Anything | Expected::Document | Expected::Index) => {
                self.follow_index(source, received).map(Opened::Index).map_err(Rejected::unusable)
            }
            (Content::Pages, Expected::Anything | Expected::Pages) => {
                let Merged { document, tally, report, .. } = self.merge_pages(source, received)?;
                let accepted = self.accept(source, received, document.to_string().as_bytes())?;
                Ok(open_document(source, received, accepted, Form::Pages(Box::new(tally)), report))
            }
            (Content::Document | Content::Index, Expected::Pages)
            | (Content::Pages, Expected::Document | Expected::Index)
            | (Content::Html | Content::Empty | Content::Text | Content::Binary, _) => {
                let (found, expected) = (content.describe(), source.expected.describe());
                Err(Rejected::unusable(format!("this is {found} and not {expected}")))
            }
        }
    }

    /// Bundles a document with the files that it refers to.
    fn bundle(&self, source: &Source, received: &Received) -> Option<Bundle> {
        match &source.place {
            Place::File(file) => {
                references::bundle(&received.bytes, &file.to_string_lossy(), Reach::Folders(&self.plan.allowed))
            }
            Place::Url(_) => references::bundle(&received.bytes, &received.url, Reach::Origin(&self.plan.limits)),
        }
    }

    fn accept(&self, source: &Source, received: &Received, bytes: &[u8]) -> Result<Accepted, Rejected> {
        let name = source.place.name();
        let candidate = Candidate { bytes, name: &name, url: address_of(source, received) };
        accept(self.layout, &self.plan, self.caution, candidate)
    }

    /// Puts what an index lists at the front of the sources; returns their names.
    fn follow_index(&mut self, source: &Source, received: &Received) -> Result<Vec<String>, String> {
        let index = read_index(&String::from_utf8_lossy(&received.bytes));
        if received.url.is_empty() {
            let versions = index.versions.iter().map(|index| &index.url);
            let urls: Vec<&str> = index.documents.iter().chain(versions).map(String::as_str).collect();
            return Err(format!("this is an index, which is not followed from a file; it names {}", urls.join(", ")));
        }
        if source.hops >= HOPS {
            return Err("this is an index, which is not followed any further".to_owned());
        }
        let sources = self.sources_of(&index, source, received);
        if sources.is_empty() {
            return Err("this is an index that names no document".to_owned());
        }
        let names = sources.iter().map(|source| source.place.name()).collect();
        sources.into_iter().rev().for_each(|source| self.plan.sources.push_front(source));
        Ok(names)
    }

    /// Returns the index of the requested version and the documents, or else the index of the default version.
    fn sources_of(&self, index: &Index, source: &Source, received: &Received) -> Vec<Source> {
        let next = |url: &str, expected| Source {
            place: Place::Url(resolve(&received.url, url)),
            expected,
            hops: source.hops + 1,
        };
        let version = self.plan.wanted.as_ref().map(|version| version.as_str());
        let documents = index.documents.iter().map(|url| next(url, Expected::Document));
        let other = index.of_other_version(version).map(|version| next(&version.url, Expected::Index));
        let mut sources: Vec<Source> = other.into_iter().chain(documents).collect();
        if sources.is_empty() {
            sources.extend(index.of_version(version).map(|version| next(&version.url, Expected::Index)));
        }
        sources
    }

    /// Merges pages into one document.
    fn merge_pages(&self, source: &Source, received: &Received) -> Result<Merged, Rejected> {
        let text = String::from_utf8_lossy(&received.bytes);
        let version = self.plan.wanted.as_ref().map(|version| version.as_str());
        merge_pages(&text, &source.place.name(), version).map_err(|none| Rejected::Unusable {
            reason: "the pages could not be merged into a document".to_owned(),
            report: none.report,
        })
    }
}

fn open_document(source: &Source, received: &Received, accepted: Accepted, form: Form, mut warnings: Report) -> Opened {
    warnings.extend(accepted.report.clone());
    let provenance = Provenance { place: source.place.clone(), served: received.state.clone(), form };
    Opened::Document(Box::new(FoundDocument { accepted, provenance, warnings }))
}

/// Returns the URL of a document: the one after redirects, unless only the requested one contains the version.
fn address_of<'s>(source: &'s Source, received: &'s Received) -> &'s str {
    match &source.place {
        Place::Url(requested) if version_in_url(&received.url).is_none() && version_in_url(requested).is_some() => {
            requested
        }
        Place::Url(_) | Place::File(_) => &received.url,
    }
}
