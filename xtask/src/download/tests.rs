//! Downloads from a server on this machine that has bad days, without waiting for real.

use std::time::UNIX_EPOCH;

use self::server::{Reply, Server, response};
use super::*;

#[path = "../../tests/commands/server.rs"]
#[expect(dead_code, reason = "the tests of the commands use more of it")]
mod server;

/// Time that passes at once and is written down.
#[derive(Default)]
struct Written(Vec<f64>);

impl Pace for Written {
    fn now(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_795_422_201)
    }

    fn pause(&mut self, length: Duration) {
        self.0.push(length.as_secs_f64());
    }
}

fn limits() -> Limits {
    Limits {
        bytes: 1000,
        time: Duration::from_secs(20),
        redirects: 3,
        attempts: 4,
        pause: Duration::from_secs(1),
        longest_pause: Duration::from_secs(30),
        page_pause: Duration::ZERO,
    }
}

/// What comes of it, after which pauses.
fn got(url: &str, limits: &Limits) -> (Result<(Download, u32), DownloadError>, Vec<f64>) {
    let mut pace = Written::default();
    let result = get(Request { url, known: None, redirects: Redirects::Anywhere }, limits, &mut pace);
    (result, pace.0)
}

#[test]
fn server_that_recovers_is_asked_again_after_growing_pauses() {
    for bad in ["500 Oops", "503 Busy", "429 Slow down", "502 Bad Gateway", "504 Late", "408 Late"] {
        let server = Server::start(move |_, before| {
            let good = response("200 OK", "ETag: \"1\"\r\nLast-Modified: Mon, 23 Nov 2026 08:00:00 GMT\r\n", "{}");
            Reply::Bytes(if before < 3 { response(bad, "", "no") } else { good })
        });
        let (result, pauses) = got(&server.url("/a"), &limits());
        let (Download::Received(received), attempts) = result.unwrap() else { panic!("nothing") };
        assert_eq!((received.bytes.as_slice(), attempts), (&b"{}"[..], 4));
        assert_eq!(received.state.etag.as_deref(), Some("\"1\""));
        assert_eq!(received.state.last_modified.as_deref(), Some("Mon, 23 Nov 2026 08:00:00 GMT"));
        assert_eq!(pauses, [1.0, 2.0, 4.0], "{bad}");
    }
}

#[test]
fn retry_after_is_followed_up_to_the_longest_pause() {
    let rows = [
        ("3", vec![3.0], "; 2 attempts"),
        ("Mon, 23 Nov 2026 08:23:41 GMT", vec![20.0], "; 2 attempts"),
        ("3600", vec![], "; the server asks to wait 3600 s"),
    ];
    for (header, expected, message) in rows {
        let server = Server::always(response("503 Busy", &format!("Retry-After: {header}\r\n"), "later"));
        let (result, pauses) = got(&server.url("/"), &Limits { attempts: 2, ..limits() });
        let reason = result.unwrap_err().reason;
        assert_eq!(pauses, expected, "{header}");
        assert!(
            reason.starts_with("503 Service Unavailable, no content type, 5 bytes, beginning with \"later\""),
            "{reason}"
        );
        assert!(reason.contains(message), "{reason}");
    }
}

#[test]
fn what_will_not_change_is_asked_for_once() {
    let server = Server::start(|path, _| {
        Reply::Bytes(match path {
            "/gone" => response("404 Not Found", "Content-Type: text/html\r\n", "<h1>No</h1>"),
            "/same" => response("304 Not Modified", "", ""),
            "/loop" => response("302 Found", "Location: /loop\r\n", ""),
            "/plain" => response("301 Moved", "Location: http://example.com/\r\n", ""),
            "/lost" => response("302 Found", "", ""),
            _ => response("200 OK", "", vec![b' '; 1001]),
        })
    });
    let rows = [
        ("/gone", "404 Not Found, text/html, 11 bytes, beginning with \"<h1>No</h1>\"", 1),
        ("/same", "304 Not Modified", 1),
        ("/loop", "more than 3 redirects, the last one to http://127.0.0.1", 4),
        (
            "/plain",
            "301 Moved Permanently, no content type, 0 bytes, then: it leads to http://example.com/: only https is accepted",
            1,
        ),
        ("/lost", "302 Found", 1),
        ("/long", "200 OK, no content type, 1001 bytes, then: larger than 1000 bytes", 1),
    ];
    for (path, message, asked) in rows {
        let (result, pauses) = got(&server.url(path), &limits());
        let reason = result.unwrap_err().reason;
        assert!(reason.starts_with(message), "{path}: {reason}");
        assert_eq!(server.paths().iter().filter(|seen| *seen == path).count(), asked, "{path}");
        assert_eq!(pauses, Vec::<f64>::new(), "{path}");
    }
}

