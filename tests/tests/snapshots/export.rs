//! Tests that the form of a document does not matter: in the form of an export, it yields identical files.

use generator::{Generated, Sources, generate};
use serde_json::Value;
use workspace_tests::fern::{CONVERSIONS, convert_to_export};

use super::document::spec;

/// Generates the client from a document, with locked names or without.
pub(super) fn generate_client(document: &Value, names: &str) -> Generated {
    let (document, profile, overlay) = (document.to_string(), spec("profile.toml"), spec("2026-02-09/overlay.yaml"));
    let sources = Sources {
        document: document.as_bytes(),
        document_name: "openapi.json",
        profile: &profile,
        names,
        overlay: Some(&overlay),
        package: None,
        root: None,
    };
    generate(&sources, &mut |_| {}).unwrap_or_else(|report| panic!("{report}"))
}

pub(super) fn published() -> Value {
    serde_json::from_str(&spec("2026-02-09/openapi.json")).expect("the published document is JSON")
}

/// Returns a lock without the places that another lock lacks.
///
/// The lock records the place of each inline schema that is called after its title, so that it keeps its name as a component.
/// A document that has the component in the first place has no such inline schema, and without locked names no such record.
fn with_common_places(names: &str, other: &str) -> String {
    let is_places = |table: &&str| table.starts_with("[places]");
    let known: Vec<&str> = other.split("\n\n").filter(is_places).flat_map(str::lines).collect();
    let common = |table: &str| -> String {
        let lines = table.lines().filter(|line| !is_places(&table) || known.contains(line));
        lines.map(|line| format!("{line}\n")).collect()
    };
    let tables: Vec<String> = names.split("\n\n").map(common).filter(|table| !table.is_empty()).collect();
    tables.join("\n")
}

/// Returns the lines that differ, with their file, except for the line with the checksum of the document.
fn differences(one: &Generated, other: &Generated) -> Vec<String> {
    let mut found = Vec::new();
    let mut compare = |path: &str, old: &str, new: &str| {
        let lines = |text: &str| -> Vec<String> {
            text.lines().filter(|line| !line.starts_with("// Generator ")).map(str::to_owned).collect()
        };
        let (old, new) = (lines(old), lines(new));
        if old != new {
            let gone = old.iter().filter(|line| !new.contains(line)).map(|line| format!("{path}: - {line}"));
            let come = new.iter().filter(|line| !old.contains(line)).map(|line| format!("{path}: + {line}"));
            found.push(format!("{path} differs"));
            found.extend(gone.chain(come));
        }
    };
    let empty = String::new();
    let paths: std::collections::BTreeSet<&String> = one.files.keys().chain(other.files.keys()).collect();
    for path in paths {
        compare(path, one.files.get(path).unwrap_or(&empty), other.files.get(path).unwrap_or(&empty));
    }
    compare("names.toml", &one.names, &other.names);
    compare("the report", &one.report.to_string(), &other.report.to_string());
    found
}

/// Describes how a conversion of the document changes the client.
pub(super) fn describe_changes(
    original: &Value,
    names: &str,
    before: &Generated,
    name: &str,
    convert: impl Fn(&mut Value),
) -> Option<String> {
    let mut document = original.clone();
    convert(&mut document);
    assert_ne!(document.to_string(), original.to_string(), "{name} changes nothing");
    let after = generate_client(&document, names);
    let names = if names.is_empty() { with_common_places(&before.names, &after.names) } else { before.names.clone() };
    let differences = differences(&Generated { names, ..before.clone() }, &after);
    let shown = differences.iter().take(40).cloned().collect::<Vec<_>>().join("\n    ");
    (!differences.is_empty()).then(|| format!("{name}: {} lines\n    {shown}", differences.len()))
}

/// Without locked names, so that every name must be derived from the document.
#[test]
fn no_single_conversion_changes_the_client() {
    let original = published();
    let before = generate_client(&original, "");
    let failures: Vec<String> = CONVERSIONS
        .iter()
        .filter_map(|(name, convert)| describe_changes(&original, "", &before, name, *convert))
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn all_conversions_together_do_not_change_the_client() {
    let original = published();
    for names in [spec("2026-02-09/names.toml"), String::new()] {
        let before = generate_client(&original, &names);
        let failure = describe_changes(&original, &names, &before, "the form of an export", convert_to_export);
        assert_eq!(failure, None);
    }
}
