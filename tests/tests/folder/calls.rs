//! Folders against the mock server: what is sent, what a failure means, and when no further run is started.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use extend_ai::folder::{FolderProblem, FolderProblemKind, Limits, Outcome, StopReason};
use extend_ai::testing::{MockServer, fixtures};
use extend_ai::types::{ExtractRun, ExtractRunSummary, ExtractRunsListResponse, ProcessorRunStatus};
use extend_ai::{Client, decode_value};
use serde_json::{Value, json};
use std::error::Error as _;

#[path = "../../../generated-client/examples/extract_folder.rs"]
#[allow(dead_code, reason = "its `main` is not called")]
mod extract_folder;

fn folder_of(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    names.iter().for_each(|name| std::fs::write(folder.path().join(name), format!("%PDF {name}")).unwrap());
    folder
}

/// A server that stores each file under an ID of its own.
async fn server(files: usize) -> MockServer {
    let mock = MockServer::start().await;
    let stored = (1..=files).map(|number| {
        let mut file = fixtures::file();
        file.id = format!("file_{number}");
        file.metadata.page_count = Some(1.0);
        file
    });
    mock.files().upload().returns_each(stored);
    mock
}

fn run(number: usize, status: ProcessorRunStatus) -> ExtractRun {
    let mut run = fixtures::extract_run();
    run.id = format!("exr_{number}");
    run.status = status;
    let total = json!({"amount": 30.5, "iso_4217_currency_code": "EUR"});
    run.output = Some(decode_value(&json!({"value": {"total": total}, "metadata": {}})).unwrap());
    run
}

/// Starts and ends so many runs.
fn extracts(mock: &MockServer, runs: usize) {
    mock.extract_runs().create().returns_each((1..=runs).map(|number| run(number, ProcessorRunStatus::Processing)));
    for number in 1..=runs {
        let ended = run(number, ProcessorRunStatus::Processed);
        mock.extract_runs().retrieve().with_path("id", &ended.id.clone()).returns(ended);
    }
}

fn listed(runs: Vec<ExtractRunSummary>) -> ExtractRunsListResponse {
    let mut page = fixtures::extract_runs_list_response();
    (page.data, page.next_page_token) = (runs, None);
    page
}

fn summary(id: &str, file_id: &str) -> ExtractRunSummary {
    let mut summary = fixtures::extract_runs_list_response().data.remove(0);
    summary.id = id.to_owned();
    let mut file = fixtures::extract_run().file.unwrap();
    file.id = file_id.to_owned();
    summary.file = Some(file);
    summary
}

#[tokio::test]
async fn example_prints_the_total_of_each_file_in_order() {
    let (folder, mock) = (folder_of(&["b.pdf", "a.pdf"]), server(2).await);
    extracts(&mock, 2);
    let lines = extract_folder::find_totals(&mock.client(), folder.path().to_str().unwrap()).await.unwrap();
    let total = "Some(Currency { amount: Some(30.5), iso_4217_currency_code: Some(\"EUR\") })";
    assert_eq!(lines, ["a.pdf", "b.pdf"].map(|name| format!("{name}: {total}, read from []")));
    assert!(include_str!("../../../generated-client/examples/extract_folder.rs").lines().count() < 30);
}

#[tokio::test]
async fn file_and_run_carry_the_same_tag_and_the_type_is_the_schema() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    extracts(&mock, 1);
    extract_folder::find_totals(&mock.client(), folder.path().to_str().unwrap()).await.unwrap();
    let sent = mock.extract_runs().create().requests();
    let body: Value = sent[0].body_as().unwrap();
    let tag = body["metadata"]["folder_tag"].as_str().unwrap();
    assert_eq!((&body["file"], &body["config"]["schema"]["required"]), (&json!({"id": "file_1"}), &json!(["total"])));
    let upload = mock.files().upload().requests()[0].text().into_owned();
    assert!(upload.contains(&format!("filename=\"{tag}-a.pdf\"")), "{upload}");
}

