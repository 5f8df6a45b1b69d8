//! The real client against whole answers with bodies that are wrong, odd or hostile.
//!
//! None of them may stop the program: each is an error that names the place and keeps what came.

use extend_ai::ErrorKind;
use serde_json::Value;
use workspace_tests::document::Document;
use workspace_tests::hostile::{Act, Hostile};
use workspace_tests::sample::{Mode, sample};

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

/// A success with this body is an error that says this, once; `path` is how the JSON path begins.
async fn unreadable(name: &str, headers: &[&str], body: &[u8], path: Option<&str>, says: &str) {
    let server = Hostile::start([vec![Act::answer(200, &[headers, &[ID]].concat(), body)]]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder.max_retries(2));
    let error = client.files().retrieve("file_1").await.unwrap_err();
    let text = told(&error);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{name}: {text}");
    assert!(text.contains(says) && text.contains("[request req_7]"), "{name}: {text}");
    // A hundred steps of a path, and some words.
    assert!(text.len() < 700, "{name}: {text}");
    let found = error.json_path();
    assert!(path.is_none_or(|path| found.is_some_and(|found| found.starts_with(path))), "{name}: {found:?}");
    assert_eq!(error.body().unwrap().as_ref(), body, "{name}");
    assert_eq!(server.requests().len(), 1, "{name}");
}

#[tokio::test]
async fn a_success_that_is_no_json_says_so_and_keeps_the_body() {
    let two = format!("{}{{}}", file()).into_bytes();
    let compressed = [JSON, "content-encoding: gzip"];
    for (name, headers, body, path, says) in [
        ("no body", &[JSON][..], &b""[..], None, "has status 200 and no body, expected JSON"),
        ("blank body", &[JSON], b" \r\n", None, "has status 200 and no body, expected JSON"),
        ("a page", &[HTML], b"<html>", None, "has status 200 and is not JSON (text/html)"),
        ("a page that says it is JSON", &[JSON], b"<html>", Some("$"), "expected value (line 1, column 1)"),
        ("no type and no JSON", &[], b"ok", None, "is not JSON (no content type)"),
        ("two values", &[JSON], &two, Some("$"), "trailing characters"),
        ("half a value", &[JSON], b"{\"id\":\"fi", Some("id"), "EOF while parsing a string"),
        ("UTF-16", &[JSON], b"\xff\xfe{\x00}\x00", Some("$"), "expected value"),
        ("only NULs", &[JSON], &[0; 1000], Some("$"), "expected value"),
        ("compressed unasked", &compressed, GZIP, None, "is compressed (gzip), which was not asked for"),
    ] {
        unreadable(name, headers, body, path, says).await;
    }
}

#[tokio::test]
async fn a_success_that_does_not_fit_says_where_and_keeps_the_body() {
    let pages = |number: &str| with("/metadata", format!("{{\"pageCount\":{number}}}").as_bytes());
    for (name, body, path, says) in [
        ("null", b"null".to_vec(), "$", "invalid type: null"),
        ("a list", b"[1]".to_vec(), "$", "invalid type: "),
        ("invalid UTF-8", with("/name", b"\"a\xff\""), "name", "invalid unicode code point"),
        ("a lone surrogate", with("/name", b"\"\\ud800\""), "name", "hex escape"),
        ("a NUL in a text", with("/name", b"\"a\0\""), "name", "control character"),
        ("a number beyond range", pages("1e999"), "metadata.pageCount", "number out of range"),
        ("not a number", pages("NaN"), "metadata.pageCount", "expected"),
    ] {
        unreadable(name, &[JSON], &body, Some(path), says).await;
    }
}

#[tokio::test]
async fn json_that_is_deeper_than_the_stack_is_an_error() {
    let (lists, objects) = (deep("[", "]"), deep("{\"a\":", "}"));
    let open = "{\"a\":".repeat(DEEP);
    let limit = "recursion limit exceeded";
    for (name, body, path, says) in [
        ("lists", lists.clone().into_bytes(), "$", "invalid type: "),
        ("lists in a property", with("/metadata", lists.as_bytes()), "metadata", "invalid type: "),
        ("lists in a new property", beside(&format!("\"new\":{lists}")), "new", limit),
        ("objects in a new property", beside(&format!("\"new\":{objects}")), "new", limit),
        ("objects that are not closed", beside(&format!("\"new\":{open}")), "new", limit),
    ] {
        unreadable(name, &[JSON], &body, Some(path), says).await;
    }
}

#[tokio::test]
async fn an_integer_that_is_none_names_its_place() {
    let document = Document::published().unwrap();
    let mut run = sample(&document, document.component("BatchRun").unwrap(), Mode::Full);
    run["runCount"] = Value::from("@");
    for (number, says) in [
        ("99999999999999999999", "expected an integer"),
        ("9223372036854775808", "expected an integer"),
        ("-1e19", "expected an integer"),
        ("1e300", "expected an integer"),
        ("1.5", "expected an integer"),
        ("\"7\"", "expected an integer"),
        ("1e999", "number out of range"),
    ] {
        let body = run.to_string().replace("\"@\"", number);
        let server = Hostile::start([vec![Act::answer(200, &[JSON], &body)]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.batch_runs().get("bpr_1").await.unwrap_err();
        let text = told(&error);
        assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("runCount")), "{number}: {text}");
        assert!(text.contains(says), "{number}: {text}");
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
    let page = Act::answer(502, &[HTML, ID], "<html><title>No luck</title>");
    let compressed = Act::answer(500, &["content-encoding: gzip"], GZIP);
    let none = "the server gave no reason";
    for (name, script, status, says, requests) in [
        ("a page", vec![page], 502, "502 Bad Gateway: No luck [request req_7]", 3),
        ("nothing", vec![Act::answer(503, &[], "")], 503, none, 3),
        ("null", vec![Act::answer(500, &[JSON], "null")], 500, none, 3),
        ("an empty list", vec![Act::answer(500, &[JSON], "[]")], 500, none, 3),
        ("half a body", vec![Act::Send(cut.clone())], 500, "not all of", 3),
        ("half a body and a reset", vec![Act::Send(cut), Act::Reset], 500, "500 Internal Server Error", 3),
        ("deep lists", vec![Act::answer(500, &[JSON], &deep)], 500, "[[[", 3),
        ("3 MB", vec![Act::answer(500, &[], &large)], 500, "aaa", 3),
        ("binary", vec![Act::answer(500, &[], b"\x00\xff\x1b[2J")], 500, "500 Internal Server Error", 3),
        ("compressed unasked", vec![compressed], 500, "is compressed (gzip), which was not asked for", 3),
        ("an unknown status", vec![Act::answer(999, &[], "{}")], 999, none, 1),
        ("not modified", vec![Act::answer(304, &[], "")], 304, none, 1),
        ("a redirect to nowhere", vec![Act::answer(302, &[], "")], 302, none, 1),
    ] {
        let server = Hostile::start([script]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.files().retrieve("file_1").await.unwrap_err();
        let text = told(&error);
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, status), "{name}: {text}");
        assert_eq!((error.attempts(), server.requests().len()), (requests, requests as usize), "{name}: {text}");
        assert!(text.contains(says), "{name}: {text}");
        assert!(text.len() < 500 && !text.contains(char::is_control), "{name}: {text}");
        assert!(error.body().unwrap().len() <= 1024 * 1024, "{name}");
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
