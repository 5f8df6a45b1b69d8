//! The report as text for people and for other programs. Knows nothing of how changes are found.

mod github;
mod markdown;
mod sarif;
mod section;
mod text;

use super::report::{Change, RustItem};

pub use github::render_github;
pub use markdown::render_markdown;
pub use sarif::render_sarif;
pub use text::{Color, TextStyle, render_text};

/// Rust items that are shown of one change.
const ITEMS: usize = 8;
/// Operations that are named of one change.
const OPERATIONS: usize = 4;

/// Returns whether a change is about words only.
fn is_about_words(change: &Change) -> bool {
    change.id.ends_with("description-changed")
}

/// Returns the operations of a change in one phrase; `None` if there are none.
fn operations(change: &Change) -> Option<String> {
    let named: Vec<&str> = change.operations.iter().take(OPERATIONS).map(String::as_str).collect();
    match (change.operations.len(), named.join(", ")) {
        (0, _) => None,
        (count, named) if count <= OPERATIONS => Some(named),
        (count, named) => Some(format!("{count} operations: {named}, …")),
    }
}

/// Returns what became of an item in one phrase.
fn item(item: &RustItem) -> String {
    match (&item.before, &item.after) {
        (None, Some(after)) => format!("+ {}: {after}", item.path),
        (Some(before), None) => format!("- {}: {before}", item.path),
        (Some(before), Some(after)) => format!("~ {}: {before} → {after}", item.path),
        (None, None) => item.path.clone(),
    }
}

/// Returns the items that are shown of a change, and how many are left out.
fn items(change: &Change) -> (Vec<String>, usize) {
    let shown = change.rust_items.iter().take(ITEMS).map(item).collect();
    (shown, change.rust_items.len().saturating_sub(ITEMS))
}
