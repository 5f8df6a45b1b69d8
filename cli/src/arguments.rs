//! Reads the arguments of `extend-ai call`: pairs, the source of the body, form fields.
//!
//! Must not know what an operation accepts: the typed call checks the arguments.

use std::io::{self, Read};

use extend_ai::dispatch::{Arguments, UsageError};
use serde_json::Value;

use crate::Call;

/// Splits `NAME=VALUE` at the first equals sign.
pub(crate) fn parse_pair(argument: &str) -> Result<(String, String), String> {
    match argument.split_once('=') {
        Some(("", _)) => Err("the name before `=` is missing".to_owned()),
        Some((name, value)) => Ok((name.to_owned(), value.to_owned())),
        None => Err("expected NAME=VALUE".to_owned()),
    }
}

/// Collects the arguments of the call: first `path`, the values found in the path of the operation, then the options.
pub(crate) fn collect(path: Vec<(&'static str, String)>, call: Call) -> Result<Arguments, UsageError> {
    let mut arguments = Arguments::new(call.output());
    for (name, value) in path {
        arguments = arguments.path(name, value);
    }
    for (name, value) in call.path {
        arguments = arguments.path(name, value);
    }
    for (name, value) in call.query {
        arguments = arguments.query(name, value);
    }
    for (name, value) in call.header {
        arguments = arguments.header(name, value);
    }
    for (name, value) in call.form {
        arguments = match value.strip_prefix('@') {
            Some(file) => arguments.form_file(name, file),
            None => arguments.form_text(name, value),
        };
    }
    match call.body {
        Some(source) => Ok(arguments.body(read_body(&source, io::stdin().lock())?)),
        None => Ok(arguments),
    }
}

/// Reads the body from its source: JSON, `@FILE`, or `-` for stdin.
fn read_body(source: &str, mut stdin: impl Read) -> Result<Value, UsageError> {
    let unreadable =
        |place: &str, error: io::Error| UsageError::new(format!("the body cannot be read from {place}: {error}"));
    let (place, bytes) = if source == "-" {
        let mut bytes = Vec::new();
        stdin.read_to_end(&mut bytes).map_err(|error| unreadable("stdin", error))?;
        (" from stdin".to_owned(), bytes)
    } else if let Some(file) = source.strip_prefix('@') {
        let bytes = std::fs::read(file).map_err(|error| unreadable(&format!("`{file}`"), error))?;
        (format!(" from `{file}`"), bytes)
    } else {
        (String::new(), source.as_bytes().to_vec())
    };
    // Some editors write a byte order mark, which JSON does not allow.
    let json = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    let not_json = |error| UsageError::new(format!("the body{place} is not JSON: {error}"));
    serde_json::from_slice(json).map_err(not_json)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_are_split_at_the_first_equals_sign() {
        for (argument, expected) in [
            ("a=b", Some(("a", "b"))),
            ("a=", Some(("a", ""))),
            ("a=b=c", Some(("a", "b=c"))),
            ("a", None),
            ("=b", None),
            ("", None),
        ] {
            let expected = expected.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert_eq!(parse_pair(argument).ok(), expected, "{argument}");
        }
    }

    #[test]
    fn body_is_read_from_the_argument_a_file_or_stdin() {
        let file = std::env::temp_dir().join(format!("extend-body-{}.json", std::process::id()));
        std::fs::write(&file, b"\xef\xbb\xbf{\"a\": 2}").unwrap();
        let from_file = format!("@{}", file.display());
        for (source, value) in [("{\"a\": 1}", 1), (from_file.as_str(), 2), ("-", 3)] {
            let body = read_body(source, &b"{\"a\": 3}"[..]).unwrap();
            assert_eq!(body, serde_json::json!({"a": value}), "{source}");
        }
        std::fs::remove_file(file).unwrap();
    }

    #[test]
    fn body_that_is_not_json_names_source_and_position() {
        for (source, message) in [
            ("{\"a\": }", "the body is not JSON: expected value at line 1 column 7"),
            ("-", "the body from stdin is not JSON: expected ident at line 2 column 2"),
            ("@/nowhere/body.json", "the body cannot be read from `/nowhere/body.json`: "),
        ] {
            let error = read_body(source, &b"\nnext"[..]).unwrap_err().to_string();
            assert!(error.starts_with(message), "{error}");
        }
    }
}
