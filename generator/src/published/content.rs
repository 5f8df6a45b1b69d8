//! Detects what was downloaded by its content alone. Must not rely on names or content types.

use super::endpoint::{Form, read_endpoint};
use super::site::{Index, read_catalog, read_index, read_listing};
use super::split::{Page, split_pages};
use super::unwrap_html;

/// Number of first-level headings up to which Markdown with links may be an index.
const ARTICLES: usize = 3;

/// What a download contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON or YAML that may be an API document.
    Document,
    /// A listing of several APIs.
    Listing,
    /// A catalog of APIs (RFC 9727).
    Catalog,
    /// An index of pages, such as `llms.txt`.
    Index,
    /// Pages in Markdown, such as `llms-full.txt`.
    Pages,
    /// A web page.
    Html,
    /// Nothing.
    Empty,
    /// Any other text.
    Text,
    /// Not text.
    Binary,
}

impl Content {
    /// Returns the description for messages, including an article.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Document => "JSON or YAML",
            Self::Listing => "a listing of APIs",
            Self::Catalog => "a catalog of APIs",
            Self::Index => "an index of pages",
            Self::Pages => "pages in Markdown",
            Self::Html => "a web page (HTML)",
            Self::Empty => "nothing",
            Self::Text => "plain text",
            Self::Binary => "binary data",
        }
    }
}

/// Detects the content of a download.
pub fn detect_content(bytes: &[u8]) -> Content {
    let Ok(text) = std::str::from_utf8(bytes) else { return Content::Binary };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Content::Empty;
    }
    if text.starts_with(['{', '[']) {
        let is_object = text.starts_with('{');
        return listed_content(text).unwrap_or(if is_object { Content::Document } else { Content::Text });
    }
    let markdown = unwrap_html(text);
    let pages = split_pages(&markdown);
    let has_endpoint = pages.iter().any(|page| read_endpoint(page).1 != Form::Article);
    if text.starts_with('<') && !text.starts_with("<<:") {
        let catalog = read_catalog(text).map(|_| Content::Catalog);
        return if has_endpoint { Content::Pages } else { catalog.unwrap_or(Content::Html) };
    }
    // Pages contain the same keys only in code blocks, which are not lines of text.
    if pages.iter().any(|page| page.lines().any(is_version_key)) {
        return Content::Document;
    }
    let index = read_index(&markdown);
    if has_endpoint {
        Content::Pages
    } else if is_index(&index, &pages) {
        Content::Index
    } else if let Some(content) = listed_content(text) {
        content
    } else if pages.iter().any(|page| !page.title.is_empty()) {
        Content::Pages
    } else {
        Content::Text
    }
}

fn listed_content(text: &str) -> Option<Content> {
    let catalog = read_catalog(text).map(|_| Content::Catalog);
    catalog.or_else(|| read_listing(text).map(|_| Content::Listing))
}

/// Returns whether Markdown is an index: it says what its links are, or it links to other indexes or pages and is no collection of
/// articles that mention some.
fn is_index(index: &Index, pages: &[Page<'_>]) -> bool {
    let links = index.versions.len() + index.sections.len() + index.pages.len();
    index.has_sections || links > 0 && pages.iter().filter(|page| !page.title.is_empty()).count() <= ARTICLES
}

/// Returns whether a line is the version key of an API document in block-style YAML.
fn is_version_key(line: &str) -> bool {
    let keys = ["openapi", "swagger"];
    keys.iter().any(|key| {
        let rest = line.trim_start_matches(['"', '\'']).strip_prefix(key);
        rest.is_some_and(|rest| rest.trim_start_matches(['"', '\'']).starts_with(':'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_detected_without_its_name() {
        let page = "# A\n\nGET https://a.example/x\n\nReference: https://d.example/x\n\n## OpenAPI Specification\n\n```yaml\nopenapi: 3.1.0\n```\n";
        let saved = format!("<html><body><pre>{}</pre></body></html>", page.replace('<', "&lt;"));
        let rows: [(&[u8], Content); 26] = [
            (b"", Content::Empty),
            (b"\xef\xbb\xbf \n", Content::Empty),
            (b"\x1f\x8b\x08\x00", Content::Binary),
            (b"{\"openapi\": \"3.1.0\"}", Content::Document),
            (b"\xef\xbb\xbf{}", Content::Document),
            (b"openapi: 3.1.0\npaths: {}\n", Content::Document),
            (b"# Made by a tool\n---\ninfo:\n  title: T\n\"openapi\": 3.1.0\n", Content::Document),
            (b"swagger: '2.0'\n", Content::Document),
            (b"<!doctype html>\n<title>Docs</title>", Content::Html),
            (b"<html><pre># Not found</pre></html>", Content::Html),
            (saved.as_bytes(), Content::Pages),
            (page.as_bytes(), Content::Pages),
            (b"# Errors\n\nAll errors.\n", Content::Pages),
            (b"# A\n```yaml\nopenapi: 3.1.0\n```\n", Content::Pages),
            (b"# Acme\n## OpenAPI Specification\n- [JSON](/openapi.json)\n", Content::Index),
            (b"# Acme\n## Versions\n- [v1](/v1/llms.txt) (default)\n", Content::Index),
            (b"Not found", Content::Text),
            (b"[1, 2]", Content::Text),
            (b"[{\"id\": \"a\", \"name\": \"n\"}]", Content::Listing),
            (b"apis:\n  - id: a\n    name: n\n", Content::Listing),
            (b"# APIs\n\n- [One](/openapi.json?api=a)\n", Content::Listing),
            (b"{\"linkset\": []}", Content::Catalog),
            (b"</openapi.json>; rel=\"service-desc\"\n", Content::Catalog),
            (b"> - v2025-04-21: https://d.example/2025-04-21/llms.txt\n", Content::Index),
            (b"# Acme\n\n- [Start](start.md)\n", Content::Index),
            (b"{\"error\": \"not found\"}", Content::Document),
        ];
        for (bytes, expected) in rows {
            assert_eq!(detect_content(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
