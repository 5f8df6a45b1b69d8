//! Rule `size`: files and functions that a reader can hold in mind.

use crate::tidy::code::{Code, Place};
use crate::tidy::config::Sizes;
use crate::tidy::finding::{Finding, Rule};
use crate::tidy::sources::Source;
use crate::tidy::test_files::TestFiles;

/// Checks a Rust file.
pub(in crate::tidy) fn check_sizes(source: &Source, code: &Code<'_>, tests: &TestFiles, sizes: &Sizes) -> Vec<Finding> {
    let mut findings = Vec::new();
    let lines = source.text.lines().count();
    if lines > sizes.file {
        let message = format!("cut the file: it has {lines} lines, {} are allowed", sizes.file);
        findings.push(Finding::new(Rule::Size, &source.path, 1, message));
    }
    let is_test = tests.contains(&source.path);
    for function in &code.functions {
        let allowed = match function.place {
            Place::Test => sizes.test_function,
            Place::Module | Place::Inner if is_test => sizes.test_function,
            Place::Module | Place::Inner => sizes.function,
        };
        if function.lines > allowed {
            let (name, lines) = (function.name, function.lines);
            let message = format!("cut `{name}`: it has {lines} lines of code, {allowed} are allowed");
            findings.push(Finding::new(Rule::Size, &source.path, function.line, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_files_and_functions_are_found_and_tests_may_be_longer() {
        let sizes = Sizes { file: 9, function: 3, test_function: 4 };
        let body = "fn long() {\n    a;\n    b;\n}\n";
        let cases = [
            ("a/src/b.rs", body.to_owned(), vec![1]),
            ("a/tests/b.rs", body.to_owned(), vec![]),
            ("a/src/b.rs", format!("#[test]\n{body}"), vec![]),
            ("a/src/b.rs", format!("#[test]\n{}", body.replace("a;", "a;\n    c;")), vec![2]),
            ("a/src/b.rs", "\n".repeat(10), vec![1]),
        ];
        for (path, text, lines) in cases {
            let source = Source { path: path.to_owned(), text };
            let found = check_sizes(&source, &Code::read(&source.text), &TestFiles::default(), &sizes);
            assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), lines, "{source:?}");
        }
    }
}
