//! Reads listings of APIs, which a site with several documents publishes in place of one: JSON or YAML of almost any shape, or text
//! with links. Must not know what the entries lead to.

use serde_json::{Map, Value};

use crate::source::read_value;

use super::address::{is_reference, links_in, names_document, names_index, names_page};
use super::{ListedApi, merge_alternatives};

/// Nesting of a listing inside of other objects.
const DEPTH: usize = 4;
/// A longer text is not read as YAML, because it would take long.
const LONGEST: usize = 2 << 20;
/// Keys of an ID, best first.
const IDS: [&str; 9] = ["id", "uuid", "_id", "apiId", "api_id", "apiID", "api", "key", "slug"];
/// Keys of a name, best first.
const NAMES: [&str; 7] = ["name", "title", "displayName", "display_name", "label", "slug", "version"];

/// Keys of what is beside a listing, or in place of one.
const OTHERS: [&str; 6] = ["error", "errors", "meta", "pagination", "user", "users"];

/// Reads a listing; `None` if the text is something else.
pub fn read_listing(text: &str) -> Option<Vec<ListedApi>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let apis = match structured(text) {
        Some(value) if is_something_else(&value) => return None,
        Some(value) => find_apis(&value, DEPTH).or_else(|| single_api(value.as_object()?))?,
        None => read_text(text)?,
    };
    Some(merge_alternatives(apis)).filter(|apis| !apis.is_empty())
}

/// Parses JSON, or YAML that is a list or an object.
fn structured(text: &str) -> Option<Value> {
    let first = text.lines().find(|line| !line.trim().is_empty() && !line.starts_with('#') && *line != "---")?;
    let is_list = first.starts_with("- ") && !first.starts_with("- [") && !first.starts_with("- <");
    let is_key = first.split_once(':').is_some_and(|(key, rest)| {
        (rest.is_empty() || rest.starts_with(' ')) && !key.trim_matches(['"', '\'']).contains(char::is_whitespace)
    });
    let is_json = text.starts_with(['{', '[']);
    let value = read_value(text).filter(|_| is_json || (is_list || is_key) && text.len() <= LONGEST)?;
    (value.is_array() || value.is_object()).then_some(value)
}

/// Returns whether this is a document or a catalog.
fn is_something_else(value: &Value) -> bool {
    let is_stated = |key: &str| value.get(key).is_some_and(|version| version.is_string() || version.is_number());
    ["openapi", "swagger", "asyncapi"].into_iter().any(is_stated) || value.get("linkset").is_some()
}

