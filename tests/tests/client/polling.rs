//! Tests polling: every kind of run in the document, and failures while polling. No test waits in real time.

use std::collections::BTreeSet;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex};
use std::task::{Context, Waker};
use std::time::Duration;

use extend_ai::types::*;
use extend_ai::{Client, Error, ErrorKind, PollSchedule, RequestOptions, RetryPolicy};
use futures_core::Stream;
use sdk_runtime::codegen::serde::Serialize;
use sdk_runtime::testing::InstantClock;
use serde_json::{Value, json};
use workspace_tests::document::{Document, Operation};
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::{Reply, Request};

use crate::harness::Harness;

/// Creates a client without retries, whose delays pass on a test clock.
async fn harness() -> (Harness, InstantClock) {
    let clock = InstantClock::new();
    let shared = Arc::new(clock.clone());
    (Harness::with(|builder| builder.clock(shared).retry(RetryPolicy::none())).await, clock)
}

fn seconds(numbers: &[f64]) -> Vec<Duration> {
    numbers.iter().map(|number| Duration::from_secs_f64(*number)).collect()
}

fn requested(requests: &[Request]) -> Vec<String> {
    requests.iter().map(|request| format!("{} {}", request.method, request.target)).collect()
}

/// Returns the run in a response: the response itself, or the content of an envelope of the older API.
fn run_of(response: &mut Value) -> &mut Value {
    for envelope in ["processorRun", "batchProcessorRun"] {
        if response.get(envelope).is_some() {
            return &mut response[envelope];
        }
    }
    response
}

/// Returns a response of an operation for a run with a status.
pub(crate) fn run_response(document: &Document, label: &str, status: &str) -> Value {
    let (method, path) = label.split_once(' ').unwrap();
    let operation = document.find(method, path).unwrap();
    let mut response = create_sample(document, operation.success.schema.unwrap(), Mode::Full);
    let run = run_of(&mut response);
    run["id"] = json!("run_1");
    run["status"] = json!(status);
    response
}

/// Returns the documented statuses of a run, or none if the operation does not return one.
fn statuses(document: &Document, operation: &Operation<'_>) -> Vec<String> {
    let Some(schema) = operation.success.schema else { return Vec::new() };
    let schema = document.resolve(schema);
    let property = |of: &'_ Value, name: &str| document.resolve(&document.resolve(of)["properties"][name]).clone();
    let envelopes = ["processorRun", "batchProcessorRun"].map(|name| property(schema, name));
    let status = [schema].into_iter().chain(&envelopes).map(|of| property(of, "status"));
    let values = status.filter_map(|status| Some(status.get("enum")?.as_array()?.clone())).flatten();
    values.filter_map(|value| Some(value.as_str()?.to_owned())).collect()
}

const PENDING: [&str; 3] = ["PENDING", "PROCESSING", "CANCELLING"];

/// Polls a run once for each terminal status, including an unknown one, and checks the requests.
async fn check_polling<S: Serialize, F: Future<Output = Result<S, Error>>>(
    start: Option<&str>,
    state: &str,
    wait: impl Fn(Client) -> F,
) {
    let document = Document::published().unwrap();
    let (method, path) = state.split_once(' ').unwrap();
    let known = statuses(&document, &document.find(method, path).unwrap());
    let terminal = known.iter().map(String::as_str).filter(|status| !PENDING.contains(status)).chain(["BRAND_NEW"]);
    for end in terminal {
        let (harness, clock) = harness().await;
        let states = PENDING.into_iter().chain([end]).map(|status| run_response(&document, state, status));
        let responses: Vec<Value> =
            start.map(|start| run_response(&document, start, "PENDING")).into_iter().chain(states).collect();
        harness.respond_with_each(responses.iter().map(|response| Reply::json(200, response)));

        let run = wait(harness.client.clone()).await.unwrap_or_else(|error| panic!("{state} {end}: {error}"));
        assert_eq!(Some(&serde_json::to_value(&run).unwrap()), responses.last(), "{state} {end}");
        let polled = state.replace("{id}", "run_1");
        let expected: Vec<&str> = start.into_iter().chain([polled.as_str(); 4]).collect();
        assert_eq!(requested(&harness.server.take()), expected, "{state} {end}");
        // The first poll is sent without a delay.
        assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 1.0]), "{state} {end}");
    }
}

