//! Tests runs of any kind, and batches with the result of each input.

use std::time::Duration;

use extend_ai::runs::{Run, RunKind};
use extend_ai::testing::{MockServer, fixtures};
use extend_ai::types::{BatchRunStatus, ParseRunStatus, WorkflowRunStatus};
use extend_ai::{PollSchedule, Timestamp};

#[tokio::test]
async fn kind_of_a_run_follows_from_the_prefix_of_its_id() {
    let mock = MockServer::start().await;
    mock.classify_runs().retrieve().returns(fixtures::classify_run());
    mock.edit_runs().retrieve().returns(fixtures::edit_run());
    mock.extract_runs().retrieve().returns(fixtures::extract_run());
    mock.form_detection_runs().retrieve().returns(fixtures::form_detection_run());
    mock.parse_runs().retrieve().returns(fixtures::parse_run());
    mock.split_runs().retrieve().returns(fixtures::split_run());
    mock.verify_runs().retrieve().returns(fixtures::verify_run());
    mock.workflow_runs().retrieve().returns(fixtures::workflow_run());
    let client = mock.client();
    for (id, kind) in [
        ("clr_1", RunKind::Classify),
        ("edr_1", RunKind::Edit),
        ("exr_1", RunKind::Extract),
        ("sgr_1", RunKind::FormDetection),
        ("pr_1", RunKind::Parse),
        ("splr_1", RunKind::Split),
        ("vr_1", RunKind::Verify),
        ("workflow_run_1", RunKind::Workflow),
    ] {
        let run = client.runs().get(id).await.unwrap();
        assert_eq!((run.kind(), RunKind::of_id(id)), (kind, Some(kind)));
        assert!(!run.id().is_empty() && !run.status().is_empty());
    }
}

#[tokio::test]
async fn unknown_prefix_is_an_error_before_anything_is_sent() {
    let mock = MockServer::start().await;
    let runs = mock.client().runs();
    let errors = [
        runs.get("ex_1").await.unwrap_err(),
        runs.cancel("").await.unwrap_err(),
        runs.delete("bpr_1").await.unwrap_err(),
        runs.wait("run_1").await.unwrap_err(),
    ];
    for error in errors {
        let text = error.to_string();
        assert!(text.contains("does not start with the prefix of a run") && text.contains("exr_"), "{text}");
    }
    let text = runs.wait_batch("exr_1").await.unwrap_err().to_string();
    assert!(text.contains("does not start with the prefix of a batch"), "{text}");
    let text = runs.cancel("edr_1").await.unwrap_err().to_string();
    assert!(text.contains("edr_1 is of the kind `edit`, whose runs cannot be cancelled"), "{text}");
    let text = runs.delete("sgr_1").await.unwrap_err().to_string();
    assert!(text.contains("cannot be deleted"), "{text}");
    mock.verify();
}

#[tokio::test]
async fn wait_polls_until_the_run_ends() {
    let mock = MockServer::start().await;
    let [mut running, mut ended] = [fixtures::parse_run(), fixtures::parse_run()];
    (running.id, ended.id) = ("pr_1".to_owned(), "pr_1".to_owned());
    running.status = ParseRunStatus::Processing;
    ended.status = ParseRunStatus::Failed;
    ended.failure_message = Some("unreadable".to_owned());
    mock.parse_runs().retrieve().returns_each([running, ended]);
    let schedule = PollSchedule::new().fast_poll_interval(Duration::from_secs(5));
    let run = mock.client().runs().wait("pr_1").schedule(schedule).await.unwrap();
    assert_eq!((run.status(), run.failure_message()), ("FAILED", Some("unreadable")));
    assert!(matches!(run, Run::Parse(_)));
    assert!(mock.clock().passed() >= Duration::from_secs(3));
}

