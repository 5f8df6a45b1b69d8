//! What the form of a URL says about its content, and how URLs are written in a line of text. Must not know whole files.

/// Extensions of documents.
const DOCUMENTS: [&str; 3] = [".json", ".yaml", ".yml"];
/// Extensions of pages.
const PAGES: [&str; 2] = [".md", ".mdx"];
/// Length of the inside of a link with a label, in bytes.
const LONGEST: usize = 4096;
/// What stands for an ID where a text explains how one is used.
const PLACEHOLDERS: [&str; 6] = ["id", "api_id", "api-id", "apiid", "your_api_id", "..."];
/// Characters at the end of a sentence, not of a URL.
const PUNCTUATION: [char; 7] = ['.', ';', ':', ']', '|', '!', ','];

/// A link in a line of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LineLink<'a> {
    /// The text of the link, or what precedes it.
    pub label: &'a str,
    pub url: &'a str,
    /// The rest of the line.
    pub rest: &'a str,
}

/// Returns the path of a URL or relative reference, without query and fragment.
fn path_of(url: &str) -> &str {
    url.split(['?', '#']).next().unwrap_or_default()
}

/// Returns the last segment of the path, in lower case.
fn file_name(url: &str) -> String {
    path_of(url).rsplit('/').next().unwrap_or_default().to_ascii_lowercase()
}

/// Returns whether a URL selects one of several documents.
pub(super) fn selects_api(url: &str) -> bool {
    let is_placeholder = |id: &str| {
        id.is_empty()
            || id.starts_with(['<', '{', ':', '$', '['])
            || PLACEHOLDERS.contains(&id.to_ascii_lowercase().as_str())
    };
    let selects = |part: &str| part.strip_prefix("api=").is_some_and(|id| !is_placeholder(id));
    url.split_once('?').is_some_and(|(_, query)| query.split(['&', ';']).any(selects))
}

/// Returns whether a URL looks like that of an API document. Descriptions of channels are named in the same way.
pub(super) fn names_document(url: &str) -> bool {
    let name = file_name(url);
    !name.contains("asyncapi") && (DOCUMENTS.iter().any(|extension| name.ends_with(extension)) || selects_api(url))
}

/// Returns whether a URL is named after OpenAPI, so that it is one wherever it is mentioned.
pub(super) fn names_openapi(url: &str) -> bool {
    let name = file_name(url);
    names_document(url) && (name.contains("openapi") || name.contains("swagger") || selects_api(url))
}

/// Returns whether a URL is that of an index.
pub(super) fn names_index(url: &str) -> bool {
    file_name(url) == "llms.txt"
}

/// Returns whether a URL is that of a page in Markdown.
pub(super) fn names_page(url: &str) -> bool {
    let name = file_name(url);
    PAGES.iter().any(|extension| name.ends_with(extension))
}

/// Returns the URL without the extension of a document, which differs between JSON and YAML.
pub(super) fn stem(url: &str) -> String {
    let path = path_of(url);
    let rest = url.get(path.len()..).unwrap_or_default();
    let stem = DOCUMENTS.iter().find_map(|extension| path.strip_suffix(extension)).unwrap_or(path);
    format!("{stem}{rest}")
}

/// Returns whether a text is a URL or a reference to one, whatever its scheme.
pub(super) fn is_reference(text: &str) -> bool {
    let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
        let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.');
        scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme.bytes().all(is_plain)
            && !rest.is_empty()
    });
    let starts = ["/", "./", "../", "?"].iter().any(|start| text.starts_with(start));
    !text.contains(char::is_whitespace) && (has_scheme || starts || names_document(text))
}

/// Returns the links in a line: `[label](url)`, `<url>`, and plain URLs.
pub(super) fn links_in(line: &str) -> Vec<LineLink<'_>> {
    let mut found = Vec::new();
    let mut written = written_links(line).into_iter().peekable();
    let mut at = 0;
    let mut plain = plain_link(line, at);
    loop {
        while written.next_if(|(start, ..)| *start < at).is_some() {}
        if plain.is_some_and(|(start, _)| start < at) {
            plain = plain_link(line, at);
        }
        let is_plain = match (written.peek(), plain) {
            (Some((start, ..)), Some((other, _))) => other < *start,
            (None, Some(_)) => true,
            (Some(_), None) => false,
            (None, None) => return found,
        };
        let next = if is_plain {
            plain.and_then(|(start, url)| {
                let label = line.get(at..start)?.trim_matches(is_between);
                Some((label, url, start + url.len()))
            })
        } else {
            written.next().map(|(_, label, url, end)| (label, url, end))
        };
        let Some((label, url, end)) = next else { return found };
        found.push(LineLink { label, url, rest: line.get(end..).unwrap_or_default() });
        at = end;
    }
}