macro_rules! kinds {
    ($($start:literal => $state:literal: |$client:ident| $call:expr;)*) => {{
        $(check_polling(Some($start), $state, |$client| $call.wait()).await;)*
    }};
}

macro_rules! attached {
    ($($state:literal: |$client:ident| $resource:expr, $get:ident;)*) => {{
        $(
            check_polling(None, $state, |$client| $resource.attach("run_1").into_future()).await;
            check_polling(None, $state, |$client| $resource.$get("run_1").wait()).await;
        )*
        [$($state),*]
    }};
}

#[tokio::test]
async fn every_started_run_can_be_polled() {
    let file = || FileFromId::new("file_1");
    kinds! {
        "POST /parse_runs" => "GET /parse_runs/{id}": |client| client.parse_runs().create(file());
        "POST /extract_runs" => "GET /extract_runs/{id}": |client| client.extract_runs().create().file(file());
        "POST /classify_runs" => "GET /classify_runs/{id}": |client| client.classify_runs().create(file());
        "POST /split_runs" => "GET /split_runs/{id}": |client| client.split_runs().create(file());
        "POST /edit_runs" => "GET /edit_runs/{id}": |client| client.edit_runs().create();
        "POST /verify_runs" => "GET /verify_runs/{id}": |client| client.verify_runs().create(file());
        "POST /form_detection_runs" => "GET /form_detection_runs/{id}":
            |client| client.form_detection_runs().create(file());
        "POST /workflow_runs" => "GET /workflow_runs/{id}":
            |client| client.workflow_runs().create(WorkflowReference::new("wf_1"));
        "POST /evaluation_set_runs" => "GET /evaluation_set_runs/{id}":
            |client| client.evaluation_set_runs().create("ev_1");
        "POST /processor_runs" => "GET /processor_runs/{id}": |client| client.processor_run().create("dp_1");
        "POST /parse_runs/batch" => "GET /batch_runs/{id}": |client| client.parse_runs().create_batch([]);
        "POST /extract_runs/batch" => "GET /batch_runs/{id}": |client| client
            .extract_runs()
            .create_batch(ExtractorReference::new("ex_1"), []);
        "POST /classify_runs/batch" => "GET /batch_runs/{id}": |client| client
            .classify_runs()
            .create_batch(ClassifierReference::new("cl_1"), []);
        "POST /split_runs/batch" => "GET /batch_runs/{id}": |client| client
            .split_runs()
            .create_batch(SplitterReference::new("spl_1"), []);
    };
}

#[tokio::test]
async fn run_that_has_ended_when_it_is_started_is_not_polled() {
    let document = Document::published().unwrap();
    for status in ["PROCESSED", "FAILED", "BRAND_NEW"] {
        let (harness, clock) = harness().await;
        let ended = run_response(&document, "GET /extract_runs/{id}", status);
        harness.respond_with_each([Reply::json(200, &ended), Reply::json(200, &ended)]);
        let mut poller = harness.client.extract_runs().create().poller();
        let run = poller.until_done().await.unwrap();
        assert_eq!((serde_json::to_value(&run).unwrap(), poller.id()), (ended, Some("run_1")));
        assert_eq!(requested(&harness.server.take()), ["POST /extract_runs"]);
        assert_eq!(clock.pauses(), [Duration::ZERO; 0]);
        assert!(poller.next().await.is_none(), "{status}");
        // The run may go on, as after a review.
        poller.until_done().await.unwrap();
        assert_eq!(requested(&harness.server.take()), ["GET /extract_runs/run_1"], "{status}");
    }
}

