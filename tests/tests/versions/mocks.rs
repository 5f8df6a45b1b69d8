//! Tests the mock server and the fixtures of the older version.

use extend_ai::v2025_04_21::testing::{MockServer, fixtures};
use extend_ai::v2025_04_21::types::FileInput;
use sdk_runtime::codegen::reqwest;
use serde_json::Value;
use workspace_tests::conform::conforms;
use workspace_tests::document::Document;
use workspace_tests::failures::{Failures, difference};

#[test]
fn every_fixture_of_the_older_version_survives_a_round_trip() {
    let mut failures = Failures::default();
    for fixture in fixtures::FIXTURES {
        let expected: Value = serde_json::from_str(fixture.text).unwrap();
        let again = (fixture.round_trip)(fixture.text).map_err(|error| error.to_string());
        failures.note(fixture.name, again.and_then(|again| difference(&again, &expected)));
    }
    failures.finish(40);
}

#[tokio::test]
async fn every_operation_of_the_older_version_can_be_mocked_with_a_valid_response() {
    let document = Document::of_version("2025-04-21").unwrap();
    let mock = MockServer::start().await;
    mock.returns_fixtures();
    let http = reqwest::Client::new();
    let mut failures = Failures::default();
    for operation in document.operations() {
        let segment = |segment| if str::starts_with(segment, '{') { "id_1" } else { segment };
        let path: Vec<&str> = operation.path.split('/').map(segment).collect();
        let url = format!("{}{}", mock.url(), path.join("/"));
        let response = http.request(operation.method.parse().unwrap(), url).send().await.unwrap();
        let body: Value = serde_json::from_str(&response.text().await.unwrap()).unwrap();
        failures.note(operation.label(), conforms(&document, operation.success.schema.unwrap(), &body));
    }
    failures.finish(44);
}

#[tokio::test]
async fn wait_for_a_mocked_run_ends_with_its_fixture() {
    let mock = MockServer::start().await;
    mock.returns_fixtures();
    let client = mock.client();
    let parsed = client.parse_async(FileInput::new()).wait().await.unwrap();
    assert_eq!(parsed.parser_run.status().map(|status| status.as_str()), Some("PROCESSED"));
    let processed = client.processor_run().create("dp_1").wait().await.unwrap();
    assert_eq!(processed.processor_run.status.as_str(), "PROCESSED");
}
