//! `extend-ai call` and `extend-ai operations`.
//!
//! Must not know how the command is made. What is expected comes from the published document.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use workspace_tests::document::{Document, Location, Operation};
use workspace_tests::failures::{Failures, difference};
use workspace_tests::form::parse_form;
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::{Reply, Request};

use crate::process::{code, extend_ai, stderr, stdout};
use crate::service::{KEY, Service};

fn example(component: &str) -> Value {
    let document = Document::published().unwrap();
    create_sample(&document, document.component(component).unwrap(), Mode::Full)
}

const FIRST: &str = r#"{"workflow":{"id":"wf_1234567890"},"file":{"url":"https://example.com/invoice.pdf"}}"#;

#[tokio::test]
async fn call_prints_the_typed_response() {
    let service = Service::start().await;
    let run = example("WorkflowRun");
    service.responds(Reply::json(200, &run));
    for operation in ["POST /workflow_runs", "workflow_runs.create"] {
        let output = service.command(&["call", operation, "--body", FIRST]).output().await.unwrap();
        assert_eq!((code(&output), stderr(&output)), (0, ""));
        difference(&serde_json::from_slice(&output.stdout).unwrap(), &run).unwrap();
        let request = service.take_request().unwrap();
        assert_eq!(request.target, "/workflow_runs");
        assert_eq!(request.json().unwrap(), serde_json::from_str::<Value>(FIRST).unwrap());
        assert_eq!(request.header("authorization"), [format!("Bearer {KEY}")]);
        assert_eq!(request.header("x-extend-api-version"), ["2026-02-09"]);
    }
}

