//! Tests retries operation by operation: nothing that starts work is sent twice unless the server allows it.
//!
//! The rules themselves are tested in `runtime/tests/http/`; these tests show that they hold for this API.

use std::io::Cursor;
use std::sync::Arc;
use std::time::Duration;

use extend_ai::{FilePart, GaveUp, RetryPolicy};
use sdk_runtime::testing::InstantClock;
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::Reply;

use super::harness::Harness;
use super::wire::{is_form, minimal};
use workspace_tests::failures::Failures;

/// Creates a client with the default number of retries and without real delays.
async fn with_retries(policy: RetryPolicy) -> (Harness, InstantClock) {
    let clock = InstantClock::new();
    let shared = Arc::new(clock.clone());
    let harness = Harness::with(|builder| builder.max_retries(2).retry(policy).clock(shared)).await;
    (harness, clock)
}

fn error(facts: Value) -> Value {
    let mut body = json!({"code": "INTERNAL_ERROR", "message": "No."});
    for (name, value) in facts.as_object().unwrap() {
        body[name] = value.clone();
    }
    body
}

#[tokio::test]
async fn operations_that_start_work_are_not_retried_unless_allowed() {
    let document = Document::published().unwrap();
    // All calls of this test fail, which would exhaust the retry budget.
    let (harness, _) = with_retries(RetryPolicy::default().without_budget()).await;
    let mut failures = Failures::default();
    for operation in document.operations().iter().filter(|operation| !is_form(operation)) {
        let is_idempotent = matches!(operation.method.as_str(), "GET" | "DELETE");
        let busy = Reply::json(429, &json!({"error": "slow down"}));
        for (reply, sent_for_post) in [
            (Reply::json(500, &error(json!({}))), 1),
            (Reply::json(500, &error(json!({"retryable": true}))), 3),
            (Reply::json(500, &error(json!({"retryable": true, "runId": "vr_1"}))), 1),
            (Reply::text(502, "text/html", "<h1>Bad gateway</h1>"), 1),
            (busy, 3),
        ] {
            let (status, expected) = (reply.status, if is_idempotent { 3 } else { sent_for_post });
            harness.respond_with(reply);
            let result = harness.call(operation, minimal(&document, operation)).await;
            let sent = harness.server.take().len();
            let as_expected = result.is_err() && sent == expected;
            let text = || format!("{sent} requests instead of {expected}, {:?}", result.as_ref().err());
            failures.note(format!("{} {status}", operation.label()), if as_expected { Ok(()) } else { Err(text()) });
        }
    }
    failures.finish(5 * 116);
}

#[tokio::test]
async fn options_of_a_call_apply_to_its_retries() {
    let (harness, clock) = with_retries(RetryPolicy::default()).await;
    let body = error(json!({"retryable": false}));
    harness.respond_with(Reply::json(500, &body));
    let error = harness.client.files().retrieve("file_1").await.unwrap_err();
    assert_eq!((error.attempts(), harness.server.take().len()), (1, 1));
    harness.respond_with(Reply::json(503, &json!({})));
    let error = harness.client.files().retrieve("file_1").total_timeout(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!(error.gave_up(), Some(GaveUp::Deadline(Duration::from_secs(2))));
    assert_eq!((error.attempts(), clock.pauses()), (2, vec![Duration::from_secs(1)]));
    harness.server.take();
    let error = harness.client.files().retrieve("file_1").max_retries(4).await.unwrap_err();
    assert_eq!((error.attempts(), harness.server.take().len()), (5, 5));
    let error = harness.client.files().retrieve("file_1").retry(RetryPolicy::none()).await.unwrap_err();
    assert_eq!((error.attempts(), harness.server.take().len()), (1, 1));
}

#[tokio::test]
async fn upload_is_retried_if_its_file_can_be_read_again() {
    let (harness, _) = with_retries(RetryPolicy::default()).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("invoice.pdf");
    std::fs::write(&path, "%PDF-1").unwrap();
    let document = Document::published().unwrap();
    let file = document.find("POST", "/files/upload").unwrap().success.schema.unwrap();
    let file = create_sample(&document, file, Mode::Minimal);
    let busy = Reply::json(429, &json!({"error": "slow down"}));
    for (part, expected) in [
        (FilePart::from_path(&path), 2),
        (FilePart::bytes("invoice.pdf", "%PDF-1"), 2),
        (FilePart::reader("invoice.pdf", Cursor::new("%PDF-1")), 1),
    ] {
        harness.respond_with_each([busy.clone(), Reply::json(200, &file)]);
        let result = harness.client.files().upload(part).convert_to_pdf(true).await;
        let requests = harness.server.take();
        assert_eq!((requests.len(), result.is_ok()), (expected, expected == 2));
        for request in requests {
            assert_eq!(request.target, "/files/upload?convertToPdf=true");
            let body = String::from_utf8_lossy(&request.body).into_owned();
            assert!(
                body.contains("filename=\"invoice.pdf\"\r\nContent-Type: application/pdf\r\n\r\n%PDF-1\r\n"),
                "{body}"
            );
        }
    }
}
