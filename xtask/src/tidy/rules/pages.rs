//! Rule `page`: what a page calls a file or a folder of this workspace is there.

use std::collections::BTreeSet;

use crate::tidy::finding::{Finding, Rule};
use crate::tidy::sources::Source;

/// Endings by which a path is known as that of a file.
const ENDINGS: [&str; 7] = ["json", "md", "rs", "sh", "toml", "yaml", "yml"];

/// The files of the workspace.
#[derive(Debug, Default)]
pub(in crate::tidy) struct Files<'a> {
    paths: BTreeSet<&'a str>,
}

impl<'a> Files<'a> {
    /// Takes the paths of all files.
    pub(in crate::tidy) fn new(paths: impl IntoIterator<Item = &'a str>) -> Self {
        Self { paths: paths.into_iter().collect() }
    }

    /// Returns whether there is a file or a folder of that path.
    fn has(&self, path: &str) -> bool {
        let path = path.trim_end_matches('/');
        let folder = format!("{path}/");
        self.paths.contains(path)
            || self.paths.range(folder.as_str()..).next().is_some_and(|next| next.starts_with(&folder))
    }

    /// Returns whether a path anywhere in the workspace ends with this one.
    fn has_below(&self, path: &str) -> bool {
        let ending = format!("/{path}");
        self.has(path) || self.paths.iter().any(|known| known.ends_with(&ending))
    }
}

/// Checks a page.
pub(in crate::tidy) fn check_page(source: &Source, files: &Files<'_>, foreign: &[String]) -> Vec<Finding> {
    let folder = source.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut findings = Vec::new();
    let mut is_fenced = false;
    for (line, number) in source.text.lines().zip(1..) {
        if line.trim_start().starts_with("```") {
            is_fenced = !is_fenced;
        }
        if is_fenced {
            continue;
        }
        let links = link_targets(line).filter(|target| !files.has(&resolve(folder, target)));
        let spans = code_spans(line).filter(|span| is_missing(span, files));
        let missing = links.chain(spans).filter(|name| !foreign.iter().any(|known| known == name));
        findings.extend(missing.map(|name| {
            Finding::new(Rule::Page, &source.path, number, format!("`{name}` does not exist: name the file as it is"))
        }));
    }
    findings
}

fn is_missing(span: &str, files: &Files<'_>) -> bool {
    let is_plain = span.chars().all(|character| character.is_ascii_alphanumeric() || "/._-".contains(character));
    let Some((first, rest)) = span.split_once('/') else { return false };
    if !is_plain || first.is_empty() || span.contains("..") {
        return false;
    }
    let is_file = rest.rsplit_once('.').is_some_and(|(_, ending)| ENDINGS.contains(&ending));
    let is_here = files.has(first) && !rest.is_empty();
    let is_of_a_host = first.contains('.') && !files.has(first);
    !is_of_a_host && (is_file || is_here) && !files.has(span) && !files.has_below(span)
}

/// What stands between backticks.
fn code_spans(line: &str) -> impl Iterator<Item = &str> {
    line.split('`').skip(1).step_by(2)
}

/// Relative targets of links, without fragments.
fn link_targets(line: &str) -> impl Iterator<Item = &str> {
    let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let relative =
        targets.filter(|target| !target.contains("://") && !target.starts_with('#') && !target.starts_with('`'));
    relative.filter_map(|target| target.split('#').next()).filter(|target| target.contains(['.', '/']))
}

/// The path that a link in a page of `folder` leads to.
fn resolve(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "." | "" => {}
            ".." => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_that_are_not_there_are_found() {
        let files = Files::new(["README.md", "docs/a.md", "x/src/b/mod.rs"]);
        let rows = [
            ("[a](docs/a.md#top) and [web](https://x.example/y.md)", 0),
            ("[a](docs/b.md)", 1),
            ("`x/src/b/mod.rs`, `b/mod.rs`, `x/src/b/`, `x/src/`", 0),
            ("`x/src/c.rs` and `c/d.toml`", 2),
            ("`/runs/{id}`, `GET /a/b.json`, `x.example/y.json`, `and/or`, `x/*`", 0),
            ("```\n`x/src/c.rs`\n```", 0),
        ];
        for (text, count) in rows {
            let source = Source { path: "README.md".to_owned(), text: text.to_owned() };
            let found = check_page(&source, &files, &[]);
            assert_eq!(found.len(), count, "{text}: {found:?}");
        }
        let nested = Source { path: "docs/a.md".to_owned(), text: "[up](../README.md) [gone](README.md)".to_owned() };
        assert_eq!(check_page(&nested, &files, &[]).len(), 1);
        assert_eq!(check_page(&nested, &files, &["README.md".to_owned()]).len(), 0);
    }
}
