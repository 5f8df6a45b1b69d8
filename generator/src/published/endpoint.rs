//! Determines which endpoint a page describes, and in which of the forms published over the years.
//!
//! Knows the head of a page and the headings that distinguish the forms; must not parse YAML or prose.

use super::head::{is_socket, parse_reference, parse_request_line};
use super::prose::SECTIONS;
use super::split::{Block, Page};

/// The head of a page about an endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Endpoint<'a> {
    /// The method, in upper case.
    pub method: &'a str,
    /// Server and path; empty for a webhook, only a path for a channel.
    pub url: &'a str,
    /// The content type of the request.
    pub content_type: Option<&'a str>,
    /// The URL of the page.
    pub reference: Option<&'a str>,
    /// The text between the head and `Reference:`.
    pub description: String,
}

/// How a page describes requests and responses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form<'a> {
    /// An embedded document: YAML that starts at a line.
    Fragment { yaml: &'a str, line: usize },
    /// Lists in prose.
    Prose,
    /// An AsyncAPI document, which is not part of the HTTP API.
    Channel,
    /// Only method, path and status codes.
    Bare,
    /// The page does not describe an endpoint.
    Article,
}

/// Reads the head of a page and determines its form.
pub(super) fn read_endpoint<'a>(page: &Page<'a>) -> (Endpoint<'a>, Form<'a>) {
    let Some((endpoint, fenced)) = read_head(page) else {
        let form = lone_document(page).map_or(Form::Article, |(yaml, line)| Form::Fragment { yaml, line });
        return (Endpoint::default(), form);
    };
    let form = if let Some((yaml, line)) = embedded_document(page, "OpenAPI Specification") {
        Form::Fragment { yaml, line }
    } else if embedded_document(page, "AsyncAPI Specification").is_some() || is_socket(endpoint.url) {
        Form::Channel
    } else if fenced {
        Form::Bare
    } else if endpoint.reference.is_some()
        && endpoint.url.starts_with('/')
        && !sections(page).any(|title| title == "Response")
    {
        // A page about an HTTP endpoint would contain its server or a response.
        Form::Channel
    } else if endpoint.reference.is_some() || sections(page).any(|title| SECTIONS.contains(&title)) {
        Form::Prose
    } else if is_lone_head(page, &endpoint) {
        Form::Bare
    } else {
        Form::Article
    };
    (endpoint, form)
}

/// Returns whether a page begins with method and URL, followed by a content type or words: what is left of a page whose schemas are not
/// published.
fn is_lone_head(page: &Page<'_>, endpoint: &Endpoint<'_>) -> bool {
    let first = page.lines().find(|line| !line.trim().is_empty());
    let is_first = first.and_then(parse_request_line).is_some_and(|(_, url)| url == endpoint.url);
    is_first && endpoint.url.contains("://") && (endpoint.content_type.is_some() || !endpoint.description.is_empty())
}

fn sections<'a>(page: &Page<'a>) -> impl Iterator<Item = &'a str> {
    page.blocks.iter().filter_map(|block| match block {
        Block::Heading { level: 2, text } => Some(*text),
        Block::Heading { .. } | Block::Text { .. } | Block::Fence { .. } => None,
    })
}

/// Reads the head, and whether it is in a code block, as in the first generation.
fn read_head<'a>(page: &Page<'a>) -> Option<(Endpoint<'a>, bool)> {
    let mut found: Option<(Endpoint<'a>, bool)> = None;
    let has_reference = page.lines().any(|line| parse_reference(line).is_some());
    for block in &page.blocks {
        match (block, &mut found) {
            (Block::Fence { info: "http", text, .. }, None) => {
                let mut lines = text.lines();
                let (method, url) = parse_request_line(lines.next()?)?;
                let content_type = lines.find_map(|line| line.strip_prefix("Content-Type: "));
                found = Some((Endpoint { method, url, content_type, ..Endpoint::default() }, true));
            }
            (Block::Text { text, .. }, None) => {
                let request = parse_request_line(text);
                found = request.map(|(method, url)| (Endpoint { method, url, ..Endpoint::default() }, false));
            }
            (Block::Text { text, .. }, Some((endpoint, _))) => {
                if let Some(content_type) = text.strip_prefix("Content-Type: ") {
                    endpoint.content_type = Some(content_type.trim());
                } else if let Some(reference) = parse_reference(text) {
                    endpoint.reference = Some(reference.trim());
                    break;
                } else {
                    endpoint.description.push_str(text);
                    endpoint.description.push('\n');
                }
            }
            // A description may contain headings and code blocks; without `Reference:` it ends at the first of them.
            (Block::Heading { .. } | Block::Fence { .. }, Some(_)) if !has_reference => break,
            (Block::Heading { level, .. }, None) if *level == 2 => break,
            (Block::Heading { .. } | Block::Fence { .. }, _) => {}
        }
    }
    let (mut endpoint, fenced) = found?;
    endpoint.description = endpoint.description.trim().to_owned();
    // Any article may contain a line that only looks like the head of an endpoint.
    (!endpoint.url.is_empty() || endpoint.reference.is_some()).then_some((endpoint, fenced))
}

/// Returns the code block directly below a heading.
fn embedded_document<'a>(page: &Page<'a>, title: &str) -> Option<(&'a str, usize)> {
    let mut below = false;
    for block in &page.blocks {
        match block {
            Block::Heading { text, .. } => below = *text == title,
            Block::Fence { text, line, .. } if below => return Some((text, *line)),
            Block::Text { text, .. } if !text.trim().is_empty() => below = false,
            Block::Fence { .. } | Block::Text { .. } => {}
        }
    }
    None
}

