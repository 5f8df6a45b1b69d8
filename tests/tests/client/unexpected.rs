//! Tests responses that deviate from the document: unknown parts are kept, invalid parts are errors with their path.

use extend_ai::types::{
    ClassifyStepRun, CreatedBy, EvaluationSetRun, EvaluationSetRunMetrics, ExtractRun, ExtractStepRun,
    ProcessorRunStatus, StepRun, WorkflowRun,
};
use sdk_runtime::decode_value;
use serde_json::{Value, json};
use workspace_tests::conform::conforms;
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};

use crate::older::{self, may_be_absent};
use crate::round_trip::again;
use workspace_tests::failures::{Failures, difference};

/// Returns a sample of a component.
fn component(document: &Document, name: &str, mode: Mode) -> Value {
    create_sample(document, document.component(name).unwrap(), mode)
}

#[test]
fn known_tags_decode_to_their_variant() {
    let document = Document::published().unwrap();
    let extract = component(&document, "ExtractStepRun", Mode::Full);
    let run: StepRun = decode_value(&extract).unwrap();
    assert!(matches!(&run, StepRun::Extract(_)), "{run:?}");
    assert_eq!(serde_json::to_value(&run).unwrap(), extract);
    let classify = component(&document, "ClassifyStepRun", Mode::Full);
    let run: StepRun = decode_value(&classify).unwrap();
    assert!(matches!(&run, StepRun::Classify(_)), "{run:?}");
    assert_eq!(serde_json::to_value(&run).unwrap(), classify);
}

#[test]
fn variant_type_decodes_on_its_own() {
    let document = Document::published().unwrap();
    let extract = component(&document, "ExtractStepRun", Mode::Nulls);
    let run: ExtractStepRun = decode_value(&extract).unwrap();
    assert!(run.result.is_none());
    assert_eq!(serde_json::to_value(&run).unwrap(), extract);
    let classify = component(&document, "ClassifyStepRun", Mode::Full);
    let run: ClassifyStepRun = decode_value(&classify).unwrap();
    assert_eq!(serde_json::to_value(&run).unwrap(), classify);
}

#[test]
fn null_union_stays_null() {
    let document = Document::published().unwrap();
    let sent = component(&document, "ExtractRun", Mode::Nulls);
    assert_eq!(sent["output"], Value::Null);
    let run: ExtractRun = decode_value(&sent).unwrap();
    assert!(run.output.is_none());
    difference(&serde_json::to_value(&run).unwrap(), &sent).unwrap();
}

#[test]
fn unknown_enum_value_is_kept() {
    let document = Document::published().unwrap();
    let mut sent = component(&document, "ExtractRun", Mode::Full);
    sent["status"] = json!("PONDERING");
    let run: ExtractRun = decode_value(&sent).unwrap();
    assert_eq!(run.status, ProcessorRunStatus::Unknown("PONDERING".to_owned()));
    assert_eq!(run.status.as_str(), "PONDERING");
    assert!(!run.status.is_known());
    difference(&serde_json::to_value(&run).unwrap(), &sent).unwrap();
}

#[test]
fn union_with_an_unknown_or_missing_tag_is_kept_unchanged() {
    for sent in [
        json!({"type": "robot", "model": "r2", "since": {"year": 1977, "exact": null}}),
        json!({"type": "robot"}),
        json!({"type": 7, "email": "a@example.com"}),
        json!({"name": "no tag"}),
        json!("not even an object"),
    ] {
        let created: CreatedBy = decode_value(&sent).unwrap();
        assert_eq!(serde_json::to_value(&created).unwrap(), sent);
        if sent["type"] == "robot" {
            assert!(matches!(&created, CreatedBy::Unknown(kept) if *kept == sent), "{created:?}");
        }
    }
}

#[test]
fn null_and_absent_are_distinguished() {
    // `const` may be any JSON, so null is a value of its own.
    for sent in [json!({}), json!({"const": null}), json!({"const": 1})] {
        assert_eq!(again("EditConditionalProperty", &sent), Ok(sent));
    }
}

