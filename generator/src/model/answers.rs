//! Responses: what comes back on success, one form or one per status, and what errors hold.

use serde_json::{Map, Value};

use super::bodies::{essence, is_json};
use super::operations::{Source, followed};
use super::resolve::Target;
use super::types::TypeBuilder;
use super::{Success, Type};

/// What comes back when an operation succeeds.
pub(super) fn success<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Success {
    let declared = responses(source, |status| status.starts_with('2'));
    // Only when nothing else stands for success, `default` does.
    let declared = if declared.is_empty() { responses(source, |status| status == "default") } else { declared };
    let single = declared.len() == 1;
    let mut answers: Vec<(String, Success)> = Vec::new();
    for (status, response) in declared {
        let at = source.place.join("responses").join(status);
        let Some(target) = followed(builder, response, &at) else { continue };
        // The first keeps the plain name, so that a second success renames nothing.
        let hint =
            if single || answers.is_empty() { format!("{stem}Response") } else { format!("{stem}Response{status}") };
        answers.push((status.to_owned(), answer(builder, &target, &hint)));
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
pub(super) fn stream<'a>(builder: &mut TypeBuilder<'a>, source: &Source<'a>, stem: &str) -> Option<Success> {
    for (status, response) in responses(source, |status| status.starts_with('2')) {
        let target = followed(builder, response, &source.place.join("responses").join(status))?;
        let content = target.value.get("content").and_then(Value::as_object)?;
        if !content.keys().any(|media| rank(media) == Rank::Json) {
            continue;
        }
        let streamed = content.iter().find(|(media, _)| matches!(rank(media), Rank::Events | Rank::Lines));
        let Some((media, part)) = streamed else { continue };
        let place = target.place.join("content").join(media).join("schema");
        let anything = Value::Object(Map::new());
        let ty = builder.type_of(part.get("schema").unwrap_or(&anything), &place, &format!("{stem}Event")).ty;
        return Some(if rank(media) == Rank::Events { Success::Events(ty) } else { Success::Lines(ty) });
    }
    None
}

/// Declared errors: status and, where it is JSON, the type of the body.
pub(super) fn errors<'a>(
    builder: &mut TypeBuilder<'a>,
    source: &Source<'a>,
    stem: &str,
) -> Vec<(String, Option<Type>)> {
    let succeeds = !responses(source, |status| status.starts_with('2')).is_empty();
    let mut errors = Vec::new();
    for (status, response) in
        responses(source, |status| !status.starts_with(['1', '2', '3']) && (succeeds || status != "default"))
    {
        let at = source.place.join("responses").join(status);
        let Some(target) = followed(builder, response, &at) else { continue };
        let body = match answer(builder, &target, &format!("{stem}Error{status}")) {
            Success::Json(ty) => Some(ty),
            Success::Text
            | Success::Bytes
            | Success::Empty
            | Success::Events(_)
            | Success::Lines(_)
            | Success::ByStatus(_) => None,
        };
        errors.push((status.to_owned(), body));
    }
    errors
}

/// The responses of an operation whose status passes a test, by status.
fn responses<'a>(source: &Source<'a>, wanted: impl Fn(&str) -> bool) -> Vec<(&'a str, &'a Value)> {
    let all = source.value.get("responses").and_then(Value::as_object).into_iter().flatten();
    let mut found: Vec<(&str, &Value)> =
        all.map(|(status, response)| (status.as_str(), response)).filter(|(status, _)| wanted(status)).collect();
    found.sort_by_key(|(status, _)| *status);
    found
}

/// What a response holds, in the media type that serves best: one JSON document, a stream of them, text, bytes.
fn answer<'a>(builder: &mut TypeBuilder<'a>, response: &Target<'a>, hint: &str) -> Success {
    let content = response.value.get("content").and_then(Value::as_object);
    let Some((media, part)) = content.into_iter().flatten().min_by_key(|(media, _)| rank(media)) else {
        return Success::Empty;
    };
    let place = response.place.join("content").join(media).join("schema");
    let anything = Value::Object(Map::new());
    let schema = part.get("schema").unwrap_or(&anything);
    let mut typed = || {
        let found = builder.type_of(schema, &place, hint);
        if found.nullable && found.ty != Type::Any { Type::Nullable(Box::new(found.ty)) } else { found.ty }
    };
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
