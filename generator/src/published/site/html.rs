//! Finds the links of a web page that lead to API documents: `service-desc` and `api-catalog` links, `?api=` references, attributes
//! and scripts of viewers. Knows as much HTML as tags with attributes.

use super::address::{names_document, names_openapi};
use super::web_links::is_openapi;
use super::{ListedApi, merge_alternatives};

/// Attributes with which viewers of API documents name one.
const VIEWERS: [&str; 4] = ["spec-url", "data-url", "data-spec-url", "apidescriptionurl"];
/// Length of a URL in a script, in bytes.
const LONGEST: usize = 2048;
/// Number of tags that are read.
const TAGS: usize = 20_000;

/// The links of a web page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct PageLinks {
    /// APIs whose documents it names.
    pub apis: Vec<ListedApi>,
    /// Catalogs that it names.
    pub catalogs: Vec<String>,
}

/// Reads the links of a web page.
pub fn read_page_links(text: &str) -> PageLinks {
    let mut links = PageLinks::default();
    for (tag, after) in tags(text).take(TAGS) {
        let attributes = attributes(tag);
        let get = |name: &str| attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let relations = get("rel").unwrap_or_default().to_ascii_lowercase();
        let has = |relation: &str| relations.split_whitespace().any(|known| known == relation);
        let label = after.split('<').next().unwrap_or_default().trim();
        let mut add = |url: &str| {
            links.apis.push(ListedApi { label: label.to_owned(), urls: vec![url.to_owned()], ids: Vec::new() });
        };
        VIEWERS.iter().filter_map(|name| get(name)).filter(|url| names_document(url)).for_each(&mut add);
        match get("href") {
            Some(url) if has("service-desc") || names_openapi(url) || is_openapi(get("type")) => add(url),
            Some(url) if has("api-catalog") => links.catalogs.push(url.to_owned()),
            Some(_) | None => {}
        }
    }
    let api = |url: String| ListedApi { label: String::new(), urls: vec![url], ids: Vec::new() };
    links.apis.extend(scripts(text).flat_map(strings_of).map(api));
    links.apis = merge_alternatives(links.apis);
    links
}

/// Returns the text of each script.
fn scripts(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (_, after) = rest.split_once("<script")?;
        let (script, next) = after.split_once("</script")?;
        rest = next;
        Some(script.split_once('>').map_or("", |(_, script)| script))
    })
}

/// Returns the strings of a script that are named after OpenAPI, which is how viewers get the URL of their document.
fn strings_of(script: &str) -> impl Iterator<Item = String> {
    let tokens =
        script.split(['"', '\'', '`']).filter(|token| token.len() < LONGEST && !token.contains(char::is_whitespace));
    tokens.filter(|token| names_openapi(token)).map(|token| token.replace("\\/", "/"))
}

/// Returns the inside of each opening tag, and the text after it.
fn tags(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('<')
        .skip(1)
        .filter_map(|part| part.split_once('>'))
        .filter(|(tag, _)| tag.starts_with(|first: char| first.is_ascii_alphabetic()))
}

fn attributes(tag: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = tag;
    while let Some((before, after)) = rest.split_once('=') {
        let name = before.trim_end().rsplit(char::is_whitespace).next().unwrap_or_default().to_ascii_lowercase();
        let after = after.trim_start();
        let (value, next) = match after.chars().next().filter(|first| matches!(first, '"' | '\'')) {
            Some(quote) => after.get(1..).and_then(|inner| inner.split_once(quote)).unwrap_or((after, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        found.push((name, value.replace("&amp;", "&")));
        rest = next;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn document_of_a_viewer_is_found_in_each_notation() {
        let rows = [
            "<link rel=\"alternate\" type=\"application/vnd.oai.openapi+json;version=3.1\" href=\"/openapi.json\">",
            "<script>window.ui = SwaggerUIBundle({ url: \"/openapi.json\", dom_id: '#swagger-ui' })</script>",
            "<script>Scalar.createApiReference('#app', { url: '/openapi.json' })</script>",
            "<script id=\"api-reference\" data-url=\"/openapi.json\"></script>",
            "<script>Redoc.init('\\/openapi.json', {}, document.body)</script>",
            "<elements-api apiDescriptionUrl=\"/openapi.json\" router=\"hash\"/>",
            "<redoc spec-url='/openapi.json'></redoc>",
            "<a href=\"/openapi.json\">Download</a><script>var a = \"openapi.json is here\"; var b = 'openapi'</script>",
        ];
        for text in rows {
            let links = read_page_links(&format!("<!doctype html><body>{text}</body>"));
            let urls: Vec<&str> = links.apis.iter().flat_map(|api| &api.urls).map(String::as_str).collect();
            assert_eq!(urls, ["/openapi.json"], "{text}");
        }
        assert_eq!(read_page_links("<script>var a = 'x/openapi.json'"), PageLinks::default());
    }

    #[test]
    fn links_of_a_web_page_to_documents_and_catalogs_are_found() {
        let text = "<!doctype html><head><link rel=\"stylesheet\" href=/a.css><link href='/.well-known/api-catalog' rel=\"api-catalog\">\
            <link rel=service-desc href=/spec type=application/json></head><a class=x href=\"/openapi.json?x=1&amp;api=a\">2026_02_09_docs</a>\
            <a href=\"/data.json\">x</a><redoc spec-url='/v2/swagger.yaml'></redoc>";
        let links = read_page_links(text);
        let urls: Vec<&str> = links.apis.iter().filter_map(|api| api.urls.first()).map(String::as_str).collect();
        assert_eq!(urls, ["/spec", "/openapi.json?x=1&api=a", "/v2/swagger.yaml"]);
        assert_eq!(links.apis.get(1).map(|api| api.label.as_str()), Some("2026_02_09_docs"));
        assert_eq!(links.catalogs, ["/.well-known/api-catalog"]);
        assert_eq!(read_page_links("<html><a href=/x>"), PageLinks::default());
    }
}