#[test]
fn unknown_property_is_kept_and_accessible() {
    let document = Document::published().unwrap();
    let mut sent = component(&document, "ExtractRun", Mode::Minimal);
    sent["mood"] = json!({"today": ["good", null]});
    let run: ExtractRun = decode_value(&sent).unwrap();
    assert_eq!(run.extra.get("mood"), Some(&sent["mood"]));
    difference(&serde_json::to_value(&run).unwrap(), &sent).unwrap();
}

#[test]
fn known_tag_with_the_body_of_another_variant_is_an_error_with_its_path() {
    let document = Document::published().unwrap();
    let mut run = component(&document, "WorkflowRun", Mode::Full);
    // The `result` of a parse step is not that of a classify step.
    run["stepRuns"] = json!([component(&document, "ParseStepRun", Mode::Full)]);
    run["stepRuns"][0]["stepType"] = json!("CLASSIFY");
    run["stepRuns"][0]["result"] = json!({});
    let error = decode_value::<WorkflowRun>(&run).unwrap_err();
    assert_eq!(error.path, "stepRuns[0].result");
    assert!(error.message.contains("`classifyRun`"), "{}", error.message);

    let mut sent = component(&document, "EvaluationSetRun", Mode::Full);
    sent["metrics"] = component(&document, "ExtractEvaluationSetRunMetrics", Mode::Full);
    sent["metrics"]["type"] = json!("CLASSIFY");
    sent["metrics"]["accuracy"] = json!({"total": 1});
    let error = decode_value::<EvaluationSetRun>(&sent).unwrap_err();
    assert_eq!(error.path, "metrics.accuracy");
}

#[test]
fn known_tag_never_falls_back_to_another_variant() {
    let document = Document::published().unwrap();
    let mut failures = Failures::default();
    for named in document.named_schemas() {
        let Some((tag, variants)) = variants(&document, named.schema) else {
            continue;
        };
        for (value, target) in &variants {
            for (other, source) in variants.iter().filter(|(other, _)| other != value) {
                let mut body = create_sample(&document, source, Mode::Minimal);
                body[tag] = json!(value);
                let required = document.required(target);
                let mut missing = required.iter().filter(|name| {
                    let may_be_missing = may_be_absent(&document, target, name) || may_be_null(&document, target, name);
                    body.get(**name).is_none() && !may_be_missing
                });
                let label = format!("{}: {value} with the body of {other}", named.name);
                let result = again(named.name, &body);
                failures.note(
                    label,
                    match (missing.next(), result) {
                        (Some(name), Ok(_)) => Err(format!("`{name}` is missing, which is no error")),
                        // If several are missing, the error names the first one.
                        (Some(_), Err(text)) if text.contains("missing field `") => Ok(()),
                        (_, Err(text)) if text.contains("\u{1}") => Err(format!("{text:?}")),
                        (_, Err(_)) => Ok(()),
                        // What is missing and may be null is null, at any depth.
                        (None, Ok(found)) => difference(&without_nulls(&found), &without_nulls(&body)),
                    },
                );
            }
        }
    }
    failures.finish(100);
}

/// Returns the tag of a discriminated union, with value and schema of each variant.
fn variants<'d>(document: &'d Document, schema: &'d Value) -> Option<(&'d str, Vec<(&'d str, &'d Value)>)> {
    let discriminator = schema.get("discriminator")?;
    let mapping = discriminator.get("mapping")?.as_object()?;
    let variant = |(value, target): (&'d String, &'d Value)| {
        let name = target.as_str()?.rsplit('/').next()?;
        Some((value.as_str(), document.component(name)?))
    };
    let variants = mapping.iter().filter_map(variant).collect();
    Some((discriminator.get("propertyName")?.as_str()?, variants))
}

fn without_nulls(value: &Value) -> Value {
    match value {
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, value)| !value.is_null());
            Value::Object(kept.map(|(name, value)| (name.clone(), without_nulls(value))).collect())
        }
        Value::Array(items) => Value::Array(items.iter().map(without_nulls).collect()),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

