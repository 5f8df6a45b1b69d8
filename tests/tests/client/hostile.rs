//! Tests the client against broken connections, malformed HTTP responses and hostile redirects.
//!
//! A GET may be retried and a POST may not: the server counts both. Delays pass on a test clock.

use std::sync::Arc;
use std::time::{Duration, Instant};

use extend_ai::types::WorkflowReference;
use extend_ai::{Client, ClientBuilder, Error, ErrorKind, RetryPolicy};
use sdk_runtime::testing::InstantClock;
use serde_json::json;
use workspace_tests::document::Document;
use workspace_tests::hostile::{Act, Hostile};
use workspace_tests::sample::{Mode, create_sample};

use crate::harness::KEY;
use crate::polling::run_response;

/// Much longer than any of these tests takes on a slow machine.
const HANGS: Duration = Duration::from_secs(20);

/// Creates a client of a server, and the clock that its delays use.
pub(crate) fn client(url: &str, configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> (Client, InstantClock) {
    let clock = InstantClock::new();
    let builder = Client::builder().api_key(KEY).base_url(url).clock(Arc::new(clock.clone()));
    (configure(builder).build().unwrap(), clock)
}

/// Formats an error with its cause, and checks that neither shows the key.
pub(crate) fn describe(error: &Error) -> String {
    let json = error.to_json();
    let text = format!("{error}; caused by {}", json["cause"]);
    assert!(!text.contains(KEY) && !format!("{error:?}").contains(KEY), "the key is shown");
    text
}

/// Returns a file as JSON.
pub(crate) fn file() -> String {
    let document = Document::published().unwrap();
    create_sample(&document, document.component("File").unwrap(), Mode::Minimal).to_string()
}

/// Returns an extract run with a status as JSON.
fn run(status: &str) -> String {
    run_response(&Document::published().unwrap(), "GET /extract_runs/{id}", status).to_string()
}

/// Returns a script that closes the connection after a JSON response.
fn json_script(body: &str) -> Vec<Act> {
    vec![Act::response(200, &["content-type: application/json"], body)]
}

/// Makes two calls to the same misbehaving server: one that may be retried, and one that may not.
async fn check_both_calls(server: &Hostile, name: &str, kind: ErrorKind, says: &str) {
    let (client, clock) = client(server.url(), |builder| builder.max_retries(2));
    let begun = Instant::now();
    let idempotent = client.files().retrieve("file_1").await.unwrap_err();
    let counted = server.connections();
    assert_eq!((idempotent.attempts(), counted), (3, 3), "{name}: {idempotent}");
    assert_eq!(clock.pauses().len(), 2, "{name}");
    let starting = client.extract_runs().create().await.unwrap_err();
    assert_eq!((starting.attempts(), server.connections() - counted), (1, 1), "{name}: {starting}");
    assert!(begun.elapsed() < HANGS, "{name}");
    for error in [idempotent, starting] {
        let text = describe(&error);
        assert_eq!(error.kind(), kind, "{name}: {text}");
        assert!(text.contains(server.url().trim_start_matches("http://")), "{name}: {text}");
        assert!(text.contains(says), "{name}: {text}");
    }
}

#[tokio::test]
async fn broken_connection_is_reported_and_retried_only_for_idempotent_calls() {
    let part = |text: &str| vec![Act::send(text), Act::Reset];
    let cut = |text: &str| vec![Act::send(text)];
    for (name, script, says) in [
        ("reset before the response", vec![Act::Reset], "broke"),
        ("closed before the response", vec![], "closed before message completed"),
        ("reset in the status line", part("HTTP/1.1 20"), "broke"),
        ("closed in the status line", cut("HTTP/1.1 20"), "closed before message completed"),
        ("reset in the headers", part("HTTP/1.1 200 OK\r\ncontent-le"), "broke"),
        ("closed in the headers", cut("HTTP/1.1 200 OK\r\ncontent-le"), "closed before message completed"),
        ("reset in the body", part("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"id\""), "broke"),
        ("closed in the body", cut("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"id\""), "end of file before"),
        (
            "body without its last chunk",
            cut("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n"),
            "broke",
        ),
        ("closed in a chunk", cut("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\n{}"), "broke"),
        (
            "informational responses and no final one",
            cut(&"HTTP/1.1 100 Continue\r\n\r\n".repeat(50)),
            "message completed",
        ),
    ] {
        let server = Hostile::start([script]).await.unwrap();
        check_both_calls(&server, name, ErrorKind::Transport, says).await;
        assert_eq!(server.requests().len(), 4, "{name}");
    }
    let server = Hostile::without_reading(vec![Act::Reset]).await.unwrap();
    check_both_calls(&server, "reset before the request is read", ErrorKind::Transport, "broke").await;
}

#[tokio::test]
async fn malformed_http_response_is_reported_with_its_cause() {
    let head = |lines: &str| vec![Act::send(format!("HTTP/1.1 200 OK\r\n{lines}\r\n\r\n{{}}"))];
    let many = "x-a: 1\r\n".repeat(10_000);
    for (name, script, says) in [
        ("another protocol", vec![Act::send("SSH-2.0-OpenSSH_9.9\r\n")], "invalid HTTP version"),
        ("another version", vec![Act::send("HTTP/7.3 200 OK\r\n\r\n")], "invalid HTTP version"),
        ("a TLS alert", vec![Act::send(b"\x15\x03\x03\x00\x02\x02\x46\r\n\r\n")], "invalid HTTP version"),
        ("no status", vec![Act::send("HTTP/1.1 abc\r\n\r\n")], "invalid HTTP status"),
        ("two lengths", head("content-length: 2\r\ncontent-length: 1"), "content-length"),
        ("a length that is no number", head("content-length: two"), "content-length"),
        ("a length beyond any number", head("content-length: 99999999999999999999999"), "content-length"),
        ("a NUL in a header", head("x-a: \0"), "invalid HTTP header"),
        ("a header without a colon", head("hello"), "invalid HTTP header"),
        ("10,000 headers", head(&many), "message head is too large"),
        ("a header of 1 MB", head(&format!("x-a: {}", "a".repeat(1_000_000))), "message head is too large"),
        ("a chunk of no size", head("transfer-encoding: chunked\r\n\r\nzz"), "broke"),
    ] {
        let server = Hostile::start([script]).await.unwrap();
        check_both_calls(&server, name, ErrorKind::Transport, says).await;
    }
}

#[tokio::test]
async fn connect_failure_is_retried_for_every_call() {
    let server = Hostile::start([vec![]]).await.unwrap();
    let url = server.url().to_owned();
    drop(server);
    // The port is free as soon as the task of the server has ended.
    while tokio::net::TcpStream::connect(url.trim_start_matches("http://")).await.is_ok() {
        tokio::task::yield_now().await;
    }
    let (client, clock) = client(&url, |builder| builder.max_retries(2));
    let idempotent = client.files().retrieve("file_1").await.unwrap_err();
    let starting = client.extract_runs().create().await.unwrap_err();
    for error in [idempotent, starting] {
        let text = describe(&error);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3), "{text}");
        assert!(text.contains(&format!("cannot connect to {}", url.trim_start_matches("http://"))), "{text}");
        assert!(text.contains("refused") && error.is_retryable(), "{text}");
    }
    assert_eq!(clock.pauses(), [1, 2, 1, 2].map(Duration::from_secs));
}