#[tokio::test]
async fn body_is_read_from_a_file_or_from_stdin() {
    let service = Service::start().await;
    service.responds(Reply::json(200, &example("WorkflowRun")));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("body.json");
    std::fs::write(&file, FIRST).unwrap();
    let at = format!("@{}", file.display());
    let output = service.command(&["call", "POST /workflow_runs", "--body", &at]).output().await.unwrap();
    assert_eq!(code(&output), 0, "{}", stderr(&output));

    let mut command = service.command(&["call", "POST /workflow_runs", "--body", "-"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(FIRST.as_bytes()).await.unwrap();
    assert!(child.wait().await.unwrap().success());
    for request in service.take_requests() {
        assert_eq!(request.json().unwrap(), serde_json::from_str::<Value>(FIRST).unwrap());
    }
}

#[tokio::test]
async fn path_query_headers_and_forms_are_sent() {
    let service = Service::start().await;
    service.responds(Reply::json(200, &example("File")));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("scan.png");
    std::fs::write(&file, b"\x89PNG").unwrap();
    let form = format!("file=@{}", file.display());
    let calls: [&[&str]; 4] = [
        &["call", "GET /files/file_1", "--query", "html=true"],
        &["call", "GET /files/{id}", "--path", "id=a/b c"],
        &["call", "files.retrieve", "--path", "id=f", "--header", "X-Extend-Workspace-Id=ws_7"],
        &["call", "POST /files/upload", "--form", &form, "--form", "password=a=b"],
    ];
    for arguments in calls {
        let output = service.command(arguments).output().await.unwrap();
        assert_eq!(code(&output), 0, "{arguments:?}: {}", stderr(&output));
    }
    let requests = service.take_requests();
    let targets: Vec<_> = requests.iter().map(|request| request.target.as_str()).collect();
    assert_eq!(targets, ["/files/file_1?html=true", "/files/a%2Fb%20c", "/files/f", "/files/upload"]);
    let workspaces: Vec<_> = requests.iter().map(|r| r.header("x-extend-workspace-id").len()).collect();
    assert_eq!(workspaces, [0, 0, 1, 0]);
    let mut sent = parse_form(&requests[3]).unwrap();
    sent.sort_by(|one, other| one.disposition.cmp(&other.disposition));
    assert_eq!(sent[0].disposition, "form-data; name=\"file\"; filename=\"scan.png\"");
    assert_eq!(sent[0].content_type.as_deref(), Some("image/png"));
    assert_eq!((&sent[1].content[..], sent.len()), (&b"a=b"[..], 2));
}

#[tokio::test]
async fn raw_prints_the_body_as_received() {
    let service = Service::start().await;
    let mut reply = Reply::text(200, "application/json", "{\"odd\" :  [1.0]}\n");
    reply.headers.push(("x-extend-request-id".to_owned(), "req_5".to_owned()));
    reply.headers.push(("set-cookie".to_owned(), "session=hush".to_owned()));
    service.responds(reply);
    let output = service.command(&["call", "GET /files/file_1", "--raw"]).output().await.unwrap();
    assert_eq!((code(&output), stdout(&output)), (0, "{\"odd\" :  [1.0]}\n"));
    let head = stderr(&output);
    assert!(head.starts_with("HTTP 200") && head.contains("x-extend-request-id: req_5"), "{head}");
    assert!(!head.contains("hush"), "{head}");
}

/// A failed call, and how it is reported.
struct FailedCall {
    reply: Reply,
    exit_code: i32,
    /// A property of the JSON object on stderr.
    property: &'static str,
    value: Value,
}

#[tokio::test]
async fn failed_call_ends_with_the_exit_code_of_its_kind_and_one_json_object() {
    let service = Service::start().await;
    let body = |code: &str| json!({"code": code, "message": "No.", "retryable": false, "requestId": "req_3"});
    let mut incomplete = example("File");
    incomplete["metadata"] = json!({"pageCount": "three"});
    let html = Reply::text(200, "text/html", "<html>sign in</html>");
    for FailedCall { reply, exit_code: expected, property, value } in [
        FailedCall {
            reply: Reply::json(404, &body("NOT_FOUND")),
            exit_code: 4,
            property: "code",
            value: json!("NOT_FOUND"),
        },
        FailedCall {
            reply: Reply::json(429, &body("RATE_LIMIT_EXCEEDED")),
            exit_code: 4,
            property: "requestId",
            value: json!("req_3"),
        },
        FailedCall {
            reply: Reply::json(401, &json!({"error": "who?"})),
            exit_code: 4,
            property: "status",
            value: json!(401),
        },
        FailedCall { reply: Reply::text(304, "text/plain", ""), exit_code: 4, property: "status", value: json!(304) },
        FailedCall {
            reply: Reply::json(500, &body("INTERNAL_ERROR")),
            exit_code: 5,
            property: "code",
            value: json!("INTERNAL_ERROR"),
        },
        FailedCall {
            reply: Reply::text(502, "text/html", "<h1>Bad gateway</h1>"),
            exit_code: 5,
            property: "status",
            value: json!(502),
        },
        FailedCall { reply: html, exit_code: 6, property: "operation", value: json!("files.retrieve") },
        FailedCall {
            reply: Reply::json(200, &incomplete),
            exit_code: 6,
            property: "jsonPath",
            value: json!("metadata.pageCount"),
        },
        FailedCall {
            reply: Reply::text(200, "application/json", ""),
            exit_code: 6,
            property: "operation",
            value: json!("files.retrieve"),
        },
    ] {
        service.responds(reply);
        let output = service.command(&["call", "GET /files/file_1", "--max-retries", "0"]).output().await.unwrap();
        let text = stderr(&output);
        assert_eq!((code(&output), stdout(&output)), (expected, ""), "{text}");
        assert_eq!(text.lines().count(), 1, "{text}");
        let error: Value = serde_json::from_str(text).unwrap();
        assert_eq!(error[property], value, "{text}");
        assert!(!text.contains(KEY));
    }
}

#[tokio::test]
async fn connection_failure_ends_with_exit_code_3() {
    let service = Service::start().await;
    let url = service.url().to_owned();
    drop(service);
    let arguments = ["call", "GET /files/file_1", "--base-url", &url, "--api-key", KEY, "--max-retries", "0"];
    let output = extend_ai(&arguments).output().await.unwrap();
    assert_eq!((code(&output), stdout(&output)), (3, ""));
    let error: Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["operation"], "files.retrieve");
}

#[tokio::test]
async fn usage_error_ends_with_exit_code_2_and_sends_nothing() {
    let service = Service::start().await;
    let url = service.url();
    let table: [(&[&str], &[&str]); 12] = [
        (&["call", "POST /workflow_run", "--body", "{}"], &["POST /workflow_runs"]),
        (&["call", "workflow_runs.crate"], &["workflow_runs.create"]),
        (&["call", "GET /files/{id}"], &["`id`", "--path id="]),
        (&["call", "GET /files/f", "--query", "page=1"], &["`page`"]),
        (&["call", "GET /files/f", "--query", "html=maybe"], &["`html`", "maybe"]),
        (&["call", "GET /files/f", "--query", "html"], &["NAME=VALUE"]),
        (&["call", "POST /workflow_runs"], &["body", "--body"]),
        (&["call", "POST /workflow_runs", "--body", "{"], &["not JSON", "line 1"]),
        (&["call", "POST /workflow_runs", "--body", r#"{"workflow":{"id":7}}"#], &["path: workflow.id"]),
        (&["call", "POST /workflow_runs", "--body", "{}"], &["`workflow`", "path: $"]),
        (&["call", "POST /files/upload", "--form", "file=@/nowhere/a.pdf"], &["/nowhere/a.pdf"]),
        (&["call", "GET /files/f", "--base-url", "localhost"], &["base URL", "http"]),
    ];
    for (arguments, expected) in table {
        let mut command = service.command(arguments);
        let output = command.output().await.unwrap();
        assert_eq!((code(&output), stdout(&output)), (2, ""), "{arguments:?}: {}", stderr(&output));
        for part in expected {
            assert!(stderr(&output).contains(part), "{arguments:?}: {}", stderr(&output));
        }
    }
    let output = extend_ai(&["call", "GET /files/f", "--base-url", url]).output().await.unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("EXTEND_API_KEY"), "{}", stderr(&output));
    let mut command = extend_ai(&["call", "GET /files/f", "--api-key", KEY]);
    let output = command.env("EXTEND_REGION", "mars").output().await.unwrap();
    assert_eq!(code(&output), 2);
    assert!(stderr(&output).contains("mars") && stderr(&output).contains("us2"), "{}", stderr(&output));
    assert!(service.take_requests().is_empty());
}

#[tokio::test]
async fn operations_are_listed_for_people_and_for_programs() {
    let document = Document::published().unwrap();
    let output = extend_ai(&["operations"]).output().await.unwrap();
    assert_eq!((code(&output), stderr(&output)), (0, ""));
    assert_eq!(stdout(&output).lines().count(), 117);
    let output = extend_ai(&["operations", "--json"]).output().await.unwrap();
    let listed: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap();
    let label = |entry: &Value| format!("{} {}", entry["method"].as_str().unwrap(), entry["path"].as_str().unwrap());
    let mut listed: Vec<_> = listed.iter().map(label).collect();
    let mut expected: Vec<_> = document.operations().iter().map(Operation::label).collect();
    listed.sort_unstable();
    expected.sort_unstable();
    assert_eq!(listed, expected);
}

/// Arguments of a minimal call.
fn minimal(document: &Document, operation: &Operation<'_>, file: &str) -> Vec<String> {
    let mut arguments = vec!["call".to_owned(), operation.label()];
    for parameter in operation.parameters_in(Location::Path) {
        arguments.extend(["--path".to_owned(), format!("{}=id 1", parameter.name)]);
    }
    match operation.body {
        Some(body) if body.media_type == "multipart/form-data" => {
            arguments.extend(["--form".to_owned(), format!("file=@{file}")]);
        }
        Some(body) => {
            let body = create_sample(document, body.schema, Mode::Minimal);
            arguments.extend(["--body".to_owned(), body.to_string()]);
        }
        None => {}
    }
    arguments
}

fn arrived(request: &Request, operation: &Operation<'_>) -> bool {
    let piece = |piece| if str::starts_with(piece, '{') { "id%201" } else { piece };
    let path: Vec<_> = operation.path.split('/').map(piece).collect();
    request.method == operation.method && request.target == path.join("/")
}

/// Calls every operation of a version; returns how many lose nothing.
async fn reach_every_operation(version: &str, expected: usize) {
    let document = Document::of_version(version).unwrap();
    let service = Service::start().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, b"%PDF").unwrap();
    let mut failures = Failures::default();
    for operation in document.operations() {
        let expected = create_sample(&document, operation.success.schema.unwrap(), Mode::Full);
        service.responds(Reply::json(200, &expected));
        let mut arguments = minimal(&document, &operation, &file.display().to_string());
        arguments.extend(["--api-version".to_owned(), version.to_owned()]);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let output = service.command(&arguments).env("EXTEND_WORKSPACE_ID", "ws_1").output().await.unwrap();
        let reached = service.take_request().is_ok_and(|request| {
            let headers = [("x-extend-api-version", version), ("x-extend-workspace-id", "ws_1")];
            arrived(&request, &operation) && headers.iter().all(|(name, value)| request.header(name) == [*value])
        });
        let result = match serde_json::from_slice(&output.stdout) {
            Ok(found) if reached && output.status.success() => difference(&found, &expected),
            _ => Err(format!("reached: {reached}, {}", stderr(&output))),
        };
        failures.note(operation.label(), result);
    }
    failures.finish(expected);
}

#[tokio::test]
async fn every_operation_is_reached_and_its_response_loses_nothing() {
    reach_every_operation("2026-02-09", 117).await;
}

#[tokio::test]
async fn every_operation_of_the_older_version_is_reached_and_its_response_loses_nothing() {
    reach_every_operation("2025-04-21", 44).await;
}

#[tokio::test]
async fn operation_of_another_version_is_named_with_that_version() {
    let service = Service::start().await;
    for (version, operation, expected) in [
        (
            "2026-02-09",
            "POST /files",
            "2026-02-09 has no `POST /files`, but 2025-04-21 has `POST /files` (file.create)",
        ),
        ("2025-04-21", "POST /extract_runs", "add --api-version 2026-02-09"),
        ("2025-04-21", "POST /nothing", "POST /nothing"),
    ] {
        let output = service.command(&["call", operation, "--api-version", version]).output().await.unwrap();
        assert_eq!(code(&output), 2, "{operation}");
        assert!(stderr(&output).contains(expected), "{}", stderr(&output));
    }
    let output = extend_ai(&["operations", "--api-version", "2025-04-21"]).output().await.unwrap();
    assert_eq!(stdout(&output).lines().count(), 44);
    let output = extend_ai(&["operations", "--api-version", "2025-04-21", "--only"]).output().await.unwrap();
    assert!(stdout(&output).contains("file.create ") && !stdout(&output).contains("file.upload "));
}
