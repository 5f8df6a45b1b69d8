//! Tests what is accepted in place of a type, and what is read without a `match`.

use extend_ai::types::{
    ExtractConfigJson, ExtractorReference, File, FileFromUrl, FileInput, FileOrTextInput, StepRun, WorkflowReference,
};
use sdk_runtime::decode_value;
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};

fn component(name: &str) -> Value {
    let document = Document::published().unwrap();
    create_sample(&document, document.component(name).unwrap(), Mode::Full)
}

#[test]
fn a_string_is_a_reference() {
    assert_eq!(ExtractorReference::from("ex_1"), ExtractorReference::new("ex_1"));
    assert_eq!(WorkflowReference::from("wf_1".to_owned()), WorkflowReference::new("wf_1"));
}

#[test]
fn an_uploaded_file_is_an_input() {
    let value = component("File");
    let file: File = decode_value(&value).unwrap();
    let expected = json!({"id": value["id"]});
    assert_eq!(serde_json::to_value(FileInput::from(&file)).unwrap(), expected);
    assert_eq!(serde_json::to_value(FileOrTextInput::from(file)).unwrap(), expected);
    let from_url = FileInput::from(FileFromUrl::new("https://example.com/a.pdf"));
    assert_eq!(serde_json::to_value(from_url).unwrap(), json!({"url": "https://example.com/a.pdf"}));
}

#[test]
fn a_json_object_is_a_map() {
    let schema = json!({"type": "object", "properties": {"total": {"type": "number"}}});
    let config = ExtractConfigJson::new().with_schema(schema.clone());
    assert_eq!(serde_json::to_value(config).unwrap()["schema"], schema);
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
