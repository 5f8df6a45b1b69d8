//! An answer as it came, and the one place where JSON becomes a type: a failure names the JSON path.
//!
//! It must not know how the answer was fetched.

use std::borrow::Cow;
use std::fmt;
use std::future::{Ready, ready};
use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::error::{Error, ErrorKind, Received, request_id};
use crate::profile::{Operation, Profile};

/// Marks a path inside the text of an error: union code puts `MARK path MARK message` into it.
const MARK: char = '\u{1}';

/// What an answer says besides its body.
#[derive(Clone)]
pub struct ResponseParts {
    operation: &'static Operation,
    profile: &'static Profile,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
}

impl ResponseParts {
    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// How many attempts it took to get the answer, from 1.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers, self.profile)
    }

    /// The media type as the server named it.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}

impl fmt::Debug for ResponseParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseParts")
            .field("operation", &self.operation.id)
            .field("status", &self.status.as_u16())
            .field("content_type", &self.content_type())
            .field("request_id", &self.request_id())
            .finish_non_exhaustive()
    }
}

/// A typed answer, together with its status and headers. It can be used like the typed answer itself.
#[derive(Clone, Debug)]
pub struct Response<T> {
    value: T,
    parts: ResponseParts,
}

impl<T> Response<T> {
    /// Status, headers and request id.
    pub fn parts(&self) -> &ResponseParts {
        &self.parts
    }

    /// The typed answer, without the rest.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The typed answer and the rest.
    pub fn into_parts(self) -> (T, ResponseParts) {
        (self.value, self.parts)
    }

    /// Decodes an answer and keeps its parts; for [`call!`](crate::call).
    ///
    /// # Errors
    ///
    /// Those of the two futures.
    #[doc(hidden)]
    pub async fn receive<F: Future<Output = Result<T, Error>>>(
        answer: impl Future<Output = Result<RawResponse, Error>>,
        decode: impl FnOnce(Ready<Result<RawResponse, Error>>) -> F,
    ) -> Result<Self, Error> {
        let answer = answer.await?;
        let parts = answer.parts.clone();
        let value = decode(ready(Ok(answer))).await?;
        Ok(Self { value, parts })
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A successful answer as it came.
#[derive(Clone)]
pub struct RawResponse {
    parts: ResponseParts,
    body: Bytes,
}

impl RawResponse {
    pub(crate) fn new(operation: &'static Operation, received: Received, attempts: u32) -> Self {
        let Received { status, headers, body, profile } = received;
        Self { parts: ResponseParts { operation, profile, status, headers, attempts }, body }
    }

    /// The operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.parts.operation()
    }

    /// How many attempts it took to get the answer, from 1.
    pub fn attempts(&self) -> u32 {
        self.parts.attempts()
    }

    /// The status.
    pub fn status(&self) -> StatusCode {
        self.parts.status()
    }

    /// The headers.
    pub fn headers(&self) -> &HeaderMap {
        self.parts.headers()
    }

    /// The id under which the server knows the request.
    pub fn request_id(&self) -> Option<&str> {
        self.parts.request_id()
    }

    /// The media type as the server named it.
    pub fn content_type(&self) -> Option<&str> {
        self.parts.content_type()
    }

    /// The body.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// The body, without the rest.
    pub fn into_bytes(self) -> Bytes {
        self.body
    }

    /// The body as text; bytes that are not UTF-8 become replacement characters.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// The body as a type.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Decode`] when the body is not JSON of this shape; the error names the JSON path and
    /// keeps the body.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode_json(&self.body).map_err(|problem| self.undecodable(problem))
    }

    fn undecodable(&self, problem: JsonError) -> Error {
        let ResponseParts { operation, profile, status, ref headers, attempts } = self.parts;
        let received = Received { status, headers: headers.clone(), body: self.body.clone(), profile };
        let status = status.as_u16();
        let content_type = self.content_type().unwrap_or("no content type");
        let unusable =
            |message: String, received| Error::unusable_answer(ErrorKind::Decode, operation, message, received);
        if self.body.iter().all(u8::is_ascii_whitespace) {
            let message = format!("the answer has status {status} and no body, expected JSON");
            return unusable(message, received).after(attempts, None);
        }
        if !content_type.contains("json") && !problem.is_shape() {
            let message =
                format!("the answer has status {status} and is not JSON ({content_type}): {}", problem.message);
            return unusable(message, received).after(attempts, None);
        }
        Error::undecodable_answer(operation, problem, received).after(attempts, None)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.operation().id)
            .field("status", &self.status().as_u16())
            .field("content_type", &self.content_type())
            .field("request_id", &self.request_id())
            .field("body_bytes", &self.body.len())
            .finish()
    }
}

/// Why JSON could not be read as a type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// Where, for example `stepRuns[0].result.x`; `$` is the whole.
    pub path: String,
    /// What is wrong there.
    pub message: String,
    /// Line in the text, from 1; 0 if there was no text.
    pub line: usize,
    /// Column in the line, from 1; 0 if there was no text.
    pub column: usize,
    class: Class,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Class {
    Syntax,
    Shape,
}

impl JsonError {
    /// Whether the text was JSON, but not of the expected shape.
    pub fn is_shape(&self) -> bool {
        self.class == Class::Shape
    }

