//! Tests the client against complete responses with invalid, unusual or hostile bodies.
//!
//! None of them may panic: each is an error that names the location and keeps the body.

use extend_ai::ErrorKind;
use serde_json::{Value, json};
use workspace_tests::document::Document;
use workspace_tests::hostile::{Act, Hostile};
use workspace_tests::sample::{Mode, create_sample};

use crate::hostile::{client, describe, file};

const JSON: &str = "content-type: application/json";
const HTML: &str = "content-type: text/html";
const ID: &str = "x-extend-request-id: req_7";
/// Nesting deeper than any stack.
const DEEP: usize = 100_000;

/// The start of `{"a": 1}`, compressed with gzip.
const GZIP: &[u8] = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xabVJT\xb2R0\xac\x05\x00";

/// Returns a file as JSON, with a value replaced.
fn file_with(name: &str, text: &[u8]) -> Vec<u8> {
    let mut value: Value = serde_json::from_str(&file()).unwrap();
    *value.pointer_mut(name).unwrap() = Value::from("@");
    let json = value.to_string();
    let (before, after) = json.split_once("\"@\"").unwrap();
    [before.as_bytes(), text, after.as_bytes()].concat()
}

/// Returns a file as JSON, with an additional property.
fn file_with_property(property: &str) -> Vec<u8> {
    format!("{{{property},{}", &file()[1..]).into_bytes()
}

fn deep(open: &str, close: &str) -> String {
    open.repeat(DEEP) + &close.repeat(DEEP)
}

/// A successful response that cannot be decoded.
struct Undecodable<'a> {
    name: &'a str,
    headers: &'a [&'a str],
    body: &'a [u8],
    /// How the JSON path of the error starts, if it has one.
    path: Option<&'a str>,
    /// Part of the error message.
    message: &'a str,
}

/// Checks that the response is an error without retries, and that the error keeps the body.
async fn check_undecodable(Undecodable { name, headers, body, path, message }: Undecodable<'_>) {
    let server = Hostile::start([vec![Act::response(200, &[headers, &[ID]].concat(), body)]]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder.max_retries(2));
    let error = client.files().retrieve("file_1").await.unwrap_err();
    let text = describe(&error);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Decode, 1), "{name}: {text}");
    assert!(text.contains(message) && text.contains("[request req_7]"), "{name}: {text}");
    // At most a hundred segments of a path, and some words.
    assert!(text.len() < 700, "{name}: {text}");
    let found = error.json_path();
    assert!(path.is_none_or(|path| found.is_some_and(|found| found.starts_with(path))), "{name}: {found:?}");
    assert_eq!(error.body().unwrap().as_ref(), body, "{name}");
    assert_eq!(server.requests().len(), 1, "{name}");
}

#[test]
fn errors_of_other_decoders_have_no_control_characters() {
    for value in [json!({}), json!({"id": 1}), json!({"object": "extract_run", "id": "exr_1", "status": []})] {
        for error in [
            serde_json::from_value::<extend_ai::types::ExtractRun>(value.clone()).unwrap_err(),
            serde_json::from_str::<extend_ai::types::ExtractRun>(&value.to_string()).unwrap_err(),
        ] {
            let text = format!("{error} {error:?}");
            assert!(!text.contains(char::is_control), "{text:?}");
        }
    }
}

/// A response that says that it is JSON.
const BASE: Undecodable<'static> = Undecodable { name: "", headers: &[JSON], body: b"", path: None, message: "" };

