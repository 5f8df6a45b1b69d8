//! Streamed responses: server-sent events and newline-delimited JSON.
//!
//! Decodes the pieces of a body and limits the wait for the next one. It must not know how a connection is made.

use std::marker::PhantomData;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode, header};

use crate::client::confidential::Confidential;
use crate::client::error::{Error, ErrorKind, Received, compressed};
use crate::client::framing::{Framing, Piece, Splitter};
use crate::client::profile::Profile;
use crate::decode::{JsonError, read_json, read_json_within};
use crate::json::{ReadJson, ReadLimits};
use crate::operation::Operation;

/// The size limit of a piece, in bytes.
const LARGEST_PIECE: usize = 64 * 1024 * 1024;

/// How many times as much memory as its text a value may take.
const TIMES: usize = 16;

/// Maximum number of bytes of a body that is no stream; the rest is dropped.
const MOST_ERROR_BYTES: usize = 1024 * 1024;

/// A response whose body is still arriving.
pub struct OpenResponse {
    pub(crate) operation: &'static Operation,
    pub(crate) profile: &'static Profile,
    pub(crate) response: reqwest::Response,
    /// The maximum time without any data.
    pub(crate) idle: Duration,
    /// The number of attempts that were made.
    pub(crate) attempts: u32,
    pub(crate) confidential: Confidential,
}

impl std::fmt::Debug for OpenResponse {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("OpenResponse").field("status", &self.response.status()).finish_non_exhaustive()
    }
}

impl OpenResponse {
    /// Returns why the body is no stream, if its headers say so.
    fn problem(&self, framing: Framing) -> Option<String> {
        let headers = self.response.headers();
        if let Some(compressed) = compressed(headers) {
            return Some(compressed);
        }
        let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let (fits, expected) = match framing {
            Framing::Events => (media_type == "text/event-stream", "a stream of events"),
            // Lines of JSON have no media type that all servers agree on.
            Framing::Lines => (media_type != "text/html", "lines of JSON"),
        };
        (!fits && !media_type.is_empty()).then(|| format!("is not {expected} ({media_type})"))
    }

    /// Reads the body as that of an error.
    async fn into_error(mut self, problem: &str) -> Error {
        let mut body = BytesMut::new();
        let read = async {
            while let Ok(Some(piece)) = self.response.chunk().await {
                let room = MOST_ERROR_BYTES - body.len();
                body.extend_from_slice(&piece[..piece.len().min(room)]);
                if body.len() == MOST_ERROR_BYTES {
                    break;
                }
            }
        };
        // An incomplete body is used as far as it arrived.
        let _ = tokio::time::timeout(self.idle, read).await;
        let message = format!("the response has status {} and {problem}", self.response.status().as_u16());
        let received = self.received(body.freeze());
        Error::reported(ErrorKind::Decode, self.operation, Some(&message), received).after(self.attempts, None)
    }

    fn received(&self, body: Bytes) -> Received {
        Received {
            status: self.response.status(),
            headers: self.response.headers().clone(),
            body,
            profile: self.profile,
            confidential: self.confidential.clone(),
        }
    }
}

/// The values of a streamed response, in the order of their arrival. Dropping it cancels the request.
pub struct Values<T> {
    response: OpenResponse,
    splitter: Splitter,
    event: String,
    end: End,
    kind: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Values<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Values");
        // Bytes that are not decoded yet may contain user data, so only their number is shown.
        shown.field("response", &self.response).field("pending_bytes", &self.splitter.pending());
        shown.field("end", &self.end).finish()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Open,
    BodyRead,
    Finished,
}

impl<T: ReadJson> Values<T> {
    /// Returns the values of a response that is a stream.
    ///
    /// # Errors
    ///
    /// Returns an [`ErrorKind::Decode`] error with the body if the response is compressed or has another media type.
    #[doc(hidden)]
    pub async fn open(response: OpenResponse, framing: Framing) -> Result<Self, Error> {
        match response.problem(framing) {
            Some(problem) => Err(response.into_error(&problem).await),
            None => Ok(Self {
                response,
                splitter: Splitter::new(framing),
                event: String::new(),
                end: End::Open,
                kind: PhantomData,
            }),
        }
    }

    /// Returns the status of the response.
    pub fn status(&self) -> StatusCode {
        self.response.response.status()
    }

