//! Bounds that hold for what is no exchange of bytes: decoding, connecting, and connections that outlive their runtime.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use sdk_runtime::codegen::{Core, decode};
use sdk_runtime::{Download, ErrorKind, RequestOptions};
use serde_json::Value;

use crate::clock::FakeClock;
use crate::server::{Reply, Server};
use crate::{PROFILE, builder, send};

#[tokio::test]
async fn decoding_that_outlasts_the_limit_is_a_timeout_that_keeps_the_body() {
    let limit = Duration::from_secs(2);
    let long = format!("[{}1]", "1,".repeat(20_000));
    for (body, is_timeout) in [(long.as_str(), true), ("[1,2]", false)] {
        let server = Server::start(vec![Reply::json(200, body)]).await.unwrap();
        let core = builder(&server).max_response_bytes(1 << 20).timeout(limit).build().unwrap();
        let begun = Instant::now();
        let response = send(&core, RequestOptions::new()).await.unwrap();
        // What the decoder would need, passes before.
        tokio::time::sleep(limit.saturating_sub(begun.elapsed()) + Duration::from_millis(10)).await;
        match decode::json::<Value>(response) {
            Err(error) => {
                assert!(is_timeout && error.kind() == ErrorKind::Timeout, "{error}");
                assert_eq!(error.body().unwrap().len(), body.len());
                assert!(error.to_string().contains("could not be decoded within the time limit"), "{error}");
            }
            Ok(value) => assert!(!is_timeout && value.as_array().unwrap().len() == 2),
        }
    }
}

#[tokio::test]
async fn decoded_response_takes_a_multiple_of_the_size_limit_at_most() {
    let most = 1 << 20;
    for (unit, fits) in [("{},", false), ("[[]],", false), ("{\"a\":1},", false), ("\"a long enough string\",", true)] {
        let units = unit.repeat(1_000_000 / unit.len());
        let body = format!("[{}]", units.trim_end_matches(','));
        let server = Server::start(vec![Reply::json(200, &body)]).await.unwrap();
        let core = builder(&server).max_response_bytes(most).build().unwrap();
        let response = send(&core, RequestOptions::new()).await.unwrap();
        match decode::json::<Value>(response) {
            Ok(_) => assert!(fits, "{unit}"),
            Err(error) => {
                assert!(!fits && error.kind() == ErrorKind::ResponseTooLarge, "{unit}: {error}");
                assert_eq!(error.body().unwrap().len(), body.len(), "{unit}");
            }
        }
    }
}

/// The system accepts connections, but the handshake of TLS gets no response: the connection never comes about.
#[tokio::test]
async fn connection_that_is_not_ready_within_the_limit_means_that_nothing_was_sent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let limit = Duration::from_secs(2);
    let options = RequestOptions::new().timeout(limit);
    let core = Core::builder(&PROFILE).api_key("sk_hunter2").clock(FakeClock::new());
    let core = core.base_url(format!("https://{}", listener.local_addr().unwrap())).build().unwrap();
    let begun = Instant::now();
    // It starts something, so it is only repeated if it was not sent.
    let error = send(&core, options).await.unwrap_err();
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Connect, 3), "{error}");
    assert!(error.to_string().contains("took too long"), "{error}");
    assert!(begun.elapsed() < limit * 10, "{:?}", begun.elapsed());
    assert_eq!(std::iter::from_fn(|| listener.accept().ok()).count(), 3);
}

/// Starts a server that sends these bytes after each request, and keeps its connections. Returns its URL and the number of
/// connections. It has threads of its own, which end with the process.
fn keep_alive_server(reply: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let connections = Arc::<AtomicUsize>::default();
    let count = Arc::clone(&connections);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            count.fetch_add(1, Ordering::Relaxed);
            let reply = reply.clone();
            std::thread::spawn(move || {
                let mut request = [0; 4096];
                while stream.read(&mut request).is_ok_and(|read| read > 0) {
                    if stream.write_all(reply.as_bytes()).is_err() {
                        return;
                    }
                }
            });
        }
    });
    (url, connections)
}

fn reply(body: &str) -> String {
    format!("HTTP/1.1 200 X\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

#[test]
fn client_works_in_a_second_runtime_after_the_first_has_ended() {
    let (url, connections) = keep_alive_server(reply("[1]"));
    let core = Core::builder(&PROFILE).api_key("sk_hunter2").base_url(&url).max_retries(0).build().unwrap();
    for _ in 0..5 {
        let own = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        own.block_on(async {
            for _ in 0..2 {
                assert_eq!(&send(&core, RequestOptions::new()).await.unwrap().bytes()[..], b"[1]");
                // Its HTTP client is shared by the whole process.
                assert_eq!(&Download::new(None, &format!("{url}/file")).bytes().await.unwrap()[..], b"[1]");
            }
        });
    }
    // In each runtime, one of the client and one of downloads, which are used again there.
    assert_eq!(connections.load(Ordering::Relaxed), 10);
}

/// A response that nobody asked for, in the same segment as the one that was: the connection is not used again.
#[tokio::test]
async fn unsolicited_response_is_not_the_response_to_the_next_request() {
    let (url, connections) = keep_alive_server(reply("[1]") + &reply("[\"forged\"]"));
    let core = Core::builder(&PROFILE).api_key("sk_hunter2").base_url(url).max_retries(0).build().unwrap();
    for round in 0..50 {
        let response = send(&core, RequestOptions::new()).await.unwrap();
        assert_eq!(&response.bytes()[..], b"[1]", "{round}");
    }
    assert_eq!(connections.load(Ordering::Relaxed), 50);
}
