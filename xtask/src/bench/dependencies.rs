//! What a user's default build depends on: the crates that the client and the runtime name, why each is there, and how many crates
//! each brings along. Builds nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::figure::{Measured, NotMeasured};
use super::process::read_output;
use crate::cargo::find_cargo;
use crate::layout::Layout;

/// The crate that users name.
const CLIENT: &str = "extend-ai";
/// Crates of this workspace: what they depend on is what has to be justified.
const OURS: [&str; 2] = [CLIENT, "sdk-runtime"];

/// Which crate depends on which, by name and version.
#[derive(Debug, Default)]
pub(super) struct DependencyGraph(BTreeMap<String, BTreeSet<String>>);

/// A crate that one of ours names.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct DirectDependency {
    /// Its name.
    name: String,
    /// The number of crates that it needs, itself included.
    needed: usize,
    /// How many of them nothing else needs.
    exclusive: usize,
}

/// Reads the dependencies of the client with its default features, for this platform.
pub(super) fn read_graph(layout: &Layout) -> Measured<DependencyGraph> {
    let mut cargo = find_cargo();
    cargo.args([
        "tree",
        "--locked",
        "--package",
        CLIENT,
        "--edges",
        "normal,build",
        "--prefix",
        "depth",
        "--no-dedupe",
    ]);
    cargo.args(["--format", " {p}"]).current_dir(layout.root());
    parse_tree(&read_output(&mut cargo)?)
        .ok_or_else(|| NotMeasured::new("cargo tree printed something else than a tree"))
}

/// Reads lines such as `2 bytes v1.12.2`, each below the nearest earlier line that is less deep.
fn parse_tree(text: &str) -> Option<DependencyGraph> {
    let mut graph = DependencyGraph::default();
    let mut above: Vec<String> = Vec::new();
    for line in text.lines() {
        let (depth, package) = line.split_once(' ')?;
        // Paths and marks such as `(proc-macro)` come after the version.
        let package = package.split(" (").next()?.to_owned();
        above.truncate(depth.parse().ok()?);
        if let Some(parent) = above.last() {
            graph.0.entry(parent.clone()).or_default().insert(package.clone());
        }
        graph.0.entry(package.clone()).or_default();
        above.push(package);
    }
    Some(graph)
}

impl DependencyGraph {
    /// Returns the crates that ours name, those that bring the most first.
    pub(super) fn direct_dependencies(&self) -> Vec<DirectDependency> {
        let is_ours = |package: &&String| OURS.contains(&name_of(package));
        let ours: Vec<&String> = self.0.keys().filter(is_ours).collect();
        let client = ours.iter().copied().find(|package| name_of(package) == CLIENT);
        let named = ours.iter().flat_map(|package| &self.0[*package]).filter(|package| !is_ours(package));
        let all = client.map_or(0, |client| self.reach(client, None).len());
        let mut direct: Vec<DirectDependency> = named
            .collect::<BTreeSet<_>>()
            .into_iter()
            .map(|package| DirectDependency {
                name: name_of(package).to_owned(),
                needed: self.reach(package, None).len(),
                exclusive: all - client.map_or(0, |client| self.reach(client, Some(package)).len()),
            })
            .collect();
        direct.sort_by(|one, other| other.needed.cmp(&one.needed).then(one.name.cmp(&other.name)));
        direct
    }

    /// Returns the number of crates other than the client.
    fn len(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// Returns a crate and what it needs, as if another crate were not there.
    fn reach<'a>(&'a self, from: &'a String, without: Option<&String>) -> BTreeSet<&'a String> {
        let mut reached = BTreeSet::from([from]);
        let mut open = vec![from];
        while let Some(package) = open.pop() {
            let needed = self.0[package].iter().filter(|needed| Some(*needed) != without);
            open.extend(needed.filter(|needed| reached.insert(needed)));
        }
        reached
    }
}

fn name_of(package: &str) -> &str {
    package.split(' ').next().unwrap_or(package)
}

/// Renders the section of the page.
pub(super) fn render_section(graph: &DependencyGraph, reasons: &BTreeMap<String, String>) -> String {
    let mut text = format!(
        "## What a user's default build depends on\n\nThe client needs {} crates on this platform, the runtime among them. These are \
         the ones that the two name, with the number\nof crates that each needs, itself included, and how many of them nothing else \
         needs. Reasons are in\n`benches/dependencies.toml`.\n\n| crate | needs | alone | why |\n|---|---:|---:|---|\n",
        graph.len()
    );
    for DirectDependency { name, needed, exclusive } in graph.direct_dependencies() {
        let why = reasons.get(&name).map_or("no reason is given", String::as_str);
        let _ = writeln!(text, "| `{name}` | {needed} | {exclusive} | {why} |");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bench::read_table;

    const TREE: &str = "0 extend-ai v0.1.0 (/x)\n1 sdk-runtime v0.1.0 (/y)\n2 bytes v1.0.0\n2 http v1.5.0\n3 bytes v1.0.0\n3 itoa v1.0.0\n\
                        1 derive v2.0.0 (proc-macro)\n2 syn v3.0.0\n";

    #[test]
    fn crates_are_counted_with_what_they_need() {
        let direct = parse_tree(TREE).unwrap().direct_dependencies();
        let counts: Vec<_> =
            direct.iter().map(|direct| (direct.name.as_str(), direct.needed, direct.exclusive)).collect();
        assert_eq!(counts, [("http", 3, 2), ("derive", 2, 2), ("bytes", 1, 1)]);
    }

    #[test]
    fn every_dependency_of_the_client_has_a_reason_and_no_reason_is_stale() {
        let layout = Layout::find(std::path::Path::new(env!("CARGO_MANIFEST_DIR"))).unwrap();
        let reasons = read_table(&layout, crate::bench::DEPENDENCIES).unwrap();
        let direct = read_graph(&layout).unwrap().direct_dependencies();
        let named: BTreeSet<&str> = direct.iter().map(|direct| direct.name.as_str()).collect();
        assert_eq!(named, reasons.keys().map(String::as_str).collect());
    }
}