    fn new(path: &Path, error: &serde_json::Error) -> Self {
        let text = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        let mut message = text.strip_suffix(&position).unwrap_or(&text).to_owned();
        let mut full = path_text(path);
        while let Some((inner, rest)) = embedded(&message) {
            full = join(&full, inner);
            message = rest.to_owned();
        }
        Self {
            path: if full.is_empty() { "$".to_owned() } else { full },
            message,
            line: error.line(),
            column: error.column(),
            class: if error.is_data() { Class::Shape } else { Class::Syntax },
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.path, self.message)?;
        match self.line {
            0 => Ok(()),
            line => write!(f, " (line {line}, column {})", self.column),
        }
    }
}

impl std::error::Error for JsonError {}

/// Reads JSON text as a type.
///
/// # Errors
///
/// When the text is not JSON or not of this shape; the error names the JSON path.
pub fn decode_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    // Keeping track of the path costs time, so it is done only for a text that is known to fail.
    if let Ok(value) = serde_json::from_slice(bytes) {
        return Ok(value);
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value =
        serde_path_to_error::deserialize(&mut reader).map_err(|error| JsonError::new(error.path(), error.inner()))?;
    match reader.end() {
        Ok(()) => Ok(value),
        Err(error) => {
            let nowhere = serde_path_to_error::Track::new().path();
            Err(JsonError::new(&nowhere, &error))
        }
    }
}

/// Reads a JSON value as a type.
///
/// # Errors
///
/// When the value is not of this shape; the error names the JSON path.
pub fn decode_value<T: DeserializeOwned>(value: &Value) -> Result<T, JsonError> {
    if let Ok(decoded) = T::deserialize(value) {
        return Ok(decoded);
    }
    serde_path_to_error::deserialize(value).map_err(|error| JsonError::new(error.path(), error.inner()))
}

fn path_text(path: &Path) -> String {
    path.iter().fold(String::new(), |text, segment| {
        let step = match segment {
            Segment::Seq { index } => format!("[{index}]"),
            Segment::Map { key } => step(key),
            Segment::Enum { variant } => step(variant),
            Segment::Unknown => String::new(),
        };
        join(&text, &step)
    })
}

/// A key as a step of a path; one that would be misread is put in brackets and quotes.
fn step(key: &str) -> String {
    if key.is_empty() || key.contains(['.', '[', ']', '"', ' ', MARK]) { format!("[{key:?}]") } else { key.to_owned() }
}

fn join(outer: &str, inner: &str) -> String {
    match (outer, inner) {
        (_, "" | "$" | ".") => outer.to_owned(),
        ("", _) => inner.to_owned(),
        _ if inner.starts_with('[') => format!("{outer}{inner}"),
        _ => format!("{outer}.{inner}"),
    }
}

/// The path and message a union has put into the text of its error.
fn embedded(message: &str) -> Option<(&str, &str)> {
    message.strip_prefix(MARK)?.split_once(MARK)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;
    use serde::de::Error as _;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Run {
        id: String,
        #[serde(default)]
        step_runs: Vec<Step>,
        #[serde(default, rename = "a b")]
        odd: Option<bool>,
    }

    #[derive(Debug, PartialEq, Deserialize)]
    struct Step {
        result: Union,
    }

    /// Does what a union of generated code does: reads a value, then reports the inner path in its message.
    #[derive(Debug, PartialEq)]
    struct Union(i64);

    impl<'de> Deserialize<'de> for Union {
        fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
            #[derive(Deserialize)]
            struct Inner {
                x: i64,
            }
            let value = Value::deserialize(deserializer)?;
            decode_value::<Inner>(&value)
                .map(|inner| Self(inner.x))
                .map_err(|e| D::Error::custom(format!("\u{1}{}\u{1}{}", e.path, e.message)))
        }
    }

    #[test]
    fn the_path_leads_into_unions() {
        for (text, path, message) in [
            (r#"{"id":7}"#, "id", "invalid type: integer `7`, expected a string"),
            ("{}", "$", "missing field `id`"),
            ("[]", "$", "invalid length 0, expected struct Run with 3 elements"),
            (
                r#"{"id":"a","stepRuns":[{"result":{"x":"no"}}]}"#,
                "stepRuns[0].result.x",
                "invalid type: string \"no\", expected i64",
            ),
            (r#"{"id":"a","stepRuns":[{"result":{}}]}"#, "stepRuns[0].result", "missing field `x`"),
            (r#"{"id":"a","a b":1}"#, r#"["a b"]"#, "invalid type: integer `1`, expected a boolean"),
        ] {
            let error = decode_json::<Run>(text.as_bytes()).unwrap_err();
            assert_eq!((error.path.as_str(), error.message.as_str()), (path, message), "{text}");
            assert!(error.is_shape() && error.line == 1, "{text}");
            let value: Value = serde_json::from_str(text).unwrap();
            let error = decode_value::<Run>(&value).unwrap_err();
            assert_eq!((error.path.as_str(), error.line), (path, 0), "{text}");
        }
    }

    #[test]
    fn text_that_is_not_json_is_told_from_the_wrong_shape() {
        for text in ["", "<html>", "{", "{\"id\":\"a\"} tail"] {
            let error = decode_json::<Run>(text.as_bytes()).unwrap_err();
            assert!(!error.is_shape(), "{text}: {error}");
        }
    }
}
