//! What the client guarantees, `docs/guarantees.md`: each row names tests that show it, and each of them exists.

use std::fs;
use std::path::PathBuf;

use crate::comparison::{docs, has_test};

/// The least number of rows; fewer mean that this test does not understand the page.
const LEAST_ROWS: usize = 90;
/// Where paths of the page start.
const STARTS: [&str; 3] = ["", "runtime/tests/", "runtime/tests/http/"];

/// Returns the rows of the tables that name tests.
fn rows(page: &str) -> Vec<&str> {
    let mut is_shown = false;
    let mut rows = Vec::new();
    for line in page.lines() {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
        match cells.as_slice() {
            [_, second] if line.starts_with('|') && *second == "test" => is_shown = true,
            [first, _] if line.starts_with('|') && is_shown && !first.starts_with("---") => rows.push(line),
            _ => is_shown = is_shown && line.starts_with('|'),
        }
    }
    rows
}

/// Returns the text of the file that a row names.
fn read_source(path: &str) -> Option<String> {
    let root = docs().join("..");
    let places = STARTS.map(|start| root.join(start).join(path));
    places.iter().find(|place| place.is_file()).map(|place: &PathBuf| fs::read_to_string(place).unwrap())
}

/// Returns whether a source has a test whose name ends like this.
fn has_test_that_ends_with(source: &str, end: &str) -> bool {
    let names = source.lines().filter_map(|line| line.trim().split_once("fn ")?.1.split('(').next());
    names.filter(|name| name.ends_with(end)).any(|name| has_test(source, name))
}

/// Returns what is wrong with the tests of a row.
fn check(row: &str) -> Result<(), String> {
    let cell = row.trim_matches('|').split('|').nth(1).unwrap_or_default();
    let mut source = None;
    for part in cell.split('`').skip(1).step_by(2) {
        let (path, name) = part.split_once(": ").map_or((part, None), |(path, name)| (path, Some(name)));
        // Further tests of the file that was named before.
        let further = match (path, name) {
            ("…", Some(_)) => name,
            (_, None) if !path.ends_with(".rs") => Some(path),
            _ => None,
        };
        if further.is_none() {
            source = Some(read_source(path).ok_or_else(|| format!("there is no {path}"))?);
        }
        let source = source.as_deref().ok_or_else(|| format!("{part} names no file"))?;
        let is_there = match further.or(name) {
            Some(name) => match name.strip_prefix('…') {
                Some(end) => has_test_that_ends_with(source, end),
                None => has_test(source, name),
            },
            None => source.contains("#[test]") || source.contains("#[tokio::test"),
        };
        if !is_there {
            return Err(format!("there is no test {part}"));
        }
    }
    source.map(|_| ()).ok_or_else(|| "no test shows it".to_owned())
}

#[test]
fn every_guarantee_is_shown_by_tests_that_exist() {
    let page = fs::read_to_string(docs().join("guarantees.md")).unwrap();
    let rows = rows(&page);
    assert!(rows.len() >= LEAST_ROWS, "{} rows", rows.len());
    let wrong: Vec<String> =
        rows.iter().filter_map(|row| check(row).err().map(|reason| format!("{reason}, in {row}"))).collect();
    assert_eq!(wrong, Vec::<String>::new());
}
