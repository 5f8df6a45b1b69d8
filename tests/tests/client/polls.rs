//! Waiting for runs: every kind the document has, and what may go wrong meanwhile. No test waits for real.

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
use workspace_tests::sample::{Mode, sample};
use workspace_tests::server::{Reply, Request};

use crate::desk::Desk;

/// A client that repeats no request of its own and waits on a clock that does not.
async fn desk() -> (Desk, InstantClock) {
    let clock = InstantClock::new();
    let shared = Arc::new(clock.clone());
    (Desk::with(|builder| builder.clock(shared).retry(RetryPolicy::none())).await, clock)
}

fn seconds(numbers: &[f64]) -> Vec<Duration> {
    numbers.iter().map(|number| Duration::from_secs_f64(*number)).collect()
}

fn requested(requests: &[Request]) -> Vec<String> {
    requests.iter().map(|request| format!("{} {}", request.method, request.target)).collect()
}

/// The run in an answer: itself, or in an envelope of the older API.
fn run_of(answer: &mut Value) -> &mut Value {
    for envelope in ["processorRun", "batchProcessorRun"] {
        if answer.get(envelope).is_some() {
            return &mut answer[envelope];
        }
    }
    answer
}

/// An answer of an operation, for a run with this ID and status.
pub(crate) fn answer(document: &Document, label: &str, status: &str) -> Value {
    let (method, path) = label.split_once(' ').unwrap();
    let operation = document.find(method, path).unwrap();
    let mut answer = sample(document, operation.success.schema.unwrap(), Mode::Full);
    let run = run_of(&mut answer);
    run["id"] = json!("run_1");
    run["status"] = json!(status);
    answer
}

/// The statuses a run can have, as far as the document knows; none if the operation does not tell the status of a run.
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

/// Waits for a run once for each status that ends it, one that nobody knows included, and checks what is asked for.
async fn waits<S: Serialize, F: Future<Output = Result<S, Error>>>(
    start: Option<&str>,
    state: &str,
    wait: impl Fn(Client) -> F,
) {
    let document = Document::published().unwrap();
    let (method, path) = state.split_once(' ').unwrap();
    let known = statuses(&document, &document.find(method, path).unwrap());
    let ends = known.iter().map(String::as_str).filter(|status| !PENDING.contains(status)).chain(["BRAND_NEW"]);
    for end in ends {
        let (desk, clock) = desk().await;
        let told = PENDING.into_iter().chain([end]).map(|status| answer(&document, state, status));
        let answers: Vec<Value> =
            start.map(|start| answer(&document, start, "PENDING")).into_iter().chain(told).collect();
        desk.answers_each(answers.iter().map(|answer| Reply::json(200, answer)));

        let run = wait(desk.client.clone()).await.unwrap_or_else(|error| panic!("{state} {end}: {error}"));
        assert_eq!(Some(&serde_json::to_value(&run).unwrap()), answers.last(), "{state} {end}");
        let asked = state.replace("{id}", "run_1");
        let expected: Vec<&str> = start.into_iter().chain([asked.as_str(); 4]).collect();
        assert_eq!(requested(&desk.server.take()), expected, "{state} {end}");
        // The first question is asked at once.
        assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 1.0]), "{state} {end}");
    }
}

macro_rules! kinds {
    ($($start:literal => $state:literal: |$client:ident| $call:expr;)*) => {{
        $(waits(Some($start), $state, |$client| $call.wait()).await;)*
    }};
}

macro_rules! attached {
    ($($state:literal: |$client:ident| $resource:expr, $get:ident;)*) => {{
        $(
            waits(None, $state, |$client| $resource.attach("run_1").into_future()).await;
            waits(None, $state, |$client| $resource.$get("run_1").wait()).await;
        )*
        [$($state),*]
    }};
}

#[tokio::test]
async fn every_kind_of_run_that_is_started_can_be_waited_for() {
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
            .create_batch(ExtractRunsCreateBatchRequestExtractor::new("ex_1"), []);
        "POST /classify_runs/batch" => "GET /batch_runs/{id}": |client| client
            .classify_runs()
            .create_batch(ClassifyRunsCreateBatchRequestClassifier::new("cl_1"), []);
        "POST /split_runs/batch" => "GET /batch_runs/{id}": |client| client
            .split_runs()
            .create_batch(SplitRunsCreateBatchRequestSplitter::new("spl_1"), []);
    };
}

