//! Converts titles and descriptions to plain text that is safe in Markdown, rustdoc and Rust comments. Knows nothing of the files
//! that contain them.

use crate::facts::Facts;
use crate::markdown;

/// Maximum length of a description, in characters.
const MAX_LENGTH: usize = 600;
/// Maximum width of a comment line, in characters.
const WIDTH: usize = 110;

/// Returns the title of an API, or a substitute.
pub(super) fn title(facts: &Facts) -> &str {
    if facts.title.is_empty() { "this API" } else { &facts.title }
}

/// Joins the lines of a string, without invisible characters.
pub(super) fn single_line(text: &str) -> String {
    let seen: String = text.chars().filter(|character| !is_hidden(*character)).collect();
    seen.split(|character: char| character.is_whitespace() || character.is_control())
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Returns whether a character changes the writing direction, which is an error in comments, or is a byte order mark.
fn is_hidden(character: char) -> bool {
    matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Escapes a string as one line of Markdown.
pub(super) fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in single_line(text).chars() {
        if matches!(character, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '|' | '~' | '$') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

/// Returns the first text paragraph of a description, as comment lines.
pub(super) fn first_paragraph(text: &str) -> Vec<String> {
    let normal: String = text.replace("\r\n", "\n").chars().filter(|character| !is_hidden(*character)).collect();
    let is_text = |part: &&str| part.trim_start().starts_with(|character: char| character.is_alphanumeric());
    let paragraph = normal.split("\n\n").map(str::trim).find(is_text).unwrap_or_default();
    let mut short: String = single_line(&without_tags(paragraph)).chars().take(MAX_LENGTH).collect();
    if short.chars().count() == MAX_LENGTH {
        let end = short.rfind(' ').unwrap_or(short.len());
        short.truncate(end);
        short.push('…');
    }
    wrapped(&markdown::escape_inline(&short))
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
            // Some words would start a list or a heading at the beginning of a line.
            Some(line) if line.chars().count() + word.chars().count() < WIDTH || is_block_marker(word) => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}

fn is_block_marker(word: &str) -> bool {
    let number = word.trim_end_matches(['.', ')']);
    ["-", "+", "*", "=", "#", ">"].iter().any(|marker| word.starts_with(marker))
        || (number.len() < word.len() && number.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn descriptions_are_shortened_to_plain_text() {
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
