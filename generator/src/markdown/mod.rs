//! Converts third-party Markdown to Markdown that is safe in rustdoc: no intra-doc links, no HTML, no code that runs as a doctest.
//!
//! This module handles lines and blocks, `inline` the content of a line. Must not know Rust items or OpenAPI.

mod inline;

pub(crate) use inline::escape_inline;

/// Maximum indentation of a line. A line with more is code, which rustdoc would compile.
const MAX_INDENT: usize = 3;

/// Converts any text to lines for a doc comment.
pub(crate) fn escape_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<Fence> = None;
    for line in text.replace("\r\n", "\n").replace('\r', "\n").lines().map(visible) {
        if let Some(open) = fence.take_if(|open| open.is_left_by(&line)) {
            lines.push(open.line());
        }
        match &fence {
            Some(open) => match open.read(&line) {
                Within::Code(code) => lines.push(code.trim_end().to_owned()),
                Within::End => {
                    lines.push(open.line());
                    fence = None;
                }
            },
            None => match Fence::opening(&line) {
                Some(open) => {
                    lines.push(format!("{}text", open.line()));
                    fence = Some(open);
                }
                None => lines.push(escape_line(&line)),
            },
        }
    }
    lines.extend(fence.map(|open| open.line()));
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Formats any text as inline code; invisible characters become spaces.
pub(crate) fn format_code(text: &str) -> String {
    let text: String = text.chars().map(|character| if is_hidden(character) { ' ' } else { character }).collect();
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    if longest == 0 {
        return format!("`{text}`");
    }
    let ticks = "`".repeat(longest + 1);
    format!("{ticks} {text} {ticks}")
}

/// Returns whether a character ends a line or changes the writing direction, which rustc rejects in comments.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn visible(line: &str) -> String {
    let spaced = line.replace('\t', "    ");
    spaced.chars().filter(|character| !is_hidden(*character)).collect()
}

/// An open code block.
struct Fence {
    marker: char,
    length: usize,
    /// Depth of block quotes around it.
    quotes: usize,
}

/// A line inside a code block.
enum Within<'a> {
    Code(&'a str),
    End,
}

impl Fence {
    /// Returns the code block that a line opens, possibly as the first line of a list item or a quote.
    fn opening(line: &str) -> Option<Self> {
        let (prefix, rest) = split_prefix(line);
        let marker = rest.chars().next().filter(|marker| matches!(marker, '`' | '~'))?;
        let length = rest.chars().take_while(|other| *other == marker).count();
        let information = rest.get(length..).unwrap_or_default();
        // Further backticks make it inline code.
        let opens = length >= 3 && !(marker == '`' && information.contains('`'));
        opens.then(|| Self { marker, length, quotes: prefix.matches('>').count() })
    }

    fn line(&self) -> String {
        std::iter::repeat_n(self.marker, self.length).collect()
    }

    /// Returns whether the quote around the block ended before a line.
    fn is_left_by(&self, line: &str) -> bool {
        self.quoted(line).is_none()
    }

    /// Returns a line without the markers of the quotes.
    fn quoted<'a>(&self, line: &'a str) -> Option<&'a str> {
        (0..self.quotes).try_fold(line, |rest, _| {
            let inner = rest.trim_start().strip_prefix('>')?;
            Some(inner.strip_prefix(' ').unwrap_or(inner))
        })
    }

    fn read<'a>(&self, line: &'a str) -> Within<'a> {
        let rest = self.quoted(line).unwrap_or(line);
        let closing = rest.trim();
        let ends = closing.len() >= self.length && closing.chars().all(|character| character == self.marker);
        if ends { Within::End } else { Within::Code(rest) }
    }
}

/// Converts a line outside code: list and quote markers with one space each, the rest escaped.
fn escape_line(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let (prefix, rest) = split_prefix(line);
    if prefix.is_empty() && rest.is_empty() {
        return String::new();
    }
    let kept = " ".repeat(indent.min(MAX_INDENT));
    format!("{kept}{prefix}{}", escape_inline(rest)).trim_end().to_owned()
}

/// Splits off the list and quote markers of a line, each with one space: more spaces would turn the rest into code.
fn split_prefix(line: &str) -> (String, &str) {
    let mut prefix = String::new();
    let mut rest = line.trim();
    while let Some(length) = marker_length(rest) {
        let (marker, after) = rest.split_at(length);
        prefix.push_str(marker);
        prefix.push(' ');
        rest = after.trim_start();
    }
    (prefix, rest)
}

/// Returns the length of the quote marker, or the marker of a nonempty list item, at the start of a string.
fn marker_length(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if first == '>' {
        return Some(1);
    }
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let length = match first {
        '-' | '+' | '*' => 1,
        _ if (1..=9).contains(&digits) && text[digits..].starts_with(['.', ')']) => digits + 1,
        _ => return None,
    };
    let after = text.get(length..)?;
    (after.starts_with(' ') && !after.trim_start().is_empty()).then_some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_become_safe_rustdoc() {
        let cases = [
            ("one\n\n    let x = 1;", vec!["one", "", "   let x = 1;"]),
            ("one\n\n\tlet x = 1;", vec!["one", "", "   let x = 1;"]),
            ("- a\n-     let x = 1;", vec!["- a", "- let x = 1;"]),
            ("1.      code\n   - - *   deep", vec!["1. code", "   - - * deep"]),
            (">     let x = 1;\n>>  y", vec!["> let x = 1;", "> > y"]),
            ("a\n---\n- \n-\n**b**", vec!["a", "---", "-", "-", "**b**"]),
            ("```json\n{\"a\": [1]}\n```", vec!["```text", "{\"a\": [1]}", "```"]),
            ("~~~ rust\nlet x = 1;\n~~~", vec!["~~~text", "let x = 1;", "~~~"]),
            ("```\nopen", vec!["```text", "open", "```"]),
            ("````\n```\nin\n```\n````", vec!["````text", "```", "in", "```", "````"]),
            ("- ```\n  let x = 1;\n  ```\n- b", vec!["```text", "  let x = 1;", "```", "- b"]),
            ("> ```rust\n> let x = 1;\n> ```\n> b", vec!["```text", "let x = 1;", "```", "> b"]),
            ("> ```\n> in\nout [x]", vec!["```text", "in", "```", "out \\[x\\]"]),
            ("```one line``` of code\n[x]", vec!["```one line``` of code", "\\[x\\]"]),
            ("        ```sh\n        curl\n        ```", vec!["```text", "        curl", "```"]),
            ("a\r\nb\rc\n\n\n", vec!["a", "b", "c"]),
            ("\u{feff}bell\u{7} \u{202e}turned\u{2028}", vec!["bell turned"]),
            ("| a | b |\n|---|---|\n| `x|y` | <b> |", vec!["| a | b |", "|---|---|", "| `x|y` | \\<b\\> |"]),
            ("```\na\u{202e}b\u{1b}\n```", vec!["```text", "ab", "```"]),
            ("", vec![]),
        ];
        for (text, expected) in cases {
            assert_eq!(escape_lines(text), expected, "{text:?}");
        }
    }

    #[test]
    fn any_text_can_be_formatted_as_inline_code() {
        let cases = [("a", "`a`"), ("", "``"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb\u{202e}", "`a b `")];
        for (text, expected) in cases {
            assert_eq!(format_code(text), expected, "{text:?}");
        }
    }
}