#[tokio::test]
async fn response_after_failed_attempts_is_returned() {
    let broken = vec![Act::send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{\"id\"")];
    let server = Hostile::start([vec![Act::Reset], broken, json_script(&file())]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder.max_retries(2));
    let response = client.files().retrieve("file_1").send_with_parts().await.unwrap();
    assert_eq!((response.parts().attempts(), server.requests().len()), (3, 3));
}

#[tokio::test]
async fn informational_responses_are_skipped() {
    let hints = Act::send("HTTP/1.1 103 Early Hints\r\nlink: </a>; rel=preload\r\n\r\n".repeat(1000));
    let server = Hostile::start([[vec![hints], json_script(&file())].concat()]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder);
    client.files().retrieve("file_1").await.unwrap();
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn connection_closed_while_idle_is_replaced_without_a_retry() {
    let [file, run] = [file(), run("PENDING")];
    let server = Hostile::start((0..40).map(|at| json_script(if at % 2 == 0 { &file } else { &run }))).await.unwrap();
    let (client, clock) = client(server.url(), |builder| builder.max_retries(2));
    for _ in 0..20 {
        client.files().retrieve("file_1").await.unwrap();
        client.extract_runs().create().await.unwrap();
    }
    assert_eq!((server.requests().len(), server.connections()), (40, 40));
    assert_eq!(clock.pauses(), [Duration::ZERO; 0]);
}

#[tokio::test]
async fn reused_connection_that_breaks_is_retried_only_for_idempotent_calls() {
    let kept = [json_script(&file()), vec![Act::Next, Act::Reset]].concat();
    let server = Hostile::start([kept]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder.max_retries(2));
    let attempts = |at: usize| (at, server.connections(), server.requests().len());
    client.files().retrieve("file_1").await.unwrap();
    assert_eq!(attempts(1), (1, 1, 1));
    let response = client.files().retrieve("file_1").send_with_parts().await.unwrap();
    assert_eq!((response.parts().attempts(), attempts(2)), (2, (2, 2, 3)));
    let error = client.extract_runs().create().await.unwrap_err();
    assert_eq!((error.kind(), error.attempts(), attempts(3)), (ErrorKind::Transport, 1, (3, 2, 4)));
}

#[tokio::test]
async fn redirect_to_another_server_is_not_followed() {
    let other = Hostile::start([json_script(&file())]).await.unwrap();
    let elsewhere = format!("location: {}/files?token=hunter2", other.url());
    for status in [301, 302, 303, 307, 308] {
        let server = Hostile::start([vec![Act::response(status, &[&elsewhere], "")]]).await.unwrap();
        let (client, clock) = client(server.url(), |builder| builder.max_retries(2));
        let idempotent = client.files().retrieve("file_1").await.unwrap_err();
        let starting = client.extract_runs().create().await.unwrap_err();
        for error in [idempotent, starting] {
            let text = describe(&error);
            assert_eq!((error.status().unwrap().as_u16(), error.attempts()), (status, 1), "{text}");
            assert!(text.contains(&format!("the redirect to {} was not followed", other.url())), "{text}");
            assert!(!text.contains("hunter2"), "{text}");
        }
        assert_eq!((server.requests().len(), clock.pauses()), (2, vec![]));
    }
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn redirect_loops_end_and_invalid_targets_are_not_followed() {
    for (location, requests, says) in [
        ("/files/file_1", 6, "the redirect to another path was not followed"),
        ("/extract_runs", 6, "the redirect to another path was not followed"),
        ("//127.0.0.1:1/", 1, "the redirect to another server was not followed"),
        ("/\\127.0.0.1:1/", 1, "the redirect to another server was not followed"),
        ("ftp://127.0.0.1/", 1, "was not followed"),
        ("http://", 1, "was not followed"),
    ] {
        let server = Hostile::start([vec![Act::response(307, &[&format!("location: {location}")], "")]]).await.unwrap();
        let (client, clock) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.files().retrieve("file_1").await.unwrap_err();
        let text = describe(&error);
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Status, 1), "{location}: {text}");
        assert!(text.contains(says), "{location}: {text}");
        assert_eq!((server.requests().len(), clock.pauses()), (requests, vec![]), "{location}: {text}");
    }
}

