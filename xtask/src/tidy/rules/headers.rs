//! Rule `header`: each Rust file begins with a comment that says what it is for.

use crate::tidy::finding::{Finding, Rule};
use crate::tidy::sources::Source;

/// Checks a Rust file.
pub(in crate::tidy) fn check_header(source: &Source) -> Option<Finding> {
    let first = source.text.lines().next().unwrap_or_default();
    let says_something = first.strip_prefix("//!").is_some_and(|rest| !rest.trim().is_empty());
    let message = "begin the file with a `//!` comment: what it is for, and what it must not know";
    (!says_something).then(|| Finding::new(Rule::Header, &source.path, 1, message))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_without_purpose_is_found() {
        let cases = [
            ("//! Reads.\n", true),
            ("//!\n", false),
            ("// Reads.\n", false),
            ("use a;\n//! Late.", false),
            ("", false),
        ];
        for (text, passes) in cases {
            let source = Source { path: "a/src/b.rs".to_owned(), text: text.to_owned() };
            assert_eq!(check_header(&source).is_none(), passes, "{text:?}");
        }
    }
}