fn bodies_that_are_not_json(two: &[u8]) -> [Undecodable<'_>; 10] {
    [
        Undecodable { name: "no body", body: b"", message: "has status 200 and no body, expected JSON", ..BASE },
        Undecodable {
            name: "blank body",
            body: b" \r\n",
            message: "has status 200 and no body, expected JSON",
            ..BASE
        },
        Undecodable {
            name: "a page",
            headers: &[HTML],
            body: b"<html>",
            message: "has status 200 and is not JSON (text/html)",
            ..BASE
        },
        Undecodable {
            name: "a page that says it is JSON",
            body: b"<html>",
            path: Some("$"),
            message: "expected value (line 1, column 1)",
            ..BASE
        },
        Undecodable {
            name: "no type and no JSON",
            headers: &[],
            body: b"ok",
            message: "is not JSON (no content type)",
            ..BASE
        },
        Undecodable { name: "two values", body: two, path: Some("$"), message: "trailing characters", ..BASE },
        Undecodable {
            name: "half a value",
            body: b"{\"id\":\"fi",
            path: Some("id"),
            message: "EOF while parsing a string",
            ..BASE
        },
        Undecodable { name: "UTF-16", body: b"\xff\xfe{\x00}\x00", path: Some("$"), message: "expected value", ..BASE },
        Undecodable { name: "only NULs", body: &[0; 1000], path: Some("$"), message: "expected value", ..BASE },
        Undecodable {
            name: "compressed unasked",
            headers: &[JSON, "content-encoding: gzip"],
            body: GZIP,
            message: "is compressed (gzip), which was not asked for",
            ..BASE
        },
    ]
}

#[tokio::test]
async fn success_that_is_not_json_is_an_error_with_the_body() {
    let two = format!("{}{{}}", file()).into_bytes();
    for response in bodies_that_are_not_json(&two) {
        check_undecodable(response).await;
    }
}

/// A value that does not fit, in a response that says it is JSON.
struct Invalid {
    name: &'static str,
    body: Vec<u8>,
    path: &'static str,
    message: &'static str,
}

impl Invalid {
    fn response(&self) -> Undecodable<'_> {
        let Self { name, body, path, message } = self;
        Undecodable { name, headers: &[JSON], body, path: Some(path), message }
    }
}

#[tokio::test]
async fn success_with_an_invalid_value_is_an_error_with_its_path() {
    let pages = |number: &str| file_with("/metadata", format!("{{\"pageCount\":{number}}}").as_bytes());
    for invalid in [
        Invalid { name: "null", body: b"null".to_vec(), path: "$", message: "invalid type: null" },
        Invalid { name: "a list", body: b"[1]".to_vec(), path: "$", message: "invalid type: " },
        Invalid {
            name: "invalid UTF-8",
            body: file_with("/name", b"\"a\xff\""),
            path: "name",
            message: "invalid unicode code point",
        },
        Invalid {
            name: "a lone surrogate",
            body: file_with("/name", b"\"\\ud800\""),
            path: "name",
            message: "hex escape",
        },
        Invalid {
            name: "a NUL in a text",
            body: file_with("/name", b"\"a\0\""),
            path: "name",
            message: "control character",
        },
        Invalid {
            name: "a number beyond range",
            body: pages("1e999"),
            path: "metadata.pageCount",
            message: "number out of range",
        },
        Invalid { name: "not a number", body: pages("NaN"), path: "metadata.pageCount", message: "expected" },
    ] {
        check_undecodable(invalid.response()).await;
    }
}

#[tokio::test]
async fn deeply_nested_json_is_an_error() {
    let (lists, objects) = (deep("[", "]"), deep("{\"a\":", "}"));
    let open = "{\"a\":".repeat(DEEP);
    let limit = "recursion limit exceeded";
    for invalid in [
        Invalid { name: "lists", body: lists.clone().into_bytes(), path: "$", message: "invalid type: " },
        Invalid {
            name: "lists in a property",
            body: file_with("/metadata", lists.as_bytes()),
            path: "metadata",
            message: "invalid type: ",
        },
        Invalid {
            name: "lists in a new property",
            body: file_with_property(&format!("\"new\":{lists}")),
            path: "new",
            message: limit,
        },
        Invalid {
            name: "objects in a new property",
            body: file_with_property(&format!("\"new\":{objects}")),
            path: "new",
            message: limit,
        },
        Invalid {
            name: "objects that are not closed",
            body: file_with_property(&format!("\"new\":{open}")),
            path: "new",
            message: limit,
        },
    ] {
        check_undecodable(invalid.response()).await;
    }
}

