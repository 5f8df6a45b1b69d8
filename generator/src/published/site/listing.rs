//! Reads listings of APIs, which a site with several documents publishes in place of one: JSON or YAML of almost any shape, or text.
//! Must not know what the entries lead to.

use serde_json::{Map, Value};

use crate::source::read_value;

use super::address::{is_reference, names_document, names_index, names_page, selects_api};
use super::listing_text::{LONGEST_ID, is_id, is_version_name, read_text};
use super::{ListedApi, merge_alternatives};

/// Nesting of a listing inside of other objects.
const DEPTH: usize = 4;
/// A longer text is not read as YAML, because it would take long.
const LONGEST: usize = 2 << 20;
/// Keys of an ID, best first.
const IDS: [&str; 9] = ["id", "uuid", "_id", "apiId", "api_id", "apiID", "api", "key", "slug"];
/// Beginnings of keys of IDs that are not of an API.
const OTHER_IDS: [&str; 9] = ["org", "project", "workspace", "team", "user", "account", "request", "trace", "tenant"];
/// IDs that are read under other keys than those of [`IDS`].
const FURTHER_IDS: usize = 4;
/// Keys of a name, best first.
const NAMES: [&str; 7] = ["name", "title", "displayName", "display_name", "label", "slug", "version"];

/// Keys of what is beside a listing, or in place of one.
const OTHERS: [&str; 6] = ["error", "errors", "meta", "pagination", "user", "users"];

/// Reads a listing; `None` if the text is something else.
pub fn read_listing(text: &str) -> Option<Vec<ListedApi>> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let apis = match structured(text) {
        Some(value) if is_something_else(&value) => return None,
        Some(value) => {
            find_apis(&value, DEPTH).or_else(|| single_api(value.as_object()?)).or_else(|| mentioned_apis(&value))?
        }
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
    if let Some(lines) = read_lines(text) {
        return Some(lines);
    }
    let is_json = text.starts_with(['{', '[']);
    let value = read_value(text).filter(|_| is_json || (is_list || is_key) && text.len() <= LONGEST)?;
    (value.is_array() || value.is_object()).then_some(value)
}

/// Reads JSON objects, one on each of several lines, as a list.
fn read_lines(text: &str) -> Option<Value> {
    text.lines().nth(1).filter(|line| line.starts_with('{'))?;
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let read = |line: &str| line.starts_with('{').then(|| serde_json::from_str(line).ok()).flatten();
    lines.map(read).collect::<Option<Vec<Value>>>().map(Value::Array)
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
            let keyed = keyed_apis(&map).or_else(|| versioned_apis(&map)).unwrap_or_default();
            Some(if keyed.len() > inner.len() { keyed } else { inner })
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
    .filter(|apis| !apis.is_empty())
}

/// `{"<id or name>": "<url>", "<id or name>": {"name": "…"}}`
fn keyed_apis(map: &Map<String, Value>) -> Option<Vec<ListedApi>> {
    let is_plain = map.keys().any(|key| is_plain_key(key));
    let read = |(key, value): (&String, &Value)| {
        let is_word = value.as_str().is_some_and(|text| !is_reference(text));
        if is_word { None } else { read_entry(value, Some(key)) }
    };
    (!is_plain).then(|| map.iter().map(read).collect::<Option<Vec<_>>>()).flatten()
}

/// `{"<version>": "<id>"}`, or `{"<id>": "<version>"}`
fn versioned_apis(map: &Map<String, Value>) -> Option<Vec<ListedApi>> {
    let words: Vec<(&str, &str)> =
        map.iter().map(|(key, value)| Some((key.as_str(), value.as_str()?))).collect::<Option<_>>()?;
    let api = |label: &str, id: &str| ListedApi { label: label.to_owned(), urls: Vec::new(), ids: vec![id.to_owned()] };
    if words.iter().all(|(key, value)| is_version_name(key) && is_id(value)) {
        Some(words.iter().map(|(key, value)| api(key, value)).collect())
    } else if words.iter().all(|(key, value)| is_version_name(value) && is_id(key) && has_digit(key)) {
        Some(words.iter().map(|(key, value)| api(value, key)).collect())
    } else {
        None
    }
}

/// Returns whether a word has a digit, which those of a language have not.
fn has_digit(word: &str) -> bool {
    word.contains(|character: char| character.is_ascii_digit())
}

/// The APIs that a message mentions with links which select them.
fn mentioned_apis(value: &Value) -> Option<Vec<ListedApi>> {
    let strings =
        value.as_object()?.values().filter_map(Value::as_str).filter(|text| text.contains(char::is_whitespace));
    let apis = strings.filter_map(read_text).flatten();
    let apis: Vec<ListedApi> = apis.filter(|api| api.urls.iter().any(|url| selects_api(url))).collect();
    (!apis.is_empty()).then_some(apis)
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
        Value::Array(parts) => read_row(parts),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => None,
    }
}

