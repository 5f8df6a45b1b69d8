//! Parses error bodies of any shape: various JSON objects, plain text, HTML.
//!
//! Parsing must not fail: a field of the wrong type is ignored. This module must not know the status or the API.

use serde_json::{Map, Value};

use super::html::page_text;
use super::mentioned_run::{find_mentioned_run, has_own_id};
use crate::client::confidential::Confidential;
use crate::decode::without_bom;

/// Maximum length of a message taken from a body that is not JSON, in characters.
const LONGEST_TEXT: usize = 200;
/// Maximum number of entries of an error list that are included in the message.
const MOST_ENTRIES: usize = 3;

/// The fields of an error body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ErrorBody {
    pub(crate) code: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) retryable: Option<bool>,
    pub(crate) request_id: Option<String>,
    pub(crate) doc_url: Option<String>,
    pub(crate) run_id: Option<String>,
    /// Whether it has a top-level `id`, which may be that of a run.
    pub(crate) has_id: bool,
}

/// Parses an error body. Secrets are hidden before a message is truncated.
pub(crate) fn parse_error_body(body: &[u8], confidential: &Confidential) -> ErrorBody {
    let body = without_bom(body);
    match serde_json::from_slice::<Value>(body) {
        Ok(value) => from_value(&value),
        Err(_) => ErrorBody { message: from_text(body, confidential), ..ErrorBody::default() },
    }
}

fn from_value(value: &Value) -> ErrorBody {
    match value {
        Value::Object(object) => from_object(object),
        Value::Array(entries) => ErrorBody { message: entries_text(entries), ..ErrorBody::default() },
        Value::String(text) => {
            ErrorBody { message: Some(text.clone()).filter(|text| !text.trim().is_empty()), ..ErrorBody::default() }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => ErrorBody::default(),
    }
}

fn from_object(object: &Map<String, Value>) -> ErrorBody {
    let own = ErrorBody {
        code: text(object, &["code", "errorCode", "error_code"]).or_else(|| number(object, "code")),
        message: message(object),
        retryable: object.get("retryable").and_then(Value::as_bool),
        request_id: text(object, &["requestId", "request_id"]),
        doc_url: text(object, &["docUrl", "doc_url"]),
        run_id: text(object, &["runId", "run_id"]).or_else(|| find_mentioned_run(object)),
        has_id: has_own_id(object),
    };
    match object.get("error") {
        Some(Value::Object(inner)) => from_object(inner).or(own),
        Some(Value::String(error)) => own.or(ErrorBody {
            message: Some(error.clone()).filter(|text| !text.trim().is_empty()),
            ..ErrorBody::default()
        }),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Array(_)) | None => own,
    }
}

impl ErrorBody {
    /// Returns all strings in it.
    pub(super) fn texts(&mut self) -> impl Iterator<Item = &mut String> {
        let Self { code, message, request_id, doc_url, run_id, retryable: _, has_id: _ } = self;
        [code, message, request_id, doc_url, run_id].into_iter().flatten()
    }

    /// Fills in missing fields from another body.
    fn or(self, other: Self) -> Self {
        Self {
            code: self.code.or(other.code),
            message: self.message.or(other.message),
            retryable: self.retryable.or(other.retryable),
            request_id: self.request_id.or(other.request_id),
            doc_url: self.doc_url.or(other.doc_url),
            run_id: self.run_id.or(other.run_id),
            has_id: self.has_id || other.has_id,
        }
    }
}

/// Returns the first property among `names` that is a non-blank string.
fn text(object: &Map<String, Value>, names: &[&str]) -> Option<String> {
    let texts = names.iter().filter_map(|name| object.get(*name)?.as_str());
    texts.map(str::trim).find(|text| !text.is_empty()).map(str::to_owned)
}

fn number(object: &Map<String, Value>, name: &str) -> Option<String> {
    object.get(name)?.as_i64().map(|number| number.to_string())
}

fn message(object: &Map<String, Value>) -> Option<String> {
    let entries = |name: &str| entries_text(object.get(name)?.as_array()?);
    text(object, &["message", "msg", "detail"])
        .or_else(|| entries("errors"))
        .or_else(|| entries("detail"))
        .or_else(|| entries("message"))
        .or_else(|| text(object, &["title", "error_description"]))
}

fn entries_text(entries: &[Value]) -> Option<String> {
    let texts: Vec<String> = entries.iter().filter_map(|entry| from_value(entry).message).take(MOST_ENTRIES).collect();
    (!texts.is_empty()).then(|| texts.join("; "))
}

