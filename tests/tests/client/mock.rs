//! Tests the mock server for users' tests: its responses, recorded requests and verification. Uses only its public API.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use extend_ai::testing::{MockServer, RecordedRequest, Reply, fixtures};
use extend_ai::types::{ExtractRunsCreateRequest, FileFromId, ProcessorRunStatus};
use extend_ai::webhooks::{WebhookEvent, Webhooks};
use extend_ai::{Client, ErrorKind, OPERATIONS};
use sdk_runtime::codegen::Fixture;
use sdk_runtime::dispatch::Outcome;
use serde_json::{Value, json};
use workspace_tests::conform::conforms;
use workspace_tests::document::Document;

use crate::harness::{arguments, find};
use crate::wire::minimal;
use workspace_tests::failures::{Failures, difference};

/// Statuses of runs in progress.
const PENDING: [&str; 3] = ["PENDING", "PROCESSING", "CANCELLING"];

fn ids(requests: &[RecordedRequest]) -> Vec<Option<&'static str>> {
    requests.iter().map(|request| request.operation().map(|operation| operation.id)).collect()
}

/// Returns the message of a panic.
fn panic_message(panicking: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(panicking)).unwrap_err();
    panic.downcast_ref::<String>().unwrap().clone()
}

#[test]
fn every_fixture_survives_a_round_trip() {
    let mut failures = Failures::default();
    for fixture in fixtures::FIXTURES {
        let expected: Value = serde_json::from_str(fixture.text).unwrap();
        let again = (fixture.round_trip)(fixture.text).map_err(|error| error.to_string());
        // Polling a run whose fixture is in progress would never end.
        let status = ["/status", "/payload/status"].iter().find_map(|place| expected.pointer(place)?.as_str());
        let over = !PENDING.contains(&status.unwrap_or_default());
        assert!(over, "{} is {status:?}", fixture.name);
        failures.note(fixture.name, again.and_then(|again| difference(&again, &expected)));
    }
    failures.finish(100);
}

