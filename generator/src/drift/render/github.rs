//! The report as workflow commands of GitHub: one annotation for each change that matters.

use std::fmt::Write as _;

use super::super::level::{RustLevel, Wire};
use super::super::report::Drift;

/// Returns the report as workflow commands. `file` is the path of the new document in the repository.
pub fn render_github(drift: &Drift, file: &str) -> String {
    let mut text = String::new();
    for change in &drift.changes {
        let command = match (change.wire, change.rust) {
            (_, _) if change.accepted.is_some() => "notice",
            (Wire::Breaking, _) | (_, RustLevel::Major) => "error",
            (Wire::Risky, _) => "warning",
            (Wire::Safe, RustLevel::None | RustLevel::Patch | RustLevel::Minor) => "notice",
        };
        let title = format!("{} ({}, {})", change.id, change.wire.as_str(), change.rust.as_str());
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "::{command} file={},title={}::{} [{}]{}",
            property(file),
            property(&title),
            data(&change.message),
            change.fingerprint,
            change.remedy.first().map_or(String::new(), |remedy| data(&format!("\ninstead: {remedy}")))
        );
    }
    text
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
