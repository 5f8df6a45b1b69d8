//! Tests that deliveries are read by the version of their endpoint, and that the wrong one loses nothing.

use std::collections::BTreeSet;

use extend_ai::{v2025_04_21, v2026_02_09};
use sdk_runtime::decode_json;
use serde_json::{Value, json};
use workspace_tests::document::{Document, Named};
use workspace_tests::failures::{Failures, difference};
use workspace_tests::sample::{Mode, create_sample, samples};

use v2025_04_21::webhooks::WebhookEvent as OldEvent;
use v2026_02_09::webhooks::WebhookEvent as NewEvent;

/// Returns the schema of the payload of an event: where the event is made of a general one and a narrower payload, the latter.
fn payload_schema<'d>(document: &'d Document, event: &Named<'d>) -> &'d Value {
    let schema = document.resolve(event.schema);
    let parts = schema.get("allOf").and_then(Value::as_array).into_iter().flatten();
    let narrowed = parts.filter_map(|part| part.pointer("/properties/payload")).next_back();
    narrowed.or_else(|| schema.pointer("/properties/payload")).unwrap()
}

fn delivery(event: &Named<'_>, payload: Value) -> Value {
    json!({"eventId": "evt_1", "eventType": event.name, "payload": payload})
}

#[test]
fn every_event_of_the_older_version_survives_a_round_trip() {
    let document = Document::of_version("2025-04-21").unwrap();
    let mut failures = Failures::default();
    for event in document.webhooks() {
        for sample in samples(&document, payload_schema(&document, &event)) {
            let sent = delivery(&event, sample.value);
            let result = match decode_json::<OldEvent>(sent.to_string().as_bytes()) {
                Ok(OldEvent::Unknown(_)) => Err("unknown".to_owned()),
                Ok(decoded) => difference(&serde_json::to_value(&decoded).unwrap(), &sent),
                Err(error) => Err(format!("{}: {}", error.path, error.message)),
            };
            failures.note(format!("{} {}", event.name, sample.label), result);
        }
    }
    failures.finish(300);
}

/// Events that both versions have in forms that the other can read.
const COMMON: &[&str] =
    &["workflow.created", "workflow.deleted", "workflow.deployed", "workflow_run.step_run.processed"];

#[test]
fn delivery_of_the_other_version_is_kept_whole_and_says_which_version_fits() {
    let mut common = BTreeSet::new();
    for version in ["2025-04-21", "2026-02-09"] {
        let document = Document::of_version(version).unwrap();
        for event in document.webhooks() {
            let payload = create_sample(&document, payload_schema(&document, &event), Mode::Full);
            let sent = delivery(&event, payload);
            let body = sent.to_string();
            let old = v2025_04_21::webhooks::parse(body.as_bytes()).unwrap();
            let new = v2026_02_09::webhooks::parse(body.as_bytes()).unwrap();
            let known = [!matches!(old.event, OldEvent::Unknown(_)), !matches!(new.event, NewEvent::Unknown(_))];
            assert!(known[usize::from(version == "2026-02-09")], "{version} does not know {body}");
            for event in [serde_json::to_value(&old.event).unwrap(), serde_json::to_value(&new.event).unwrap()] {
                assert_eq!(event, sent, "something is lost");
            }
            let fitting = [old.fitting_version(), new.fitting_version()];
            match known {
                [true, true] => {
                    common.insert(event.name.to_owned());
                    assert_eq!(fitting, [None, None]);
                }
                [true, false] => assert_eq!(fitting, [None, Some("2025-04-21")]),
                [false, true] => assert_eq!(fitting, [Some("2026-02-09"), None]),
                [false, false] => panic!("no version knows {body}"),
            }
        }
    }
    assert_eq!(common.iter().map(String::as_str).collect::<Vec<_>>(), COMMON);
}

#[test]
fn event_that_no_version_knows_fits_none() {
    let body = br#"{"eventId": "evt_1", "eventType": "invoice.paid", "payload": {}}"#;
    assert_eq!(v2026_02_09::webhooks::parse(body).unwrap().fitting_version(), None);
}
