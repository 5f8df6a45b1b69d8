//! The comparison with the official SDKs, `docs/compared.md`: each row names tests that show it, and each of them exists.

use std::fs;
use std::path::PathBuf;

/// The least number of rows; fewer mean that this test does not understand the page.
const LEAST_ROWS: usize = 25;

/// The folder of the page, which its links start at.
pub(crate) fn docs() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../docs")
}

/// The links of a row: name of the test, and file.
fn tests(row: &str) -> Vec<(&str, &str)> {
    let link = |part: &'_ str| -> Option<(usize, usize)> { Some((part.find("`](")?, part.find(')')?)) };
    let parts = row.split("[`").skip(1);
    parts.filter_map(|part| link(part).map(|(name, end)| (&part[..name], &part[name + 3..end]))).collect()
}

/// Returns whether a source has a function of this name, marked as a test.
pub(crate) fn has_test(source: &str, name: &str) -> bool {
    let lines: Vec<&str> = source.lines().map(str::trim).collect();
    let declared = |line: &str| line.split_once("fn ").is_some_and(|(_, rest)| rest.starts_with(&format!("{name}(")));
    let marked = |line: &&str| line.starts_with("#[test]") || line.starts_with("#[tokio::test");
    let at = lines.iter().position(|line| declared(line));
    // Other attributes may stand between.
    at.is_some_and(|at| lines[..at].iter().rev().take_while(|line| line.starts_with("#[")).any(marked))
}

#[test]
fn every_row_of_the_comparison_is_shown_by_tests_that_exist() {
    let page = fs::read_to_string(docs().join("compared.md")).unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    assert!(rows.len() >= LEAST_ROWS, "{} rows", rows.len());
    for row in rows {
        let tests = tests(row);
        assert!(!tests.is_empty(), "no test shows {row}");
        for (name, file) in tests {
            let source = fs::read_to_string(docs().join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
            assert!(has_test(&source, name), "{file} has no test {name}, which is to show {row}");
        }
    }
}
