//! Tests the client against servers that are slow, overloaded, or have a wrong clock.
//!
//! Delays pass on a test clock. Only socket time limits take real time, and little of it.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use extend_ai::{Client, ClientBuilder, ErrorKind, GaveUp};
use sdk_runtime::testing::InstantClock;
use tokio::task::JoinSet;
use workspace_tests::hostile::{Act, Hostile};

use crate::hostile::{client, describe};

/// The time limit of an attempt in these tests.
const LIMIT: Duration = Duration::from_millis(200);
/// Much longer than three attempts take on a slow machine.
const HANGS: Duration = Duration::from_secs(10);

/// Returns scripts that never end.
fn endless() -> Vec<(&'static str, Vec<Act>)> {
    let drip = |text: &str| Act::Trickle(text.as_bytes().to_vec(), Duration::from_millis(10));
    let head = |line: &str| Act::send(format!("HTTP/1.1 200 OK\r\n{line}\r\n"));
    vec![
        ("silence", vec![Act::Silence]),
        ("silence in the headers", vec![Act::send("HTTP/1.1 200 OK\r\nx-a:"), Act::Silence]),
        ("silence in the body", vec![head("content-length: 9\r\n"), Act::send("{"), Act::Silence]),
        ("headers that trickle", vec![Act::send("HTTP/1.1 200 OK\r\n"), drip("x-a: 1\r\n")]),
        ("a header that trickles", vec![Act::send("HTTP/1.1 200 OK\r\nx-a: "), drip("a")]),
        ("a body that trickles", vec![head("content-length: 1000000\r\n"), drip(" ")]),
        ("chunks that trickle", vec![head("transfer-encoding: chunked\r\n"), drip("1\r\n \r\n")]),
        ("interim responses that trickle", vec![drip("HTTP/1.1 100 Continue\r\n\r\n")]),
    ]
}

/// A client and a server that never ends its response.
struct Case {
    name: &'static str,
    server: Hostile,
    client: Client,
    clock: InstantClock,
}

/// Checks all endless scripts concurrently.
async fn check_each<F: Future<Output = ()> + Send + 'static>(
    configure: fn(ClientBuilder) -> ClientBuilder,
    check: fn(Case) -> F,
) {
    let mut checks = Vec::new();
    for (name, script) in endless() {
        let server = Hostile::start([script]).await.unwrap();
        let (client, clock) = client(server.url(), configure);
        checks.push(check(Case { name, server, client, clock }));
    }
    // Start timing only now: building a client takes long.
    let begun = Instant::now();
    let mut running: JoinSet<()> = checks.into_iter().collect();
    while let Some(checked) = running.join_next().await {
        checked.unwrap();
    }
    assert!(begun.elapsed() < HANGS, "{:?}", begun.elapsed());
}

#[tokio::test]
async fn timeout_ends_an_attempt_at_a_server_that_never_ends() {
    async fn check(Case { name, server, client, clock }: Case) {
        let idempotent = client.files().retrieve("file_1").await.unwrap_err();
        assert_eq!((idempotent.attempts(), server.requests().len()), (3, 3), "{name}: {}", describe(&idempotent));
        let starting = client.extract_runs().create().await.unwrap_err();
        assert_eq!((starting.attempts(), server.requests().len()), (1, 4), "{name}: {}", describe(&starting));
        assert_eq!(clock.pauses(), [1, 2].map(Duration::from_secs), "{name}");
        for error in [idempotent, starting] {
            let text = describe(&error);
            assert!(error.kind() == ErrorKind::Timeout && error.is_timeout(), "{name}: {text}");
            assert!(text.contains("no complete response from 127.0.0.1:"), "{name}: {text}");
            assert!(text.contains("within 200ms"), "{name}: {text}");
        }
    }
    check_each(|builder| builder.max_retries(2).timeout(LIMIT), check).await;
}

