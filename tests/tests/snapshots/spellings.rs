//! Tests that the versions of OpenAPI are spellings of one API: each becomes the same client.

use std::collections::BTreeMap;

use generator::{Sources, generate_any};

/// Returns the generated files without the line that names the document.
fn files(document: &str) -> BTreeMap<String, String> {
    let sources = Sources::of_document(document.as_bytes(), "openapi.yaml");
    let generated = generate_any(&sources, &mut |_| {}).unwrap_or_else(|report| panic!("{report}"));
    assert_eq!(generated.report.diagnostics, [], "{}", generated.report);
    let without_digest = |text: String| -> String {
        text.lines().filter(|line| !line.starts_with("// Generator ")).map(|line| format!("{line}\n")).collect()
    };
    generated.files.into_iter().map(|(path, text)| (path, without_digest(text))).collect()
}

#[test]
fn three_versions_of_a_document_become_one_client() {
    let newest = files(include_str!("spellings/v3_2.yaml"));
    let older = [("3.0", include_str!("spellings/v3_0.yaml")), ("3.1", include_str!("spellings/v3_1.yaml"))];
    for (version, document) in older {
        let files = files(document);
        assert!(files.keys().eq(newest.keys()), "{version}: {:?}", files.keys());
        for (path, text) in files {
            assert_eq!(text, newest[&path], "{version}: {path}");
        }
    }
}
