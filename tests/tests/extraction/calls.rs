//! Typed calls: where the schema of a type is sent, and what comes back.

use std::error::Error as _;
use std::time::Duration;

use extend_ai::schema::{SchemaError, schema_of};
use extend_ai::testing::{MockServer, fixtures};
use extend_ai::types::{
    BatchInput, BatchRunStatus, ExtractConfigJson, ExtractOutput, ExtractRun, ExtractorReference, FileFromId,
    MultiFileRunPackage, ProcessorRunStatus, ReleaseType,
};
use extend_ai::{Client, ErrorKind, Extract, decode_value};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Debug, PartialEq, JsonSchema, Deserialize, Extract)]
struct Receipt {
    total: Option<f64>,
}

fn schema() -> Value {
    serde_json::to_value(schema_of::<Receipt>().unwrap()).unwrap()
}

fn run(status: ProcessorRunStatus, total: f64) -> ExtractRun {
    let mut run = fixtures::extract_run();
    run.status = status;
    let output = json!({"value": {"total": total}, "metadata": {}});
    run.output = Some(decode_value::<ExtractOutput>(&output).unwrap());
    run
}

#[tokio::test]
async fn direct_extraction_sends_the_schema_and_returns_the_type() {
    let mock = MockServer::start().await;
    mock.extract().returns(run(ProcessorRunStatus::Processed, 12.5));
    let config = ExtractConfigJson::new().with_extraction_rules("Without tax.");
    let call = mock.client().extract().typed::<Receipt>().file(FileFromId::new("file_1")).config(config);
    let run = call.with(|call| call.timeout(Duration::from_secs(9))).await.unwrap();
    assert_eq!(run.output().unwrap().value(), &Receipt { total: Some(12.5) });

    let [sent] = mock.extract().requests().try_into().unwrap();
    let body: Value = sent.body_as().unwrap();
    assert_eq!(body["config"], json!({"extractionRules": "Without tax.", "schema": schema()}));
}

#[tokio::test]
async fn saved_extractor_is_overridden_unless_its_schema_is_kept() {
    let mock = MockServer::start().await;
    mock.extract_runs().create().returns(run(ProcessorRunStatus::Processed, 1.0)).times(2);
    let runs = mock.client().extract_runs();
    let package = || MultiFileRunPackage::new([FileFromId::new("file_1"), FileFromId::new("file_2")]);
    let extractor = ExtractorReference::new("ex_1").with_version("2.0");
    runs.create().typed::<Receipt>().extractor(extractor).package(package()).await.unwrap();
    let kept = runs.create().extractor("ex_1").package(package()).typed::<Receipt>().saved_schema().await.unwrap();
    assert_eq!(kept.into_output().unwrap().into_value(), Receipt { total: Some(1.0) });

    let [overridden, kept] = mock.extract_runs().create().requests().try_into().unwrap();
    let (overridden, kept): (Value, Value) = (overridden.body_as().unwrap(), kept.body_as().unwrap());
    let reference = json!({"id": "ex_1", "version": "2.0", "overrideConfig": {"schema": schema()}});
    assert_eq!((&overridden["extractor"], overridden.get("config")), (&reference, None));
    assert_eq!(overridden["package"]["files"].as_array().unwrap().len(), 2);
    assert_eq!((&kept["extractor"], kept.get("config")), (&json!({"id": "ex_1"}), None));
}

#[tokio::test]
async fn waiting_returns_the_finished_run() {
    let mock = MockServer::start().await;
    mock.extract_runs().create().returns(run(ProcessorRunStatus::Pending, 0.0));
    let state = mock.extract_runs().retrieve();
    state.returns(run(ProcessorRunStatus::Processing, 0.0)).returns(run(ProcessorRunStatus::Processed, 3.0));
    let call = mock.client().extract_runs().create().typed::<Receipt>().file(FileFromId::new("file_1"));
    let run = call.wait().max_wait(Duration::from_secs(60)).await.unwrap();
    assert_eq!(run.status(), &ProcessorRunStatus::Processed);
    assert_eq!(run.output().unwrap().value().total, Some(3.0));
    mock.verify();
}

