//! References to `components/mediaTypes`, and media types that are sequences: `itemSchema` becomes the `schema` of one item, as
//! documents before 3.2 wrote it. Must not know how a client reads a sequence.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::{LIMIT, follow, list};

/// The fields of a server-sent event (WHATWG HTML, section 9.2.6).
const EVENT_FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// Converts the media types of an object that has content.
pub(super) fn convert_content(document: &Value, object: &mut Map<String, Value>) {
    let Some(content) = object.get_mut("content").and_then(Value::as_object_mut) else { return };
    // A response or header may be called `content`; names of media types have a slash.
    if !content.keys().all(|media| media.contains('/')) {
        return;
    }
    for (media, part) in content.iter_mut() {
        if part.get("$ref").is_some() {
            *part = follow(document, part).clone();
        }
        if let (Some(sequence), Some(part)) = (Sequence::of(media), part.as_object_mut()) {
            convert_sequence(document, sequence, part);
        }
    }
}

/// A media type that holds any number of items.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sequence {
    /// Server-sent events.
    Events,
    /// JSON values.
    Json,
}

impl Sequence {
    fn of(media: &str) -> Option<Self> {
        let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "text/event-stream" => Some(Self::Events),
            "application/jsonl"
            | "application/x-jsonlines"
            | "application/x-ndjson"
            | "application/ndjson"
            | "application/stream+json"
            | "application/json-seq" => Some(Self::Json),
            other if other.ends_with("+json-seq") => Some(Self::Json),
            _ => None,
        }
    }
}

/// Makes `schema` the schema of one item. In 3.2, `schema` itself describes the list of all items.
fn convert_sequence(document: &Value, sequence: Sequence, part: &mut Map<String, Value>) {
    let Some(item) = item_schema(document, part) else { return };
    let item = match sequence {
        Sequence::Events => data_schema(document, item),
        Sequence::Json => item.clone(),
    };
    part.shift_remove("itemSchema");
    part.insert("schema".to_owned(), item);
}

fn item_schema<'a>(document: &'a Value, part: &'a Map<String, Value>) -> Option<&'a Value> {
    let all = part.get("schema").map(|schema| follow(document, schema));
    let of_list =
        all.filter(|schema| schema.get("type") == Some(&json!("array"))).and_then(|schema| schema.get("items"));
    part.get("itemSchema").or(of_list)
}