/// Parses each `[label](url "title")`: where it starts, its label, its URL and where it ends.
fn written_links(line: &str) -> Vec<(usize, &str, &str, usize)> {
    let mut found = Vec::new();
    let mut at = 0;
    // The next closing parenthesis, looked up again only behind it.
    let mut closing = line.find(')');
    while let Some(middle) = line.get(at..).and_then(|rest| rest.find("](")).map(|place| at + place) {
        let inside = middle + 2;
        if closing.is_some_and(|end| end < inside) {
            closing = line.get(inside..).and_then(|rest| rest.find(')')).map(|end| inside + end);
        }
        let end = closing.filter(|end| end - inside < LONGEST);
        let start = line.get(at..middle).and_then(|label| label.rfind('[')).map(|start| at + start);
        at = inside;
        if let (Some(start), Some(end)) = (start, end) {
            let url = line.get(inside..end).unwrap_or_default().split_whitespace().next().unwrap_or_default();
            let url = url.trim_start_matches('<').trim_end_matches('>');
            found.push((start, line.get(start + 1..middle).unwrap_or_default().trim(), url, end + 1));
            at = end + 1;
        }
    }
    found
}

/// Returns whether a character may stand between a URL and its label.
fn is_between(character: char) -> bool {
    character.is_whitespace() || matches!(character, '-' | '*' | '>' | ':' | '|' | '=' | '–' | '—' | '•' | '<' | '`')
}

/// Finds the next URL that stands in a line as it is, and where.
fn plain_link(line: &str, from: usize) -> Option<(usize, &str)> {
    let is_delimiter = |character: char| {
        character.is_whitespace() || matches!(character, '<' | '>' | '(' | ')' | '"' | '\'' | '`' | '[')
    };
    let mut start = from;
    for token in line.get(from..)?.split_inclusive(is_delimiter) {
        let word = token.trim_end_matches(is_delimiter).trim_end_matches(PUNCTUATION);
        let is_whole = ["https://", "http://"].iter().any(|scheme| word.starts_with(scheme));
        if is_whole || word.starts_with('/') && (names_document(word) || names_index(word)) || selects_api(word) {
            return Some((start, word));
        }
        start += token.len();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_found_in_every_notation_with_their_labels() {
        let rows: [(&str, &[(&str, &str)]); 9] = [
            ("- [v1](/v1/llms.txt) (default)", &[("v1", "/v1/llms.txt")]),
            ("- <Runs > Get> [Get a run](https://d.example/a.md): text", &[("Get a run", "https://d.example/a.md")]),
            (
                "- v2026-02-09 (default): https://d.example/llms.txt",
                &[("v2026-02-09 (default)", "https://d.example/llms.txt")],
            ),
            ("See <https://d.example/a?x=1>.", &[("See", "https://d.example/a?x=1")]),
            ("docs | /openapi.json?api=b | x", &[("docs", "/openapi.json?api=b")]),
            ("[a](x \"title\") and [b](<y>)", &[("a", "x"), ("b", "y")]),
            (
                "at https://d.example/openapi.json, https://d.example/openapi.yaml.",
                &[("at", "https://d.example/openapi.json"), (",", "https://d.example/openapi.yaml")],
            ),
            ("a / b and /etc/x", &[]),
            ("[open](", &[]),
        ];
        for (line, expected) in rows {
            let found: Vec<(&str, &str)> = links_in(line).iter().map(|link| (link.label, link.url)).collect();
            assert_eq!(found, expected, "{line}");
        }
    }

    #[test]
    fn form_of_a_url_says_what_it_is() {
        let rows = [
            ("https://d.example/openapi.json", [true, true, false, false]),
            ("/a/openapi.YML?x=1", [true, true, false, false]),
            ("/spec?api=b", [true, true, false, false]),
            ("/asyncapi.yaml", [false, false, false, false]),
            ("/api/v1.json", [true, false, false, false]),
            ("/v1/llms.txt", [false, false, true, false]),
            ("/guide.mdx#x", [false, false, false, true]),
            ("https://d.example", [false, false, false, false]),
        ];
        for (url, expected) in rows {
            assert_eq!([names_document(url), names_openapi(url), names_index(url), names_page(url)], expected, "{url}");
        }
        assert_eq!(stem("/openapi.yaml?api=a"), stem("/openapi.json?api=a"));
        assert_eq!(
            ["file:///x", "a b.json", "x.yaml", "Runs", "//h/x"].map(is_reference),
            [true, false, true, false, true]
        );
    }
}
