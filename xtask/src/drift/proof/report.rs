//! The results of the proof, for a terminal and for the page. Plain text.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::{Proven, Subject};

const HEAD: &str = "\
# Proof of the levels

Written by `cargo xtask drift --prove`; not edited. Each kind of change of [drift.md](drift.md) in each place where it can be is a pair
of documents. The level in Rust is what the compiler says: a program that uses everything that the old client has is compiled with the
new client. If that fails, the level is major; if the opposite fails, or the compiler warns of deprecated items, it is minor; if the
clients differ at all, it is patch. The level on the wire is what the old client and a validator of the new document say: values of the
new document are read by the old client, and what the old client sends is checked.

- *breaking*: a valid response cannot be read, or a request that the old document describes is refused;
- *risky*: a server that refuses what the document does not mention, or that checks formats, refuses it; or a request that leaves
  something out means something else, because of another default; or a response has none of the values that were known;
- *safe*: everything else.

Pairs of the place *operation* are about operations, servers, credentials and events. The compiler decides their level in Rust like that of
the others. No value of a schema shows their level on the wire: it is stated by [drift.md](drift.md), and not counted here.

";

/// Returns what is claimed of each pair.
pub(super) fn render_claims(proven: &[Proven]) -> String {
    let mut text = String::new();
    for Proven { pair, drift, claimed, found, .. } in proven {
        let _ = writeln!(
            text,
            "{}: {} {}, the compiler says {}",
            pair.name,
            claimed.0.as_str(),
            claimed.1.as_str(),
            found.1.as_str()
        );
        for change in &drift.changes {
            let levels = (change.wire.as_str(), change.rust.as_str());
            let _ = writeln!(text, "    {} {} {}: {}", change.id, levels.0, levels.1, change.message);
        }
    }
    text
}

/// Returns the pairs that disagree, and the number of all.
pub(super) fn render_text(proven: &[Proven]) -> String {
    let mut text = String::new();
    let wrong: Vec<&Proven> = proven.iter().filter(|proven| !proven.agrees()).collect();
    for proven in &wrong {
        // Writing to a string cannot fail, here and below.
        let _ = writeln!(
            text,
            "{}\n    claimed {} {}, found {} {}: {}",
            proven.pair.name,
            proven.claimed.0.as_str(),
            proven.claimed.1.as_str(),
            proven.found.0.as_str(),
            proven.found.1.as_str(),
            proven.why
        );
        for change in &proven.drift.changes {
            let _ = writeln!(
                text,
                "    {} {} {}: {}",
                change.id,
                change.wire.as_str(),
                change.rust.as_str(),
                change.message
            );
        }
    }
    let _ = writeln!(text, "{} of {} pairs agree", proven.len() - wrong.len(), proven.len());
    text
}

/// Returns the page.
pub(super) fn render_page(proven: &[Proven]) -> String {
    let mut page = HEAD.to_owned();
    let mut rows: BTreeMap<(&str, &str), [usize; 9]> = BTreeMap::new();
    for proven in proven {
        let row = rows.entry(proven.pair.subject.place()).or_default();
        row[proven.found.0 as usize] += 1;
        row[3 + proven.found.1 as usize] += 1;
        row[7] += usize::from(proven.agrees());
        row[8] += 1;
    }
    page.push_str("| place | way | safe | risky | breaking | none | patch | minor | major | agree | pairs |\n");
    page.push_str("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|\n");
    let stated = proven.iter().filter(|proven| !proven.pair.subject.has_values()).count();
    for ((place, travel), counts) in &rows {
        let is_stated = (*place, *travel) == Subject::WHOLE;
        let shown =
            |(at, count): (usize, &usize)| if is_stated && at < 3 { "–".to_owned() } else { count.to_string() };
        let counts: Vec<String> = counts.iter().enumerate().map(shown).collect();
        let _ = writeln!(page, "| {place} | {travel} | {} |", counts.join(" | "));
    }
    let agreeing = proven.iter().filter(|proven| proven.agrees()).count();
    let _ = writeln!(
        page,
        "\n{agreeing} of {} pairs agree: {} in both levels, {stated} in that of Rust, which is all that is proved of them.",
        proven.len(),
        agreeing.saturating_sub(stated),
    );
    page
}
