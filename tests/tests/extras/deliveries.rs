//! Tests what is done with deliveries of webhooks: handlers of axum, and waits that an event ends. The server and the clock are real.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use extend_ai::runs::Arrivals;
use extend_ai::testing::fixtures;
use extend_ai::types::ExtractRun;
use extend_ai::webhooks::{self, Event, Webhooks};
use extend_ai::{Client, PollSchedule};
use serde_json::json;
use workspace_tests::deliveries::{HELLO, HELLO_SIGNATURE, SECRET, SENT, SENT_AT, UNKNOWN, UNKNOWN_SIGNATURE};
use workspace_tests::server::{Reply, Server};

/// Serves a webhook whose handler returns the ID of the event, and returns its URL.
async fn serve(webhooks: Webhooks, limit: usize) -> String {
    let handler = post(async |event: Event| event.event_id);
    let router = Router::new().route("/", handler).layer(DefaultBodyLimit::max(limit)).with_state(webhooks);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/")
}

#[tokio::test]
async fn handler_of_axum_gets_genuine_events_only() {
    struct Row {
        body: &'static [u8],
        signature: Option<&'static str>,
        limit: usize,
        expected: (u16, &'static str),
    }
    let rows = [
        Row { body: UNKNOWN, signature: Some(UNKNOWN_SIGNATURE), limit: 1000, expected: (200, "evt_unknown") },
        Row { body: UNKNOWN, signature: Some(HELLO_SIGNATURE), limit: 1000, expected: (401, "") },
        Row { body: UNKNOWN, signature: None, limit: 1000, expected: (401, "") },
        Row { body: HELLO, signature: Some(HELLO_SIGNATURE), limit: 1000, expected: (400, "") },
        Row { body: UNKNOWN, signature: Some(UNKNOWN_SIGNATURE), limit: 10, expected: (413, "") },
    ];
    let verifier = Webhooks::new(SECRET).now(SystemTime::UNIX_EPOCH + Duration::from_secs(SENT_AT));
    for (index, row) in rows.into_iter().enumerate() {
        let url = serve(verifier.clone(), row.limit).await;
        let mut request = reqwest::Client::new().post(url).header("x-extend-request-timestamp", SENT).body(row.body);
        if let Some(signature) = row.signature {
            request = request.header("x-extend-request-signature", signature);
        }
        let response = request.send().await.unwrap();
        let found = (response.status().as_u16(), response.text().await.unwrap());
        assert_eq!((found.0, found.1.as_str()), row.expected, "row {index}");
    }
}

/// An event about a run, as it is parsed.
fn event(payload: &serde_json::Value) -> Event {
    let body = json!({"eventId": "evt_1", "eventType": "extract_run.processed", "payload": payload});
    webhooks::parse(body.to_string().as_bytes()).unwrap()
}

/// A run that is still processed, and ends when the flag is set.
fn run(has_ended: bool) -> ExtractRun {
    let mut run = fixtures::extract_run();
    run.id = "exr_1".to_owned();
    run.status = if has_ended { "PROCESSED" } else { "PROCESSING" }.into();
    run
}

#[tokio::test]
async fn wait_ends_with_the_event_about_its_run() {
    let ends = [
        json!({"object": "extract_run", "id": "exr_1"}),
        json!({"object": "signed_data_url", "data": "https://a.example/x"}),
    ];
    for payload in ends {
        let has_ended = Arc::new(AtomicBool::new(false));
        let state = Arc::clone(&has_ended);
        let respond = move |_: &_| Reply::json(200, &serde_json::to_value(run(state.load(Ordering::SeqCst))).unwrap());
        let server = Server::start(respond).await.unwrap();
        let client = Client::builder().api_key("key").base_url(server.url()).build().unwrap();
        let arrivals = Arrivals::new();
        let wait = tokio::spawn(client.runs().wait_or_webhook("exr_1", &arrivals).into_future());
        let began = Instant::now();
        while server.take().is_empty() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(arrivals.note(&event(&json!({"id": "exr_2"}))), 0);
        has_ended.store(true, Ordering::SeqCst);
        assert_eq!(arrivals.note(&event(&payload)), 1);
        assert_eq!(wait.await.unwrap().unwrap().status(), "PROCESSED");
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        assert_eq!(server.take().len(), 1);
        assert_eq!(arrivals.note(&event(&payload)), 0, "nobody waits any more");
    }
}

#[tokio::test]
async fn wait_whose_event_is_lost_ends_by_polling() {
    let polls = std::sync::atomic::AtomicUsize::new(0);
    let respond = move |_: &_| {
        let has_ended = polls.fetch_add(1, Ordering::SeqCst) >= 2;
        Reply::json(200, &serde_json::to_value(run(has_ended)).unwrap())
    };
    let server = Server::start(respond).await.unwrap();
    let client = Client::builder().api_key("key").base_url(server.url()).build().unwrap();
    let schedule = PollSchedule::new().fast_poll_interval(Duration::from_millis(20));
    let run = client.runs().wait_or_webhook("exr_1", &Arrivals::new()).schedule(schedule).await.unwrap();
    assert_eq!((run.status(), server.take().len()), ("PROCESSED", 3));
}

#[test]
fn blocking_wait_ends_with_the_event_about_its_run() {
    use extend_ai::blocking::Call;

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let has_ended = Arc::new(AtomicBool::new(false));
    let state = Arc::clone(&has_ended);
    let respond = move |_: &_| Reply::json(200, &serde_json::to_value(run(state.load(Ordering::SeqCst))).unwrap());
    let server = runtime.block_on(Server::start(respond)).unwrap();
    let client = Client::builder().api_key("key").base_url(server.url()).build_blocking().unwrap();
    let arrivals = Arrivals::new();
    let wait = client.runs().wait_or_webhook("exr_1", &arrivals);
    let waiting = std::thread::spawn(move || wait.call());
    while server.take().is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
    has_ended.store(true, Ordering::SeqCst);
    assert_eq!(arrivals.note(&event(&json!({"object": "extract_run", "id": "exr_1"}))), 1);
    assert_eq!(waiting.join().unwrap().unwrap().status(), "PROCESSED");
}
