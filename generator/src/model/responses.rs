//! Responses: the result of a successful call, in one form or one per status, and the bodies of errors.

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::ir::{Response, Status, Type};
use crate::keyword::Keywords;
use crate::method::Method;

use super::bodies::{essence, is_json, is_plain, json_media_type, report_typed_text};
use super::references::{Target, reference_of, resolve};
use super::sources::{Source, follow};
use super::types::{Hint, TypeBuilder};

/// Statuses whose responses never have a body, whatever the document says.
const WITHOUT_BODY: [Status; 2] = [Status::Exact(204), Status::Exact(205)];

/// The responses of an operation.
pub(super) struct Responses {
    /// The response to a successful call.
    pub response: Response,
    /// The media types of that response, as a request asks for them.
    pub accept: String,
    /// The same response as a stream, if the operation offers one.
    pub stream: Option<Response>,
    /// Declared error responses: the status and, if the body is JSON, its type.
    pub errors: Vec<(Status, Option<Type>)>,
}

/// Reads the responses of an operation.
pub(super) fn read_responses<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Responses {
    let declared = declared_responses(builder, source);
    let succeeds = declared.iter().any(|response| response.status.class() == Some(2));
    // `default` stands for success only if no other response does.
    let (successes, others): (Vec<_>, Vec<_>) = declared.into_iter().partition(|response| match response.status {
        Status::Exact(_) | Status::Range(_) => response.status.class() == Some(2),
        Status::Default => !succeeds,
    });
    let response = success(builder, source, &successes, stem);
    Responses {
        accept: accepted(builder, source, &successes, &response),
        response,
        stream: stream(builder, source, &successes, stem),
        errors: errors(builder, source, &others, stem),
    }
}

/// A response as declared in the document.
struct Declared<'a> {
    status: Status,
    key: &'a str,
    value: &'a Value,
}

/// Returns the responses that an operation declares, by status.
fn declared_responses<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>) -> Vec<Declared<'a>> {
    let mut found: Vec<Declared<'a>> = Vec::new();
    let all = source.value.keyword("responses").and_then(Value::as_object).into_iter().flatten();
    for (key, value) in all.filter(|(key, _)| !key.starts_with("x-")) {
        match Status::parse(key).filter(|status| found.iter().all(|other| other.status != *status)) {
            Some(status) => found.push(Declared { status, key, value }),
            None => {
                let place = source.place.join("responses").join(key);
                builder.report.push(
                    Diagnostic::new(Code::Ignored, place, format!("a response for the status `{key}`"))
                        .expected("a status such as `404`, a range such as `4XX`, or `default`, each once")
                        .help("its body can still be read from the raw response or the error"),
                );
            }
        }
    }
    found.sort_by_key(|response| response.status);
    found
}

fn success<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, declared: &[Declared<'a>], stem: &str) -> Response {
    let mut responses: Vec<(Status, Response)> = Vec::new();
    for one in declared {
        // The first response keeps the plain name, so that adding a second success renames nothing.
        let hint = if declared.len() == 1 || responses.is_empty() {
            format!("{stem}Response")
        } else {
            format!("{stem}Response{}", suffix(one.key))
        };
        responses.extend(read_response(builder, source, one, &hint).map(|response| (one.status, response)));
    }
    let mut distinct: Vec<&Response> = Vec::new();
    for (_, response) in &responses {
        if !distinct.contains(&response) {
            distinct.push(response);
        }
    }
    match distinct.as_slice() {
        [] => Response::Empty,
        [only] => (*only).clone(),
        several if several.iter().any(|response| matches!(response, Response::Events(_) | Response::Lines(_))) => {
            Response::Bytes
        }
        _ => Response::ByStatus(responses),
    }
}

