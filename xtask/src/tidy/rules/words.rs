//! Rule `word`: the words that the glossary does not want are in no identifier, no name of a file, no comment and no page.

use crate::tidy::code::Code;
use crate::tidy::finding::{Finding, Rule};
use crate::tidy::glossary::{Scope, Word};
use crate::tidy::lexer::Kind;
use crate::tidy::sources::Source;

/// Checks a Rust file: its name, its identifiers and its comments. `foreign` are identifiers that others chose.
pub(in crate::tidy) fn check_code(
    source: &Source,
    code: &Code<'_>,
    words: &[Word],
    foreign: &[String],
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |line, scope, parts: &[String]| {
        findings.extend(words_in(parts, words, scope).map(|word| describe(source, line, word)));
    };
    find(1, Scope::Names, &split_words(source.name()));
    for token in &code.tokens {
        match token.kind {
            Kind::Word if foreign.iter().any(|name| name == token.text) => {}
            Kind::Word => {
                find(token.line, Scope::Names, &split_words(token.text));
                if is_type(token.text) {
                    find(token.line, Scope::Types, &split_words(token.text));
                }
            }
            Kind::Comment => {
                for (line, number) in token.text.lines().zip(token.line..) {
                    find(number, Scope::Prose, &split_prose(line, foreign));
                }
            }
            Kind::Literal | Kind::Lifetime | Kind::Punctuation => {}
        }
    }
    findings
}

/// Checks a page, except the lines in `skipped`.
pub(in crate::tidy) fn check_page(
    source: &Source,
    words: &[Word],
    foreign: &[String],
    skipped: &std::ops::Range<usize>,
) -> Vec<Finding> {
    let lines = source.text.lines().zip(1..).filter(|(_, number)| !skipped.contains(number));
    lines
        .flat_map(|(line, number)| {
            let parts = split_prose(line, foreign);
            let found: Vec<Finding> =
                words_in(&parts, words, Scope::Prose).map(|word| describe(source, number, word)).collect();
            found
        })
        .collect()
}

/// Returns whether an identifier is that of a type, a trait or a variant; constants are not.
fn is_type(name: &str) -> bool {
    name.starts_with(char::is_uppercase) && name.contains(char::is_lowercase)
}

fn describe(source: &Source, line: usize, word: &Word) -> Finding {
    Finding::new(Rule::Word, &source.path, line, format!("write \"{}\" instead of \"{}\"", word.instead, word.word))
}

fn words_in<'w>(parts: &[String], words: &'w [Word], scope: Scope) -> impl Iterator<Item = &'w Word> {
    let is_wanted = move |word: &&Word| word.scope == scope || word.scope == Scope::Everywhere && scope != Scope::Types;
    words.iter().filter(is_wanted).filter(|word| {
        let wanted: Vec<&str> = word.word.split(' ').collect();
        parts.windows(wanted.len()).any(|window| window.iter().zip(&wanted).all(|(part, wanted)| part == wanted))
    })
}

/// Splits prose into lower-case words; identifiers in it are split too, unless they are of others.
fn split_prose(line: &str, foreign: &[String]) -> Vec<String> {
    let is_part = |character: char| character == '_' || character.is_alphanumeric();
    let names =
        line.split(|character: char| !is_part(character)).filter(|name| !foreign.iter().any(|known| known == name));
    names.flat_map(split_words).collect()
}

/// Splits an identifier of any case into lower-case words.
fn split_words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = vec![String::new()];
    let mut was_lower = false;
    for character in name.chars() {
        let starts = character.is_uppercase() && was_lower;
        if starts || !character.is_alphanumeric() {
            words.push(String::new());
        }
        if character.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(character.to_lowercase());
        }
        was_lower = character.is_lowercase() || character.is_numeric();
    }
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words() -> Vec<Word> {
        let word = |word: &str, scope| Word { word: word.to_owned(), instead: "response".to_owned(), scope };
        vec![
            word("answer", Scope::Everywhere),
            word("spare", Scope::Names),
            word("is none", Scope::Prose),
            word("proof", Scope::Types),
        ]
    }

    #[test]
    fn identifiers_names_of_files_and_comments_are_looked_at_and_strings_are_not() {
        let foreign = vec!["answer_id".to_owned()];
        let cases = [
            ("a/src/b.rs", "fn read_answer() {}", 1),
            ("a/src/b.rs", "struct TheAnswer;", 1),
            ("a/src/b.rs", "// The answer, see `answer_id`.", 1),
            ("a/src/b.rs", "let a = \"answer\"; b.answer_id", 0),
            ("a/src/b.rs", "// To spare time, `None` is none of them.", 1),
            ("a/src/spare.rs", "", 1),
            ("a/src/b.rs", "// unanswered", 0),
            ("a/src/b.rs", "fn f(proof: Proof) -> PROOF {}", 1),
        ];
        for (path, text, count) in cases {
            let source = Source { path: path.to_owned(), text: text.to_owned() };
            let found = check_code(&source, &Code::read(&source.text), &words(), &foreign);
            assert_eq!(found.len(), count, "{text}: {found:?}");
        }
    }

    #[test]
    fn page_is_looked_at_outside_of_the_glossary() {
        let source = Source { path: "A.md".to_owned(), text: "An answer.\nAn answer.\n".to_owned() };
        let found = check_page(&source, &words(), &[], &(2..3));
        assert_eq!(found.iter().map(|finding| finding.line).collect::<Vec<_>>(), [1]);
    }
}
