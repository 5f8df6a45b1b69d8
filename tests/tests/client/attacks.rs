//! A server that attacks every kind of call at once: whatever it sends, the call ends in time, nothing is started twice, no file is
//! damaged, and no error shows the key or what deceives a person.
//!
//! It must not know what an attack is about: each is a script, and the promises are the same for all.

use std::io::Write as _;
use std::sync::Arc;
use std::time::{Duration, Instant};

use extend_ai::testing::InstantClock;
use extend_ai::{Client, Error};
use workspace_tests::hostile::{Act, Hostile};

use crate::harness::KEY;
use crate::hostile::file;

/// The limit of an attempt.
const LIMIT: Duration = Duration::from_secs(1);
/// A call with its attempts ends long before, also on a busy machine.
const LONGEST: Duration = Duration::from_secs(40);
const OLD: &[u8] = b"old";

fn json(body: impl AsRef<[u8]>) -> Vec<Act> {
    vec![Act::response(200, &["content-type: application/json"], body)]
}

fn raw(text: impl AsRef<[u8]>) -> Vec<Act> {
    vec![Act::send(text)]
}

fn status(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Vec<Act> {
    vec![Act::response(status, headers, body)]
}

fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Attacks on the frame of a response.
fn frames() -> Vec<(&'static str, Vec<Act>)> {
    let long = "a".repeat(1 << 20);
    let many = |line: &str| line.repeat(20_000);
    let ok = "HTTP/1.1 200 OK\r\n";
    vec![
        ("two lengths", raw(format!("{ok}content-length: 2\r\ncontent-length: 3\r\n\r\n{{}}x"))),
        ("a length and chunks", raw(format!("{ok}content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"))),
        ("a negative length", raw(format!("{ok}content-length: -1\r\n\r\n{{}}"))),
        ("a length of 2^64", raw(format!("{ok}content-length: 18446744073709551616\r\n\r\n{{}}"))),
        ("a length of 2^63", raw(format!("{ok}content-length: 9223372036854775807\r\n\r\n{{}}"))),
        ("a length that is too short", raw(format!("{ok}content-length: 1\r\n\r\n{{}} HTTP/1.1 200 OK\r\n\r\n"))),
        ("a chunk of 2^64", raw(format!("{ok}transfer-encoding: chunked\r\n\r\nffffffffffffffff\r\n{{}}"))),
        (
            "a chunk with a long extension",
            raw(format!("{ok}transfer-encoding: chunked\r\n\r\n2;{long}\r\n{{}}\r\n0\r\n\r\n")),
        ),
        (
            "20,000 trailers",
            raw(format!("{ok}transfer-encoding: chunked\r\n\r\n2\r\n{{}}\r\n0\r\n{}\r\n", many("x-a: 1\r\n"))),
        ),
        (
            "an unknown transfer coding",
            raw(format!("{ok}transfer-encoding: gzip, chunked\r\n\r\n2\r\n{{}}\r\n0\r\n\r\n")),
        ),
        ("20,000 headers", raw(format!("{ok}{}\r\n{{}}", many("x-a: 1\r\n")))),
        ("a header of a megabyte", raw(format!("{ok}x-a: {long}\r\n\r\n{{}}"))),
        ("NUL in a header", raw(format!("{ok}x-a: a\0b\r\ncontent-length: 2\r\n\r\n{{}}"))),
        ("a folded header", raw(format!("{ok}x-a: a\r\n {KEY}\r\ncontent-length: 2\r\n\r\n{{}}"))),
        (
            "a status line that a terminal obeys",
            raw(format!("HTTP/1.1 500 \x1b[2J{KEY}\r\ncontent-length: 2\r\n\r\n{{}}")),
        ),
        ("no head", raw(format!("{{\"id\": \"{KEY}\"}}"))),
        ("HTTP/2 without having agreed", raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        ("another protocol", status(101, &["upgrade: websocket", "connection: upgrade"], "")),
        (
            "1,000 interim responses",
            raw(format!("{}{ok}content-length: 2\r\n\r\n{{}}", "HTTP/1.1 103 X\r\nlink: </a>\r\n\r\n".repeat(1000))),
        ),
        ("204 with a body", raw("HTTP/1.1 204 X\r\ncontent-length: 9\r\n\r\n{\"id\": 1}")),
        ("205", status(205, &[], "{}")),
        ("206 that nobody asked for", status(206, &["content-range: bytes 0-1/9"], "{}")),
        ("304 that nobody asked for", status(304, &[], "")),
        ("a status of 999", status(999, &[], KEY)),
    ]
}

/// Attacks in a body.
fn bodies() -> Vec<(&'static str, Vec<Act>)> {
    let gzip = packed(&packed(&vec![b'['; 10_000_000]));
    let name = format!("{{\"{}\": 1}}", "n".repeat(2_000_000));
    vec![
        (
            "a body that unpacks to 10 MB",
            status(200, &["content-type: application/json", "content-encoding: gzip"], &gzip),
        ),
        ("two codings", status(200, &["content-encoding: gzip, gzip"], &gzip)),
        ("an error that unpacks to 10 MB", status(400, &["content-encoding: gzip"], &gzip)),
        ("nesting without end", json("[".repeat(2_000_000))),
        ("objects without end", json("{\"a\":".repeat(400_000))),
        ("a number of a million digits", json(format!("{{\"id\": {}}}", "9".repeat(1_000_000)))),
        ("an exponent of a million digits", json(format!("{{\"id\": 1e{}}}", "9".repeat(1_000_000)))),
        ("a name of two megabytes", json(name)),
        ("a name that is repeated 100,000 times", json(format!("{{{}\"id\": 1}}", "\"id\": \"a\", ".repeat(100_000)))),
        (
            "a tag that is repeated 100,000 times",
            json(format!(
                "{{\"object\": \"list\", \"data\": [{{{}\"type\": \"a\"}}]}}",
                "\"type\": \"b\", ".repeat(100_000)
            )),
        ),
        ("half of a surrogate pair", json("{\"id\": \"\\ud800\"}")),
        ("bytes that are no text", json(b"{\"id\": \"\xff\xfe\"}")),
        ("UTF-16", json("{\"id\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>())),
        ("NUL and a direction override", json(format!("{{\"id\": \"\\u0000\\u202e{KEY}\", \"object\": 1}}"))),
        (
            "an error of all of these",
            status(
                400,
                &["content-type: application/json"],
                format!("{{\"message\": \"\\u001b]0;x\\u0007\\u202e{KEY}\\u0000\", \"code\": \"{KEY}\"}}"),
            ),
        ),
        (
            "an error page of a megabyte",
            status(500, &["content-type: text/html"], "<style><!--<script></script".repeat(40_000)),
        ),
    ]
}

/// Attacks on what comes next: redirects, pauses, pages, polls.
fn sequels() -> Vec<(&'static str, Vec<Act>)> {
    let to = |target: &str| status(302, &[&format!("location: {target}")], "");
    let long = format!("/{}", "a".repeat(100_000));
    let page = |token: &str| json(format!("{{\"object\": \"list\", \"data\": [], \"nextPageToken\": {token}}}"));
    vec![
        ("a redirect without a scheme", to("//files.example.invalid/a")),
        ("a redirect with backslashes", to("\\\\files.example.invalid\\a")),
        ("a redirect to a file", to("file:///etc/passwd")),
        ("a redirect to a script", to("javascript:alert(1)")),
        ("a redirect with a user", to("http://127.0.0.1@files.example.invalid/a")),
        ("a redirect to metadata", to("http://169.254.169.254/latest/meta-data/")),
        ("a redirect to the key", to(&format!("https://{}.example.invalid/{KEY}?{KEY}", KEY.replace('_', "-")))),
        ("a long redirect", to(&long)),
        ("two redirects in one", status(307, &["location: /a", "location: http://files.example.invalid/"], "")),
        ("a redirect to nothing", to("")),
        ("a pause of a thousand years", status(429, &["retry-after: 99999999999999999999"], "{}")),
        ("a negative pause", status(503, &["retry-after: -1"], "{}")),
        ("a pause until the year 9999", status(503, &["retry-after: Fri, 31 Dec 9999 23:59:59 GMT"], "{}")),
        ("cookies without end", status(401, &["set-cookie: a=b"; 60], KEY)),
        ("a page that leads to itself", page("\"a\"")),
        ("a token of a megabyte", page(&format!("\"{}\"", "t".repeat(1 << 20)))),
        ("a token that splits the request", page("\"a\\r\\nx-a: 1\\u0000\"")),
        ("a token that is the key", page(&format!("\"{KEY}\""))),
        (
            "a run whose ID is the key",
            json(format!("{{\"object\": \"extract_run\", \"id\": \"{KEY}\", \"status\": \"FAILED\"}}")),
        ),
        ("a token that is no string", page("{\"a\": 1}")),
        (
            "a run without end, of no known status",
            json(format!("{{\"object\": \"extract_run\", \"id\": \"exr_1\", \"status\": \"{KEY}\"}}")),
        ),
        (
            "a file whose name leads elsewhere",
            status(200, &["content-disposition: attachment; filename=\"../../../../tmp/x\""], file()),
        ),
    ]
}

fn client(url: &str) -> Client {
    let builder = Client::builder().api_key(KEY).base_url(url).timeout(LIMIT).max_retries(1);
    builder.clock(Arc::new(InstantClock::new())).build().unwrap()
}

/// Returns the errors of calls of every kind. The file is left as it was, or the download succeeded.
async fn attack(client: &Client, url: &str) -> Vec<Error> {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a.pdf");
    std::fs::write(&target, OLD).unwrap();
    let mut errors = Vec::new();
    errors.extend(client.files().retrieve("file_1").await.err());
    let mut items = client.files().list().items();
    for _ in 0..5 {
        match items.next().await {
            Some(Ok(_)) => {}
            Some(Err(error)) => errors.push(error),
            None => break,
        }
    }
    errors.extend(client.extract_runs().attach("exr_1").max_wait(Duration::from_secs(20)).await.err());
    let link = format!("{url}/a.pdf?X-Amz-Signature=hunter2");
    match client.download(&link).timeout(LIMIT).save_to(&target).await {
        Ok(_) => {}
        Err(error) => {
            assert_eq!(std::fs::read(&target).unwrap(), OLD, "{error}");
            errors.push(error);
        }
    }
    let files: Vec<_> = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files, ["a.pdf"], "something else was written");
    errors
}

async fn check(name: &str, acts: Vec<Act>) {
    let server = Hostile::start([acts]).await.unwrap();
    let client = client(server.url());
    let begun = Instant::now();
    let mut errors =
        tokio::time::timeout(LONGEST, attack(&client, server.url())).await.unwrap_or_else(|_| panic!("{name} hangs"));
    let before = server.requests().len();
    errors.extend(client.extract_runs().create().await.err());
    // A redirect within the origin, 429 and 503 say that nothing was started.
    let starts = server.requests().len() - before;
    let may_repeat = ["pause", "redirect"].iter().any(|word| name.contains(word));
    assert!(starts == 1 || may_repeat && starts <= 6, "{name}: started {starts} times");
    assert!(server.requests().len() < 200, "{name}: {} requests", server.requests().len());
    assert!(begun.elapsed() < LONGEST, "{name} took {:?}", begun.elapsed());
    for error in errors {
        let (text, debug, json) = (error.to_string(), format!("{error:?}"), error.to_json().to_string());
        for shown in [&text, &debug, &json] {
            assert!(!shown.contains(KEY), "{name}: the key is shown: {shown}");
            assert!(!shown.contains("hunter2"), "{name}: the link is shown: {shown}");
            let deceives = |character: char| character.is_control() || character == '\u{202e}';
            assert!(!shown.contains(deceives), "{name}: {shown:?}");
        }
        assert!(text.chars().count() < 2000, "{name}: {} characters", text.len());
    }
}

#[tokio::test]
async fn no_frame_of_a_response_breaks_a_promise() {
    for (name, acts) in frames() {
        check(name, acts).await;
    }
}

#[tokio::test]
async fn no_body_of_a_response_breaks_a_promise() {
    for (name, acts) in bodies() {
        check(name, acts).await;
    }
}

#[tokio::test]
async fn no_sequel_of_a_response_breaks_a_promise() {
    for (name, acts) in sequels() {
        check(name, acts).await;
    }
}