#[tokio::test]
#[expect(deprecated, reason = "deprecated runs can be waited for")]
async fn every_run_whose_state_can_be_asked_for_can_be_attached_to() {
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
    // Every operation that tells one status which can mean that something goes on.
    let document = Document::published().unwrap();
    let tells = |operation: &Operation<'_>| {
        let statuses = statuses(&document, operation);
        operation.method == "GET" && statuses.iter().any(|status| PENDING.contains(&status.as_str()))
    };
    let expected: BTreeSet<String> =
        document.operations().into_iter().filter(tells).map(|operation| operation.label()).collect();
    assert_eq!(attached.map(str::to_owned).into_iter().collect::<BTreeSet<_>>(), expected);
}

/// A page of the runs of a workflow batch, with these statuses.
fn listed(statuses: &[&str], token: Option<&str>) -> Reply {
    let document = Document::published().unwrap();
    let mut run = sample(&document, document.component("WorkflowRunSummary").unwrap(), Mode::Full);
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
async fn a_batch_that_cannot_be_fetched_is_over_when_all_its_runs_are() {
    let (desk, clock) = desk().await;
    let input = || WorkflowRunsCreateBatchRequestInputsItem::new(FileFromId::new("file_1"));
    desk.answers_each([
        Reply::json(200, &json!({"batchId": "batch_1"})),
        listed(&[], None),
        listed(&["PROCESSED"], None),
        listed(&["PROCESSED"], Some("t2")),
        listed(&["PROCESSING"], None),
        listed(&["PROCESSED"], Some("t2")),
        listed(&["NEEDS_REVIEW"], None),
    ]);
    let call = desk.client.workflow_runs().create_batch(WorkflowReference::new("wf_1"), [input(), input()]);
    let runs = call.workspace_id("ws_1").wait().await.unwrap();
    let statuses: Vec<&str> = runs.iter().map(|run| run.status.as_str()).collect();
    assert_eq!(statuses, ["PROCESSED", "NEEDS_REVIEW"]);
    let requests = desk.server.take();
    assert!(requests.iter().all(|request| request.header("x-extend-workspace-id") == ["ws_1"]));
    let first = "GET /workflow_runs?batchId=batch_1&maxPageSize=100";
    let second = "GET /workflow_runs?batchId=batch_1&maxPageSize=100&nextPageToken=t2";
    assert_eq!(requested(&requests), ["POST /workflow_runs/batch", first, first, first, second, first, second]);
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 1.0]));

    // How many there are is not known to one who only has the ID.
    desk.answers_each([listed(&[], None), listed(&["CANCELLED"], None)]);
    let poller = desk.client.workflow_runs().attach_batch("batch_1");
    let runs = poller.options(RequestOptions::new().header("x-trace", "t1")).await.unwrap();
    assert_eq!(runs.len(), 1);
    let requests = desk.server.take();
    assert_eq!(requested(&requests), [first, first]);
    assert!(requests.iter().all(|request| request.header("x-trace") == ["t1"]));
}

/// Answers about one extract run, with these statuses.
fn told(statuses: &[&str]) -> Vec<Reply> {
    let document = Document::published().unwrap();
    let reply = |status: &&str| Reply::json(200, &answer(&document, "GET /extract_runs/{id}", status));
    statuses.iter().map(reply).collect()
}

fn failure(status: u16) -> Reply {
    Reply::json(status, &json!({"code": "FAILED", "message": "not now", "requestId": "req_1"}))
}

#[tokio::test]
async fn each_state_is_shown_once_and_the_last_one_ends_it() {
    let (desk, _) = desk().await;
    desk.answers_each(told(&["PENDING", "PENDING", "PROCESSING", "CANCELLED", "PROCESSED"]));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&seen);
    let call = desk.client.extract_runs().create();
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
    assert_eq!(desk.server.take().len(), 4);
    // The end has been seen already, so it is asked for.
    assert_eq!(poller.until_done().await.unwrap().status, ProcessorRunStatus::Processed);
    assert_eq!(desk.server.take().len(), 1);
}