/// Finds the entries of a listing: a list, an object that contains one, or an object whose keys are IDs or names.
fn find_apis(value: &Value, depth: usize) -> Option<Vec<ListedApi>> {
    let depth = depth.checked_sub(1)?;
    match value {
        Value::Array(items) => Some(items.iter().filter_map(|item| read_entry(item, None)).collect()),
        Value::Object(map) => {
            let map: Map<String, Value> = map
                .iter()
                .filter(|(key, _)| !OTHERS.contains(&key.as_str()))
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            let nested = map.values().filter(|value| value.is_array() || value.is_object());
            let inner = nested.filter_map(|value| find_apis(value, depth)).max_by_key(Vec::len).unwrap_or_default();
            let keyed = keyed_apis(&map).unwrap_or_default();
            Some(if keyed.len() > inner.len() { keyed } else { inner })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
    .filter(|apis| !apis.is_empty())
}

/// `{"<id or name>": "<url>", "<id or name>": {"name": "…"}}`
fn keyed_apis(map: &Map<String, Value>) -> Option<Vec<ListedApi>> {
    let is_plain =
        map.keys().any(|key| NAMES.contains(&key.as_str()) || IDS.contains(&key.as_str()) || is_url_key(key));
    let read = |(key, value): (&String, &Value)| {
        let is_word = value.as_str().is_some_and(|text| !is_reference(text));
        if is_word { None } else { read_entry(value, Some(key)) }
    };
    (!is_plain).then(|| map.iter().map(read).collect::<Option<Vec<_>>>()).flatten()
}

/// One API that stands alone: only with the URL of a document, because error messages have IDs and titles too.
fn single_api(map: &Map<String, Value>) -> Option<Vec<ListedApi>> {
    let has_document = map.values().filter_map(Value::as_str).any(|text| is_reference(text) && names_document(text));
    has_document.then(|| read_object(map, None)).flatten().map(|api| vec![api])
}

/// Reads an entry: an object with an ID or a URL, a URL, or an ID.
fn read_entry(value: &Value, key: Option<&str>) -> Option<ListedApi> {
    match value {
        Value::Object(map) => read_object(map, key),
        Value::String(url) if is_reference(url) => Some(ListedApi {
            label: key.unwrap_or_default().to_owned(),
            urls: vec![url.clone()],
            ids: key.map(str::to_owned).into_iter().collect(),
        }),
        Value::String(id) if is_id(id) => {
            Some(ListedApi { label: id.clone(), urls: Vec::new(), ids: vec![id.clone()] })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Array(_) => None,
    }
}

fn read_object(map: &Map<String, Value>, key: Option<&str>) -> Option<ListedApi> {
    let scalar = |name: &str| match map.get(name)? {
        Value::String(text) => Some(text.clone()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    };
    let names: Vec<String> = NAMES.iter().filter_map(|name| scalar(name)).collect();
    let mut ids: Vec<String> = IDS.iter().filter_map(|name| scalar(name)).chain(key.map(str::to_owned)).collect();
    // A value of `api` may be its URL.
    ids.retain(|id| is_id(id));
    let mut urls = Vec::new();
    collect_urls(map, &mut urls, DEPTH);
    if ids.is_empty() && urls.is_empty() {
        ids.extend(names.first().filter(|name| is_id(name)).cloned());
    }
    let mut label = names.first().cloned().or(key.map(str::to_owned)).or(ids.first().cloned()).unwrap_or_default();
    // The version may be in any of the names.
    let dated = names.iter().chain(&ids).find(|name| !super::dates(name).is_empty() && !label.contains(name.as_str()));
    if let Some(dated) = dated.filter(|_| super::dates(&label).is_empty()) {
        label = format!("{label} {dated}").trim().to_owned();
    }
    (!ids.is_empty() || !urls.is_empty()).then_some(ListedApi { label, urls, ids })
}

/// Collects URLs of an entry. If some are named like documents, the others are pages about it.
fn collect_urls(map: &Map<String, Value>, urls: &mut Vec<String>, depth: usize) {
    let mut open: Vec<(&str, &Value, usize)> = map.iter().map(|(key, value)| (key.as_str(), value, depth)).collect();
    open.reverse();
    while let Some((key, value, depth)) = open.pop() {
        match (value, depth.checked_sub(1)) {
            (Value::String(url), _) if is_reference(url) || is_url_key(key) && !url.is_empty() => {
                urls.push(url.clone())
            }
            (Value::Object(map), Some(depth)) => {
                open.extend(map.iter().rev().map(|(key, value)| (key.as_str(), value, depth)))
            }
            (Value::Array(items), Some(depth)) => open.extend(items.iter().rev().map(|item| (key, item, depth))),
            _ => {}
        }
    }
    if urls.iter().any(|url| names_document(url)) {
        urls.retain(|url| names_document(url));
    } else {
        urls.retain(|url| !names_page(url) && !names_index(url));
    }
}

fn is_url_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    matches!(key.as_str(), "url" | "uri" | "href" | "link")
        || ["url", "_uri", "href"].iter().any(|end| key.ends_with(end))
}

/// Returns whether a text can be the ID of an API: one word of moderate length.
fn is_id(text: &str) -> bool {
    let is_plain = |character: char| character.is_alphanumeric() || matches!(character, '-' | '_' | '.' | ':' | '@');
    (1..=128).contains(&text.len()) && text.chars().all(is_plain)
}

/// Reads lines with links to documents. A line without links names what follows it.
fn read_text(text: &str) -> Option<Vec<ListedApi>> {
    let mut apis = Vec::new();
    let mut title = "";
    for line in text.lines() {
        let links = links_in(line);
        if links.is_empty() && !line.trim().is_empty() {
            title = line.trim().trim_start_matches(['#', '-', '*', '>', ' ']).trim_end_matches(':');
        }
        for link in links.into_iter().filter(|link| names_document(link.url)) {
            let is_named = link.label.chars().any(char::is_alphanumeric);
            let label = if is_named && !["json", "yaml", "yml"].contains(&link.label.to_ascii_lowercase().as_str()) {
                link.label
            } else {
                title
            };
            apis.push(ListedApi { label: label.to_owned(), urls: vec![link.url.to_owned()], ids: Vec::new() });
        }
    }
    (!apis.is_empty()).then_some(apis)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let describe = |api: &ListedApi| format!("{} | {} | {}", api.label, api.urls.join(" "), api.ids.join(" "));
        read_listing(text).unwrap_or_default().iter().map(describe).collect()
    }

    #[test]
    fn entries_are_read_from_every_shape() {
        let rows: [(&str, &[&str]); 19] = [
            (
                r#"[{"id": "a", "name": "2026_02_09_docs"}, {"id": 7, "title": "Old"}]"#,
                &["2026_02_09_docs |  | a", "Old |  | 7"],
            ),
            (
                r#"{"apis": [{"id": "a", "slug": "new", "url": "/openapi.json?api=a"}], "count": 1}"#,
                &["new | /openapi.json?api=a | a new"],
            ),
            (r#"{"message": "choose one", "data": {"items": [{"uuid": "u", "displayName": "D"}]}}"#, &["D |  | u"]),
            (
                r#"{"apis": {"a": {"name": "N"}, "b": "https://d.example/b.yaml"}}"#,
                &["N |  | a", "b | https://d.example/b.yaml | b"],
            ),
            (
                r#"{"2026-02-09": "/a.json", "2025-04-21": "/b.json"}"#,
                &["2026-02-09 | /a.json | 2026-02-09", "2025-04-21 | /b.json | 2025-04-21"],
            ),
            (
                r#"["/openapi.json?api=a", "/openapi.yaml?api=a", "/openapi.json?api=b"]"#,
                &[" | /openapi.json?api=a /openapi.yaml?api=a | ", " | /openapi.json?api=b | "],
            ),
            (r#"{"available": ["v1", "v2"]}"#, &["v1 |  | v1", "v2 |  | v2"]),
            (
                r#"[{"name": "A", "links": {"json": "a.json", "yaml": "a.yaml", "html": "/a"}}]"#,
                &["A | a.json a.yaml | "],
            ),
            (
                r#"{"name": "All", "apis": [{"name": "A", "humanURL": "https://d.example", "properties": [{"type": "OpenAPI", "url": "/a.yml"}]}]}"#,
                &["A | /a.yml | "],
            ),
            (r#"[{"name": "A", "version": "2025-04-21", "id": "x"}]"#, &["A 2025-04-21 |  | x"]),
            (r#"[{"id": "a", "url": "file:///etc/passwd"}]"#, &["a | file:///etc/passwd | a"]),
            (r#"{"url": "/openapi.json?api=a"}"#, &[" | /openapi.json?api=a | "]),
            (
                "definitions:\n  new:\n    title: N\n    href: /new.yaml\n  old:\n    title: O\n    href: /old.yaml\n",
                &["N | /new.yaml | new", "O | /old.yaml | old"],
            ),
            (r#"{"data": {"url": "/openapi.json?api=a"}}"#, &["data | /openapi.json?api=a | data"]),
            ("- id: a\n  name: N\n- id: b\n  name: O\n", &["N |  | a", "O |  | b"]),
            ("# Listing\napis:\n  - id: a\n    title: T\n", &["T |  | a"]),
            (
                "Available APIs:\n\n- 2026_02_09_docs: https://d.example/openapi.json?api=a\n* [old](/openapi.yaml?api=b)\n",
                &["2026_02_09_docs | https://d.example/openapi.json?api=a | ", "old | /openapi.yaml?api=b | "],
            ),
            (
                "First\n  /openapi.json?api=a\n  /openapi.yaml?api=a\n",
                &["First | /openapi.json?api=a /openapi.yaml?api=a | "],
            ),
            ("# APIs\n\n## New\n- [JSON](/a.json)\n", &["New | /a.json | "]),
        ];
        for (text, expected) in rows {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_listing_has_no_entries() {
        let rows = [
            "",
            "{}",
            "[]",
            "[1, 2]",
            "null",
            "Not found",
            "{\"openapi\": \"3.1.0\", \"x\": [{\"id\": \"a\"}]}",
            "openapi: 3.1.0\nx: [{id: a}]\n",
            "{\"linkset\": [{\"service-desc\": [{\"href\": \"a\"}]}]}",
            "{\"type\": \"https://d.example/problems/x\", \"title\": \"Not Found\", \"status\": 404, \"instance\": \"/a\"}",
            "{\"error\": {\"id\": \"req_1\", \"message\": \"no\"}}",
            "# Words\n\nAnd more: words.\n",
            "[",
            "a: [",
        ];
        for text in rows {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
        let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(found(&deep), Vec::<String>::new());
    }
}
