//! The level of a pair on the wire: what the old client makes of values of the new document, and what a validator of the new document
//! says to what the old client sends. Must not know how documents are compared.

use generator::drift::Wire;
use serde_json::{Value, json};

use crate::exchange::Returned;
use crate::outcome::Failure;

use super::super::examples::Example;
use super::Compared;
use super::compilation::Workshop;
use super::exchange::{Question, pass_values};
use super::pairs::Subject;
use super::places::{Place, Travel, body_with};
use super::rust_level::Bench;
use super::values::{Rigor, Sent, Validator, candidates};

/// A pair whose schemas differ.
#[derive(Clone, Copy)]
struct Pair<'p> {
    example: &'p Example,
    place: Place,
    travel: Travel,
    before: &'p Value,
    after: &'p Value,
}

impl<'p> Pair<'p> {
    fn of(pair: &'p super::Pair) -> Option<Self> {
        match &pair.subject {
            Subject::Schema(example, place, travel) => {
                Some(Self { example, place: *place, travel: *travel, before: &pair.before, after: &pair.after })
            }
            Subject::Whole(_, _) => None,
        }
    }
}

/// A value that a client is asked about, for a pair.
struct Trial {
    pair: usize,
    sent: Sent,
    value: Value,
}

/// Returns the level of each pair, and the reason.
pub(super) fn find(workshop: &Workshop<'_>, bench: &Bench, pairs: &[Compared]) -> Result<Vec<(Wire, String)>, Failure> {
    let (mut trials, mut questions) = (Vec::new(), Vec::new());
    for (index, (compared, client)) in pairs.iter().zip(bench.old_clients()).enumerate() {
        let Some(pair) = Pair::of(&compared.pair) else { continue };
        for (sent, value) in trials_of(&pair) {
            let subject = subject(&pair, sent);
            questions.push(Question { client: client.to_owned(), names: [subject, "Thing"], value: value.clone() });
            trials.push(Trial { pair: index, sent, value });
        }
    }
    let returned = pass_values(workshop, &bench.clients, &questions)?;
    let start = |compared: &Compared| match Pair::of(&compared.pair) {
        Some(pair) => unseen(&pair),
        None => (compared.claimed(), "no value shows it".to_owned()),
    };
    let mut found: Vec<(Wire, String)> = pairs.iter().map(start).collect();
    for (trial, returned) in trials.iter().zip(returned) {
        let (Some(compared), Some(known)) = (pairs.get(trial.pair), found.get_mut(trial.pair)) else { continue };
        let Some(pair) = Pair::of(&compared.pair) else { continue };
        let (level, reason) = match trial.sent {
            Sent::Request => judge_request(&pair, &trial.value, &returned),
            Sent::Response => judge_response(&trial.value, &returned),
        };
        if level > known.0 {
            *known = (level, reason);
        }
    }
    Ok(found)
}

/// Returns the values that travel: those of the old document in requests, those of the new one in responses.
fn trials_of(pair: &Pair<'_>) -> Vec<(Sent, Value)> {
    let mut trials = Vec::new();
    if pair.place == Place::Header {
        return trials;
    }
    if pair.travel != Travel::Response {
        trials.extend(bodies(pair.before, pair, Sent::Request).into_iter().map(|value| (Sent::Request, value)));
    }
    if pair.travel != Travel::Request {
        trials.extend(bodies(pair.after, pair, Sent::Response).into_iter().map(|value| (Sent::Response, value)));
    }
    trials
}

/// Returns the valid bodies of a document: with every candidate, and without the property.
fn bodies(document: &Value, pair: &Pair<'_>, sent: Sent) -> Vec<Value> {
    let validator = Validator { document, sent, rigor: Rigor::Complete };
    let Some(schema) = schema(document, pair, sent) else { return Vec::new() };
    let bare = pair.place.is_bare() || pair.place == Place::Parameter;
    let without = (!bare).then(|| body_with(pair.place, None));
    let own = if sent == Sent::Request { &pair.example.before } else { &pair.example.after };
    let values = if own.is_some() { candidates() } else { Vec::new() };
    let with = values.iter().map(|value| body_with(pair.place, Some(value)));
    without.into_iter().chain(with).filter(|body| validator.accepts(&schema, body)).collect()
}

