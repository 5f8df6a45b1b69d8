//! How responses are read, and what happens when there is none.
//!
//! It must not know how requests are completed.

use std::time::{Duration, UNIX_EPOCH};

use sdk_runtime::codegen::Core;
use sdk_runtime::{Error, ErrorKind, RequestOptions};

use crate::clock::FakeClock;
use crate::server::{Reply, Server};
use crate::{KEY, PROFILE, builder, send, shown};

/// Sends one request and gives the error that came of the reply.
async fn refused(reply: Reply) -> Error {
    let server = Server::start(vec![reply]).await.unwrap();
    let core = builder(&server).build().unwrap();
    send(&core, RequestOptions::new()).await.unwrap_err()
}

#[tokio::test]
async fn error_response_reports_its_message_and_advice() {
    let body = r#"{"code":"UNAUTHORIZED","message":"Invalid\nkey","requestId":"req_1","docUrl":"https://d"}"#;
    let error = refused(Reply::json(401, body)).await;
    assert_eq!(
        error.to_string(),
        "things.create: 401 Unauthorized (UNAUTHORIZED): Invalid key [request req_1]; check DEMO_KEY"
    );
    assert!(error.is_unauthorized() && !error.is_retryable());
    assert_eq!(error.doc_url(), Some("https://d"));
    assert_eq!(error.hint(), Some("check DEMO_KEY"));
    assert_eq!(error.body().unwrap(), body.as_bytes());
    let body: serde_json::Value = error.body_as().unwrap();
    assert_eq!(body["code"], "UNAUTHORIZED");
    let json = error.to_json();
    assert_eq!(json["status"], 401);
    assert_eq!(json["operation"], "things.create");
    assert!(json.get("runId").is_none());
}

struct ErrorBody {
    status: u16,
    body: &'static str,
    message: &'static str,
    code: Option<&'static str>,
    request: &'static str,
    retryable: bool,
}

#[tokio::test]
async fn every_shape_of_error_body_is_read() {
    let id = "x-request-id: req_header";
    for ErrorBody { status, body, message, code, request, retryable } in [
        ErrorBody {
            status: 500,
            body: r#"{"code":"INTERNAL_ERROR","message":"m","retryable":false,"requestId":"req_b"}"#,
            message: "m",
            code: Some("INTERNAL_ERROR"),
            request: "req_b",
            retryable: false,
        },
        ErrorBody {
            status: 400,
            body: r#"{"success":false,"error":"m"}"#,
            message: "m",
            code: None,
            request: "req_header",
            retryable: false,
        },
        ErrorBody {
            status: 429,
            body: r#"{"error":"slow"}"#,
            message: "slow",
            code: None,
            request: "req_header",
            retryable: true,
        },
        ErrorBody {
            status: 409,
            body: r#"{"error":{"code":"BUSY","message":"m","retryable":true,"requestId":"req_b"}}"#,
            message: "m",
            code: Some("BUSY"),
            request: "req_b",
            retryable: true,
        },
        ErrorBody {
            status: 502,
            body: "<html><title>Bad Gateway</title></html>",
            message: "Bad Gateway",
            code: None,
            request: "req_header",
            retryable: true,
        },
        ErrorBody {
            status: 404,
            body: "",
            message: "the server gave no reason",
            code: None,
            request: "req_header",
            retryable: false,
        },
    ] {
        let error = refused(Reply::new(status, &[id], body)).await;
        assert_eq!(error.kind(), ErrorKind::Status, "{body}");
        assert_eq!(error.status().unwrap().as_u16(), status, "{body}");
        assert_eq!(error.message(), message, "{body}");
        assert_eq!(error.code(), code, "{body}");
        assert_eq!(error.request_id(), Some(request), "{body}");
        assert_eq!(error.is_retryable(), retryable, "{body}");
    }
}

#[tokio::test]
async fn server_can_say_how_long_to_wait() {
    let now = UNIX_EPOCH + Duration::from_secs(784_111_777);
    for (value, seconds) in [
        ("5", Some(5)),
        ("Sun, 06 Nov 1994 08:49:47 GMT", Some(10)),
        ("Sun, 06 Nov 1994 08:49:27 GMT", Some(0)),
        ("-1", None),
        ("soon", None),
    ] {
        let header = format!("retry-after: {value}");
        let error = refused(Reply::new(429, &[&header], "")).await;
        let expected = seconds.map(Duration::from_secs);
        assert_eq!(error.retry_after_at(now), expected, "{value}");
    }
}

