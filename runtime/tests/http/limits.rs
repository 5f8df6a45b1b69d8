//! Time limits: of an attempt, and of a whole call.
//!
//! Time is tokio's paused time for what the HTTP client waits for, and the fake clock for pauses between attempts.

use std::time::Duration;

use sdk_runtime::codegen::CoreBuilder;
use sdk_runtime::{ErrorKind, GaveUp, RequestOptions};

use crate::clock::FakeClock;
use crate::server::{Reply, Server};
use crate::{builder, get, send};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test(start_paused = true)]
async fn silent_server_is_a_timeout_that_names_the_limit() {
    let started = "HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n{";
    type Change = fn(CoreBuilder) -> CoreBuilder;
    let rows: [(Change, RequestOptions, &str); 5] = [
        (|client| client, RequestOptions::new(), "within 30s"),
        (|client| client.timeout(seconds(5)), RequestOptions::new(), "within 5s"),
        (|client| client.timeout(seconds(5)), RequestOptions::new().timeout(seconds(7)), "within 7s"),
        (|client| client.total_timeout(seconds(9)), RequestOptions::new(), "within the total time limit of 9s"),
        (
            |client| client.total_timeout(seconds(9)),
            RequestOptions::new().total_timeout(seconds(4)),
            "within the total time limit of 4s",
        ),
    ];
    for reply in [Reply::Silence, Reply::Pieces(vec![(0, started), (100, "")])] {
        for (change, options, text) in &rows {
            let server = Server::start(vec![reply.clone()]).await.unwrap();
            let core = change(builder(&server)).build().unwrap();
            let error = send(&core, options.clone()).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
            assert!(error.is_timeout() && error.is_retryable() && !error.is_connect());
            assert!(error.to_string().contains(text), "{error}");
            assert_eq!((error.attempts(), error.gave_up(), server.seen().len()), (1, None, 1));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn timeout_of_a_harmless_call_is_tried_again() {
    let server = Server::start(vec![Reply::Silence, Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).build().unwrap();
    assert_eq!(get(&core, RequestOptions::new()).await.unwrap().attempts(), 2);
    assert_eq!(server.seen().len(), 2);
}

struct Row {
    header: &'static str,
    total: u64,
    requests: usize,
    slept: Vec<f64>,
}

#[tokio::test]
async fn retry_that_could_not_begin_before_the_deadline_is_not_waited_for() {
    for Row { header, total, requests, slept } in [
        Row { header: "x-other: 1", total: 10, requests: 3, slept: vec![1.0, 2.0] },
        Row { header: "x-other: 1", total: 3, requests: 2, slept: vec![1.0] },
        Row { header: "x-other: 1", total: 1, requests: 1, slept: vec![] },
        Row { header: "retry-after: 5", total: 11, requests: 3, slept: vec![5.0, 5.0] },
        Row { header: "retry-after: 5", total: 10, requests: 2, slept: vec![5.0] },
        Row { header: "retry-after: 5", total: 5, requests: 1, slept: vec![] },
    ] {
        let server = Server::start(vec![Reply::new(429, &[header], "")]).await.unwrap();
        let clock = FakeClock::new();
        let core = builder(&server).clock(clock.clone()).build().unwrap();
        let error = send(&core, RequestOptions::new().total_timeout(seconds(total))).await.unwrap_err();
        assert_eq!((server.seen().len(), clock.slept()), (requests, slept), "{header} {total}");
        // The last response is the error, not the limit.
        assert!(error.is_rate_limited(), "{error}");
        if requests < 3 {
            assert_eq!(error.gave_up(), Some(GaveUp::Deadline(seconds(total))));
            let text = format!("; not tried again: the total time limit of {total}s leaves no time for it");
            assert!(error.to_string().contains(&text), "{error}");
            assert_eq!(error.to_json()["gaveUp"], "deadline");
        } else {
            assert_eq!(error.gave_up(), Some(GaveUp::Attempts));
        }
    }
}

#[tokio::test(start_paused = true)]
async fn last_attempt_gets_only_what_is_left() {
    let server = Server::start(vec![Reply::new(429, &["retry-after: 6"], ""), Reply::Silence]).await.unwrap();
    let core = builder(&server).build().unwrap();
    let begun = tokio::time::Instant::now();
    let error = send(&core, RequestOptions::new().total_timeout(seconds(10))).await.unwrap_err();
    assert!(error.to_string().contains("within the total time limit of 10s (after 2 attempts)"), "{error}");
    let waited = begun.elapsed();
    assert!(waited >= seconds(4) && waited < seconds(5), "{waited:?}");
}

#[tokio::test]
async fn without_any_time_nothing_is_sent() {
    let server = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).build().unwrap();
    for options in [RequestOptions::new().timeout(Duration::ZERO), RequestOptions::new().total_timeout(Duration::ZERO)]
    {
        let error = send(&core, options.max_retries(0)).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Timeout);
    }
    assert!(server.seen().is_empty());
}

#[tokio::test(start_paused = true)]
async fn size_limit_of_responses_does_not_apply_to_downloads() {
    let pieces = vec![(0, "HTTP/1.1 200 X\r\ncontent-length: 4\r\n\r\n"), (4, "ab"), (4, "cd")];
    let server = Server::start(vec![Reply::Pieces(pieces)]).await.unwrap();
    let core = builder(&server).timeout(seconds(5)).build().unwrap();
    let file = core.download(&format!("{}/file", server.url())).bytes().await.unwrap();
    assert_eq!(file, "abcd");
}
