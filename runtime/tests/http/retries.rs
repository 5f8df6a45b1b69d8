//! How failed attempts are repeated: how often, after which pause, with what budget, and what is said about it.
//!
//! It must not know which failures are repeated; that is in `policies`.

use std::time::Duration;

use sdk_runtime::codegen::Core;
use sdk_runtime::{GaveUp, RequestOptions, RetryPolicy, Verdict};

use crate::clock::{FakeClock, START};
use crate::server::{Reply, Server};
use crate::{KEY, PROFILE, builder, get, send, send_with};

async fn failing(status: u16, headers: &[&str]) -> Server {
    Server::start(vec![Reply::new(status, headers, "")]).await.unwrap()
}

#[tokio::test]
async fn retry_delays_follow_the_response() {
    let reset = |offset: u64| format!("x-ratelimit-reset: {}", START + offset);
    for (header, pauses) in [
        ("x-other: 1".to_owned(), [1.0, 2.0]),
        ("retry-after: 5".to_owned(), [5.0, 5.0]),
        ("retry-after: 120".to_owned(), [60.0, 60.0]),
        ("retry-after-ms: 250".to_owned(), [0.25, 0.25]),
        // Ten seconds after the start; the second time it is over.
        ("retry-after: Sun, 06 Nov 1994 08:49:47 GMT".to_owned(), [10.0, 2.0]),
        (reset(10), [11.0, 2.0]),
        (reset(1000), [66.0, 66.0]),
    ] {
        let server = failing(429, &[&header]).await;
        let clock = FakeClock::new();
        let core = builder(&server).clock(clock.clone()).build().unwrap();
        send(&core, RequestOptions::new()).await.unwrap_err();
        assert_eq!(clock.slept(), pauses, "{header}");
    }
}

#[tokio::test]
async fn policy_can_say_how_long_to_wait() {
    let server = failing(404, &["retry-after: 5"]).await;
    let clock = FakeClock::new();
    let wait = |_: &sdk_runtime::Attempt<'_>| Verdict::RetryAfter(Duration::from_secs(90));
    let core = builder(&server).clock(clock.clone()).retry(RetryPolicy::custom(wait)).build().unwrap();
    send(&core, RequestOptions::new()).await.unwrap_err();
    assert_eq!(clock.slept(), [90.0, 90.0]);
}

struct Row {
    client: Option<u32>,
    policy: Option<RetryPolicy>,
    options: RequestOptions,
    expected: u32,
}

#[tokio::test]
async fn number_of_retries_is_that_of_the_call_else_of_the_client_else_of_the_profile() {
    let none = RequestOptions::new;
    let five = RetryPolicy::default().max_retries(5);
    for Row { client, policy, options, expected } in [
        Row { client: None, policy: None, options: none(), expected: 2 },
        Row { client: Some(0), policy: None, options: none(), expected: 0 },
        Row { client: Some(4), policy: None, options: none(), expected: 4 },
        Row { client: None, policy: Some(five.clone()), options: none(), expected: 5 },
        Row { client: Some(4), policy: Some(five.clone()), options: none(), expected: 4 },
        Row { client: Some(4), policy: None, options: none().max_retries(1), expected: 1 },
        Row { client: Some(0), policy: None, options: none().max_retries(3), expected: 3 },
        Row { client: Some(4), policy: None, options: none().retry(five.clone()), expected: 5 },
        Row { client: Some(4), policy: None, options: none().retry(RetryPolicy::default()), expected: 4 },
        Row { client: Some(4), policy: None, options: none().retry(RetryPolicy::none()), expected: 0 },
        Row { client: Some(4), policy: None, options: none().retry(five.clone()).max_retries(1), expected: 1 },
    ] {
        let server = failing(500, &[]).await;
        let mut builder = builder(&server);
        if let Some(most) = client {
            builder = builder.max_retries(most);
        }
        if let Some(policy) = policy {
            builder = builder.retry(policy);
        }
        let shown = format!("{client:?} {options:?}");
        let error = get(&builder.build().unwrap(), options).await.unwrap_err();
        assert_eq!((server.seen().len(), error.attempts()), (1 + expected as usize, 1 + expected), "{shown}");
    }
}