/// Returns the schema of what travels.
fn schema(document: &Value, pair: &Pair<'_>, sent: Sent) -> Option<Value> {
    let pointer = match (pair.place, sent) {
        (Place::Webhook, _) => "/webhooks/thing.done/post/requestBody/content/application~1json/schema",
        (Place::Parameter, _) => "/paths/~1things/get/parameters/0/schema",
        (_, Sent::Request) => "/paths/~1things/post/requestBody/content/application~1json/schema",
        (_, Sent::Response) => "/paths/~1things/post/responses/200/content/application~1json/schema",
    };
    document.pointer(pointer).cloned()
}

/// Returns the name by which a client decodes what travels.
fn subject(pair: &Pair<'_>, sent: Sent) -> &'static str {
    match (pair.place, sent) {
        (Place::Webhook, _) => "ThingDone",
        (_, Sent::Request) => "POST /things request",
        (_, Sent::Response) => "POST /things response",
    }
}

fn judge_request(pair: &Pair<'_>, value: &Value, returned: &Returned) -> (Wire, String) {
    let sent = match returned {
        Returned::Same(sent) => sent,
        // A parameter is sent as it is; what the client has no type for cannot be sent.
        Returned::Unknown if pair.place == Place::Parameter => value,
        Returned::Refused(_) | Returned::Unknown => return (Wire::Safe, String::new()),
    };
    let accepts = |document: &Value, rigor, value: &Value| {
        let schema = schema(document, pair, Sent::Request);
        schema.is_none_or(|schema| Validator { document, sent: Sent::Request, rigor }.accepts(&schema, value))
    };
    let is_declared = accepts(pair.before, Rigor::Strict, value);
    if !accepts(pair.after, Rigor::Literal, sent) {
        let level = if is_declared { Wire::Breaking } else { Wire::Risky };
        return (level, format!("the server refuses {sent}"));
    }
    if is_declared && !accepts(pair.after, Rigor::Strict, sent) {
        return (Wire::Risky, format!("a strict server refuses {sent}"));
    }
    (Wire::Safe, String::new())
}

fn judge_response(value: &Value, returned: &Returned) -> (Wire, String) {
    match returned {
        Returned::Refused(reason) => (Wire::Breaking, format!("the client cannot read {value}: {reason}")),
        Returned::Same(_) => (Wire::Safe, String::new()),
        Returned::Unknown => (Wire::Breaking, format!("the client has no type for {value}")),
    }
}

/// Returns the level of what no value shows: other defaults, presence of a parameter, responses without any value that was known.
fn unseen(pair: &Pair<'_>) -> (Wire, String) {
    let default = |schema: &Option<Value>| schema.as_ref().and_then(|schema| schema.get("default").cloned());
    let example = pair.example;
    let (old, new) = (default(&example.before), default(&example.after));
    let may_lack = !pair.place.is_bare() && !example.required.0;
    if old != new && may_lack && pair.travel != Travel::Response {
        return (Wire::Risky, "what is left out has another default".to_owned());
    }
    if pair.place == Place::Parameter {
        match (&example.before, &example.after, example.required) {
            (_, Some(_), (false, true)) => {
                return (Wire::Breaking, "a request without the parameter is refused".to_owned());
            }
            (Some(_), None, _) => return (Wire::Risky, "a strict server refuses the parameter".to_owned()),
            _ => {}
        }
    }
    if pair.travel != Travel::Request && pair.place != Place::Header && is_disjoint(pair) {
        return (Wire::Risky, "a response has none of the values that were known".to_owned());
    }
    (Wire::Safe, String::new())
}

/// Returns whether no value of the new schema is one of the old schema.
fn is_disjoint(pair: &Pair<'_>) -> bool {
    let (Some(mut old), Some(new)) = (pair.example.before.clone(), pair.example.after.as_ref()) else { return false };
    // Nothing in Rust depends on a pattern.
    old.as_object_mut().and_then(|old| old.shift_remove("pattern"));
    let accepts = |document: &Value, schema: &Value, value: &Value| {
        Validator { document, sent: Sent::Response, rigor: Rigor::Literal }.accepts(schema, value)
    };
    let is_new = |value: &Value| accepts(pair.after, new, value);
    let mut values = candidates().into_iter().filter(is_new).peekable();
    values.peek().is_some() && !values.any(|value| accepts(pair.before, &old, &value) && value != json!({}))
}