#[tokio::test]
#[expect(deprecated, reason = "deprecated runs can be polled too")]
async fn every_run_with_a_status_can_be_attached_to() {
    let attached = attached! {
        "GET /parse_runs/{id}": |client| client.parse_runs(), retrieve;
        "GET /extract_runs/{id}": |client| client.extract_runs(), retrieve;
        "GET /classify_runs/{id}": |client| client.classify_runs(), retrieve;
        "GET /split_runs/{id}": |client| client.split_runs(), retrieve;
        "GET /edit_runs/{id}": |client| client.edit_runs(), retrieve;
        "GET /verify_runs/{id}": |client| client.verify_runs(), retrieve;
        "GET /form_detection_runs/{id}": |client| client.form_detection_runs(), retrieve;
        "GET /workflow_runs/{id}": |client| client.workflow_runs(), retrieve;
        "GET /evaluation_set_runs/{id}": |client| client.evaluation_set_runs(), retrieve;
        "GET /processor_runs/{id}": |client| client.processor_run(), get;
        "GET /batch_runs/{id}": |client| client.batch_runs(), get;
        "GET /batch_processor_runs/{id}": |client| client.batch_processor_run(), get;
    };
    // Every operation that returns a status which may be a pending one.
    let document = Document::published().unwrap();
    let is_pollable = |operation: &Operation<'_>| {
        let statuses = statuses(&document, operation);
        operation.method == "GET" && statuses.iter().any(|status| PENDING.contains(&status.as_str()))
    };
    let expected: BTreeSet<String> =
        document.operations().into_iter().filter(is_pollable).map(|operation| operation.label()).collect();
    assert_eq!(attached.map(str::to_owned).into_iter().collect::<BTreeSet<_>>(), expected);
}

/// Returns a page of the runs of a workflow batch, with these statuses.
fn page_of_runs(statuses: &[&str], token: Option<&str>) -> Reply {
    let document = Document::published().unwrap();
    let mut run = create_sample(&document, document.component("WorkflowRunSummary").unwrap(), Mode::Full);
    let data: Vec<Value> = statuses
        .iter()
        .map(|status| {
            run["status"] = json!(status);
            run.clone()
        })
        .collect();
    let mut page = json!({"object": "list", "data": data});
    if let Some(token) = token {
        page["nextPageToken"] = json!(token);
    }
    Reply::json(200, &page)
}

#[tokio::test]
async fn batch_without_a_state_ends_when_all_its_runs_end() {
    let (harness, clock) = harness().await;
    let input = || WorkflowBatchInput::new(FileFromId::new("file_1"));
    harness.respond_with_each([
        Reply::json(200, &json!({"batchId": "batch_1"})),
        page_of_runs(&[], None),
        page_of_runs(&["PROCESSED"], None),
        page_of_runs(&["PROCESSED"], Some("t2")),
        page_of_runs(&["PROCESSING"], None),
        page_of_runs(&["PROCESSED"], Some("t2")),
        page_of_runs(&["NEEDS_REVIEW"], None),
    ]);
    let call = harness.client.workflow_runs().create_batch(WorkflowReference::new("wf_1"), [input(), input()]);
    let runs = call.workspace_id("ws_1").wait().await.unwrap();
    let statuses: Vec<&str> = runs.iter().map(|run| run.status.as_str()).collect();
    assert_eq!(statuses, ["PROCESSED", "NEEDS_REVIEW"]);
    let requests = harness.server.take();
    assert!(requests.iter().all(|request| request.header("x-extend-workspace-id") == ["ws_1"]));
    let first = "GET /workflow_runs?batchId=batch_1&maxPageSize=100";
    let second = "GET /workflow_runs?batchId=batch_1&maxPageSize=100&nextPageToken=t2";
    assert_eq!(requested(&requests), ["POST /workflow_runs/batch", first, first, first, second, first, second]);
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 1.0]));

    // With only the ID, the number of runs is unknown.
    harness.respond_with_each([page_of_runs(&[], None), page_of_runs(&["CANCELLED"], None)]);
    let poller = harness.client.workflow_runs().attach_batch("batch_1");
    let runs = poller.options(RequestOptions::new().header("x-trace", "t1")).await.unwrap();
    assert_eq!(runs.len(), 1);
    let requests = harness.server.take();
    assert_eq!(requested(&requests), [first, first]);
    assert!(requests.iter().all(|request| request.header("x-trace") == ["t1"]));
}

