//! Parses `llms.txt` and the banners of pages: the documents, other indexes and pages that they link to. Must not follow links.

use std::collections::HashSet;

use super::super::identity::{dates, version_in_url};
use super::address::{LineLink, links_in, names_index, names_openapi, names_page};

/// The links of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Index {
    /// Documents of the API: links in the section "OpenAPI Specification", and those named after OpenAPI. URLs may be relative to
    /// the index.
    pub documents: Vec<String>,
    /// Indexes of the versions of the API.
    pub versions: Vec<VersionIndex>,
    /// Other indexes, such as those of sections.
    pub sections: Vec<String>,
    /// Pages in Markdown.
    pub pages: Vec<String>,
    /// Whether a section of its own names the documents or the versions.
    pub has_sections: bool,
}

/// The index of one version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct VersionIndex {
    /// The label of the version on the site.
    pub label: String,
    /// The URL of its index; may be relative.
    pub url: String,
    /// Whether the site shows this version by default.
    pub is_default: bool,
}

impl Index {
    /// Returns the index of a version: the one with the version in its label or URL, else the default, else the only one.
    pub fn of_version(&self, version: Option<&str>) -> Option<&VersionIndex> {
        let named = version.and_then(|version| self.named(version));
        let default = || self.versions.iter().find(|index| index.is_default);
        let only = || self.versions.first().filter(|_| self.versions.len() == 1);
        named.or_else(default).or_else(only)
    }

    /// Returns the index of a version that the site does not show by default. The documents listed beside it belong to another version.
    pub fn of_other_version(&self, version: Option<&str>) -> Option<&VersionIndex> {
        version.and_then(|version| self.named(version)).filter(|index| !index.is_default)
    }

    fn named(&self, version: &str) -> Option<&VersionIndex> {
        self.versions.iter().find(|index| index.label.contains(version) || index.url.contains(version))
    }

    /// Returns whether it links to anything that leads to a document.
    pub fn leads_on(&self) -> bool {
        !(self.documents.is_empty() && self.versions.is_empty() && self.sections.is_empty())
    }
}

/// The part of an index that a link is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// "OpenAPI Specification".
    Documents,
    /// "Versions".
    Versions,
    /// Any other.
    Other,
}

/// Parses an index.
pub fn read_index(text: &str) -> Index {
    let mut index = Index::default();
    let mut known = HashSet::new();
    let mut part = Part::Other;
    let mut is_code = false;
    for line in text.lines() {
        // Banners and older sites write lists as quotes.
        let line = line.trim_start_matches(['>', ' ']);
        is_code ^= line.starts_with("```") || line.starts_with("~~~");
        if let Some(title) = line.strip_prefix('#').map(|title| title.trim_start_matches('#').trim()) {
            part = part_of(title);
        } else if !is_code {
            links_in(line).iter().for_each(|link| add(&mut index, &mut known, part, link));
        }
    }
    index
}

fn part_of(title: &str) -> Part {
    let title = title.to_ascii_lowercase();
    match title.as_str() {
        "versions" | "api versions" | "other versions" => Part::Versions,
        title if title.contains("openapi") && !title.contains("asyncapi") => Part::Documents,
        _ => Part::Other,
    }
}

/// Adds a link to the list that it belongs to, once.
fn add<'t>(index: &mut Index, known: &mut HashSet<(&'t str, &'t str)>, part: Part, link: &LineLink<'t>) {
    let is_version = || !dates(link.label).is_empty() || is_numbered(link.label) || is_version_folder(link.url);
    if part == Part::Versions && !names_openapi(link.url) || names_index(link.url) && is_version() {
        index.has_sections |= part == Part::Versions;
        let after = link.rest.split(['[', ',']).next().unwrap_or_default();
        let is_default = [link.label, after].iter().any(|text| text.contains("default"));
        if known.insert((link.label, link.url)) {
            let version = VersionIndex { label: link.label.to_owned(), url: link.url.to_owned(), is_default };
            index.versions.push(version);
        }
        return;
    }
    let list = if names_index(link.url) {
        &mut index.sections
    } else if names_page(link.url) {
        &mut index.pages
    } else if part == Part::Documents || names_openapi(link.url) {
        index.has_sections |= part == Part::Documents;
        &mut index.documents
    } else {
        return;
    };
    // The URL alone decides which list it is in, and whether it is there already.
    if known.insert(("", link.url)) {
        list.push(link.url.to_owned());
    }
}

