//! The page about the kinds of changes: every ID, with examples whose levels the comparison decides. Knows no document of a vendor.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use generator::drift::{Change, Drift, Mirror, mirrors};
use generator::{Sources, parallel};
use serde_json::Value;

use crate::outcome::Failure;

use super::proof::{Pair, Subject, compare_as, list_all_pairs};

const HEAD: &str = "\
# Kinds of changes

Written by `cargo xtask drift --reference`; not edited. `wire` is what a change means for the published crate when it talks to the new
API, `rust` what it means for code that upgrades. IDs are stable, and those of oasdiff where the meaning is the same. The first words of
an ID say which way the values travel on which the change matters more, and what it is about: a `body`, a `property` inside it, a
`parameter` or a `header`.

Each row has the first pair of the proof (`cargo xtask drift --prove`) that shows the ID, with its place and the levels that the comparison decides
when the page is written. They differ elsewhere: a property may be inside of several, and names in the lock, shared types and open
enumerations absorb changes. The opposite of a kind of change is reported too.

[drift-peers.md](drift-peers.md) has what other tools make of the same pairs.

Every entry whose `rust` is `major` says in `remedy` what users write instead. `cargo xtask drift OLD NEW --patch DIR` prints a diff for code
that uses the old client, as far as that is certain: names, members of values whose type the code shows, and arguments, of which new
ones become `todo!(…)`. A schema (`api-schema-renamed`) or an operation with another name keeps its name in Rust, until `--accept` with its
fingerprint takes the new one over; the old one is a deprecated alias for one release then. CONTRIBUTING.md describes the way of a
maintainer.

## Examples

| id | example | wire | rust | why | opposite |
|---|---|---|---|---|---|
";

/// What stands in the place of an example.
const NO_EXAMPLE: &str =
    "| none of the pairs shows it | – | – | it is reported where it changes names in Rust, or how values are read |";

/// Returns the page.
pub(super) fn render_reference() -> Result<String, Failure> {
    let pairs = list_all_pairs();
    let compared = parallel::map(parallel::processors(), &pairs, compare);
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for (pair, drift) in pairs.iter().zip(compared) {
        for change in &drift?.changes {
            rows.entry(change.id.clone()).or_insert_with(|| row(pair, change));
        }
    }
    let mut page = HEAD.to_owned();
    for (id, mirror) in mirrors() {
        let opposite = match mirror {
            Mirror::Id(other) => format!("`{other}`"),
            Mirror::None(reason) => reason.to_owned(),
        };
        let example = rows.get(&id).map_or(NO_EXAMPLE, String::as_str);
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| `{id}` {example} {opposite} |");
    }
    Ok(page)
}

fn row(pair: &Pair, change: &Change) -> String {
    let shown = |schema: &Option<Value>, required: bool| match schema {
        Some(schema) => {
            format!("`{}`{}", schema.to_string().replace('|', "\\|"), if required { ", required" } else { "" })
        }
        None => "–".to_owned(),
    };
    let (example, why) = match &pair.subject {
        Subject::Schema(example, _, _) => {
            let before = shown(&example.before, example.required.0);
            (format!("{before} → {}", shown(&example.after, example.required.1)), example.why)
        }
        Subject::Whole(name, why) => ((*name).to_owned(), *why),
    };
    let (place, _) = pair.subject.place();
    format!("| {example} ({place}) | {} | {} | {why} |", change.wire.as_str(), change.rust.as_str())
}

fn compare(pair: &Pair) -> Result<Drift, Failure> {
    let (old, new) = (pair.before.to_string(), pair.after.to_string());
    let sources = |document| Sources::of_document(document, "example.json");
    compare_as(pair.names, &sources(old.as_bytes()), &sources(new.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_is_what_the_comparison_decides() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let page = std::fs::read_to_string(root.join("docs/drift.md")).unwrap();
        assert_eq!(page, render_reference().unwrap(), "cargo xtask drift --reference writes it");
        let known = |line: &&str| {
            [
                "schema-named",
                "discriminator-added",
                "discriminator-removed",
                "rust-item-added",
                "rust-item-changed",
                "rust-item-removed",
            ]
            .iter()
            .any(|id| line.contains(&format!("{id}` {NO_EXAMPLE}")))
        };
        let without: Vec<&str> = page.lines().filter(|line| line.contains(NO_EXAMPLE) && !known(line)).collect();
        assert_eq!(without, Vec::<&str>::new(), "every other ID has an example");
        let unexplained = |line: &&str| line.starts_with("| `rust-item") && !line.contains(NO_EXAMPLE);
        assert_eq!(page.lines().find(unexplained), None, "the document shows the reason of every change in Rust");
    }
}
