//! Constructs of request bodies and responses.

use serde_json::{Map, Value};

use crate::position::Position;

use super::Example::Operation;
use super::{ALL, Construct, SINCE_3_2, Seen, degraded, supported};

/// Media types with a schema that no type is made of.
const UNTYPED: Seen = Seen::when(Position::RequestBody, &["content"], is_untyped_request);
const UNTYPED_RESPONSE: Seen = Seen::when(Position::Response, &["content"], is_untyped_response);
const UNTYPED_ITEMS: Seen = Seen::when(Position::Response, &["content"], is_untyped_sequence);

/// The constructs.
pub(super) const CONSTRUCTS: &[Construct] = &[
    supported(
        "bodies in JSON (`application/json`, `+json`)",
        ALL,
        "types; `Content-Type` and `Accept` are those of the document",
        Operation(
            "requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}",
        ),
    ),
    supported(
        "bodies in `multipart/form-data`",
        ALL,
        "a form; files from a path, bytes or a stream",
        Operation(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string, format: binary}}}}}}",
        ),
    ),
    degraded(
        "bodies in `multipart/form-data` with a schema for parts of any name (`additionalProperties`)",
        ALL,
        None,
        "the parts that are properties are sent",
        Operation(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}, additionalProperties: {type: string}}}}}",
        ),
    ),
    supported(
        "bodies in `application/x-www-form-urlencoded`",
        ALL,
        "types",
        Operation(
            "requestBody: {content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}",
        ),
    ),
    supported(
        "bodies in text and in bytes",
        ALL,
        "`String` and bytes",
        Operation("requestBody: {content: {application/octet-stream: {schema: {type: string, format: binary}}}}"),
    ),
    supported(
        "bodies in text with a schema of a number or a boolean",
        ALL,
        "the type of the schema",
        Operation("responses: {'200': {description: d, content: {text/plain: {schema: {type: integer}}}}}"),
    ),
    degraded(
        "bodies in text with a schema of listed strings, an object, an array or several types",
        ALL,
        None,
        "`String`",
        Operation(
            "responses: {'200': {description: d, content: {text/plain: {schema: {enum: [on, off], type: string}}}}}",
        ),
    ),
    supported(
        "several media types of one body",
        ALL,
        "the first of JSON, forms, bytes and text that the document has",
        Operation(
            "requestBody: {content: {application/xml: {schema: {type: object}}, application/json: {schema: {type: object, properties: {a: {type: string}}}}}}",
        ),
    ),
    degraded(
        "a request body that is required and may be `null`",
        ALL,
        None,
        "a value is always sent",
        Operation(
            "requestBody: {required: true, content: {application/json: {schema: {oneOf: [{type: object, properties: {a: {type: string}}}, {enum: [null]}]}}}}",
        ),
    ),
    degraded(
        "request bodies with a schema in XML or other media types only",
        ALL,
        Some(UNTYPED),
        "sent as bytes or text that the caller writes",
        Operation(
            "requestBody: {content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}",
        ),
    ),
    degraded(
        "responses with a schema in XML or other media types only",
        ALL,
        Some(UNTYPED_RESPONSE),
        "received as bytes or text",
        Operation(
            "responses: {'200': {description: d, content: {application/xml: {schema: {type: object, properties: {a: {type: string}}}}}}}",
        ),
    ),
    degraded(
        "`prefixEncoding`, `itemEncoding`",
        SINCE_3_2,
        Some(Seen::key(Position::MediaType, &["prefixEncoding", "itemEncoding"])),
        "sent as bytes that the caller writes",
        Operation(
            "requestBody: {content: {multipart/mixed: {itemSchema: {type: object}, itemEncoding: {contentType: application/json}}}}",
        ),
    ),
    supported(
        "`encoding` of parts: `contentType`, `style`, headers with one value",
        ALL,
        "as written",
        Operation(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}, encoding: {a: {contentType: application/json}}}}}",
        ),
    ),
    degraded(
        "`encoding` with other `headers`",
        ALL,
        None,
        "parts are sent without these headers",
        Operation(
            "requestBody: {content: {multipart/form-data: {schema: {type: object, properties: {a: {type: string}}}, encoding: {a: {headers: {X-A: {schema: {type: string}}}}}}}}",
        ),
    ),
    supported(
        "statuses, ranges and `default`",
        ALL,
        "one type, or an enum by status; error bodies by status",
        Operation(
            "responses: {'200': {description: d, content: {application/json: {schema: {type: string}}}}, 4XX: {description: d, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}, default: {description: d}}",
        ),
    ),
    degraded(
        "other keys of `responses`",
        ALL,
        None,
        "left out",
        Operation("responses: {'200': {description: d}, ok: {description: d}}"),
    ),
    supported(
        "`text/event-stream`, JSON lines, `application/json-seq`",
        ALL,
        "streams of typed values",
        Operation(
            "responses: {'200': {description: d, content: {text/event-stream: {schema: {type: object, properties: {a: {type: string}}}}}}}",
        ),
    ),
    supported(
        "`itemSchema` of events, JSON lines and `application/json-seq`",
        SINCE_3_2,
        "streams of typed values; of events, their `data`",
        Operation(
            "responses: {'200': {description: d, content: {application/jsonl: {itemSchema: {type: object, properties: {a: {type: string}}}}}}}",
        ),
    ),
    degraded(
        "`itemSchema` of other media types",
        SINCE_3_2,
        Some(UNTYPED_ITEMS),
        "received as bytes",
        Operation(
            "responses: {'200': {description: d, content: {multipart/mixed: {itemSchema: {type: object, properties: {a: {type: string}}}}}}}",
        ),
    ),
    supported(
        "`headers` of responses",
        ALL,
        "strings by name, from `send_with_parts` and from errors",
        Operation("responses: {'200': {description: d, headers: {X-A: {schema: {type: integer}}}}}"),
    ),
    degraded(
        "`links`",
        ALL,
        Some(Seen::key(Position::Response, &["links"])),
        "left out; the values are properties of the response",
        Operation("responses: {'200': {description: d, links: {next: {operationId: a}}}}"),
    ),
    supported(
        "`example`, `examples`",
        ALL,
        "left out of types; fixtures are made from examples of schemas",
        Operation(
            "responses: {'200': {description: d, content: {application/json: {schema: {type: string}, example: a}}}}",
        ),
    ),
];

