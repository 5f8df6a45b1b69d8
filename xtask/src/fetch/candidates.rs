//! Chooses from several APIs: each that a listing, a catalog or an index names is requested, and the one that fits is accepted.

use generator::published::{Content, ListedApi, detect_content};

use super::acceptance::Rejected;
use super::journal::SourceResult;
use super::plan::{Expected, Goal, Reason, Source};
use super::reach::{Naming, Refused, follow};
use super::search::{Found, FoundDocument, Next, Search};
use super::version::VersionSource;
use crate::download::{Deadline, Download, Received};
use crate::outcome::{Failure, counted};

/// Number of APIs that are requested.
const APIS: usize = 16;
/// URLs of one API that are requested until one has a document.
const URLS: usize = 4;
/// Attempts at each.
const ATTEMPTS: u32 = 2;
/// Number of names that a message lists.
const NAMED: usize = 10;

/// Several APIs, with the ways to request them.
#[derive(Debug)]
pub(super) struct Candidates {
    /// What named them, for the journal.
    pub(super) note: String,
    /// Why they are requested.
    reason: Reason,
    apis: Vec<CandidateApi>,
}

impl Candidates {
    /// Replaces the note.
    pub(super) fn with_note(self, note: String) -> Self {
        Self { note, ..self }
    }
}

/// One of several APIs.
#[derive(Debug)]
struct CandidateApi {
    label: String,
    /// Best first.
    urls: Vec<String>,
}

/// An API that fits.
#[derive(Debug)]
struct Fit {
    name: String,
    label: String,
    /// `None` if it is the document that is here.
    found: Option<FoundDocument>,
}

impl Search<'_> {
    /// Collects the APIs that a response names, those of the requested version first.
    ///
    /// # Errors
    ///
    /// None may be requested.
    pub(super) fn candidates(
        &self,
        source: &Source,
        received: &Received,
        apis: Vec<ListedApi>,
        naming: Naming,
        what: &str,
    ) -> Result<Candidates, Rejected> {
        let total = apis.len();
        let names: Vec<&str> =
            apis.iter().map(|api| api.label.as_str()).filter(|label| !label.is_empty()).take(NAMED).collect();
        let names = shown(&names.join(", "));
        if received.url.is_empty() {
            return Err(Rejected::unusable(format!(
                "this is {what}, which is not followed from a file; it names {names}"
            )));
        }
        let mut refused = Refused::default();
        let wanted = self.plan.wanted.as_ref().map(|version| version.as_str());
        let mut ranked: Vec<(usize, CandidateApi)> = Vec::new();
        for api in apis {
            let rank = match (api.version(), wanted) {
                (Some(version), Some(wanted)) if version == wanted => 0,
                (Some(_), Some(_)) => 2,
                (_, _) => 1,
            };
            let urls = urls_of(&api, source, received, naming, &mut refused);
            if !urls.is_empty() {
                ranked.push((rank, CandidateApi { label: api.label, urls }));
            }
        }
        ranked.sort_by_key(|(rank, _)| *rank);
        let left = ranked.len().saturating_sub(APIS);
        let apis: Vec<CandidateApi> = ranked.into_iter().map(|(_, api)| api).take(APIS).collect();
        let refused = if refused.is_empty() { String::new() } else { format!("; {refused}") };
        let note = format!("{what} of {}: {names}{refused}", counted(total, "API"));
        if apis.is_empty() {
            return Err(Rejected::unusable(format!("this is {note}")));
        }
        let note =
            if left > 0 { format!("{note}; {left} of them are not requested, --url requests one") } else { note };
        let reason = match naming {
            Naming::Listing => Reason::Listing(received.url.clone()),
            Naming::Mention => Reason::Index(received.url.clone()),
        };
        Ok(Candidates { note, reason, apis })
    }

    /// Requests each API, and ends the search with the one that fits.
    ///
    /// # Errors
    ///
    /// Several fit.
    pub(super) fn ask_candidates(&mut self, source: &Source, candidates: Candidates) -> Result<Next, Failure> {
        let deadline = Deadline::after(self.plan.limits.time * 2);
        let mut fits = Vec::new();
        let mut next = Next::Source;
        for api in candidates.apis {
            for url in api.urls.iter().take(URLS) {
                let request = source.next(url.clone(), Expected::Document, candidates.reason.clone());
                match self.ask_candidate(&request, &api.label, &deadline)? {
                    Asked::Fits(found) => fits.push(Fit { name: url.clone(), label: api.label.clone(), found: *found }),
                    Asked::Doubtful => next = Next::Stop,
                    Asked::Rejected => {}
                    Asked::NoDocument => continue,
                }
                break;
            }
        }
        match self.plan.goal {
            Goal::EachVersion => {
                self.documents.extend(fits.into_iter().filter_map(|fit| fit.found));
                Ok(next)
            }
            Goal::One => self.choose(fits, next),
        }
    }

    fn ask_candidate(&mut self, request: &Source, label: &str, deadline: &Deadline) -> Result<Asked, Failure> {
        if self.journal.knows(&request.place.name()) {
            return Ok(Asked::Rejected);
        }
        let Some(limits) = deadline.limits(&self.plan.limits, ATTEMPTS) else {
            let reason = "not requested, because the others took too long".to_owned();
            self.journal.record_rejected(SourceResult::of(request, 0, None), reason);
            return Ok(Asked::Rejected);
        };
        let Some((download, attempts)) = self.receive(request, &limits) else { return Ok(Asked::NoDocument) };
        let received = match download {
            Download::NotModified => {
                self.journal.record_accepted(SourceResult::of(request, attempts, None));
                return Ok(Asked::Fits(Box::new(None)));
            }
            Download::Received(received) => received,
        };
        let summary = received.summary.clone();
        let result = SourceResult::of(request, attempts, Some(summary.clone()));
        let content = detect_content(&received.bytes);
        if content != Content::Document {
            let reason = format!("this is {} and not a document; received {summary}", content.describe());
            self.journal.record_rejected(result, reason);
            return Ok(Asked::NoDocument);
        }
        match self.accept_document(request, &received, Some(label)) {
            Ok(found) => {
                self.journal.record_accepted(result);
                Ok(Asked::Fits(Box::new(Some(found))))
            }
            Err(rejected) => {
                let (reason, next) = self.explain_rejection(rejected)?;
                let label = if label.is_empty() { String::new() } else { format!("{}: ", shown(label)) };
                self.journal.record_rejected(result, format!("{label}{reason}; received {summary}"));
                Ok(if matches!(next, Next::Stop) { Asked::Doubtful } else { Asked::Rejected })
            }
        }
    }

    /// Ends the search with the only document that fits. One that states its version fits better than one that does not.
    fn choose(&mut self, mut fits: Vec<Fit>, next: Next) -> Result<Next, Failure> {
        let states_version =
            |fit: &Fit| fit.found.as_ref().is_none_or(|found| found.accepted.version_source != VersionSource::Assumed);
        if fits.iter().any(states_version) {
            fits.retain(states_version);
        }
        let mut distinct: Vec<Fit> = Vec::new();
        for fit in fits {
            let text = |fit: &Fit| fit.found.as_ref().map(|found| found.accepted.canonical.text.clone());
            let known = self.previous.as_ref().and_then(|previous| previous.document()).map(<[u8]>::to_vec);
            let bytes = |fit: &Fit| text(fit).map(String::into_bytes).or_else(|| known.clone());
            if !distinct.iter().any(|other| bytes(other) == bytes(&fit)) {
                distinct.push(fit);
            }
        }
        match distinct.len() {
            0 => Ok(next),
            1 => match distinct.pop().and_then(|fit| fit.found) {
                Some(found) => Ok(Next::End(Found::Document(Box::new(found)))),
                None => self.end_unmodified("the API that fits"),
            },
            _ => Err(Failure::fetch(describe_choice(&distinct))),
        }
    }
}