#[tokio::test]
async fn second_call_sends_only_what_is_new() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(2).await);
    extracts(&mock, 2);
    let call = || mock.client().folder(folder.path()).extractor("ex_1");
    call().await.unwrap();
    std::fs::write(folder.path().join("b.pdf"), "%PDF").unwrap();
    let report = call().await.unwrap();
    let ids: Vec<_> = report.files.iter().map(|file| file.run_id.as_deref()).collect();
    assert_eq!((ids, report.credits), (vec![Some("exr_1"), Some("exr_2")], 2.0));
    assert_eq!(mock.extract_runs().create().requests().len(), 2);
}

#[tokio::test]
async fn changed_file_is_a_new_file() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(2).await);
    extracts(&mock, 2);
    let call = || mock.client().folder(folder.path()).extractor("ex_1");
    call().await.unwrap();
    std::fs::write(folder.path().join("a.pdf"), "%PDF changed").unwrap();
    assert_eq!(call().await.unwrap().files[0].run_id.as_deref(), Some("exr_2"));
}

#[tokio::test]
async fn run_whose_start_got_no_response_is_found_and_not_started_again() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    mock.extract_runs().create().fails(500);
    let page = listed(vec![summary("exr_other", "file_9"), summary("exr_1", "file_1")]);
    mock.extract_runs().list().returns(page);
    mock.extract_runs().retrieve().with_path("id", "exr_1").returns(run(1, ProcessorRunStatus::Processed));
    let report = mock.client().folder(folder.path()).extractor("ex_1").await.unwrap();
    assert_eq!(report.files[0].run_id.as_deref(), Some("exr_1"));
    let body: Value = mock.extract_runs().create().requests()[0].body_as().unwrap();
    let tag = body["metadata"]["folder_tag"].as_str().unwrap().to_owned();
    assert!(mock.extract_runs().list().requests()[0].query().contains(&("fileNameContains".to_owned(), tag)));
}

#[tokio::test]
async fn run_that_is_not_listed_for_long_is_started_again() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    mock.extract_runs().create().fails(500).returns(run(1, ProcessorRunStatus::Processing));
    mock.extract_runs().list().returns(listed(Vec::new()));
    mock.extract_runs().retrieve().returns(run(1, ProcessorRunStatus::Processed));
    let report = mock.client().folder(folder.path()).extractor("ex_1").await.unwrap();
    assert!(report.is_complete());
    assert!(mock.clock().passed() >= Duration::from_secs(30));
    assert_eq!(mock.extract_runs().create().requests().len(), 2);
}

#[tokio::test]
async fn run_that_is_listed_too_late_is_reported() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    mock.extract_runs().create().fails(500).returns(run(1, ProcessorRunStatus::Processing));
    let none = || listed(Vec::new());
    let both = listed(vec![summary("exr_0", "file_1"), summary("exr_1", "file_1")]);
    let looks = mock.extract_runs().list();
    let looks = (0..5).fold(looks, |looks, _| looks.returns(none()));
    looks.fails_times(2, 500).returns(both);
    mock.extract_runs().retrieve().returns(run(1, ProcessorRunStatus::Processed));
    for call in ["first", "second"] {
        let report = mock.client().folder(folder.path()).extractor("ex_1").await.unwrap();
        assert_eq!(report.files[0].duplicates, ["exr_0"], "{call} call");
    }
}

#[tokio::test]
async fn what_cannot_be_known_is_reported_and_taken_up_by_the_next_call() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    mock.extract_runs().create().fails(500);
    mock.extract_runs().list().fails_times(100, 500);
    let call = || mock.client().folder(folder.path()).extractor("ex_1");
    let report = call().await.unwrap();
    assert!(matches!(report.files[0].outcome, Outcome::Unknown(_)), "{report:?}");

    mock.reset();
    mock.extract_runs().list().returns(listed(vec![summary("exr_1", "file_1")]));
    mock.extract_runs().retrieve().returns(run(1, ProcessorRunStatus::Processed));
    assert!(call().await.unwrap().is_complete());
}

