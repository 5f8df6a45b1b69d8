//! Tests of streams: what a generated call does with events, and with a response that is no stream.

use sdk_runtime::{Error, ErrorKind};
use workspace_tests::server::{Reply, Server};

use crate::Client;
use crate::types::Refused;

/// Returns the values of a stream with this body, up to the first error.
async fn values(media_type: &str, body: &str) -> (Vec<Refused>, Option<Error>) {
    let reply = Reply::text(200, media_type, body);
    let server = Server::start(move |_| reply.clone()).await.unwrap();
    let client = Client::builder().base_url(server.url()).build().unwrap();
    let mut values = match client.items().watch().await {
        Ok(values) => values,
        Err(error) => return (Vec::new(), Some(error)),
    };
    let mut seen = Vec::new();
    while let Some(value) = values.next().await {
        match value {
            Ok(value) => seen.push(value),
            Err(error) => return (seen, Some(error)),
        }
    }
    (seen, None)
}

#[tokio::test]
async fn error_in_a_stream_is_never_taken_for_its_end() {
    let item = "data: {\"reason\":\"a\"}\r\r";
    let (seen, error) = values("text/event-stream", item).await;
    assert!(seen.len() == 1 && error.is_none(), "{error:?}");
    for error in ["event: error\ndata: {\"message\":\"Overloaded\"}\n\n", "data: {\"error\":\"Overloaded\"}\n\n"] {
        let (seen, error) = values("text/event-stream; charset=utf-8", &format!("{item}{error}")).await;
        let error = error.unwrap();
        assert_eq!((seen.len(), error.kind(), error.message()), (1, ErrorKind::Stream, "Overloaded"));
    }
    let (seen, error) = values("application/json", "{\"error\":\"no stream\"}").await;
    let error = error.unwrap();
    assert_eq!((seen.len(), error.kind()), (0, ErrorKind::Decode));
    assert!(error.to_string().contains("no stream"), "{error}");
}

#[tokio::test]
async fn error_in_a_stream_is_no_unknown_variant() {
    let body = "data: {\"reason\":\"a\"}\n\ndata: {\"new\":1}\n\ndata: {\"error\":{\"message\":\"Overloaded\"}}\n\n";
    let reply = Reply::text(200, "text/event-stream", body);
    let server = Server::start(move |_| reply.clone()).await.unwrap();
    let client = Client::builder().base_url(server.url()).build().unwrap();
    let mut values = client.items().watch_any().await.unwrap();
    // A variant of a later version is kept, as in any other response.
    values.next().await.unwrap().unwrap();
    values.next().await.unwrap().unwrap();
    let error = values.next().await.unwrap().unwrap_err();
    assert_eq!((error.kind(), error.message()), (ErrorKind::Stream, "Overloaded"));
}

#[tokio::test]
async fn data_of_events_that_are_strings_is_the_text_as_it_is() {
    let body = "data: 5\n\ndata: \"a\"\n\ndata: {\"b\": 1}\n\ndata: c\ndata: d\n\ndata: {\"error\":\"no\"}\n\ndata: [DONE]\n\n";
    let server = Server::start(move |_| Reply::text(200, "text/event-stream", body)).await.unwrap();
    let client = Client::builder().base_url(server.url()).build().unwrap();
    let mut values = client.items().watch_text().await.unwrap();
    for expected in ["5", "\"a\"", "{\"b\": 1}", "c\nd"] {
        assert_eq!(values.next().await.unwrap().unwrap(), expected);
    }
    assert_eq!(values.next().await.unwrap().unwrap_err().kind(), ErrorKind::Stream);
    assert!(values.next().await.is_none());
}
