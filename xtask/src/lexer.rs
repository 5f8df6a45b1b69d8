//! Splits Rust source into tokens with their lines, which is enough to tell code from comments and strings.
//! Knows no grammar.

/// A token and the line it starts on, counted from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token<'a> {
    /// What it is.
    pub(crate) kind: Kind,
    /// Its source, quotes and comment markers included.
    pub(crate) text: &'a str,
    /// The line.
    pub(crate) line: usize,
}

/// Kind of a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or a keyword.
    Word,
    /// One punctuation character; `::` is one token.
    Punctuation,
    /// A string, character or number.
    Literal,
    /// A lifetime or a label.
    Lifetime,
    /// A comment up to the end of its line, or a block comment.
    Comment,
}

impl Token<'_> {
    /// Returns whether this is the word or the punctuation `text`.
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Punctuation) && self.text == text
    }
}

/// Splits `source` into tokens. Never fails: what is not Rust becomes punctuation.
pub(crate) fn tokenize(source: &str) -> Vec<Token<'_>> {
    let mut lexer = Lexer { source, at: 0, line: 1 };
    std::iter::from_fn(|| lexer.next_token()).collect()
}

struct Lexer<'a> {
    source: &'a str,
    at: usize,
    line: usize,
}

impl<'a> Lexer<'a> {
    fn next_token(&mut self) -> Option<Token<'a>> {
        let rest = self.rest();
        let blank = rest.len() - rest.trim_start().len();
        self.advance(blank);
        let rest = self.rest();
        let first = rest.chars().next()?;
        let (kind, length) = if rest.starts_with("//") {
            (Kind::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            (Kind::Comment, block_comment_length(rest))
        } else if let Some(length) = raw_string_length(rest) {
            (Kind::Literal, length)
        } else if let Some(quote) = ["\"", "b\"", "c\""].into_iter().find(|quote| rest.starts_with(quote)) {
            (Kind::Literal, quoted_length(rest, quote.len(), '"'))
        } else if rest.starts_with("b'") {
            (Kind::Literal, quoted_length(rest, 2, '\''))
        } else if first == '\'' {
            quote_length(rest)
        } else if first == '_' || first.is_alphabetic() {
            (Kind::Word, word_length(rest))
        } else if first.is_ascii_digit() {
            (Kind::Literal, word_length(rest))
        } else if rest.starts_with("::") {
            (Kind::Punctuation, 2)
        } else {
            (Kind::Punctuation, first.len_utf8())
        };
        let (text, line) = (rest.get(..length)?, self.line);
        self.advance(length);
        Some(Token { kind, text, line })
    }

    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or_default()
    }

    fn advance(&mut self, length: usize) {
        let passed = self.rest().get(..length).unwrap_or_default();
        self.line += passed.matches('\n').count();
        self.at += length;
    }
}

fn word_length(text: &str) -> usize {
    text.find(|character: char| character != '_' && !character.is_alphanumeric()).unwrap_or(text.len())
}

/// Length of a literal whose quote opens in its first `open` bytes.
fn quoted_length(text: &str, open: usize, close: char) -> usize {
    let mut is_escaped = false;
    for (at, character) in text.char_indices().skip_while(|(at, _)| *at < open) {
        if is_escaped {
            is_escaped = false;
        } else if character == '\\' {
            is_escaped = true;
        } else if character == close {
            return at + character.len_utf8();
        }
    }
    text.len()
}

/// A quote begins a character when one character and a quote, or an escape, follow; else it begins a lifetime.
fn quote_length(text: &str) -> (Kind, usize) {
    let mut characters = text.chars().skip(1);
    match (characters.next(), characters.next()) {
        (Some('\\'), _) | (Some(_), Some('\'')) => (Kind::Literal, quoted_length(text, 1, '\'')),
        (Some(_), _) | (None, _) => (Kind::Lifetime, 1 + word_length(text.get(1..).unwrap_or_default())),
    }
}

/// Length of a raw string or a raw identifier's prefix; `None` when the text begins with neither.
fn raw_string_length(text: &str) -> Option<usize> {
    let prefix = ["r", "br", "cr"]
        .into_iter()
        .find(|prefix| text.strip_prefix(prefix).is_some_and(|rest| rest.trim_start_matches('#').starts_with('"')))?;
    let rest = text.get(prefix.len()..)?;
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let close = format!("\"{}", "#".repeat(hashes));
    let open = prefix.len() + hashes + 1;
    let end = text.get(open..)?.find(&close).map_or(text.len(), |at| open + at + close.len());
    Some(end)
}

fn block_comment_length(text: &str) -> usize {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        if rest.starts_with("/*") {
            (depth, at) = (depth + 1, at + 2);
        } else if rest.starts_with("*/") {
            (depth, at) = (depth - 1, at + 2);
            if depth == 0 {
                return at;
            }
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_strings_and_lifetimes_are_distinguished_from_code() {
        let cases = [
            ("a::b", vec!["a", "::", "b"]),
            ("\"a // b\" // c \"", vec!["\"a // b\"", "// c \""]),
            ("r#\"a\"b\"# c", vec!["r#\"a\"b\"#", "c"]),
            ("b\"\\\"\" 'a' '\\'' 'a x", vec!["b\"\\\"\"", "'a'", "'\\''", "'a", "x"]),
            ("/* a /* b */ c */ d", vec!["/* a /* b */ c */", "d"]),
            ("r\"\\\" 1_u8", vec!["r\"\\\"", "1_u8"]),
            ("é!", vec!["é", "!"]),
        ];
        for (source, expected) in cases {
            let found: Vec<&str> = tokenize(source).iter().map(|token| token.text).collect();
            assert_eq!(found, expected, "{source}");
        }
    }

    #[test]
    fn lines_are_counted_across_comments_and_strings() {
        let tokens = tokenize("a\n/* b\n*/ \"c\n\" d\n");
        let lines: Vec<usize> = tokens.iter().map(|token| token.line).collect();
        assert_eq!(lines, [1, 2, 3, 4]);
    }

    #[test]
    fn unfinished_tokens_end_with_the_file() {
        for source in ["\"a", "r#\"a", "/* a", "'", "b'", "'\\"] {
            let tokens = tokenize(source);
            assert_eq!(tokens.iter().map(|token| token.text).collect::<String>(), source);
        }
    }
}
