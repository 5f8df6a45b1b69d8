//! Tests responses of older releases, which lack properties added later: they decode, and nothing is invented.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use extend_ai::types::{EvaluationSetRun, EvaluationSetRunMetrics, ParseRunSummary, StepRun, WorkflowRun};
use sdk_runtime::decode_value;
use serde_json::{Value, json};
use workspace_tests::document::{Document, workspace};
use workspace_tests::sample::{Mode, create_sample, samples_of};

use crate::round_trip::again;
use workspace_tests::failures::{Failures, difference};

/// Components and properties that the overlay marks as possibly absent.
static MARKED: LazyLock<BTreeSet<(String, String)>> = LazyLock::new(|| marked("x-sdk-may-be-absent"));
/// Components and properties that the overlay marks as possibly null.
static NULLABLE: LazyLock<BTreeSet<(String, String)>> = LazyLock::new(|| marked("nullable"));

/// Returns the components and properties that the overlay marks with a keyword.
fn marked(keyword: &str) -> BTreeSet<(String, String)> {
    let text = std::fs::read_to_string(workspace().join("spec/2026-02-09/overlay.yaml")).unwrap();
    let overlay: Value = serde_yaml::from_str(&text).unwrap();
    let actions = overlay["actions"].as_array().unwrap().iter();
    let marks = actions.filter(|action| action["update"][keyword] == json!(true));
    let property = |action: &Value| {
        let target = action["target"].as_str().unwrap();
        let path = target.strip_prefix("$.components.schemas.");
        let (component, property) = path.and_then(|path| path.split_once(".properties.")).unwrap();
        // `..properties` also matches a property inside an `allOf`.
        let component = component.trim_end_matches('.');
        assert!(!component.contains('.') && !property.contains('.'), "{target}");
        (component.to_owned(), property.to_owned())
    };
    marks.map(property).collect()
}

/// Returns whether the overlay marks a property of a component as possibly absent.
pub(crate) fn may_be_absent(document: &Document, schema: &Value, property: &str) -> bool {
    contains(&MARKED, document, schema, property)
}

/// Returns whether the overlay marks a property of a component as possibly null.
pub(crate) fn may_be_null(document: &Document, schema: &Value, property: &str) -> bool {
    contains(&NULLABLE, document, schema, property)
}

fn contains(marked: &BTreeSet<(String, String)>, document: &Document, schema: &Value, property: &str) -> bool {
    let same = |named: &str| document.component(named).is_some_and(|found| std::ptr::eq(found, schema));
    marked.iter().any(|(component, name)| name == property && same(component))
}

fn without(value: &Value, name: &str) -> Value {
    let mut value = value.clone();
    let removed = value.as_object_mut().and_then(|object| object.remove(name));
    assert!(removed.is_some(), "there is no {name} to remove");
    value
}

#[test]
fn marked_properties_may_be_absent_and_stay_absent() {
    let document = Document::published().unwrap();
    let mut failures = Failures::default();
    for (component, property) in MARKED.iter() {
        let schema = document.component(component).unwrap();
        for mode in [Mode::Minimal, Mode::Full, Mode::Nulls] {
            for sample in samples_of(&document, schema, mode) {
                let older = without(&sample.value, property);
                let label = format!("{component} without {property}, {}", sample.label);
                let result = again(component, &older);
                failures.note(label, result.and_then(|found| difference(&found, &older)));
            }
        }
    }
    failures.finish(200);
}

#[test]
fn overlay_marks_properties_missing_from_recorded_responses() {
    let marked = |component: &str, property: &str| MARKED.contains(&(component.to_owned(), property.to_owned()));
    for (component, property) in [
        ("Workflow", "createdBy"),
        ("ExtractorVersion", "createdBy"),
        ("WebhookEndpoint", "createdBy"),
        ("ExtractRun", "files"),
        ("WorkflowRunSummary", "files"),
        ("ParseRun", "metadata"),
        ("ParseRunSummary", "createdAt"),
        ("ParseRunSummary", "updatedAt"),
        ("ExtractEvaluationSetRunMetrics", "type"),
        ("ClassifyEvaluationSetRunMetrics", "type"),
        ("SplitterEvaluationSetRunMetrics", "type"),
    ] {
        assert!(marked(component, property), "{component}.{property}");
    }
}

#[test]
fn metrics_without_a_tag_are_identified_by_shape() {
    let document = Document::published().unwrap();
    let schema = |name: &str| document.component(name).unwrap();
    for (component, kind) in [
        ("ExtractEvaluationSetRunMetrics", "extract"),
        ("ClassifyEvaluationSetRunMetrics", "classify"),
        ("SplitterEvaluationSetRunMetrics", "splitter"),
    ] {
        for mode in [Mode::Full, Mode::Minimal] {
            let mut sent = create_sample(&document, schema("EvaluationSetRun"), mode);
            sent["metrics"] = without(&create_sample(&document, schema(component), mode), "type");
            let run: EvaluationSetRun = decode_value(&sent).unwrap();
            let found = match &run.metrics {
                EvaluationSetRunMetrics::Extract(_) => "extract",
                EvaluationSetRunMetrics::Classify(_) => "classify",
                EvaluationSetRunMetrics::Splitter(_) => "splitter",
                EvaluationSetRunMetrics::Unknown(_) => "unknown",
                _ => "of a later version",
            };
            // Properties that all metrics share do not identify them.
            let expected = if mode == Mode::Full { kind } else { "unknown" };
            assert_eq!(found, expected);
            difference(&serde_json::to_value(&run).unwrap(), &sent).unwrap();
        }
    }
}

#[test]
fn step_runs_without_a_tag_lose_nothing() {
    let document = Document::published().unwrap();
    let union = document.component("StepRun").unwrap();
    let mut failures = Failures::default();
    for mode in [Mode::Minimal, Mode::Full, Mode::Nulls] {
        for step in samples_of(&document, union, mode) {
            let mut sent = create_sample(&document, document.component("WorkflowRun").unwrap(), mode);
            let tag = step.value["stepType"].clone();
            sent["stepRuns"] = json!([without(&step.value, "stepType")]);
            let result = match decode_value::<WorkflowRun>(&sent) {
                Ok(run) => match (&run.step_runs[..], tag.as_str()) {
                    ([StepRun::Extract(_) | StepRun::Unknown(_)], Some("EXTRACT"))
                    | ([StepRun::Classify(_) | StepRun::Unknown(_)], Some("CLASSIFY"))
                    | ([StepRun::Parse(_) | StepRun::Unknown(_)], Some("PARSE")) => {
                        difference(&serde_json::to_value(&run).unwrap(), &sent)
                    }
                    (_, Some("EXTRACT" | "CLASSIFY" | "PARSE")) => Err("another variant".to_owned()),
                    _ => difference(&serde_json::to_value(&run).unwrap(), &sent),
                },
                Err(error) => Err(format!("{}: {}", error.path, error.message)),
            };
            failures.note(format!("{tag} {}", step.label), result);
        }
    }
    failures.finish(40);
}

#[test]
fn parse_run_summary_without_timestamps_has_none() {
    let document = Document::published().unwrap();
    let mut sent = create_sample(&document, document.component("ParseRunSummary").unwrap(), Mode::Full);
    for (component, property) in MARKED.iter().filter(|(component, _)| component == "ParseRunSummary") {
        assert_eq!(component, "ParseRunSummary");
        sent = without(&sent, property);
    }
    let run: ParseRunSummary = decode_value(&sent).unwrap();
    assert!(run.created_at.is_none() && run.updated_at.is_none());
    assert_eq!(serde_json::to_value(&run).unwrap(), sent);
}
