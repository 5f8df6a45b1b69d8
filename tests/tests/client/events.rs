//! Tests that every webhook event of the document is typed and loses nothing.

use std::mem::discriminant;

use extend_ai::webhooks::WebhookEvent;
use sdk_runtime::{decode_json, decode_value};
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample, samples};

use workspace_tests::failures::{Failures, difference};

#[test]
fn every_event_of_the_document_survives_a_round_trip() {
    let document = Document::published().unwrap();
    let mut failures = Failures::default();
    for event in document.webhooks() {
        for sample in samples(&document, event.schema) {
            let label = format!("{} {}", event.name, sample.label);
            let bytes = sample.value.to_string();
            let result = match decode_json::<WebhookEvent>(bytes.as_bytes()) {
                Ok(WebhookEvent::Unknown(_)) => Err("unknown".to_owned()),
                Ok(decoded) if decoded.event_type() != Some(event.name) => {
                    Err(format!("taken for {:?}", decoded.event_type()))
                }
                Ok(decoded) => difference(&serde_json::to_value(&decoded).unwrap(), &sample.value),
                Err(error) => Err(format!("{}: {}", error.path, error.message)),
            };
            failures.note(label, result);
        }
    }
    failures.finish(500);
}

#[test]
fn every_event_has_its_own_variant() {
    let document = Document::published().unwrap();
    let mut kinds = Vec::new();
    for event in document.webhooks() {
        let value = create_sample(&document, event.schema, Mode::Minimal);
        let kind = discriminant(&decode_value::<WebhookEvent>(&value).unwrap());
        assert!(!kinds.contains(&kind), "{} is another event", event.name);
        kinds.push(kind);
    }
    assert_eq!(kinds.len(), 40);
}

#[test]
fn unknown_event_is_kept_unchanged() {
    for sent in [
        json!({"eventId": "evt_1", "eventType": "invoice.paid", "payload": {"amount": 1.5, "by": null}, "new": []}),
        json!({"eventId": "evt_1", "payload": {}}),
        json!({"eventType": 7}),
        json!([]),
    ] {
        let event: WebhookEvent = decode_value(&sent).unwrap();
        assert!(matches!(&event, WebhookEvent::Unknown(kept) if *kept == sent), "{event:?}");
        assert_eq!(event.event_type(), sent.get("eventType").and_then(Value::as_str));
        assert_eq!(serde_json::to_value(&event).unwrap(), sent);
    }
}

#[test]
fn known_event_keeps_unknown_parts() {
    let document = Document::published().unwrap();
    let event = document.component("ExtractRunProcessedWebhookEvent").unwrap();
    let mut sent = create_sample(&document, event, Mode::Full);
    sent["attempt"] = json!(2);
    sent["payload"]["status"] = json!("PONDERING");
    sent["payload"]["mood"] = json!({"today": null});
    let decoded: WebhookEvent = decode_value(&sent).unwrap();
    let WebhookEvent::ExtractRunProcessed(event) = &decoded else {
        panic!("{decoded:?}");
    };
    assert_eq!(event.extra.get("attempt"), Some(&json!(2)));
    assert_eq!(event.payload.status.as_str(), "PONDERING");
    difference(&serde_json::to_value(&decoded).unwrap(), &sent).unwrap();
}

#[test]
fn invalid_known_event_is_an_error_with_its_path() {
    let document = Document::published().unwrap();
    let event = document.component("ExtractRunProcessedWebhookEvent").unwrap();
    let mut sent = create_sample(&document, event, Mode::Full);
    sent["payload"]["reviewed"] = json!("yes");
    let error = decode_value::<WebhookEvent>(&sent).unwrap_err();
    assert_eq!(error.path, "payload.reviewed");
}