/// Returns the document of a page that has no head, as other documentation tools write it: below a heading that says so, in a code
/// block named after its endpoint, or as JSON on one line. Articles may contain documents as examples.
fn lone_document<'a>(page: &Page<'a>) -> Option<(&'a str, usize)> {
    let is_announced = |title: &str| {
        ["openapi", "openapi definition", "openapi specification"].contains(&title.to_ascii_lowercase().as_str())
    };
    let mut below = is_announced(page.title);
    for block in &page.blocks {
        match block {
            Block::Heading { text, .. } => below = is_announced(text),
            Block::Fence { info, text, line, .. } => {
                let is_of_endpoint = names_endpoint(info) || text.starts_with("{\"openapi\":");
                let is_document = text.contains("openapi") && text.contains("paths");
                if is_document && (below || is_of_endpoint) {
                    return Some((text, *line));
                }
            }
            Block::Text { text, .. } if !text.trim().is_empty() => below = false,
            Block::Text { .. } => {}
        }
    }
    None
}

/// Returns whether the words after the opening of a code block end with method and path: `yaml POST /runs`.
fn names_endpoint(info: &str) -> bool {
    let mut words = info.split_whitespace().rev();
    let path = words.next().unwrap_or_default();
    let method = words.next().unwrap_or_default();
    path.starts_with('/') && !method.is_empty() && method.bytes().all(|byte| byte.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::super::split::split_pages;
    use super::*;

    fn only(text: &str) -> (Endpoint<'_>, Form<'_>) {
        let pages = split_pages(text);
        read_endpoint(pages.first().unwrap())
    }

    #[test]
    fn head_and_headings_determine_the_form_of_a_page() {
        let fragment = "# A\n\nGET https://a.example/x\n\nReference: https://d.example/x\n\n## OpenAPI Specification\n\n```yaml\nopenapi: 3.1.0\n```\n";
        assert_eq!(only(fragment).1, Form::Fragment { yaml: "openapi: 3.1.0\n", line: 10 });
        let rows = [
            (
                "# A\nGET /x\n\nReference: https://d.example/x\n## AsyncAPI Specification\n```yaml\nasyncapi: 2.6.0\n```\n",
                Form::Channel,
            ),
            ("# A\nGET wss://a.example/x\n\nReference: https://d.example/x\n## Send\n", Form::Channel),
            ("# A\nGET /x\n\nReference: https://d.example/x\n## Send\n", Form::Channel),
            ("# A\nGET /x\n\nReference: https://d.example/x\n## Response\n", Form::Prose),
            ("# A\nGET /x\n\nis what you call.\n", Form::Article),
            (
                "# A\n```http\nPOST https://a.example/x\nContent-Type: application/json\n```\n## Response Body\n- 200: OK\n",
                Form::Bare,
            ),
            ("# A\nGET https://a.example/x\n\nReference: https://d.example/x\n", Form::Prose),
            ("# A\nPOST \n\nReference: https://d.example/x\n## Request\n", Form::Prose),
            ("# A\nPOST \n## Request\n", Form::Article),
            ("# A\nGET https://a.example/x\n## Notes\n", Form::Article),
            ("# A\nGET the file with your key\n", Form::Article),
            ("# A\n\nDELETE https://a.example/x\nContent-Type: application/json\n\nRemoves.\n", Form::Bare),
            ("# A\n\nGET https://a.example/x\n\nLists.\n\n## Code\n", Form::Bare),
            ("# A\n\nWords.\n\nGET https://a.example/x\n\nLists.\n", Form::Article),
            (
                "# A\ntext\n## OpenAPI Specification\n\nThe raw specification is at:\n- [JSON](/openapi.json)\n```yaml\nopenapi: 3.1.0\n```\n",
                Form::Article,
            ),
        ];
        for (text, form) in rows {
            assert_eq!(only(text).1, form, "{text}");
        }
    }

    #[test]
    fn pages_of_other_tools_contain_a_document_without_a_head() {
        let document = "openapi: 3.1.0\npaths:\n  /x: {}\n";
        let line = "{\"openapi\":\"3.1.0\",\"paths\":{\"/x\":{}}}\n";
        let rows = [
            (format!("# A\n\n> Words.\n\n## OpenAPI\n\n````yaml POST /x\n{document}````\n"), Some((document, 7))),
            (format!("# A\n\n````yaml openapi.json POST /x\n{document}````\n"), Some((document, 3))),
            (format!("# OpenAPI definition\n\n```json\n{line}```\n"), Some((line, 3))),
            (format!("# A\n\n## Create\n\nWords.\n\n```json\n{line}```\n"), Some((line, 7))),
            (format!("# A\n\nAn example:\n\n```yaml\n{document}```\n"), None),
            (format!("# A\n\n## OpenAPI\n\nAn example:\n\n```yaml\n{document}```\n"), None),
        ];
        for (text, expected) in rows {
            let form = expected.map_or(Form::Article, |(yaml, line)| Form::Fragment { yaml, line: line + 1 });
            assert_eq!(only(&text).1, form, "{text}");
        }
    }

    #[test]
    fn description_in_the_head_may_contain_headings_and_code() {
        let text = "# A\n\nPOST https://a.example/x/{id}\nContent-Type: multipart/form-data\n\nFirst.\n\n### More\n```sh\n# x\n```\nLast.\n\nReference: https://d.example/x\n\n## Request\n";
        let (endpoint, form) = only(text);
        assert_eq!(form, Form::Prose);
        assert_eq!((endpoint.method, endpoint.url), ("POST", "https://a.example/x/{id}"));
        assert_eq!(endpoint.content_type, Some("multipart/form-data"));
        assert_eq!(endpoint.reference, Some("https://d.example/x"));
        assert_eq!(endpoint.description, "First.\n\nLast.");
    }
}
