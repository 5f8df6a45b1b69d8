//! Converts the output of runs with legacy settings, a list of fields, to the one of runs with a JSON schema. Must not know Rust types
//! of users.

use serde_json::Value;

use crate::types::{
    Bounds, Citation, CitationPage, ExtractOutputJson, ExtractOutputLegacy, ExtractOutputMetadataValue,
    ExtractionFieldResult, ExtractionFieldResultReference, Point,
};
use crate::{Extra, Field, Map, decode_value};

/// Returns the same values, each under the name of its field, with the confidence and the references of a field as metadata.
pub(super) fn from_legacy(output: &ExtractOutputLegacy) -> ExtractOutputJson {
    let mut converted = ExtractOutputJson { value: Map::new(), metadata: Map::new(), extra: Extra::new() };
    for (name, result) in output {
        let value = read_result(name, result, &mut converted);
        converted.value.insert(name.clone(), value);
    }
    converted
}

fn read_result(path: &str, result: &ExtractionFieldResult, converted: &mut ExtractOutputJson) -> Value {
    let about = ExtractOutputMetadataValue {
        ocr_confidence: Field::Absent,
        logprobs_confidence: result.confidence.map_or(Field::Absent, Field::Value),
        review_agent_score: Field::Absent,
        citations: Some(result.references.iter().flat_map(citations).collect()),
        insights: result.insights.clone(),
        extra: Extra::new(),
    };
    converted.metadata.insert(path.to_owned(), about);
    read_value(path, &result.value, converted)
}

/// Reads a value, in which fields of objects may be results of their own.
fn read_value(path: &str, value: &Value, converted: &mut ExtractOutputJson) -> Value {
    match value {
        Value::Array(items) => {
            let read = |(index, item)| read_value(&format!("{path}[{index}]"), item, converted);
            items.iter().enumerate().map(read).collect()
        }
        Value::Object(fields) => {
            let mut read = serde_json::Map::new();
            for (name, field) in fields {
                let path = format!("{path}.{name}");
                let value = match nested_result(field) {
                    Some(result) => read_result(&path, &result, converted),
                    None => read_value(&path, field, converted),
                };
                read.insert(name.clone(), value);
            }
            Value::Object(read)
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

fn nested_result(value: &Value) -> Option<ExtractionFieldResult> {
    let is_result = ["id", "type", "value", "references"].iter().all(|name| value.get(name).is_some());
    is_result.then(|| decode_value(value).ok()).flatten()
}

/// Returns a citation for each box of a reference, or one for its page.
fn citations(reference: &ExtractionFieldResultReference) -> Vec<Citation> {
    let page = || Some(CitationPage { number: reference.page, width: None, height: None, extra: Extra::new() });
    let cite = |polygon| Citation {
        file_id: None,
        page: page(),
        reference_text: Field::Absent,
        polygon,
        cell_range: None,
        extra: Extra::new(),
    };
    match reference.bounding_boxes.as_slice() {
        [] => vec![cite(None)],
        boxes => boxes.iter().map(|bounds| cite(Some(corners(bounds)))).collect(),
    }
}

fn corners(bounds: &Bounds) -> Vec<Point> {
    let corner = |x, y| Point { x, y, extra: Extra::new() };
    vec![
        corner(bounds.left, bounds.top),
        corner(bounds.right, bounds.top),
        corner(bounds.right, bounds.bottom),
        corner(bounds.left, bounds.bottom),
    ]
}