/// Responses to the third request of a wait and all later ones.
struct BrokenPoll {
    name: &'static str,
    script: Vec<Act>,
    kind: ErrorKind,
    /// How many of them are requested.
    polls: usize,
}

#[tokio::test]
async fn polling_errors_always_name_the_run() {
    const TEN: usize = 10;
    let begun = [json_script(&run("PENDING")), json_script(&run("PROCESSING"))];
    let page = Act::response(200, &["content-type: text/html"], "<html>maintenance</html>");
    let away = Act::response(302, &["location: http://127.0.0.1:1/"], "");
    let cut = Act::send("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{");
    let other_protocol = Act::send("SSH-2.0\r\n");
    let gateway = Act::response(502, &[], "<title>Bad gateway</title>");
    let busy = Act::response(429, &[], "{\"error\":\"slow down\"}");
    for BrokenPoll { name, script, kind, polls } in [
        BrokenPoll { name: "reset", script: vec![Act::Reset], kind: ErrorKind::Transport, polls: TEN },
        BrokenPoll { name: "closed", script: vec![], kind: ErrorKind::Transport, polls: TEN },
        BrokenPoll { name: "cut", script: vec![cut], kind: ErrorKind::Transport, polls: TEN },
        BrokenPoll { name: "no HTTP", script: vec![other_protocol], kind: ErrorKind::Transport, polls: TEN },
        BrokenPoll { name: "gateway", script: vec![gateway], kind: ErrorKind::Status, polls: TEN },
        BrokenPoll { name: "busy", script: vec![busy], kind: ErrorKind::Status, polls: TEN },
        BrokenPoll { name: "page", script: vec![page], kind: ErrorKind::Decode, polls: 1 },
        BrokenPoll { name: "null", script: json_script("null"), kind: ErrorKind::Decode, polls: 1 },
        BrokenPoll { name: "redirect", script: vec![away], kind: ErrorKind::Status, polls: 1 },
    ] {
        let server = Hostile::start(begun.iter().cloned().chain([script])).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.retry(RetryPolicy::none()));
        let error = client.extract_runs().create().wait().await.unwrap_err();
        let text = describe(&error);
        assert_eq!(error.kind(), kind, "{name}: {text}");
        assert_eq!((error.run_id(), error.last_status()), (Some("run_1"), Some("PROCESSING")), "{name}: {text}");
        assert!(text.contains("[run run_1]") && error.to_json()["runId"] == "run_1", "{name}: {text}");
        let sent = server.requests();
        assert_eq!(sent.len(), 2 + polls, "{name}: {text}");
        assert_eq!(sent.iter().filter(|request| request.method == "POST").count(), 1, "{name}");
    }
}

