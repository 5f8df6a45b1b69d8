//! Documents to mutate: operations extracted from our own document, the snapshot fixtures, and a torture document. Must not know how
//! they are changed.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value, json};

/// Maximum size of an extract, in bytes of JSON, so that a case takes well under a second.
const LARGEST: usize = 40_000;
/// Number of extracts of our own document.
const SLICES: usize = 8;

/// Returns all documents by name.
pub(crate) fn read_documents() -> Vec<(String, Value)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut found = vec![("torture".to_owned(), yaml(include_str!("torture.yaml")))];
    found.extend(slices(&text(&root.join("spec/2026-02-09/openapi.json"))));
    let mut fixtures: Vec<_> = std::fs::read_dir(root.join("tests/tests/snapshots/fixtures"))
        .unwrap_or_else(|error| panic!("fixtures: {error}"))
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    fixtures.sort();
    found.extend(fixtures.iter().map(|path| (path.display().to_string(), yaml(&text(path)))));
    found.extend(std::env::var("MUTATION_DOCUMENTS").ok().into_iter().flat_map(|folder| small(Path::new(&folder))));
    found
}

/// Reads the small documents of a folder.
fn small(folder: &Path) -> Vec<(String, Value)> {
    let files = std::fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<_> = files
        .filter_map(Result::ok)
        .filter(|entry| entry.metadata().is_ok_and(|file| file.is_file() && file.len() < 2 * LARGEST as u64))
        .map(|entry| entry.path())
        .collect();
    paths.sort();
    let read = |path: &Path| match generator::source::read_document(text(path).as_bytes(), "") {
        Ok(document) => document.value,
        Err(report) => panic!("{}: {report}", path.display()),
    };
    paths.iter().map(|path| (path.display().to_string(), read(path))).collect()
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn yaml(text: &str) -> Value {
    serde_yaml::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Extracts single paths with everything that they refer to.
fn slices(text: &str) -> Vec<(String, Value)> {
    let document: Value = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}"));
    let paths = document.get("paths").and_then(Value::as_object).into_iter().flatten();
    let small: Vec<(String, Value)> = paths
        .map(|(path, item)| (path.clone(), slice(&document, path, item)))
        .filter(|(_, slice)| slice.to_string().len() < LARGEST)
        .collect();
    let step = small.len().div_ceil(SLICES).max(1);
    small.into_iter().step_by(step).collect()
}

fn slice(document: &Value, path: &str, item: &Value) -> Value {
    let mut kept = Map::new();
    for key in ["openapi", "info", "servers", "security"] {
        kept.insert(key.to_owned(), document.get(key).cloned().unwrap_or_default());
    }
    kept.insert("paths".to_owned(), json!({ path: item }));
    let mut components = json!({});
    let (mut open, mut seen) = (vec![item], BTreeSet::new());
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => open.extend(map.values()),
            Value::Array(items) => open.extend(items),
            Value::String(reference) if reference.starts_with("#/components/") && seen.insert(reference) => {
                let place = reference.trim_start_matches('#');
                let mut steps = place.split('/').skip(2);
                if let (Some(kind), Some(name), Some(target)) = (steps.next(), steps.next(), document.pointer(place)) {
                    components[kind][name] = target.clone();
                    open.push(target);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    components["securitySchemes"] = document.pointer("/components/securitySchemes").cloned().unwrap_or_default();
    kept.insert("components".to_owned(), components);
    Value::Object(kept)
}