#[tokio::test]
async fn batch_returns_the_typed_run_of_each_input() {
    let mock = MockServer::start().await;
    let mut batch = fixtures::batch_run();
    batch.status = BatchRunStatus::Processed;
    mock.extract_runs().create_batch().returns(batch.clone());
    mock.batch_runs().get().returns(batch);
    let mut page = fixtures::extract_runs_list_response();
    page.next_page_token = None;
    page.data.truncate(1);
    mock.extract_runs().list().returns(page);
    mock.extract_runs().retrieve().returns(run(ProcessorRunStatus::Processed, 7.0));
    let inputs = [BatchInput::new(FileFromId::new("file_1"))];
    let call = mock.client().extract_runs().create_batch("ex_1", inputs).workspace_id("ws_1");
    let runs = call.typed::<Receipt>().wait().await.unwrap();
    let totals: Vec<_> = runs.into_iter().map(|run| run.into_output().unwrap().into_value().total).collect();
    assert_eq!(totals, [Some(7.0)]);

    let [sent] = mock.extract_runs().create_batch().requests().try_into().unwrap();
    assert_eq!(sent.body_as::<Value>().unwrap()["extractor"]["overrideConfig"], json!({"schema": schema()}));
    let [listed] = mock.extract_runs().list().requests().try_into().unwrap();
    assert_eq!(listed.header("x-extend-workspace-id"), Some("ws_1"));
}

#[tokio::test]
async fn extractors_and_their_versions_get_the_schema() {
    let mock = MockServer::start().await;
    mock.extractors().create().returns_fixture();
    mock.extractors().update().returns_fixture();
    mock.extractor_versions().create().returns_fixture();
    let client = mock.client();
    client.extractors().create("receipts").typed::<Receipt>().await.unwrap();
    client.extractors().update("ex_1").typed::<Receipt>().name("receipts").await.unwrap();
    client.extractor_versions().create("ex_1", ReleaseType::Minor).typed::<Receipt>().await.unwrap();
    let sent = [
        mock.extractors().create().requests(),
        mock.extractors().update().requests(),
        mock.extractor_versions().create().requests(),
    ];
    for requests in sent {
        assert_eq!(requests[0].body_as::<Value>().unwrap()["config"], json!({"schema": schema()}));
    }
}

#[derive(Debug, JsonSchema, Deserialize)]
struct Refused {
    #[expect(dead_code, reason = "it is never read")]
    total: f64,
}

#[tokio::test]
async fn nothing_is_sent_for_a_type_that_cannot_be_extracted() {
    let mock = MockServer::start().await;
    let client = mock.client();
    let direct = client.extract().typed::<Refused>().file(FileFromId::new("file_1")).await.unwrap_err();
    let waiting = client.extract_runs().create().typed::<Refused>().wait().await.unwrap_err();
    for error in [direct, waiting] {
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let source = error.source().and_then(|source| source.downcast_ref::<SchemaError>()).unwrap();
        assert_eq!(source.problems()[0].path, "Refused.total");
    }
    assert!(mock.extract().requests().is_empty() && mock.extract_runs().create().requests().is_empty());
}

#[test]
fn blocking_client_makes_typed_calls() {
    use extend_ai::blocking::Call;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mock = runtime.block_on(MockServer::start());
    mock.extract().returns(run(ProcessorRunStatus::Processed, 2.0));
    mock.extract_runs().create().returns(run(ProcessorRunStatus::Processed, 4.0));
    let client = Client::builder().api_key("sk_test").base_url(mock.url()).build_blocking().unwrap();
    let direct = client.extract().typed::<Receipt>().file(FileFromId::new("file_1")).call().unwrap();
    let waited =
        client.extract_runs().create().typed::<Receipt>().file(FileFromId::new("file_1")).wait().call().unwrap();
    let totals = [direct, waited].map(|run| run.into_output().unwrap().into_value().total);
    assert_eq!(totals, [Some(2.0), Some(4.0)]);
}
