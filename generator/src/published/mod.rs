//! What a documentation site publishes for machines, to one API document: `llms.txt`, `llms-full.txt` and single pages.
//!
//! ```text
//! text --split--> pages --endpoint--> form --fragment, repair | prose--> fragments --merge, servers, names--> document
//! ```
//!
//! The form of the pages changed over the years; [`Generation`] numbers the forms. Knows no vendor and receives nothing
//! itself.

mod comparison;
mod content;
mod endpoint;
mod fragment;
mod head;
mod identity;
mod index;
mod merge;
mod names;
mod prose;
mod repair;
mod servers;
mod split;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

pub use comparison::{Difference, Lacking, Subject, compare_documents};
pub use content::{Content, detect_content};
pub use identity::{Evidence, Identity, read_identity, version_in_url};
pub use index::{Index, VersionIndex, read_index};

use endpoint::{Endpoint, Form};
use fragment::Fragment;
use identity::Wanted;
use split::Page;

/// Mark of a document, operation or schema that was rebuilt from prose and lacks what prose does not say.
pub const APPROXIMATE: &str = "x-sdk-approximate";

/// A form of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// Until summer 2025: no schemas at all.
    First,
    /// From late 2025: a fragment in YAML with quirks.
    Second,
    /// From spring 2026: the same, with prefixed names.
    Third,
    /// From spring 2026: a fragment as the whole document has it.
    Fourth,
    /// From autumn 2026: prose.
    Fifth,
}

impl fmt::Display for Generation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::First => "1",
            Self::Second => "2",
            Self::Third => "3",
            Self::Fourth => "4",
            Self::Fifth => "5",
        })
    }
}

/// How much there was in pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// Pages, whatever they are about.
    pub pages: usize,
    /// Pages about an endpoint, by generation.
    pub generations: BTreeMap<Generation, usize>,
    /// Fragments that were read.
    pub fragments: usize,
    /// Pages about channels, which were passed over.
    pub channels: usize,
    /// Pages of other versions of the API, which were passed over.
    pub other_versions: usize,
    /// Operations of the document.
    pub operations: usize,
    /// Webhooks of the document.
    pub webhooks: usize,
    /// Component schemas of the document.
    pub schemas: usize,
    /// Places where pages disagree.
    pub conflicts: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generations: Vec<String> = self.generations.keys().map(ToString::to_string).collect();
        write!(
            formatter,
            "pages {}, generation {}, fragments {}, channels passed over {}, operations {}, webhooks {}, schemas {}, conflicts {}",
            self.pages,
            if generations.is_empty() { "none".to_owned() } else { generations.join("+") },
            self.fragments,
            self.channels,
            self.operations,
            self.webhooks,
            self.schemas,
            self.conflicts
        )
    }
}

/// How faithful a merged document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// Every operation comes from a fragment.
    Exact,
    /// Some operations were rebuilt from prose.
    Approximate,
}

/// The document that pages make up.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Merged {
    /// The document. It says itself when it is approximate, with [`APPROXIMATE`] in `info`.
    pub document: Value,
    /// How faithful it is.
    pub exactness: Exactness,
    /// What it was made of.
    pub tally: Tally,
    /// What could not be read, what was guessed, and where pages disagree: warnings, with lines of the text.
    pub report: Report,
}

/// Pages that make up no document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NoDocument {
    /// What there was.
    pub tally: Tally,
    /// Why it is none, and which source is better.
    pub report: Report,
}

/// Reads pages and merges what they say. Pages that are known to be about another version than `version` are passed over.
///
/// # Errors
///
/// No page describes an endpoint with its schemas.
pub fn merge_pages(text: &str, name: &str, version: Option<&str>) -> Result<Merged, NoDocument> {
    let text = plain(text);
    let pages = split::split_pages(&text);
    let mut report = Report::default();
    let heads: Vec<(&Page<'_>, Endpoint<'_>, Form<'_>)> = pages
        .iter()
        .map(|page| {
            let (endpoint, form) = endpoint::read_endpoint(page);
            (page, endpoint, form)
        })
        .collect();
    // What stands before the first heading is a banner.
    let count = heads.iter().filter(|(page, _, form)| !page.title.is_empty() || *form != Form::Article).count();
    let mut tally = Tally { pages: count, ..Tally::default() };
    let wanted = Wanted::of(heads.iter().filter_map(|(_, endpoint, _)| endpoint.reference), version);
    let mut fragments: Vec<Fragment> = Vec::new();
    for (page, endpoint, form) in &heads {
        if *form != Form::Article && !wanted.has(endpoint.reference) {
            tally.other_versions += 1;
            continue;
        }
        let read = match form {
            Form::Fragment { yaml, line } => fragment::read_fragment(page, endpoint, (yaml, *line), &mut report),
            Form::Prose => Ok(prose::read_prose(page, endpoint)),
            Form::Channel => {
                tally.channels += 1;
                continue;
            }
            Form::Bare => {
                *tally.generations.entry(Generation::First).or_default() += 1;
                continue;
            }
            Form::Article => continue,
        };
        match read {
            Ok(fragment) => {
                *tally.generations.entry(fragment.generation).or_default() += 1;
                fragments.push(fragment);
            }
            Err(diagnostic) => report.push(diagnostic),
        }
    }
    let sites = heads.iter().filter_map(|(_, endpoint, _)| site(endpoint));
    let site = sites.into_iter().next().unwrap_or_default().to_owned();
    finish(fragments, &site, name, tally, report)
}

fn finish(
    mut fragments: Vec<Fragment>,
    site: &str,
    name: &str,
    mut tally: Tally,
    mut report: Report,
) -> Result<Merged, NoDocument> {
    if fragments.is_empty() {
        report.diagnostics.insert(0, nothing_to_read(&tally, site));
        return Err(NoDocument { tally, report: in_source(report, name) });
    }
    tally.fragments = fragments.iter().filter(|fragment| fragment.generation != Generation::Fifth).count();
    let info = info(&fragments, site);
    let servers = servers::merge_servers(&mut fragments, &mut report);
    let mut document = merge::merge_fragments(fragments, &mut report);
    names::clean_component_names(&mut document);
    let exactness = if has_mark(&document) { Exactness::Approximate } else { Exactness::Exact };
    let document = framed(document, info, servers, exactness);
    let identity = read_identity(&document, None);
    (tally.operations, tally.webhooks, tally.schemas) =
        (identity.operations.len(), identity.webhooks, identity.schemas);
    tally.conflicts = report.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::PageConflict).count();
    Ok(Merged { document, exactness, tally, report: in_source(report, name) })
}