#[tokio::test]
async fn what_a_call_changes_about_its_request_holds_for_the_questions_but_not_its_query() {
    let (desk, _) = desk().await;
    desk.answers_each(told(&["PENDING", "PROCESSING", "PROCESSED"]));
    let call =
        desk.client.extract_runs().create().workspace_id("ws_1").api_version("2026-01-01").header("x-trace", "t1");
    call.query_parameter("dry", "1").wait().await.unwrap();
    let requests = desk.server.take();
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
async fn failures_that_can_pass_do_not_end_a_wait() {
    let (desk, clock) = desk().await;
    let mut later = failure(503);
    later.headers.push(("retry-after".to_owned(), "7".to_owned()));
    let mut much_later = failure(429);
    much_later.headers.push(("retry-after".to_owned(), "3600".to_owned()));
    let mut replies = told(&["PENDING", "PROCESSING"]);
    replies.extend([failure(500), failure(408), later, much_later, failure(502)]);
    replies.extend(told(&["PROCESSED"]));
    desk.answers_each(replies);
    let run = desk.client.extract_runs().create().wait().await.unwrap();
    assert_eq!(run.status, ProcessorRunStatus::Processed);
    assert_eq!(desk.server.take().len(), 8);
    // What the server asks for counts, up to a minute; after 30 s the pauses follow the slower schedule.
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 1.0, 7.0, 60.0, 6.153]));
}

#[tokio::test]
async fn ten_failures_in_a_row_end_a_wait_and_the_error_names_the_run() {
    let (desk, _) = desk().await;
    let mut replies = told(&["PENDING", "PROCESSING"]);
    replies.extend([failure(500), failure(500)]);
    replies.extend(told(&["PROCESSING"]));
    replies.push(failure(503));
    desk.answers_each(replies);
    let error = desk.client.extract_runs().create().wait().await.unwrap_err();
    assert_eq!(desk.server.take().len(), 1 + 1 + 2 + 1 + 10);
    assert_eq!((error.kind(), error.status().map(|status| status.as_u16())), (ErrorKind::Status, Some(503)));
    assert_eq!((error.run_id(), error.last_status()), (Some("run_1"), Some("PROCESSING")));
    assert_eq!(error.request_id(), Some("req_1"));
    assert!(error.to_string().contains("[run run_1]"), "{error}");
}

#[tokio::test]
async fn any_other_failure_ends_a_wait_at_once() {
    for (reply, kind) in [
        (failure(404), ErrorKind::Status),
        (failure(401), ErrorKind::Status),
        (Reply::json(500, &json!({"code": "X", "message": "never", "retryable": false})), ErrorKind::Status),
        (Reply::json(200, &json!({"id": 1})), ErrorKind::Decode),
    ] {
        let (desk, clock) = desk().await;
        let mut replies = told(&["PENDING", "PROCESSING"]);
        replies.push(reply);
        desk.answers_each(replies);
        let mut poller = desk.client.extract_runs().create().poller();
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
async fn a_run_that_cannot_be_started_is_not_waited_for() {
    let (desk, _) = desk().await;
    desk.answers(failure(402));
    let mut poller = desk.client.extract_runs().create().poller();
    let error = poller.next().await.unwrap().unwrap_err();
    assert!(error.is_payment_required() && error.run_id().is_none(), "{error}");
    assert!(poller.next().await.is_none());
    assert_eq!(poller.until_done().await.unwrap_err().kind(), ErrorKind::InvalidRequest);
    assert_eq!(desk.server.take().len(), 1);
}

#[tokio::test]
async fn a_wait_that_takes_too_long_keeps_the_run() {
    let (desk, clock) = desk().await;
    desk.answers_each(told(&["PENDING", "PROCESSING"]));
    let call = desk.client.extract_runs().create();
    let error = call.poller().max_wait(Duration::from_millis(2500)).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitTimeout);
    assert!(error.is_timeout() && !error.is_retryable());
    assert_eq!((error.run_id(), error.last_status()), (Some("run_1"), Some("PROCESSING")));
    assert_eq!(error.waited(), Some(Duration::from_millis(2500)));
    let text = error.to_string();
    for part in ["extract_runs.retrieve: ", "not over after 2.5s", "PROCESSING", "[run run_1]", "attach"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let json = error.to_json();
    assert_eq!((&json["runId"], &json["lastStatus"]), (&json!("run_1"), &json!("PROCESSING")));
    // The last pause is cut short, and a last question asked.
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0, 0.5]));
    assert_eq!(desk.server.take().len(), 5);

    desk.answers_each(told(&["PROCESSING", "PROCESSED"]));
    let run = desk.client.extract_runs().attach(error.run_id().unwrap()).await.unwrap();
    assert_eq!(run.status, ProcessorRunStatus::Processed);
    assert_eq!(requested(&desk.server.take()), ["GET /extract_runs/run_1"; 2]);
}

