//! Responses: what comes back on success, one form or one per status, and what errors hold.

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic};
use crate::method::Method;

use super::bodies::{essence, is_json};
use super::resolve::Target;
use super::sources::{Source, followed};
use super::types::{Hint, TypeBuilder};
use super::{Status, Success, Type};

/// Statuses whose answers have no body, whatever the document says of one.
const WITHOUT_BODY: [Status; 2] = [Status::Exact(204), Status::Exact(205)];

/// What an operation answers.
pub(super) struct Answers {
    /// What comes back when it succeeds.
    pub success: Success,
    /// The same answer as a stream, when the operation can also give one.
    pub stream: Option<Success>,
    /// Declared errors: status and, where it is JSON, the type of the body.
    pub errors: Vec<(Status, Option<Type>)>,
}

/// What an operation answers, by its responses.
pub(super) fn answers<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Answers {
    let responses = responses(builder, source);
    let succeeds = responses.iter().any(|response| response.status.class() == Some(2));
    // Only when nothing else stands for success, `default` does.
    let (successes, others): (Vec<_>, Vec<_>) = responses.into_iter().partition(|response| match response.status {
        Status::Exact(_) | Status::Range(_) => response.status.class() == Some(2),
        Status::Default => !succeeds,
    });
    Answers {
        success: success(builder, source, &successes, stem),
        stream: stream(builder, source, &successes, stem),
        errors: errors(builder, source, &others, stem),
    }
}

/// A response as the document has it.
struct Response<'a> {
    status: Status,
    key: &'a str,
    value: &'a Value,
}

/// The responses of an operation, by status.
fn responses<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>) -> Vec<Response<'a>> {
    let mut found: Vec<Response<'a>> = Vec::new();
    let all = source.value.get("responses").and_then(Value::as_object).into_iter().flatten();
    for (key, value) in all.filter(|(key, _)| !key.starts_with("x-")) {
        match Status::read(key).filter(|status| found.iter().all(|other| other.status != *status)) {
            Some(status) => found.push(Response { status, key, value }),
            None => {
                let place = source.place.join("responses").join(key);
                builder.report.push(
                    Diagnostic::new(Code::Ignored, place, format!("a response for the status `{key}`"))
                        .expected("a status such as `404`, a range such as `4XX`, or `default`, each once")
                        .help("its body can still be read from the raw answer or the error"),
                );
            }
        }
    }
    found.sort_by_key(|response| response.status);
    found
}

fn success<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, declared: &[Response<'a>], stem: &str) -> Success {
    let mut answers: Vec<(Status, Success)> = Vec::new();
    for response in declared {
        // The first keeps the plain name, so that a second success renames nothing.
        let hint = if declared.len() == 1 || answers.is_empty() {
            format!("{stem}Response")
        } else {
            format!("{stem}Response{}", response.key)
        };
        answers.extend(answer(builder, source, response, &hint).map(|answer| (response.status, answer)));
    }
    let mut distinct: Vec<&Success> = Vec::new();
    for (_, answer) in &answers {
        if !distinct.contains(&answer) {
            distinct.push(answer);
        }
    }
    match distinct.as_slice() {
        [] => Success::Empty,
        [only] => (*only).clone(),
        several if several.iter().any(|answer| matches!(answer, Success::Events(_) | Success::Lines(_))) => {
            Success::Bytes
        }
        _ => Success::ByStatus(answers),
    }
}

/// The stream that a response describes beside one JSON document; a request that asks for it gets it.
fn stream<'a>(
    builder: &mut TypeBuilder<'a>,
    source: &Source<'a>,
    declared: &[Response<'a>],
    stem: &str,
) -> Option<Success> {
    for response in declared.iter().filter(|response| response.status != Status::Default) {
        let target = followed(builder, response.value, &source.place.join("responses").join(response.key))?;
        let content = target.value.get("content").and_then(Value::as_object)?;
        if !content.keys().any(|media| rank(media) == Rank::Json) {
            continue;
        }
        let streamed = content.iter().find(|(media, _)| matches!(rank(media), Rank::Events | Rank::Lines));
        let Some((media, part)) = streamed else { continue };
        let place = target.place.join("content").join(media).join("schema");
        let anything = Value::Object(Map::new());
        let ty = builder.type_of(part.get("schema").unwrap_or(&anything), &place, &Hint::named(&format!("{stem}Event"))).ty;
        return Some(if rank(media) == Rank::Events { Success::Events(ty) } else { Success::Lines(ty) });
    }
    None
}

fn errors<'a>(
    builder: &mut TypeBuilder<'a>,
    source: &Source<'a>,
    declared: &[Response<'a>],
    stem: &str,
) -> Vec<(Status, Option<Type>)> {
    let mut errors = Vec::new();
    // What comes before an answer, and redirects, are no errors.
    for response in declared.iter().filter(|response| !matches!(response.status.class(), Some(1 | 3))) {
        let Some(answer) = answer(builder, source, response, &format!("{stem}Error{}", response.key)) else { continue };
        let body = match answer {
            Success::Json(ty) => Some(ty),
            Success::Text
            | Success::Bytes
            | Success::Empty
            | Success::Events(_)
            | Success::Lines(_)
            | Success::ByStatus(_) => None,
        };
        errors.push((response.status, body));
    }
    errors
}

/// What a response holds, in the media type that serves best: one JSON document, a stream of them, text, bytes. `None` when it
/// refers to nothing.
fn answer<'a>(
    builder: &mut TypeBuilder<'a>,
    source: &Source<'a>,
    response: &Response<'a>,
    hint: &str,
) -> Option<Success> {
    let target = followed(builder, response.value, &source.place.join("responses").join(response.key))?;
    // HTTP itself leaves the body out of these, whatever would be in it.
    if WITHOUT_BODY.contains(&response.status) || source.method == Method::Head {
        return Some(Success::Empty);
    }
    Some(content(builder, &target, hint))
}

fn content<'a>(builder: &mut TypeBuilder<'a>, response: &Target<'a>, hint: &str) -> Success {
    let content = response.value.get("content").and_then(Value::as_object);
    let Some((media, part)) = content.into_iter().flatten().min_by_key(|(media, _)| rank(media)) else {
        return Success::Empty;
    };
    let place = response.place.join("content").join(media).join("schema");
    let anything = Value::Object(Map::new());
    let schema = part.get("schema").unwrap_or(&anything);
    let mut typed = || builder.type_of(schema, &place, &Hint::named(hint)).with_null();
    match rank(media) {
        Rank::Json => Success::Json(typed()),
        Rank::Events => Success::Events(typed()),
        Rank::Lines => Success::Lines(typed()),
        Rank::Text => Success::Text,
        // A wildcard with an object is JSON by another name.
        Rank::Wildcard
            if schema.get("type").and_then(Value::as_str) != Some("string") && part.get("schema").is_some() =>
        {
            Success::Json(typed())
        }
        Rank::Wildcard | Rank::Bytes => Success::Bytes,
    }
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
        | "application/stream+json" => Rank::Lines,
        essence if is_json(essence) => Rank::Json,
        essence if essence.starts_with("text/") && essence != "text/xml" => Rank::Text,
        _ => Rank::Bytes,
    }
}
