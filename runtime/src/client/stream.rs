//! Streamed responses: server-sent events and newline-delimited JSON.
//!
//! Splits the body into pieces, decodes them and limits the wait for the next one. It must not know how a connection is
//! made.

use std::marker::PhantomData;
use std::time::Duration;

use bytes::BytesMut;
use http::{HeaderMap, StatusCode};

use crate::client::confidential::Confidential;
use crate::client::error::{Error, ErrorKind};
use crate::decode::read_json;
use crate::json::ReadJson;
use crate::operation::Operation;

/// The size limit of a piece, in bytes.
const LARGEST_PIECE: usize = 64 * 1024 * 1024;

/// The length of the longest piece delimiter, `\n\r\n`, without its last byte.
const LONGEST_END: usize = 2;

/// A response whose body is still arriving.
pub struct OpenResponse {
    pub(crate) operation: &'static Operation,
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

/// How the body is split into pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Server-sent events; the `data` of each event is a value.
    Events,
    /// Lines; each line is a value.
    Lines,
}

/// The values of a streamed response, in the order of their arrival. Dropping it cancels the request.
pub struct Values<T> {
    response: OpenResponse,
    framing: Framing,
    buffer: BytesMut,
    /// The number of bytes at the start of the buffer that are known to contain no delimiter.
    scanned: usize,
    end: End,
    kind: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Values<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = formatter.debug_struct("Values");
        shown.field("response", &self.response).field("framing", &self.framing);
        // Bytes that are not decoded yet may contain user data, so only their number is shown.
        shown.field("buffered_bytes", &self.buffer.len()).field("end", &self.end).finish()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    Open,
    BodyRead,
    Finished,
}

