//! `drift --peers`: the pairs of the proof through other tools that compare two documents, where they are installed, and what each
//! found, missed, invented and recommended. Figures of a tool that is missing stay as they were. Must not know how documents are compared.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use generator::drift::{RustLevel, Wire};
use generator::{Sources, parallel};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::input;
use crate::layout::Layout;
use crate::outcome::{Failure, Outcome};

use super::proof::{Names, Pair, compare_as, list_proven_pairs, read_pairs};

/// The figures.
const FIGURES: &str = "docs/drift-peers.toml";
/// The page with the table.
const PAGE: &str = "docs/drift-peers.md";
/// Folder of the documents.
const FOLDER: &str = "target/drift-peers";

const HEAD: &str = "\
# Beside other tools

Written by `cargo xtask drift --peers`; not edited. The pairs are those of [drift-proof.md](drift-proof.md), whose levels the compiler and the
old client decide, without those that take names over; *history* are pairs of published revisions (`--pairs DIR`), with the levels of
`cargo xtask drift`. A change matters if it is not safe on the wire, or is minor or major in Rust.

- *found*: pairs with a change that matters of which the tool reports anything; *missed*: those of which it reports nothing;
- *invented*: pairs with a change that does not matter that are called breaking, or get a minor or major bump;
- *right*: pairs whose recommended bump is the one that the compiler finds (none and patch are one); for oasdiff, which recommends none,
  pairs in which it reports an error exactly where the wire breaks;
- *refused*: pairs that the tool cannot read.

The levels are those that `xtask drift` claims, so its own row only says that it claims them; that they are the right ones is what
drift-proof.md shows, and for *history* nothing does. A tool that is not installed keeps its last figures; one without figures was never
run. spargen comes from crates.io (`cargo install spargen --features cli`). oasdiff is a Go program: PyPI does not have it, and its name on
npm is a placeholder.

| pairs | tool | version | pairs | found | missed | invented | right | refused |
|---|---|---|--:|--:|--:|--:|--:|--:|
";

/// What a tool made of a group of pairs.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
struct Figures {
    version: String,
    pairs: usize,
    found: usize,
    missed: usize,
    invented: usize,
    right: usize,
    refused: usize,
}

/// A tool that compares documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Peer {
    Ours,
    Spargen,
    Oasdiff,
}

/// What a tool says about a pair.
#[derive(Clone, Copy, Debug, Default)]
struct Opinion {
    /// Whether it reports any change.
    reports: bool,
    /// Whether it calls one breaking, or recommends more than a patch.
    alarms: bool,
    /// Whether its recommendation is the right one.
    is_right: bool,
}

/// A pair, where its documents are, and its levels.
struct Leveled {
    old: String,
    new: String,
    levels: (Wire, RustLevel),
    reports: bool,
}

impl Peer {
    const ALL: [Self; 3] = [Self::Ours, Self::Spargen, Self::Oasdiff];

    fn name(self) -> &'static str {
        match self {
            Self::Ours => "xtask drift",
            Self::Spargen => "spargen",
            Self::Oasdiff => "oasdiff",
        }
    }

    /// Returns its version, if it is installed.
    fn version(self) -> Option<String> {
        if self == Self::Ours {
            return Some(env!("CARGO_PKG_VERSION").to_owned());
        }
        let output = Command::new(self.name()).arg("--version").output().ok()?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        text.split_whitespace().find(|word| word.contains('.')).map(str::to_owned)
    }

    /// Returns what it says about a pair; `None` if it cannot read the documents.
    fn judge(self, pair: &Leveled) -> Option<Opinion> {
        let (wire, rust) = pair.levels;
        match self {
            Self::Ours => {
                let alarms = wire == Wire::Breaking || rust >= RustLevel::Minor;
                Some(Opinion { reports: pair.reports, alarms, is_right: true })
            }
            Self::Spargen => {
                let said = asked(self, &["diff", &pair.old, &pair.new, "--format", "json"])?;
                let bump = said.get("bump")?.as_str()?.to_owned();
                let right = if rust <= RustLevel::Patch { "patch" } else { rust.as_str() };
                let reports = said.get("changes")?.as_array().is_some_and(|changes| !changes.is_empty());
                Some(Opinion { reports, alarms: bump != "patch", is_right: bump == right })
            }
            Self::Oasdiff => {
                let said = asked(self, &["changelog", &pair.old, &pair.new, "--format", "json"])?;
                let changes = said.as_array()?;
                let is_error = |change: &Value| change.get("level").and_then(Value::as_u64) == Some(3);
                let alarms = changes.iter().any(is_error);
                Some(Opinion { reports: !changes.is_empty(), alarms, is_right: alarms == (wire == Wire::Breaking) })
            }
        }
    }
}

/// Runs a tool and returns what it prints.
fn asked(peer: Peer, arguments: &[&str]) -> Option<Value> {
    let output = Command::new(peer.name()).args(arguments).output().ok()?;
    serde_json::from_slice(&output.stdout).ok()
}