/// Returns responses for one extract run with these statuses.
fn run_replies(statuses: &[&str]) -> Vec<Reply> {
    let document = Document::published().unwrap();
    let reply = |status: &&str| Reply::json(200, &run_response(&document, "GET /extract_runs/{id}", status));
    statuses.iter().map(reply).collect()
}

fn failure(status: u16) -> Reply {
    Reply::json(status, &json!({"code": "FAILED", "message": "not now", "requestId": "req_1"}))
}

/// Returns a response about a run with this ID.
fn reply_about(id: &str, status: &str) -> Reply {
    let document = Document::published().unwrap();
    let mut response = run_response(&document, "GET /extract_runs/{id}", status);
    response["id"] = json!(id);
    Reply::json(200, &response)
}

#[tokio::test]
async fn response_about_another_run_does_not_end_a_wait() {
    let (harness, _) = harness().await;
    harness.respond_with_each(
        [("run_2", "PROCESSED"), ("run_1", "PROCESSING"), ("run_2", "FAILED"), ("run_1", "PROCESSED")]
            .map(|(id, status)| reply_about(id, status)),
    );
    let mut poller = harness.client.extract_runs().attach("run_1");
    let mut states = Vec::new();
    while let Some(state) = poller.next().await {
        let state = state.unwrap();
        states.push(format!("{} {}", state.id, state.status));
    }
    assert_eq!(states, ["run_1 PROCESSING", "run_1 PROCESSED"]);

    harness.server.take();
    harness.respond_with(reply_about("run_2", "PROCESSED"));
    let error = harness.client.extract_runs().attach("run_1").await.unwrap_err();
    assert_eq!(error.message(), "the response is about the run `run_2` instead of `run_1`");
    assert_eq!((error.kind(), error.run_id()), (ErrorKind::Decode, Some("run_1")));
    assert_eq!(harness.server.take().len(), 10);
}

#[tokio::test]
async fn run_that_is_pending_again_after_its_end_has_ended() {
    let (harness, _) = harness().await;
    harness.respond_with_each(run_replies(&["PROCESSED", "PROCESSING", "FAILED"]));
    let mut poller = harness.client.extract_runs().attach("run_1");
    assert_eq!(poller.until_done().await.unwrap().status, ProcessorRunStatus::Processed);
    assert!(poller.next().await.is_none());
    assert_eq!(poller.until_done().await.unwrap().status, ProcessorRunStatus::Failed);
}

#[tokio::test]
async fn poller_yields_each_state_once_until_the_terminal_one() {
    let (harness, _) = harness().await;
    harness.respond_with_each(run_replies(&["PENDING", "PENDING", "PROCESSING", "CANCELLED", "PROCESSED"]));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let call = harness.client.extract_runs().create();
    let mut poller = call.poller().on_update(move |run| record.lock().unwrap().push(run.status.to_string()));
    assert_eq!(poller.id(), None);
    let mut states = Vec::new();
    while let Some(state) = poller.next().await {
        states.push(state.unwrap().status.to_string());
        assert_eq!(poller.id(), Some("run_1"));
    }
    assert_eq!(states, ["PENDING", "PROCESSING", "CANCELLED"]);
    assert_eq!(*seen.lock().unwrap(), states);
    assert!(poller.next().await.is_none());
    assert_eq!(harness.server.take().len(), 4);
    // The terminal state was already returned, so it is requested again.
    assert_eq!(poller.until_done().await.unwrap().status, ProcessorRunStatus::Processed);
    assert_eq!(harness.server.take().len(), 1);
}

#[tokio::test]
async fn headers_of_a_call_apply_to_its_polls_but_not_its_query() {
    let (harness, _) = harness().await;
    harness.respond_with_each(run_replies(&["PENDING", "PROCESSING", "PROCESSED"]));
    let call =
        harness.client.extract_runs().create().workspace_id("ws_1").api_version("2026-01-01").header("x-trace", "t1");
    call.query_parameter("dry", "1").wait().await.unwrap();
    let requests = harness.server.take();
    assert_eq!(
        requested(&requests),
        ["POST /extract_runs?dry=1", "GET /extract_runs/run_1", "GET /extract_runs/run_1"]
    );
    for (name, value) in [("x-extend-workspace-id", "ws_1"), ("x-extend-api-version", "2026-01-01"), ("x-trace", "t1")]
    {
        assert!(requests.iter().all(|request| request.header(name) == [value]), "{name}");
    }
}

