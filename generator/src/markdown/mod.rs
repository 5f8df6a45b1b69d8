//! Markdown of other people as Markdown that rustdoc takes: no links it would look up, no HTML, no code it would run.
//!
//! Lines and blocks here, what is within a line in `inline`. Knows Markdown, no Rust items and no OpenAPI.

mod inline;

pub(crate) use inline::inline;

/// The most spaces a line may begin with before it is code, which rustdoc would compile.
const MOST_INDENT: usize = 3;

/// A text of any quality in lines for a doc comment.
pub(crate) fn lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fence: Option<Fence> = None;
    for line in text.replace("\r\n", "\n").replace('\r', "\n").lines().map(visible) {
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
                None => lines.push(plain(&line)),
            },
        }
    }
    lines.extend(fence.map(|open| open.marker()));
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    lines
}

/// A text as code within a line; what cannot be seen becomes a space.
pub(crate) fn code(text: &str) -> String {
    let text: String = text.chars().map(|sign| if is_hidden(sign) { ' ' } else { sign }).collect();
    let longest = text.split(|sign| sign != '`').map(str::len).max().unwrap_or_default();
    if longest == 0 {
        return format!("`{text}`");
    }
    let ticks = "`".repeat(longest + 1);
    format!("{ticks} {text} {ticks}")
}

/// Signs that end a comment, or turn its direction, which rustc refuses.
fn is_hidden(sign: char) -> bool {
    sign.is_control()
        || matches!(sign, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}' | '\u{feff}')
}

fn visible(line: &str) -> String {
    let spaced = line.replace('\t', "    ");
    spaced.chars().filter(|sign| !is_hidden(*sign)).collect()
}

/// A block of code that has begun.
struct Fence {
    sign: char,
    length: usize,
    /// Quotes the block stands in.
    quotes: usize,
}

/// What a line within a block of code is.
enum Within<'a> {
    Code(&'a str),
    End,
}

impl Fence {
    /// The block that a line opens, also when it is the first of a list item or a quote.
    fn opening(line: &str) -> Option<Self> {
        let (prefix, rest) = prefix(line);
        let sign = rest.chars().next().filter(|sign| matches!(sign, '`' | '~'))?;
        let length = rest.chars().take_while(|other| *other == sign).count();
        let information = rest.get(length..).unwrap_or_default();
        // Ticks after the first ones make it code within a line.
        let opens = length >= 3 && !(sign == '`' && information.contains('`'));
        opens.then(|| Self { sign, length, quotes: prefix.matches('>').count() })
    }

    fn marker(&self) -> String {
        std::iter::repeat_n(self.sign, self.length).collect()
    }

    /// Whether the quote the block stands in has ended before a line.
    fn is_left_by(&self, line: &str) -> bool {
        self.quoted(line).is_none()
    }

    /// What a line has after the marks of the quotes.
    fn quoted<'a>(&self, line: &'a str) -> Option<&'a str> {
        (0..self.quotes).try_fold(line, |rest, _| {
            let inner = rest.trim_start().strip_prefix('>')?;
            Some(inner.strip_prefix(' ').unwrap_or(inner))
        })
    }

    fn read<'a>(&self, line: &'a str) -> Within<'a> {
        let rest = self.quoted(line).unwrap_or(line);
        let closing = rest.trim();
        let ends = closing.len() >= self.length && closing.chars().all(|sign| sign == self.sign);
        if ends { Within::End } else { Within::Code(rest) }
    }
}

/// A line outside code: its list and quote marks with one space each, the rest made harmless.
fn plain(line: &str) -> String {
    let indent = line.len() - line.trim_start().len();
    let (prefix, rest) = prefix(line);
    if prefix.is_empty() && rest.is_empty() {
        return String::new();
    }
    let kept = " ".repeat(indent.min(MOST_INDENT));
    format!("{kept}{prefix}{}", inline(rest)).trim_end().to_owned()
}

/// The marks of lists and quotes a line begins with, each followed by one space, and what comes after them. More than one
/// space would make code of it.
fn prefix(line: &str) -> (String, &str) {
    let mut prefix = String::new();
    let mut rest = line.trim();
    while let Some(length) = mark(rest) {
        let (mark, after) = rest.split_at(length);
        prefix.push_str(mark);
        prefix.push(' ');
        rest = after.trim_start();
    }
    (prefix, rest)
}

/// Length of the mark a text begins with: a quote's, or one of a list with something after it.
fn mark(text: &str) -> Option<usize> {
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
            assert_eq!(lines(text), expected, "{text:?}");
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
