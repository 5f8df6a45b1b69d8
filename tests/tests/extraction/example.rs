//! Runs the example `extract_invoice` against the mock server. It is a program of less than 30 lines.

use extend_ai::decode_value;
use extend_ai::testing::{MockServer, fixtures};
use extend_ai::types::ProcessorRunStatus;
use serde_json::json;

#[path = "../../../generated-client/examples/extract_invoice.rs"]
#[allow(dead_code, reason = "its `main` is not called")]
mod extract_invoice;

#[tokio::test]
async fn example_prints_the_total_with_its_page() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("invoice.pdf");
    std::fs::write(&path, "%PDF-1.7").unwrap();
    let mock = MockServer::start().await;
    mock.files().upload().returns_fixture();
    let mut run = fixtures::extract_run();
    run.status = ProcessorRunStatus::Processing;
    let asked = json!({"config": {"schema": {"required": ["total"]}, "advancedOptions": {"citationsEnabled": true}}});
    mock.extract_runs().create().with_body(asked).returns(run.clone());
    run.status = ProcessorRunStatus::Processed;
    let citations = json!([{"page": {"number": 2}, "referenceText": "EUR 30.50"}]);
    let output = json!({
        "value": {"total": {"amount": 30.5, "iso_4217_currency_code": "EUR"}},
        "metadata": {"total": {"ocrConfidence": 0.97, "citations": citations}},
    });
    run.output = Some(decode_value(&output).unwrap());
    mock.extract_runs().retrieve().returns(run);

    let printed = extract_invoice::find_total(&mock.client(), path.to_str().unwrap()).await.unwrap();
    let total = r#"Some(Currency { amount: Some(30.5), iso_4217_currency_code: Some("EUR") })"#;
    assert_eq!(printed, format!("{total} on page Some(2.0), confidence Some(0.97)"));
    mock.verify();
}

#[test]
fn example_has_less_than_30_lines() {
    assert!(include_str!("../../../generated-client/examples/extract_invoice.rs").lines().count() < 30);
}
