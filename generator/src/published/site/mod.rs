//! Reads what a documentation site publishes about where its API documents are: listings, catalogs, indexes, links of web pages.
//!
//! Must not follow links or know which of them may be followed.

mod address;
mod catalog;
mod html;
mod index;
mod listing;
mod listing_text;
mod web_links;

pub use catalog::{Catalog, read_catalog};
pub use html::{PageLinks, read_page_links};
pub use index::{Index, VersionIndex, read_index};
pub use listing::read_listing;
pub use web_links::{WebLink, parse_web_links};

use super::identity::{dates, version_in_url};
use address::stem;

/// An API that a site lists, with the ways to request its document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ListedApi {
    /// Its name on the site.
    pub label: String,
    /// URLs of its document, best first; may be relative.
    pub urls: Vec<String>,
    /// IDs by which a listing selects it (`?api=<id>`), best first.
    pub ids: Vec<String>,
}

impl ListedApi {
    /// Creates an entry of which only the URL is known.
    pub fn of_url(url: &str) -> Self {
        Self { urls: vec![url.to_owned()], ..Self::default() }
    }

    /// Returns whether its URLs are named like documents.
    pub fn names_documents(&self) -> bool {
        self.urls.iter().any(|url| address::names_document(url))
    }

    /// Merges entries about one document: the same API in JSON and in YAML, or listed twice.
    pub fn merge_alternatives(apis: Vec<Self>) -> Vec<Self> {
        merge_alternatives(apis)
    }

    /// Returns the dated version that its name, its IDs or its URLs contain.
    pub fn version(&self) -> Option<String> {
        let texts = std::iter::once(&self.label).chain(&self.ids);
        let named = texts.flat_map(|text| dates(text)).next();
        named.or_else(|| self.urls.iter().find_map(|url| version_in_url(url)).map(str::to_owned))
    }
}

/// Merges entries about one document: the same API in JSON and in YAML, or listed twice.
fn merge_alternatives(apis: Vec<ListedApi>) -> Vec<ListedApi> {
    let mut merged: Vec<ListedApi> = Vec::new();
    let mut known = std::collections::HashMap::new();
    for api in apis {
        let key = match (api.urls.first(), api.ids.first()) {
            (Some(url), _) => stem(url),
            (None, Some(id)) => format!("?api={id}"),
            (None, None) => continue,
        };
        let place = *known.entry(key).or_insert(merged.len());
        match merged.get_mut(place) {
            None => merged.push(api),
            Some(first) => {
                let urls = api.urls.into_iter().filter(|url| !first.urls.contains(url)).collect::<Vec<_>>();
                first.urls.extend(urls);
            }
        }
    }
    merged
}
