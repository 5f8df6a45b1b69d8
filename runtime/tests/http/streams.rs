//! Responses that arrive piece by piece: as values, and within which time limits.
//!
//! Time is tokio's paused time: it jumps whenever everything waits.

use std::time::Duration;

use sdk_runtime::codegen::Context;
use sdk_runtime::{Error, ErrorKind, RequestOptions};
use sdk_runtime::{Values, codegen::Framing};
use serde_json::Value;

use crate::server::{Reply, Server};
use crate::{OPERATION, builder, built};

const HEAD: &str = "HTTP/1.1 200 X\r\nconnection: close\r\ncontent-type: text/event-stream\r\n\r\n";

/// Opens a stream the way generated code does.
async fn open(server: &Server, options: RequestOptions, framing: Framing) -> Result<Values<Value>, Error> {
    let core = builder(server).timeout(Duration::from_secs(10)).build().unwrap();
    let context = Context::new(core, options, &OPERATION);
    let request = built(&context, |request| request);
    Values::open(context.open(request, Context::prepare).await?, framing).await
}

/// All numbers of a stream, and the error it ends with.
async fn numbers(mut values: Values<Value>) -> (Vec<i64>, Option<Error>) {
    let mut seen = Vec::new();
    while let Some(value) = values.next().await {
        match value {
            Ok(value) => seen.push(value["n"].as_i64().unwrap()),
            Err(error) => return (seen, Some(error)),
        }
    }
    (seen, None)
}

