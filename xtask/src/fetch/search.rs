//! Tries one source after the other until one has an acceptable document. Owns the plan and the journal of a run; writes nothing into
//! the workspace.

use generator::Report;
use generator::published::{Content, detect_content, parse_web_links};

use super::acceptance::{Accepted, Caution, Rejected};
use super::allowance::Allowance;
use super::conventions::base_of_run;
use super::journal::{Journal, SourceResult};
use super::opening::Opened;
use super::plan::{Expected, Goal, Place, Plan, Reason, Source};
use super::previous::Previous;
use super::reach::{Naming, follow};
use super::store::Provenance;
use crate::download::{self, Download, Limits, Received, Redirects, Request, WallClock};
use crate::layout::Layout;
use crate::outcome::Failure;

/// Links of the headers of one response that are followed.
const LINKS: usize = 4;

/// A search, with everything that its steps need.
#[derive(Debug)]
pub(super) struct Search<'a> {
    /// The workspace.
    pub(super) layout: &'a Layout,
    /// The plan; indexes add to its sources.
    pub(super) plan: Plan,
    /// The results so far.
    pub(super) journal: &'a mut Journal,
    /// How doubtful documents are treated.
    pub(super) caution: Caution,
    /// What an earlier run left for the requested version.
    pub(super) previous: Option<Previous>,
    /// The documents of each version, if those are wanted.
    pub(super) documents: Vec<FoundDocument>,
    /// The URL of the first source; sections of the site are below its folder.
    pub(super) base: String,
    /// What the run may still request.
    pub(super) allowance: Allowance,
}

/// The result of a successful search.
#[derive(Debug)]
pub(super) enum Found {
    /// An acceptable document.
    Document(Box<FoundDocument>),
    /// The server has the document that is here.
    NotModified(Box<Previous>),
    /// One acceptable document for each version.
    EachVersion(Vec<FoundDocument>),
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

/// How the search continues.
#[derive(Debug)]
pub(super) enum Next {
    /// It is over.
    End(Found),
    /// With the next source.
    Source,
    /// With no other source: a person has to decide about this one.
    Stop,
}

impl<'a> Search<'a> {
    /// Creates a search.
    pub(super) fn new(
        layout: &'a Layout,
        plan: Plan,
        caution: Caution,
        journal: &'a mut Journal,
    ) -> Result<Self, Failure> {
        let header = plan.profile.document.version_header.as_deref();
        let previous = plan.wanted.as_ref().map(|version| Previous::read(layout, version, header)).transpose()?;
        let base = plan.sources.front().map(|source| base_of_run(&source.place.name())).unwrap_or_default();
        let allowance = Allowance::of(&plan.limits);
        Ok(Self { layout, plan, journal, caution, previous, documents: Vec::new(), base, allowance })
    }

    /// Tries the sources in order.
    ///
    /// # Errors
    ///
    /// No source has an acceptable document, or several have one.
    pub(super) fn run(&mut self) -> Result<Found, Failure> {
        while let Some(source) = self.plan.sources.pop_front() {
            if self.journal.knows(&source.place.name()) {
                continue;
            }
            if let Some(reason) = self.allowance.exhausted() {
                self.journal.record_rejected(SourceResult::of(&source, 0, None), reason);
                break;
            }
            match self.visit(&source)? {
                Next::End(found) => return Ok(found),
                Next::Source => {}
                Next::Stop => return Err(self.journal.failure()),
            }
        }
        if self.documents.is_empty() {
            return Err(self.journal.failure());
        }
        self.each_version().map(Found::EachVersion)
    }

    fn visit(&mut self, source: &Source) -> Result<Next, Failure> {
        let limits = self.plan.limits.clone();
        let Some((download, attempts)) = self.receive(source, &limits) else { return Ok(Next::Source) };
        match download {
            Download::Received(received) => {
                self.follow_headers(source, &received);
                self.judge(source, &received, attempts)
            }
            Download::NotModified => {
                self.journal.record_accepted(SourceResult::of(source, attempts, None));
                self.end_unmodified(&source.place.name())
            }
        }
    }

    /// Ends the search, because the document is the one that is here.
    pub(super) fn end_unmodified(&mut self, name: &str) -> Result<Next, Failure> {
        let found = self.previous.take().map(|previous| Next::End(Found::NotModified(Box::new(previous))));
        found.ok_or_else(|| Failure::fetch(format!("{name}: 304 Not Modified, though no state of it is known")))
    }

