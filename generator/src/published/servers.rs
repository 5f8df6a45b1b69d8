//! Merges the servers of several pages into one list.
//!
//! A page names its server in its head, and since the fourth generation in its fragment, whose paths are then relative to it. A
//! client needs one server for all operations. Must not know anything else about the fragments.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

use super::fragment::Fragment;

/// Merges the servers of all fragments. If they differ only in their base paths, these become part of the paths; endpoints on another
/// host keep it as their own server, with a warning.
pub(super) fn merge_servers(fragments: &mut [Fragment], report: &mut Report) -> Vec<Value> {
    let lists: Vec<Vec<Value>> = fragments.iter().map(servers_of).collect();
    let bases: Vec<&str> = lists.iter().filter_map(|list| list.first()).map(url).collect();
    let Some(first) = bases.first() else { return Vec::new() };
    if bases.iter().all(|base| base == first) {
        return distinct(lists.into_iter().flatten());
    }
    let origins: Vec<&str> = bases.iter().map(|base| origin(base)).collect();
    if origins.iter().all(|other| Some(other) == origins.first()) {
        let plain = |server: Value| json!({"url": origin(url(&server))});
        for (fragment, list) in fragments.iter_mut().zip(&lists) {
            prefix_paths(&mut fragment.document, list.first().map_or("", |server| path_of(url(server))));
        }
        return distinct(lists.into_iter().flatten().map(plain));
    }
    let usual = most_frequent(&lists);
    for (fragment, list) in fragments.iter_mut().zip(&lists) {
        if !list.is_empty() && *list != usual {
            set_own_servers(fragment, list, report);
        }
    }
    usual
}

/// Returns the servers of a fragment, else that of the head of its page.
fn servers_of(fragment: &Fragment) -> Vec<Value> {
    match fragment.document.get("servers").and_then(Value::as_array) {
        Some(servers) if !servers.is_empty() => servers.clone(),
        Some(_) | None => {
            let paths = fragment.document.get("paths").and_then(Value::as_object);
            let path = paths.and_then(|paths| paths.keys().next());
            let base = path.and_then(|path| fragment.url.strip_suffix(path.as_str())).filter(|base| !base.is_empty());
            base.map(|base| json!({"url": base})).into_iter().collect()
        }
    }
}

fn url(server: &Value) -> &str {
    server.get("url").and_then(Value::as_str).unwrap_or_default().trim_end_matches('/')
}

/// Returns the scheme and host of a URL.
fn origin(url: &str) -> &str {
    url.strip_suffix(path_of(url)).unwrap_or(url)
}

/// Returns the part of a URL after the host.
pub(super) fn path_of(url: &str) -> &str {
    let host = url.split_once("://").map_or(url, |(_, host)| host);
    host.find('/').and_then(|start| host.get(start..)).unwrap_or_default()
}

/// Removes duplicate servers, preferring those with a description: older pages contain only the URL.
fn distinct(servers: impl Iterator<Item = Value>) -> Vec<Value> {
    let mut found: Vec<Value> = Vec::new();
    for server in servers {
        match found.iter_mut().find(|known| url(known) == url(&server)) {
            Some(known) if known.get("description").is_none() => *known = server,
            Some(_) => {}
            None => found.push(server),
        }
    }
    found
}

fn prefix_paths(document: &mut Value, base: &str) {
    if let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) {
        *paths = std::mem::take(paths).into_iter().map(|(path, item)| (format!("{base}{path}"), item)).collect();
    }
}

fn most_frequent(lists: &[Vec<Value>]) -> Vec<Value> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for base in lists.iter().filter_map(|list| list.first()).map(url) {
        *counts.entry(base).or_default() += 1;
    }
    let most = counts.values().max().copied().unwrap_or_default();
    let usual = lists.iter().find(|list| list.first().is_some_and(|first| counts.get(url(first)) == Some(&most)));
    usual.cloned().unwrap_or_default()
}