impl<T: ReadJson> Values<T> {
    /// Returns the values of a response.
    pub fn new(response: OpenResponse, framing: Framing) -> Self {
        Self { response, framing, buffer: BytesMut::new(), scanned: 0, end: End::Open, kind: PhantomData }
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

    /// Returns the next value, or `None` at the end and after an error that broke off the response.
    ///
    /// # Errors
    ///
    /// Returns an error if the connection fails, if no data arrives in time, if a piece is too large, or if it cannot
    /// be decoded. After a decoding error, the following values can still be read.
    pub async fn next(&mut self) -> Option<Result<T, Error>> {
        loop {
            while let Some(piece) = self.piece() {
                match self.payload(&piece) {
                    Payload::Nothing => {}
                    Payload::Last => {
                        self.end = End::Finished;
                        return None;
                    }
                    Payload::Json(text) => return Some(self.decode(&text)),
                }
            }
            match self.end {
                End::Open => {}
                End::BodyRead | End::Finished => return None,
            }
            let (body, idle) = (&mut self.response.response, self.response.idle);
            let Ok(piece) = tokio::time::timeout(idle, body.chunk()).await else {
                let message = format!("nothing more of the response arrived within {idle:?}");
                return Some(Err(self.broken(ErrorKind::Timeout, &message)));
            };
            match piece {
                Ok(Some(bytes)) if self.buffer.len() + bytes.len() <= LARGEST_PIECE => {
                    self.buffer.extend_from_slice(&bytes)
                }
                Ok(Some(_)) => {
                    return Some(Err(self.broken(ErrorKind::ResponseTooLarge, "a piece of the response is too large")));
                }
                Err(error) => {
                    let broken = self.broken(ErrorKind::Transport, "the connection failed while reading the response");
                    return Some(Err(broken.with_source(error.without_url())));
                }
                Ok(None) => self.end = End::BodyRead,
            }
        }
    }

    fn broken(&mut self, kind: ErrorKind, message: &str) -> Error {
        self.end = End::Finished;
        self.buffer.clear();
        self.scanned = 0;
        Error::plain(kind, Some(self.response.operation), message.to_owned())
    }

    fn decode(&self, text: &[u8]) -> Result<T, Error> {
        read_json(text).map_err(|error| {
            let message = format!("unexpected value at `{}`: {}", error.path, error.message);
            Error::plain(ErrorKind::Decode, Some(self.response.operation), message).conceal(&self.response.confidential)
        })
    }

    /// Returns the next complete piece of the buffer, or at the end of the body, the rest of the buffer.
    fn piece(&mut self) -> Option<BytesMut> {
        let found = match self.framing {
            Framing::Lines => line_end(&self.buffer, self.scanned),
            Framing::Events => blank_line(&self.buffer, self.scanned),
        };
        match found {
            Some((end, next)) => {
                self.scanned = 0;
                let mut piece = self.buffer.split_to(next);
                piece.truncate(end);
                Some(piece)
            }
            None if self.end == End::BodyRead && !self.buffer.is_empty() => {
                self.scanned = 0;
                Some(self.buffer.split())
            }
            None => {
                // The last bytes may be the beginning of a delimiter.
                self.scanned = self.buffer.len().saturating_sub(LONGEST_END);
                None
            }
        }
    }

    fn payload(&self, piece: &[u8]) -> Payload {
        let text = match self.framing {
            Framing::Lines => piece.trim_ascii().to_vec(),
            Framing::Events => data(piece),
        };
        match text.as_slice() {
            b"" => Payload::Nothing,
            // Some event streams end with this marker, which is not JSON.
            b"[DONE]" => Payload::Last,
            _ => Payload::Json(text),
        }
    }
}

enum Payload {
    Nothing,
    Last,
    Json(Vec<u8>),
}

/// Returns the start and the end of the first line break after `from`.
fn line_end(buffer: &[u8], from: usize) -> Option<(usize, usize)> {
    let offset = buffer.get(from..)?.iter().position(|byte| *byte == b'\n')?;
    Some((from + offset, from + offset + 1))
}

/// Returns the start and the end of the first blank line after `from`.
fn blank_line(buffer: &[u8], from: usize) -> Option<(usize, usize)> {
    let mut at = from;
    while let Some(offset) = buffer.get(at..)?.iter().position(|byte| *byte == b'\n') {
        let end = at + offset;
        let rest = buffer.get(end + 1..)?;
        if rest.starts_with(b"\n") {
            return Some((end, end + 2));
        }
        if rest.starts_with(b"\r\n") {
            return Some((end, end + 3));
        }
        at = end + 1;
    }
    None
}

/// Returns the `data` lines of an event, joined with line breaks.
fn data(event: &[u8]) -> Vec<u8> {
    let mut joined: Vec<u8> = Vec::new();
    for line in event.split(|byte| *byte == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if let Some(value) = line.strip_prefix(b"data:") {
            if !joined.is_empty() {
                joined.push(b'\n');
            }
            joined.extend_from_slice(value.strip_prefix(b" ").unwrap_or(value));
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_separated_by_blank_lines_and_joined_from_their_data() {
        assert_eq!(blank_line(b"data: 1\n\ndata: 2", 0), Some((7, 9)));
        assert_eq!(blank_line(b"data: 1\r\n\r\nx", 6), Some((8, 11)));
        assert_eq!(blank_line(b"data: 1\n", 0), None);
        let cases: [(&[u8], &[u8]); 4] = [
            (b"event: a\ndata: {\"x\":1}", b"{\"x\":1}"),
            (b": comment", b""),
            (b"data: a\ndata:b", b"a\nb"),
            (b"data: a\r\nid: 1\r", b"a"),
        ];
        for (event, expected) in cases {
            assert_eq!(data(event), expected);
        }
    }

    /// Scanning the whole buffer whenever data arrived took minutes for a piece of a few megabytes.
    #[test]
    fn a_piece_that_arrives_slowly_is_looked_through_once() {
        use crate::operation::Deprecation;

        static OPERATION: Operation = Operation {
            id: "things.stream",
            method: "GET",
            path: "/things",
            summary: "",
            deprecated: Deprecation::Current,
            accept: "",
            started: &[],
        };
        for (framing, end) in [(Framing::Lines, &b"\n"[..]), (Framing::Events, b"\n\n"), (Framing::Events, b"\n\r\n")] {
            let response = reqwest::Response::from(http::Response::new(Vec::new()));
            let response = OpenResponse {
                operation: &OPERATION,
                response,
                idle: Duration::MAX,
                attempts: 1,
                confidential: Confidential::default(),
            };
            let mut values = Values::<bool>::new(response, framing);
            let start = std::time::Instant::now();
            for _ in 0..8192 {
                values.buffer.extend_from_slice(&[b'x'; 1024]);
                assert_eq!(values.piece(), None);
            }
            for byte in end {
                assert_eq!(values.piece(), None);
                values.buffer.extend_from_slice(&[*byte]);
            }
            assert_eq!(values.piece().map(|piece| piece.len()), Some(8 << 20));
            assert!(start.elapsed() < Duration::from_secs(20), "{framing:?}: {:?}", start.elapsed());
        }
    }
}
