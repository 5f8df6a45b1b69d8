//! Splits streamed bodies into events and lines, while they arrive.
//!
//! Server-sent events are parsed as in section 9.2 of WHATWG HTML. This module must not know what the content means, nor
//! how it arrives.

use std::collections::VecDeque;
use std::time::Duration;

/// How the body is split into pieces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// Server-sent events; the `data` of each event is a value.
    Events,
    /// Lines; each line is a value. A record separator begins a text sequence (RFC 7464), whose values may have several lines.
    Lines,
}

/// A piece of a body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Piece {
    /// The name of the event; empty for a line, and for an event without a name.
    pub(super) name: String,
    pub(super) data: Vec<u8>,
}

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
/// Begins each value of a text sequence. No JSON contains it.
const RECORD_SEPARATOR: u8 = 0x1e;

/// Where in a JSON value of a text sequence the next byte is.
#[derive(Debug, Default)]
struct Nesting {
    depth: usize,
    is_in_string: bool,
    is_escaped: bool,
}

impl Nesting {
    fn pass(&mut self, byte: u8) {
        match byte {
            _ if self.is_escaped => self.is_escaped = false,
            b'\\' if self.is_in_string => self.is_escaped = true,
            b'"' => self.is_in_string = !self.is_in_string,
            b'{' | b'[' if !self.is_in_string => self.depth += 1,
            b'}' | b']' if !self.is_in_string => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
    }

    fn is_outside(&self) -> bool {
        self.depth == 0 && !self.is_in_string
    }
}

/// Splits a body, at whatever places it arrives in parts.
#[derive(Debug)]
pub(super) struct Splitter {
    framing: Framing,
    /// The beginning of a line whose end has not arrived.
    line: Vec<u8>,
    position: Position,
    /// The value that has begun, in a text sequence.
    sequence: Option<Nesting>,
    /// The event whose blank line has not arrived.
    event: Piece,
    last_event_id: String,
    retry: Option<Duration>,
    complete: VecDeque<Piece>,
}

/// What the next byte follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Position {
    /// Nothing: a byte order mark can be here.
    Start,
    /// A carriage return, which ends its line together with a line feed that follows.
    CarriageReturn,
    Elsewhere,
}

impl Splitter {
    pub(super) fn new(framing: Framing) -> Self {
        Self {
            framing,
            line: Vec::new(),
            position: Position::Start,
            sequence: None,
            event: Piece::default(),
            last_event_id: String::new(),
            retry: None,
            complete: VecDeque::new(),
        }
    }