fn is_untyped_request(content: &Value, _: &Map<String, Value>) -> bool {
    has_no_typed_media(content, "schema", |media| FORMS.contains(&media))
}

fn is_untyped_response(content: &Value, _: &Map<String, Value>) -> bool {
    has_no_typed_media(content, "schema", is_stream)
}

fn is_untyped_sequence(content: &Value, _: &Map<String, Value>) -> bool {
    has_no_typed_media(content, "itemSchema", is_stream)
}

/// Returns whether a body has a schema that says more than text, and no media type that becomes types: JSON, or one of
/// those that are typed in its direction.
fn has_no_typed_media(content: &Value, keyword: &str, is_typed: impl Fn(&str) -> bool) -> bool {
    let Some(content) = content.as_object() else { return false };
    let says_more = |media: &Value| {
        media.get(keyword).is_some_and(|schema| {
            let says = |key: &str| schema.get(key).is_some();
            ["$ref", "properties", "items", "oneOf", "anyOf", "allOf"].into_iter().any(says)
        })
    };
    let becomes_types = |media: &String| {
        let essence = media.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        JSON.contains(&essence.as_str()) || essence.ends_with("+json") || is_typed(&essence)
    };
    content.values().any(says_more) && !content.keys().any(becomes_types)
}

/// Media types that are JSON, or may be.
const JSON: [&str; 4] = ["*/*", "application/*", "application/json", "text/json"];

/// Media types of requests whose properties become fields.
const FORMS: [&str; 2] = ["multipart/form-data", "application/x-www-form-urlencoded"];

/// Returns whether a media type is a stream of values.
fn is_stream(essence: &str) -> bool {
    let known = [
        "text/event-stream",
        "application/x-ndjson",
        "application/ndjson",
        "application/jsonl",
        "application/x-jsonlines",
        "application/stream+json",
        "application/json-seq",
    ];
    known.contains(&essence) || essence.ends_with("+json-seq")
}
