//! The one place where JSON becomes a type: a failure names the JSON path.
//!
//! It must not know where the JSON comes from.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::{Path, Segment};

use crate::secret::REDACTED;
use crate::sensitive::is_sensitive_name;

/// Marks a path inside the text of an error: union code puts `MARK path MARK message` into it.
const MARK: char = '\u{1}';

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
            message: discreet(message, &full),
            path: if full.is_empty() { "$".to_owned() } else { full },
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

/// The message without the text it quotes, where that may be a secret: a link, which can be its own credential, or what stands in a
/// property whose name announces one.
fn discreet(message: String, path: &str) -> String {
    let quoted = message.find("string \"").map(|at| at + "string ".len()).zip(message.rfind("\", expected"));
    match quoted.and_then(|(start, end)| Some((&message[..start], message.get(start + 1..end)?, &message[end + 1..]))) {
        Some((before, text, after)) if text.contains("://") || is_sensitive_name(path) => {
            format!("{before}{REDACTED}{after}")
        }
        Some(_) | None => message,
    }
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
    fn a_text_that_may_be_a_secret_is_not_quoted() {
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
    fn text_that_is_not_json_is_told_from_the_wrong_shape() {
        for text in ["", "<html>", "{", "{\"id\":\"a\"} tail"] {
            let error = decode_json::<Run>(text.as_bytes()).unwrap_err();
            assert!(!error.is_shape(), "{text}: {error}");
        }
    }
}
