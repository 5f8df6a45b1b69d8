//! Assembles an API document from what a documentation site publishes for machines: `llms.txt`, `llms-full.txt` and single pages.
//!
//! ```text
//! text --split--> pages --endpoint--> form --fragment, repair | prose--> fragments --merge, servers, names--> document
//! ```
//!
//! The form of the pages changed over the years; [`Generation`] numbers the forms. Must not know any vendor or download anything.

mod comparison;
mod content;
mod endpoint;
mod fragment;
mod head;
mod identity;
mod merge;
mod names;
mod prose;
mod repair;
mod servers;
mod site;
mod split;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

pub use comparison::{Difference, Lacking, Subject, compare_documents};
pub use content::{Content, detect_content};
pub(crate) use identity::anonymous;
pub use identity::{Evidence, Identity, date_in, read_identity, version_in_url};
pub use site::{
    Catalog, Index, ListedApi, PageLinks, VersionIndex, WebLink, parse_web_links, read_catalog, read_index,
    read_listing, read_page_links,
};

use endpoint::{Endpoint, Form};
use fragment::Fragment;
use identity::Wanted;
use split::Page;

/// Marks a document, operation or schema that was reconstructed from prose and lacks what prose does not contain.
pub const APPROXIMATE: &str = "x-sdk-approximate";

/// The form of a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Generation {
    /// Until summer 2025: no schemas.
    First,
    /// From late 2025: a YAML fragment with quirks.
    Second,
    /// From spring 2026: the same, with prefixed names.
    Third,
    /// From spring 2026: a fragment identical to the complete document.
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

/// Statistics of a set of pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Tally {
    /// All pages.
    pub pages: usize,
    /// Endpoint pages, by generation.
    pub generations: BTreeMap<Generation, usize>,
    /// Parsed fragments.
    pub fragments: usize,
    /// Pages about channels, which are skipped.
    pub channels: usize,
    /// Pages of other versions of the API, which are skipped.
    pub other_versions: usize,
    /// Operations in the document.
    pub operations: usize,
    /// Webhooks in the document.
    pub webhooks: usize,
    /// Component schemas in the document.
    pub schemas: usize,
    /// Contradictions between pages.
    pub conflicts: usize,
}

impl fmt::Display for Tally {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let generations: Vec<String> = self.generations.keys().map(ToString::to_string).collect();
        write!(
            formatter,
            "pages {}, generation {}, fragments {}, channels skipped {}, operations {}, webhooks {}, schemas {}, conflicts {}",
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

/// How exact a merged document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exactness {
    /// Every operation comes from a fragment.
    Exact,
    /// Some operations were reconstructed from prose.
    Approximate,
}

/// A document assembled from pages.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Merged {
    /// The document. An approximate one is marked with [`APPROXIMATE`] in `info`.
    pub document: Value,
    /// How exact the document is.
    pub exactness: Exactness,
    /// Statistics of the pages.
    pub tally: Tally,
    /// Warnings, with lines of the input: unreadable pages, guesses and contradictions.
    pub report: Report,
}

/// The reason why pages do not yield a document.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct NoDocument {
    /// Statistics of the pages.
    pub tally: Tally,
    /// What is missing, and which source to use instead.
    pub report: Report,
}

/// Parses pages and merges them into a document. Pages known to be about another version than `version` are skipped.
///
/// # Errors
///
/// Fails if no page describes an endpoint with its schemas.
pub fn merge_pages(text: &str, name: &str, version: Option<&str>) -> Result<Merged, NoDocument> {
    let text = unwrap_html(text);
    let pages = split::split_pages(&text);
    let mut report = Report::default();
    let heads: Vec<(&Page<'_>, Endpoint<'_>, Form<'_>)> = pages
        .iter()
        .map(|page| {
            let (endpoint, form) = endpoint::read_endpoint(page);
            (page, endpoint, form)
        })
        .collect();
    // Anything before the first heading is a banner.
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
    let sites = heads.iter().filter_map(|(_, endpoint, _)| site_of(endpoint));
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
        report.diagnostics.insert(0, report_no_schemas(&tally, site));
        return Err(NoDocument { tally, report: in_source(report, name) });
    }
    tally.fragments = fragments.iter().filter(|fragment| fragment.generation != Generation::Fifth).count();
    let info = build_info(&fragments, site);
    let servers = servers::merge_servers(&mut fragments, &mut report);
    let mut document = merge::merge_fragments(fragments, &mut report);
    names::clean_component_names(&mut document);
    let exactness = if has_approximate_operations(&document) { Exactness::Approximate } else { Exactness::Exact };
    let document = build_document(document, info, servers, exactness);
    let identity = read_identity(&document, None);
    (tally.operations, tally.webhooks, tally.schemas) =
        (identity.operations.len(), identity.webhooks, identity.schemas);
    tally.conflicts = report.diagnostics.iter().filter(|diagnostic| diagnostic.code == Code::PageConflict).count();
    Ok(Merged { document, exactness, tally, report: in_source(report, name) })
}

/// Extracts pages that a browser saved, which are inside `<pre>`.
fn unwrap_html(text: &str) -> Cow<'_, str> {
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
        Cow::Owned(entities.iter().fold(inner.to_owned(), |text, (entity, character)| text.replace(entity, character)))
    })
}

/// Returns the host of the documentation.
fn site_of<'a>(endpoint: &Endpoint<'a>) -> Option<&'a str> {
    let (_, rest) = endpoint.reference?.split_once("://")?;
    rest.split('/').next()
}

/// Builds `info`. A title that all pages share is that of the API; older pages have titles of their own.
fn build_info(fragments: &[Fragment], site: &str) -> Value {
    let exact = fragments.iter().filter(|fragment| fragment.generation == Generation::Fourth);
    let mut titles = exact.filter_map(|fragment| fragment.document.pointer("/info/title")?.as_str());
    let shared = titles.next().filter(|first| titles.all(|other| other == *first));
    let title = shared.or(Some(site).filter(|site| !site.is_empty())).unwrap_or("API");
    json!({"title": title, "version": "1.0.0"})
}

fn has_approximate_operations(document: &Value) -> bool {
    let items = ["paths", "webhooks"].into_iter().filter_map(|part| document.get(part)?.as_object());
    let operations = items.flat_map(Map::values).filter_map(Value::as_object).flat_map(Map::values);
    operations.into_iter().any(|operation| operation.get(APPROXIMATE).is_some())
}

fn build_document(document: Value, mut info: Value, servers: Vec<Value>, exactness: Exactness) -> Value {
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

/// Reports why pages do not yield a document, and suggests the complete document of the site instead.
fn report_no_schemas(tally: &Tally, site: &str) -> Diagnostic {
    let found = if tally.generations.contains_key(&Generation::First) {
        "the pages belong to the first generation: they name methods, paths and status codes, but no schemas".to_owned()
    } else if tally.other_versions > 0 {
        format!("all {} endpoint pages describe other versions of the API", tally.other_versions)
    } else if tally.channels > 0 {
        "the pages describe channels (AsyncAPI), which are not part of the HTTP API".to_owned()
    } else if tally.pages == 0 {
        "the input contains no pages".to_owned()
    } else {
        "the pages are handwritten: they do not state the method and path of an endpoint".to_owned()
    };
    let better = if site.is_empty() {
        "use the complete document of the site, usually /openapi.json or /openapi.yaml, or the one that its /llms.txt links to".to_owned()
    } else {
        format!(
            "use https://{site}/openapi.json or https://{site}/openapi.yaml, or the document that https://{site}/llms.txt links to"
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
