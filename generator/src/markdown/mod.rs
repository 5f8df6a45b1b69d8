//! Turns the Markdown of an API document into Markdown that is safe in a doc comment: no links that rustdoc would resolve, no
//! HTML, no code that it would compile.
//!
//! This file is about lines and blocks, `inline` about what is within a line. Knows neither Rust items nor OpenAPI.

mod inline;

pub(crate) use inline::sanitize_inline;

/// Maximum indentation of a line; more would make it a code block, which rustdoc compiles.
const MOST_INDENT: usize = 3;

/// Returns any Markdown as the lines of a doc comment.
pub(crate) fn sanitize(markdown: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<Fence> = None;
    for line in markdown.replace("\r\n", "\n").replace('\r', "\n").lines().map(drop_hidden) {
        if let Some(open) = fence.take_if(|open| open.is_left_by(&line)) {
            lines.push(open.marker());
        }
        match &fence {
            Some(open) => match open.read(&line) {
                Within::Code(code) => lines.push(code.trim_end().to_owned()),
                Within::End => {
                    lines.push(open.marker());
                    fence = None;
                }
            },
            None => match Fence::opening(&line) {
                Some(open) => {
                    lines.push(format!("{}text", open.marker()));
                    fence = Some(open);
                }
                None => lines.push(sanitize_line(&line)),
            },
        }
    }
    lines.extend(fence.map(|open| open.marker()));
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// Returns a string as a code span; invisible characters become spaces.
pub(crate) fn code(text: &str) -> String {
    let text: String = text.chars().map(|character| if is_hidden(character) { ' ' } else { character }).collect();
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    if longest == 0 {
        return format!("`{text}`");
    }
    let ticks = "`".repeat(longest + 1);
    format!("{ticks} {text} {ticks}")
}

/// Returns whether a character ends a comment or changes its text direction, which rustc rejects.
fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn drop_hidden(line: &str) -> String {
    let spaced = line.replace('\t', "    ");
    spaced.chars().filter(|character| !is_hidden(*character)).collect()
}

/// An open fenced code block.
struct Fence {
    character: char,
    length: usize,
    /// Number of block quotes around it.
    quotes: usize,
}

/// A line within a fenced code block.
enum Within<'a> {
    Code(&'a str),
    End,
}

impl Fence {
    /// Returns the block that a line opens, also within a list item or a block quote.
    fn opening(line: &str) -> Option<Self> {
        let (prefix, rest) = split_prefix(line);
        let character = rest.chars().next().filter(|character| matches!(character, '`' | '~'))?;
        let length = rest.chars().take_while(|other| *other == character).count();
        let information = rest.get(length..).unwrap_or_default();
        // More backticks in the same line make it a code span.
        let opens = length >= 3 && !(character == '`' && information.contains('`'));
        opens.then(|| Self { character, length, quotes: prefix.matches('>').count() })
    }

    fn marker(&self) -> String {
        std::iter::repeat_n(self.character, self.length).collect()
    }

    /// Returns whether the block quote around the block ended before this line.
    fn is_left_by(&self, line: &str) -> bool {
        self.quoted(line).is_none()
    }

    /// Returns a line without its block quote markers.
    fn quoted<'a>(&self, line: &'a str) -> Option<&'a str> {
        (0..self.quotes).try_fold(line, |rest, _| {
            let inner = rest.trim_start().strip_prefix('>')?;
            Some(inner.strip_prefix(' ').unwrap_or(inner))
        })
    }

    fn read<'a>(&self, line: &'a str) -> Within<'a> {
        let rest = self.quoted(line).unwrap_or(line);
        let closing = rest.trim();
        let ends = closing.len() >= self.length && closing.chars().all(|character| character == self.character);
        if ends { Within::End } else { Within::Code(rest) }
    }
}

/// Sanitizes a line outside of code: one space after each list and quote marker, the rest by [`sanitize_inline`].
fn sanitize_line(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let (prefix, rest) = split_prefix(line);
    if prefix.is_empty() && rest.is_empty() {
        return String::new();
    }
    let kept = " ".repeat(indent.min(MOST_INDENT));
    format!("{kept}{prefix}{}", sanitize_inline(rest)).trim_end().to_owned()
}

/// Splits a line into its list and quote markers, each followed by one space, and the rest. More spaces could make it a code
/// block.
fn split_prefix(line: &str) -> (String, &str) {
    let mut prefix = String::new();
    let mut rest = line.trim();
    while let Some(length) = marker_length(rest) {
        let (mark, after) = rest.split_at(length);
        prefix.push_str(mark);
        prefix.push(' ');
        rest = after.trim_start();
    }
    (prefix, rest)
}

/// Returns the length of a leading quote marker, or of a list marker that is followed by content.
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
    fn blocks_become_harmless_rustdoc() {
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
            assert_eq!(sanitize(text), expected, "{text:?}");
        }
    }

    #[test]
    fn any_text_can_be_code_within_a_line() {
        let cases = [("a", "`a`"), ("", "``"), ("a`b", "`` a`b ``"), ("``", "``` `` ```"), ("a\nb\u{202e}", "`a b `")];
        for (text, expected) in cases {
            assert_eq!(code(text), expected, "{text:?}");
        }
    }
}
