//! Tests what is accepted in place of a type, and what is read without a `match`.

use extend_ai::ErrorKind;
use extend_ai::types::{
    ExtractConfigJson, ExtractorReference, File, FileFromUrl, FileInput, FileOrTextInput, FileSummary, StepRun,
    WorkflowReference,
};
use sdk_runtime::decode_value;
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};

use crate::harness::Harness;

fn component(name: &str) -> Value {
    let document = Document::published().unwrap();
    create_sample(&document, document.component(name).unwrap(), Mode::Full)
}

#[test]
fn string_is_accepted_as_a_reference() {
    assert_eq!(ExtractorReference::from("ex_1"), ExtractorReference::new("ex_1"));
    assert_eq!(WorkflowReference::from("wf_1".to_owned()), WorkflowReference::new("wf_1"));
}

#[test]
fn file_is_accepted_as_an_input() {
    let value = component("File");
    let file: File = decode_value(&value).unwrap();
    let expected = json!({"id": value["id"]});
    assert_eq!(serde_json::to_value(FileInput::from(&file)).unwrap(), expected);
    assert_eq!(serde_json::to_value(FileOrTextInput::from(file)).unwrap(), expected);
    let value = component("FileSummary");
    let listed: FileSummary = decode_value(&value).unwrap();
    assert_eq!(serde_json::to_value(FileInput::from(listed)).unwrap(), json!({"id": value["id"]}));
    let from_url = FileInput::from(FileFromUrl::new("https://example.com/a.pdf"));
    assert_eq!(serde_json::to_value(from_url).unwrap(), json!({"url": "https://example.com/a.pdf"}));
}

#[test]
fn json_object_is_accepted_as_a_map() {
    let schema = json!({"type": "object", "properties": {"total": {"type": "number"}}});
    let config = ExtractConfigJson::new().with_schema(schema.clone());
    assert_eq!(serde_json::to_value(config).unwrap()["schema"], schema);
}

#[tokio::test]
async fn value_that_is_not_an_object_is_an_error_and_nothing_is_sent() {
    let harness = Harness::with(|builder| builder).await;
    for (value, found) in [
        (json!([1]), "an array"),
        (json!("{}"), "a string"),
        (json!(7), "a number"),
        (json!(false), "a boolean"),
        (Value::Null, "null"),
    ] {
        let config = ExtractConfigJson::new().with_schema(value);
        let error = harness.client.extract_runs().create().config(config).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidRequest);
        let message = format!("`schema` must be a JSON object and is {found}");
        assert!(error.to_string().contains(&message), "{error}");
    }
    assert!(harness.server.take().is_empty());
}

#[test]
fn properties_of_every_variant_are_read_without_a_match() {
    let value = component("ExtractStepRun");
    let run: StepRun = decode_value(&value).unwrap();
    assert_eq!(run.id(), value["id"].as_str());
    assert_eq!(run.step_type(), Some("EXTRACT"));
    assert_eq!(run.status().map(|status| status.as_str()), value["status"].as_str());
    let unknown = StepRun::Unknown(json!({"id": "wsr_1", "stepType": "NEW", "status": "PROCESSED"}));
    assert_eq!((unknown.id(), unknown.step_type(), unknown.status()), (Some("wsr_1"), Some("NEW"), None));
}
