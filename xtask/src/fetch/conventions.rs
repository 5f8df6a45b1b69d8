//! Where documentation sites usually publish something for machines: names below the root of a site or below its base path.
//! Downloads nothing.

use std::collections::VecDeque;

use super::plan::{Expected, Place, Reason, Source};
use crate::download::{origin, resolve};
use crate::layout::ApiVersion;

/// Path of a catalog of APIs (RFC 9727), below the root or a base path.
const CATALOG: &str = ".well-known/api-catalog";
/// Name of an index.
const INDEX: &str = "llms.txt";
/// What a site has below its base path, in the order in which it is requested.
const NAMES: [(&str, Expected); 6] = [
    ("openapi.json", Expected::Document),
    ("openapi.yaml", Expected::Document),
    ("openapi.yml", Expected::Document),
    (CATALOG, Expected::Catalog),
    (INDEX, Expected::Index),
    ("llms-full.txt", Expected::Pages),
];

/// Returns whether a URL is that of a site or a page, and not that of a file.
pub(super) fn is_site(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let rest = path.split_once("://").map_or(path, |(_, rest)| rest);
    let name = rest.split_once('/').map_or("", |(_, path)| path).rsplit('/').next().unwrap_or_default();
    !path.is_empty() && !url.contains('?') && !name.contains('.') && name != "api-catalog"
}

/// Returns the sources of a site: what its URL has, then what such sites have below it.
pub(super) fn sources_of_site(url: &str, wanted: Option<&ApiVersion>) -> VecDeque<Source> {
    let base = format!("{}/", url.split('#').next().unwrap_or_default().trim_end_matches('/'));
    let first = Source::first(Place::Url(url.to_owned()), Expected::Anything, Reason::Arguments);
    let named = |(name, expected): (&str, Expected)| {
        Source::first(Place::Url(resolve(&base, name)), expected, Reason::Convention)
    };
    complete([first].into_iter().chain(NAMES.into_iter().map(named)).collect(), wanted)
}

/// Adds catalogs at the root and below the base paths of sources with usual names, and the index of the requested version. They come
/// before the pages.
pub(super) fn complete(sources: Vec<Source>, wanted: Option<&ApiVersion>) -> VecDeque<Source> {
    let mut all = sources;
    let bases: Vec<String> = all.iter().filter_map(base_of).collect();
    let mut added: Vec<Source> = Vec::new();
    let mut add = |url: String, expected| {
        let source = Source::first(Place::Url(url), expected, Reason::Convention);
        if !all.iter().chain(&added).any(|known| known.place == source.place) {
            added.push(source);
        }
    };
    for base in &bases {
        add(resolve(base, CATALOG), Expected::Catalog);
        add(resolve(base, &format!("/{CATALOG}")), Expected::Catalog);
    }
    if let Some(version) = wanted {
        bases.iter().for_each(|base| add(resolve(base, &format!("{version}/{INDEX}")), Expected::Index));
    }
    let end = all.iter().position(|source| source.expected == Expected::Pages).unwrap_or(all.len());
    all.splice(end..end, added);
    all.into()
}

/// Returns the folder of a source with a usual name.
fn base_of(source: &Source) -> Option<String> {
    let Place::Url(url) = &source.place else { return None };
    let _ = origin(url)?;
    let path = url.split(['?', '#']).next()?;
    NAMES.iter().find_map(|(name, _)| path.strip_suffix(name)).filter(|base| base.ends_with('/')).map(str::to_owned)
}

/// Returns the section of a site that a document belongs to, if its URL shows that it is not that of the whole API: a folder below
/// that of a version, or the folder of the index that names it.
pub(super) fn section_of(url: &str, index: Option<&str>, base: &str) -> Option<String> {
    let folder = folder_of(url)?;
    let below_base = folder.strip_prefix(&folder_of(base)?).unwrap_or(&folder).to_owned();
    let mut steps: Vec<&str> = below_base.split('/').filter(|step| !step.is_empty()).collect();
    let has_version = steps.first().is_some_and(|step| is_version(step));
    if has_version {
        steps.remove(0);
    }
    let is_of_index = index.and_then(folder_of).is_some_and(|index| index == folder);
    (!steps.is_empty() && (has_version || is_of_index)).then_some(folder)
}

fn is_version(step: &str) -> bool {
    let rest = step.strip_prefix('v').unwrap_or(step);
    generator::published::version_in_url(rest).is_some()
        || rest.len() < step.len() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
}

/// Returns the path of a URL up to its last slash.
fn folder_of(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next()?.split_once("://")?.1;
    let path = path.split_once('/').map_or("", |(_, path)| path);
    Some(format!("/{}", path.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_is_a_folder_below_a_version_or_that_of_an_index() {
        let base = "https://d.example/openapi.json";
        let rows = [
            ("https://d.example/openapi.json", None, None),
            ("https://d.example/openapi.json?api=a/b", None, None),
            ("https://d.example/2025-04-21/openapi.json", None, None),
            ("https://d.example/v2/openapi.json", None, None),
            ("https://d.example/static/openapi.json", None, None),
            ("https://d.example/static/openapi.json", Some("https://d.example/llms.txt"), None),
            ("https://d.example/runs/openapi.json", Some("https://d.example/runs/llms.txt"), Some("/runs/")),
            ("https://d.example/2025-04-21/runs/openapi.json", None, Some("/2025-04-21/runs/")),
            ("https://d.example/2025-04-21/openapi.json", Some("https://d.example/2025-04-21/llms.txt"), None),
        ];
        for (url, index, section) in rows {
            assert_eq!(section_of(url, index, base).as_deref(), section, "{url}");
        }
        let below = "https://d.example/docs/openapi.json";
        assert_eq!(section_of("https://d.example/docs/v1/openapi.json", None, below), None);
        assert_eq!(section_of(below, Some("https://d.example/docs/llms.txt"), below), None);
    }

    #[test]
    fn site_has_no_file_name() {
        let rows = [
            ("https://d.example", true),
            ("https://d.example/docs/", true),
            ("https://d.example/docs", true),
            ("https://d.example/openapi.json", false),
            ("https://d.example/spec?api=a", false),
            ("https://d.example/.well-known/api-catalog", false),
        ];
        for (url, expected) in rows {
            assert_eq!(is_site(url), expected, "{url}");
        }
        let names: Vec<String> =
            sources_of_site("https://d.example/docs", None).iter().map(|source| source.place.name()).collect();
        assert_eq!(
            names,
            [
                "https://d.example/docs",
                "https://d.example/docs/openapi.json",
                "https://d.example/docs/openapi.yaml",
                "https://d.example/docs/openapi.yml",
                "https://d.example/docs/.well-known/api-catalog",
                "https://d.example/docs/llms.txt",
                "https://d.example/.well-known/api-catalog",
                "https://d.example/docs/llms-full.txt",
            ]
        );
    }
}
