//! Reads which API a document describes, and in which version. Must not decide whether it is the right one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::method::Method;
use crate::normalize::find_target;
use crate::path_template::remove_names;

/// The version that exports contain regardless of the version of the API.
const PLACEHOLDER: &str = "1.0.0";

/// Where a document states its version, most reliable first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// `info.version`.
    Info,
    /// The default of the version header, or its only allowed value.
    Header,
    /// A date in the title, such as `2026_02_09_docs`.
    Title,
}

/// The API and version that a document describes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Identity {
    /// `info.title`.
    pub title: String,
    /// Stated versions, by where they are stated.
    pub versions: BTreeMap<Evidence, String>,
    /// Hosts of its servers, in lower case.
    pub hosts: BTreeSet<String>,
    /// Names of header parameters, in lower case.
    pub headers: BTreeSet<String>,
    /// Operations as method and path, without the names of path parameters.
    pub operations: BTreeSet<String>,
    /// Number of component schemas.
    pub schemas: usize,
    /// Number of webhook events.
    pub webhooks: usize,
    /// Whether the document is marked as reconstructed from prose.
    pub is_approximate: bool,
}

/// Reads the identity of a document. `version_header` names the header that carries the version; by default it is the one whose name
/// ends with `version`.
pub fn read_identity(document: &Value, version_header: Option<&str>) -> Identity {
    let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    let parameters: Vec<&Value> = header_parameters(document);
    let name =
        |parameter: &Value| parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let is_version = |parameter: &&&Value| match version_header {
        Some(header) => name(parameter).eq_ignore_ascii_case(header),
        None => name(parameter).ends_with("version"),
    };
    let info = document.pointer("/info/version").and_then(Value::as_str).filter(|version| *version != PLACEHOLDER);
    let stated = [
        (Evidence::Info, info.map(str::to_owned)),
        (Evidence::Header, parameters.iter().filter(is_version).find_map(|parameter| only_value(document, parameter))),
        (Evidence::Title, dates(title).into_iter().next()),
    ];
    let servers = document.get("servers").and_then(Value::as_array).into_iter().flatten();
    let urls = servers.filter_map(|server| server.get("url")?.as_str());
    let count = |pointer: &str| document.pointer(pointer).and_then(Value::as_object).map_or(0, Map::len);
    Identity {
        title: title.to_owned(),
        versions: stated.into_iter().filter_map(|(evidence, version)| Some((evidence, version?))).collect(),
        hosts: urls.filter_map(host).collect(),
        headers: parameters.iter().map(|parameter| name(parameter)).collect(),
        operations: operations(document),
        schemas: count("/components/schemas"),
        webhooks: count("/webhooks"),
        is_approximate: document.pointer("/info").is_some_and(|info| info.get(super::APPROXIMATE).is_some()),
    }
}

/// Returns whether a string is a date in the form of dated versions.
pub(super) fn is_date(text: &str) -> bool {
    let is_expected = |(index, byte): (usize, u8)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    };
    text.len() == 10 && text.bytes().enumerate().all(is_expected)
}

/// Returns the dates in a string, with `-` or `_` between their parts.
pub(super) fn dates(text: &str) -> Vec<String> {
    let text = text.replace('_', "-");
    let starts = 0..text.len().saturating_sub(9);
    starts.filter_map(|start| text.get(start..start + 10)).filter(|part| is_date(part)).map(str::to_owned).collect()
}

/// Returns the first date in a name, such as `2026_02_09_docs`.
pub fn date_in(name: &str) -> Option<String> {
    dates(name).into_iter().next()
}

/// Returns the version in the URL of a page or document: a path segment or a value of the query that is a date.
pub fn version_in_url(url: &str) -> Option<&str> {
    let parts = url.split(['/', '?', '&', '=']).map(|part| part.strip_prefix('v').unwrap_or(part));
    parts.into_iter().find(|part| is_date(part))
}

/// The pages of a site to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All pages.
    Any,
    /// Pages of the version that the site shows by default, whose URLs do not contain a version.
    Default,
    /// Pages whose URLs contain this version.
    Version(String),
}

impl Wanted {
    /// Selects the pages of a version, given the URLs of all pages.
    pub(super) fn of<'a>(mut references: impl Iterator<Item = &'a str>, version: Option<&str>) -> Self {
        match version {
            None => Self::Any,
            Some(version) if references.any(|reference| version_in_url(reference) == Some(version)) => {
                Self::Version(version.to_owned())
            }
            Some(_) => Self::Default,
        }
    }

    /// Returns whether a page is selected.
    pub(super) fn has(&self, reference: Option<&str>) -> bool {
        let part = reference.and_then(version_in_url);
        match self {
            Self::Any => true,
            Self::Default => part.is_none(),
            Self::Version(version) => part == Some(version),
        }
    }
}

fn host(url: &str) -> Option<String> {
    let (_, rest) = url.split_once("://")?;
    rest.split(['/', '?', '#']).next().map(str::to_ascii_lowercase)
}