struct Undecodable {
    header: &'static str,
    body: &'static str,
    path: Option<&'static str>,
    part: &'static str,
}

#[tokio::test]
async fn response_is_decoded_or_the_error_names_the_place() {
    #[derive(Debug, serde::Deserialize)]
    struct Page {
        data: Vec<Item>,
    }
    #[derive(Debug, serde::Deserialize)]
    struct Item {
        id: String,
    }
    let json = "content-type: application/json";
    let html = "content-type: text/html; charset=utf-8";
    for Undecodable { header, body, path, part } in [
        Undecodable {
            header: json,
            body: r#"{"data":[{"id":"a"},{"id":7}]}"#,
            path: Some("data[1].id"),
            part: "`data[1].id`: invalid type",
        },
        Undecodable {
            header: html,
            body: r#"{"data":[{}]}"#,
            path: Some("data[0]"),
            part: "`data[0]`: missing field `id`",
        },
        Undecodable { header: json, body: "{", path: Some("$"), part: "EOF while parsing" },
        Undecodable { header: json, body: " ", path: None, part: "has status 200 and no body, expected JSON" },
        Undecodable { header: html, body: "<html>", path: None, part: "is not JSON (text/html; charset=utf-8)" },
        Undecodable {
            header: "content-encoding: br",
            body: "\u{b}",
            path: None,
            part: "has status 200 and is compressed (br), which was not asked for",
        },
    ] {
        let headers = [header, "x-demo-request-id: req_9"];
        let server = Server::start(vec![Reply::new(200, &headers, body)]).await.unwrap();
        let core = builder(&server).build().unwrap();
        let response = send(&core, RequestOptions::new()).await.unwrap();
        assert_eq!((response.request_id(), response.text().as_ref()), (Some("req_9"), body));
        let error = response.decode::<Page>().unwrap_err();
        assert!(error.is_decode() && !error.is_retryable());
        assert_eq!(error.json_path(), path, "{body}");
        assert_eq!(error.request_id(), Some("req_9"));
        assert_eq!(error.body().unwrap(), body.as_bytes());
        assert!(error.to_string().contains(part), "{error}");
    }
    let good = Server::start(vec![Reply::json(201, r#"{"data":[{"id":"a"}]}"#)]).await.unwrap();
    let core = builder(&good).build().unwrap();
    let response = send(&core, RequestOptions::new()).await.unwrap();
    assert_eq!(response.status().as_u16(), 201);
    assert_eq!(response.decode::<Page>().unwrap().data[0].id, "a");
}

struct Compressed {
    status: u16,
    headers: [&'static str; 2],
    body: &'static str,
    expected: Option<&'static str>,
}

#[tokio::test]
async fn compressed_text_and_bytes_are_an_error_and_nothing_is_decoded_without_content() {
    use sdk_runtime::codegen::decode;

    for Compressed { status, headers, body, expected } in [
        Compressed {
            status: 200,
            headers: ["content-encoding: gzip", "x-a: 1"],
            body: "\u{1f}",
            expected: Some("has status 200 and is compressed (gzip)"),
        },
        Compressed {
            status: 200,
            headers: ["content-encoding: identity", "content-encoding: x-gzip"],
            body: "a",
            expected: Some("is compressed (x-gzip)"),
        },
        Compressed { status: 200, headers: ["content-encoding: identity", "x-a: 1"], body: "a", expected: None },
        Compressed { status: 200, headers: ["content-encoding: gzip", "x-a: 1"], body: "", expected: None },
    ] {
        let server = Server::start(vec![Reply::new(status, &headers, body)]).await.unwrap();
        let core = builder(&server).build().unwrap();
        let response = send(&core, RequestOptions::new()).await.unwrap();
        let text: Result<String, Error> = decode::text(response.clone());
        let bytes: Result<sdk_runtime::Bytes, Error> = decode::bytes(response.clone());
        decode::empty::<()>(response).unwrap();
        match expected {
            None => assert_eq!((text.unwrap(), &bytes.unwrap()[..]), (body.to_owned(), body.as_bytes())),
            Some(part) => {
                for error in [text.unwrap_err(), bytes.unwrap_err()] {
                    assert!(error.is_decode() && error.to_string().contains(part), "{error}");
                    assert_eq!(error.body().unwrap(), body.as_bytes());
                }
            }
        }
    }
}

#[tokio::test]
async fn oversized_response_is_not_read() {
    let large = "x".repeat(1001);
    let announced = Reply::json(200, &large);
    let unannounced = format!("HTTP/1.1 200 X\r\nconnection: close\r\n\r\n{large}");
    for reply in [announced, Reply::Raw(unannounced.into_bytes())] {
        let error = refused(reply).await;
        assert_eq!(error.kind(), ErrorKind::ResponseTooLarge);
        assert!(error.to_string().contains("larger than 1000 bytes"), "{error}");
    }
    let error = refused(Reply::json(503, &large)).await;
    assert_eq!(error.kind(), ErrorKind::Status);
    assert_eq!(error.body().unwrap().len(), 1000);
}

#[tokio::test]
async fn size_limits_of_responses_and_downloads_are_those_of_the_client() {
    let server = Server::start(vec![Reply::json(200, &"x".repeat(11))]).await.unwrap();
    for (most, fits) in [(10, false), (11, true)] {
        let core = builder(&server).max_response_bytes(most).build().unwrap();
        let response = send(&core, RequestOptions::new()).await;
        let file = core.download(server.url()).bytes().await;
        let kinds = [response.err().map(|error| error.kind()), file.err().map(|error| error.kind())];
        assert_eq!(kinds, [(!fits).then_some(ErrorKind::ResponseTooLarge); 2], "{most}");
    }
}

#[tokio::test]
async fn redirect_does_not_carry_the_key_to_another_host() {
    let other = Server::start(vec![Reply::json(200, "{}")]).await.unwrap();
    for status in [301, 302, 303, 307, 308] {
        let location = format!("location: {}/stolen?key=hunter3", other.url());
        let error = refused(Reply::new(status, &[&location], "")).await;
        let text = shown(&error);
        assert!(text.contains(&format!("redirect to {} was not followed", other.url())));
        assert!(!text.contains("hunter"), "{text}");
    }
    assert!(other.seen().is_empty());
}

#[tokio::test]
async fn redirect_on_the_same_server_keeps_method_body_and_key() {
    let moved = Reply::new(307, &["location: /moved"], "");
    let server = Server::start(vec![moved, Reply::json(200, "{}")]).await.unwrap();
    let core = builder(&server).build().unwrap();
    send(&core, RequestOptions::new()).await.unwrap();
    let seen = &server.seen()[1];
    assert_eq!((seen.line.as_str(), seen.body.as_str()), ("POST /moved", "{}"));
    assert_eq!(seen.all("authorization"), ["Bearer sk_hunter2"]);
    assert_eq!(seen.all("x-demo-version"), ["2026-01-01"]);
    let turned = Reply::new(302, &["location: /moved"], "");
    let error = refused(turned).await;
    assert_eq!(error.status().unwrap().as_u16(), 302);
}

#[tokio::test]
async fn truncated_response_is_a_connection_error() {
    let head = "HTTP/1.1 200 X\r\ncontent-length: 10\r\n\r\n{";
    for reply in [head, "HTTP/1.1 200 X\r\ncontent-le", "", "nonsense\r\n\r\n"] {
        let error = refused(Reply::Raw(reply.into())).await;
        assert_eq!(error.kind(), ErrorKind::Transport, "{reply}: {error:?}");
        assert_eq!(error.attempts(), 1, "{reply}");
    }
}

#[tokio::test]
async fn refused_connection_names_the_server_and_not_the_key() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let core = Core::builder(&PROFILE).api_key(KEY);
    let core = core.base_url(format!("http://{address}")).clock(FakeClock::new()).build().unwrap();
    let error = send(&core, RequestOptions::new()).await.unwrap_err();
    assert!(error.is_connect() && error.is_retryable() && !error.is_timeout());
    assert_eq!(error.to_string(), format!("things.create: cannot connect to {address} (after 3 attempts)"));
    let cause = error.to_json()["cause"].as_str().unwrap().to_lowercase();
    assert!(cause.contains("refused"), "{cause}");
    assert!(!shown(&error).contains(KEY));
}
