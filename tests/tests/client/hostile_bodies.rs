//! The real client against whole answers with bodies that are wrong, odd or hostile.
//!
//! None of them may stop the program: each is an error that names the place and keeps what came.

use extend_ai::ErrorKind;
use serde_json::Value;
use workspace_tests::hostile::{Act, Hostile};

use crate::hostile::{client, file, told};

const JSON: &str = "content-type: application/json";
const HTML: &str = "content-type: text/html";
const ID: &str = "x-extend-request-id: req_7";
/// Deeper than any stack.
const DEEP: usize = 100_000;

/// The start of `{"a": 1}`, compressed with gzip.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xabVJT\xb2R0\xac\x05\x00";

/// A file, with this text in place of a value.
fn with(name: &str, text: &[u8]) -> Vec<u8> {
    let mut value: Value = serde_json::from_str(&file()).unwrap();
    *value.pointer_mut(name).unwrap() = Value::from("@");
    let json = value.to_string();
    let (before, after) = json.split_once("\"@\"").unwrap();
    [before.as_bytes(), text, after.as_bytes()].concat()
}

/// A file with one more property.
fn beside(property: &str) -> Vec<u8> {
    format!("{{{property},{}", &file()[1..]).into_bytes()
}

fn deep(open: &str, close: &str) -> String {
    open.repeat(DEEP) + &close.repeat(DEEP)
}

