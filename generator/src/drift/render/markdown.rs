//! The report for a pull request.

use std::fmt::Write as _;

use super::super::level::{RustLevel, Wire};
use super::super::report::{Change, Drift};
use super::section::Section;
use super::{ITEMS, items, operations};

/// Returns the report as Markdown.
pub fn render_markdown(drift: &Drift) -> String {
    let mut text = String::new();
    head(&mut text, drift);
    for section in Section::ALL {
        let changes: Vec<&Change> = drift.changes.iter().filter(|change| Section::of(change) == section).collect();
        if changes.is_empty() {
            continue;
        }
        let _ = writeln!(text, "\n## {}\n", title(section));
        for change in changes {
            render_change(&mut text, change);
        }
    }
    text
}

fn title(section: Section) -> &'static str {
    match section {
        Section::Breaking => "Breaking",
        Section::Risky => "Risky",
        Section::Additive => "Additive",
        Section::Documentation => "Documentation",
    }
}

/// Writing to a string cannot fail, here and below.
fn head(text: &mut String, drift: &Drift) {
    let (base, head) = (&drift.base, &drift.head);
    let _ = writeln!(text, "# API drift\n");
    let _ = writeln!(text, "| | base | head |\n|---|---|---|");
    let _ = writeln!(text, "| version | {} | {} |", base.api_version, head.api_version);
    let _ = writeln!(text, "| operations | {} | {} |", base.operations, head.operations);
    let _ = writeln!(text, "| schemas | {} | {} |\n", base.schemas, head.schemas);
    if drift.changes.is_empty() {
        let _ = writeln!(text, "Nothing changed.");
        return;
    }
    let count = |level| drift.summary.of_wire(level);
    let (breaking, risky, safe) = (count(Wire::Breaking), count(Wire::Risky), count(Wire::Safe));
    let _ = writeln!(text, "- The published crate: {breaking} breaking, {risky} risky, {safe} safe.");
    let count = |level| drift.summary.of_rust(level);
    let _ = writeln!(
        text,
        "- Code that upgrades: {} major, {} minor, {} patch, {} none. Suggested bump: **{}**.",
        count(RustLevel::Major),
        count(RustLevel::Minor),
        count(RustLevel::Patch),
        count(RustLevel::None),
        drift.suggested_bump.as_str()
    );
}

fn render_change(text: &mut String, change: &Change) {
    let levels = format!("wire {}, rust {}", change.wire.as_str(), change.rust.as_str());
    let _ = writeln!(text, "- **{}** ({levels}, `{}`): {}", change.id, change.fingerprint, escape(&change.message));
    if let Some(operations) = operations(change) {
        let _ = writeln!(text, "  - {}: {operations}", change.direction.as_str());
    }
    let (items, more) = items(change);
    for item in items {
        let _ = writeln!(text, "  - `{}`", item.replace('`', "'"));
    }
    if more > 0 {
        let _ = writeln!(text, "  - and {more} more");
    }
    for remedy in change.remedy.iter().take(ITEMS) {
        let _ = writeln!(text, "  - instead: {}", escape(remedy));
    }
    if change.remedy.len() > ITEMS {
        let _ = writeln!(text, "  - and {} more in the form for programs", change.remedy.len() - ITEMS);
    }
    if let Some(accepted) = &change.accepted {
        let _ = writeln!(text, "  - accepted: {}", escape(&accepted.reason));
    }
}

/// Escapes what Markdown or HTML would read in a text that is outside of code.
fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut inside = false;
    for character in text.chars() {
        match character {
            '`' => {
                inside = !inside;
                escaped.push('`');
            }
            '<' if !inside => escaped.push_str("&lt;"),
            '*' | '_' | '[' | ']' if !inside => escaped.extend(['\\', character]),
            '\n' => escaped.push(' '),
            other => escaped.push(other),
        }
    }
    escaped
}