#[tokio::test]
async fn errors_and_responses_count_their_attempts() {
    let server = failing(500, &["x-request-id: req_1"]).await;
    let core = builder(&server).build().unwrap();
    let error = get(&core, RequestOptions::new()).await.unwrap_err();
    let text = "things.get: 500 Internal Server Error: the server gave no reason [request req_1] (after 3 attempts)";
    assert_eq!(error.to_string(), text);
    assert_eq!((error.attempts(), error.gave_up()), (3, Some(GaveUp::Attempts)));
    assert_eq!((&error.to_json()["attempts"], &error.to_json()["gaveUp"]), (&3.into(), &"attempts".into()));

    let once = get(&core, RequestOptions::new().retry(RetryPolicy::none())).await.unwrap_err();
    assert_eq!((once.attempts(), once.gave_up()), (1, None));
    assert!(!once.to_string().contains("attempt"), "{once}");
    assert_eq!(once.to_json()["attempts"], 1);

    let replies = vec![Reply::json(500, "{}"), Reply::json(500, "{}"), Reply::json(200, "[1")];
    let server = Server::start(replies).await.unwrap();
    let response = get(&builder(&server).build().unwrap(), RequestOptions::new()).await.unwrap();
    assert_eq!(response.attempts(), 3);
    assert_eq!(response.decode::<Vec<u8>>().unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn every_attempt_is_the_same_request() {
    let replies = vec![Reply::json(429, "{}"), Reply::json(429, "{}"), Reply::json(200, "{}")];
    for options in [
        RequestOptions::new().query("a", "1").header("x-once", "1"),
        RequestOptions::new().body("application/xml", "<a/>"),
    ] {
        let server = Server::start(replies.clone()).await.unwrap();
        let core = builder(&server).build().unwrap();
        let fill = |request: reqwest::RequestBuilder| request.body("{\"a\":1}");
        send_with(&core, options, fill).await.unwrap();
        let seen = server.seen();
        assert_eq!(seen.len(), 3);
        for later in &seen[1..] {
            assert_eq!((&later.line, &later.headers, &later.body), (&seen[0].line, &seen[0].headers, &seen[0].body));
        }
        assert!(!seen[0].body.is_empty());
    }
}

#[tokio::test]
async fn what_was_not_sent_is_sent_again_whatever_the_method() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let clock = FakeClock::new();
    let core = Core::builder(&PROFILE).api_key(KEY).base_url(format!("http://{address}")).clock(clock.clone());
    let error = send(&core.build().unwrap(), RequestOptions::new()).await.unwrap_err();
    assert!(error.is_connect(), "{error}");
    assert_eq!((error.attempts(), clock.slept()), (3, vec![1.0, 2.0]));
}

#[tokio::test]
async fn outage_is_not_multiplied() {
    const CALLS: usize = 300;
    let server = failing(500, &[]).await;
    let core = builder(&server).build().unwrap();
    let mut last = None;
    for _ in 0..CALLS {
        // Clones of a client have one budget.
        last = get(&core.clone(), RequestOptions::new()).await.err();
    }
    assert_eq!(server.seen().len(), CALLS + 100);
    let error = last.unwrap();
    assert_eq!((error.attempts(), error.gave_up()), (1, Some(GaveUp::Budget)));
    let text = error.to_string();
    assert!(
        text.ends_with("; not tried again: the retry budget of the client is spent, because many of its calls fail")
    );

    let free = RequestOptions::new().retry(RetryPolicy::default().without_budget());
    assert_eq!(get(&core, free).await.unwrap_err().attempts(), 3);
    let parity = RequestOptions::new().retry(RetryPolicy::vendor_parity());
    assert_eq!(get(&core, parity).await.unwrap_err().attempts(), 3);
    let other = builder(&server).build().unwrap();
    assert_eq!(get(&other, RequestOptions::new()).await.unwrap_err().attempts(), 3);
}

#[tokio::test]
async fn budget_comes_back_with_successes() {
    let mut replies = vec![Reply::json(500, "{}"); 300];
    replies.extend(vec![Reply::json(200, "{}"); 5]);
    replies.push(Reply::json(500, "{}"));
    let server = Server::start(replies).await.unwrap();
    let core = builder(&server).build().unwrap();
    // 50 calls with three attempts spend the budget, 150 more fail at once.
    for _ in 0..200 {
        get(&core, RequestOptions::new()).await.unwrap_err();
    }
    for _ in 0..5 {
        get(&core, RequestOptions::new()).await.unwrap();
    }
    let error = get(&core, RequestOptions::new()).await.unwrap_err();
    assert_eq!((error.attempts(), error.gave_up()), (2, Some(GaveUp::Budget)));
}