#[tokio::test]
async fn transient_failures_do_not_end_polling() {
    let (harness, clock) = harness().await;
    let mut later = failure(503);
    later.headers.push(("retry-after".to_owned(), "7".to_owned()));
    let mut much_later = failure(429);
    much_later.headers.push(("retry-after".to_owned(), "3600".to_owned()));
    let mut replies = run_replies(&["PENDING", "PROCESSING"]);
    replies.extend([failure(500), failure(408), later, much_later, failure(502)]);
    replies.extend(run_replies(&["PROCESSED"]));
    harness.respond_with_each(replies);
    let run = harness.client.extract_runs().create().wait().await.unwrap();
    assert_eq!(run.status, ProcessorRunStatus::Processed);
    assert_eq!(harness.server.take().len(), 8);
    // The server's delay applies, up to a minute; after 30 s the delays follow the slower schedule.
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 1.0, 7.0, 60.0, 6.153]));
}

#[tokio::test]
async fn ten_consecutive_failures_end_polling_with_an_error_that_names_the_run() {
    let (harness, _) = harness().await;
    let mut replies = run_replies(&["PENDING", "PROCESSING"]);
    replies.extend([failure(500), failure(500)]);
    replies.extend(run_replies(&["PROCESSING"]));
    replies.push(failure(503));
    harness.respond_with_each(replies);
    let error = harness.client.extract_runs().create().wait().await.unwrap_err();
    assert_eq!(harness.server.take().len(), 1 + 1 + 2 + 1 + 10);
    assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (ErrorKind::Status, Some(503)));
    assert_eq!((error.run_id(), error.last_status()), (Some("run_1"), Some("PROCESSING")));
    assert_eq!(error.request_id(), Some("req_1"));
    assert!(error.to_string().contains("[run run_1]"), "{error}");
}

#[tokio::test]
async fn permanent_failure_ends_polling_immediately() {
    for (reply, kind) in [
        (failure(404), ErrorKind::Status),
        (failure(401), ErrorKind::Status),
        (Reply::json(500, &json!({"code": "X", "message": "never", "retryable": false})), ErrorKind::Status),
        (Reply::json(200, &json!({"id": 1})), ErrorKind::Decode),
    ] {
        let (harness, clock) = harness().await;
        let mut replies = run_replies(&["PENDING", "PROCESSING"]);
        replies.push(reply);
        harness.respond_with_each(replies);
        let mut poller = harness.client.extract_runs().create().poller();
        poller.next().await.unwrap().unwrap();
        let error = poller.next().await.unwrap().unwrap_err();
        assert_eq!(error.kind(), kind);
        assert_eq!((error.run_id(), error.last_status()), (Some("run_1"), Some("PROCESSING")));
        assert_eq!(error.waited(), Some(Duration::from_secs(1)));
        assert!(poller.next().await.is_none());
        assert_eq!(poller.id(), Some("run_1"));
        assert_eq!(clock.pauses(), seconds(&[1.0]));
    }
}