/// Returns whether a property of a schema may be null, as the document or the overlay says.
fn may_be_null(document: &Document, schema: &Value, name: &str) -> bool {
    let schema = document.resolve(schema);
    let own = schema.get("properties").and_then(|properties| properties.get(name));
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    own.is_some_and(|own| conforms(document, own, &Value::Null).is_ok())
        || older::may_be_null(document, schema, name)
        || parts.into_iter().any(|part| may_be_null(document, part, name))
}

#[test]
fn missing_required_property_is_null_or_an_error_with_its_name() {
    let document = Document::published().unwrap();
    let mut failures = Failures::default();
    for named in document.components() {
        let value = create_sample(&document, named.schema, Mode::Full);
        let union = named.schema.get("oneOf").or(named.schema.get("anyOf")).is_some();
        if union || !value.is_object() {
            continue;
        }
        for name in document.required(named.schema) {
            if may_be_absent(&document, named.schema, name) {
                continue;
            }
            let mut without = value.clone();
            without.as_object_mut().unwrap().remove(name);
            let expected = format!("$: missing field `{name}`");
            let result = match (may_be_null(&document, named.schema, name), again(named.name, &without)) {
                (true, Ok(found)) => {
                    without[name] = Value::Null;
                    difference(&found, &without)
                }
                (false, Err(text)) if text == expected => Ok(()),
                (_, other) => Err(format!("{other:?}")),
            };
            failures.note(format!("{} without {name}", named.name), result);
        }
    }
    failures.finish(900);
}

#[test]
fn missing_required_property_is_an_error_with_its_path() {
    let document = Document::published().unwrap();
    let mut sent = component(&document, "WorkflowRun", Mode::Full);
    sent["stepRuns"] = json!([component(&document, "ExtractStepRun", Mode::Full)]);
    for (pointer, name, path) in [
        ("/workflow", "name", "workflow"),
        ("/stepRuns/0", "status", "stepRuns[0]"),
        ("/stepRuns/0/step", "id", "stepRuns[0].step"),
        ("/stepRuns/0/result/extractRun", "status", "stepRuns[0].result.extractRun"),
    ] {
        let mut without = sent.clone();
        let object = without.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        assert!(object.remove(name).is_some(), "{pointer} has no {name}");
        let error = decode_value::<WorkflowRun>(&without).unwrap_err();
        assert_eq!(error.path, path);
        assert!(error.message.contains(&format!("`{name}`")), "{}", error.message);
    }
}

#[test]
fn null_in_an_optional_property_is_treated_as_absent() {
    let document = Document::published().unwrap();
    let mut failures = Failures::default();
    for named in document.components() {
        let full = create_sample(&document, named.schema, Mode::Nulls);
        let required = document.required(named.schema);
        let (Value::Object(full), false) = (full, named.schema.get("oneOf").is_some()) else {
            continue;
        };
        let Some(properties) = named.schema.get("properties").and_then(Value::as_object) else {
            continue;
        };
        let optional = properties.keys().filter(|name| !required.contains(&name.as_str()));
        for name in optional.filter(|name| !full[name.as_str()].is_null()) {
            let without = create_sample(&document, named.schema, Mode::Minimal);
            let mut sent = without.clone();
            sent[name] = Value::Null;
            let result = again(named.name, &sent);
            let label = format!("{} with {name} null", named.name);
            failures.note(label, result.and_then(|found| difference(&found, &without)));
        }
    }
    failures.finish(300);
}

#[test]
fn tag_of_evaluation_metrics_takes_precedence_over_shape() {
    let document = Document::published().unwrap();
    let mut sent = component(&document, "ClassifyEvaluationSetRunMetrics", Mode::Full);
    // With a tag, properties of other variants do not matter.
    sent["fieldMetrics"] = json!({});
    let metrics: EvaluationSetRunMetrics = decode_value(&sent).unwrap();
    assert!(matches!(metrics, EvaluationSetRunMetrics::Classify(_)), "{metrics:?}");
    assert_eq!(serde_json::to_value(&metrics).unwrap(), sent);
}