/// Returns the errors of calls that start a run, with and without waiting for it.
async fn starts(client: &Client) -> [(&'static str, Error); 6] {
    let workflow = || WorkflowReference::new("wf_1");
    let runs = client.workflow_runs();
    [
        ("run", client.extract_runs().create().await.unwrap_err()),
        ("waited for", client.extract_runs().create().wait().await.unwrap_err()),
        ("at once", client.extract().await.unwrap_err()),
        ("in an envelope", client.processor_run().create("dp_1").wait().await.unwrap_err()),
        ("batch", client.parse_runs().create_batch([]).await.unwrap_err()),
        ("batch that cannot be fetched", runs.create_batch(workflow(), []).wait().await.unwrap_err()),
    ]
}

#[tokio::test]
async fn started_run_is_named_even_if_the_response_is_truncated_or_invalid() {
    const NAMED: &str = r#"{"success":true,"id":"run_1","batchId":"run_1","processorRun":{"id":"run_1","status":7"#;
    let cut = format!("HTTP/1.1 200 OK\r\nx-extend-request-id: req_7\r\ncontent-length: 999\r\n\r\n{NAMED}");
    let odd = Act::response(200, &["x-extend-request-id: req_7"], format!("{NAMED}}},\"object\":7}}"));
    for (name, kind, script) in [
        ("closed", ErrorKind::Transport, vec![Act::send(&cut)]),
        ("silent", ErrorKind::Timeout, vec![Act::send(&cut), Act::Silence]),
        ("odd", ErrorKind::Decode, vec![odd]),
    ] {
        let server = Hostile::start([script]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.timeout(Duration::from_millis(200)));
        for (call, error) in starts(&client).await {
            let text = describe(&error);
            assert_eq!((error.kind(), error.run_id()), (kind, Some("run_1")), "{name}, {call}: {text}");
            assert!(text.contains("[run run_1] [request req_7]"), "{name}, {call}: {text}");
            assert!(error.body().unwrap().starts_with(NAMED.as_bytes()), "{name}, {call}");
        }
        let started = server.requests().into_iter().filter(|request| request.method == "POST");
        assert_eq!(started.count(), 6, "{name}");
    }
}

#[tokio::test]
async fn lost_server_and_wait_timeout_name_the_run() {
    let server = Hostile::start([json_script(&run("PENDING"))]).await.unwrap();
    let (other, _) = client(server.url(), |builder| builder.retry(RetryPolicy::none()));
    let mut poller = other.extract_runs().create().poller();
    poller.next().await.unwrap().unwrap();
    drop(server);
    let error = poller.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.run_id()), (ErrorKind::Connect, Some("run_1")), "{}", describe(&error));

    let server = Hostile::start([json_script(&run("PROCESSING"))]).await.unwrap();
    let (client, clock) = client(server.url(), |builder| builder);
    let hour = Duration::from_secs(3600);
    let error = client.extract_runs().create().poller().max_wait(hour).await.unwrap_err();
    assert_eq!((error.kind(), error.run_id()), (ErrorKind::WaitTimeout, Some("run_1")), "{}", describe(&error));
    assert_eq!((error.waited(), clock.passed()), (Some(hour), hour));
    assert_eq!(server.requests().len(), 1 + clock.pauses().len() + 1);
}

#[tokio::test]
async fn undecodable_run_is_kept_in_the_body_of_the_error() {
    let server = Hostile::start([json_script(&json!({"id": "run_1", "status": 7}).to_string())]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder.max_retries(2));
    let error = client.extract_runs().create().wait().await.unwrap_err();
    assert!(error.is_decode() && server.requests().len() == 1, "{}", describe(&error));
    assert_eq!(error.body_as::<serde_json::Value>().unwrap()["id"], "run_1");
}