    /// Downloads a source; the journal records why one failed. An error response may be a listing of the APIs to choose from.
    pub(super) fn receive(&mut self, source: &Source, limits: &Limits) -> Option<(Download, u32)> {
        let result = match &source.place {
            Place::File(file) => {
                download::read_file(file, limits).map(|received| (Download::Received(Box::new(received)), 1))
            }
            Place::Url(url) => {
                if let Some(reason) = self.journal.given_up(url) {
                    self.journal.record_rejected(SourceResult::of(source, 0, None), reason);
                    return None;
                }
                // An index that has not changed says nothing about its pages.
                let is_conditional = self.caution == Caution::Careful && source.expected != Expected::PageIndex;
                let known = self.previous.as_ref().filter(|_| is_conditional);
                let state = known.and_then(|previous| previous.state_at(url));
                // An unreachable host is retried only for its first URL.
                let attempts = if self.journal.is_unreachable(url) { 1 } else { limits.attempts };
                let limits = Limits { attempts, ..limits.clone() };
                let limits = match self.allowance.take(&limits) {
                    Ok(limits) => limits,
                    Err(reason) => {
                        self.journal.record_rejected(SourceResult::of(source, 0, None), reason);
                        return None;
                    }
                };
                let request = Request { url, known: state.as_ref(), redirects: Redirects::SameOrigin };
                let result = download::get(request, &limits, &mut WallClock);
                self.allowance.spend(&result);
                result
            }
        };
        let mut error = match result {
            Ok(received) => return Some(received),
            Err(error) => error,
        };
        if let Some(response) = error.response.take() {
            self.follow_headers(source, &response);
            match detect_content(&response.bytes) {
                Content::Listing | Content::Catalog => return Some((Download::Received(response), error.attempts)),
                Content::Document
                | Content::Index
                | Content::Pages
                | Content::Html
                | Content::Empty
                | Content::Text
                | Content::Binary => {}
            }
        }
        self.journal.record_failed(source, error);
        None
    }

    /// Puts catalogs and documents that the headers of a response name (RFC 8288) at the front of the sources.
    fn follow_headers(&mut self, source: &Source, received: &Received) {
        if source.expected == Expected::Pages || source.expected == Expected::PageIndex {
            return;
        }
        let mut followed = 0;
        for link in parse_web_links(&received.links) {
            let expected = match (link.is("api-catalog"), link.is("service-desc") || link.has_openapi_type()) {
                (true, _) => Expected::Catalog,
                (false, true) => Expected::Document,
                (false, false) => continue,
            };
            if let Ok(url) = follow(source, &received.url, &link.target, Naming::Mention) {
                let next = source.next(url, expected, Reason::LinkHeader(received.url.clone()));
                let is_planned =
                    self.plan.sources.iter().any(|planned| planned.place == next.place && planned.hops > 0);
                if followed < LINKS && !is_planned && !self.journal.knows(&next.place.name()) {
                    self.plan.sources.push_front(next);
                    followed += 1;
                }
            }
        }
    }

    /// Accepts or rejects what was received, and records it.
    fn judge(&mut self, source: &Source, received: &Received, attempts: u32) -> Result<Next, Failure> {
        let summary = received.summary.clone();
        let result = SourceResult::of(source, attempts, Some(summary.clone()));
        let (reason, next) = match self.open(source, received) {
            Ok(Opened::Document(found)) => {
                self.journal.record_accepted(result);
                return Ok(self.keep(*found));
            }
            Ok(Opened::Sources(note)) => (note, Next::Source),
            Ok(Opened::Candidates(candidates)) => {
                self.journal.record_rejected(result, candidates.note.clone());
                return self.ask_candidates(source, candidates);
            }
            Err(rejected) => {
                let (reason, next) = self.explain_rejection(rejected)?;
                (format!("{reason}; received {summary}"), next)
            }
        };
        self.journal.record_rejected(result, reason);
        Ok(next)
    }

    /// Ends the search with a document, or keeps it if there are to be others.
    pub(super) fn keep(&mut self, found: FoundDocument) -> Next {
        match self.plan.goal {
            Goal::One => Next::End(Found::Document(Box::new(found))),
            Goal::EachVersion => {
                self.documents.push(found);
                Next::Source
            }
        }
    }

    /// Returns why a document is rejected and how the search continues.
    ///
    /// # Errors
    ///
    /// It could not be checked.
    pub(super) fn explain_rejection(&mut self, rejected: Rejected) -> Result<(String, Next), Failure> {
        match rejected {
            Rejected::Unusable { reason, report } => {
                self.journal.report.extend(report);
                Ok((reason, Next::Source))
            }
            Rejected::OtherVersion { reason, version } => {
                self.journal.other_versions.insert(version);
                Ok((reason, Next::Source))
            }
            Rejected::Doubtful(reason) => Ok((reason, Next::Stop)),
            Rejected::Failed(failure) => Err(failure),
        }
    }

    /// Returns one document for each version; several that are the same are one.
    fn each_version(&mut self) -> Result<Vec<FoundDocument>, Failure> {
        let mut distinct: Vec<FoundDocument> = Vec::new();
        for document in std::mem::take(&mut self.documents) {
            let same = |known: &&FoundDocument| known.accepted.version == document.accepted.version;
            match distinct.iter().find(same) {
                None => distinct.push(document),
                Some(known) if known.accepted.canonical.text == document.accepted.canonical.text => {}
                Some(known) => {
                    let name = |found: &FoundDocument| found.provenance.place.name();
                    return Err(Failure::fetch(format!(
                        "two documents are version {}\n  {}\n  {}\nhelp: --api-version {} --url takes one of them",
                        document.accepted.version,
                        name(known),
                        name(&document),
                        document.accepted.version
                    )));
                }
            }
        }
        distinct.sort_by(|one, other| one.accepted.version.cmp(&other.accepted.version));
        Ok(distinct)
    }
}