/// Runs all tools and writes the page; `more` is a folder with other pairs.
pub(super) fn run(layout: &Layout, more: Option<&Path>) -> Result<Outcome, Failure> {
    let mut figures = read_figures(layout)?;
    let mut notes = String::new();
    let mut groups = vec![("proof", list_proven_pairs())];
    if let Some(folder) = more {
        groups.push(("history", read_pairs(folder)?));
    }
    for (group, pairs) in groups {
        let pairs = level_pairs(layout, group, &pairs)?;
        for peer in Peer::ALL {
            let key = format!("{group} {}", peer.name());
            match peer.version() {
                Some(version) => drop(figures.insert(key, measure(peer, version, &pairs))),
                // Writing to a string cannot fail, here and below.
                None => drop(writeln!(notes, "note: {} is not installed; its last figures stay", peer.name())),
            }
        }
    }
    let path = layout.place(FIGURES);
    fs::write(&path, toml::to_string(&figures).unwrap_or_default()).map_err(Failure::io("write", &path))?;
    let path = layout.place(PAGE);
    fs::write(&path, render_page(&figures)).map_err(Failure::io("write", &path))?;
    Ok(Outcome { stderr: notes, ..Outcome::done(format!("wrote {PAGE}\n")) })
}

fn read_figures(layout: &Layout) -> Result<BTreeMap<String, Figures>, Failure> {
    let text = input::optional_text(layout, &layout.place(FIGURES))?.unwrap_or_default();
    Ok(toml::from_str(&text).unwrap_or_default())
}

/// Writes the documents of pairs, and finds their levels.
fn level_pairs(layout: &Layout, group: &str, pairs: &[Pair]) -> Result<Vec<Leveled>, Failure> {
    let folder = layout.place(FOLDER).join(group);
    fs::create_dir_all(&folder).map_err(Failure::io("write", &folder))?;
    let numbered: Vec<(usize, &Pair)> = pairs.iter().enumerate().collect();
    let leveled = parallel::map(parallel::processors(), &numbered, |(index, pair)| {
        let (old, new) = (pair.before.to_string(), pair.after.to_string());
        let [base, head] = [&old, &new].map(|document| Sources::of_document(document.as_bytes(), "pair.json"));
        let drift = compare_as(Names::Kept, &base, &head)?;
        let write = |side: &str, text: &str| -> Result<String, Failure> {
            let path = folder.join(format!("{index}-{side}.json"));
            fs::write(&path, text).map_err(Failure::io("write", &path))?;
            Ok(path.to_string_lossy().into_owned())
        };
        let wire = drift.changes.iter().map(|change| change.wire).max().unwrap_or_default();
        let levels = (wire, drift.suggested_bump);
        let reports = !drift.changes.is_empty();
        Ok(Leveled { old: write("old", &old)?, new: write("new", &new)?, levels, reports })
    });
    leveled.into_iter().collect()
}

fn measure(peer: Peer, version: String, pairs: &[Leveled]) -> Figures {
    let opinions = parallel::map(parallel::processors(), pairs, |pair| peer.judge(pair));
    let mut figures = Figures { version, pairs: pairs.len(), ..Figures::default() };
    for (pair, opinion) in pairs.iter().zip(opinions) {
        let Some(opinion) = opinion else {
            figures.refused += 1;
            continue;
        };
        let (wire, rust) = pair.levels;
        let matters = wire != Wire::Safe || rust >= RustLevel::Minor;
        figures.found += usize::from(matters && opinion.reports);
        figures.missed += usize::from(matters && !opinion.reports);
        figures.invented += usize::from(!matters && opinion.alarms);
        figures.right += usize::from(opinion.is_right);
    }
    figures
}

fn render_page(figures: &BTreeMap<String, Figures>) -> String {
    let mut page = HEAD.to_owned();
    for (key, one) in figures {
        let (group, peer) = key.split_once(' ').unwrap_or((key, ""));
        let Figures { version, pairs, found, missed, invented, right, refused } = one;
        let _ = writeln!(
            page,
            "| {group} | {peer} | {version} | {pairs} | {found} | {missed} | {invented} | {right} | {refused} |"
        );
    }
    let without = Peer::ALL.into_iter().filter(|peer| !figures.keys().any(|key| key.ends_with(peer.name())));
    for peer in without {
        let _ = writeln!(page, "\n{} was not installed when the table was made.", peer.name());
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_shows_the_figures_that_are_kept() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let read = |name: &str| fs::read_to_string(root.join(name)).unwrap();
        let figures: BTreeMap<String, Figures> = toml::from_str(&read(FIGURES)).unwrap();
        assert_eq!(read(PAGE), render_page(&figures), "cargo xtask drift --peers writes both");
        for one in figures.values() {
            assert!(one.found + one.missed + one.refused <= one.pairs && one.right <= one.pairs, "{one:?}");
        }
    }
}
