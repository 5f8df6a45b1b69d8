//! `drift` as a maintainer runs it: which documents it finds, its exit codes, its forms, and accepted changes.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use workspace_tests::conform::conforms;
use workspace_tests::document::Document;

use crate::server::{Reply, Server, response};
use crate::workspace::{VERSION, Workspace, document, run_in, unsound_document};

/// A value more in an enumeration.
fn larger() -> String {
    document("Runs").replace(r#""PROCESSED""#, r#""PROCESSED", "FAILED""#)
}

/// A property with another name in a response.
fn smaller() -> String {
    document("Runs").replace(r#""status""#, r#""state""#)
}

/// Compares the document of a workspace with another one.
fn compare(workspace: &Workspace, other: &str, arguments: &[&str]) -> crate::workspace::Ran {
    workspace.write("other.json", other);
    let path = workspace.path("other.json");
    let path = path.to_string_lossy();
    let all: Vec<&str> = ["drift", VERSION, &path].into_iter().chain(arguments.iter().copied()).collect();
    workspace.xtask(&all)
}

struct Row {
    name: &'static str,
    other: String,
    arguments: &'static [&'static str],
    code: i32,
}

#[test]
fn exit_code_says_how_much_a_change_matters() {
    let workspace = Workspace::with_document();
    let rows = [
        Row { name: "nothing", other: document("Runs"), arguments: &[], code: 0 },
        Row { name: "an addition", other: larger(), arguments: &[], code: 10 },
        Row {
            name: "an addition, and only breaks fail",
            other: larger(),
            arguments: &["--fail-on", "wire-breaking"],
            code: 0,
        },
        Row { name: "an addition, and all fails", other: larger(), arguments: &["--fail-on", "any"], code: 20 },
        Row { name: "a break", other: smaller(), arguments: &[], code: 20 },
        Row {
            name: "a break, and only breaks fail",
            other: smaller(),
            arguments: &["--fail-on", "rust-major"],
            code: 20,
        },
        Row { name: "an unsound document", other: unsound_document(), arguments: &[], code: 40 },
        Row { name: "an unknown form", other: larger(), arguments: &["--format", "pdf"], code: 2 },
    ];
    for Row { name, other, arguments, code } in rows {
        let ran = compare(&workspace, &other, arguments);
        assert_eq!(ran.code, code, "{name}: {ran:?}");
    }
}

#[test]
fn accepted_change_is_reported_and_counts_no_more_until_its_day() {
    let workspace = Workspace::with_document();
    let report = |arguments: &[&str]| -> Value {
        let all: Vec<&str> = ["--format", "json"].into_iter().chain(arguments.iter().copied()).collect();
        serde_json::from_str(&compare(&workspace, &larger(), &all).stdout).unwrap()
    };
    let before = report(&[]);
    assert_eq!(before["changes"][0]["id"], "response-property-enum-value-added", "{before:#}");
    let fingerprint = before["changes"][0]["fingerprint"].as_str().unwrap().to_owned();
    for (until, code) in [("2000-01-01", 10), ("2999-12-31", 0)] {
        let accepted = workspace.xtask(&["drift", "--accept", &fingerprint, "--reason", "expected", "--until", until]);
        assert_eq!(accepted.code, 0, "{accepted:?}");
        assert_eq!(compare(&workspace, &larger(), &[]).code, code, "{until}");
    }
    assert_eq!(report(&[])["changes"][0]["accepted"]["reason"], "expected");
    let without = workspace.xtask(&["drift", "--accept", &fingerprint]);
    assert_eq!(without.code, 2, "{without:?}");
}

#[test]
fn every_form_shows_the_change() {
    let workspace = Workspace::with_document();
    let rows = [
        ("text", "BREAKING"),
        ("json", "\"schema_version\": 1"),
        ("markdown", "## Breaking"),
        ("sarif", "\"version\": \"2.1.0\""),
        ("github", "::error file="),
    ];
    for (form, sign) in rows {
        let ran = compare(&workspace, &smaller(), &["--format", form]);
        assert_eq!(ran.code, 20, "{form}: {ran:?}");
        assert!(ran.stdout.contains(sign) && ran.stdout.contains("response-property-renamed"), "{form}: {ran:?}");
        assert!(!ran.stdout.contains('\u{1b}'), "{form} is not for a terminal");
    }
}

#[test]
fn reports_in_json_are_what_their_schema_says() {
    let workspace = Workspace::with_document();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/drift.schema.json");
    let schema = Document::read(&path).unwrap();
    let whole: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    for (name, other) in [("nothing", document("Runs")), ("an addition", larger()), ("a break", smaller())] {
        let ran = compare(&workspace, &other, &["--format", "json"]);
        let report: Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!(conforms(&schema, &whole, &report), Ok(()), "{name}: {report:#}");
        let mut spoiled = report.clone();
        spoiled["suggested_bump"] = "enormous".into();
        assert!(conforms(&schema, &whole, &spoiled).is_err(), "{name}");
    }
}

#[test]
fn documents_may_be_at_a_url() {
    let workspace = Workspace::with_document();
    let body = larger();
    let server = Server::start(move |path, _| {
        let found = path == "/openapi.json";
        let status = if found { "200 OK" } else { "404 Not Found" };
        Reply::Bytes(response(status, "Content-Type: application/json\r\n", if found { body.as_str() } else { "" }))
    });
    for (path, code) in [("/openapi.json", 10), ("/nowhere.json", 50)] {
        let ran = workspace.xtask(&["drift", VERSION, &server.url(path)]);
        assert_eq!(ran.code, code, "{path}: {ran:?}");
    }
}

#[test]
fn without_documents_the_one_behind_the_client_is_compared_with_the_one_in_its_folder() {
    let workspace = Workspace::with_document();
    let generated = workspace.xtask(&["regen"]);
    assert_eq!(generated.code, 0, "{generated:?}");
    for arguments in [
        &["init", "-q"][..],
        &["add", "-A"],
        &["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-q", "-m", "All"],
    ] {
        let status = Command::new("git").args(arguments).current_dir(workspace.path("")).status().unwrap();
        assert!(status.success(), "git {arguments:?}");
    }
    let rows = [
        ("the same", document("Runs"), 0),
        ("other spaces only, so that the client names another document", document("Runs") + "\n", 30),
        ("an addition", larger(), 10),
        ("a break", smaller(), 20),
    ];
    for (name, other, code) in rows {
        workspace.put_document(&other);
        let ran = workspace.xtask(&["drift"]);
        assert_eq!(ran.code, code, "{name}: {ran:?}");
    }
    workspace.put_document(&larger());
    let ran = workspace.xtask(&["drift", "git:HEAD"]);
    assert_eq!(ran.code, 10, "{ran:?}");
}

#[test]
fn levels_are_those_that_the_compiler_and_the_old_client_find() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let ran = run_in(&root, &["drift", "--prove=few"]);
    assert_eq!(ran.code, 0, "{}{}", ran.stdout, ran.stderr);
}
