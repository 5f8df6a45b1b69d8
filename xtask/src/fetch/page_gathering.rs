//! Downloads the pages that an index lists, one by one: a few at a time, with pauses, and only those that changed. Must not know
//! what the pages say.

use std::collections::{BTreeSet, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::thread;

use generator::published::{Content, detect_content, read_index, version_in_url};

use super::journal::SourceResult;
use super::page_store::PageStore;
use super::plan::{Expected, Reason, Source};
use super::reach::{Naming, follow};
use super::search::Search;
use crate::download::{self, Download, Limits, Progress, Received, Redirects, Request, WallClock};
use crate::outcome::counted;

/// Pages that are requested at the same time.
const WORKERS: usize = 4;
/// Pages of one site.
const PAGES: usize = 3000;
/// Indexes of one site.
const INDEXES: usize = 60;
/// Failed pages in a row, or so, after which the server is left alone.
const FAILURES: usize = 8;
/// The server is well if it fails for at most one page of so many.
const PAGES_FOR_EACH_FAILURE: usize = 10;
/// Number of pages that a message lists.
const NAMED: usize = 3;

/// The pages of a site.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// The text of all pages.
    pub(super) text: String,
    /// Number of pages.
    pub(super) pages: usize,
    /// URLs of pages that could not be downloaded.
    pub(super) missing: Vec<String>,
}

impl Gathered {
    /// Says how many pages are missing, if any are.
    pub(super) fn describe_missing(&self) -> Option<String> {
        let named: Vec<&str> = self.missing.iter().map(String::as_str).take(NAMED).collect();
        let more = if self.missing.len() > NAMED { ", …" } else { "" };
        let total = self.pages + self.missing.len();
        let missing = counted(self.missing.len(), "page");
        (!named.is_empty())
            .then(|| format!("{missing} of {total} could not be downloaded ({}{more})", named.join(", ")))
    }
}

/// What the threads share.
struct Shared<'a> {
    open: Mutex<VecDeque<(usize, &'a str)>>,
    done: Mutex<Done>,
    store: &'a PageStore,
    limits: &'a Limits,
    progress: Progress,
}

#[derive(Default)]
struct Done {
    texts: Vec<(usize, String)>,
    missing: Vec<String>,
    /// Failures since the last success.
    failures: usize,
    /// Why pages could not be downloaded that the site may have.
    unreachable: Vec<String>,
    bytes: u64,
    stopped: Option<String>,
}

impl Done {
    /// Returns why so many pages are missing that the server cannot be well, whatever came between them.
    fn explain_breakdown(&mut self, pages: usize) -> Option<String> {
        let is_well = self.unreachable.len() * PAGES_FOR_EACH_FAILURE <= pages;
        self.unreachable.pop().filter(|_| !is_well)
    }
}

impl Search<'_> {
    /// Downloads the pages that an index and the indexes below it list.
    ///
    /// # Errors
    ///
    /// There are none, or the server does not respond any more.
    pub(super) fn gather_pages(&mut self, source: &Source, received: &Received) -> Result<Gathered, String> {
        let urls = self.list_pages(source, received);
        if urls.is_empty() {
            return Err("this is an index that lists no pages".to_owned());
        }
        if urls.len() > PAGES {
            return Err(format!("this is an index that lists more than {PAGES} pages, of which none was requested"));
        }
        let store = PageStore::open(self.layout, &received.url);
        let shared = Shared {
            open: Mutex::new(urls.iter().map(String::as_str).enumerate().collect()),
            done: Mutex::new(Done::default()),
            store: &store,
            limits: &self.plan.limits,
            progress: Progress::new(urls.len()),
        };
        thread::scope(|scope| {
            for _ in 0..WORKERS.min(urls.len()) {
                scope.spawn(|| shared.work());
            }
        });
        let mut done = shared.done.into_inner().unwrap_or_else(PoisonError::into_inner);
        if let Some(reason) = done.stopped.take().or_else(|| done.explain_breakdown(urls.len())) {
            let count = format!("{} of {}", done.texts.len(), counted(urls.len(), "page"));
            return Err(format!("{reason}; {count} are here, and the next run continues with the others"));
        }
        store.finish();
        done.texts.sort();
        let texts: Vec<String> = done.texts.into_iter().map(|(_, text)| text).collect();
        Ok(Gathered { text: texts.join("\n\n"), pages: texts.len(), missing: done.missing })
    }

    /// Returns the pages of the requested version, in the order of the indexes.
    fn list_pages(&mut self, source: &Source, received: &Received) -> Vec<String> {
        let wanted = self.plan.wanted.clone();
        let version = wanted.as_ref().map(|version| version.as_str());
        let (mut pages, mut known) = (Vec::new(), BTreeSet::from([received.url.clone()]));
        let mut open = VecDeque::from([(received.url.clone(), String::from_utf8_lossy(&received.bytes).into_owned())]);
        while let Some((base, text)) = open.pop_front() {
            let index = read_index(&text);
            let is_other =
                |url: &str| version_in_url(url).is_some_and(|found| version.is_some_and(|wanted| wanted != found));
            let listed = index.pages.iter().filter_map(|url| follow(source, &base, url, Naming::Mention).ok());
            for url in listed.filter(|url| !is_other(url)) {
                if pages.len() > PAGES {
                    break;
                }
                if known.insert(url.clone()) {
                    pages.push(url);
                }
            }
            let of_version = index.of_version(version).map(|index| index.url.clone());
            for url in of_version.into_iter().chain(index.sections) {
                if pages.len() > PAGES || self.journal.tried.len() > INDEXES {
                    break;
                }
                let Ok(url) = follow(source, &base, &url, Naming::Mention) else { continue };
                if is_other(&url) || !known.insert(url.clone()) {
                    continue;
                }
                open.extend(self.receive_index(source, url, &base));
            }
        }
        pages
    }

    fn receive_index(&mut self, source: &Source, url: String, base: &str) -> Option<(String, String)> {
        let next = source.next(url, Expected::PageIndex, Reason::Index(base.to_owned()));
        let limits = self.plan.limits.clone();
        let (Download::Received(received), attempts) = self.receive(&next, &limits)? else { return None };
        let result = SourceResult::of(&next, attempts, Some(received.summary.clone()));
        if detect_content(&received.bytes) != Content::Index {
            self.journal.record_rejected(result, format!("this is no index; received {}", received.summary));
            return None;
        }
        self.journal.record_accepted(result);
        Some((received.url, String::from_utf8_lossy(&received.bytes).into_owned()))
    }
}

