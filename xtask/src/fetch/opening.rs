//! Opens what was received according to its content, whatever was expected: a document, a listing, a catalog, an index, pages, a web
//! page. Requests nothing itself.

use generator::Report;
use generator::bundle::Bundle;
use generator::published::{
    Content, Index, ListedApi, Merged, detect_content, merge_pages, read_catalog, read_index, read_listing,
    read_page_links, version_in_url,
};

use super::acceptance::{Accepted, Candidate, Caution, Rejected, accept};
use super::candidates::Candidates;
use super::conventions::section_of;
use super::journal::list_some;
use super::plan::{Expected, Goal, NamedBy, Place, Reason, Source};
use super::reach::{Naming, Refused, follow};
use super::search::{FoundDocument, Search};
use super::store::{Form, Provenance};
use crate::download::Received;
use crate::references::{self, Reach};

/// Indexes that are followed on the way to a document: that of the site, that of a version, that of a section.
const HOPS: usize = 3;
/// Number of names that a message lists.
const NAMED: usize = 10;
/// Documents of an index that are followed.
const DOCUMENTS: usize = 16;
/// Indexes of sections that are followed.
const SECTIONS: usize = 8;
/// Parts of the path of a page that requires a login.
const LOGIN: [&str; 5] = ["login", "signin", "sign-in", "sso", "authenticate"];

/// The content of a source.
#[derive(Debug)]
pub(super) enum Opened {
    /// An acceptable document.
    Document(Box<FoundDocument>),
    /// Something that led to other sources, which come next; a note about it.
    Sources(String),
    /// Several APIs, of which one may be acceptable.
    Candidates(Candidates),
}