fn from_text(body: &[u8], confidential: &Confidential) -> Option<String> {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start();
    let readable = if text.starts_with('<') { page_text(text) } else { text.to_owned() };
    let line = confidential.shown(&readable, LONGEST_TEXT);
    (!line.is_empty()).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &[u8]) -> ErrorBody {
        parse_error_body(body, &Confidential::default())
    }

    #[test]
    fn message_is_found_in_every_shape() {
        for (body, code, message) in [
            (r#"{"code":"INVALID_REQUEST","message":"bad"}"#, Some("INVALID_REQUEST"), Some("bad")),
            (r#"{"success":false,"error":"no such file"}"#, None, Some("no such file")),
            (r#"{"error":"slow down"}"#, None, Some("slow down")),
            (r#"{"error":{"code":"NOT_FOUND","message":"gone"}}"#, Some("NOT_FOUND"), Some("gone")),
            (r#"{"error":"Bad Request","message":"field x"}"#, None, Some("field x")),
            (r#"{"message":"only"}"#, None, Some("only")),
            (r#"{"detail":"fast"}"#, None, Some("fast")),
            (r#"{"detail":[{"loc":["a"],"msg":"required"}]}"#, None, Some("required")),
            (r#"{"errors":["a",{"message":"b"},7,"c","d"]}"#, None, Some("a; b; c")),
            (r#"{"title":"Not allowed","status":403}"#, None, Some("Not allowed")),
            (r#"["x"]"#, None, Some("x")),
            (r#""plain""#, None, Some("plain")),
            (r#"{"code":42,"message":["p"]}"#, Some("42"), Some("p")),
            (r#"{"code":{},"message":7,"retryable":"yes","requestId":[]}"#, None, None),
            (r#"{"message":"  "}"#, None, None),
            ("", None, None),
            ("null", None, None),
            ("upstream\n  connect error", None, Some("upstream connect error")),
            ("<html><head><title>502 Bad Gateway</title></head></html>", None, Some("502 Bad Gateway")),
            (
                "<!DOCTYPE html><body><script>var a = '<b>';</script><h1>Oh</h1>no<STYLE>x{}</STYLE></body>",
                None,
                Some("Oh no"),
            ),
            ("<script>never closed", None, None),
        ] {
            let facts = parse(body.as_bytes());
            assert_eq!(facts.code.as_deref(), code, "{body}");
            assert_eq!(facts.message.as_deref(), message, "{body}");
        }
    }

    #[test]
    fn wrapped_object_wins_and_the_outer_one_fills_in() {
        let facts = parse(
            br#"{"requestId":"req_outer","runId":"vr_1","docUrl":"https://d","error":{"message":"m","requestId":"req_inner","retryable":true}}"#,
        );
        let expected = ErrorBody {
            code: None,
            message: Some("m".into()),
            retryable: Some(true),
            request_id: Some("req_inner".into()),
            doc_url: Some("https://d".into()),
            run_id: Some("vr_1".into()),
            has_id: false,
        };
        assert_eq!(facts, expected);
    }

    #[test]
    fn long_and_binary_bodies_become_one_short_line() {
        let long = "ü ".repeat(5000);
        let message = parse(long.as_bytes()).message.unwrap();
        assert!(message.chars().count() <= LONGEST_TEXT + 1 && message.ends_with('…'));
        let message = parse(b"\xff\x00\x01\nPK").message.unwrap();
        assert!(!message.contains(char::is_control), "{message:?}");
    }

    /// A page of nothing but unclosed tags took 26 s per megabyte while every search ran to the end of the page.
    #[test]
    fn error_bodies_are_read_in_linear_time() {
        let heads = ["<html>", "<title>", "<body", ""];
        let units = [
            "<script></script",
            "<style></style",
            "<script>",
            "<style><script></style",
            "<",
            "<title",
            "<title></title",
            ">",
            "\u{feff}",
            " ",
            "\u{0}",
            "&",
            "</script",
            "<\u{fc}",
        ];
        for (head, unit) in heads.iter().flat_map(|head| units.map(|unit| (head, unit))) {
            let time = |size: usize| {
                let body = format!("{head}{}", unit.repeat(size / unit.len()));
                let start = std::time::Instant::now();
                std::hint::black_box(parse(body.as_bytes()));
                start.elapsed()
            };
            let (small, large) = (time(1 << 16), time(1 << 20));
            // For 16 times the input, a quadratic function takes 256 times as long.
            assert!(large < small * 80 + std::time::Duration::from_millis(300), "{head}{unit}: {small:?}, {large:?}");
        }
        for (open, close) in [("[", "]"), ("{\"error\":", "}"), ("{\"errors\":[", "]}"), ("\"\\u0000", "\"")] {
            let body = format!("{}{}", open.repeat((1 << 20) / open.len()), close);
            let start = std::time::Instant::now();
            std::hint::black_box(parse(body.as_bytes()));
            assert!(start.elapsed() < std::time::Duration::from_secs(5), "{open}");
        }
    }

    #[test]
    fn byte_order_mark_hides_nothing() {
        let facts = parse(b"\xef\xbb\xbf{\"message\":\"m\",\"retryable\":false}");
        assert_eq!((facts.message.as_deref(), facts.retryable), (Some("m"), Some(false)));
    }
}
