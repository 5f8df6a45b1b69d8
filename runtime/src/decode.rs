//! Decodes JSON into types, with errors that name the JSON path. All decoding goes through this module.
//!
//! It must not know where the JSON comes from.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::json::{Class, Failure, Problem, ReadJson, ReadLimits, Whole, path_at, read_text_into, to_bytes};
use crate::readable::clean;
use crate::secret::REDACTED;
use crate::sensitive::is_sensitive_name;

/// The error of JSON that could not be decoded into a type.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct JsonError {
    /// The JSON path of the problem, for example `stepRuns[0].result.x`; `$` is the root.
    pub path: String,
    /// A description of the problem.
    pub message: String,
    /// The line in the JSON text, counted from 1; 0 if a [`Value`] was decoded.
    pub line: usize,
    /// The column in the line, counted from 1; 0 if a [`Value`] was decoded.
    pub column: usize,
    class: Class,
}

impl JsonError {
    /// Returns whether the input is valid JSON that does not have the expected shape.
    pub fn is_shape(&self) -> bool {
        self.class == Class::Shape
    }

    /// Returns whether reading ended because of the memory that the value takes.
    #[cfg(any(feature = "client", feature = "webhooks"))]
    pub(crate) fn is_too_large(&self) -> bool {
        self.class == Class::Memory
    }

    /// Returns whether reading ended because its time limit passed.
    #[cfg(feature = "client")]
    pub(crate) fn is_timeout(&self) -> bool {
        self.class == Class::Time
    }

    fn new(path: String, problem: Problem, (line, column): (usize, usize)) -> Self {
        Self {
            message: discreet(problem.message, &path),
            path: if path.is_empty() { "$".to_owned() } else { path },
            line,
            column,
            class: problem.class,
        }
    }

    fn in_text(text: &[u8], problem: Problem) -> Self {
        let position = problem.position(text);
        Self::new(path_at(text, problem.value), problem, position)
    }

    /// Converts the error of a type that this crate does not define, which may contain a type of this crate.
    fn from_serde(text: &[u8], error: &serde_json::Error) -> Self {
        let inner = Failure::behind(error);
        if let Some((start, inner)) = inner.as_ref().and_then(|inner| Some((inner.start_in(text)?, inner))) {
            return Self::in_text(text, inner.problem.moved(start));
        }
        let position = (error.line(), error.column());
        let at = offset(text, position);
        let class = if error.is_data() { Class::Shape } else { Class::Syntax };
        // The reported position is after a scalar value, but before a container.
        let is_before = matches!(text.get(at), Some(b'{' | b'['));
        let path = path_at(text, if is_before { at } else { at.saturating_sub(1) });
        let Some(inner) = inner else {
            return Self::new(path, Problem { message: without_position(error), class, value: at, at }, position);
        };
        let path = match (path.as_str(), inner.path.as_str()) {
            (_, "") | ("", _) => path + &inner.path,
            (_, inner) if inner.starts_with('[') => path + inner,
            (_, inner) => path + "." + inner,
        };
        Self::new(path, *inner.problem, position)
    }

    /// Returns the error without a position, for input that was not text.
    fn without_text(self) -> Self {
        Self { line: 0, column: 0, ..self }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", clean(&self.path), clean(&self.message))?;
        match self.line {
            0 => Ok(()),
            line => write!(f, " (line {line}, column {})", self.column),
        }
    }
}

impl std::error::Error for JsonError {}

/// Decodes JSON text into a type.
///
/// # Errors
///
/// Returns an error with the JSON path if the text is not JSON or does not have the expected shape.
pub fn decode_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, JsonError> {
    let bytes = without_bom(bytes);
    T::deserialize(Whole(bytes)).map_err(|error| JsonError::from_serde(bytes, &error))
}

/// Removes the byte order mark that some servers and proxies put in front of JSON text.
pub(crate) fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// Decodes a JSON value into a type.
///
/// # Errors
///
/// Returns an error with the JSON path if the value does not have the expected shape.
pub fn decode_value<T: DeserializeOwned>(value: &Value) -> Result<T, JsonError> {
    decode_json(&to_bytes(value)).map_err(JsonError::without_text)
}

/// Decodes JSON text into a type of a generated client.
///
/// # Errors
///
/// Returns the errors of [`decode_json`].
pub fn read_json<T: ReadJson>(bytes: &[u8]) -> Result<T, JsonError> {
    read_json_within(bytes, ReadLimits::NONE)
}

/// Decodes JSON text into a type of a generated client, within limits.
///
/// # Errors
///
/// As [`read_json`]; also if a limit is exceeded.
pub(crate) fn read_json_within<T: ReadJson>(bytes: &[u8], limits: ReadLimits) -> Result<T, JsonError> {
    let mut value = T::blank();
    read_json_into(bytes, &mut value, limits)?;
    Ok(value)
}

