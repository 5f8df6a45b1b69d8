//! Parses `llms.txt`: the documents and other indexes that it links to. Must not follow links.

/// The links of an index.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Index {
    /// Documents of the API, from the section "OpenAPI Specification". URLs may be relative to the index.
    pub documents: Vec<String>,
    /// Indexes of the versions of the API.
    pub versions: Vec<VersionIndex>,
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
}

/// Parses an index.
pub fn read_index(text: &str) -> Index {
    let mut index = Index::default();
    let mut section = "";
    for line in text.lines() {
        // Older sites write the list of versions as a quote.
        let line = line.trim_start_matches(['>', ' ']);
        if let Some(title) = line.strip_prefix("## ") {
            section = title.trim();
        } else if let Some((label, url, rest)) = parse_link(line) {
            match section {
                "OpenAPI Specification" => index.documents.push(url.to_owned()),
                "Versions" => index.versions.push(VersionIndex {
                    label: label.to_owned(),
                    url: url.to_owned(),
                    is_default: rest.contains("(default)"),
                }),
                _ => {}
            }
        }
    }
    index
}

/// Parses `- [label](url)`, and returns what follows too.
fn parse_link(line: &str) -> Option<(&str, &str, &str)> {
    let (label, rest) = line.strip_prefix("- [")?.split_once("](")?;
    let (url, rest) = rest.split_once(')')?;
    Some((label, url.trim(), rest))
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
    }

    #[test]
    fn links_outside_of_their_sections_are_ignored() {
        let index = read_index("# Acme\n- [OpenAPI JSON](/openapi.json)\n## OpenAPI Specification\n```yaml\n- [a](b)");
        assert_eq!(index.versions, []);
        assert_eq!(index.of_version(Some("1")), None);
    }
}
