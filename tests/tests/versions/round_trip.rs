//! Tests round trips of every named schema of the older version.

use extend_ai::v2025_04_21::dispatch::round_trip;
use workspace_tests::document::Document;
use workspace_tests::failures::{Failures, difference};
use workspace_tests::sample::samples;

#[test]
fn every_sample_of_every_named_schema_survives_a_round_trip() {
    let document = Document::of_version("2025-04-21").unwrap();
    let mut failures = Failures::default();
    for named in document.named_schemas() {
        // They are made of a general event and a narrower payload, which samples do not combine; `events` tests them.
        if named.name.starts_with("WebhookEvent") {
            continue;
        }
        let inline = named.schema.get("title").is_some();
        for sample in samples(&document, named.schema) {
            if inline && sample.value.is_null() {
                continue;
            }
            let result = match round_trip(named.name, &sample.value) {
                Some(Ok(value)) => difference(&value, &sample.value),
                Some(Err(error)) => Err(format!("{}: {}", error.path, error.message)),
                None => Err("there is no type for it".to_owned()),
            };
            failures.note(format!("{} {}", named.name, sample.label), result);
        }
    }
    failures.finish(1_000);
}