fn set_own_servers(fragment: &mut Fragment, list: &[Value], report: &mut Report) {
    let paths = fragment.document.get_mut("paths").and_then(Value::as_object_mut);
    for (path, item) in paths.into_iter().flatten() {
        let found = format!("`{path}` is served from {}", list.first().map_or("elsewhere", url));
        report.push(
            Diagnostic::new(Code::PageConflict, Pointer::root().join("paths").join(path), found)
                .expected("the server of the other pages")
                .help(
                    "the client sends every operation to the first of `servers`; set another base URL to call this one",
                )
                .at_line(Some(fragment.line)),
        );
        if let Some(item) = item.as_object_mut() {
            item.insert("servers".to_owned(), json!(list));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Generation;
    use super::*;

    /// URL, path and servers of a page.
    type PageRow<'a> = (&'a str, &'a str, &'a [&'a str]);

    /// Pages and the expected result.
    struct Case<'a> {
        pages: &'a [PageRow<'a>],
        servers: &'a [&'a str],
        paths: &'a [&'a str],
        warnings: usize,
    }

    fn found(pages: &[PageRow<'_>]) -> (Vec<String>, Vec<String>, usize) {
        let fragment = |(url, path, servers): &PageRow<'_>| Fragment {
            page: String::new(),
            line: 1,
            generation: Generation::Fourth,
            document: json!({"paths": {*path: {"get": {}}},
                "servers": servers.iter().map(|url| json!({"url": url})).collect::<Vec<_>>()}),
            url: url.to_string(),
        };
        let mut fragments: Vec<Fragment> = pages.iter().map(fragment).collect();
        let mut report = Report::default();
        let servers = merge_servers(&mut fragments, &mut report);
        let paths =
            fragments.iter().flat_map(|fragment| fragment.document["paths"].as_object().unwrap().keys().cloned());
        (servers.iter().map(|server| url(server).to_owned()).collect(), paths.collect(), report.diagnostics.len())
    }

    #[test]
    fn servers_of_pages_become_one_list() {
        let none: &[&str] = &[];
        let cases = [
            Case { pages: &[("", "/a", none)], servers: &[], paths: &["/a"], warnings: 0 },
            Case {
                pages: &[("https://x.example/v1/a", "/v1/a", none), ("https://x.example/b", "/b", none)],
                servers: &["https://x.example"],
                paths: &["/v1/a", "/b"],
                warnings: 0,
            },
            Case {
                pages: &[("https://x.example/v1/a", "/a", &["https://x.example/v1"])],
                servers: &["https://x.example/v1"],
                paths: &["/a"],
                warnings: 0,
            },
            Case {
                pages: &[
                    ("", "/a", &["https://x.example/v1/", "https://y.example/v1"]),
                    ("", "/b", &["https://x.example/v1"]),
                ],
                servers: &["https://x.example/v1", "https://y.example/v1"],
                paths: &["/a", "/b"],
                warnings: 0,
            },
            Case {
                pages: &[
                    ("", "/a", &["https://x.example/v1"]),
                    ("", "/b", &["https://x.example/v2"]),
                    ("", "/c", none),
                ],
                servers: &["https://x.example"],
                paths: &["/v1/a", "/v2/b", "/c"],
                warnings: 0,
            },
            Case {
                pages: &[
                    ("", "/a", &["https://y.example"]),
                    ("", "/b", &["https://x.example"]),
                    ("", "/c", &["https://x.example"]),
                ],
                servers: &["https://x.example"],
                paths: &["/a", "/b", "/c"],
                warnings: 1,
            },
        ];
        for Case { pages, servers, paths, warnings } in cases {
            let (found_servers, found_paths, found_warnings) = found(pages);
            assert_eq!(found_servers, servers, "{pages:?}");
            assert_eq!(found_paths, paths, "{pages:?}");
            assert_eq!(found_warnings, warnings, "{pages:?}");
        }
    }
}