/// What became of a candidate.
enum Asked {
    Fits(Box<Option<FoundDocument>>),
    /// A person has to decide about it.
    Doubtful,
    /// It is a document that is not wanted.
    Rejected,
    /// It is no document; another URL may have it.
    NoDocument,
}

/// Returns the URLs of an API: those of documents, then those made of its IDs, then others.
fn urls_of(
    api: &ListedApi,
    source: &Source,
    received: &Received,
    naming: Naming,
    refused: &mut Refused,
) -> Vec<String> {
    let listing = received.url.split(['?', '#']).next().unwrap_or_default();
    let by_id = api.ids.iter().map(|id| format!("{listing}?api={}", percent_encode(id)));
    let own = api.urls.iter().cloned();
    let all: Vec<String> = if api.names_documents() { own.chain(by_id).collect() } else { by_id.chain(own).collect() };
    let mut urls: Vec<String> = Vec::new();
    for url in all {
        match follow(source, &received.url, &url, naming) {
            Ok(url) if !urls.contains(&url) => urls.push(url),
            Ok(_) => {}
            Err(reason) => refused.add(reason, &url),
        }
    }
    urls
}

fn describe_choice(fits: &[Fit]) -> String {
    let line = |fit: &Fit| {
        let holds = fit.found.as_ref().map_or("the document that is here".to_owned(), |found| {
            let accepted = &found.accepted;
            format!(
                "{:?}, version {}, {}",
                accepted.identity.title,
                accepted.version,
                counted(accepted.identity.operations.len(), "operation")
            )
        });
        format!("  {} ({}): {holds}", fit.name, shown(&fit.label))
    };
    let lines: Vec<String> = fits.iter().map(line).collect();
    format!(
        "{} fit, and only one can be adopted\n{}\nhelp: --url takes one of them",
        counted(fits.len(), "API"),
        lines.join("\n")
    )
}

/// Returns a name of the site on one line, without characters that a terminal would obey.
fn shown(text: &str) -> String {
    text.chars().take(200).map(|character| if character.is_control() { ' ' } else { character }).collect()
}

fn percent_encode(id: &str) -> String {
    let encode = |byte: u8| {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    id.bytes().map(encode).collect()
}