#[tokio::test]
async fn run_that_fails_to_start_is_not_polled() {
    let (harness, _) = harness().await;
    harness.respond_with(failure(402));
    let mut poller = harness.client.extract_runs().create().poller();
    let error = poller.next().await.unwrap().unwrap_err();
    assert!(error.is_payment_required() && error.run_id().is_none(), "{error}");
    assert!(poller.next().await.is_none());
    assert_eq!(poller.until_done().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(harness.server.take().len(), 1);
}

#[tokio::test]
async fn wait_timeout_error_names_the_run() {
    let (harness, clock) = harness().await;
    harness.respond_with_each(run_replies(&["PENDING", "PROCESSING"]));
    let call = harness.client.extract_runs().create();
    let error = call.poller().max_wait(Duration::from_millis(2500)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert!(error.is_timeout() && !error.is_retryable());
    assert_eq!((error.run_id(), error.last_status()), (Some("run_1"), Some("PROCESSING")));
    assert_eq!(error.waited(), Some(Duration::from_millis(2500)));
    let text = error.to_string();
    for part in ["extract_runs.retrieve: ", "not ended after 2.5s", "PROCESSING", "[run run_1]", "attach"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let json = error.to_json();
    assert_eq!((&json["runId"], &json["lastStatus"]), (&json!("run_1"), &json!("PROCESSING")));
    // The last delay is shortened, and a last poll is sent.
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 0.5]));
    assert_eq!(harness.server.take().len(), 5);

    harness.respond_with_each(run_replies(&["PROCESSING", "PROCESSED"]));
    let run = harness.client.extract_runs().attach(error.run_id().unwrap()).await.unwrap();
    assert_eq!(run.status, ProcessorRunStatus::Processed);
    assert_eq!(requested(&harness.server.take()), ["GET /extract_runs/run_1"; 2]);
}

#[tokio::test]
async fn zero_max_wait_polls_once_and_failures_count_towards_it() {
    let (harness, clock) = harness().await;
    harness.respond_with_each(run_replies(&["PROCESSING"]));
    let attach = || harness.client.extract_runs().attach("run_1");
    let mut poller = attach().max_wait(Duration::ZERO);
    assert_eq!(poller.next().await.unwrap().unwrap().status, ProcessorRunStatus::Processing);
    assert_eq!(poller.next().await.unwrap().unwrap_err().kind(), ErrorKind::WaitTimeout);
    assert!(poller.next().await.is_none());
    assert_eq!(harness.server.take().len(), 1);

    harness.respond_with(failure(503));
    let error = attach().max_wait(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!((error.kind(), error.last_status()), (ErrorKind::WaitTimeout, None));
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("503"), "{cause}");
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0]));
    assert_eq!(harness.server.take().len(), 3);
}

#[tokio::test]
async fn custom_schedule_is_followed() {
    let (harness, clock) = harness().await;
    harness.respond_with_each(
        run_replies(&["PENDING"; 5].map(|status| status)).into_iter().chain(run_replies(&["FAILED"])),
    );
    let ms = Duration::from_millis;
    let schedule = PollSchedule::new()
        .max_wait(Duration::from_secs(60))
        .fast_poll_duration(ms(400))
        .fast_poll_interval(ms(200))
        .initial_delay(ms(1000))
        .max_delay(ms(3000))
        .backoff_multiplier(2.0)
        .jitter_fraction(0.0);
    let run = harness.client.extract_runs().attach("run_1").schedule(schedule).await.unwrap();
    assert_eq!(run.status, ProcessorRunStatus::Failed);
    assert_eq!(clock.pauses(), seconds(&[0.2, 0.2, 1.0, 2.0, 3.0]));
}

#[tokio::test]
async fn dropped_poller_stops_and_dropped_next_loses_nothing() {
    let (harness, _) = harness().await;
    harness.respond_with_each(run_replies(&["PENDING", "PROCESSING", "PROCESSED"]));
    let mut poller = harness.client.extract_runs().create().poller();
    let mut context = Context::from_waker(Waker::noop());
    // The future is dropped while the run is being started; it is started only once.
    assert!(pin!(poller.next()).as_mut().poll(&mut context).is_pending());
    poller.next().await.unwrap().unwrap();
    drop(poller);
    tokio::task::yield_now().await;
    assert_eq!(requested(&harness.server.take()), ["POST /extract_runs", "GET /extract_runs/run_1"]);
}

#[tokio::test]
async fn poller_is_a_stream_that_can_move_to_another_thread() {
    async fn count<S: Stream + Send + Unpin + 'static>(mut stream: S) -> usize {
        let consume = async move {
            let mut count = 0;
            while std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await.is_some() {
                count += 1;
            }
            count
        };
        tokio::spawn(consume).await.unwrap()
    }
    let (harness, _) = harness().await;
    harness.respond_with_each(run_replies(&["PENDING", "PENDING", "PROCESSING", "PROCESSED"]));
    assert_eq!(count(harness.client.extract_runs().create().poller()).await, 3);
}