impl Search<'_> {
    /// Opens what was received.
    pub(super) fn open(&mut self, source: &Source, received: &Received) -> Result<Opened, Rejected> {
        let content = detect_content(&received.bytes);
        let pages_are_wanted = matches!(source.expected, Expected::Pages | Expected::PageIndex);
        match content {
            Content::Document if !pages_are_wanted => {
                let found = self.accept_document(source, received, None)?;
                Ok(Opened::Document(Box::new(found)))
            }
            Content::Listing if !pages_are_wanted => {
                let apis = read_listing(&String::from_utf8_lossy(&received.bytes)).unwrap_or_default();
                self.candidates(source, received, apis, Naming::Listing, "a listing").map(Opened::Candidates)
            }
            Content::Catalog if !pages_are_wanted => self.open_catalog(source, received),
            Content::Index if !pages_are_wanted => self.follow_index(source, received),
            Content::Html if !pages_are_wanted => self.open_web_page(source, received),
            Content::Pages if matches!(source.expected, Expected::Anything | Expected::Pages) => {
                let text = String::from_utf8_lossy(&received.bytes);
                self.accept_pages(source, received, &text)
            }
            Content::Index => self.open_page_index(source, received),
            Content::Document
            | Content::Listing
            | Content::Catalog
            | Content::Pages
            | Content::Html
            | Content::Empty
            | Content::Text
            | Content::Binary => {
                let (found, expected) = (content.describe(), source.expected.describe());
                Err(Rejected::unusable(format!("this is {found} and not {expected}")))
            }
        }
    }

    /// Accepts a complete document; `label` is its name in the listing that led to it.
    pub(super) fn accept_document(
        &mut self,
        source: &Source,
        received: &Received,
        label: Option<&str>,
    ) -> Result<FoundDocument, Rejected> {
        self.check_section(source, received)?;
        let bundle = self.bundle(source, received);
        let bytes = bundle.as_ref().map_or(received.bytes.as_slice(), Bundle::document);
        let locate = |report| match &bundle {
            Some(bundle) => bundle.locate(report, &source.place.name()),
            None => report,
        };
        let accepted = self.accept(source, received, bytes, label);
        let mut accepted = accepted.map_err(|rejected| rejected.map_report(locate))?;
        accepted.report = locate(accepted.report);
        Ok(found_document(source, received, accepted, Form::Whole, Report::default()))
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

    /// The document of a section of the site holds only part of the API.
    fn check_section(&self, source: &Source, received: &Received) -> Result<(), Rejected> {
        let index = match &source.reason {
            Reason::Index(url) => Some(url.as_str()),
            Reason::Profile
            | Reason::Arguments
            | Reason::Convention
            | Reason::LinkHeader(_)
            | Reason::Listing(_)
            | Reason::WebPage(_) => None,
        };
        let is_forced = self.caution == Caution::Forced;
        let Some(section) = section_of(address_of(source, received), index, &self.base).filter(|_| !is_forced) else {
            return Ok(());
        };
        let reason = format!("it is the document of the section {section}, which holds only part of the API");
        match self.plan.named_by {
            NamedBy::Profile => Err(Rejected::unusable(reason)),
            NamedBy::Arguments => Err(Rejected::Doubtful(format!("{reason}: --force accepts it"))),
        }
    }

    fn accept(
        &self,
        source: &Source,
        received: &Received,
        bytes: &[u8],
        label: Option<&str>,
    ) -> Result<Accepted, Rejected> {
        let name = source.place.name();
        let candidate = Candidate { bytes, name: &name, url: address_of(source, received), label };
        accept(self.layout, &self.plan, self.caution, candidate)
    }

    fn open_catalog(&mut self, source: &Source, received: &Received) -> Result<Opened, Rejected> {
        let catalog = read_catalog(&String::from_utf8_lossy(&received.bytes)).unwrap_or_default();
        if catalog.links == 0 {
            self.journal.needs_login = true;
            return Err(Rejected::unusable(
                "this is a catalog without any API, which is what a site shows that requires a login",
            ));
        }
        self.follow(source, received, &catalog.catalogs, Expected::Catalog);
        if catalog.apis.is_empty() {
            let names = list_some(&catalog.catalogs, NAMED);
            return if names.is_empty() {
                Err(Rejected::unusable("this is a catalog that names no description of an API"))
            } else {
                Ok(Opened::Sources(format!("a catalog, which names {names}")))
            };
        }
        self.candidates(source, received, catalog.apis, Naming::Listing, "a catalog").map(Opened::Candidates)
    }

    /// A web page may name documents and catalogs in its head, or link to them.
    fn open_web_page(&mut self, source: &Source, received: &Received) -> Result<Opened, Rejected> {
        let text = String::from_utf8_lossy(&received.bytes);
        let links = read_page_links(&text);
        let path = received.url.split_once("://").map_or("", |(_, rest)| rest).to_ascii_lowercase();
        let has_login = LOGIN.iter().any(|part| path.contains(part)) || text.contains("type=\"password\"");
        self.journal.needs_login |= has_login;
        let followed = self.follow(source, received, &links.catalogs, Expected::Catalog);
        if links.apis.is_empty() && followed.is_empty() {
            let login = if has_login { ", which asks for a login," } else { "" };
            let expected = source.expected.describe();
            return Err(Rejected::unusable(format!("this is a web page (HTML){login} and not {expected}")));
        }
        if links.apis.is_empty() {
            return Ok(Opened::Sources(format!("a web page (HTML), which names {}", followed.join(", "))));
        }
        self.candidates(source, received, links.apis, Naming::Mention, "a web page (HTML)").map(Opened::Candidates)
    }

    /// Puts what a response names at the front of the sources; returns the URLs.
    fn follow(&mut self, source: &Source, received: &Received, urls: &[String], expected: Expected) -> Vec<String> {
        if source.hops >= HOPS {
            return Vec::new();
        }
        let allowed = |url: &String| follow(source, &received.url, url, Naming::Mention).ok();
        let followed: Vec<String> = urls.iter().filter_map(allowed).take(SECTIONS).collect();
        for url in followed.iter().rev() {
            let reason = if expected == Expected::Catalog && !source.place.name().ends_with(".txt") {
                Reason::WebPage(received.url.clone())
            } else {
                Reason::Index(received.url.clone())
            };
            self.plan.sources.push_front(source.next(url.clone(), expected, reason));
        }
        followed
    }

    /// Puts what an index lists at the front of the sources.
    fn follow_index(&mut self, source: &Source, received: &Received) -> Result<Opened, Rejected> {
        let index = read_index(&String::from_utf8_lossy(&received.bytes));
        if received.url.is_empty() {
            let versions = index.versions.iter().map(|index| &index.url);
            let urls: Vec<&String> = index.documents.iter().chain(versions).collect();
            let names = list_some(&urls, NAMED);
            return Err(Rejected::unusable(format!(
                "this is an index, which is not followed from a file; it names {names}"
            )));
        }
        if source.hops >= HOPS {
            return Err(Rejected::unusable("this is an index, which is not followed any further"));
        }
        let mut refused = Refused::default();
        let mut allowed = |url: &str| {
            let followed = follow(source, &received.url, url, Naming::Mention);
            followed.map_err(|reason| refused.add(reason, url)).ok()
        };
        let indexes: Vec<String> = self.indexes_of(&index).into_iter().filter_map(&mut allowed).collect();
        let documents: Vec<String> = index.documents.iter().filter_map(|url| allowed(url)).collect();
        let documents = whole_documents(documents, &self.base);
        let names: Vec<&String> = indexes.iter().chain(&documents).collect();
        if names.is_empty() {
            let note = if refused.is_empty() { String::new() } else { format!(": {refused}") };
            return Err(Rejected::unusable(format!("this is an index that names no document{note}")));
        }
        let note = format!("an index, which names {}", list_some(&names, NAMED));
        let unknown: Vec<ListedApi> =
            documents.iter().filter(|url| !self.journal.knows(url)).map(|url| listed(url)).collect();
        let is_choice = unknown.len() > 1 && distinct_stems(&unknown) > 1;
        if !is_choice {
            for url in documents.iter().take(DOCUMENTS).rev() {
                let next = source.next(url.clone(), Expected::Document, Reason::Index(received.url.clone()));
                self.plan.sources.push_front(next);
            }
        }
        for url in indexes.into_iter().rev() {
            let next = source.next(url, Expected::Index, Reason::Index(received.url.clone()));
            self.plan.sources.push_front(next);
        }
        if is_choice {
            let candidates = self.candidates(source, received, unknown, Naming::Mention, "an index")?;
            return Ok(Opened::Candidates(candidates.with_note(note)));
        }
        Ok(Opened::Sources(note))
    }

    /// Returns the indexes that an index leads to: that of the requested version, else that of the default version where it names no
    /// document itself, else those of sections.
    fn indexes_of<'i>(&self, index: &'i Index) -> Vec<&'i str> {
        let version = self.plan.wanted.as_ref().map(|version| version.as_str());
        let urls: Vec<&str> = match self.plan.goal {
            Goal::EachVersion => index.versions.iter().map(|version| version.url.as_str()).take(DOCUMENTS).collect(),
            Goal::One => {
                let other = index.of_other_version(version);
                let default = || index.of_version(version).filter(|_| index.documents.is_empty());
                other.or_else(default).map(|version| version.url.as_str()).into_iter().collect()
            }
        };
        if urls.is_empty() && index.documents.is_empty() {
            return index.sections.iter().map(String::as_str).take(SECTIONS).collect();
        }
        urls
    }

    /// Downloads the pages of an index and merges them.
    fn open_page_index(&mut self, source: &Source, received: &Received) -> Result<Opened, Rejected> {
        let gathered = self.gather_pages(source, received).map_err(Rejected::unusable)?;
        let is_forced = self.caution == Caution::Forced;
        if let (Some(missing), false) = (gathered.describe_missing(), is_forced) {
            return Err(Rejected::Doubtful(format!(
                "{missing}, and their operations would be missing: --force accepts it"
            )));
        }
        self.accept_pages(source, received, &gathered.text)
    }

    /// Merges pages into one document and accepts it.
    fn accept_pages(&mut self, source: &Source, received: &Received, text: &str) -> Result<Opened, Rejected> {
        let version = self.plan.wanted.as_ref().map(|version| version.as_str());
        let merged = merge_pages(text, &source.place.name(), version);
        let Merged { document, tally, report, .. } = merged.map_err(|none| Rejected::Unusable {
            reason: "the pages could not be merged into a document".to_owned(),
            report: none.report,
        })?;
        let accepted = self.accept(source, received, document.to_string().as_bytes(), None)?;
        let found = found_document(source, received, accepted, Form::Pages(Box::new(tally)), report);
        Ok(Opened::Document(Box::new(found)))
    }
}

fn listed(url: &str) -> ListedApi {
    ListedApi::of_url(url)
}

fn distinct_stems(apis: &[ListedApi]) -> usize {
    let mut merged = ListedApi::merge_alternatives(apis.to_vec());
    merged.dedup();
    merged.len()
}

/// Leaves out documents of sections where others are not.
fn whole_documents(urls: Vec<String>, base: &str) -> Vec<String> {
    let whole: Vec<String> = urls.iter().filter(|url| section_of(url, None, base).is_none()).cloned().collect();
    if whole.is_empty() { urls } else { whole }
}

fn found_document(
    source: &Source,
    received: &Received,
    accepted: Accepted,
    form: Form,
    mut warnings: Report,
) -> FoundDocument {
    warnings.extend(accepted.report.clone());
    let provenance = Provenance { place: source.place.clone(), served: received.state.clone(), form };
    FoundDocument { accepted, provenance, warnings }
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