/// Adds the schemas of the data of all events below a value.
pub(super) fn find_event_data<'a>(document: &'a Value, value: &'a Value, found: &mut Vec<&'a Value>) {
    match value {
        Value::Object(map) => {
            let content = map.get("content").and_then(Value::as_object).into_iter().flatten();
            for (_, part) in content.filter(|(media, _)| Sequence::of(media) == Some(Sequence::Events)) {
                let item = follow(document, part).as_object().and_then(|part| item_schema(document, part));
                found.extend(item.and_then(|item| event_data(document, item, 0)).into_iter().flatten());
            }
            map.values().for_each(|value| find_event_data(document, value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| find_event_data(document, item, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns the schema of the values that the `data` of events hold, if the schema describes events with their fields.
fn data_schema(document: &Value, event: &Value) -> Value {
    let Some(schemas) = event_data(document, event, 0) else { return event.clone() };
    let mut distinct: Vec<&Value> = Vec::new();
    schemas.into_iter().for_each(|schema| {
        if !distinct.contains(&schema) {
            distinct.push(schema);
        }
    });
    match distinct.as_slice() {
        [] => json!({}),
        [only] => (*only).clone(),
        _ => json!({"oneOf": distinct}),
    }
}

/// Returns the schemas of the data of an event, one per form, or `None` if it has other properties than an event has.
fn event_data<'a>(document: &'a Value, event: &'a Value, depth: usize) -> Option<Vec<&'a Value>> {
    let event = follow(document, event).as_object().filter(|_| depth < LIMIT)?;
    let members = list(event, "allOf").iter().filter_map(|member| follow(document, member).as_object());
    let properties = std::iter::once(event).chain(members).filter_map(|schema| schema.get("properties"));
    let fields: BTreeMap<&String, &Value> = properties.filter_map(Value::as_object).flatten().collect();
    let forms: Vec<Option<Vec<&Value>>> = ["oneOf", "anyOf"]
        .into_iter()
        .flat_map(|keyword| list(event, keyword))
        .map(|form| event_data(document, form, depth + 1))
        .collect();
    let is_event = fields.keys().all(|field| EVENT_FIELDS.contains(&field.as_str()));
    if !is_event || (fields.is_empty() && (forms.is_empty() || forms.iter().any(Option::is_none))) {
        return None;
    }
    let of_forms: Vec<&Value> = forms.into_iter().flatten().flatten().collect();
    let own = fields.iter().find(|(field, _)| field.as_str() == "data").map(|(_, data)| decoded(document, data));
    Some(if of_forms.is_empty() { own.into_iter().collect() } else { of_forms })
}

/// Returns the schema of what the string of a `data` field encodes.
fn decoded<'a>(document: &'a Value, data: &'a Value) -> &'a Value {
    let target = follow(document, data);
    let media = target.get("contentMediaType").and_then(Value::as_str).unwrap_or("application/json");
    target.get("contentSchema").filter(|_| media.contains("json")).unwrap_or(data)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn document() -> Value {
        json!({
            "components": {
                "mediaTypes": {"Lines": {"itemSchema": {"$ref": "#/components/schemas/A"}}},
                "schemas": {
                    "A": {"type": "object", "properties": {"a": {"type": "string"}}},
                    "List": {"type": "array", "items": {"$ref": "#/components/schemas/A"}},
                    "Event": {"type": "object", "properties": {"event": {"type": "string"}, "data": {
                        "type": "string", "contentMediaType": "application/json", "contentSchema": {"$ref": "#/components/schemas/A"}}}},
                },
            },
        })
    }

    struct Row {
        case: &'static str,
        media: &'static str,
        part: Value,
        expected: Value,
    }

    #[test]
    fn item_of_a_sequence_is_its_schema() {
        let document = document();
        let a = json!({"$ref": "#/components/schemas/A"});
        let json_data =
            |schema: Value| json!({"type": "string", "contentMediaType": "application/json", "contentSchema": schema});
        let event = |name: &str, data: Value| json!({"properties": {"event": {"const": name}, "data": data}});
        let rows = [
            Row {
                case: "a reference to a media type",
                media: "application/jsonl",
                part: json!({"$ref": "#/components/mediaTypes/Lines"}),
                expected: a.clone(),
            },
            Row {
                case: "the schema of the whole sequence",
                media: "application/x-ndjson",
                part: json!({"schema": {"$ref": "#/components/schemas/List"}}),
                expected: a.clone(),
            },
            Row {
                case: "JSON in the data of an event",
                media: "text/event-stream",
                part: json!({"itemSchema": {"$ref": "#/components/schemas/Event"}}),
                expected: a.clone(),
            },
            Row {
                case: "one form per event",
                media: "text/event-stream; charset=utf-8",
                part: json!({"itemSchema": {
                    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
                    "oneOf": [event("a", json_data(a.clone())), event("b", json_data(json!({"type": "integer"}))), {"properties": {"event": {"const": "end"}}}],
                }}),
                expected: json!({"oneOf": [a.clone(), {"type": "integer"}]}),
            },
            Row {
                case: "data that is text",
                media: "text/event-stream",
                part: json!({"itemSchema": event("a", json!({"type": "string"}))}),
                expected: json!({"type": "string"}),
            },
            Row {
                case: "a schema that is no event",
                media: "text/event-stream",
                part: json!({"itemSchema": {"$ref": "#/components/schemas/A"}}),
                expected: a.clone(),
            },
            Row {
                case: "a single value",
                media: "application/json",
                part: json!({"schema": {"$ref": "#/components/schemas/List"}}),
                expected: json!({"$ref": "#/components/schemas/List"}),
            },
        ];
        for Row { case, media, part, expected } in rows {
            let mut response = json!({"content": {media: part}});
            convert_content(&document, response.as_object_mut().unwrap());
            assert_eq!(response["content"][media], json!({"schema": expected}), "{case}");
        }
    }
}
