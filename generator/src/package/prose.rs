//! Titles and descriptions of any quality as plain text that neither Markdown, rustdoc nor rustc trips over.

use crate::facts::Facts;
use crate::markdown;

/// Longest description, in characters.
const LONGEST: usize = 600;
/// Longest line of a comment, in characters.
const WIDTH: usize = 110;

/// The title of an API, or words for one.
pub(super) fn title(facts: &Facts) -> &str {
    if facts.title.is_empty() { "this API" } else { &facts.title }
}

/// A text as one line without signs that cannot be seen.
pub(super) fn line(text: &str) -> String {
    let seen: String = text.chars().filter(|sign| !is_hidden(*sign)).collect();
    seen.split(|sign: char| sign.is_whitespace() || sign.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Signs that turn the direction of writing are an error in comments.
fn is_hidden(sign: char) -> bool {
    matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// A text as one line of Markdown that means itself.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for sign in line(text).chars() {
        if matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '$') {
            escaped.push('\\');
        }
        escaped.push(sign);
    }
    escaped
}

/// The first paragraph of a description that is text, in lines of a comment.
pub(super) fn first_paragraph(text: &str) -> Vec<String> {
    let normal: String = text.replace("\r\n", "\n").chars().filter(|sign| !is_hidden(*sign)).collect();
    let is_text = |part: &&str| part.trim_start().starts_with(|sign: char| sign.is_alphanumeric());
    let paragraph = normal.split("\n\n").map(str::trim).find(is_text).unwrap_or_default();
    let mut short: String = line(&without_tags(paragraph)).chars().take(LONGEST).collect();
    if short.chars().count() == LONGEST {
        let end = short.rfind(' ').unwrap_or(short.len());
        short.truncate(end);
        short.push('…');
    }
    wrapped(&markdown::sanitize_inline(&short))
}

fn without_tags(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, tag)) = rest.split_once('<') {
        plain.push_str(before);
        match tag.split_once('>') {
            Some((_, after)) => {
                plain.push(' ');
                rest = after;
            }
            None => return plain,
        }
    }
    plain + rest
}

fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            // Some words mean a list or a title at the beginning of a line.
            Some(line) if line.chars().count() + word.chars().count() < WIDTH || is_mark(word) => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn is_mark(word: &str) -> bool {
    let number = word.trim_end_matches(['.', ')']);
    ["-", "+", "*", "=", "#", ">"].iter().any(|sign| word.starts_with(sign))
        || (number.len() < word.len() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_cut_to_plain_text() {
        let cases = [
            ("", ""),
            ("# Title\r\n\r\nThe <b>API</b> of [pets](x).\nMore.\n\nNext", "The API of pets. More."),
            ("See https://a.b/c_d, or [mail](mailto:a@b.c)", "See <https://a.b/c_d>, or [mail](mailto:a@b.c)"),
            ("a <unclosed", "a"),
            ("\u{202e}turned\u{0}", "turned"),
            ("```rust\nfail!()\n```", ""),
        ];
        for (text, expected) in cases {
            assert_eq!(first_paragraph(text).join("\n"), expected, "{text:?}");
        }
        let long = first_paragraph(&"word ".repeat(400));
        assert!(long.iter().all(|line| line.chars().count() <= WIDTH) && long.len() < 8, "{long:?}");
        let marks = first_paragraph(&format!("{} - 1. # x", "x".repeat(WIDTH - 1)));
        assert_eq!(marks.get(1).map(String::as_str), Some("x"), "{marks:?}");
    }
}
