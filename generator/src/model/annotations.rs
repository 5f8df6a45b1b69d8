//! Annotations of parts of the document: descriptions, notes on values, and deprecation.
//!
//! Reads keywords that do not influence types.

use serde_json::Value;

use crate::ir::{Docs, Lifecycle};
use crate::keyword::Keywords;

/// Reads the descriptive keywords of a part of the document.
pub(super) fn docs(part: &Value) -> Docs {
    let text = |key: &str| part.get(key).and_then(Value::as_str).unwrap_or_default().trim().to_owned();
    Docs { summary: text("summary"), description: text("description"), notes: Vec::new() }
}

/// Reads `deprecated`.
pub(super) fn lifecycle(part: &Value) -> Lifecycle {
    match part.keyword("deprecated") {
        Some(Value::Bool(true)) => Lifecycle::Deprecated,
        Some(_) | None => Lifecycle::Current,
    }
}

/// Returns lines that state the constraints of a schema.
pub(super) fn notes(schema: &Value) -> Vec<String> {
    let mut notes = Vec::new();
    if let Some(default) = schema.keyword("default") {
        notes.push(format!("Default: `{default}`."));
    }
    let bounds = [
        ("minimum", "Smallest value"),
        ("maximum", "Largest value"),
        ("minLength", "Fewest characters"),
        ("maxLength", "Most characters"),
        ("minItems", "Fewest items"),
        ("maxItems", "Most items"),
        ("pattern", "Pattern"),
    ];
    for (keyword, label) in bounds {
        match schema.keyword(keyword) {
            Some(Value::String(text)) => notes.push(format!("{label}: `{text}`.")),
            Some(bound) => notes.push(format!("{label}: {bound}.")),
            None => {}
        }
    }
    notes
}