#[tokio::test]
async fn a_success_that_cannot_be_read_says_where_and_keeps_the_body() {
    let lists = deep("[", "]");
    let objects = deep("{\"a\":", "}");
    for (name, headers, body, path, says) in [
        ("no body", &[JSON][..], vec![], None, "has status 200 and no body, expected JSON"),
        ("blank body", &[JSON], b" \r\n".to_vec(), None, "has status 200 and no body, expected JSON"),
        ("null", &[JSON], b"null".to_vec(), Some("$"), "invalid type: null"),
        ("a list", &[JSON], b"[1]".to_vec(), Some("$"), "invalid type: "),
        ("a page", &[HTML], b"<html>".to_vec(), None, "has status 200 and is not JSON (text/html)"),
        ("a page that says it is JSON", &[JSON], b"<html>".to_vec(), Some("$"), "expected value (line 1, column 1)"),
        ("no type and no JSON", &[], b"ok".to_vec(), None, "is not JSON (no content type)"),
        ("two values", &[JSON], format!("{}{{}}", file()).into_bytes(), Some("$"), "trailing characters"),
        ("half a value", &[JSON], b"{\"id\":\"fi".to_vec(), Some("id"), "EOF while parsing a string"),
        ("invalid UTF-8", &[JSON], with("/name", b"\"a\xff\""), Some("name"), "invalid unicode code point"),
        ("a lone surrogate", &[JSON], with("/name", b"\"\\ud800\""), Some("name"), "hex escape"),
        ("UTF-16", &[JSON], b"\xff\xfe{\x00}\x00".to_vec(), Some("$"), "expected value"),
        ("a NUL in a text", &[JSON], with("/name", b"\"a\0\""), Some("name"), "control character"),
        ("only NULs", &[JSON], vec![0; 1000], Some("$"), "expected value"),
        ("a number beyond range", &[JSON], with("/metadata", b"{\"pageCount\":1e999}"), Some("metadata.pageCount"), "number out of range"),
        ("an integer beyond range", &[JSON], with("/metadata", b"{\"pageCount\":99999999999999999999}"), Some("metadata.pageCount"), "integer"),
        ("half an integer", &[JSON], with("/metadata", b"{\"pageCount\":1.5}"), Some("metadata.pageCount"), "integer"),
        ("not a number", &[JSON], with("/metadata", b"{\"pageCount\":NaN}"), Some("metadata.pageCount"), "expected"),
        ("deep lists", &[JSON], lists.clone().into_bytes(), Some("$"), ""),
        ("deep lists in a property", &[JSON], with("/metadata", lists.as_bytes()), Some("metadata"), ""),
        ("deep objects in an unknown property", &[JSON], beside(&format!("\"new\":{objects}")), Some("new"), "recursion limit exceeded"),
        ("deep objects, never closed", &[JSON], beside(&format!("\"new\":{}", "{\"a\":".repeat(DEEP))), None, "recursion limit exceeded"),
        ("compressed unasked", &[JSON, "content-encoding: gzip"], GZIP.to_vec(), None, "is compressed (gzip), which was not asked for"),
    ] {
        let headers: Vec<&str> = headers.iter().copied().chain([ID]).collect();
        let server = Hostile::start([vec![Act::answer(200, &headers, &body)]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.files().retrieve("file_1").await.unwrap_err();
        let text = told(&error);
        let start: String = text.chars().take(300).collect();
        assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{name}: {start}");
        assert!(text.contains(says) && text.contains("[request req_7]"), "{name}: {start}");
        assert!(text.len() < 700, "{name}: {start}");
        if let Some(path) = path {
            assert!(error.json_path().is_some_and(|found| found.starts_with(path)), "{name}: {:?}", error.json_path());
        }
        assert_eq!(error.body().unwrap().as_ref(), body, "{name}");
        assert_eq!(server.requests().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn what_is_odd_but_can_be_read_is_read() {
    let twice = beside("\"id\":\"file_0\"");
    let list = format!("\"new\":{}{}", "[".repeat(100), "]".repeat(100));
    for (name, headers, body) in [
        ("another content type", &["content-type: text/plain"][..], file().into_bytes()),
        ("no content type", &[], file().into_bytes()),
        ("an encoding that changes nothing", &[JSON, "content-encoding: identity"], file().into_bytes()),
        ("a property twice: the last one counts", &[JSON], twice),
        ("a hundred lists in each other", &[JSON], beside(&list)),
        ("an unknown property with a big number", &[JSON], beside("\"new\":123456789012345678901234567890")),
        ("white space around", &[JSON], format!("\r\n {}\n\n", file()).into_bytes()),
    ] {
        let server = Hostile::start([vec![Act::answer(200, headers, &body)]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let file = client.files().retrieve("file_1").await;
        let file = file.unwrap_or_else(|error| panic!("{name}: {}", told(&error)));
        assert_ne!(file.id, "file_0", "{name}");
    }
}

#[tokio::test]
async fn a_refusal_is_told_whatever_its_body_is() {
    let deep = deep("[", "]");
    let cut = b"HTTP/1.1 500 X\r\ncontent-length: 99\r\n\r\nnot all of".to_vec();
    let large = "a".repeat(3_000_000);
    let none = "the server gave no reason";
    for (name, script, status, says, requests) in [
        ("a page", vec![Act::answer(502, &[HTML, ID], "<html><title>Bad Gateway</title>")], 502, "502 Bad Gateway: Bad Gateway [request req_7]", 3),
        ("nothing", vec![Act::answer(503, &[], "")], 503, none, 3),
        ("null", vec![Act::answer(500, &[JSON], "null")], 500, none, 3),
        ("an empty list", vec![Act::answer(500, &[JSON], "[]")], 500, none, 3),
        ("half a body", vec![Act::Send(cut.clone())], 500, "not all of", 3),
        ("half a body and a reset", vec![Act::Send(cut), Act::Reset], 500, "500 Internal Server Error", 3),
        ("deep lists", vec![Act::answer(500, &[JSON], &deep)], 500, "[[[", 3),
        ("3 MB", vec![Act::answer(500, &[], &large)], 500, "aaa", 3),
        ("binary", vec![Act::answer(500, &[], b"\x00\xff\x1b[2J")], 500, "500 Internal Server Error", 3),
        ("compressed unasked", vec![Act::answer(500, &["content-encoding: gzip"], GZIP)], 500, "is compressed (gzip), which was not asked for", 3),
        ("an unknown status", vec![Act::answer(999, &[], "{}")], 999, none, 1),
        ("not modified", vec![Act::answer(304, &[], "")], 304, none, 1),
        ("a status that is a redirect without a place", vec![Act::answer(302, &[], "")], 302, none, 1),
    ] {
        let server = Hostile::start([script]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.files().retrieve("file_1").await.unwrap_err();
        let text = told(&error);
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, status), "{name}: {text}");
        assert_eq!((error.attempts(), server.requests().len()), (requests, requests as usize), "{name}: {text}");
        assert!(text.contains(says), "{name}: {text}");
        assert!(text.len() < 500 && !text.contains(char::is_control), "{name}: {text}");
        let counted = server.requests().len();
        client.extract_runs().create().await.unwrap_err();
        assert_eq!(server.requests().len(), counted + 1, "{name}: a POST was sent again");
    }
}

#[tokio::test]
async fn an_answer_that_announces_too_much_is_not_read() {
    let head = "HTTP/1.1 200 OK\r\nx-extend-request-id: req_7\r\ncontent-length: 99999999999\r\n\r\n";
    let server = Hostile::start([vec![Act::send(head), Act::Silence]]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder.max_retries(2));
    let error = client.files().retrieve("file_1").await.unwrap_err();
    let text = told(&error);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::ResponseTooLarge, 1), "{text}");
    assert!(text.contains("larger than") && text.contains("[request req_7]"), "{text}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn a_body_where_none_may_be_spoils_no_later_answer() {
    for status in [204, 304] {
        let odd = vec![Act::answer(status, &[], "{\"id\":"), Act::Next, Act::answer(200, &[JSON], file())];
        let server = Hostile::start([odd, vec![Act::answer(200, &[JSON], file())]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(0));
        let error = client.files().retrieve("file_1").await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        client.files().retrieve("file_1").await.unwrap();
    }
}