    /// Adds bytes that arrived.
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        while let Some(first) = bytes.first() {
            if self.position == Position::CarriageReturn {
                self.position = Position::Elsewhere;
                if *first == b'\n' {
                    bytes = &bytes[1..];
                    continue;
                }
            }
            let Some(end) = bytes.iter().position(|byte| self.ends_line(*byte)) else {
                self.line.extend_from_slice(bytes);
                return;
            };
            let (line, rest) = bytes.split_at(end);
            self.line.extend_from_slice(line);
            let is_first = self.position == Position::Start;
            self.position = if rest.starts_with(b"\r") { Position::CarriageReturn } else { Position::Elsewhere };
            bytes = &rest[1..];
            let line = std::mem::take(&mut self.line);
            self.end_line(if is_first { line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line) } else { &line });
        }
    }

    /// Ends the body. A last line needs no line break, while an event without its blank line is incomplete.
    pub(super) fn finish(&mut self) {
        let line = std::mem::take(&mut self.line);
        match self.framing {
            Framing::Lines if self.position == Position::Start => {
                self.end_line(line.strip_prefix(BYTE_ORDER_MARK).unwrap_or(&line));
            }
            Framing::Lines => self.end_line(&line),
            Framing::Events => self.event = Piece::default(),
        }
    }

    /// Returns the next complete piece.
    pub(super) fn next(&mut self) -> Option<Piece> {
        self.complete.pop_front()
    }

    /// Returns the number of bytes of the piece that is incomplete.
    pub(super) fn pending(&self) -> usize {
        self.line.len() + self.event.data.len()
    }

    /// Returns how the pieces are told apart.
    pub(super) fn framing(&self) -> Framing {
        self.framing
    }

    /// Returns the ID that the server sent last, or an empty string.
    pub(super) fn last_event_id(&self) -> &str {
        &self.last_event_id
    }

    /// Returns the time after which the server asks to connect again.
    pub(super) fn retry(&self) -> Option<Duration> {
        self.retry
    }

    fn ends_line(&mut self, byte: u8) -> bool {
        match (self.framing, &mut self.sequence) {
            (Framing::Events, _) => matches!(byte, b'\n' | b'\r'),
            (Framing::Lines, sequence) if byte == RECORD_SEPARATOR => {
                *sequence = Some(Nesting::default());
                true
            }
            (Framing::Lines, Some(nesting)) => {
                nesting.pass(byte);
                byte == b'\n' && nesting.is_outside()
            }
            (Framing::Lines, None) => byte == b'\n',
        }
    }

    fn end_line(&mut self, line: &[u8]) {
        match self.framing {
            Framing::Lines => {
                let data = line.trim_ascii().to_vec();
                if !data.is_empty() {
                    self.complete.push_back(Piece { name: String::new(), data });
                }
            }
            Framing::Events if line.is_empty() => self.end_event(),
            Framing::Events => self.add_field(line),
        }
    }

    /// Ends an event at its blank line. Without a `data` field there is none.
    fn end_event(&mut self) {
        let mut event = std::mem::take(&mut self.event);
        // Each line of data added a line feed.
        if event.data.pop().is_some() {
            self.complete.push_back(event);
        }
    }

    fn add_field(&mut self, line: &[u8]) {
        let (name, value) = match line.iter().position(|byte| *byte == b':') {
            Some(colon) => (&line[..colon], &line[colon + 1..]),
            None => (line, &b""[..]),
        };
        let value = value.strip_prefix(b" ").unwrap_or(value);
        match name {
            b"data" => {
                self.event.data.extend_from_slice(value);
                self.event.data.push(b'\n');
            }
            b"event" => self.event.name = String::from_utf8_lossy(value).into_owned(),
            b"id" if !value.contains(&0) => self.last_event_id = String::from_utf8_lossy(value).into_owned(),
            b"retry" if !value.is_empty() && value.iter().all(u8::is_ascii_digit) => {
                let milliseconds = std::str::from_utf8(value).ok().and_then(|digits| digits.parse().ok());
                self.retry = milliseconds.map(Duration::from_millis).or(self.retry);
            }
            // A comment, or a field that the standard does not define.
            _ => {}
        }
    }
}

