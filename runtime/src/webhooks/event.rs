//! Events: the envelope every delivery has, the typed event if this version knows it, and everything as it was sent.
//!
//! It must not know how a delivery is checked or which events there are.

use std::fmt;

use serde_json::Value;

use super::{Scheme, WebhookError};
use crate::decode::{JsonError, read_json, read_value};
use crate::json::{Guarded, ReadJson};

/// The events of an API: an enum over all of them, which the generator writes.
pub trait Events: ReadJson {
    /// How they are signed and how they look.
    const SCHEME: &'static Scheme;

    /// An event that is not known, as it was sent.
    fn unknown(value: Value) -> Self;

    /// Whether it is one of the events with a type.
    fn is_known(&self) -> bool;
}

/// An event as it was delivered.
#[derive(Clone)]
#[non_exhaustive]
pub struct Event<E> {
    /// ID of the event. A delivery that is repeated has the same.
    pub event_id: String,
    /// Name of the event.
    pub event_type: String,
    /// The event as a type. It is `Unknown` when this version does not know its name, when its content does not
    /// [fit](Self::problem), and when its payload is a [link](Self::is_signed_url), which is left out there.
    pub event: E,
    raw: Value,
    problem: Option<JsonError>,
    signed_url: Option<String>,
}

impl<E: Events> Event<E> {
    /// Reads an event without checking who sent it. Trust nothing in it unless the check was done elsewhere.
    ///
    /// # Errors
    ///
    /// [`WebhookErrorKind::UnparsableBody`](super::WebhookErrorKind::UnparsableBody): the body is not a JSON object with an ID
    /// and a name. An event whose content does not fit is not an error: it is kept as `Unknown`.
    pub fn parse(body: &[u8]) -> Result<Self, WebhookError> {
        let raw: Value = read_json(body).map_err(|problem| WebhookError::not_json(&problem))?;
        Self::from_value(raw)
    }

    /// The whole event as it was sent. Of one with a [link](Self::is_signed_url) it holds the link, so do not log it.
    pub fn raw(&self) -> &Value {
        &self.raw
    }

    /// Why the content is not typed although its name is known.
    pub fn problem(&self) -> Option<&JsonError> {
        self.problem.as_ref()
    }

    /// Whether the payload is a link to the real one.
    pub fn is_signed_url(&self) -> bool {
        self.signed_url.is_some()
    }

    /// The link to the payload. Who has it has the payload, so it is shown nowhere.
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
            None => match read_value::<E>(&raw) {
                Ok(event) => (event, None, None),
                Err(problem) => (E::unknown(raw.clone()), Some(problem), None),
            },
        };
        Ok(Self { event_id, event_type, event, raw, problem, signed_url })
    }

    /// The event with its payload in place of the link.
    #[cfg(feature = "client")]
    pub(super) fn with_payload(&self, payload: Value) -> Result<Self, WebhookError> {
        let mut raw = self.raw.clone();
        if let Some(object) = raw.as_object_mut() {
            object.insert(E::SCHEME.payload_property.to_owned(), payload);
        }
        Self::from_value(raw)
    }
}

/// The link, if the payload of an event is one.
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
        // A type knows which of its properties must not be shown.
        match (self.event.is_known(), &self.signed_url) {
            (true, _) => shown.field("event", &self.event),
            (false, Some(_)) => shown.field("event", &Guarded(&without_link(E::SCHEME, &self.raw))),
            (false, None) => shown.field("event", &Guarded(&self.raw)),
        };
        shown.field("problem", &self.problem).field("is_signed_url", &self.signed_url.is_some()).finish_non_exhaustive()
    }
}
