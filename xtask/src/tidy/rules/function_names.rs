//! Rule `name`: the name of a function says what happens. Knows names, not what the functions do.

use crate::tidy::code::Code;
use crate::tidy::finding::{Finding, Rule};
use crate::tidy::sources::Source;

/// Words that no name begins with.
const ARTICLES: [&str; 3] = ["a", "an", "the"];

/// Checks a Rust file.
pub(in crate::tidy) fn check_articles(source: &Source, code: &Code<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in &code.functions {
        let Some((first, rest)) = function.name.split_once('_') else { continue };
        if ARTICLES.contains(&first) {
            let message =
                format!("call `{}` `{rest}`: a verb phrase, or the behavior that a test shows", function.name);
            findings.push(Finding::new(Rule::Name, &source.path, function.line, message));
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_begin_with_an_article_are_found() {
        let rows = [
            ("fn the_key_is_hidden() {}", 1),
            ("#[test]\nfn a_key_is_hidden() {}", 1),
            ("async fn an_answer() {}", 1),
            ("fn a() {}\nfn the() {}\nfn an1_b() {}\nfn keys_are_hidden() {}", 0),
        ];
        for (text, count) in rows {
            let source = Source { path: "a.rs".to_owned(), text: text.to_owned() };
            assert_eq!(check_articles(&source, &Code::read(text)).len(), count, "{text}");
        }
    }
}
