//! Tests every operation on the wire: requests match the document and the arguments, responses arrive complete.

use sdk_runtime::dispatch::{Arguments, CallError};
use serde_json::{Value, json};
use workspace_tests::document::{Document, Location, Operation};
use workspace_tests::sample::{Mode, Sample, create_sample, samples, samples_of};
use workspace_tests::server::{Reply, Request};

use crate::harness::{Harness, KEY, arguments};
use workspace_tests::failures::{Failures, difference};

const PATH_VALUE: &str = "a/b ?x=1#%41\\ü:@;é.~";
const PATH_ENCODED: &str = "a%2Fb%20%3Fx%3D1%23%2541%5C%C3%BC%3A%40%3B%C3%A9.~";
const QUERY_VALUE: &str = "a b&c=d/ü+%41#";
const WORKSPACE: &str = "ws_1234";

/// A call, and the expected request.
struct Case {
    label: String,
    arguments: Arguments,
    path: String,
    query: Vec<String>,
    body: Option<Value>,
}

/// Returns the calls of one operation: every sample of the body, with all parameters or only required ones.
fn cases(document: &Document, operation: &Operation<'_>) -> Vec<Case> {
    let Some(body) = operation.body else {
        let modes = [Mode::Minimal, Mode::Full].into_iter();
        let case = |mode| case(document, operation, mode, 0, None);
        return modes.map(case).collect();
    };
    let bodies = samples(document, body.schema).into_iter().enumerate();
    let case = |(at, body): (usize, Sample)| case(document, operation, body.mode, at, Some(body.value));
    bodies.map(case).collect()
}

/// Returns the arguments of a call with only required parts.
pub(crate) fn minimal(document: &Document, operation: &Operation<'_>) -> Arguments {
    let body = operation.body.map(|body| create_sample(document, body.schema, Mode::Minimal));
    case(document, operation, Mode::Minimal, 0, body).arguments
}

fn case(document: &Document, operation: &Operation<'_>, mode: Mode, at: usize, body: Option<Value>) -> Case {
    let mut case = Case {
        label: format!("{} {mode:?} {at}", operation.label()),
        arguments: arguments(),
        path: operation.path.to_owned(),
        query: Vec::new(),
        body,
    };
    for parameter in operation.parameters_in(Location::Path) {
        case.arguments = case.arguments.path(parameter.name, PATH_VALUE);
        let template = format!("{{{}}}", parameter.name);
        case.path = case.path.replace(&template, PATH_ENCODED);
    }
    for parameter in operation.parameters_in(Location::Query) {
        if parameter.required || mode != Mode::Minimal {
            let text = query_text(document, parameter.schema, at);
            case.query.push(query_encoded(parameter.name, &text));
            case.arguments = case.arguments.query(parameter.name, text);
        }
    }
    if let Some(body) = &case.body {
        case.arguments = case.arguments.body(body.clone());
    }
    case
}

/// Returns the value of a query parameter as a string. Arbitrary strings contain special characters.
fn query_text(document: &Document, schema: &Value, at: usize) -> String {
    let values = samples_of(document, schema, Mode::Full);
    let fixed = document.resolve(schema).get("enum").is_some();
    match &values[at % values.len()].value {
        Value::String(text) if fixed => text.clone(),
        Value::String(_) => QUERY_VALUE.to_owned(),
        other @ (Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            other.to_string()
        }
    }
}

/// Encodes a pair of a query. A space is `%20`, which every server reads as one.
fn query_encoded(name: &str, value: &str) -> String {
    let encode = |text: &str| -> String {
        let byte = |byte: u8| match byte {
            b'*' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
            byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        };
        text.bytes().map(byte).collect()
    };
    format!("{}={}", encode(name), encode(value))
}

fn check(case: &Case, request: &Request, operation: &Operation<'_>) -> Result<(), String> {
    let same = |what: &str, found: &dyn ToString, expected: &dyn ToString| {
        let (found, expected) = (found.to_string(), expected.to_string());
        let text = format!("{what} is {found:?} instead of {expected:?}");
        if found == expected { Ok(()) } else { Err(text) }
    };
    same("method", &request.method, &operation.method)?;
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    same("path", &path, &case.path)?;
    let mut found: Vec<_> = query.split('&').filter(|pair| !pair.is_empty()).collect();
    let mut expected: Vec<_> = case.query.iter().map(String::as_str).collect();
    found.sort_unstable();
    expected.sort_unstable();
    same("query", &found.join("&"), &expected.join("&"))?;
    match &case.body {
        Some(body) => {
            same("content-type", &request.header("content-type").join(","), &"application/json")?;
            let sent = request.json().map_err(|error| format!("body is not JSON: {error}"))?;
            difference(&sent, body)
        }
        None => same("body", &String::from_utf8_lossy(&request.body), &""),
    }
}

/// Returns all headers except those of the body and the connection, as `name: value`.
fn headers(request: &Request) -> Vec<String> {
    let framing = ["content-length", "content-type", "host"];
    let headers = request.headers.iter();
    let headers = headers.filter(|(name, _)| !framing.contains(&name.as_str()));
    let mut headers: Vec<_> = headers.map(|(name, value)| format!("{name}: {value}")).collect();
    headers.sort_unstable();
    headers
}

pub(crate) fn is_form(operation: &Operation<'_>) -> bool {
    operation.body.is_some_and(|body| body.media_type == "multipart/form-data")
}