#[tokio::test]
async fn a_wait_of_no_time_asks_once_and_failures_count_for_its_time() {
    let (desk, clock) = desk().await;
    desk.answers_each(told(&["PROCESSING"]));
    let attach = || desk.client.extract_runs().attach("run_1");
    let mut poller = attach().max_wait(Duration::ZERO);
    assert_eq!(poller.next().await.unwrap().unwrap().status, ProcessorRunStatus::Processing);
    assert_eq!(poller.next().await.unwrap().unwrap_err().kind(), ErrorKind::WaitTimeout);
    assert!(poller.next().await.is_none());
    assert_eq!(desk.server.take().len(), 1);

    desk.answers(failure(503));
    let error = attach().max_wait(Duration::from_secs(2)).await.unwrap_err();
    assert_eq!((error.kind(), error.last_status()), (ErrorKind::WaitTimeout, None));
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert!(cause.contains("503"), "{cause}");
    assert_eq!(clock.pauses(), seconds(&[1.0, 1.0]));
    assert_eq!(desk.server.take().len(), 3);
}

#[tokio::test]
async fn a_schedule_of_your_own_is_kept() {
    let (desk, clock) = desk().await;
    desk.answers_each(told(&["PENDING"; 5].map(|status| status)).into_iter().chain(told(&["FAILED"])));
    let ms = Duration::from_millis;
    let schedule = PollSchedule::new()
        .max_wait(Duration::from_secs(60))
        .fast_poll_duration(ms(400))
        .fast_poll_interval(ms(200))
        .initial_delay(ms(1000))
        .max_delay(ms(3000))
        .backoff_multiplier(2.0)
        .jitter_fraction(0.0);
    let run = desk.client.extract_runs().attach("run_1").schedule(schedule).await.unwrap();
    assert_eq!(run.status, ProcessorRunStatus::Failed);
    assert_eq!(clock.pauses(), seconds(&[0.2, 0.2, 1.0, 2.0, 3.0]));
}

#[tokio::test]
async fn a_dropped_poller_asks_no_more_and_a_dropped_next_loses_nothing() {
    let (desk, _) = desk().await;
    desk.answers_each(told(&["PENDING", "PROCESSING", "PROCESSED"]));
    let mut poller = desk.client.extract_runs().create().poller();
    let mut context = Context::from_waker(Waker::noop());
    // The run is being started when the future is dropped; it is started once.
    assert!(pin!(poller.next()).as_mut().poll(&mut context).is_pending());
    poller.next().await.unwrap().unwrap();
    drop(poller);
    tokio::task::yield_now().await;
    assert_eq!(requested(&desk.server.take()), ["POST /extract_runs", "GET /extract_runs/run_1"]);
}

#[tokio::test]
async fn a_poller_is_a_stream_that_other_threads_can_have() {
    async fn count<S: Stream + Send + Unpin + 'static>(mut stream: S) -> usize {
        let walk = async move {
            let mut count = 0;
            while std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await.is_some() {
                count += 1;
            }
            count
        };
        tokio::spawn(walk).await.unwrap()
    }
    let (desk, _) = desk().await;
    desk.answers_each(told(&["PENDING", "PENDING", "PROCESSING", "PROCESSED"]));
    assert_eq!(count(desk.client.extract_runs().create().poller()).await, 3);
}
