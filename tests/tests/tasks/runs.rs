//! Runs every task against the mock server, where retries and polling take no time.
//!
//! Must not repeat a task: a test prepares the responses, runs the task, and checks the result and what was sent.

use std::fs;
use std::time::{Duration, SystemTime};

use extend_ai::testing::{Delivery, MockServer, delivery, fixtures};
use extend_ai::types::{
    BatchRunStatus, EditRunStatus, ExtractOutput, ParseRunStatus, ProcessorRunStatus, WorkflowRunStatus,
};
use extend_ai::webhooks::Webhooks;
use extend_ai::{Client, StatusCode, Timestamp, decode_value};
use serde_json::{Value, json};
use workspace_tests::server::{Reply, Server};

/// The output of an extraction that found this total.
fn output(total: f64) -> ExtractOutput {
    decode_value(&json!({"value": {"total": total}, "metadata": {}})).unwrap()
}

#[tokio::test]
async fn upload_and_extract_returns_the_output() {
    let folder = tempfile::tempdir().unwrap();
    let invoice = folder.path().join("invoice.pdf");
    fs::write(&invoice, "%PDF").unwrap();
    let mock = MockServer::start().await;
    let mut file = fixtures::file();
    file.id = "file_7".to_owned();
    mock.files().upload().returns(file);
    let mut run = fixtures::extract_run();
    run.status = ProcessorRunStatus::Processing;
    mock.extract_runs().create().with_body(json!({"file": {"id": "file_7"}})).returns(run.clone());
    run.status = ProcessorRunStatus::Processed;
    run.output = Some(output(99.5));
    mock.extract_runs().retrieve().returns(run);
    let found = super::upload_and_extract::run(&mock.client(), &invoice).await.unwrap();
    assert_eq!(found, Some(output(99.5)));
    mock.verify();
}

#[tokio::test]
async fn wait_for_workflow_returns_the_run_that_has_ended() {
    let mock = MockServer::start().await;
    let mut run = fixtures::workflow_run();
    run.status = WorkflowRunStatus::Processing;
    mock.workflow_runs().create().returns(run.clone());
    let mut ended = run.clone();
    ended.status = WorkflowRunStatus::Processed;
    mock.workflow_runs().retrieve().returns_each([run.clone(), run, ended]);
    let run = super::wait_for_workflow::run(&mock.client(), "https://example.com/a.pdf").await.unwrap();
    assert_eq!(run.status, WorkflowRunStatus::Processed);
    assert!(mock.clock().passed() >= Duration::from_secs(2));
}

#[tokio::test]
async fn batch_returns_every_run() {
    let mock = MockServer::start().await;
    let mut batch = fixtures::batch_run();
    batch.id = "bpr_1".to_owned();
    batch.status = BatchRunStatus::Pending;
    mock.extract_runs().create_batch().returns(batch.clone());
    batch.status = BatchRunStatus::Processed;
    mock.batch_runs().get().returns(batch);
    let [mut first, mut second] = [fixtures::extract_runs_list_response(), fixtures::extract_runs_list_response()];
    first.next_page_token = Some("more".to_owned());
    first.data[0].id = "exr_1".to_owned();
    second.next_page_token = None;
    second.data[0].id = "exr_2".to_owned();
    mock.extract_runs().list().with_query("batchId", "bpr_1").returns_each([first, second]);
    for id in ["exr_1", "exr_2"] {
        let mut run = fixtures::extract_run();
        run.id = id.to_owned();
        mock.extract_runs().retrieve().with_path("id", id).returns(run);
    }
    let runs = super::batch::run(&mock.client(), &["file_1", "file_2"]).await.unwrap();
    assert_eq!(runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>(), ["exr_1", "exr_2"]);
    let [request] = mock.extract_runs().create_batch().requests().try_into().unwrap();
    assert_eq!(request.json().unwrap()["extractor"], json!({"id": "ex_123"}));
    mock.verify();
}

