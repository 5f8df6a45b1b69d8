//! Which failed attempts are repeated: every rule, counted by the server.
//!
//! It must not know how long is waited.

use std::sync::LazyLock;

use sdk_runtime::{Operation, RequestOptions, RetryPolicy, Verdict};

use crate::server::{Reply, Server};
use crate::{GET, OPERATION as POST, builder, call, operation};

static HEAD: Operation = operation("things.head", "HEAD");
static OPTIONS: Operation = operation("things.options", "OPTIONS");
static PUT: Operation = operation("things.put", "PUT");
static DELETE: Operation = operation("things.delete", "DELETE");
static PATCH: Operation = operation("things.patch", "PATCH");

/// A failure, and whether a method is repeated after it.
struct Row {
    reply: Reply,
    idempotent: bool,
    post: bool,
}

fn row(status: u16, headers: &[&str], body: &'static str, idempotent: bool, post: bool) -> Row {
    Row { reply: Reply::new(status, headers, body), idempotent, post }
}

fn plain_client() -> reqwest::Client {
    let builder = reqwest::Client::builder().no_proxy().retry(reqwest::retry::never());
    builder.redirect(reqwest::redirect::Policy::none()).build().unwrap()
}

/// How many requests arrive when the first one meets this reply and every other one a success.
async fn requests(operation: &'static Operation, policy: &RetryPolicy, reply: &Reply) -> usize {
    // Making an HTTP client takes longer than all the rest of a case.
    static HTTP: LazyLock<reqwest::Client> = LazyLock::new(plain_client);
    let server = Server::start(vec![reply.clone(), Reply::new(200, &[], "")]).await.unwrap();
    let core = builder(&server).http_client(HTTP.clone()).retry(policy.clone()).build().unwrap();
    let result = call(&core, RequestOptions::new(), operation, |request| request).await;
    let requests = server.seen().len();
    match result {
        Ok(response) => assert_eq!((response.attempts() as usize, requests), (2, 2)),
        Err(error) => assert_eq!((error.attempts() as usize, requests), (1, 1), "{error}"),
    }
    requests
}

#[tokio::test]
async fn nothing_is_repeated_that_could_be_done_twice() {
    let broken = |bytes: &'static str| Row { reply: Reply::Raw(bytes.into()), idempotent: true, post: false };
    let rows = [
        row(400, &[], "", false, false),
        row(401, &[], "", false, false),
        row(404, &[], "", false, false),
        row(409, &[], "", false, false),
        row(408, &[], "", true, false),
        row(500, &[], "", true, false),
        row(502, &[], "<html>", true, false),
        row(504, &[], "", true, false),
        row(429, &[], "", true, true),
        row(503, &[], "", true, false),
        row(503, &["retry-after: 5"], "", true, true),
        row(503, &["retry-after: Sun, 06 Nov 1994 08:49:47 GMT"], "", true, true),
        row(503, &["retry-after: 0.5"], "", true, true),
        row(503, &["retry-after: 0"], "", true, true),
        row(503, &["retry-after: Sun, 06 Nov 1994 08:49:27 GMT"], "", true, true),
        row(503, &["retry-after: -1"], "", true, false),
        row(503, &["retry-after-ms: 500"], "", true, false),
        row(503, &["retry-after: soon"], "", true, false),
        row(500, &["retry-after: 5"], "", true, false),
        row(500, &[], r#"{"retryable":true}"#, true, true),
        row(409, &[], r#"{"error":{"retryable":true}}"#, true, true),
        row(500, &[], r#"{"retryable":false}"#, false, false),
        row(429, &[], r#"{"retryable":false}"#, false, false),
        row(503, &["retry-after: 5"], r#"{"retryable":false}"#, false, false),
        row(504, &[], r#"{"retryable":true,"runId":"run_1"}"#, true, false),
        row(429, &[], r#"{"runId":"run_1"}"#, true, false),
        row(302, &["location: /"], r#"{"retryable":true}"#, false, false),
        row(307, &["location: http://127.0.0.1:9/"], r#"{"retryable":true}"#, false, false),
        row(304, &[], "", false, false),
        broken(""),
        broken("HTTP/1.1 200 X\r\ncontent-"),
        broken("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{"),
    ];
    let policy = RetryPolicy::default();
    for Row { reply, idempotent, post } in rows {
        for operation in [&GET, &PUT, &DELETE, &OPTIONS] {
            let expected = 1 + usize::from(idempotent);
            assert_eq!(requests(operation, &policy, &reply).await, expected, "{} {reply:?}", operation.method);
        }
        for operation in [&POST, &PATCH] {
            let expected = 1 + usize::from(post);
            assert_eq!(requests(operation, &policy, &reply).await, expected, "{} {reply:?}", operation.method);
        }
    }
    assert_eq!(requests(&HEAD, &policy, &Reply::new(500, &[], "")).await, 2);
}

#[tokio::test]
async fn parity_with_the_vendor_goes_by_status_alone() {
    let policy = RetryPolicy::vendor_parity();
    for (reply, repeated) in [
        (Reply::new(408, &[], ""), true),
        (Reply::new(429, &[], ""), true),
        (Reply::new(500, &[], r#"{"retryable":false,"runId":"run_1"}"#), true),
        (Reply::new(501, &[], ""), true),
        (Reply::new(400, &[], r#"{"retryable":true}"#), false),
        (Reply::new(409, &[], ""), false),
        (Reply::new(302, &["location: /"], ""), false),
        (Reply::Raw(Vec::new()), false),
    ] {
        for operation in [&GET, &POST] {
            let expected = 1 + usize::from(repeated);
            assert_eq!(requests(operation, &policy, &reply).await, expected, "{} {reply:?}", operation.method);
        }
    }
}

#[tokio::test]
async fn a_policy_can_be_switched_off_and_replaced() {
    let conflict = Reply::json(409, "{}");
    let broken = Reply::json(500, "{}");
    assert_eq!(requests(&GET, &RetryPolicy::none(), &broken).await, 1);
    assert_eq!(requests(&GET, &RetryPolicy::none().max_retries(5), &broken).await, 1);
    let custom = RetryPolicy::custom(|attempt| match attempt.error().status() {
        Some(status) if status.as_u16() == 409 && attempt.number() == 1 => Verdict::Retry,
        _ => attempt.by_default(),
    });
    assert_eq!(requests(&POST, &custom, &conflict).await, 2);
    assert_eq!(requests(&POST, &custom, &broken).await, 1);
    assert_eq!(requests(&GET, &custom, &broken).await, 2);
}