/// Returns whether a label is that of a numbered version: `v2`, `v1.3 (default)`.
fn is_numbered(label: &str) -> bool {
    let first = label.split_whitespace().next().unwrap_or_default();
    first.strip_prefix(['v', 'V']).is_some_and(|rest| rest.starts_with(|digit: char| digit.is_ascii_digit()))
}

/// Returns whether the folder of a URL is named after a version.
fn is_version_folder(url: &str) -> bool {
    let folder = url.trim_end_matches("llms.txt").trim_end_matches('/').rsplit('/').next().unwrap_or_default();
    version_in_url(folder).is_some() || is_numbered(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_and_versions_are_read_from_their_sections() {
        let text = "# Acme\n\n> Docs.\n\n## Docs\n- [Start](https://d.example/start.md): begin\n\n## Versions\n\
            - [v2026-02-09](https://d.example/2026-02-09/llms.txt) (default)\n- [v2025-04-21](/2025-04-21/llms.txt)\n\n\
            ## OpenAPI Specification\n\nThe raw OpenAPI 3.1 specification is at:\n\
            - [OpenAPI JSON](https://d.example/openapi.json)\n- [OpenAPI YAML](/openapi.yaml)\n\n\
            ## AsyncAPI Specification\n- [AsyncAPI JSON](/asyncapi.json)\n";
        let index = read_index(text);
        assert_eq!(index.documents, ["https://d.example/openapi.json", "/openapi.yaml"]);
        let of = |version| index.of_version(version).map(|index| index.url.as_str());
        assert_eq!(of(Some("2025-04-21")), Some("/2025-04-21/llms.txt"));
        assert_eq!(of(Some("2024-12-23")), Some("https://d.example/2026-02-09/llms.txt"));
        assert_eq!(of(None), Some("https://d.example/2026-02-09/llms.txt"));
        let other = |version| index.of_other_version(version).map(|index| index.url.as_str());
        assert_eq!(other(Some("2025-04-21")), Some("/2025-04-21/llms.txt"));
        assert_eq!([other(Some("2026-02-09")), other(Some("2024-12-23")), other(None)], [None; 3]);
        assert_eq!(index.pages, ["https://d.example/start.md"]);
    }

    /// Banners of pages, in several notations.
    #[test]
    fn versions_are_read_from_banners() {
        let rows = [
            "> This page is for version v2026-02-09 (default).\n>\n> - v2026-02-09 (default): https://d.example/llms.txt\n\
             > - v2025-04-21: https://d.example/2025-04-21/llms.txt\n\n> ## Documentation Index\n> The index is at: https://d.example/llms.txt\n",
            "> - [v2026-02-09](https://d.example/llms.txt) (default)\n> - [v2025-04-21](https://d.example/2025-04-21/llms.txt)\n",
            "> Versions: [2026-02-09 (default)](https://d.example/llms.txt), [2025-04-21](https://d.example/2025-04-21/llms.txt)\n",
            "> - https://d.example/2025-04-21/llms.txt\n> - https://d.example/2026-02-09/llms.txt (default)\n",
        ];
        for text in rows {
            let index = read_index(text);
            let old = index.of_other_version(Some("2025-04-21")).map(|index| index.url.as_str());
            assert_eq!(old, Some("https://d.example/2025-04-21/llms.txt"), "{text}");
            assert_eq!(index.versions.iter().filter(|version| version.is_default).count(), 1, "{text}");
            assert!(index.leads_on(), "{text}");
        }
    }

    #[test]
    fn versions_sections_and_pages_are_distinguished() {
        let text = "# Acme\n## API Docs\n- <Runs> [Get](/2026-02-09/runs/get.md)\n- [Runs](/2026-02-09/runs/llms.txt)\n- [v1](/v1/llms.txt)\n\
            - [Spec](/2026-02-09/runs/openapi.yml)\n";
        let index = read_index(text);
        assert_eq!(index.sections, ["/2026-02-09/runs/llms.txt"]);
        assert_eq!(index.pages, ["/2026-02-09/runs/get.md"]);
        assert_eq!(index.documents, ["/2026-02-09/runs/openapi.yml"]);
        assert_eq!(index.versions.len(), 1);
    }

    #[test]
    fn links_outside_of_their_sections_are_ignored() {
        let index = read_index("# Acme\n- [OpenAPI JSON](/openapi.json)\n## OpenAPI Specification\n```yaml\n- [a](b)");
        assert_eq!(index.versions, []);
        assert_eq!(index.documents, ["/openapi.json"]);
        assert_eq!(index.of_version(Some("1")), None);
    }
}