#[tokio::test]
async fn run_of_a_file_that_is_gone_is_looked_for_and_not_started_again() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    mock.extract_runs().create().fails(500);
    mock.extract_runs().list().fails_times(100, 500);
    let call = || mock.client().folder(folder.path()).extractor("ex_1");
    assert!(matches!(call().await.unwrap().files[0].outcome, Outcome::Unknown(_)));
    std::fs::remove_file(folder.path().join("a.pdf")).unwrap();

    mock.reset();
    mock.extract_runs().list().returns(listed(Vec::new()));
    extracts(&mock, 1);
    let report = call().await.unwrap();
    assert!(matches!(report.files[0].outcome, Outcome::NotStarted), "{report:?}");
    assert!(mock.extract_runs().create().requests().is_empty());
    assert!(call().await.unwrap().files.is_empty(), "it is settled");
}

#[tokio::test]
async fn refused_file_does_not_stop_the_others_and_is_tried_again_by_the_next_call() {
    let (folder, mock) = (folder_of(&["a.pdf", "b.pdf"]), server(2).await);
    mock.extract_runs().create().fails(422).returns(run(1, ProcessorRunStatus::Processing));
    mock.extract_runs().retrieve().returns(run(1, ProcessorRunStatus::Processed));
    let call = || mock.client().folder(folder.path()).extractor("ex_1").concurrency(1);
    let report = call().await.unwrap();
    assert!(matches!(report.files[0].outcome, Outcome::Refused(_)) && report.files[1].outcome.done().is_some());
    mock.extract_runs().create().returns(run(2, ProcessorRunStatus::Processing));
    assert!(call().await.unwrap().is_complete());
    assert_eq!(mock.files().upload().requests().len(), 2);
}

#[tokio::test]
async fn account_without_credits_stops_the_folder() {
    let (folder, mock) = (folder_of(&["a.pdf", "b.pdf"]), server(1).await);
    mock.extract_runs().create().fails(402);
    let report = mock.client().folder(folder.path()).extractor("ex_1").concurrency(1).await.unwrap();
    let Some(StopReason::Account(error)) = &report.stopped else { panic!("{report:?}") };
    assert!(error.is_payment_required());
    assert!(matches!(report.files[1].outcome, Outcome::NotStarted));
}

#[tokio::test]
async fn limit_of_credits_leaves_the_rest_for_a_call_with_a_higher_one() {
    let (folder, mock) = (folder_of(&["a.pdf", "b.pdf", "c.pdf"]), server(3).await);
    extracts(&mock, 3);
    let call = |credits| mock.client().folder(folder.path()).extractor("ex_1").max_credits(credits);
    let report = call(2.0).await.unwrap();
    assert!(matches!(report.stopped, Some(StopReason::MaxCredits)), "{report:?}");
    assert_eq!((report.credits, mock.extract_runs().create().requests().len()), (2.0, 2));
    assert!(call(3.0).await.unwrap().is_complete());
    assert_eq!(mock.extract_runs().create().requests().len(), 3);
}

#[tokio::test]
async fn too_many_requests_are_sent_more_slowly() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    mock.extract_runs().create().fails_times(3, 429).returns(run(1, ProcessorRunStatus::Processing));
    mock.extract_runs().retrieve().returns(run(1, ProcessorRunStatus::Processed));
    let report = mock.client().folder(folder.path()).extractor("ex_1").await.unwrap();
    assert!(report.is_complete(), "{report:?}");
    assert!(mock.clock().passed() >= Duration::from_secs(7), "{:?}", mock.clock().pauses());
}

