//! Form does not matter: the document in the form of an export gives the same bytes.

use generator::{Generated, Sources, generate};
use serde_json::Value;
use workspace_tests::fern::{REWRITINGS, exported};

use super::document::spec;

/// How the client comes out of a document, with the published names or without.
pub(super) fn made(document: &Value, names: &str) -> Generated {
    let (document, profile, overlay) = (document.to_string(), spec("profile.toml"), spec("overlay.yaml"));
    let sources = Sources {
        document: document.as_bytes(),
        document_name: "openapi.json",
        profile: &profile,
        names,
        overlay: Some(&overlay),
        package: None,
    };
    generate(&sources, &mut |_| {}).unwrap_or_else(|report| panic!("{report}"))
}

pub(super) fn published() -> Value {
    serde_json::from_str(&spec("2026-02-09/openapi.json")).expect("the published document is JSON")
}

/// Lines that differ, with their file; the line with the checksum of the document apart.
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

/// What a rewriting changes in the client, with the published names or without.
pub(super) fn changes(
    original: &Value,
    names: &str,
    before: &Generated,
    name: &str,
    rewrite: impl Fn(&mut Value),
) -> Option<String> {
    let mut document = original.clone();
    rewrite(&mut document);
    assert_ne!(document.to_string(), original.to_string(), "{name} changes nothing");
    let differences = differences(before, &made(&document, names));
    let shown = differences.iter().take(40).cloned().collect::<Vec<_>>().join("\n    ");
    (!differences.is_empty()).then(|| format!("{name}: {} lines\n    {shown}", differences.len()))
}

/// Without published names, so that every name must come out of the document.
#[test]
fn no_part_of_the_form_matters() {
    let original = published();
    let before = made(&original, "");
    let failures: Vec<String> =
        REWRITINGS.iter().filter_map(|(name, rewrite)| changes(&original, "", &before, name, *rewrite)).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn the_form_of_the_document_does_not_matter() {
    let original = published();
    for names in [spec("names.toml"), String::new()] {
        let before = made(&original, &names);
        let failure = changes(&original, &names, &before, "the form of an export", exported);
        assert_eq!(failure, None);
    }
}
