//! The ways in which the server of the soak responds. Must not know which operation is called.

use std::time::Duration;

use workspace_tests::hostile::Act;

/// The number of scripts.
pub(crate) const WAYS: usize = 25;

const JSON: &str = "content-type: application/json";
const FILE: &str = r#"{"object":"file","id":"file_1","name":"a.pdf","type":"PDF","parentFileId":null,"metadata":{},"createdAt":"2026-01-01T00:00:00Z","updatedAt":"2026-01-01T00:00:00Z","usage":{"credits":1}}"#;

/// Returns what the server does on a connection: four good responses, a stream and twenty failures in turn.
pub(crate) fn script(connection: usize) -> Vec<Act> {
    let head = |rest: &str| Act::send(format!("HTTP/1.1 200 X\r\n{JSON}\r\n{rest}"));
    let pause = Duration::from_millis(50);
    let good = Act::response(200, &[JSON], FILE);
    match connection % WAYS {
        0 => vec![Act::response(500, &[JSON], r#"{"code":"INTERNAL","message":"no"}"#)],
        1 => vec![Act::response(503, &["retry-after: 1"], "")],
        2 => vec![Act::response(429, &[JSON, "retry-after: 0"], r#"{"message":"slow down","retryable":true}"#)],
        3 => vec![Act::response(404, &[JSON], r#"{"message":"missing"}"#)],
        4 => vec![Act::response(400, &["content-type: text/html"], "<html><script></script".repeat(500))],
        5 => vec![head("content-length: 900\r\n\r\n{\"id\":")],
        6 => vec![head("content-length: 900\r\n\r\n{\"id\":"), Act::Reset],
        7 => vec![head("transfer-encoding: chunked\r\n\r\nff\r\n{}")],
        8 => vec![head("transfer-encoding: chunked\r\n\r\n"), Act::Trickle(b"1\r\n \r\n".to_vec(), pause)],
        9 => vec![Act::Trickle(b"HTTP/1.1 100 Continue\r\n\r\n".to_vec(), pause)],
        10 => vec![Act::Reset],
        11 => vec![],
        12 => vec![Act::Silence],
        13 => vec![Act::response(200, &["content-type: text/html"], "<html>")],
        14 => vec![Act::response(200, &["content-type: application/pdf"], [0xff; 4096])],
        15 => vec![Act::response(200, &[JSON, "content-encoding: gzip"], [0x1f, 0x8b, 8, 0])],
        16 => vec![Act::response(302, &["location: http://0.0.0.0:9/hunter2"], "")],
        17 => vec![Act::response(307, &["location: /again"], ""), Act::Next, good],
        18 => vec![Act::send(b"\x15\x03\x03\x00\x02\x02\x46\r\n\r\n")],
        19 => vec![Act::response(200, &[JSON], "[".repeat(10_000))],
        20 => {
            let events = "data: {\"a\":1}\n\n".repeat(20);
            vec![Act::response(200, &["content-type: text/event-stream"], events)]
        }
        _ => vec![good.clone(), Act::Next, good.clone(), Act::Next, good],
    }
}
