//! Tests webhook deliveries through the library: verification, events, and what errors reveal.

use std::time::{Duration, SystemTime};

use extend_ai::webhooks::{Event, Headers, WebhookError, WebhookErrorKind, WebhookEvent, Webhooks, parse};
use extend_ai::{HeaderMap, Value};
use serde_json::json;
use workspace_tests::document::Document;
use workspace_tests::sample::{Mode, create_sample};
use workspace_tests::server::{Reply, Server};

use workspace_tests::deliveries::{
    ACCEPTED, Delivery, EDGES, HELLO, HELLO_OTHER_SIGNATURE, HELLO_SIGNATURE, INCOMPLETE, OTHER_SECRET, Outcome,
    SECRET, SENT, SENT_AT, SIGNED_URL, SIGNED_URL_SIGNATURE, UNKNOWN, UNKNOWN_SIGNATURE,
};

fn time(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Creates a verifier whose clock shows the time of sending.
fn verifier() -> Webhooks {
    Webhooks::new(SECRET).now(time(SENT_AT))
}

fn headers<'a>(timestamp: &'a str, signature: &'a str) -> [(&'static str, &'a str); 2] {
    [("X-Extend-Request-Timestamp", timestamp), ("X-Extend-Request-Signature", signature)]
}

fn receive(webhooks: &Webhooks, delivery: &Delivery) -> Result<Event, WebhookError> {
    webhooks.verify_and_parse(&headers(delivery.timestamp, delivery.signature), delivery.body)
}

fn kind<T>(result: Result<T, WebhookError>) -> Option<WebhookErrorKind> {
    result.err().map(|error| error.kind())
}

#[test]
fn every_delivery_has_its_expected_outcome() {
    for delivery in ACCEPTED.iter().chain(EDGES) {
        let result = receive(&verifier().allow_signed_url(), delivery);
        let expected = match delivery.outcome {
            Outcome::Event(id, name) => {
                let event = result.unwrap_or_else(|error| panic!("{}: {error}", delivery.name));
                assert_eq!((event.event_id.as_str(), event.event_type.as_str()), (id, name), "{}", delivery.name);
                continue;
            }
            Outcome::NoEvent => (WebhookErrorKind::UnparsableBody, 400),
            Outcome::BadTimestamp => (WebhookErrorKind::BadTimestamp, 401),
            Outcome::MissingHeader => (WebhookErrorKind::MissingHeader, 401),
            Outcome::Mismatch => (WebhookErrorKind::SignatureMismatch, 401),
            Outcome::TooOld => (WebhookErrorKind::TooOld, 401),
            Outcome::Future => (WebhookErrorKind::FromTheFuture, 401),
        };
        let error = result.unwrap_err();
        assert_eq!((error.kind(), error.status().as_u16()), expected, "{}", delivery.name);
        assert_eq!(error.is_verification(), error.status() == 401, "{}", delivery.name);
        let verified = verifier().verify(&headers(delivery.timestamp, delivery.signature), delivery.body);
        assert_eq!(verified.is_err(), error.is_verification(), "{}", delivery.name);
    }
}

#[test]
fn age_is_limited_in_both_directions() {
    let (default, off) = (None, Some(Duration::ZERO));
    for (age, max_age, expected) in [
        (0, default, None),
        (299, default, None),
        (300, default, None),
        (301, default, Some(WebhookErrorKind::TooOld)),
        (-60, default, None),
        (-61, default, Some(WebhookErrorKind::FromTheFuture)),
        (600, Some(Duration::from_secs(600)), None),
        (601, Some(Duration::from_secs(600)), Some(WebhookErrorKind::TooOld)),
        (-61, Some(Duration::from_secs(600)), Some(WebhookErrorKind::FromTheFuture)),
        // Less than a second does not mean unlimited.
        (0, Some(Duration::from_millis(1)), None),
        (1, Some(Duration::from_millis(999)), Some(WebhookErrorKind::TooOld)),
        (1_000_000, off, None),
        (-1_000_000, off, None),
    ] {
        let webhooks = Webhooks::new(SECRET).now(time(SENT_AT.checked_add_signed(age).unwrap()));
        let webhooks = max_age.map_or(webhooks.clone(), |max_age| webhooks.max_age(max_age));
        let result = webhooks.verify(&headers(SENT, UNKNOWN_SIGNATURE), UNKNOWN);
        assert_eq!(kind(result), expected, "{age} {max_age:?}");
    }
    // By default, the system clock is used, which is later.
    assert_eq!(
        kind(Webhooks::new(SECRET).verify(&headers(SENT, UNKNOWN_SIGNATURE), UNKNOWN)),
        Some(WebhookErrorKind::TooOld)
    );
}