fn items(document: &Value) -> impl Iterator<Item = (&String, &Map<String, Value>)> {
    let paths = document.get("paths").and_then(Value::as_object);
    paths.into_iter().flatten().filter_map(|(path, item)| Some((path, item.as_object()?)))
}

fn header_parameters(document: &Value) -> Vec<&Value> {
    let lists = items(document).flat_map(|(_, item)| {
        let operations = Method::NAMED.iter().filter_map(|method| item.get(method.key())?.get("parameters"));
        operations.chain(item.get("parameters")).collect::<Vec<_>>()
    });
    let all = lists.filter_map(Value::as_array).flatten().map(|parameter| followed(document, parameter));
    all.filter(|parameter| parameter.get("in").and_then(Value::as_str) == Some("header")).collect()
}

/// Follows a reference one step.
pub(super) fn followed<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    find_target(document, value).unwrap_or(value)
}

fn only_value(document: &Value, parameter: &Value) -> Option<String> {
    let schema = followed(document, parameter.get("schema")?);
    let values = schema.get("enum").and_then(Value::as_array).filter(|values| values.len() == 1);
    let only = values.and_then(|values| values.first());
    schema.get("default").or_else(|| schema.get("const")).or(only)?.as_str().map(str::to_owned)
}

fn operations(document: &Value) -> BTreeSet<String> {
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let of_item = |(path, item): (&String, &Value)| {
        let methods = Method::of_item(item).into_iter();
        methods.map(|method| format!("{method} {}", remove_names(path))).collect::<Vec<_>>()
    };
    paths.flat_map(of_item).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn version_is_found_in_info_header_or_title() {
        let with = |info: Value, schema: Value| {
            json!({"info": info, "paths": {"/a": {"get": {"parameters": [
                {"name": "X-Api-Version", "in": "header", "schema": schema}, {"name": "version", "in": "query"}]}}}})
        };
        let dated = json!({"version": "2026-02-09"});
        let rows = [
            (with(dated.clone(), json!({})), vec![(Evidence::Info, "2026-02-09")]),
            (
                with(json!({"version": "1.0.0"}), json!({"enum": ["2026-02-09"]})),
                vec![(Evidence::Header, "2026-02-09")],
            ),
            (
                with(json!({"version": "1.0.0"}), json!({"default": "b", "enum": ["a", "b"]})),
                vec![(Evidence::Header, "b")],
            ),
            (with(json!({"version": "1.0.0"}), json!({"enum": ["a", "b"]})), vec![]),
            (
                with(json!({"version": "2"}), json!({"const": "b"})),
                vec![(Evidence::Info, "2"), (Evidence::Header, "b")],
            ),
            (
                with(json!({"version": "1.0.0", "title": "2026_02_09_docs"}), json!({})),
                vec![(Evidence::Title, "2026-02-09")],
            ),
        ];
        for (document, expected) in rows {
            let identity = read_identity(&document, None);
            let found: Vec<(Evidence, &str)> =
                identity.versions.iter().map(|(evidence, version)| (*evidence, version.as_str())).collect();
            assert_eq!(found, expected, "{document}");
        }
        let named = with(json!({}), json!({"default": "b"}));
        assert!(read_identity(&named, Some("x-other-version")).versions.is_empty());
        assert_eq!(read_identity(&named, Some("x-api-version")).versions.len(), 1);
    }

    #[test]
    fn hosts_headers_and_operations_are_read_in_a_comparable_form() {
        let document = json!({
            "servers": [{"url": "https://API.example.com/v1"}, {"url": "/relative"}],
            "paths": {
                "/runs/{id}": {"get": {}, "parameters": [{"$ref": "#/components/parameters/W"}]},
                "/runs/{run_id}/pages/{n}.json": {"post": {}, "summary": "s"},
            },
            "components": {"parameters": {"W": {"name": "X-Workspace", "in": "header"}}, "schemas": {"A": {}}},
        });
        let identity = read_identity(&document, None);
        assert_eq!(identity.hosts, BTreeSet::from(["api.example.com".to_owned()]));
        assert_eq!(identity.headers, BTreeSet::from(["x-workspace".to_owned()]));
        let operations: Vec<&str> = identity.operations.iter().map(String::as_str).collect();
        assert_eq!(operations, ["GET /runs/{}", "POST /runs/{}/pages/{}.json"]);
        assert_eq!((identity.schemas, identity.is_approximate), (1, false));
    }

    #[test]
    fn pages_are_selected_by_the_version_in_their_url() {
        let all = ["https://d.example/a", "https://d.example/2025-04-21/a"];
        let rows = [(Some("2025-04-21"), [false, true]), (Some("2026-02-09"), [true, false]), (None, [true, true])];
        for (version, expected) in rows {
            let wanted = Wanted::of(all.into_iter(), version);
            assert_eq!(all.map(|reference| wanted.has(Some(reference))), expected, "{version:?}");
        }
    }
}