    /// Returns the headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        self.response.response.headers()
    }

    /// Returns the number of attempts that were made until the response began.
    pub fn attempts(&self) -> u32 {
        self.response.attempts
    }

    /// Returns the name of the event that the last value came with; empty if it had none.
    pub fn event(&self) -> &str {
        &self.event
    }

    /// Returns the ID of the last event that has one; empty if none has. A server that supports it continues after this
    /// event when the header `Last-Event-ID` names it.
    pub fn last_event_id(&self) -> &str {
        self.splitter.last_event_id()
    }

    /// Returns the time after which the server asks to connect again, if it does.
    pub fn reconnection_time(&self) -> Option<Duration> {
        self.splitter.retry()
    }

    /// Returns the next value, or `None` at the end and after an error that broke off the response.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection fails, if no data arrives in time, if a piece is too large, or if it cannot
    /// be decoded; also if the server reports an error by an event with the name `error`, or by an object with the
    /// property `error`, or of the type `error`, that does not match the type. After a decoding error or a reported error, values that follow
    /// can still be read.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        if self.end == End::Finished {
            return None;
        }
        loop {
            while let Some(piece) = self.splitter.next() {
                match piece.data.trim_ascii() {
                    b"" => {}
                    // Some event streams end with this marker, which is not JSON.
                    b"[DONE]" => {
                        self.end = End::Finished;
                        return None;
                    }
                    _ => {
                        self.event.clone_from(&piece.name);
                        return Some(self.decode(piece));
                    }
                }
            }
            match self.end {
                End::Open => {}
                End::BodyRead | End::Finished => return None,
            }
            if let Err(error) = self.read_more().await {
                return Some(Err(error));
            }
        }
    }

    /// Waits for more of the body.
    async fn read_more(&mut self) -> Result<(), Error> {
        let (body, idle) = (&mut self.response.response, self.response.idle);
        let Ok(piece) = tokio::time::timeout(idle, body.chunk()).await else {
            let message = format!("nothing more of the response arrived within {idle:?}");
            return Err(self.broken(ErrorKind::Timeout, &message));
        };
        match piece {
            Ok(Some(bytes)) if self.splitter.pending() + bytes.len() <= LARGEST_PIECE => {
                self.splitter.push(&bytes);
                Ok(())
            }
            Ok(Some(_)) => Err(self.broken(ErrorKind::ResponseTooLarge, "a piece of the response is too large")),
            Err(error) => {
                let broken = self.broken(ErrorKind::Transport, "the connection failed while reading the response");
                Err(broken.with_source(error.without_url()))
            }
            Ok(None) => {
                self.end = End::BodyRead;
                self.splitter.finish();
                Ok(())
            }
        }
    }

    fn broken(&mut self, kind: ErrorKind, message: &str) -> Error {
        self.end = End::Finished;
        Error::plain(kind, Some(self.response.operation), message.to_owned())
    }

    fn decode(&self, piece: Piece) -> Result<T, Error> {
        if piece.name == "error" {
            return Err(self.reported(piece.data));
        }
        // The data of an event is text. It is the value itself where the document says that it is a string.
        let text =
            (self.splitter.framing() == Framing::Events).then(|| std::str::from_utf8(&piece.data).ok()).flatten();
        if let Some(value) = text.and_then(T::from_text)
            && !is_error_object(&piece.data)
        {
            return Ok(value);
        }
        let limits = ReadLimits::of_text(piece.data.len(), TIMES);
        match read_json_within::<T>(&piece.data, limits) {
            // A union keeps what it does not know, but an error is no value.
            Ok(value) if value.is_described() || !is_error_object(&piece.data) => Ok(value),
            Ok(_) => Err(self.reported(piece.data)),
            Err(problem) => match read_text(&piece.data) {
                Some(value) => Ok(value),
                None if is_error_object(&piece.data) => Err(self.reported(piece.data)),
                None => Err(self.undecodable(&problem, piece.data)),
            },
        }
    }

    /// Returns an error that the server reports after the response began with success.
    fn reported(&self, data: Vec<u8>) -> Error {
        let received = self.response.received(data.into());
        Error::reported(ErrorKind::Stream, self.response.operation, None, received).after(self.response.attempts, None)
    }

    fn undecodable(&self, problem: &JsonError, data: Vec<u8>) -> Error {
        let message = format!("unexpected value at `{}`: {}", problem.path, problem.message);
        let (operation, received) = (self.response.operation, self.response.received(data.into()));
        Error::unusable_response(ErrorKind::Decode, operation, message, received).after(self.response.attempts, None)
    }
}

/// Reads data that is text instead of JSON, for events of which some are strings.
fn read_text<T: ReadJson>(data: &[u8]) -> Option<T> {
    if data.starts_with(b"{") || data.starts_with(b"[") {
        return None;
    }
    let text = serde_json::to_vec(std::str::from_utf8(data).ok()?).ok()?;
    read_json(&text).ok()
}

/// Returns whether a value is an object that says that something went wrong.
fn is_error_object(data: &[u8]) -> bool {
    match serde_json::from_slice(data) {
        Ok(serde_json::Value::Object(object)) => {
            object.get("error").is_some_and(|error| !error.is_null())
                || object.get("type").is_some_and(|kind| kind == "error")
        }
        Ok(_) | Err(_) => false,
    }
}