#[tokio::test]
async fn values_arrive_one_by_one() {
    let cases = [
        (Framing::Events, "event: a\ndata: {\"n\":1}\n\n: ping\n\ndata: {\"n\":\ndata: 2}\r\n\r\ndata: [DONE]\n\n"),
        (Framing::Lines, "{\"n\":1}\r\n\n{\"n\":2}"),
    ];
    for (framing, body) in cases {
        let server = Server::start(vec![Reply::new(200, &["content-type: text/event-stream"], body)]).await.unwrap();
        let values = open(&server, RequestOptions::new(), framing).await.unwrap();
        assert_eq!((values.status().as_u16(), values.attempts()), (200, 1));
        let (seen, error) = numbers(values).await;
        assert_eq!(seen, [1, 2], "{framing:?}");
        assert!(error.is_none(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn stream_that_delivers_is_not_ended_by_a_time_limit() {
    let pieces = vec![(0, HEAD), (9, "data: {\"n\":1}\n\n"), (9, ": ping\n\n"), (9, "data: {\"n\":2}\n\n"), (9, "")];
    let server = Server::start(vec![Reply::Pieces(pieces)]).await.unwrap();
    let options = RequestOptions::new().total_timeout(Duration::from_secs(20));
    let values = open(&server, options, Framing::Events).await.unwrap();
    let (seen, error) = numbers(values).await;
    assert_eq!(seen, [1, 2]);
    assert!(error.is_none(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn stream_that_falls_silent_is_a_timeout() {
    let pieces = vec![(0, HEAD), (0, "data: {\"n\":1}\n\n"), (11, "data: {\"n\":2}\n\n")];
    let server = Server::start(vec![Reply::Pieces(pieces)]).await.unwrap();
    let values = open(&server, RequestOptions::new(), Framing::Events).await.unwrap();
    let (seen, error) = numbers(values).await;
    let error = error.unwrap();
    assert_eq!((seen.as_slice(), error.kind()), ([1].as_slice(), ErrorKind::Timeout));
    assert_eq!(error.to_string(), "things.create: nothing more of the response arrived within 10s");
}

#[tokio::test(start_paused = true)]
async fn beginning_of_a_stream_has_the_limits_of_any_response() {
    for (options, text) in [
        (RequestOptions::new(), "within 10s"),
        (RequestOptions::new().timeout(Duration::from_secs(3)), "within 3s"),
        (RequestOptions::new().total_timeout(Duration::from_secs(5)), "within the total time limit of 5s"),
    ] {
        let server = Server::start(vec![Reply::Pieces(vec![(11, HEAD)])]).await.unwrap();
        let error = open(&server, options, Framing::Events).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.to_string().contains(text), "{error}");
    }
}

#[tokio::test]
async fn stream_that_does_not_begin_is_tried_again() {
    let replies = vec![Reply::json(429, "{}"), Reply::json(200, "{\"n\":7}\n")];
    let server = Server::start(replies).await.unwrap();
    let values = open(&server, RequestOptions::new(), Framing::Lines).await.unwrap();
    assert_eq!(values.attempts(), 2);
    assert_eq!(numbers(values).await.0, [7]);
}

/// A chunked response, each of whose pieces is a chunk.
fn chunked(head: &str, pieces: &[&[u8]], end: &str) -> Reply {
    let mut bytes =
        format!("HTTP/1.1 200 X\r\nconnection: close\r\ntransfer-encoding: chunked\r\n{head}\r\n\r\n").into_bytes();
    for piece in pieces {
        bytes.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
        bytes.extend_from_slice(piece);
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(end.as_bytes());
    Reply::Raw(bytes)
}

const EVENTS: &str = "content-type: text/event-stream";
const LAST_CHUNK: &str = "0\r\n\r\n";

#[tokio::test]
async fn events_are_framed_as_whatwg_html_says() {
    let pieces: [&[u8]; 9] = [
        b"\xef\xbb\xbf: hello\r\n",
        b"data: {\"t\":\"caf\xc3",
        b"\xa9\"}\r",
        b"\n\r\n",
        b"data:{\"t\":\"a\xe2\x80\xa8b\xc2\x85c\"}\n\n",
        b"data: {\"t\":\rdata: \"two lines\"}\r\r",
        b"id: 7\nevent: custom\nretry: 3000\n\n",
        b"data\n\nevent: named\ndata: {\"t\":\"named\"}\n\n",
        b"data: {\"t\":\"last\"}\n",
    ];
    let server = Server::start(vec![chunked(EVENTS, &pieces, LAST_CHUNK)]).await.unwrap();
    let mut values = open(&server, RequestOptions::new(), Framing::Events).await.unwrap();
    let mut seen = Vec::new();
    while let Some(value) = values.next().await {
        seen.push((value.unwrap()["t"].as_str().unwrap().to_owned(), values.event().to_owned()));
    }
    let expected = [("café", ""), ("a\u{2028}b\u{85}c", ""), ("two lines", ""), ("named", "named")];
    let expected = expected.map(|(text, event)| (text.to_owned(), event.to_owned()));
    assert_eq!(seen, expected);
    assert_eq!((values.last_event_id(), values.reconnection_time()), ("7", Some(Duration::from_secs(3))));
}

/// The first item of a stream of numbers, and the error that follows.
async fn item_and_error(reply: Reply) -> (i64, Error, Option<Result<Item, Error>>) {
    let server = Server::start(vec![reply]).await.unwrap();
    let core = builder(&server).build().unwrap();
    let context = Context::new(core, RequestOptions::new(), &OPERATION);
    let request = built(&context, |request| request);
    let opened = context.open(request, Context::prepare).await.unwrap();
    let mut values: Values<Item> = Values::open(opened, Framing::Events).await.unwrap();
    let first = values.next().await.unwrap().unwrap();
    let error = values.next().await.unwrap().unwrap_err();
    assert_eq!(server.seen().len(), 1);
    (first.delta, error, values.next().await)
}

/// An item of a stream.
#[derive(Debug)]
struct Item {
    delta: i64,
}

sdk_runtime::object!(Item {
    "delta" => delta: required,
});

#[tokio::test]
async fn error_inside_a_stream_is_an_error_with_the_text_of_the_server() {
    let item: &[u8] = b"event: delta\ndata: {\"delta\":1}\n\n";
    for (data, message, code) in [
        (
            "event: error\ndata: {\"type\":\"error\",\"error\":{\"code\":\"busy\",\"message\":\"Overloaded\"}}\n\n",
            "Overloaded",
            Some("busy"),
        ),
        ("data: {\"error\":{\"message\":\"Overloaded\",\"code\":\"busy\"}}\n\n", "Overloaded", Some("busy")),
        ("data: {\"error\":\"Overloaded\"}\n\n", "Overloaded", None),
        ("data: {\"type\":\"error\",\"message\":\"Overloaded\"}\n\n", "Overloaded", None),
        ("event: error\ndata: Overloaded\n\n", "Overloaded", None),
        ("event: error\ndata: {}\n\n", "the server reported an error without a reason", None),
    ] {
        let (first, error, end) = item_and_error(chunked(EVENTS, &[item, data.as_bytes()], LAST_CHUNK)).await;
        assert_eq!((first, error.kind(), error.message()), (1, ErrorKind::Stream, message), "{data}");
        assert_eq!((error.code(), error.to_string().contains("200")), (code, false), "{error}");
        assert!(end.is_none(), "{data}");
    }
    let (_, error, end) = item_and_error(chunked(EVENTS, &[item, b"data: {\"delta\":\"x\"}\n\n"], LAST_CHUNK)).await;
    assert_eq!((error.kind(), &error.body().unwrap()[..]), (ErrorKind::Decode, &b"{\"delta\":\"x\"}"[..]));
    assert!(end.is_none());
    let (_, error, end) = item_and_error(chunked(EVENTS, &[item, b"data: {\"delta\""], "")).await;
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(end.is_none());
}

#[tokio::test]
async fn stream_ends_at_its_marker_although_the_connection_stays_open() {
    let head = "HTTP/1.1 200 X\r\ncontent-type: text/event-stream\r\n\r\n";
    let pieces = vec![(0, head), (0, "data: {\"n\":1}\n\ndata: [DONE]\n\ndata: {\"n\":2}\n\n"), (60, "")];
    let server = Server::start(vec![Reply::Pieces(pieces)]).await.unwrap();
    let mut values = open(&server, RequestOptions::new(), Framing::Events).await.unwrap();
    assert_eq!(values.next().await.unwrap().unwrap()["n"], 1);
    assert!(values.next().await.is_none());
    assert!(values.next().await.is_none());
}

#[tokio::test]
async fn response_that_is_no_stream_is_an_error_with_its_body() {
    let body = "{\"error\":{\"message\":\"no stream for you\"}}";
    for (header, framing, part) in [
        ("content-type: application/json", Framing::Events, "is not a stream of events (application/json): no stream"),
        ("content-type: text/html", Framing::Lines, "is not lines of JSON (text/html): no stream"),
        ("content-encoding: gzip", Framing::Events, "is compressed (gzip), which was not asked for"),
        ("content-encoding: X-GZIP", Framing::Lines, "is compressed (X-GZIP), which was not asked for"),
    ] {
        let server = Server::start(vec![Reply::new(200, &[header], body)]).await.unwrap();
        let error = open(&server, RequestOptions::new(), framing).await.unwrap_err();
        assert_eq!((error.kind(), &error.body().unwrap()[..]), (ErrorKind::Decode, body.as_bytes()), "{header}");
        assert!(error.to_string().contains(part), "{error}");
        assert_eq!(server.seen().len(), 1);
    }
}

#[tokio::test]
async fn error_response_that_is_a_stream_is_an_error_of_the_call() {
    let body = "event: error\ndata: {\"error\":{\"message\":\"Overloaded\"}}\n\n";
    let reply = Reply::new(429, &[EVENTS, "retry-after: 1"], body);
    let server = Server::start(vec![reply]).await.unwrap();
    let error = open(&server, RequestOptions::new(), Framing::Events).await.unwrap_err();
    assert_eq!((error.kind(), error.message(), error.attempts()), (ErrorKind::Status, "Overloaded", 3));
    assert_eq!((error.is_rate_limited(), error.retry_after()), (true, Some(Duration::from_secs(1))));
}

#[tokio::test]
async fn events_that_are_text_are_read_as_strings() {
    let body = "data: hello\n\ndata: \"quoted\"\n\ndata: 7\n\n";
    let server = Server::start(vec![Reply::new(200, &[EVENTS], body)]).await.unwrap();
    let core = builder(&server).build().unwrap();
    let context = Context::new(core, RequestOptions::new(), &OPERATION);
    let request = built(&context, |request| request);
    let opened = context.open(request, Context::prepare).await.unwrap();
    let mut values: Values<String> = Values::open(opened, Framing::Events).await.unwrap();
    let mut seen = Vec::new();
    while let Some(value) = values.next().await {
        seen.push(value.unwrap());
    }
    // The data of an event is a string, as OpenAPI 3.2 has it: quotes are part of it.
    assert_eq!(seen, ["hello", "\"quoted\"", "7"]);
}
