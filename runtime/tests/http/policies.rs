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
struct Failure {
    status: u16,
    headers: &'static [&'static str],
    body: &'static str,
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

impl Failure {
    /// Returns a failure without headers and body.
    const fn new(status: u16, repeated: Repeated) -> Self {
        Self { status, headers: &[], body: "", repeated }
    }

    fn reply(&self) -> Reply {
        Reply::new(self.status, self.headers, self.body)
    }
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
    let failures = [
        Failure::new(400, Repeated::Never),
        Failure::new(401, Repeated::Never),
        Failure::new(404, Repeated::Never),
        Failure::new(409, Repeated::Never),
        Failure::new(408, Repeated::IfIdempotent),
        Failure::new(500, Repeated::IfIdempotent),
        Failure { body: "<html>", ..Failure::new(502, Repeated::IfIdempotent) },
        Failure::new(504, Repeated::IfIdempotent),
        Failure::new(429, Repeated::Always),
        Failure::new(503, Repeated::IfIdempotent),
        Failure { headers: &["retry-after: 5"], ..Failure::new(503, Repeated::Always) },
        Failure { headers: &["retry-after: Sun, 06 Nov 1994 08:49:47 GMT"], ..Failure::new(503, Repeated::Always) },
        Failure { headers: &["retry-after: 0.5"], ..Failure::new(503, Repeated::Always) },
        Failure { headers: &["retry-after: 0"], ..Failure::new(503, Repeated::Always) },
        Failure { headers: &["retry-after: Sun, 06 Nov 1994 08:49:27 GMT"], ..Failure::new(503, Repeated::Always) },
        Failure { headers: &["retry-after: -1"], ..Failure::new(503, Repeated::IfIdempotent) },
        Failure { headers: &["retry-after-ms: 500"], ..Failure::new(503, Repeated::IfIdempotent) },
        Failure { headers: &["retry-after: soon"], ..Failure::new(503, Repeated::IfIdempotent) },
        Failure { headers: &["retry-after: 5"], ..Failure::new(500, Repeated::IfIdempotent) },
        Failure { body: r#"{"retryable":true}"#, ..Failure::new(500, Repeated::Always) },
        Failure { body: r#"{"error":{"retryable":true}}"#, ..Failure::new(409, Repeated::Always) },
        Failure { body: r#"{"retryable":false}"#, ..Failure::new(500, Repeated::Never) },
        Failure { body: r#"{"retryable":false}"#, ..Failure::new(429, Repeated::Never) },
        Failure { headers: &["retry-after: 5"], body: r#"{"retryable":false}"#, ..Failure::new(503, Repeated::Never) },
        Failure { body: r#"{"retryable":true,"runId":"run_1"}"#, ..Failure::new(504, Repeated::IfIdempotent) },
        Failure { body: r#"{"runId":"run_1"}"#, ..Failure::new(429, Repeated::IfIdempotent) },
        Failure { headers: &["location: /"], body: r#"{"retryable":true}"#, ..Failure::new(302, Repeated::Never) },
        Failure {
            headers: &["location: http://127.0.0.1:9/"],
            body: r#"{"retryable":true}"#,
            ..Failure::new(307, Repeated::Never)
        },
        Failure::new(304, Repeated::Never),
    ];
    let broken = ["", "HTTP/1.1 200 X\r\ncontent-", "HTTP/1.1 200 X\r\ncontent-length: 9\r\n\r\n{"]
        .map(|bytes| (Reply::Raw(bytes.into()), Repeated::IfIdempotent));
    let failures = failures.iter().map(|failure| (failure.reply(), failure.repeated));
    let policy = RetryPolicy::default();
    for (reply, repeated) in failures.chain(broken) {
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