/// Returns the data of the first event of a body that has any, whether its end has arrived or not.
pub(super) fn first_data(body: &[u8]) -> Option<Vec<u8>> {
    let mut splitter = Splitter::new(Framing::Events);
    splitter.push(body);
    splitter.push(b"\n\n");
    std::iter::from_fn(|| splitter.next()).map(|event| event.data).find(|data| !data.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Splits a body that arrives in parts of this length.
    fn split(framing: Framing, body: &[u8], length: usize) -> Vec<(String, String)> {
        let mut splitter = Splitter::new(framing);
        body.chunks(length).for_each(|part| splitter.push(part));
        splitter.finish();
        let pieces = std::iter::from_fn(|| splitter.next());
        pieces.map(|piece| (piece.name, String::from_utf8(piece.data).unwrap())).collect()
    }

    #[test]
    fn events_are_split_as_the_standard_says_wherever_the_body_is_cut() {
        let rows: [(&str, &[(&str, &str)]); 15] = [
            ("data: 1\n\ndata: 2\n\n", &[("", "1"), ("", "2")]),
            ("data: 1\r\n\r\ndata: 2\r\n\r\n", &[("", "1"), ("", "2")]),
            ("data: 1\r\rdata: 2\r\r", &[("", "1"), ("", "2")]),
            ("data: 1\r\n\ndata: 2\n\r\n", &[("", "1"), ("", "2")]),
            ("\u{feff}data: 1\n\n", &[("", "1")]),
            ("\u{feff}: hello\r\ndata: 1\n\n\u{feff}data: 2\n\n", &[("", "1")]),
            ("event: a\ndata:1\nid: 7\n\ndata: 2\n\n", &[("a", "1"), ("", "2")]),
            ("data: a\ndata:b\rdata:  c\n\n", &[("", "a\nb\n c")]),
            ("data: a\u{2028}b\u{85}c\u{b}d\u{c}e\n\n", &[("", "a\u{2028}b\u{85}c\u{b}d\u{c}e")]),
            ("data: caf\u{e9} \u{1f600}\n\n", &[("", "caf\u{e9} \u{1f600}")]),
            ("data\n\ndata:\n\n", &[("", ""), ("", "")]),
            ("event: b\nid: 1\nretry: 3\n\n", &[]),
            (": ping\n\n\n\ndatax: 1\n data: 2\n\n", &[]),
            ("data: 1\n\ndata: 2\n", &[("", "1")]),
            ("data: 1\n\ndata: 2", &[("", "1")]),
        ];
        for (body, expected) in rows {
            let expected: Vec<(String, String)> =
                expected.iter().map(|(name, data)| ((*name).to_owned(), (*data).to_owned())).collect();
            for length in 1..=body.len() {
                assert_eq!(split(Framing::Events, body.as_bytes(), length), expected, "{body:?} by {length}");
            }
        }
    }

    #[test]
    fn lines_end_at_line_feeds_and_the_body() {
        let rows: [(&str, &[&str]); 7] = [
            ("1\n2", &["1", "2"]),
            ("\u{feff}1\r\n\r\n 2 \n", &["1", "2"]),
            ("\u{feff}1", &["1"]),
            ("", &[]),
            ("\u{1e}{\"a\": [\n1]}\n\u{1e}2\n", &["{\"a\": [\n1]}", "2"]),
            ("\u{1e}\"\\\"}]{\"\n\u{1e}{\n\u{1e}1", &["\"\\\"}]{\"", "{", "1"]),
            ("\u{1e}\n\u{1e}\u{1e}[]\n", &["[]"]),
        ];
        for (body, expected) in rows {
            for length in 1..=body.len().max(1) {
                let found: Vec<String> =
                    split(Framing::Lines, body.as_bytes(), length).into_iter().map(|(_, data)| data).collect();
                assert_eq!(found, expected, "{body:?} by {length}");
            }
        }
    }

    #[test]
    fn identifier_and_time_to_connect_again_are_kept() {
        let mut splitter = Splitter::new(Framing::Events);
        splitter.push(b"id: 7\nretry: 3000\n\nid: a\0b\nretry: 1s\nretry\n\n");
        assert_eq!((splitter.last_event_id(), splitter.retry()), ("7", Some(Duration::from_secs(3))));
        splitter.push(b"id\n");
        assert_eq!(splitter.last_event_id(), "");
    }

    /// Scanning everything that is pending whenever data arrived took minutes for a piece of a few megabytes.
    #[test]
    fn piece_that_arrives_slowly_is_looked_through_once() {
        for (framing, start, end) in
            [(Framing::Lines, "", "\n"), (Framing::Events, "data:", "\n\n"), (Framing::Events, "data:", "\r\n\r\n")]
        {
            let mut splitter = Splitter::new(framing);
            let begun = std::time::Instant::now();
            splitter.push(start.as_bytes());
            for _ in 0..8192 {
                splitter.push(&[b'x'; 1024]);
                assert_eq!(splitter.next(), None);
            }
            assert_eq!(splitter.pending(), (8 << 20) + start.len());
            splitter.push(end.as_bytes());
            assert_eq!(splitter.next().map(|piece| piece.data.len()), Some(8 << 20));
            assert!(begun.elapsed() < Duration::from_secs(20), "{framing:?}: {:?}", begun.elapsed());
        }
    }

    #[test]
    fn first_data_is_found_in_an_unfinished_body_too() {
        for (body, expected) in [
            ("event: error\ndata: {}\n\n", Some("{}")),
            (": x\n\ndata\n\ndata: 1", Some("1")),
            ("{}", None),
            ("", None),
        ] {
            assert_eq!(first_data(body.as_bytes()).map(|data| String::from_utf8(data).unwrap()).as_deref(), expected);
        }
    }
}