#[tokio::test]
async fn invalid_integer_is_an_error_with_its_path() {
    let document = Document::published().unwrap();
    let mut run = create_sample(&document, document.component("BatchRun").unwrap(), Mode::Full);
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
        let server = Hostile::start([vec![Act::response(200, &[JSON], &body)]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.batch_runs().get("bpr_1").await.unwrap_err();
        let text = describe(&error);
        assert_eq!((error.kind(), error.json_path()), (ErrorKind::Decode, Some("runCount")), "{number}: {text}");
        assert!(text.contains(says), "{number}: {text}");
    }
}

#[tokio::test]
async fn unusual_but_valid_responses_are_decoded() {
    let twice = file_with_property("\"id\":\"file_0\"");
    let list = format!("\"new\":{}{}", "[".repeat(100), "]".repeat(100));
    for (name, headers, body) in [
        ("another content type", &["content-type: text/plain"][..], file().into_bytes()),
        ("no content type", &[], file().into_bytes()),
        ("an encoding that changes nothing", &[JSON, "content-encoding: identity"], file().into_bytes()),
        ("a property twice: the last one counts", &[JSON], twice),
        ("a hundred lists in each other", &[JSON], file_with_property(&list)),
        (
            "an unknown property with a big number",
            &[JSON],
            file_with_property("\"new\":123456789012345678901234567890"),
        ),
        ("white space around", &[JSON], format!("\r\n {}\n\n", file()).into_bytes()),
    ] {
        let server = Hostile::start([vec![Act::response(200, headers, &body)]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let file = client.files().retrieve("file_1").await;
        let file = file.unwrap_or_else(|error| panic!("{name}: {}", describe(&error)));
        assert_ne!(file.id, "file_0", "{name}");
    }
}

/// An error response to a GET.
struct ErrorCase {
    name: &'static str,
    script: Vec<Act>,
    status: u16,
    /// Part of the error message.
    message: &'static str,
    attempts: u32,
}

const NO_REASON: &str = "the server gave no reason";

/// Returns error responses that are retried, with small and complete bodies.
fn retried_error_cases() -> Vec<ErrorCase> {
    let page = Act::response(502, &[HTML, ID], "<html><title>No luck</title>");
    let none = NO_REASON;
    vec![
        ErrorCase {
            name: "a page",
            script: vec![page],
            status: 502,
            message: "502 Bad Gateway: No luck [request req_7]",
            attempts: 3,
        },
        ErrorCase {
            name: "nothing",
            script: vec![Act::response(503, &[], "")],
            status: 503,
            message: none,
            attempts: 3,
        },
        ErrorCase {
            name: "null",
            script: vec![Act::response(500, &[JSON], "null")],
            status: 500,
            message: none,
            attempts: 3,
        },
        ErrorCase {
            name: "an empty list",
            script: vec![Act::response(500, &[JSON], "[]")],
            status: 500,
            message: none,
            attempts: 3,
        },
    ]
}

/// Returns error responses that are retried, with bodies that are cut, large or not a string.
fn retried_error_cases_with_unusual_bodies() -> Vec<ErrorCase> {
    let deep = deep("[", "]");
    let cut = b"HTTP/1.1 500 X\r\ncontent-length: 99\r\n\r\nnot all of".to_vec();
    let large = "a".repeat(3_000_000);
    let compressed = Act::response(500, &["content-encoding: gzip"], GZIP);
    vec![
        ErrorCase {
            name: "half a body",
            script: vec![Act::Send(cut.clone())],
            status: 500,
            message: "not all of",
            attempts: 3,
        },
        ErrorCase {
            name: "half a body and a reset",
            script: vec![Act::Send(cut), Act::Reset],
            status: 500,
            message: "500 Internal Server Error",
            attempts: 3,
        },
        ErrorCase {
            name: "deep lists",
            script: vec![Act::response(500, &[JSON], &deep)],
            status: 500,
            message: "[[[",
            attempts: 3,
        },
        ErrorCase {
            name: "3 MB",
            script: vec![Act::response(500, &[], &large)],
            status: 500,
            message: "aaa",
            attempts: 3,
        },
        ErrorCase {
            name: "binary",
            script: vec![Act::response(500, &[], b"\x00\xff\x1b[2J")],
            status: 500,
            message: "500 Internal Server Error",
            attempts: 3,
        },
        ErrorCase {
            name: "compressed unasked",
            script: vec![compressed],
            status: 500,
            message: "is compressed (gzip), which was not asked for",
            attempts: 3,
        },
    ]
}

/// Returns error responses that are not retried.
fn final_error_cases() -> Vec<ErrorCase> {
    let none = NO_REASON;
    vec![
        ErrorCase {
            name: "an unknown status",
            script: vec![Act::response(999, &[], "{}")],
            status: 999,
            message: none,
            attempts: 1,
        },
        ErrorCase {
            name: "not modified",
            script: vec![Act::response(304, &[], "")],
            status: 304,
            message: none,
            attempts: 1,
        },
        ErrorCase {
            name: "a redirect to nowhere",
            script: vec![Act::response(302, &[], "")],
            status: 302,
            message: none,
            attempts: 1,
        },
    ]
}

#[tokio::test]
async fn error_response_is_reported_for_any_body() {
    let retried = retried_error_cases().into_iter().chain(retried_error_cases_with_unusual_bodies());
    for ErrorCase { name, script, status, message, attempts } in retried.chain(final_error_cases()) {
        let server = Hostile::start([script]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(2));
        let error = client.files().retrieve("file_1").await.unwrap_err();
        let text = describe(&error);
        assert_eq!((error.kind(), error.status().unwrap().as_u16()), (ErrorKind::Status, status), "{name}: {text}");
        assert_eq!((error.attempts(), server.requests().len()), (attempts, attempts as usize), "{name}: {text}");
        assert!(text.contains(message), "{name}: {text}");
        assert!(text.len() < 500 && !text.contains(char::is_control), "{name}: {text}");
        assert!(error.body().unwrap().len() <= 1024 * 1024, "{name}");
        let counted = server.requests().len();
        client.extract_runs().create().await.unwrap_err();
        assert_eq!(server.requests().len(), counted + 1, "{name}: a POST was sent again");
    }
}

#[tokio::test]
async fn response_with_an_excessive_length_is_not_read() {
    let head = "HTTP/1.1 200 OK\r\nx-extend-request-id: req_7\r\ncontent-length: 99999999999\r\n\r\n";
    let server = Hostile::start([vec![Act::send(head), Act::Silence]]).await.unwrap();
    let (client, _) = client(server.url(), |builder| builder.max_retries(2));
    let error = client.files().retrieve("file_1").await.unwrap_err();
    let text = describe(&error);
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::ResponseTooLarge, 1), "{text}");
    assert!(text.contains("larger than") && text.contains("[request req_7]"), "{text}");
    assert_eq!(server.requests().len(), 1);
}

#[tokio::test]
async fn body_of_a_response_without_body_does_not_affect_the_next_response() {
    for status in [204, 304] {
        let odd = vec![Act::response(status, &[], "{\"id\":"), Act::Next, Act::response(200, &[JSON], file())];
        let server = Hostile::start([odd, vec![Act::response(200, &[JSON], file())]]).await.unwrap();
        let (client, _) = client(server.url(), |builder| builder.max_retries(0));
        let error = client.files().retrieve("file_1").await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        client.files().retrieve("file_1").await.unwrap();
    }
}
