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

/// A failure, and which requests are repeated after it.
struct Row {
    reply: Reply,
    repeated: Repeated,
}

/// Which requests are repeated after a failure.
#[derive(Clone, Copy)]
enum Repeated {
    Never,
    IfIdempotent,
    Always,
}

impl Repeated {
    /// Returns how many requests of an operation arrive in all.
    fn requests(self, operation: &Operation) -> usize {
        match self {
            Self::Never => 1,
            Self::IfIdempotent => 1 + usize::from(!matches!(operation.method, "POST" | "PATCH")),
            Self::Always => 2,
        }
    }
}

fn row(status: u16, headers: &[&str], body: &'static str, repeated: Repeated) -> Row {
    Row { reply: Reply::new(status, headers, body), repeated }
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
async fn requests_that_could_take_effect_twice_are_not_repeated() {
    let broken = |bytes: &'static str| Row { reply: Reply::Raw(bytes.into()), repeated: Repeated::IfIdempotent };
    let rows = [
        row(400, &[], "", Repeated::Never),
        row(401, &[], "", Repeated::Never),
        row(404, &[], "", Repeated::Never),
        row(409, &[], "", Repeated::Never),
        row(408, &[], "", Repeated::IfIdempotent),
        row(500, &[], "", Repeated::IfIdempotent),
        row(502, &[], "<html>", Repeated::IfIdempotent),
        row(504, &[], "", Repeated::IfIdempotent),
        row(429, &[], "", Repeated::Always),
        row(503, &[], "", Repeated::IfIdempotent),
        row(503, &["retry-after: 5"], "", Repeated::Always),
        row(503, &["retry-after: Sun, 06 Nov 1994 08:49:47 GMT"], "", Repeated::Always),
        row(503, &["retry-after: 0.5"], "", Repeated::Always),
        row(503, &["retry-after: 0"], "", Repeated::Always),
        row(503, &["retry-after: Sun, 06 Nov 1994 08:49:27 GMT"], "", Repeated::Always),
        row(503, &["retry-after: -1"], "", Repeated::IfIdempotent),
        row(503, &["retry-after-ms: 500"], "", Repeated::IfIdempotent),
        row(503, &["retry-after: soon"], "", Repeated::IfIdempotent),
        row(500, &["retry-after: 5"], "", Repeated::IfIdempotent),
        row(500, &[], r#"{"retryable":true}"#, Repeated::Always),
        row(409, &[], r#"{"error":{"retryable":true}}"#, Repeated::Always),
        row(500, &[], r#"{"retryable":false}"#, Repeated::Never),
        row(429, &[], r#"{"retryable":false}"#, Repeated::Never),
        row(503, &["retry-after: 5"], r#"{"retryable":false}"#, Repeated::Never),
        row(504, &[], r#"{"retryable":true,"runId":"run_1"}"#, Repeated::IfIdempotent),
        row(429, &[], r#"{"runId":"run_1"}"#, Repeated::IfIdempotent),
        row(302, &["location: /"], r#"{"retryable":true}"#, Repeated::Never),
        row(307, &["location: http://127.0.0.1:9/"], r#"{"retryable":true}"#, Repeated::Never),
        row(304, &[], "", Repeated::Never),
        broken(""),
        broken("HTTP/1.1 200 X\r\ncontent-"),
        broken("HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{"),
    ];
    let policy = RetryPolicy::default();
    for Row { reply, repeated } in rows {
        for operation in [&GET, &PUT, &DELETE, &OPTIONS, &POST, &PATCH] {
            let expected = repeated.requests(operation);
            assert_eq!(requests(operation, &policy, &reply).await, expected, "{} {reply:?}", operation.method);
        }
    }
    assert_eq!(requests(&HEAD, &policy, &Reply::new(500, &[], "")).await, 2);
}

#[tokio::test]
async fn vendor_parity_decides_by_status_alone() {
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
async fn policy_can_be_disabled_and_replaced() {
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
