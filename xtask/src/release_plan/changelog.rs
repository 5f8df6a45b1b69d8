//! The section of a release in the changelog, in words for users of the crate. Writes no file.

use std::fmt::Write as _;

use generator::drift::{Change, Drift, RustLevel, Wire};

/// Changes that one heading lists.
const LISTED: usize = 40;

/// Returns the section of a release.
pub(super) fn render_section(version: &str, drifts: &[Drift], former: &[(String, String)]) -> String {
    // Writing to a string cannot fail, here and below.
    let mut text = format!("## {version}\n");
    let changes: Vec<&Change> = drifts.iter().flat_map(|drift| &drift.changes).collect();
    let of = |test: &dyn Fn(&Change) -> bool| changes.iter().copied().filter(|change| test(change)).collect::<Vec<_>>();
    let breaks = of(&|change| change.rust == RustLevel::Major);
    if !breaks.is_empty() || !former.is_empty() {
        text.push_str("\n### Breaking\n\n");
        for (old, new) in former {
            let _ = writeln!(text, "- The deprecated name `{old}` is gone: write `{new}`.");
        }
        for change in breaks.iter().take(LISTED) {
            let _ = writeln!(text, "- {}", sentence(&change.message));
            for remedy in change.remedy.iter().take(3) {
                let _ = writeln!(text, "  To migrate: {remedy}.");
            }
        }
        more(&mut text, breaks.len());
    }
    list(&mut text, "Changed in the API", &of(&|change| change.rust != RustLevel::Major && change.wire != Wire::Safe));
    list(&mut text, "Added", &of(&|change| change.rust == RustLevel::Minor && change.wire == Wire::Safe));
    let rest = of(&|change| matches!(change.rust, RustLevel::Patch | RustLevel::None) && change.wire == Wire::Safe);
    match rest.len() {
        0 => {}
        1 => text.push_str("\n### Documentation and details\n\n- One change that no code notices.\n"),
        count => {
            let _ = writeln!(text, "\n### Documentation and details\n\n- {count} changes that no code notices.");
        }
    }
    text
}

fn list(text: &mut String, heading: &str, changes: &[&Change]) {
    if changes.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n### {heading}\n");
    for change in changes.iter().take(LISTED) {
        let _ = writeln!(text, "- {}", sentence(&change.message));
    }
    more(text, changes.len());
}

fn more(text: &mut String, count: usize) {
    if count > LISTED {
        let _ = writeln!(text, "- And {} more; `cargo xtask drift` lists them.", count - LISTED);
    }
}

/// Returns a message as a sentence.
fn sentence(message: &str) -> String {
    let mut letters = message.chars();
    let first = letters.next().map(|first| first.to_uppercase().collect::<String>()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}

/// Puts a section above those of earlier releases.
pub(super) fn insert(changelog: &str, section: &str) -> String {
    match changelog.find("\n## ") {
        Some(at) => {
            let (head, rest) = changelog.split_at(at + 1);
            format!("{head}{section}\n{rest}")
        }
        None => format!("{}\n\n{section}", changelog.trim_end()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn section_goes_above_the_last_one() {
        assert_eq!(
            insert("# C\n\nWords.\n\n## 0.1.0\n\n- A.\n", "## 0.2.0\n"),
            "# C\n\nWords.\n\n## 0.2.0\n\n## 0.1.0\n\n- A.\n"
        );
        assert_eq!(insert("# C\n", "## 0.1.0\n"), "# C\n\n## 0.1.0\n");
    }
}