/// Decodes JSON text into a blank value, within limits.
pub(crate) fn read_json_into(bytes: &[u8], value: &mut dyn ReadJson, limits: ReadLimits) -> Result<(), JsonError> {
    let bytes = without_bom(bytes);
    read_text_into(bytes, value, limits).map_err(|problem| JsonError::in_text(bytes, *problem))
}

/// Decodes a JSON value into a type of a generated client.
///
/// # Errors
///
/// Returns the errors of [`decode_value`].
pub fn read_value<T: ReadJson>(value: &Value) -> Result<T, JsonError> {
    read_json(&to_bytes(value)).map_err(JsonError::without_text)
}

/// Decodes a JSON value that came from elsewhere, within limits.
///
/// # Errors
///
/// As [`read_value`]; also if the result takes too much memory.
#[cfg(feature = "webhooks")]
pub(crate) fn read_value_within<T: ReadJson>(value: &Value, times: usize) -> Result<T, JsonError> {
    let text = to_bytes(value);
    read_json_within(&text, ReadLimits::of_text(text.len(), times)).map_err(JsonError::without_text)
}

/// Returns the message of an error without the position at its end.
fn without_position(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&position).unwrap_or(&text).to_owned()
}

/// Returns the offset after the byte at a line and a column.
fn offset(text: &[u8], (line, column): (usize, usize)) -> usize {
    let before: usize = text.split_inclusive(|byte| *byte == b'\n').take(line.saturating_sub(1)).map(<[u8]>::len).sum();
    (before + column).min(text.len())
}

/// Redacts the string that a message quotes if it may be a secret: a URL, which may contain a credential, or the value
/// of a property whose name indicates a secret.
fn discreet(message: String, path: &str) -> String {
    let quoted = message.find("string \"").map(|at| at + "string ".len()).zip(message.rfind("\", expected"));
    match quoted.and_then(|(start, end)| Some((&message[..start], message.get(start + 1..end)?, &message[end + 1..]))) {
        Some((before, text, after)) if text.contains("://") || is_sensitive_name(path) => {
            format!("{before}{REDACTED}{after}")
        }
        Some(_) | None => message,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

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

    #[derive(Debug, PartialEq)]
    enum Union {
        Inner(Inner),
        Unknown(Value),
    }

    crate::shape_union!(Union(Inner) {
        object => Inner,
    });

    #[derive(Debug)]
    struct Inner {
        x: i64,
    }

    crate::object!(Inner {
        "x" => x: required,
    });

    #[test]
    fn path_leads_into_unions() {
        for (text, path, message) in [
            (r#"{"id":7}"#, "id", "invalid type: integer `7`, expected a string"),
            ("{}", "$", "missing field `id`"),
            ("[]", "$", "invalid length 0, expected struct Run with 3 elements"),
            (
                r#"{"id":"a","stepRuns":[{"result":{"x":"no"}}]}"#,
                "stepRuns[0].result.x",
                "invalid type: string \"no\", expected an integer",
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
    fn text_that_may_be_a_secret_is_not_quoted() {
        let quoting = |text: &str| format!("invalid type: string {text}, expected a boolean");
        let hidden = quoting(REDACTED);
        for (path, text, shown) in [
            ("a", "\"plain \\\"text\\\"\"", None),
            ("a", "\"\"", None),
            ("a", "\"string \"", None),
            ("a", "\"https://s3.example.com/x?sig=hunter2\"", Some(&hidden)),
            ("a", "\"at \\\", expected s3://hunter2\"", Some(&hidden)),
            ("file.password", "\"hunter2\"", Some(&hidden)),
            ("secrets[0].value", "\"hunter2\"", Some(&hidden)),
        ] {
            let message = quoting(text);
            assert_eq!(discreet(message.clone(), path), *shown.unwrap_or(&message));
        }
        for (message, path) in [("missing field `key`", "secret"), ("string \"", "key"), ("\", expected", "key")] {
            assert_eq!(discreet(message.to_owned(), path), message);
        }
        let error = decode_json::<Run>(br#"{"id":"a","a b":"ftp://u:hunter2@x/"}"#).unwrap_err();
        assert_eq!(error.message, "invalid type: string [redacted], expected a boolean");
        let error = decode_json::<Run>(br#"{"id":"a","stepRuns":[{"result":{"x":"s3://hunter2"}}]}"#).unwrap_err();
        assert_eq!((error.path.as_str(), error.message.contains("hunter2")), ("stepRuns[0].result.x", false));
    }

    #[test]
    fn byte_order_mark_is_skipped() {
        assert_eq!(decode_json::<Vec<u8>>(b"\xef\xbb\xbf[1]"), Ok(vec![1]));
        assert!(decode_json::<Vec<u8>>(b"\xef\xbb\xbf\xef\xbb\xbf[1]").is_err());
    }

    #[test]
    fn invalid_json_and_the_wrong_shape_are_different_errors() {
        for text in ["", "<html>", "{", "{\"id\":\"a\"} tail"] {
            let error = decode_json::<Run>(text.as_bytes()).unwrap_err();
            assert!(!error.is_shape(), "{text}: {error}");
        }
    }
}