#[tokio::test]
async fn list_with_filter_ends_at_the_first_run_that_is_too_old() {
    let mock = MockServer::start().await;
    let mut page = fixtures::extract_runs_list_response();
    let at = |time: &str| {
        let mut run = fixtures::extract_runs_list_response().data.remove(0);
        run.created_at = Timestamp::from(time);
        run
    };
    page.data = vec![at("2026-03-10T00:00:00Z"), at("2026-03-04T00:00:00Z"), at("2026-03-02T00:00:00Z")];
    page.next_page_token = Some("not requested".to_owned());
    mock.extract_runs().list().with_query("status", "FAILED").returns(page).times(1);
    let now = SystemTime::UNIX_EPOCH + Duration::from_secs(1_773_100_800); // 2026-03-10
    let runs = super::list_with_filter::run(&mock.client(), now).await.unwrap();
    assert_eq!(runs.len(), 2);
    mock.verify();
}

#[tokio::test]
async fn download_output_saves_the_edited_file() {
    let storage = Server::start(|_| Reply::text(200, "application/pdf", "filled in")).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("form.pdf");
    let mock = MockServer::start().await;
    let mut run = fixtures::edit_run();
    run.output.as_mut().unwrap().edited_file.presigned_url = format!("{}/form.pdf", storage.url()).into();
    let mut started = run.clone();
    started.status = EditRunStatus::Processing;
    mock.edit_runs().create().returns(started);
    mock.edit_runs().retrieve().returns(run);
    super::download_output::run(&mock.client(), "file_1", &to).await.unwrap();
    assert_eq!(fs::read_to_string(to).unwrap(), "filled in");
}

#[tokio::test]
async fn errors_by_status_says_what_to_do() {
    for (status, advice) in [
        (401, "check the API key"),
        (402, "buy credits"),
        (404, "upload file_1 again"),
        (422, "fix the request: "),
        (500, "report "),
    ] {
        let mock = MockServer::start().await;
        mock.parse_runs().create().fails(status);
        let said = super::errors_by_status::run(&mock.client(), "file_1").await;
        assert!(said.starts_with(advice), "{status}: {said}");
    }
}

#[tokio::test]
async fn organization_key_counts_the_files_of_each_workspace() {
    let mock = MockServer::start().await;
    let workspace = "x-extend-workspace-id";
    mock.files().list().with_header(workspace, "ws_invoices").returns_fixture().times(1);
    let mut none = fixtures::files_list_response();
    none.data.clear();
    mock.files().list().with_header(workspace, "ws_contracts").returns(none).times(1);
    let counts = super::organization_key::run("sk_organization", mock.url()).await.unwrap();
    assert_eq!(counts, [fixtures::files_list_response().data.len(), 0]);
    mock.verify();
}

#[test]
fn webhook_handler_accepts_what_is_genuine() {
    let webhooks = Webhooks::new("wss_secret");
    let event = fixtures::extract_run_processed_webhook_event();
    let genuine = delivery(&event, "wss_secret");
    let forged = delivery(&event, "another secret");
    let mut ended = Vec::new();
    let mut receive = |delivery: &Delivery| {
        let headers = delivery.headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap()));
        super::webhook_handler::run(&webhooks, &headers.collect(), &delivery.body, &mut ended)
    };
    assert_eq!(receive(&genuine), StatusCode::OK);
    assert_eq!(receive(&forged), StatusCode::UNAUTHORIZED);
    assert_eq!(ended, [event.payload.id]);
}

#[tokio::test]
async fn blocking_program_parses_every_file() {
    let mock = MockServer::start().await;
    mock.files().list().returns_fixture();
    mock.parse_runs().create().returns_fixture();
    mock.parse_runs().retrieve().returns_fixture();
    let url = mock.url().to_owned();
    let blocking = move || {
        let client = Client::builder().api_key("sk_test").base_url(url).build_blocking()?;
        super::blocking_program::run(&client)
    };
    let chunks = tokio::task::spawn_blocking(blocking).await.unwrap().unwrap();
    let each = fixtures::parse_run().output.map_or(0, |output| output.chunks.len());
    assert_eq!(chunks, each * fixtures::files_list_response().data.len());
}