#[test]
fn broken_and_late_responses_are_requested_again() {
    let cut_off = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"openapi\"".to_vec();
    let rows: [(Reply, &str); 4] = [
        (Reply::Bytes(cut_off.clone()), "10 bytes, beginning with \"{\\\"openapi\\\"\", then: it broke off"),
        (Reply::Bytes(Vec::new()), "attempts"),
        (Reply::Stuck(cut_off), "10 bytes, beginning with \"{\\\"openapi\\\"\", then: it broke off"),
        (Reply::Stuck(Vec::new()), "timeout"),
    ];
    for (reply, message) in rows {
        let server = Server::start(move |_, _| reply.clone());
        let (result, pauses) =
            got(&server.url("/"), &Limits { attempts: 2, time: Duration::from_millis(150), ..limits() });
        let reason = result.unwrap_err().reason;
        assert!(reason.contains(message), "{message}: {reason}");
        assert_eq!(pauses, [1.0], "{message}");
        assert_eq!(server.seen().len(), 2, "{message}");
    }
}

#[test]
fn redirects_are_followed_and_relative_ones_resolved() {
    let server = Server::start(|path, _| {
        Reply::Bytes(match path {
            "/docs/a" => response("302 Found", "Location: b?x=1\r\n", ""),
            "/docs/b?x=1" => response("308 Permanent Redirect", "Location: /c\r\n", ""),
            _ => response("200 OK", "", "{}"),
        })
    });
    let (result, _) = got(&server.url("/docs/a"), &limits());
    let (Download::Received(received), 1) = result.unwrap() else { panic!("nothing") };
    assert_eq!(received.url, server.url("/c"));
}

#[test]
fn known_state_is_named_and_not_sent_again() {
    let server = Server::always(response("304 Not Modified", "", ""));
    let known =
        State { etag: Some("\"1\"".to_owned()), last_modified: Some("Mon, 23 Nov 2026 08:00:00 GMT".to_owned()) };
    let url = server.url("/");
    let request = Request { url: &url, known: Some(&known), redirects: Redirects::Anywhere };
    let result = get(request, &limits(), &mut Written::default());
    assert!(matches!(result, Ok((Download::NotModified, 1))), "{result:?}");
    let head = server.seen().concat().to_ascii_lowercase();
    for line in
        ["if-none-match: \"1\"", "if-modified-since: mon, 23 nov 2026", "accept-encoding: gzip", "user-agent: xtask/"]
    {
        assert!(head.contains(line), "{line}: {head}");
    }
}

#[test]
fn file_is_read_within_the_same_limits() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.json");
    assert!(read_file(&path, &limits()).unwrap_err().reason.starts_with("cannot read it"));
    std::fs::write(&path, "{}").unwrap();
    assert_eq!(read_file(&path, &limits()).unwrap().summary.to_string(), "a file of 2 bytes, beginning with \"{}\"");
    std::fs::write(&path, vec![b' '; 1001]).unwrap();
    assert_eq!(read_file(&path, &limits()).unwrap_err().reason, "larger than 1000 bytes");
}

#[test]
fn redirect_to_another_host_is_followed_only_where_that_is_allowed() {
    let other = Server::always(response("200 OK", "", "{}"));
    let target = other.url("/a");
    let server = Server::start(move |path, _| {
        let to = if path == "/away" { target.as_str() } else { "/away" };
        Reply::Bytes(response("302 Found", &format!("Location: {to}\r\n"), ""))
    });
    let url = server.url("/here");
    let ask = |redirects| get(Request { url: &url, known: None, redirects }, &limits(), &mut Written::default());
    let reason = ask(Redirects::SameOrigin).unwrap_err().reason;
    assert!(reason.contains("another host") && reason.contains(&other.url("/a")), "{reason}");
    assert_eq!(other.seen().len(), 0);
    assert!(ask(Redirects::Anywhere).is_ok());
}

#[test]
fn unreachable_host_is_given_up_after_a_few_seconds() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [format!("http://{closed}/"), "https://docs.example.invalid/openapi.json".to_owned()] {
        let (result, pauses) = got(&url, &limits());
        let error = result.unwrap_err();
        assert!(error.is_unreachable && error.reason.ends_with("; 3 attempts"), "{error:?}");
        assert_eq!(pauses, [1.0, 2.0], "{url}");
    }
}

#[test]
fn error_response_keeps_its_body_and_links() {
    let headers = "Link: </c>; rel=\"api-catalog\"\r\nLink: </d>; rel=next\r\n";
    let server = Server::always(response("300 Multiple Choices", headers, "[\"/a.json\"]"));
    let error = got(&server.url("/x"), &limits()).0.unwrap_err();
    let received = error.response.unwrap();
    assert_eq!((received.bytes.as_slice(), received.url), (&b"[\"/a.json\"]"[..], server.url("/x")));
    assert_eq!(received.links, "</c>; rel=\"api-catalog\", </d>; rel=next");
}

#[test]
fn beginning_of_a_response_is_safe_to_print() {
    let text = "a\u{1b}[2J\u{7}b\u{202e}c\u{200b}\r\n d";
    assert_eq!(first_characters(text.as_bytes()), "a [2J b\u{fffd}c\u{fffd} d");
}