impl Shared<'_> {
    /// Downloads pages until none is left.
    fn work(&self) {
        loop {
            let next = self.open.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
            let Some((place, url)) = next else { return };
            let known = self.store.read(url);
            let is_current = known.as_ref().is_some_and(|page| page.is_current);
            let result = match known {
                Some(page) if page.is_current => Ok(page.text),
                known => self.request(url, known.map(|page| (page.text, page.state))),
            };
            let mut done = self.done.lock().unwrap_or_else(PoisonError::into_inner);
            match result {
                Ok(text) => {
                    done.failures = 0;
                    done.bytes = done.bytes.saturating_add(text.len() as u64);
                    done.texts.push((place, text));
                }
                Err(Failed::Missing) => done.missing.push(url.to_owned()),
                Err(Failed::Unreachable(reason)) => {
                    done.failures += 1;
                    done.missing.push(url.to_owned());
                    let reason = format!("{url}: {reason}");
                    done.unreachable.push(reason.clone());
                    if done.failures >= FAILURES {
                        done.stopped = Some(reason);
                    }
                }
            }
            if done.bytes > self.limits.bytes {
                done.stopped = Some(format!("the pages together are larger than {} bytes", self.limits.bytes));
            }
            self.progress.show(done.texts.len() + done.missing.len());
            if done.stopped.is_some() {
                self.open.lock().unwrap_or_else(PoisonError::into_inner).clear();
                return;
            }
            drop(done);
            if !is_current {
                thread::sleep(self.limits.page_pause);
            }
        }
    }

    fn request(&self, url: &str, known: Option<(String, download::State)>) -> Result<String, Failed> {
        let state = known
            .as_ref()
            .map(|(_, state)| state)
            .filter(|state| state.etag.is_some() || state.last_modified.is_some());
        let request = Request { url, known: state, redirects: Redirects::SameOrigin };
        match download::get(request, self.limits, &mut WallClock) {
            Ok((Download::NotModified, _)) => {
                let (text, state) = known.ok_or(Failed::Missing)?;
                self.store.keep(url, &text, &state);
                Ok(text)
            }
            Ok((Download::Received(received), _)) => match detect_content(&received.bytes) {
                Content::Html | Content::Binary | Content::Empty => Err(Failed::Missing),
                Content::Document
                | Content::Listing
                | Content::Catalog
                | Content::Index
                | Content::Pages
                | Content::Text => {
                    let text = String::from_utf8_lossy(&received.bytes).into_owned();
                    self.store.keep(url, &text, &received.state);
                    Ok(text)
                }
            },
            Err(error) => match error.summary.and_then(|summary| summary.status) {
                Some(status) if status.starts_with('4') && !status.starts_with("429") => Err(Failed::Missing),
                Some(_) | None => Err(Failed::Unreachable(error.reason)),
            },
        }
    }
}

/// Why there is no page.
enum Failed {
    /// The site does not have it.
    Missing,
    /// The server did not send it this time.
    Unreachable(String),
}