/// Reads an entry whose values have no keys.
fn read_row(values: &[Value]) -> Option<ListedApi> {
    let words = values.iter().map(Value::as_str).collect::<Option<Vec<&str>>>()?;
    let (urls, others): (Vec<&str>, Vec<&str>) = words.into_iter().partition(|word| is_reference(word));
    let mut ids: Vec<String> = others.iter().filter(|word| is_id(word)).map(|&word| word.to_owned()).collect();
    ids.sort_by_key(|id| is_version_name(id));
    let label = others.iter().find(|word| is_version_name(word)).or(others.last()).map(|&word| word.to_owned());
    let api = ListedApi { label: label.unwrap_or_default(), urls: urls.into_iter().map(str::to_owned).collect(), ids };
    (!api.ids.is_empty() || !api.urls.is_empty()).then_some(api)
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
    let further = map.keys().filter(|key| is_id_key(key)).filter_map(|key| scalar(key));
    let further = further.filter(|id| id.len() <= LONGEST_ID && !is_reference(id) && !id.contains(char::is_control));
    for id in further.take(FURTHER_IDS) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    let mut urls = Vec::new();
    collect_urls(map, &mut urls, DEPTH);
    if ids.is_empty() && urls.is_empty() {
        ids.extend(names.first().filter(|name| is_id(name)).cloned());
    }
    // `- <name>: <url>` in YAML.
    let only_key = map.keys().next().filter(|_| map.len() == 1).filter(|key| !is_plain_key(key));
    let key = key.or(only_key.map(String::as_str));
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

/// Returns whether a key names a property of an API, and is no name or ID of one.
fn is_plain_key(key: &str) -> bool {
    NAMES.contains(&key) || IDS.contains(&key) || is_url_key(key) || is_id_key(key)
}

/// Returns whether a key is that of an ID: its last word is.
fn is_id_key(key: &str) -> bool {
    let start = ["Id", "ID", "_id", "-id", "Uuid", "UUID", "_uuid"].iter().find_map(|end| key.strip_suffix(end));
    let start = start.or_else(|| (key == "id").then_some("")).map(str::to_ascii_lowercase);
    start.is_some_and(|start| !OTHER_IDS.iter().any(|other| start.starts_with(other)))
}

fn is_url_key(key: &str) -> bool {
    let key = key.to_ascii_lowercase();
    matches!(key.as_str(), "url" | "uri" | "href" | "link")
        || ["url", "_uri", "href"].iter().any(|end| key.ends_with(end))
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
    fn entries_are_read_without_usual_keys_and_from_text() {
        let rows: [(&str, &[&str]); 12] = [
            (r#"[{"apiDefinitionId": "a", "apiName": "N", "orgId": "o"}]"#, &["a |  | a"]),
            (r#"{"specs": [{"spec_id": "a/b c", "title": "T"}]}"#, &["T |  | a/b c"]),
            (r#"{"apis": {"2026_02_09_docs": "a1", "v1": "b2"}}"#, &["2026_02_09_docs |  | a1", "v1 |  | b2"]),
            (r#"{"Acme": {"a1": "2026-02-09"}}"#, &["2026-02-09 |  | a1"]),
            (
                r#"[["a1", "2026-02-09"], ["/b.json", "Old"]]"#,
                &["2026-02-09 |  | a1 2026-02-09", "Old | /b.json | Old"],
            ),
            ("{\"id\": \"a\", \"name\": \"N\"}\n{\"id\": \"b\", \"name\": \"O\"}\n", &["N |  | a", "O |  | b"]),
            (
                r#"{"error": "Choose New at /openapi.json?api=a or Old at ?api=b."}"#,
                &["Choose New at | /openapi.json?api=a | ", "or Old at | ?api=b | "],
            ),
            (
                "APIs:\n- 2026_02_09_docs: ?api=a\n- old: openapi.json?api=b\n",
                &["2026_02_09_docs | ?api=a | ", "old | openapi.json?api=b | "],
            ),
            (
                "Choose one with ?api=<id>:\n\n| id | name |\n|---|---|\n| 1f0-a | 2026_02_09_docs |\n",
                &["1f0-a 2026_02_09_docs |  | 1f0-a 2026_02_09_docs"],
            ),
            (
                "# Choose one with ?api=<id>:\n#   2026_02_09_docs (b09a)\n#   77fe: Old\n",
                &["2026_02_09_docs (b09a) |  | b09a 2026_02_09_docs", "77fe: Old |  | 77fe"],
            ),
            ("# APIs\n\n- `main` - New\n\nUse `?api=<id>`.\n", &["main - New |  | main"]),
            ("Choose with ?api={id}\n- New API 4c1d\n", &["New API 4c1d |  | 4c1d"]),
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
            "{\"message\": \"Not found\", \"requestId\": \"req_1\", \"timestamp\": \"2026-02-09T00:00:00Z\"}",
            "{\"timestamp\": \"2026-02-09\"}",
            "{\"error\": \"See https://d.example/docs.json or /help.\"}",
            "Released on 2026-02-09.\n\n- 2026-02-09: all is new\n",
            "{\"a\": 1}\nand {\"id\": \"b\"}",
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
