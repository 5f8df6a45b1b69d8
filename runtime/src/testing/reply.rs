//! What the server sends: status, headers, body, and the ways in which a response can fail.
//!
//! It must not know which request it belongs to.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Serialize;
use serde_json::{Value, json};

use super::fail;
use super::recorded_request::RecordedRequest;

/// A response.
#[derive(Clone)]
#[must_use = "a reply does nothing until a mock is told to give it"]
pub struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) pieces: Vec<Bytes>,
    pub(super) after: Duration,
    pub(super) delivery: Delivery,
    source: Source,
}

/// What a body was made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Source {
    /// A value of the test.
    Test,
    /// A fixture, which is about no particular object.
    Fixture,
}

/// How much of a response is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    /// The whole response.
    Complete,
    /// This many bytes of the body, after which the connection is closed.
    Truncated(usize),
    /// Nothing; the connection is closed.
    Disconnected,
    /// Nothing; the connection stays open.
    Silent,
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("Reply")
            .field("status", &self.status.as_u16())
            .field("headers", &names)
            .field("body_bytes", &self.pieces.iter().map(Bytes::len).sum::<usize>())
            .field("after", &self.after)
            .field("delivery", &self.delivery)
            .finish()
    }
}

impl Reply {
    /// Creates a response without a body.
    ///
    /// # Panics
    ///
    /// Panics if the status is not between 200 and 999.
    #[track_caller]
    pub fn new(status: u16) -> Self {
        let status = match StatusCode::from_u16(status) {
            Ok(status) if !status.is_informational() => status,
            Ok(_) | Err(_) => fail(format_args!("{status} is no status of a response: it must be one from 200 to 999")),
        };
        Self {
            status,
            headers: HeaderMap::new(),
            pieces: Vec::new(),
            after: Duration::ZERO,
            delivery: Delivery::Complete,
            source: Source::Test,
        }
    }

    /// Marks the body as that of a fixture.
    pub(super) fn of_fixture(self) -> Self {
        Self { source: Source::Fixture, ..self }
    }

    /// Returns the response to a request: a fixture is about the object that the request names.
    pub(super) fn about(self, request: &RecordedRequest) -> Self {
        let (Source::Fixture, Some(id), [body]) = (self.source, request.object_id(), self.pieces.as_slice()) else {
            return self;
        };
        let Ok(mut value) = serde_json::from_slice::<Value>(body) else { return self };
        match id_of(&mut value) {
            Some(place) if *place != id => *place = Value::from(id),
            Some(_) | None => return self,
        }
        self.pieces(vec![written(&value).into()])
    }

    /// Creates a JSON response with status 200.
    ///
    /// # Panics
    ///
    /// Panics if the value cannot be serialized as JSON.
    #[track_caller]
    pub fn json(value: &(impl Serialize + ?Sized)) -> Self {
        Self::of("application/json", written(value))
    }

    /// Creates a text response with status 200.
    pub fn text(text: impl Into<String>) -> Self {
        Self::of("text/plain; charset=utf-8", text.into())
    }

    /// Creates a response of any media type with status 200.
    ///
    /// # Panics
    ///
    /// Panics if the media type is not a valid header value.
    #[track_caller]
    pub fn of(media_type: &str, body: impl Into<Bytes>) -> Self {
        Self::new(200).pieces(vec![body.into()]).header(header::CONTENT_TYPE.as_str(), media_type)
    }

    /// Creates a stream of server-sent events, each with a value as JSON.
    ///
    /// # Panics
    ///
    /// Panics if a value cannot be serialized as JSON.
    #[track_caller]
    pub fn events<T: Serialize>(values: impl IntoIterator<Item = T>) -> Self {
        let event = |value: T| framed(b"data: ", &value, b"\n\n");
        let pieces = values.into_iter().map(event).collect();
        Self::new(200).pieces(pieces).header(header::CONTENT_TYPE.as_str(), "text/event-stream")
    }

    /// Creates a stream of lines, each with a value as JSON.
    ///
    /// # Panics
    ///
    /// Panics if a value cannot be serialized as JSON.
    #[track_caller]
    pub fn lines<T: Serialize>(values: impl IntoIterator<Item = T>) -> Self {
        let line = |value: T| framed(b"", &value, b"\n");
        let pieces = values.into_iter().map(line).collect();
        Self::new(200).pieces(pieces).header(header::CONTENT_TYPE.as_str(), "application/x-ndjson")
    }