#[tokio::test]
async fn every_request_matches_the_document() {
    let document = Document::published().unwrap();
    let harness = Harness::new().await;
    let mut failures = Failures::default();
    for operation in document.operations().iter().filter(|operation| !is_form(operation)) {
        let schema = operation.success.schema.unwrap();
        harness.respond_with(Reply::json(200, &create_sample(&document, schema, Mode::Minimal)));
        for mut case in cases(&document, operation) {
            let arguments = std::mem::replace(&mut case.arguments, arguments());
            let response = harness.call(operation, arguments).await;
            let result = match (harness.server.take_one(), response) {
                (Ok(request), Ok(_)) => check(&case, &request, operation),
                (Ok(_), Err(error)) => Err(format!("response: {error}")),
                (Err(reason), Ok(_)) => Err(reason.to_string()),
                (Err(_), Err(error)) => Err(error.to_string()),
            };
            failures.note(&case.label, result);
        }
    }
    failures.finish(500);
}

#[tokio::test]
async fn every_operation_sends_injected_headers_exactly_once() {
    let document = Document::published().unwrap();
    let plain = Harness::new().await;
    let configured = Harness::with(|builder| builder.workspace_id(WORKSPACE)).await;
    let fixed = |more: Option<String>| -> Vec<String> {
        let version = env!("CARGO_PKG_VERSION");
        let mut headers = vec![
            "accept: application/json".to_owned(),
            "accept-encoding: identity".to_owned(),
            format!("authorization: Bearer {KEY}"),
            format!("user-agent: extend-ai/{version}"),
            "x-extend-api-version: 2026-02-09".to_owned(),
        ];
        headers.extend(more);
        headers
    };
    let mut failures = Failures::default();
    let operations = document.operations();
    for operation in operations.iter().filter(|operation| !is_form(operation)) {
        for (harness, workspace) in [(&plain, None), (&configured, Some(WORKSPACE))] {
            let schema = operation.success.schema.unwrap();
            harness.respond_with(Reply::json(200, &create_sample(&document, schema, Mode::Minimal)));
            let arguments = minimal(&document, operation);
            let result = harness.call(operation, arguments).await;
            let found = harness.server.take_one().map(|request| headers(&request));
            let expected = fixed(workspace.map(|id| format!("x-extend-workspace-id: {id}")));
            failures.note(
                operation.label(),
                match (found, result) {
                    (Ok(found), Ok(_)) if found == expected => Ok(()),
                    (found, result) => Err(format!("{found:?} {:?}", result.err())),
                },
            );
        }
    }
    // The upload is missing here because it has a test of its own.
    failures.finish(2 * 116);
}

#[tokio::test]
async fn every_response_survives_a_round_trip() {
    let document = Document::published().unwrap();
    let harness = Harness::new().await;
    let mut failures = Failures::default();
    for operation in document.operations().iter().filter(|operation| !is_form(operation)) {
        for response in samples(&document, operation.success.schema.unwrap()) {
            harness.respond_with(Reply::json(operation.success.status, &response.value));
            let arguments = minimal(&document, operation);
            let result = harness.call(operation, arguments).await;
            let label = format!("{} {}", operation.label(), response.label);
            failures.note(
                label,
                match result {
                    Ok(value) => difference(&value, &response.value),
                    Err(error) => Err(error.to_string()),
                },
            );
        }
    }
    failures.finish(2_000);
}

#[tokio::test]
async fn every_documented_error_has_its_status_and_body() {
    let document = Document::published().unwrap();
    let harness = Harness::new().await;
    let mut failures = Failures::default();
    for operation in document.operations().iter().filter(|operation| !is_form(operation)) {
        for error in &operation.errors {
            let body = create_sample(&document, error.schema.unwrap(), Mode::Full);
            harness.respond_with(Reply::json(error.status, &body));
            let arguments = minimal(&document, operation);
            let label = format!("{} {}", operation.label(), error.status);
            let result = match harness.call(operation, arguments).await {
                Err(CallError::Api(found)) => {
                    let status = found.status().map(|status| status.as_u16());
                    let name = found.operation().map(|operation| (operation.method, operation.path));
                    assert_eq!(status, Some(error.status), "{label}");
                    assert_eq!(name, Some((operation.method.as_str(), operation.path)));
                    difference(&found.body_as::<Value>().unwrap(), &body)
                }
                Err(CallError::Usage(error)) => Err(error.to_string()),
                Ok(_) => Err("no error".to_owned()),
            };
            failures.note(label, result);
        }
    }
    failures.finish(850);
}

#[tokio::test]
async fn every_operation_parses_the_details_of_an_error() {
    let document = Document::published().unwrap();
    let harness = Harness::new().await;
    let body = json!({"code": "NOT_FOUND", "message": "Nothing is called so.", "retryable": false,
        "requestId": "req_1", "docUrl": "https://example.com/errors", "runId": "vr_1"});
    harness.respond_with(Reply::json(404, &body));
    for operation in document.operations().iter().filter(|operation| !is_form(operation)) {
        let arguments = minimal(&document, operation);
        let Err(CallError::Api(error)) = harness.call(operation, arguments).await else {
            panic!("{}: no error", operation.label());
        };
        assert!(error.is_not_found() && !error.is_retryable(), "{error}");
        assert_eq!(error.code(), Some("NOT_FOUND"));
        assert_eq!(error.message(), "Nothing is called so.");
        assert_eq!(error.retryable(), Some(false));
        assert_eq!(error.request_id(), Some("req_1"));
        assert_eq!(error.doc_url(), Some("https://example.com/errors"));
        assert_eq!(error.run_id(), Some("vr_1"));
    }
}
