//! Tests round trips of every named schema: decoding and encoding a value loses nothing and adds nothing.

use extend_ai::dispatch::round_trip;
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::sample::samples;

use workspace_tests::failures::{Failures, difference};

/// Decodes and encodes a value. Fails if there is no type for the schema.
pub(crate) fn again(name: &str, value: &Value) -> Result<Value, String> {
    match round_trip(name, value) {
        Some(Ok(value)) => Ok(value),
        Some(Err(error)) => Err(format!("{}: {}", error.path, error.message)),
        None => Err("there is no type for it".to_owned()),
    }
}

#[test]
fn every_sample_of_every_named_schema_survives_a_round_trip() {
    let document = Document::published().unwrap();
    let mut failures = Failures::default();
    for named in document.named_schemas() {
        // Whether an inline schema may be null depends on its property, not on its type.
        let inline = named.schema.get("title").is_some();
        for sample in samples(&document, named.schema) {
            if inline && sample.value.is_null() {
                continue;
            }
            let result = again(named.name, &sample.value);
            let result = result.and_then(|value| difference(&value, &sample.value));
            failures.note(format!("{} {}", named.name, sample.label), result);
        }
    }
    failures.finish(8_000);
}

#[test]
fn unknown_schema_and_invalid_value_are_distinguished() {
    assert!(round_trip("NoSuchSchema", &json!({})).is_none());
    assert!(round_trip("CreatedByUser", &json!([])).is_some_and(|result| result.is_err()));
}

#[test]
fn numbers_keep_every_digit() {
    // Strings, because two parsers with the same bug would agree on values.
    for text in [
        "0",
        "5",
        "-12",
        "0.1",
        "0.25",
        "-0.0001",
        "0.30000000000000004",
        "0.9876543210123457",
        "5e-324",
        "1.7976931348623157e308",
        "9007199254740991",
        "0.8912509381337456",
        "122.416294033786585",
    ] {
        let sent = format!("{{\"ocrConfidence\":{text}}}");
        let confidence: extend_ai::types::ExtractOutputMetadataValue = serde_json::from_str(&sent).unwrap();
        let found = serde_json::to_string(&confidence).unwrap();
        let found = found.trim_start_matches("{\"ocrConfidence\":").trim_end_matches('}');
        assert_eq!(found.parse::<f64>(), text.parse::<f64>(), "{text} became {found}");
    }
}

#[test]
fn integers_are_decoded_liberally_and_encoded_exactly() {
    for (sent, written) in [("5", "5"), ("5.0", "5"), ("1e2", "100"), ("9007199254740993", "9007199254740993")] {
        let sent: Value = serde_json::from_str(&format!("{{\"minLength\":{sent}}}")).unwrap();
        let found = again("EditConditionalProperty", &sent).unwrap();
        assert_eq!(found["minLength"].to_string(), written, "{sent}");
    }
    for wrong in [json!(0.5), json!("5"), json!(1e300)] {
        let error = again("EditConditionalProperty", &json!({"minLength": wrong})).unwrap_err();
        assert!(error.starts_with("minLength: "), "{error}");
    }
}
