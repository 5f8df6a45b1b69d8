//! Events: the common envelope, the typed event if this version knows it, and the raw JSON.
//!
//! It must not know how deliveries are verified or which events there are.

use std::fmt;

use serde_json::Value;

use super::{Scheme, WebhookError};
use crate::decode::{JsonError, read_json_within, read_value_within};
use crate::json::{Guarded, ReadJson, ReadLimits};

/// The events of an API: a generated enum over all of them.
pub trait Events: ReadJson {
    /// How events are signed and structured.
    const SCHEME: &'static Scheme;

    /// Wraps an unknown event, exactly as it was sent.
    fn unknown(value: Value) -> Self;

    /// Returns whether this is one of the typed events.
    fn is_known(&self) -> bool;
}

/// How many times as much memory as its text an event may take, once as it was sent and once as its type.
pub(super) const TIMES: usize = 16;

/// An event as it was delivered.
#[derive(Clone)]
#[non_exhaustive]
pub struct Event<E> {
    /// ID of the event. Repeated deliveries of an event have the same ID.
    pub event_id: String,
    /// Name of the event.
    pub event_type: String,
    /// The typed event. It is `Unknown` if this version does not know its name, if its content does not
    /// [fit](Self::problem), or if its payload is a [link](Self::is_signed_url), which is omitted there.
    pub event: E,
    raw: Value,
    problem: Option<JsonError>,
    signed_url: Option<String>,
}

impl<E: Events> Event<E> {
    /// Reads an event without verifying who sent it. Do not trust its content unless it was verified elsewhere.
    ///
    /// # Errors
    ///
    /// Returns [`WebhookErrorKind::UnparsableBody`](super::WebhookErrorKind::UnparsableBody) if the body is not a JSON
    /// object with an ID and a name. Content that does not fit its type is not an error: the event is kept as
    /// `Unknown`.
    pub fn parse(body: &[u8]) -> Result<Self, WebhookError> {
        let limits = ReadLimits::of_text(body.len(), TIMES);
        let raw: Value = read_json_within(body, limits).map_err(|problem| WebhookError::not_json(&problem))?;
        Self::from_value(raw)
    }

    /// Returns the whole event as it was sent. If the payload is a [link](Self::is_signed_url), this includes the link,
    /// so do not log it.
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// Returns why the content could not be typed although the name of the event is known.
    pub fn problem(&self) -> Option<&JsonError> {
        self.problem.as_ref()
    }

    /// Returns whether the payload is a link to the actual payload.
    pub fn is_signed_url(&self) -> bool {
        self.signed_url.is_some()
    }

    /// Returns the link to the payload. Anyone who has the link can read the payload, so it is never printed.
    pub fn signed_url(&self) -> Option<&str> {
        self.signed_url.as_deref()
    }

    pub(super) fn from_value(raw: Value) -> Result<Self, WebhookError> {
        let scheme = E::SCHEME;
        if !raw.is_object() {
            return Err(WebhookError::unparsable("the body is JSON, but not an object"));
        }
        let text = |name: &'static str| match raw.get(name) {
            Some(Value::String(text)) => Ok(text.clone()),
            Some(_) => Err(WebhookError::unparsable(format!("`{name}` is not a text"))),
            None => Err(WebhookError::unparsable(format!("`{name}` is missing"))),
        };
        let (event_type, event_id) = (text(scheme.type_property)?, text(scheme.id_property)?);
        let (event, problem, signed_url) = match link(scheme, &raw) {
            Some(link) => (E::unknown(without_link(scheme, &raw)), None, Some(link.to_owned())),
            None => match read_value_within::<E>(&raw, TIMES) {
                Ok(event) => (event, None, None),
                Err(problem) => (E::unknown(raw.clone()), Some(problem), None),
            },
        };
        Ok(Self { event_id, event_type, event, raw, problem, signed_url })
    }

    /// Returns the event with its payload in place of the link.
    #[cfg(feature = "client")]
    pub(super) fn with_payload(&self, payload: Value) -> Result<Self, WebhookError> {
        let mut raw = self.raw.clone();
        if let Some(object) = raw.as_object_mut() {
            object.insert(E::SCHEME.payload_property.to_owned(), payload);
        }
        Self::from_value(raw)
    }
}

/// Returns the link, if the payload of the event is one.
fn link<'a>(scheme: &Scheme, raw: &'a Value) -> Option<&'a str> {
    let (form, payload) = (scheme.signed_url?, raw.get(scheme.payload_property)?);
    let is_marked = payload.get(form.mark_property).and_then(Value::as_str) == Some(form.mark);
    payload.get(form.url_property).and_then(Value::as_str).filter(|_| is_marked)
}

fn without_link(scheme: &Scheme, raw: &Value) -> Value {
    let mut rest = raw.clone();
    let payload = rest.get_mut(scheme.payload_property).and_then(Value::as_object_mut);
    if let (Some(payload), Some(form)) = (payload, scheme.signed_url) {
        payload.shift_remove(form.url_property);
    }
    rest
}

impl<E: Events + fmt::Debug> fmt::Debug for Event<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Event");
        shown.field("event_id", &self.event_id).field("event_type", &self.event_type);
        // A typed event redacts its own sensitive properties.
        match (self.event.is_known(), &self.signed_url) {
            (true, _) => shown.field("event", &self.event),
            (false, Some(_)) => shown.field("event", &Guarded(&without_link(E::SCHEME, &self.raw))),
            (false, None) => shown.field("event", &Guarded(&self.raw)),
        };
        shown.field("problem", &self.problem).field("is_signed_url", &self.signed_url.is_some()).finish_non_exhaustive()
    }
}
