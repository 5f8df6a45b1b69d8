//! `check` as a maintainer runs it: verdict, findings as text and as JSON, exit codes.

use crate::workspace::{VERSION, Workspace, document, unsound_document};
use serde_json::Value;

#[test]
fn sound_workspace_passes() {
    let workspace = Workspace::with_document();
    let before = workspace.files();
    let ran = workspace.xtask(&["check"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("sound: 1 document, 0 errors"), "{ran:?}");
    assert_eq!(workspace.files(), before);
}

#[test]
fn json_is_one_object_with_the_verdict() {
    let workspace = Workspace::with_document();
    for (text, sound) in [(document("Runs"), true), (unsound_document(), false)] {
        workspace.put_document(&text);
        let ran = workspace.xtask(&["check", "--json"]);
        let printed: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(printed["sound"], sound, "{ran:?}");
        let mut findings = printed["diagnostics"].as_array().unwrap().iter();
        assert_eq!(findings.any(|finding| finding["code"] == "dangling-ref"), !sound, "{ran:?}");
        assert_eq!(ran.code, if sound { 0 } else { 40 });
    }
}

struct Row {
    name: &'static str,
    text: String,
    code: i32,
    message: &'static str,
}

#[test]
fn document_can_be_judged_on_its_own() {
    let workspace = Workspace::empty();
    let cases = [
        Row { name: "sound.json", text: document("Runs"), code: 0, message: "sound: 1 document" },
        Row { name: "unsound.json", text: unsound_document(), code: 40, message: "dangling-ref" },
        Row { name: "broken.json", text: "{".to_owned(), code: 40, message: "unreadable" },
        Row { name: "page.html", text: "<!doctype html><p>Not found</p>".to_owned(), code: 40, message: "page.html" },
        Row { name: "list.yaml", text: "- a\n- b\n".to_owned(), code: 40, message: "list.yaml" },
        Row {
            name: "swagger.yaml",
            text: "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n".to_owned(),
            code: 40,
            message: "swagger.yaml",
        },
    ];
    for Row { name, text, code, message } in cases {
        workspace.write(name, &text);
        let ran = workspace.xtask(&["check", "--spec", workspace.path(name).to_str().unwrap()]);
        assert_eq!(ran.code, code, "{name}: {ran:?}");
        assert!(ran.stdout.contains(message), "{name}: {ran:?}");
    }
}

#[test]
fn input_that_cannot_be_read_is_a_finding() {
    let openapi = format!("spec/{VERSION}/openapi.json");
    let absent = Workspace::empty().path("absent.json");
    let cases: [(&[&str], &str, &str); 4] = [
        (&["check", "--spec", absent.to_str().unwrap()], "", "unreadable-file"),
        (&["check"], &openapi, "unreadable-file"),
        (&["check"], "spec/profile.toml", "unreadable-file"),
        (&["check"], &format!("spec/{VERSION}/lock.toml"), "unreadable-file"),
    ];
    for (arguments, removed, code) in cases {
        let workspace = Workspace::with_document();
        if !removed.is_empty() {
            workspace.remove(removed);
        }
        let ran = workspace.xtask(arguments);
        assert_eq!(ran.code, 40, "{removed}: {ran:?}");
        assert_eq!(ran.stdout.matches(code).count(), 1, "{removed}: {ran:?}");
    }
}

#[test]
fn document_that_is_not_the_locked_one_is_a_finding() {
    let workspace = Workspace::with_document();
    workspace.write(&format!("spec/{VERSION}/openapi.json"), &document("By hand"));
    let ran = workspace.xtask(&["check"]);
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stdout.contains("lock-mismatch") && ran.stdout.contains("overlay.yaml"), "{ran:?}");
}

#[test]
fn documents_of_other_versions_are_judged_too() {
    let workspace = Workspace::with_document();
    workspace.write("spec/2025-04-21/openapi.json", &unsound_document());
    let ran = workspace.xtask(&["check"]);
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stdout.contains("spec/2025-04-21/openapi.json"), "{ran:?}");
    assert!(ran.stdout.contains("unsound: 2 documents"), "{ran:?}");
}

#[test]
fn places_that_became_plain_json_are_listed_with_their_reason() {
    let workspace = Workspace::empty();
    let schemas =
        "A: {type: object, properties: {mixed: {enum: [1, a]}, any: {}, gone: {$ref: '#/components/schemas/Gone'}}}";
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths: {{}}\ncomponents:\n  schemas:\n    {schemas}\n"
    );
    workspace.write("api.yaml", &text);
    let ran = workspace.xtask(&["check", "--spec", "api.yaml", "--report-untyped"]);
    let places: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        places,
        [
            "api.yaml:7#/components/schemas/A/properties/gone/$ref: reference `#/components/schemas/Gone` leads nowhere",
            "api.yaml:7#/components/schemas/A/properties/mixed: an enumeration of values of different types; it becomes plain JSON",
            "plain JSON although the document says more: 2 places",
        ],
        "{ran:?}"
    );
    assert_eq!(ran.code, 40, "{ran:?}");
}