#[tokio::test]
async fn retry_policy_repeats_a_conflict() {
    let mock = MockServer::start().await;
    mock.files().delete().fails_times(3, 409).returns_fixture().times(4);
    super::retry_policy::run(&mock.client(), "file_1").await.unwrap();
    assert_eq!(mock.clock().pauses(), [Duration::from_secs(2); 3]);
    mock.verify();
}

#[tokio::test]
async fn resume_wait_starts_the_run_only_once() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("run");
    let mock = MockServer::start().await;
    let run = fixtures::parse_run();
    mock.parse_runs().create().returns_fixture().times(1);
    // The program ends when the API forbids to look at the run, and is started again.
    mock.parse_runs().retrieve().fails(403).returns(run.clone());
    let url = "https://example.com/a.pdf";
    super::resume_wait::run(&mock.client(), url, &state).await.unwrap_err();
    assert_eq!(fs::read_to_string(&state).unwrap(), run.id);
    let done = super::resume_wait::run(&mock.client(), url, &state).await.unwrap();
    assert_eq!((done.status, state.exists()), (ParseRunStatus::Processed, false));
    mock.verify();
}

#[tokio::test]
async fn step_runs_are_matched_by_their_type() {
    let mut extracted = serde_json::to_value(fixtures::extract_run()).unwrap();
    extracted["output"] = json!({"value": {"total": 7.0}, "metadata": {}});
    let step = |kind: &str, result: Value| {
        json!({"object": "step_run", "id": format!("sr_{kind}"), "workflowRunId": "wr_1", "status": "PROCESSED", "files": [],
            "stepType": kind, "step": {"object": "workflow_step", "id": "s", "name": "s", "type": kind}, "result": result})
    };
    let mut run = fixtures::workflow_run();
    run.id = "wr_1".to_owned();
    run.step_runs = [step("EXTRACT", json!({"extractRun": extracted})), step("ROUTER", Value::Null)]
        .map(|step| decode_value(&step).unwrap())
        .into();
    let mock = MockServer::start().await;
    mock.workflow_runs().retrieve().returns(run);
    let outputs = super::step_runs::run(&mock.client(), "wr_1").await.unwrap();
    assert_eq!(outputs.into_iter().collect::<Vec<_>>(), [("sr_EXTRACT".to_owned(), output(7.0))]);
}

#[tokio::test]
async fn parse_to_markdown_joins_the_chunks() {
    let mock = MockServer::start().await;
    let mut run = fixtures::parse_run();
    let chunks = &mut run.output.as_mut().unwrap().chunks;
    chunks[0].content = "# Invoice".to_owned();
    let mut second = chunks[0].clone();
    second.content = "Total: 7".to_owned();
    chunks.push(second);
    mock.parse().with_body(json!({"config": {"target": "markdown"}})).returns(run);
    let markdown = super::parse_to_markdown::run(&mock.client(), "https://example.com/a.pdf").await.unwrap();
    assert_eq!(markdown, "# Invoice\n\nTotal: 7");
}

#[tokio::test]
async fn evaluation_set_returns_the_accuracy() {
    let mock = MockServer::start().await;
    mock.returns_fixtures();
    let mut run = fixtures::evaluation_set_run();
    run.status = BatchRunStatus::Processed;
    run.metrics = decode_value(&json!({"type": "EXTRACT", "accuracy": 0.75})).unwrap();
    let mut started = run.clone();
    started.status = BatchRunStatus::Processing;
    mock.evaluation_set_runs().create().returns(started);
    mock.evaluation_set_runs().retrieve().returns(run);
    let accuracy = super::evaluation_set::run(&mock.client(), "ex_1", "file_1").await.unwrap();
    assert_eq!(accuracy, Some(0.75));
    let [request] = mock.evaluation_set_items().create().requests().try_into().unwrap();
    assert_eq!(request.json().unwrap()["items"][0]["expectedOutput"], json!({"value": {"total": 99.5}}));
}