/// Returns the value of `Accept`: the media types in which responses are read. Where one of them is no JSON, whatever else
/// the server sends can be received too.
fn accepted(builder: &TypeBuilder<'_>, source: &Source<'_>, declared: &[Declared<'_>], response: &Response) -> String {
    let mut media_types: Vec<String> = Vec::new();
    for one in declared {
        let place = source.place.join("responses").join(one.key);
        let value = match reference_of(one.value) {
            Some(reference) => resolve(builder.document, reference, &place).ok().map(|target| target.value),
            None => Some(one.value),
        };
        let content = value.and_then(|value| value.keyword("content")).and_then(Value::as_object);
        let Some((media, _)) = content.and_then(best_media) else { continue };
        let media_type = match rank(media) {
            Rank::Json => json_media_type(media),
            Rank::Wildcard if *response == Response::Bytes => continue,
            Rank::Wildcard => json_media_type(media),
            Rank::Lines | Rank::Events | Rank::Text | Rank::Bytes => essence(media),
        };
        if media_type.is_ascii() && !media_types.contains(&media_type) {
            media_types.push(media_type);
        }
    }
    let others: &[&str] = match response {
        Response::Lines(_) => &["application/x-ndjson", "application/json-seq", "application/json"],
        Response::Json(_) | Response::Events(_) => &[],
        Response::ByStatus(_) if media_types.iter().all(|media| is_json(&essence(media))) => &[],
        Response::Empty => return "*/*".to_owned(),
        Response::Text | Response::Bytes | Response::ByStatus(_) if media_types.is_empty() => &["*/*"],
        Response::Text | Response::Bytes | Response::ByStatus(_) => &["*/*;q=0.1"],
    };
    let others = others.iter().filter(|other| !media_types.iter().any(|known| known == *other));
    media_types.iter().map(String::as_str).chain(others.copied()).collect::<Vec<_>>().join(", ")
}

/// Returns the stream that a response declares in addition to one JSON document; a request must ask for it.
fn stream<'a>(
    builder: &mut TypeBuilder<'a>,
    source: &Source<'a>,
    declared: &[Declared<'a>],
    stem: &str,
) -> Option<Response> {
    for response in declared.iter().filter(|response| response.status != Status::Default) {
        let target = follow(builder, response.value, &source.place.join("responses").join(response.key))?;
        let content = target.value.keyword("content").and_then(Value::as_object)?;
        if !content.keys().any(|media| rank(media) == Rank::Json) {
            continue;
        }
        let streamed = content.iter().find(|(media, _)| matches!(rank(media), Rank::Events | Rank::Lines));
        let Some((media, part)) = streamed else { continue };
        let place = target.place.join("content").join(media).join("schema");
        let anything = Value::Object(Map::new());
        let ty = builder
            .type_of(part.keyword("schema").unwrap_or(&anything), &place, &Hint::named(&format!("{stem}Event")))
            .ty;
        return Some(if rank(media) == Rank::Events { Response::Events(ty) } else { Response::Lines(ty) });
    }
    None
}

fn errors<'a>(
    builder: &mut TypeBuilder<'a>,
    source: &Source<'a>,
    declared: &[Declared<'a>],
    stem: &str,
) -> Vec<(Status, Option<Type>)> {
    let mut errors = Vec::new();
    // Informational responses and redirects are not errors.
    for one in declared.iter().filter(|one| !matches!(one.status.class(), Some(1 | 3))) {
        let Some(response) = read_response(builder, source, one, &format!("{stem}Error{}", suffix(one.key))) else {
            continue;
        };
        errors.push((one.status, response.json().cloned()));
    }
    errors
}

/// Returns the end of a name for the response to a status.
fn suffix(key: &str) -> &str {
    // A status is no word, but this key is one.
    if key == "default" { "Default" } else { key }
}

/// Reads a response in its best media type: one JSON document, a stream of them, text, or bytes. Returns `None` for an
/// unresolvable reference.
fn read_response<'a>(
    builder: &mut TypeBuilder<'a>,
    source: &Source<'a>,
    declared: &Declared<'a>,
    hint: &str,
) -> Option<Response> {
    let target = follow(builder, declared.value, &source.place.join("responses").join(declared.key))?;
    // HTTP defines these responses to have no body.
    if WITHOUT_BODY.contains(&declared.status) || source.method == Method::Head {
        return Some(Response::Empty);
    }
    Some(content(builder, &target, hint))
}

fn content<'a>(builder: &mut TypeBuilder<'a>, response: &Target<'a>, hint: &str) -> Response {
    let content = response.value.keyword("content").and_then(Value::as_object);
    let Some((media, part)) = content.and_then(best_media) else {
        return Response::Empty;
    };
    let place = response.place.join("content").join(media).join("schema");
    let anything = Value::Object(Map::new());
    let schema = part.keyword("schema").unwrap_or(&anything);
    let typed = |builder: &mut TypeBuilder<'a>| builder.type_of(schema, &place, &Hint::named(hint)).with_null();
    match rank(media) {
        Rank::Json => Response::Json(typed(builder)),
        Rank::Events => Response::Events(typed(builder)),
        Rank::Lines => Response::Lines(typed(builder)),
        // As text, a number or a boolean is what it is in JSON.
        Rank::Text if is_plain(builder, schema, &place) => Response::Json(typed(builder)),
        Rank::Text => {
            report_typed_text(builder, schema, &place);
            Response::Text
        }
        // A wildcard with an object schema is JSON.
        Rank::Wildcard
            if schema.keyword("type").and_then(Value::as_str) != Some("string") && part.keyword("schema").is_some() =>
        {
            Response::Json(typed(builder))
        }
        Rank::Wildcard | Rank::Bytes => Response::Bytes,
    }
}

/// Returns the media type in which a response is read.
fn best_media(content: &Map<String, Value>) -> Option<(&String, &Value)> {
    content.iter().min_by_key(|(media, _)| rank(media))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Json,
    Wildcard,
    Lines,
    Events,
    Text,
    Bytes,
}

fn rank(media: &str) -> Rank {
    match essence(media).as_str() {
        "*/*" | "application/*" => Rank::Wildcard,
        "text/event-stream" => Rank::Events,
        "application/x-ndjson"
        | "application/ndjson"
        | "application/jsonl"
        | "application/x-jsonlines"
        | "application/stream+json"
        | "application/json-seq" => Rank::Lines,
        essence if essence.ends_with("+json-seq") => Rank::Lines,
        essence if is_json(essence) => Rank::Json,
        essence if essence.starts_with("text/") && essence != "text/xml" => Rank::Text,
        _ => Rank::Bytes,
    }
}