#[tokio::test]
async fn batch_has_the_run_of_each_input_in_the_order_of_creation() {
    let mock = MockServer::start().await;
    let mut batch = fixtures::batch_run();
    batch.id = "bpr_1".to_owned();
    batch.run_count = Some(3);
    batch.status = BatchRunStatus::Processing;
    let mut ended = batch.clone();
    ended.status = BatchRunStatus::Processed;
    mock.batch_runs().get().returns_each([batch, ended]);
    let mut none = fixtures::extract_runs_list_response();
    (none.data, none.next_page_token) = (Vec::new(), None);
    mock.extract_runs().list().returns(none);
    let mut page = fixtures::classify_runs_list_response();
    let at = |id: &str, time: &str| {
        let mut run = fixtures::classify_runs_list_response().data.remove(0);
        (run.id, run.created_at) = (id.to_owned(), Timestamp::from(time));
        run
    };
    page.data = vec![at("clr_2", "2026-03-02T00:00:00Z"), at("clr_1", "2026-03-01T00:00:00Z")];
    page.next_page_token = None;
    mock.classify_runs().list().with_query("batchId", "bpr_1").returns(page);
    for id in ["clr_1", "clr_2"] {
        let mut run = fixtures::classify_run();
        run.id = id.to_owned();
        mock.classify_runs().retrieve().with_path("id", id).returns(run);
    }
    let mut results = mock.client().runs().wait_batch("bpr_1").await.unwrap();
    assert_eq!((results.len(), results.missing()), (2, Some(1)));
    let mut ids = Vec::new();
    while let Some(run) = results.next().await {
        ids.push(run.unwrap().id().to_owned());
    }
    assert_eq!(ids, ["clr_1", "clr_2"]);
    assert!(results.is_empty());
}

#[tokio::test]
async fn result_that_cannot_be_retrieved_is_retrieved_again() {
    let mock = MockServer::start().await;
    let mut page = fixtures::workflow_runs_list_response();
    page.data.truncate(1);
    page.data[0].id = "workflow_run_1".to_owned();
    page.data[0].status = WorkflowRunStatus::Processed;
    page.next_page_token = None;
    mock.workflow_runs().list().with_query("batchId", "batch_1").returns(page);
    let mut run = fixtures::workflow_run();
    run.id = "workflow_run_1".to_owned();
    mock.workflow_runs().retrieve().fails(404).returns(run);
    let mut results = mock.client().runs().wait_batch("batch_1").inputs(1).await.unwrap();
    assert_eq!(results.missing(), Some(0));
    assert!(results.next().await.unwrap().is_err());
    assert_eq!(results.next().await.unwrap().unwrap().id(), "workflow_run_1");
    assert!(results.next().await.is_none());
}

#[test]
fn blocking_client_has_inputs_runs_batches_and_a_tally() {
    use extend_ai::blocking::Call;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mock = runtime.block_on(MockServer::start());
    let mut run = fixtures::parse_run();
    (run.id, run.status) = ("pr_1".to_owned(), ParseRunStatus::Processed);
    mock.parse_runs().retrieve().returns(run.clone());
    mock.parse_runs().cancel().returns(run);
    mock.parse_runs().delete().returns_fixture();
    let mut batch = fixtures::batch_run();
    (batch.id, batch.status) = ("bpar_1".to_owned(), BatchRunStatus::Processed);
    mock.batch_runs().get().returns(batch);
    let mut page = fixtures::parse_runs_list_response();
    page.data[0].id = "pr_1".to_owned();
    page.next_page_token = None;
    mock.parse_runs().list().returns(page);
    mock.files().upload().returns_fixture();

    let client = extend_ai::Client::builder().api_key("sk_test").base_url(mock.url()).build_blocking().unwrap();
    let runs = client.runs();
    assert_eq!(runs.get("pr_1").unwrap().id(), "pr_1");
    assert_eq!(runs.cancel("pr_1").unwrap().kind(), RunKind::Parse);
    runs.delete("pr_1").unwrap();
    assert_eq!(runs.wait("pr_1").call().unwrap().status(), "PROCESSED");
    let results = runs.wait_batch("bpar_1").call().unwrap().blocking();
    assert_eq!(results.map(|run| run.unwrap().id().to_owned()).collect::<Vec<_>>(), ["pr_1"]);
    assert_eq!(client.tally().runs(), 1);
    assert!(client.input(("a.txt", "text")).call().unwrap().id().is_some());
    assert!(runs.get("unknown").is_err());
}