/// A delivery with several problems, and the one that is reported.
struct Problem<'a> {
    webhooks: &'a Webhooks,
    headers: &'a [(&'a str, &'a str)],
    kind: WebhookErrorKind,
    /// Part of the error message.
    message: &'a str,
}

#[test]
fn first_problem_is_reported() {
    let (late, empty) = (Webhooks::new(SECRET).now(time(SENT_AT + 301)), Webhooks::new("").now(time(SENT_AT)));
    let early = Webhooks::new(SECRET).now(time(SENT_AT - 61));
    let (timestamp, signature) = ("x-extend-request-timestamp", "x-extend-request-signature");
    let both = |time| [(timestamp, time), (signature, "x")];
    for Problem { webhooks, headers, kind, message } in [
        Problem { webhooks: &empty, headers: &[], kind: WebhookErrorKind::MissingHeader, message: timestamp },
        Problem {
            webhooks: &empty,
            headers: &[(timestamp, "x")],
            kind: WebhookErrorKind::MissingHeader,
            message: signature,
        },
        Problem {
            webhooks: &empty,
            headers: &both("x"),
            kind: WebhookErrorKind::MissingSecret,
            message: "secret is empty",
        },
        Problem { webhooks: &late, headers: &both("x"), kind: WebhookErrorKind::BadTimestamp, message: timestamp },
        Problem {
            webhooks: &late,
            headers: &both(SENT),
            kind: WebhookErrorKind::TooOld,
            message: "301 s ago; at most 300s",
        },
        Problem {
            webhooks: &early,
            headers: &both(SENT),
            kind: WebhookErrorKind::FromTheFuture,
            message: "61 s in the future",
        },
    ] {
        let error = webhooks.verify(headers, UNKNOWN).unwrap_err();
        assert_eq!((error.kind(), error.status().as_u16()), (kind, 401));
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn debug_output_of_untyped_events_redacts_secrets_and_links() {
    let payload = json!({
        "id": "fine",
        "url": "https://s3.example.com/hidden/../a?sig=hunter2",
        "signingSecret": "hunter2",
        "data": [{"password": "hunter2"}],
    });
    for name in ["unknown.future.event", "extract_run.processed"] {
        let body = json!({"eventId": "evt_1", "eventType": name, "payload": payload});
        let event = parse(body.to_string().as_bytes()).unwrap();
        assert_eq!(event.raw(), &body);
        let shown = format!("{event:?} {event:#?}");
        assert!(!shown.contains("hunter2") && shown.contains("fine") && shown.contains("a?[redacted]"), "{shown}");
    }
}

#[test]
fn any_of_several_secrets_is_accepted_but_never_an_empty_one() {
    let (old, new) = (headers(SENT, HELLO_SIGNATURE), headers(SENT, HELLO_OTHER_SIGNATURE));
    let both = verifier().with_secret(OTHER_SECRET);
    assert!(both.verify(&old, HELLO).is_ok() && both.verify(&new, HELLO).is_ok());
    assert_eq!(kind(verifier().verify(&new, HELLO)), Some(WebhookErrorKind::SignatureMismatch));
    assert_eq!(kind(both.with_secret("").verify(&old, HELLO)), Some(WebhookErrorKind::MissingSecret));
}

#[test]
fn blank_secret_accepts_nothing_and_a_final_line_break_is_not_part_of_a_secret() {
    for blank in [" ", "\t", "\n", " \r\n"] {
        let webhooks = Webhooks::new(blank).now(time(SENT_AT));
        assert_eq!(
            kind(webhooks.verify(&headers(SENT, HELLO_SIGNATURE), HELLO)),
            Some(WebhookErrorKind::MissingSecret)
        );
    }
    for end in ["\n", "\r\n"] {
        let webhooks = Webhooks::new(format!("{SECRET}{end}")).now(time(SENT_AT));
        assert_eq!(kind(webhooks.verify(&headers(SENT, HELLO_SIGNATURE), HELLO)), None);
    }
}

#[test]
fn headers_are_accepted_in_many_forms() {
    fn accepted(headers: &(impl Headers + ?Sized)) -> bool {
        verifier().verify(headers, UNKNOWN).is_ok()
    }
    let pairs = headers(SENT, UNKNOWN_SIGNATURE);
    let mut map = HeaderMap::new();
    map.insert("x-extend-request-timestamp", SENT.parse().unwrap());
    map.insert("x-extend-request-signature", UNKNOWN_SIGNATURE.parse().unwrap());
    assert!(accepted(&map) && accepted(&pairs) && accepted(&pairs[..]) && accepted(&pairs.to_vec()));
    let lists = pairs.map(|(name, value)| (name.to_uppercase(), vec![value.to_owned(), "ignored".to_owned()]));
    assert!(accepted(&std::collections::HashMap::from(lists)));
    assert!(accepted(&|name: &str| map.get(name).map(|value| value.to_str().unwrap().to_owned())));
}

#[test]
fn events_are_typed_and_invalid_ones_are_kept_with_the_reason() {
    let document = Document::published().unwrap();
    let sent = create_sample(&document, document.component("ExtractRunProcessedWebhookEvent").unwrap(), Mode::Full);
    let event = parse(sent.to_string().as_bytes()).unwrap();
    assert!(matches!(&event.event, WebhookEvent::ExtractRunProcessed(_)) && event.problem().is_none());
    assert_eq!((event.raw(), event.is_signed_url()), (&sent, false));

    let event = parse(INCOMPLETE).unwrap();
    let sent: Value = serde_json::from_slice(INCOMPLETE).unwrap();
    assert!(matches!(&event.event, WebhookEvent::Unknown(kept) if *kept == sent), "{event:?}");
    assert_eq!(event.problem().unwrap().path, "payload");
    assert_eq!(event.raw(), &sent);

    let event = parse(UNKNOWN).unwrap();
    assert!(matches!(&event.event, WebhookEvent::Unknown(_)) && event.problem().is_none(), "{event:?}");
}

#[test]
fn signed_url_payload_is_rejected_unless_allowed() {
    let headers = headers(SENT, SIGNED_URL_SIGNATURE);
    let error = verifier().verify_and_parse(&headers, SIGNED_URL).unwrap_err();
    assert_eq!((error.kind(), error.status().as_u16()), (WebhookErrorKind::SignedUrlNotAllowed, 400));
    let event = verifier().allow_signed_url().verify_and_parse(&headers, SIGNED_URL).unwrap();
    assert!(event.is_signed_url());
    assert_eq!(event.signed_url(), Some("https://storage.example.com/signed-payload?token=abc123"));
    let WebhookEvent::Unknown(rest) = &event.event else { panic!("{event:?}") };
    assert_eq!(
        rest["payload"],
        json!({"object": "signed_data_url", "id": "wr_xyz", "metadata": {"env": "production"}})
    );
}

#[test]
fn signed_url_requires_the_marker_and_a_link() {
    for (payload, expected) in [
        (json!({"object": "signed_data_url", "data": "https://example.com"}), true),
        (json!({"object": "signed_data_url", "data": 7}), false),
        (json!({"object": "signed_data_url"}), false),
        (json!({"object": "extract_run", "data": "https://example.com"}), false),
        (json!({"data": "https://example.com"}), false),
        (json!("signed_data_url"), false),
        (Value::Null, false),
    ] {
        let body = json!({"eventId": "e", "eventType": "workflow_run.completed", "payload": payload});
        assert_eq!(parse(body.to_string().as_bytes()).unwrap().is_signed_url(), expected, "{body}");
    }
}

/// Creates an event whose payload must be fetched from a server.
fn event_with_link(link: &str) -> Event {
    let payload = json!({"object": "signed_data_url", "data": link, "id": "exr_1"});
    let body = json!({"eventId": "evt_1", "eventType": "extract_run.processed", "payload": payload, "attempt": 2});
    parse(body.to_string().as_bytes()).unwrap()
}

#[tokio::test]
async fn signed_url_payload_is_fetched_without_credentials() {
    let document = Document::published().unwrap();
    let run = create_sample(&document, document.component("ExtractRun").unwrap(), Mode::Full);
    let reply = Reply::text(200, "binary/octet-stream", &run.to_string());
    let server = Server::start(move |_| reply.clone()).await.unwrap();
    let event = verifier().fetch(&event_with_link(&format!("{}/payload?token=abc123", server.url()))).await.unwrap();
    assert!(!event.is_signed_url() && event.problem().is_none(), "{event:?}");
    assert_eq!((event.event_id.as_str(), event.event_type.as_str()), ("evt_1", "extract_run.processed"));
    assert_eq!((&event.raw()["payload"], &event.raw()["attempt"]), (&run, &json!(2)));
    assert!(matches!(&event.event, WebhookEvent::ExtractRunProcessed(_)));
    let request = server.take_one().unwrap();
    assert_eq!((request.method.as_str(), request.target.as_str()), ("GET", "/payload?token=abc123"));
    let names: Vec<_> = request.headers.iter().map(|(name, _)| name.as_str()).collect();
    assert!(names.iter().all(|name| ["accept", "accept-encoding", "host", "user-agent"].contains(name)), "{names:?}");

    // An event with a payload is returned without a request.
    let event = parse(UNKNOWN).unwrap();
    assert_eq!(verifier().fetch(&event).await.unwrap().raw(), event.raw());
    assert!(server.take().is_empty());
}

#[tokio::test]
async fn fetch_error_does_not_reveal_the_link() {
    let again = json!({"object": "signed_data_url", "data": "https://example.com/abc123"});
    for (reply, part) in [
        (Reply::text(403, "application/xml", "<Error/>"), "403"),
        (Reply::text(200, "text/html", "<html>"), "unexpected content"),
        (Reply::json(200, &again), "another link"),
        (Reply::text(200, "application/json", &" ".repeat(101)), "larger than 100 bytes"),
    ] {
        let server = Server::start(move |_| reply.clone()).await.unwrap();
        let event = event_with_link(&format!("{}/payload?token=abc123", server.url()));
        let error = verifier().max_payload_bytes(100).fetch(&event).await.unwrap_err();
        assert_eq!((error.kind(), error.status().as_u16()), (WebhookErrorKind::Fetch, 502));
        let cause = std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default();
        assert!(format!("{error}: {cause}").contains(part), "{error}: {cause}");
        assert!(!format!("{error} {error:?} {cause}").contains("abc123"), "{error:?}");
    }
    for link in ["http://example.com/?token=abc123", "file:///etc/passwd?abc123", "abc123"] {
        let error = verifier().fetch(&event_with_link(link)).await.unwrap_err();
        assert_eq!(error.kind(), WebhookErrorKind::Fetch);
        assert!(!format!("{error} {error:?}").contains("abc123"), "{error:?}");
    }
}

#[tokio::test]
async fn fetch_checks_every_hop_whatever_the_http_client_follows() {
    let following = reqwest::Client::builder().redirect(reqwest::redirect::Policy::custom(|hop| hop.follow()));
    for webhooks in [
        verifier(),
        verifier().http_client(reqwest::Client::new()),
        verifier().http_client(following.build().unwrap()),
        verifier().allow_private_links().http_client(reqwest::Client::new()),
    ] {
        let inner = Server::start(|_| Reply::json(200, &json!({}))).await.unwrap();
        let target = inner.url().replace("127.0.0.1", "0.0.0.0") + "/admin";
        let mut reply = Reply::text(302, "text/plain", "");
        reply.headers.push(("location".to_owned(), target));
        let server = Server::start(move |_| reply.clone()).await.unwrap();
        let event = event_with_link(&format!("{}/payload?token=abc123", server.url()));
        assert_eq!(webhooks.fetch(&event).await.unwrap_err().kind(), WebhookErrorKind::Fetch);
        assert_eq!((server.take().len(), inner.take().len()), (1, 0));
    }
}

#[tokio::test]
async fn fetch_refuses_private_links_unless_allowed() {
    let cause = async |webhooks: Webhooks, link: &str| {
        let error = webhooks.fetch(&event_with_link(link)).await.unwrap_err();
        std::error::Error::source(&error).map(ToString::to_string).unwrap_or_default()
    };
    for link in
        ["https://10.0.0.1:1/", "https://169.254.169.254:1/", "https://[fd00:ec2::254]:1/", "https://0.0.0.0:1/"]
    {
        let cause = cause(verifier(), link).await;
        assert!(cause.contains("not on the public Internet"), "{cause}");
    }
    // Nobody listens there, so the request is made and fails.
    let cause = cause(verifier().allow_private_links(), "https://0.0.0.0:1/").await;
    assert!(cause.contains("cannot connect"), "{cause}");
}

#[test]
fn debug_output_and_errors_reveal_no_secrets() {
    let mut shown = format!("{:?} {:#?}", verifier().with_secret(OTHER_SECRET), verifier());
    let event = parse(SIGNED_URL).unwrap();
    shown.push_str(&format!("{event:?} {event:#?} {:?}", event.event));
    for delivery in ACCEPTED.iter().chain(EDGES) {
        if let Err(error) = receive(&Webhooks::new(SECRET), delivery) {
            shown.push_str(&format!("{error} {error:?} {error:#?}"));
        }
    }
    for secret in [SECRET, OTHER_SECRET, UNKNOWN_SIGNATURE, HELLO_SIGNATURE, "abc123"] {
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
}

#[test]
fn event_takes_a_multiple_of_its_size_at_most() {
    for (unit, is_too_large) in
        [("[[]],", true), ("{},", true), ("\"a string that takes as much as it is long, and a little more\",", false)]
    {
        let units = unit.repeat((4 << 20) / unit.len());
        let body = format!("[{}]", units.trim_end_matches(','));
        let error = parse(body.as_bytes()).unwrap_err().to_string();
        assert_eq!(error.contains("takes too much memory"), is_too_large, "{unit}: {error}");
    }
}
