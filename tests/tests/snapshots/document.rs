//! Snapshots of the published document: its public surface in sections and its operations. Also tests that generation is
//! deterministic.

use std::path::Path;

use generator::surface::render_sections;
use generator::{Generated, Sources, generate};
use serde_json::Value;

use super::with_settings;

pub(super) fn spec(file: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../spec").join(file);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub(super) fn client() -> Generated {
    client_of(&spec("2026-02-09/openapi.json"))
}

/// Generates the client as if this were the published document.
fn client_of(document: &str) -> Generated {
    let (profile, names, overlay) =
        (spec("profile.toml"), spec("2026-02-09/names.toml"), spec("2026-02-09/overlay.yaml"));
    let sources = Sources {
        document: document.as_bytes(),
        document_name: "openapi.json",
        profile: &profile,
        names: &names,
        overlay: Some(&overlay),
        package: None,
        root: None,
    };
    generate(&sources, &mut |_| {}).unwrap_or_else(|report| panic!("{report}"))
}

#[test]
fn public_surface_matches_its_snapshots() {
    for (section, text) in render_sections(&client().surface) {
        assert!(text.lines().count() < 400, "{section}");
        let name = format!("surface {section}").replace(' ', "-");
        with_settings(|| insta::assert_snapshot!(name, text));
    }
}

/// One line per operation of the lowered document.
#[test]
fn lowered_operations_match_their_snapshot() {
    let lowered: Value = serde_json::from_str(&client().lowered).expect("the lowered document is JSON");
    let mut text = String::new();
    let paths = lowered["paths"].as_object().into_iter().flatten();
    for (path, item) in paths {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let id = operation["operationId"].as_str().unwrap_or_default();
            let parameters = operation["parameters"].as_array().into_iter().flatten();
            let names: Vec<&str> = parameters.filter_map(|parameter| parameter["name"].as_str()).collect();
            let body = operation["requestBody"]["content"].as_object().into_iter().flatten().next();
            let body = body.map_or(String::new(), |(media, _)| format!(" + {media}"));
            text.push_str(&format!("{} {path} = {id}({}){body}\n", method.to_uppercase(), names.join(", ")));
        }
    }
    with_settings(|| insta::assert_snapshot!("lowered-operations", text));
}

#[test]
fn generation_is_deterministic() {
    assert_eq!(client().files, client().files);
}

#[test]
fn published_document_has_no_diagnostics() {
    assert_eq!(client().report.to_string(), "");
}

#[test]
fn normalized_document_is_openapi_3_0() {
    let document =
        generator::source::read_document(spec("2026-02-09/openapi.json").as_bytes(), "x").expect("it is a document");
    let openapi = generator::normalize::normalize_document(document.value).to_openapi().expect("openapiv3 reads it");
    assert_eq!(openapi.operations().count(), 117);
}

/// A small change upstream is a small change to review.
#[test]
fn additional_enum_value_changes_a_few_lines() {
    let before = client();
    let document = spec("2026-02-09/openapi.json").replacen("\"PENDING\",", "\"PENDING\",\n\"QUEUED\",", 1);
    let after = client_of(&document);
    let body = |text: &str| text.lines().skip(2).map(str::to_owned).collect::<Vec<_>>();
    let mut added = Vec::new();
    for (path, text) in &after.files {
        let old = body(&before.files[path]);
        added.extend(body(text).into_iter().filter(|line| !old.contains(line)));
    }
    // The docs of a wait list the statuses that end it; wrapped lines move with them.
    let is_of_a_wait = |line: &String| {
        line.contains("Polling ends with the status") || line.ends_with("failed run is a final state too.")
    };
    added.retain(|line| !is_of_a_wait(line));
    assert_eq!(added, ["        /// `QUEUED`", "        Queued = \"QUEUED\","]);
    let (before, after) = (render_sections(&before.surface), render_sections(&after.surface));
    let changed: Vec<&String> =
        after.iter().filter(|(section, text)| before[*section] != **text).map(|(section, _)| section).collect();
    assert_eq!(changed.len(), 1);
}
