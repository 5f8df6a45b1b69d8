//! Snapshot of the diagnostics for documents that the generator cannot process completely.

use generator::{Sources, check};

use super::with_settings;

fn report(document: &str, profile: &str, overlay: Option<&str>, names: &str) -> String {
    let sources = Sources {
        document: document.as_bytes(),
        document_name: "openapi.json",
        profile,
        names,
        overlay,
        package: None,
        root: None,
    };
    let report = check(&sources);
    format!("{} sound={}\n{report}", document.lines().next().unwrap_or_default(), report.is_sound())
}

const SMALL: &str = "{\n  \"openapi\": \"3.1.0\",\n  \"components\": {\"schemas\": {\"A\": {\"type\": \"string\"}}}\n}";

#[test]
fn diagnostics() {
    let dangling = "{\n \"openapi\": \"3.1.0\",\n \"components\": {\"schemas\": {\n  \"A\": {\"type\": \"object\", \"properties\": {\n   \"b\": {\"$ref\": \"#/components/schemas/B\"}}}}}\n}";
    let external = dangling.replace("#/components/schemas/B", "other.json#/B");
    let cycle =
        "openapi: 3.0.0\ncomponents: {schemas: {A: {allOf: [{$ref: '#/components/schemas/A'}, {type: object}]}}}";
    let endless = "openapi: 3.0.0\ncomponents: {schemas: {A: {type: object, required: [a], properties: {a: {$ref: '#/components/schemas/A'}}}}}";
    let mixed = "openapi: 3.0.0\ncomponents: {schemas: {A: {enum: [1, a]}}}";
    let cookie = "openapi: 3.0.0\npaths: {/a: {get: {parameters: [{name: c, in: cookie}], responses: {}}}}";
    let cases = [
        report("", "", None, ""),
        report("<!doctype html>", "", None, ""),
        report("{\"openapi\": \"3.1.0\",\n\"paths\": {]}", "", None, ""),
        report("swagger: '2.0'", "", None, ""),
        report("openapi: 3.1.0\npaths: {}", "", None, ""),
        report(dangling, "", None, ""),
        report(&external, "", None, ""),
        report(cycle, "", None, ""),
        report(endless, "", None, ""),
        report(mixed, "", None, ""),
        report(cookie, "", None, ""),
        report(SMALL, "[client]\nname = 1", None, ""),
        report(SMALL, "", Some("overlay: 1.0.0\nactions: [{target: $.gone, remove: true}]"), ""),
        report(SMALL, "", None, "[types]\nGone = \"Gone\"\n"),
    ];
    with_settings(|| insta::assert_snapshot!("diagnostics", cases.join("\n")));
}
