//! Tests the features of the client: its manifest matches the areas of the profile, and types alone need no HTTP stack.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Parses a TOML table as far as these tests need it: lists of strings by name.
fn parse_lists(text: &str, table: &str) -> BTreeMap<String, BTreeSet<String>> {
    let start = text.find(&format!("\n[{table}]\n")).unwrap() + table.len() + 4;
    let rest = &text[start..];
    let body = &rest[..rest.find("\n[").unwrap_or(rest.len())];
    let mut lists = BTreeMap::new();
    for entry in body.split("\n\n").flat_map(|part| part.split("]\n")) {
        let entry: String = entry.lines().filter(|line| !line.trim_start().starts_with('#')).collect();
        if let Some((name, list)) = entry.split_once(" = [") {
            let items = list.split('"').skip(1).step_by(2).map(str::to_owned);
            lists.insert(name.trim().to_owned(), items.collect());
        }
    }
    lists
}

#[test]
fn every_area_of_the_profile_is_a_feature_and_part_of_full_as_every_type_is() {
    let profile = std::fs::read_to_string(root().join("spec/profile.toml")).unwrap();
    let manifest = std::fs::read_to_string(root().join("generated-client/Cargo.toml")).unwrap();
    let areas: BTreeSet<String> = parse_lists(&profile, "versions.\"2026-02-09\".areas").into_keys().collect();
    let features = parse_lists(&manifest, "features");
    assert!(areas.len() > 10, "{areas:?}");
    let with_types: BTreeSet<String> = areas.iter().cloned().chain(["types".to_owned()]).collect();
    assert_eq!(
        features["full"], with_types,
        "write the areas of spec/profile.toml, and `types`, into `full` of generated-client/Cargo.toml"
    );
    for area in &areas {
        let feature = features.get(area).unwrap_or_else(|| panic!("add `{area} = [\"client\"]` to the features"));
        assert!(feature.contains("client"), "`{area}` needs `client`");
    }
}

#[test]
fn typed_extraction_brings_nothing_without_its_feature() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["tree", "--offline", "--package", "extend-ai", "--edges", "normal", "--prefix", "none"]);
    let output = cargo.current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout);
    for package in ["schemars", "extend-ai-derive", "extend-ai-schema", "chrono", "jiff", "time"] {
        assert!(!tree.lines().any(|line| line.split(' ').next() == Some(package)), "{package} in\n{tree}");
    }
}

#[test]
fn types_alone_need_no_http_stack() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args([
        "tree",
        "--offline",
        "--package",
        "extend-ai",
        "--no-default-features",
        "--features",
        "types,webhooks",
    ]);
    let output = cargo.args(["--edges", "normal", "--prefix", "none"]).current_dir(root()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let tree = String::from_utf8_lossy(&output.stdout);
    for package in ["reqwest", "tokio", "hyper", "rustls"] {
        assert!(!tree.lines().any(|line| line.split(' ').next() == Some(package)), "{package} in\n{tree}");
    }
}
