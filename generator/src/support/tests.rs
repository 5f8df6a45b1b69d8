//! Tests each row of the table with its document.

use super::{Disposition, TABLE, Version};
use crate::pipeline::{Sources, generate_any};
use crate::{Code, Report, Severity};

fn generated(text: &str) -> Result<Report, Report> {
    let sources = Sources::of_document(text.as_bytes(), "openapi.yaml");
    generate_any(&sources, &mut |_| {}).map(|generated| generated.report)
}

#[test]
fn every_row_is_true_of_its_document() {
    let mut wrong = Vec::new();
    for construct in TABLE.iter().flat_map(|(_, constructs)| *constructs) {
        let versions = if construct.versions.is_empty() { &[Version::V3_0] } else { construct.versions };
        for version in versions {
            let text = construct.document(*version);
            let result = generated(&text);
            let holds = match (&construct.disposition, &result) {
                (Disposition::Supported, Ok(report)) => report.diagnostics.is_empty(),
                (Disposition::Degraded(_), Ok(report)) => {
                    report.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Warning)
                }
                (Disposition::Refused, Err(report)) => !report.is_sound(),
                (Disposition::Supported | Disposition::Degraded(_) | Disposition::Refused, _) => false,
            };
            if !holds {
                wrong.push(format!("{} in {}:\n{text}\n{result:?}", construct.name, version.number()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn every_construct_has_one_row() {
    let names: Vec<&str> =
        TABLE.iter().flat_map(|(_, constructs)| *constructs).map(|construct| construct.name).collect();
    for (index, name) in names.iter().enumerate() {
        assert!(!names.iter().take(index).any(|other| other == name), "{name}");
    }
    assert!(names.len() > 80, "{}", names.len());
}

struct Row {
    case: &'static str,
    media: &'static str,
    item: String,
    is_degraded: bool,
}

#[test]
fn encoded_data_of_an_event_is_no_degraded_string() {
    let event = "{type: object, properties: {data: {type: string, contentMediaType: application/json, contentSchema: {type: object, properties: {a: {type: string}}}}}}";
    let own = "https://api.example.test/openapi.yaml";
    let rows = [
        Row { case: "inline", media: "text/event-stream", item: event.to_owned(), is_degraded: false },
        Row {
            case: "a component",
            media: "text/event-stream",
            item: "{$ref: '#/components/schemas/Event'}".to_owned(),
            is_degraded: false,
        },
        Row {
            case: "by the URI of the document",
            media: "text/event-stream",
            item: format!("{{$ref: '{own}#/components/schemas/Event'}}"),
            is_degraded: false,
        },
        Row {
            case: "a form of events",
            media: "text/event-stream",
            item: "{oneOf: [{$ref: '#/components/schemas/Event'}]}".to_owned(),
            is_degraded: false,
        },
        Row { case: "lines of JSON", media: "application/jsonl", item: event.to_owned(), is_degraded: true },
    ];
    for Row { case, media, item, is_degraded } in rows {
        let component = if item.contains("$ref") { event } else { "{type: object, properties: {b: {type: string}}}" };
        let text = format!(
            "openapi: 3.2.0\n$self: {own}\ninfo: {{title: T, version: '1'}}\nservers: [{{url: https://api.example.test}}]\n\
             paths: {{/a: {{get: {{operationId: watch, responses: {{'200': {{description: d, content: {{{media}: {{itemSchema: {item}}}}}}}}}}}}}}}\n\
             components: {{schemas: {{Event: {component}}}}}\n"
        );
        let report = generated(&text).unwrap_or_else(|report| panic!("{case}: {report}"));
        let found = report.diagnostics.iter().any(|diagnostic| diagnostic.code == Code::Degraded);
        assert_eq!(found, is_degraded, "{case}: {report}");
    }
}
