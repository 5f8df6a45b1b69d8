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
    Ok(Values::new(context.open(request, Context::prepare).await?, framing))
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
        let server = Server::start(vec![Reply::json(200, body)]).await.unwrap();
        let values = open(&server, RequestOptions::new(), framing).await.unwrap();
        assert_eq!((values.status().as_u16(), values.attempts()), (200, 1));
        let (seen, error) = numbers(values).await;
        assert_eq!(seen, [1, 2], "{framing:?}");
        assert!(error.is_none(), "{error:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_delivers_is_not_ended_by_a_time_limit() {
    let pieces = vec![(0, HEAD), (9, "data: {\"n\":1}\n\n"), (9, ": ping\n\n"), (9, "data: {\"n\":2}\n\n"), (9, "")];
    let server = Server::start(vec![Reply::Pieces(pieces)]).await.unwrap();
    let options = RequestOptions::new().total_timeout(Duration::from_secs(20));
    let values = open(&server, options, Framing::Events).await.unwrap();
    let (seen, error) = numbers(values).await;
    assert_eq!(seen, [1, 2]);
    assert!(error.is_none(), "{error:?}");
}

#[tokio::test(start_paused = true)]
async fn a_stream_that_falls_silent_is_a_timeout() {
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
async fn a_stream_that_does_not_begin_is_tried_again() {
    let replies = vec![Reply::json(429, "{}"), Reply::json(200, "{\"n\":7}\n")];
    let server = Server::start(replies).await.unwrap();
    let values = open(&server, RequestOptions::new(), Framing::Lines).await.unwrap();
    assert_eq!(values.attempts(), 2);
    assert_eq!(numbers(values).await.0, [7]);
}
