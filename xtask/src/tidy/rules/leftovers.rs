//! Rule `leftover`: nothing is left for later.

use crate::lexer::Kind;
use crate::tidy::code::Code;
use crate::tidy::finding::{Finding, Rule};
use crate::tidy::sources::Source;

/// What marks work that was not done.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];
/// Fences of examples that are not compiled.
const FENCES: [&str; 2] = [concat!("```", "ignore"), concat!("```rust,", "ignore")];

/// Checks any file by its name and its text.
pub(in crate::tidy) fn check_file(source: &Source) -> Vec<Finding> {
    if source.path.ends_with(".snap.new") {
        let message = "review the snapshot and accept it, or remove the file";
        return vec![Finding::new(Rule::Leftover, &source.path, 1, message)];
    }
    let mut findings = Vec::new();
    for (line, number) in source.text.lines().zip(1..) {
        let words = || line.split(|character: char| character != '_' && !character.is_alphanumeric());
        if let Some(mark) = MARKS.into_iter().find(|mark| words().any(|word| word == *mark)) {
            let message = format!("do what `{mark}` says, or open an issue and remove it");
            findings.push(Finding::new(Rule::Leftover, &source.path, number, message));
        }
        if FENCES.iter().any(|fence| line.contains(fence)) {
            let message =
                "let the example compile: `no_run` for one that needs a network, `text` for one that is no Rust";
            findings.push(Finding::new(Rule::Leftover, &source.path, number, message));
        }
    }
    findings
}

/// Checks a Rust file for tests that do not run.
pub(in crate::tidy) fn check_tests(source: &Source, code: &Code<'_>) -> Vec<Finding> {
    let tokens: Vec<_> = code.tokens.iter().filter(|token| token.kind != Kind::Comment).collect();
    let is_ignored = tokens.windows(3).filter(|window| match window {
        [hash, bracket, word] => hash.is("#") && bracket.is("[") && word.is("ignore"),
        _ => false,
    });
    let message = "let the test run, or remove it";
    is_ignored
        .flatten()
        .step_by(3)
        .map(|token| Finding::new(Rule::Leftover, &source.path, token.line, message))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn notes_uncompiled_examples_and_snapshots_without_review_are_found() {
        let rows = [
            ("a.rs", format!("// {}: later\nlet {} = 1;", MARKS[0], MARKS[0].to_lowercase()), vec![1]),
            ("a.md", format!("A.\n{}(me)\n", MARKS[1]), vec![2]),
            ("a.rs", format!("/// {}\n/// ```\n/// ```no_run\n", FENCES[0]), vec![1]),
            ("a.snap.new", String::new(), vec![1]),
        ];
        for (path, text, lines) in rows {
            let source = Source { path: path.to_owned(), text };
            let found: Vec<usize> = check_file(&source).iter().map(|finding| finding.line).collect();
            assert_eq!(found, lines, "{source:?}");
        }
    }

    #[test]
    fn ignored_tests_are_found_also_with_a_reason() {
        for (text, count) in [
            ("#[test]\n#[ignore]\nfn a() {}", 1),
            ("#[ignore = \"slow\"]\nfn a() {}", 1),
            ("// #[ignore]\nlet a = \"#[ignore]\";", 0),
        ] {
            let source = Source { path: "a.rs".to_owned(), text: text.to_owned() };
            assert_eq!(check_tests(&source, &Code::read(text)).len(), count, "{text}");
        }
    }
}