#[tokio::test]
async fn files_start_at_the_pace_of_the_plan() {
    let names: Vec<String> = (0..30).map(|number| format!("{number:02}.pdf")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let (folder, mock) = (folder_of(&names), server(30).await);
    extracts(&mock, 30);
    let limits = Limits::pay_as_you_go().files_per_minute(20.0);
    let report = mock.client().folder(folder.path()).extractor("ex_1").limits(limits).await.unwrap();
    assert!(report.is_complete());
    assert!(mock.clock().passed() >= Duration::from_secs(60), "{:?}", mock.clock().passed());
}

#[tokio::test]
async fn listener_hears_of_every_step() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(1).await);
    extracts(&mock, 1);
    let heard = Arc::new(Mutex::new(Vec::new()));
    let record = Arc::clone(&heard);
    let call = mock.client().folder(folder.path()).extractor("ex_1");
    let call = call.on_progress(move |file| {
        let line = format!("{} {:?} {}/{} {}", file.path, file.step, file.done, file.files, file.credits);
        record.lock().unwrap().push(line);
    });
    call.await.unwrap();
    let expected = ["a.pdf Uploaded 0/1 0", "a.pdf Started(\"exr_1\") 0/1 0", "a.pdf Done(\"exr_1\") 1/1 1"];
    assert_eq!(*heard.lock().unwrap(), expected);
}

#[tokio::test]
async fn every_kind_of_task_is_started() {
    let (folder, mock) = (folder_of(&["a.pdf"]), server(3).await);
    mock.classify_runs().create().returns_fixture();
    mock.classify_runs().retrieve().returns_fixture();
    mock.split_runs().create().returns_fixture();
    mock.split_runs().retrieve().returns_fixture();
    mock.workflow_runs().create().returns_fixture();
    mock.workflow_runs().retrieve().returns_fixture();
    let folder = || mock.client().folder(folder.path());
    let beside = tempfile::tempdir().unwrap();
    let at = |name: &str| beside.path().join(name);
    assert!(folder().classifier("cl_1").manifest(at("1")).await.unwrap().is_complete());
    assert!(folder().splitter("spl_1").manifest(at("2")).await.unwrap().is_complete());
    assert!(folder().workflow("workflow_1").manifest(at("3")).await.unwrap().is_complete());
    let sent: Value = mock.workflow_runs().create().requests()[0].body_as().unwrap();
    assert_eq!((&sent["workflow"]["id"], &sent["file"]["id"]), (&json!("workflow_1"), &json!("file_3")));
}

async fn problem_of(client: &Client, folder: &Path, extractor: &str) -> FolderProblemKind {
    let error = client.folder(folder).extractor(extractor).await.unwrap_err();
    error.source().and_then(|source| source.downcast_ref::<FolderProblem>()).unwrap().kind
}

#[tokio::test]
async fn folder_that_cannot_be_worked_on_is_an_error_before_anything_is_sent() {
    let (folder, mock) = (folder_of(&[]), server(1).await);
    let client = mock.client();
    client.folder(folder.path()).extractor("ex_1").await.unwrap();
    assert_eq!(problem_of(&client, folder.path(), "ex_2").await, FolderProblemKind::OtherTask);
    assert_eq!(problem_of(&client, Path::new("no/such"), "ex_1").await, FolderProblemKind::Unreadable);
    std::fs::write(folder.path().join(".extend-folder.jsonl"), "x\n").unwrap();
    assert_eq!(problem_of(&client, folder.path(), "ex_1").await, FolderProblemKind::Damaged);
    assert!(mock.requests().is_empty());
}

#[test]
fn blocking_client_works_on_folders() {
    use extend_ai::blocking::Call;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (folder, mock) = (folder_of(&["a.pdf"]), runtime.block_on(server(1)));
    mock.extract_runs().create().returns(run(1, ProcessorRunStatus::Processing));
    mock.extract_runs().retrieve().returns(run(1, ProcessorRunStatus::Processed));
    let client = Client::builder().api_key("sk_test").base_url(mock.url()).build_blocking().unwrap();
    assert!(client.folder(folder.path()).extractor("ex_1").call().unwrap().is_complete());
}
