//! Detects what was downloaded by its content alone. Must not rely on names or content types.

use super::endpoint::{Form, read_endpoint};
use super::index::read_index;
use super::split::split_pages;
use super::unwrap_html;

/// What a download contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// JSON or YAML that may be an API document.
    Document,
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
    if text.starts_with('{') {
        return Content::Document;
    }
    let markdown = unwrap_html(text);
    let pages = split_pages(&markdown);
    let has_endpoint = pages.iter().any(|page| read_endpoint(page).1 != Form::Article);
    if text.starts_with('<') && !text.starts_with("<<:") {
        return if has_endpoint { Content::Pages } else { Content::Html };
    }
    // Pages contain the same keys only in code blocks, which are not lines of text.
    if pages.iter().any(|page| page.lines().any(is_version_key)) {
        return Content::Document;
    }
    let index = read_index(&markdown);
    let is_markdown = pages.iter().any(|page| !page.title.is_empty());
    match (has_endpoint, is_markdown) {
        (true, _) => Content::Pages,
        (false, _) if !(index.documents.is_empty() && index.versions.is_empty()) => Content::Index,
        (false, true) => Content::Pages,
        (false, false) => Content::Text,
    }
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
