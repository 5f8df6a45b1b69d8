//! Finds the operation that a user means, by name or by method and path.
//!
//! Must not know what happens with it: the result is the operation and the values found in the path.

use percent_encoding::percent_decode_str;

use super::UsageError;
use crate::operation::Operation;

/// Largest number of suggestions in an error.
const SUGGESTIONS: usize = 5;

/// An operation and the path parameters that were found in the path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The operation.
    pub operation: &'static Operation,
    /// Names and decoded values of the path parameters that the path contained.
    pub path: Vec<(&'static str, String)>,
}

/// Finds an operation by its ID (`extract_runs.create`), by method and template (`GET /files/{id}`), or by method and a
/// path that fits one template (`GET /files/file_1`). If several fit, literal segments take precedence over parameters,
/// from left to right.
///
/// # Errors
///
/// Returns an error with suggestions if no operation fits, or if several fit equally well.
pub fn find(operations: &[&'static Operation], wanted: &str) -> Result<Found, UsageError> {
    let wanted = wanted.trim();
    let Some((method, path)) = split(wanted) else {
        let found = operations.iter().find(|operation| operation.id == wanted);
        return match found {
            Some(operation) => Ok(Found { operation, path: Vec::new() }),
            None => Err(unknown(operations, wanted, &[])),
        };
    };
    if method.is_empty() {
        let message = format!("`{path}` lacks the method: write for example \"GET {path}\"");
        return Err(UsageError::new(message));
    }
    if path.contains(['?', '#']) {
        let message = format!("`{path}` has more than a path: give query parameters with --query NAME=VALUE");
        return Err(UsageError::new(message));
    }
    by_path(operations, wanted, method, path)
}

/// Splits `METHOD /path`; a string without a slash is not a path.
fn split(wanted: &str) -> Option<(&str, &str)> {
    let slash = wanted.find('/')?;
    let (method, path) = wanted.split_at(slash);
    Some((method.trim_end(), path))
}

fn by_path(operations: &[&'static Operation], wanted: &str, method: &str, path: &str) -> Result<Found, UsageError> {
    let (fitting, others): (Vec<_>, Vec<_>) = operations
        .iter()
        .filter_map(|operation| fit(operation, path))
        .partition(|fit| fit.found.operation.method.eq_ignore_ascii_case(method));
    let Some(best) = fitting.iter().map(|fit| &fit.literal).max() else {
        let same_path: Vec<_> = others.iter().map(|fit| fit.found.operation).collect();
        return Err(unknown(operations, wanted, &same_path));
    };
    let mut winners = fitting.iter().filter(|fit| fit.literal == *best);
    match (winners.next(), winners.next()) {
        (Some(first), Some(second)) => {
            let (first, second) = (first.found.operation, second.found.operation);
            let message = format!("`{wanted}` can be `{}` or `{}`: write one of these", first.id, second.id);
            Err(UsageError::new(message))
        }
        (first, _) => first.map(|fit| fit.found.clone()).ok_or_else(|| unknown(operations, wanted, &[])),
    }
}

struct Fit {
    found: Found,
    /// Whether each segment was matched literally; greater is better.
    literal: Vec<Literal>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Literal {
    Parameter,
    Same,
}

fn fit(operation: &'static Operation, path: &str) -> Option<Fit> {
    let template = segments(operation.path);
    let given = segments(path);
    if template.len() != given.len() {
        return None;
    }
    let mut values = Vec::new();
    let mut literal = Vec::with_capacity(template.len());
    for (template, given) in template.into_iter().zip(given) {
        if template == given {
            literal.push(Literal::Same);
            continue;
        }
        let (before, name, after) = parameter(template)?;
        literal.push(Literal::Parameter);
        // A placeholder with another name stands for the parameter and leaves its value open.
        if parameter(given).is_some_and(|(b, _, a)| (b, a) == (before, after)) {
            continue;
        }
        let value = given.strip_prefix(before)?.strip_suffix(after)?;
        if value.is_empty() {
            return None;
        }
        let value = percent_decode_str(value).decode_utf8().ok()?;
        values.push((name, value.into_owned()));
    }
    Some(Fit { found: Found { operation, path: values }, literal })
}

fn segments(path: &str) -> Vec<&str> {
    let path = path.strip_prefix('/').unwrap_or(path);
    path.strip_suffix('/').unwrap_or(path).split('/').collect()
}

/// Returns the parameter of a template segment with the text before and after it, or `None` if there are several.
fn parameter(segment: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = segment.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    let single = !name.is_empty() && !name.contains('{') && !after.contains('{');
    single.then_some((before, name, after))
}

fn unknown(operations: &[&'static Operation], wanted: &str, same_path: &[&'static Operation]) -> UsageError {
    let mut near: Vec<_> =
        operations.iter().filter_map(|operation| Some((distance(operation, wanted)?, *operation))).collect();
    near.sort_by_key(|(distance, _)| *distance);
    let near = near.into_iter().map(|(_, operation)| operation);
    let mut suggested: Vec<&Operation> = Vec::new();
    for operation in same_path.iter().copied().chain(near) {
        if suggested.len() < SUGGESTIONS && !suggested.contains(&operation) {
            suggested.push(operation);
        }
    }
    let mut message = format!("unknown operation `{wanted}`");
    if suggested.is_empty() {
        message.push_str("; `operations` lists them all");
    } else {
        message.push_str("; did you mean");
    }
    for operation in suggested {
        let Operation { id, method, path, .. } = operation;
        message.push_str(&format!("\n  {id}  ({method} {path})"));
    }
    UsageError::new(message)
}

/// Returns the operation whose method and path need the fewest edits to match.
#[cfg(feature = "test-util")]
pub(crate) fn find_nearest(operations: &[&'static Operation], call: &str) -> Option<&'static Operation> {
    let changes = |operation: &&Operation| edits(&format!("{} {}", operation.method, operation.path), call);
    operations.iter().copied().min_by_key(changes)
}

/// Returns the edit distance between an operation and a misspelled name, or `None` if it is too large.
fn distance(operation: &Operation, wanted: &str) -> Option<usize> {
    let plain = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    let wanted = plain(wanted);
    let id = plain(operation.id);
    if wanted.len() >= 3 && id.split('.').any(|part| part == wanted) {
        return Some(1);
    }
    let call = plain(&format!("{} {}", operation.method, operation.path));
    let distance = edits(&id, &wanted).min(edits(&call, &wanted));
    (distance <= (wanted.chars().count() / 4).clamp(1, 4)).then_some(distance)
}

/// Returns the number of characters to insert, remove or replace to turn one string into the other.
fn edits(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, a) in one.chars().enumerate() {
        let mut diagonal = index;
        let mut left = index + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&other) {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = *cell;
            left = replaced.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
        if let Some(first) = row.first_mut() {
            *first = index + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::{Deprecation, Security};

    const fn operation(id: &'static str, method: &'static str, path: &'static str) -> Operation {
        Operation {
            id,
            method,
            path,
            summary: "",
            deprecated: Deprecation::Current,
            accept: "",
            started: &[],
            security: Security::Default,
        }
    }

    static ALL: [Operation; 9] = [
        operation("files.list", "GET", "/files"),
        operation("files.get", "GET", "/files/{id}"),
        operation("files.delete", "DELETE", "/files/{id}"),
        operation("files.latest", "GET", "/files/latest"),
        operation("files.page", "GET", "/files/{fileId}/pages/{page}.png"),
        operation("files.first_page", "GET", "/files/{fileId}/pages/first.png"),
        operation("check", "POST", "/check"),
        operation("one", "GET", "/same/{a}/x"),
        operation("two", "GET", "/same/{b}/x"),
    ];

    fn found(wanted: &str) -> Result<Found, UsageError> {
        find(&ALL.iter().collect::<Vec<_>>(), wanted)
    }

    #[test]
    fn operations_are_found_by_name_and_by_path() {
        for (wanted, id, path) in [
            ("files.list", "files.list", &[][..]),
            ("check", "check", &[]),
            ("POST /check", "check", &[]),
            ("post  /check/", "check", &[]),
            ("GET /files/{id}", "files.get", &[]),
            ("GET /files/{other}", "files.get", &[]),
            ("GET /files/f_1", "files.get", &[("id", "f_1")]),
            ("DELETE /files/latest", "files.delete", &[("id", "latest")]),
            ("GET /files/latest", "files.latest", &[]),
            ("GET /files/a%20b%2Fc", "files.get", &[("id", "a b/c")]),
            ("GET /files/f/pages/7.png", "files.page", &[("fileId", "f"), ("page", "7")]),
            ("GET /files/f/pages/first.png", "files.first_page", &[("fileId", "f")]),
        ] {
            let found = found(wanted).unwrap();
            let values: Vec<_> = found.path.iter().map(|(name, value)| (*name, value.as_str())).collect();
            assert_eq!((found.operation.id, values.as_slice()), (id, path), "{wanted}");
        }
    }

    #[test]
    fn what_is_not_found_gets_suggestions() {
        for (wanted, message) in [
            ("fils.list", "unknown operation `fils.list`; did you mean\n  files.list  (GET /files)"),
            ("Check", "unknown operation `Check`; did you mean\n  check  (POST /check)"),
            ("latest", "unknown operation `latest`; did you mean\n  files.latest  (GET /files/latest)"),
            ("PATCH /check", "unknown operation `PATCH /check`; did you mean\n  check  (POST /check)"),
            ("POST /chek", "unknown operation `POST /chek`; did you mean\n  check  (POST /check)"),
            ("something.else", "unknown operation `something.else`; `operations` lists them all"),
            ("", "unknown operation ``; `operations` lists them all"),
            ("/check", "`/check` lacks the method: write for example \"GET /check\""),
            ("GET /files?a=1", "`/files?a=1` has more than a path: give query parameters with --query NAME=VALUE"),
            ("GET /same/1/x", "`GET /same/1/x` can be `one` or `two`: write one of these"),
        ] {
            assert_eq!(found(wanted).unwrap_err().to_string(), message);
        }
        let error = found("PUT /files/f_1").unwrap_err().to_string();
        assert!(error.contains("files.get") && error.contains("files.delete"), "{error}");
        assert!(found("GET /files//").is_err() && found("GET /").is_err());
    }

    #[test]
    fn edits_count_changed_characters() {
        for (one, other, count) in
            [("", "", 0), ("abc", "", 3), ("abc", "abc", 0), ("abc", "axc", 1), ("kitten", "sitting", 3)]
        {
            assert_eq!(edits(one, other), count, "{one} {other}");
            assert_eq!(edits(other, one), count, "{other} {one}");
        }
    }
}