#[tokio::test]
async fn total_timeout_ends_a_call_during_an_attempt() {
    async fn check(Case { name, server, client, .. }: Case) {
        let error = client.files().retrieve("file_1").await.unwrap_err();
        let text = describe(&error);
        assert!(error.is_timeout() && text.contains("within the total time limit of 200ms"), "{name}: {text}");
        assert_eq!((error.attempts(), error.gave_up()), (1, Some(GaveUp::Deadline(LIMIT))), "{name}: {text}");
        assert_eq!(server.requests().len(), 1, "{name}");
    }
    check_each(|builder| builder.max_retries(2).total_timeout(LIMIT), check).await;
}

#[tokio::test]
async fn polling_does_not_hang_on_a_server_that_never_ends() {
    async fn check(Case { name, server, client, .. }: Case) {
        let attached = client.extract_runs().attach("run_1").max_wait(Duration::from_secs(2));
        let error = attached.await.unwrap_err();
        let text = describe(&error);
        assert_eq!((error.kind(), error.run_id()), (ErrorKind::WaitTimeout, Some("run_1")), "{name}: {text}");
        assert_eq!(server.requests().len(), 3, "{name}: {text}");
    }
    check_each(|builder| builder.max_retries(0).timeout(LIMIT), check).await;
}

/// An HTTP date in the distant future.
const FAR: &str = "retry-after: Tue, 31 Dec 2999 23:59:59 GMT";

#[tokio::test]
async fn retry_delays_are_bounded_for_a_server_with_a_wrong_clock() {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs();
    let past = format!("x-ratelimit-reset: {}", now - 86_400);
    let future = format!("x-ratelimit-reset: {}", now + 86_400);
    let (doubling, most, stretched) = ([1.0, 2.0], [60.0, 60.0], [66.0, 66.0]);
    for (header, pauses) in [
        ("x-other: 1", doubling),
        ("retry-after: 7", [7.0, 7.0]),
        ("retry-after: 0", doubling),
        ("retry-after: -5", doubling),
        ("retry-after: soon", doubling),
        ("retry-after: 3600", most),
        ("retry-after: 99999999999999999999999", most),
        ("retry-after: Sun, 06 Nov 1994 08:49:37 GMT", doubling),
        (FAR, most),
        ("retry-after: Fri, 99 Foo 2999 99:99:99 GMT", doubling),
        (&past, doubling),
        (&future, stretched),
        ("x-ratelimit-reset: 0", doubling),
        ("x-ratelimit-reset: 1e300", stretched),
        ("x-ratelimit-reset: inf", stretched),
        ("x-ratelimit-reset: NaN", doubling),
    ] {
        let server = Hostile::start([vec![Act::response(429, &[header], "{\"error\":\"slow down\"}")]]).await.unwrap();
        let (client, clock) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.extract_runs().create().await.unwrap_err();
        assert!(error.is_rate_limited() && error.gave_up() == Some(GaveUp::Attempts), "{header}: {}", describe(&error));
        assert!(
            describe(&error).contains("429 Too Many Requests: slow down (after 3 attempts)"),
            "{}",
            describe(&error)
        );
        assert_eq!((error.attempts(), server.requests().len()), (3, 3), "{header}");
        let found: Vec<f64> = clock.pauses().iter().map(Duration::as_secs_f64).collect();
        assert_eq!(found, pauses, "{header}");
    }
}

#[tokio::test]
async fn retry_budget_limits_a_storm_of_rate_limited_calls() {
    for header in ["retry-after: 1", "x-other: 1"] {
        let server = Hostile::start([vec![Act::response(429, &[header], "")]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let calls = (0..200).map(|_| tokio::spawn(client.files().retrieve("file_1").into_future()));
        let calls: Vec<_> = calls.collect();
        let mut counted = 0;
        let mut over_budget = 0;
        for call in calls {
            let error = call.await.unwrap().unwrap_err();
            assert!(error.is_rate_limited(), "{}", describe(&error));
            counted += error.attempts() as usize;
            over_budget += usize::from(error.gave_up() == Some(GaveUp::Budget));
        }
        // The budget allows a hundred retries in total, and the errors report the number of requests.
        assert_eq!((counted, server.requests().len()), (300, 300), "{header}");
        assert!(over_budget >= 100, "{header}: {over_budget}");
    }
}
