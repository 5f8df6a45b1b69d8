//! Tells by content alone what was received, whatever its name or type says.

use super::endpoint::{Form, read_endpoint};
use super::index::read_index;
use super::plain;
use super::split::split_pages;

/// What bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON or YAML that may be an API document.
    Document,
    /// An index of pages, as `llms.txt`.
    Index,
    /// Pages in Markdown, as `llms-full.txt`.
    Pages,
    /// A page for browsers.
    Html,
    /// Nothing.
    Empty,
    /// Text that is none of these.
    Text,
    /// No text.
    Binary,
}

impl Content {
    /// What it is called in messages, with its article.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Document => "JSON or YAML",
            Self::Index => "an index of pages",
            Self::Pages => "pages in Markdown",
            Self::Html => "a web page (HTML)",
            Self::Empty => "nothing",
            Self::Text => "a text",
            Self::Binary => "no text in UTF-8",
        }
    }
}

/// Looks at what was received.
pub fn detect_content(bytes: &[u8]) -> Content {
    let Ok(text) = std::str::from_utf8(bytes) else { return Content::Binary };
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return Content::Empty;
    }
    if text.starts_with('{') {
        return Content::Document;
    }
    let markdown = plain(text);
    let pages = split_pages(&markdown);
    let says_endpoint = pages.iter().any(|page| read_endpoint(page).1 != Form::Article);
    if text.starts_with('<') && !text.starts_with("<<:") {
        return if says_endpoint { Content::Pages } else { Content::Html };
    }
    // Inside of pages the same keys stand in fences, which are no lines of text.
    if pages.iter().any(|page| page.lines().any(is_frame_of_document)) {
        return Content::Document;
    }
    let index = read_index(&markdown);
    let is_markdown = pages.iter().any(|page| !page.title.is_empty());
    match (says_endpoint, is_markdown) {
        (true, _) => Content::Pages,
        (false, _) if !(index.documents.is_empty() && index.versions.is_empty()) => Content::Index,
        (false, true) => Content::Pages,
        (false, false) => Content::Text,
    }
}

/// The line that every API document in YAML has, in block style.
fn is_frame_of_document(line: &str) -> bool {
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
    fn content_is_known_whatever_it_is_called() {
        let page = "# A\n\nGET https://a.example/x\n\nReference: https://d.example/x\n\n## OpenAPI Specification\n\n```yaml\nopenapi: 3.1.0\n```\n";
        let saved = format!("<html><body><pre>{}</pre></body></html>", page.replace('<', "&lt;"));
        let rows: [(&[u8], Content); 18] = [
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
        ];
        for (bytes, expected) in rows {
            assert_eq!(detect_content(bytes), expected, "{}", String::from_utf8_lossy(bytes));
        }
    }
}