#[tokio::test]
async fn every_operation_can_be_mocked_with_a_valid_response() {
    let document = Document::published().unwrap();
    let mock = MockServer::start().await;
    let client = mock.client();
    mock.returns_fixtures();
    let mut failures = Failures::default();
    for operation in document.operations() {
        let arguments = match operation.body {
            Some(body) if body.media_type == "multipart/form-data" => arguments().form_file("file", "Cargo.toml"),
            Some(_) | None => minimal(&document, &operation),
        };
        let called = find(&operation);
        let response = extend_ai::dispatch::call(&client, called, arguments).await;
        assert_eq!(mock.requests().pop().unwrap().operation(), Some(called));
        let result = match response {
            Ok(Outcome::Json(response)) => conforms(&document, operation.success.schema.unwrap(), &response),
            Ok(Outcome::Raw(_)) => Err("a raw response".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        failures.note(operation.label(), result);
    }
    failures.finish(OPERATIONS.len());
}

#[test]
fn every_event_has_a_fixture_with_the_matching_status() {
    let document = Document::published().unwrap();
    let mut failures = Failures::default();
    for event in document.webhooks() {
        let of_event = |fixture: &&Fixture| {
            let value: Value = serde_json::from_str(fixture.text).unwrap();
            value.get("eventType").and_then(Value::as_str) == Some(event.name)
        };
        let fixture = fixtures::FIXTURES.iter().find(of_event).unwrap();
        let value: Value = serde_json::from_str(fixture.text).unwrap();
        failures.note(event.name, conforms(&document, event.schema, &value));
    }
    failures.finish(40);
    let failed = fixtures::extract_run_failed_webhook_event();
    assert_eq!(failed.payload.status, ProcessorRunStatus::Failed);
    assert_eq!(fixtures::extract_run().status, ProcessorRunStatus::Processed);
}

#[tokio::test]
async fn requests_are_recorded_as_sent() {
    let mock = MockServer::start().await;
    mock.extract_runs().create().returns_fixture();
    mock.files().list().returns_fixture();
    mock.files().retrieve().returns_fixture();
    let client = mock.client_builder().workspace_id("ws_1").build().unwrap();
    client.extract_runs().create().file(FileFromId::new("file_1")).await.unwrap();
    client.files().list().name_contains("a b&c").max_page_size(7).await.unwrap();
    client.files().retrieve("a/b ü").header("x-trace", "t1").await.unwrap();

    let all = mock.requests();
    assert_eq!(ids(&all), ["extract_runs.create", "files.list", "files.retrieve"].map(Some));
    let methods: Vec<_> = all.iter().map(|request| (request.method(), request.path())).collect();
    assert_eq!(methods, [("POST", "/extract_runs"), ("GET", "/files"), ("GET", "/files/a%2Fb%20%C3%BC")]);

    let [created] = mock.extract_runs().create().requests().try_into().unwrap();
    assert_eq!(created.json().unwrap(), json!({"file": {"id": "file_1"}}));
    let body: ExtractRunsCreateRequest = created.body_as().unwrap();
    assert_eq!(serde_json::to_value(body.file).unwrap(), json!({"id": "file_1"}));
    assert_eq!(created.body_as::<FileFromId>().unwrap_err().path, "$");
    assert_eq!(created.header("X-Extend-Workspace-Id"), Some("ws_1"));
    assert_eq!(created.header("content-type"), Some("application/json"));

    let [listed] = mock.files().list().requests().try_into().unwrap();
    assert_eq!(listed.query_parameter("nameContains"), Some("a b&c"));
    assert_eq!((listed.query_parameter("maxPageSize"), listed.query_parameter("sortDir")), (Some("7"), None));

    let [fetched] = mock.files().retrieve().requests().try_into().unwrap();
    assert_eq!(fetched.path_parameter("id"), Some("a/b ü"));
    assert_eq!((fetched.header("x-trace"), fetched.body().len()), (Some("t1"), 0));
    let shown = format!("{fetched:?}");
    assert!(shown.contains("x-trace: t1") && !shown.contains("Bearer"), "{shown}");
}

#[tokio::test]
async fn responses_are_used_in_order_and_the_last_one_is_repeated() {
    let mock = MockServer::start().await;
    let client = mock.client();
    let named = |name: &str| {
        let mut file = fixtures::file();
        file.name = name.to_owned();
        file
    };
    mock.files().retrieve().returns_each(["a", "b"].map(named)).fails(404).returns(named("c"));
    let mut names = Vec::new();
    for _ in 0..5 {
        let file = client.files().retrieve("file_1").await;
        names.push(file.map_or_else(|error| error.code().unwrap().to_owned(), |file| file.name));
    }
    assert_eq!(names, ["a", "b", "NOT_FOUND", "c", "c"]);
}

#[tokio::test]
async fn scripted_failures_are_retried_without_real_delays() {
    let busy = || Reply::failure(503).retry_after(Duration::from_secs(7));
    let mock = MockServer::start().await;
    let client = mock.client();

    mock.files().retrieve().fails_times(2, 503).returns_fixture().times(3);
    assert_eq!(client.files().retrieve("file_1").await.unwrap(), fixtures::file());
    assert_eq!(mock.clock().pauses(), [Duration::from_secs(1), Duration::from_secs(2)]);

    mock.files().list().replies_with(busy()).disconnects().returns_fixture().times(3);
    client.files().list().await.unwrap();
    assert_eq!(mock.clock().pauses()[2..], [Duration::from_secs(7), Duration::from_secs(2)]);

    // A run may have been started, so a 500 is not retried; a 429 is.
    mock.extract_runs().create().fails(500).times(1);
    let error = client.extract_runs().create().file(FileFromId::new("file_1")).await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(500));
    mock.parse_runs().create().fails_times(2, 429).returns_fixture().times(3);
    client.parse_runs().create(FileFromId::new("file_1")).await.unwrap();

    mock.files().delete().fails_times(9, 503).times(2);
    let error = client.files().delete("file_1").max_retries(1).await.unwrap_err();
    assert_eq!(error.attempts(), 2);
    mock.verify();
}

#[tokio::test]
async fn failures_have_the_given_body() {
    let mock = MockServer::start().await;
    let client = mock.client();
    let mut body = fixtures::api_error();
    body.code = "QUOTA".to_owned();
    body.retryable = false;
    mock.files().retrieve().fails_with(503, body).times(1);
    let error = client.files().retrieve("file_1").await.unwrap_err();
    assert_eq!((error.code(), error.retryable(), error.request_id()), (Some("QUOTA"), Some(false), Some("req_1")));
}

#[tokio::test]
async fn broken_responses_are_errors_of_their_kind() {
    let mock = MockServer::start().await;
    let client = mock.client_builder().max_retries(0).build().unwrap();
    let short = Duration::from_millis(50);
    for (reply, kind) in [
        (Reply::disconnect(), ErrorKind::Transport),
        (Reply::json(&fixtures::file()).truncated(20), ErrorKind::Transport),
        (Reply::json(&fixtures::file()).truncated(0), ErrorKind::Transport),
        (Reply::silence(), ErrorKind::Timeout),
        (Reply::text("<html>"), ErrorKind::Decode),
        (Reply::json(&json!({"id": 7})), ErrorKind::Decode),
        (Reply::new(204), ErrorKind::Decode),
    ] {
        mock.reset();
        mock.files().retrieve().replies_with(reply.clone()).times(1);
        let call = client.files().retrieve("file_1");
        let call = if kind == ErrorKind::Timeout { call.timeout(short) } else { call };
        assert_eq!(call.await.unwrap_err().kind(), kind, "{reply:?}");
    }
    mock.verify();
}

#[tokio::test]
async fn delayed_response_counts_towards_the_total_timeout() {
    let mock = MockServer::start().await;
    let client = mock.client_builder().total_timeout(Duration::from_secs(60)).build().unwrap();
    mock.files().retrieve().replies_with(Reply::failure(503).after(Duration::from_secs(90))).times(1);
    let error = client.files().retrieve("file_1").await.unwrap_err();
    assert_eq!(error.attempts(), 1, "{error}");
}

#[tokio::test]
async fn most_specific_mock_responds_and_then_the_latest() {
    let mock = MockServer::start().await;
    let client = mock.client();
    let files = || mock.files().retrieve();
    files().with_path("id", "file_2").fails(402);
    files().with_path("id", "file_2").with_header("x-trace", "t1").fails(403);
    files().fails(400);
    files().fails(404);
    files().when(|request| request.path().ends_with("_3")).fails(409);
    mock.files().list().with_query("nameContains", "a b").fails(422);
    mock.files().list().fails(401);
    let body = json!({"file": {"id": "file_1"}});
    mock.parse_runs().create().with_body(body).fails(402);
    mock.parse_runs().create().fails(403);

    let status = |error: extend_ai::Error| error.status().unwrap().as_u16();
    for (id, trace, expected) in
        [("file_1", "", 404), ("file_2", "", 402), ("file_2", "t1", 403), ("file_2", "t2", 402), ("file_3", "t1", 409)]
    {
        let error = client.files().retrieve(id).header("x-trace", trace).await.unwrap_err();
        assert_eq!(status(error), expected, "{id} {trace}");
    }
    assert_eq!(status(client.files().list().name_contains("a b").await.unwrap_err()), 422);
    assert_eq!(status(client.files().list().name_contains("b").await.unwrap_err()), 401);
    for (id, expected) in [("file_1", 402), ("file_2", 403)] {
        let error = client.parse_runs().create(FileFromId::new(id)).await.unwrap_err();
        assert_eq!(status(error), expected, "{id}");
    }
}

#[tokio::test]
async fn unmocked_request_is_reported_and_not_retried() {
    let mock = MockServer::start().await;
    let client = mock.client();
    mock.files().delete().with_path("id", "file_2").returns_fixture();
    let error = client.files().retrieve("file_1").await.unwrap_err();
    assert_eq!(error.status().map(|status| status.as_u16()), Some(501));
    let body: Value = error.body_as().unwrap();
    let named = json!({"method": "GET", "path": "/files/file_1", "operation": "files.retrieve", "retryable": false,
        "code": "NOT_MOCKED", "message": "`files.retrieve` (GET /files/file_1) has no mock"});
    assert_eq!(body, named);
    client.files().delete("file_1").await.unwrap_err();
    assert_eq!(mock.requests().len(), 2);

    let elsewhere = Client::builder().api_key("k").base_url(format!("{}/v2", mock.url())).build().unwrap();
    let error = elsewhere.files().list().await.unwrap_err();
    let nearest = "`GET /v2/files` is no operation of this API; the nearest is `files.list` (GET /files)";
    assert_eq!(error.message(), nearest);
    let problems = [
        "`files.retrieve` (GET /files/file_1) has no mock",
        "`files.delete` (DELETE /files/file_1) has a mock only with `id` = `file_2` in the path",
        nearest,
    ];
    assert_eq!(mock.problems(), problems);
    assert_eq!(mock.requests()[2].operation(), None);
}

#[tokio::test]
async fn expectations_are_checked_by_verify_and_on_drop() {
    let text = "the mock server was not used as expected:\n- `files.delete` was called 0 times instead of once\n\
        - `files.list` with `sortDir` = `asc` in the query was called once instead of 2 times";
    let mock = || async {
        let mock = MockServer::start().await;
        mock.files().delete().returns_fixture().times(1);
        mock.files().list().with_query("sortDir", "asc").returns_fixture().times(2);
        mock.files().retrieve().times(0);
        mock.client().files().list().sort_dir("asc").await.unwrap();
        mock
    };
    let verified = mock().await;
    assert_eq!(panic_message(|| verified.verify()), text);
    let dropped = mock().await;
    assert_eq!(panic_message(|| drop(dropped)), text);
    // Problems that were read are not reported again.
    let looked_at = mock().await;
    assert_eq!(looked_at.problems().len(), 2);
    drop(looked_at);
    let forgotten = mock().await;
    forgotten.reset();
    forgotten.verify();
    assert!(forgotten.requests().is_empty());
}

#[tokio::test]
async fn fixture_is_about_the_object_that_the_request_names() {
    let mock = MockServer::start().await;
    mock.returns_fixtures();
    let client = mock.client();
    assert_eq!(client.files().retrieve("file_7").await.unwrap().id, "file_7");
    // A response about another run would not end a wait.
    let run = client.extract_runs().attach("exr_7").max_wait(Duration::from_secs(60)).await.unwrap();
    assert_eq!(run.id, "exr_7");
    // What a path does not end with an ID of is as in the fixtures; so is a value of the test.
    assert_eq!(client.files().list().await.unwrap(), fixtures::files_list_response());
    mock.files().retrieve().returns(fixtures::file());
    assert_eq!(client.files().retrieve("file_8").await.unwrap(), fixtures::file());
}

#[tokio::test]
async fn server_stops_when_it_is_dropped() {
    let mock = MockServer::start().await;
    mock.returns_fixtures();
    let client = mock.client();
    client.files().list().await.unwrap();
    drop(mock);
    let error = client.files().list().max_retries(0).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Connect | ErrorKind::Transport), "{error}");
}

#[test]
fn delivery_of_the_mock_is_accepted_by_webhooks() {
    let event = fixtures::extract_run_processed_webhook_event();
    let delivery = extend_ai::testing::delivery(&event, "wss_secret");
    let accepted = Webhooks::new("wss_secret").verify_and_parse(&delivery.headers, &delivery.body).unwrap();
    assert!(matches!(accepted.event, WebhookEvent::ExtractRunProcessed(same) if *same == event));
    assert!(Webhooks::new("another").verify(&delivery.headers, &delivery.body).is_err());
}
