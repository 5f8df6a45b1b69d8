//! Reads API catalogs: linksets (RFC 9264) with descriptions of services (RFC 9727), as JSON or as text. Must not follow links.

use serde_json::{Map, Value};

use super::address::names_openapi;
use super::web_links::{WebLink, parse_web_links};
use super::{ListedApi, merge_alternatives};

/// Relation type of a description of a service for machines.
const DESCRIPTION: &str = "service-desc";
/// Relation type of another catalog.
const CATALOG: &str = "api-catalog";
/// Parts of media types of what is no OpenAPI document.
const OTHERS: [&str; 5] = ["html", "asyncapi", "wsdl", "graphql", "protobuf"];

/// The links of a catalog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Catalog {
    /// The APIs whose documents it names.
    pub apis: Vec<ListedApi>,
    /// Other catalogs.
    pub catalogs: Vec<String>,
    /// Number of links of any kind. A site that requires a login has a catalog without any.
    pub links: usize,
}

/// Reads a catalog; `None` if the text is something else.
pub fn read_catalog(text: &str) -> Option<Catalog> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let links = if text.starts_with('{') { json_links(text)? } else { text_links(text)? };
    let is_description = |link: &&WebLink| {
        let media_type = link.media_type.as_deref().unwrap_or_default().to_ascii_lowercase();
        !OTHERS.iter().any(|other| media_type.contains(other))
            && (link.is(DESCRIPTION) || link.is("item") && names_openapi(&link.target))
    };
    let api = |link: &WebLink| {
        let anchor = link.anchor.clone().unwrap_or_default();
        let label = link
            .title
            .clone()
            .unwrap_or_else(|| anchor.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned());
        ListedApi { label, urls: vec![link.target.clone()], ids: Vec::new() }
    };
    Some(Catalog {
        apis: merge_alternatives(links.iter().filter(is_description).map(api).collect()),
        catalogs: links.iter().filter(|link| link.is(CATALOG)).map(|link| link.target.clone()).collect(),
        links: links.len(),
    })
}

/// `{"linkset": [{"anchor": "…", "service-desc": [{"href": "…", "type": "…"}]}]}`; lists of one may be the item itself.
fn json_links(text: &str) -> Option<Vec<WebLink>> {
    let value: Value = serde_json::from_str(text).ok()?;
    let contexts = value.get("linkset")?;
    let mut links = Vec::new();
    for context in items(contexts).filter_map(Value::as_object) {
        let anchor = context.get("anchor").and_then(Value::as_str);
        for (relation, targets) in context.iter().filter(|(relation, _)| *relation != "anchor") {
            links.extend(items(targets).filter_map(|target| json_link(target, relation, anchor)));
        }
    }
    Some(links)
}

fn json_link(target: &Value, relation: &str, anchor: Option<&str>) -> Option<WebLink> {
    let empty = Map::new();
    let attributes = target.as_object().unwrap_or(&empty);
    let string = |key: &str| attributes.get(key).and_then(Value::as_str).map(str::to_owned);
    Some(WebLink {
        target: target.as_str().map(str::to_owned).or_else(|| string("href"))?,
        relations: vec![relation.to_ascii_lowercase()],
        media_type: string("type"),
        anchor: anchor.map(str::to_owned),
        title: string("title"),
    })
}

/// Returns the items of a list, else the value itself.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    let list = value.as_array().map(Vec::as_slice);
    list.unwrap_or_else(|| std::slice::from_ref(value)).iter()
}

/// `<https://…/openapi.yaml>; rel="service-desc"; type="application/yaml", …`
fn text_links(text: &str) -> Option<Vec<WebLink>> {
    let (_, after) = text.strip_prefix('<')?.split_once('>')?;
    after
        .trim_start()
        .starts_with(';')
        .then(|| parse_web_links(text))
        .filter(|links| links.iter().any(|link| !link.relations.is_empty()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urls(text: &str) -> Option<Vec<Vec<String>>> {
        read_catalog(text).map(|catalog| catalog.apis.into_iter().map(|api| api.urls).collect())
    }

    #[test]
    fn descriptions_are_read_from_json_and_text_in_strict_and_loose_forms() {
        let rows = [
            (
                r#"{"linkset": [{"anchor": "https://d.example/2026_02_09_docs", "service-desc": [
                    {"href": "/openapi.json?api=a", "type": "application/json"}, {"href": "/openapi.yaml?api=a"},
                    {"href": "/asyncapi.yaml", "type": "application/vnd.aai.asyncapi"}],
                    "service-doc": [{"href": "/", "type": "text/html"}]}]}"#,
                vec![vec!["/openapi.json?api=a", "/openapi.yaml?api=a"]],
            ),
            (r#"{"linkset": {"Service-Desc": "b.yaml"}}"#, vec![vec!["b.yaml"]]),
            (
                r#"{"linkset": [{"service-desc": {"href": "a"}}, {"service-desc": [{"href": "b"}]}]}"#,
                vec![vec!["a"], vec!["b"]],
            ),
            (
                r#"{"linkset": [{"item": [{"href": "https://api.example/v1"}, {"href": "/v1/openapi.json"}]}]}"#,
                vec![vec!["/v1/openapi.json"]],
            ),
            (
                r#"{"linkset": [{"service-desc": [{"href": "/", "type": "text/html"}, {"type": "x"}, 7]}, null]}"#,
                vec![],
            ),
            ("<a.yaml>; rel=\"service-desc\"; type=\"application/yaml\"\n, <b>; rel=item", vec![vec!["a.yaml"]]),
        ];
        for (text, expected) in rows.clone() {
            let expected: Vec<Vec<String>> =
                expected.into_iter().map(|urls| urls.into_iter().map(str::to_owned).collect()).collect();
            assert_eq!(urls(text), Some(expected), "{text}");
        }
        let named = read_catalog(rows[0].0).unwrap_or_default();
        assert_eq!(named.apis.first().and_then(ListedApi::version).as_deref(), Some("2026-02-09"));
        assert_eq!(read_catalog(r#"{"linkset": []}"#), Some(Catalog::default()));
        for other in ["{}", "[]", "<html><a>; x", "<!doctype html>", "{\"openapi\": \"3.1.0\"}", "{\"linkset\": [", ""]
        {
            assert_eq!(read_catalog(other), None, "{other}");
        }
    }
}