/// Pages may be saved as a browser shows them: inside of `<pre>`.
fn plain(text: &str) -> Cow<'_, str> {
    let text = text.trim_start_matches('\u{feff}');
    let start = text.trim_start();
    if !start.starts_with('<') || start.starts_with("<<:") {
        return Cow::Borrowed(text);
    }
    let inner = start.split_once("<pre").and_then(|(_, rest)| rest.split_once('>'));
    let inner = inner.map(|(_, rest)| rest.rsplit_once("</pre>").map_or(rest, |(inner, _)| inner));
    inner.map_or(Cow::Borrowed(text), |inner| {
        let entities =
            [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&amp;", "&")];
        Cow::Owned(entities.iter().fold(inner.to_owned(), |text, (entity, sign)| text.replace(entity, sign)))
    })
}

/// The host of the documentation.
fn site<'a>(endpoint: &Endpoint<'a>) -> Option<&'a str> {
    let (_, rest) = endpoint.reference?.split_once("://")?;
    rest.split('/').next()
}

/// A title that all pages share is that of the API; older ones have titles of their own.
fn info(fragments: &[Fragment], site: &str) -> Value {
    let exact = fragments.iter().filter(|fragment| fragment.generation == Generation::Fourth);
    let mut titles = exact.filter_map(|fragment| fragment.document.pointer("/info/title")?.as_str());
    let shared = titles.next().filter(|first| titles.all(|other| other == *first));
    let title = shared.or(Some(site).filter(|site| !site.is_empty())).unwrap_or("API");
    json!({"title": title, "version": "1.0.0"})
}

fn has_mark(document: &Value) -> bool {
    let items = ["paths", "webhooks"].into_iter().filter_map(|part| document.get(part)?.as_object());
    let operations = items.flat_map(Map::values).filter_map(Value::as_object).flat_map(Map::values);
    operations.into_iter().any(|operation| operation.get(APPROXIMATE).is_some())
}

fn framed(document: Value, mut info: Value, servers: Vec<Value>, exactness: Exactness) -> Value {
    match exactness {
        Exactness::Approximate => info[APPROXIMATE] = json!(true),
        Exactness::Exact => {}
    }
    let mut framed = json!({"openapi": "3.1.0", "info": info});
    if !servers.is_empty() {
        framed["servers"] = Value::Array(servers);
    }
    for part in ["paths", "webhooks", "components"] {
        if let Some(value) = document.get(part) {
            framed[part] = value.clone();
        }
    }
    framed
}

/// Why pages make up no document. The better source is the document that the site serves whole.
fn nothing_to_read(tally: &Tally, site: &str) -> Diagnostic {
    let found = if tally.generations.contains_key(&Generation::First) {
        "the pages are of the first generation: they name methods, paths and status codes, but no schemas".to_owned()
    } else if tally.other_versions > 0 {
        format!("the {} pages about endpoints are all about other versions of the API", tally.other_versions)
    } else if tally.channels > 0 {
        "the pages describe channels (AsyncAPI), which are no part of the API over HTTP".to_owned()
    } else if tally.pages == 0 {
        "there is no page in the text".to_owned()
    } else {
        "the pages are written by hand: they do not say method and path of an endpoint".to_owned()
    };
    let better = if site.is_empty() {
        "take the document that the site serves whole, usually /openapi.json or /openapi.yaml, or the one its /llms.txt names".to_owned()
    } else {
        format!(
            "take https://{site}/openapi.json or https://{site}/openapi.yaml, or the document that https://{site}/llms.txt names"
        )
    };
    Diagnostic::new(Code::NoSchemas, Pointer::root(), found)
        .expected("pages with a section `OpenAPI Specification`, or with `Request` and `Response` in prose")
        .help(better)
}

fn in_source(report: Report, name: &str) -> Report {
    let named = report.diagnostics.into_iter().map(|diagnostic| diagnostic.in_source(name));
    Report { diagnostics: named.collect() }
}

#[cfg(test)]
mod tests;
