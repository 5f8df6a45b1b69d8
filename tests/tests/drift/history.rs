//! The published history of our API: each pair of consecutive revisions against its reviewed report.
//!
//! `history/1.0.0.json` is a document; each other file is what the next revision changes in the one before.

use std::fs;

use generator::drift::{Drift, RustLevel, render_markdown};
use generator::{Sources, Tolerance, compare_documents};
use serde_json::{Map, Value};
use workspace_tests::document::workspace;

use super::forms::spec;

const RELEASES: [&str; 9] = ["1.0.0", "1.3.0", "1.6.0", "1.8.0", "1.11.0", "1.14.0", "1.16.0", "1.18.0", "1.20.0"];

/// Returns the documents, from the oldest to the newest.
fn documents() -> Vec<(&'static str, Value)> {
    let mut document = Value::Null;
    let mut found = Vec::new();
    for release in RELEASES {
        let path = workspace().join(format!("tests/tests/drift/history/{release}.json"));
        let text: Value = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
        document = if document.is_null() { text } else { changed(document, &text) };
        found.push((release, document.clone()));
    }
    found
}

/// Applies a difference: `set` replaces a value, `items` changes those of an array, the others change an object.
fn changed(value: Value, difference: &Value) -> Value {
    let part = |name: &str, key: &str| difference.get(name).and_then(|part| part.get(key)).cloned();
    if let Some(value) = difference.get("set") {
        return value.clone();
    }
    match value {
        Value::Array(items) => {
            let change = |(index, item): (usize, Value)| match part("items", &index.to_string()) {
                Some(difference) => changed(item, &difference),
                None => item,
            };
            items.into_iter().enumerate().map(change).collect()
        }
        Value::Object(members) => {
            let removed = difference.get("remove").and_then(Value::as_array).cloned().unwrap_or_default();
            let kept = members.into_iter().filter(|(name, _)| !removed.contains(&Value::String(name.clone())));
            let mut members: Map<String, Value> = kept
                .map(|(name, member)| match part("change", &name) {
                    Some(difference) => (name, changed(member, &difference)),
                    None => (name, member),
                })
                .collect();
            members.extend(difference.get("add").and_then(Value::as_object).cloned().unwrap_or_default());
            let order = difference.get("order").and_then(Value::as_array).cloned().unwrap_or_default();
            for name in order.iter().filter_map(Value::as_str) {
                if let Some(member) = members.shift_remove(name) {
                    members.insert(name.to_owned(), member);
                }
            }
            Value::Object(members)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value,
    }
}

pub(super) fn compare(old: &Value, new: &Value) -> Drift {
    let (old, new) = (old.to_string(), new.to_string());
    let (profile, overlay) = (spec("profile.toml"), spec("2026-02-09/overlay.yaml"));
    let sources = |document| Sources {
        document,
        document_name: "openapi.json",
        profile: &profile,
        names: "",
        overlay: Some(&overlay),
        package: None,
        root: None,
    };
    compare_documents(&sources(old.as_bytes()), &sources(new.as_bytes()), Tolerance::Strict)
        .unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn every_pair_of_the_history_has_its_report() {
    let documents = documents();
    for pair in documents.windows(2) {
        let [(from, old), (to, new)] = pair else { continue };
        let drift = compare(old, new);
        assert_eq!(drift.suggested_bump, RustLevel::Major, "{from} to {to}");
        let unexplained: Vec<&str> = drift
            .changes
            .iter()
            .filter(|change| change.id.starts_with("rust-item"))
            .map(|change| change.message.as_str())
            .collect();
        assert_eq!(unexplained, Vec::<&str>::new(), "{from} to {to}");
        let broken = drift.changes.iter().filter(|change| change.rust == RustLevel::Major);
        let helpless: Vec<&str> =
            broken.filter(|change| change.remedy.is_empty()).map(|change| change.message.as_str()).collect();
        assert_eq!(helpless, Vec::<&str>::new(), "{from} to {to}");
        insta::assert_snapshot!(format!("{from}-to-{to}"), render_markdown(&drift));
    }
}