    /// Creates an error response whose body names the status.
    ///
    /// # Panics
    ///
    /// See [`Reply::new`].
    #[track_caller]
    pub fn failure(status: u16) -> Self {
        let reply = Self::new(status);
        let reason = reply.status.canonical_reason().unwrap_or("Failure");
        let code = reason.to_uppercase().replace([' ', '-'], "_").replace('\'', "");
        reply.body(&json!({ "code": code, "message": reason }))
    }

    /// Closes the connection without sending a response.
    pub fn disconnect() -> Self {
        Self { delivery: Delivery::Disconnected, ..Self::new(200) }
    }

    /// Sends no response and keeps the connection open, so that only the timeout of the call, in real time, ends the
    /// wait. Set a short timeout for such a call.
    pub fn silence() -> Self {
        Self { delivery: Delivery::Silent, ..Self::new(200) }
    }

    /// Sets the status.
    ///
    /// # Panics
    ///
    /// See [`Reply::new`].
    #[track_caller]
    pub fn status(mut self, status: u16) -> Self {
        self.status = Self::new(status).status;
        self
    }

    /// Sets a header, replacing any with the same name.
    ///
    /// # Panics
    ///
    /// Panics if the name or the value is not valid in a header.
    #[track_caller]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        match (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => self.headers.insert(name, value),
            (Err(_), _) | (_, Err(_)) => fail(format_args!("`{name}: {value:?}` cannot be a header")),
        };
        self
    }

    /// Sets how long the client should wait before the next attempt, in whole seconds.
    pub fn retry_after(self, wait: Duration) -> Self {
        self.header(header::RETRY_AFTER.as_str(), &wait.as_secs().to_string())
    }

    /// Advances the clock of the client before the response is sent. No real time passes: timeouts measured on that
    /// clock expire, those of sockets do not.
    pub fn after(mut self, time: Duration) -> Self {
        self.after = time;
        self
    }

    /// Announces the whole body, but closes the connection after this many bytes of it.
    pub fn truncated(mut self, bytes: usize) -> Self {
        self.delivery = Delivery::Truncated(bytes);
        self
    }

    #[track_caller]
    pub(super) fn body(self, value: &(impl Serialize + ?Sized)) -> Self {
        self.pieces(vec![written(value).into()]).header(header::CONTENT_TYPE.as_str(), "application/json")
    }

    fn pieces(mut self, pieces: Vec<Bytes>) -> Self {
        self.pieces = pieces;
        self
    }
}

/// Returns the ID of the object that a body is about: its own, or that of the only object in it that has one.
fn id_of(body: &mut Value) -> Option<&mut Value> {
    let object = body.as_object_mut()?;
    if object.get("id").is_some_and(Value::is_string) {
        return object.get_mut("id");
    }
    let mut ids =
        object.values_mut().filter_map(|value| value.as_object_mut()?.get_mut("id")).filter(|id| id.is_string());
    let only = ids.next()?;
    ids.next().is_none().then_some(only)
}

#[track_caller]
fn written(value: &(impl Serialize + ?Sized)) -> Vec<u8> {
    match serde_json::to_vec(value) {
        Ok(bytes) => bytes,
        Err(error) => fail(format_args!("the value cannot be written as JSON: {error}")),
    }
}

#[track_caller]
fn framed(before: &[u8], value: &impl Serialize, after: &[u8]) -> Bytes {
    [before, &written(value), after].concat().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failure_says_what_its_status_is_called() {
        for (status, body) in [
            (404, r#"{"code":"NOT_FOUND","message":"Not Found"}"#),
            (418, r#"{"code":"IM_A_TEAPOT","message":"I'm a teapot"}"#),
            (599, r#"{"code":"FAILURE","message":"Failure"}"#),
        ] {
            let reply = Reply::failure(status);
            assert_eq!((reply.status.as_u16(), reply.pieces.concat().as_slice()), (status, body.as_bytes()));
        }
    }

    #[test]
    fn what_cannot_be_sent_is_refused_where_it_is_set_up() {
        for (setup, message) in [
            (Box::new(|| Reply::new(99)) as Box<dyn Fn() -> Reply>, "99 is no status"),
            (Box::new(|| Reply::new(101)), "101 is no status"),
            (Box::new(|| Reply::new(200).header("a b", "x")), "`a b: \"x\"` cannot be a header"),
            (Box::new(|| Reply::new(200).header("a", "x\r\ny: z")), "cannot be a header"),
            (Box::new(|| Reply::json(&std::collections::BTreeMap::from([(vec![1], 1)]))), "cannot be written as JSON"),
        ] {
            let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(setup)).unwrap_err();
            let text = panic.downcast_ref::<String>().unwrap();
            assert!(text.contains(message), "{text}");
        }
    }
}
