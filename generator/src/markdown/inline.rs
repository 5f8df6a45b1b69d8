//! Escapes the content of a Markdown line: code, links, tags. Must not know blocks.

/// Escapes a line outside code blocks: links to the web are kept, other links are replaced by their text, tags and unmatched brackets
/// are escaped.
pub(crate) fn escape_inline(line: &str) -> String {
    let out = String::with_capacity(line.len() + line.len() / 16);
    let mut writer = Writer { out, links: Links::Kept, depth: 0 };
    writer.text(line);
    writer.out
}

/// Schemes of the links to keep.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];
/// Maximum nesting of links and images.
const MAX_DEPTH: usize = 4;
/// Maximum length of inline code or a link, in bytes.
const MAX_LENGTH: usize = 4096;

/// Whether links may be written: links cannot be nested.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Links {
    Kept,
    Within,
}

struct Writer {
    out: String,
    links: Links,
    depth: usize,
}

impl Writer {
    fn text(&mut self, mut rest: &str) {
        while let Some(first) = rest.chars().next() {
            let taken = match first {
                '\\' => self.escaped(rest),
                '`' => self.code(rest),
                '!' if rest[1..].starts_with('[') => self.link(rest, 1),
                '[' => self.link(rest, 0),
                '<' => self.angle(rest),
                'h' => self.url(rest),
                _ => None,
            };
            let length = taken.unwrap_or_else(|| {
                if matches!(first, '[' | ']' | '<' | '>' | '`') {
                    self.out.push('\\');
                }
                self.out.push(first);
                first.len_utf8()
            });
            rest = rest.get(length..).unwrap_or_default();
        }
    }

    /// Writes a character that is already escaped.
    fn escaped(&mut self, rest: &str) -> Option<usize> {
        let character = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
        self.out.push('\\');
        self.out.push(character);
        Some(2)
    }

    /// Writes code between equal numbers of backticks. Unmatched backticks are escaped, since they would affect the rest of the
    /// paragraph.
    fn code(&mut self, rest: &str) -> Option<usize> {
        let ticks = rest.bytes().take_while(|byte| *byte == b'`').count();
        let length = match code_length(rest) {
            Some(length) => {
                self.out.push_str(&rest[..length]);
                length
            }
            None => {
                self.out.push_str(&"\\`".repeat(ticks));
                ticks
            }
        };
        Some(length)
    }

    /// Writes `[text](target)` or, after `skip` characters, `![text](target)`.
    fn link(&mut self, rest: &str, skip: usize) -> Option<usize> {
        if self.depth == MAX_DEPTH {
            return None;
        }
        let link = Link::read(&rest[skip..])?;
        let target = link.target.filter(|_| self.links == Links::Kept);
        let outer = self.links;
        if target.is_some() {
            self.out.push('[');
            self.links = Links::Within;
        }
        let start = self.out.len();
        self.depth += 1;
        self.text(link.text);
        self.depth -= 1;
        let is_empty = self.out[start..].trim().is_empty();
        self.links = outer;
        if let Some(target) = target {
            // A link needs a visible text.
            if is_empty {
                self.out.push_str("link");
            }
            self.out.push_str(&format!("]({target})"));
        }
        Some(skip + link.length)
    }

    /// Writes `<https://…>`.
    fn angle(&mut self, rest: &str) -> Option<usize> {
        let (inner, _) = rest[1..].split_once('>')?;
        let is_link = is_web(inner) && !inner.contains(|character: char| character.is_whitespace() || character == '<');
        if !is_link {
            return None;
        }
        self.web(inner);
        Some(inner.len() + 2)
    }

    /// Writes a bare URL.
    fn url(&mut self, rest: &str) -> Option<usize> {
        if !is_web(rest) {
            return None;
        }
        let ends = |character: char| character.is_whitespace() || matches!(character, '<' | '>' | '"' | '`' | '|');
        let end = rest.find(ends).unwrap_or(rest.len());
        let mut url = &rest[..end];
        // In `[a](https://b`, the brackets do not belong to the URL.
        while let Some(last) = url.chars().last() {
            let lone = |open: char, close: char| url.matches(open).count() < url.matches(close).count();
            let is_part = match last {
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '\\' => false,
                ')' => !lone('(', ')'),
                ']' => !lone('[', ']'),
                '}' => !lone('{', '}'),
                _ => true,
            };
            if is_part {
                break;
            }
            url = &url[..url.len() - last.len_utf8()];
        }
        if !is_web(url) {
            return None;
        }
        self.web(&unescaped(url));
        Some(url.len())
    }

    fn web(&mut self, url: &str) {
        match self.links {
            Links::Kept => self.out.push_str(&format!("<{url}>")),
            Links::Within => {
                for character in url.chars() {
                    if matches!(character, '[' | ']' | '*' | '_' | '`') {
                        self.out.push('\\');
                    }
                    self.out.push(character);
                }
            }
        }
    }
}

/// A link or image.
struct Link<'a> {
    text: &'a str,
    /// The target, if it is on the web.
    target: Option<String>,
    length: usize,
}

impl<'a> Link<'a> {
    fn read(rest: &'a str) -> Option<Self> {
        let close = find_closing(rest, '[', ']')?;
        let after = rest.get(close + 1..)?;
        let end = find_closing(after, '(', ')')?;
        let inside = after[1..end].trim();
        let target = match inside.strip_prefix('<').and_then(|inside| inside.split_once('>')) {
            Some((target, _)) => target,
            None => inside.split_whitespace().next().unwrap_or_default(),
        };
        let target = SCHEMES.iter().any(|scheme| target.starts_with(scheme)).then(|| escape_target(target));
        Some(Self { text: &rest[1..close], target, length: close + 1 + end + 1 })
    }
}

/// Escapes a URL as the target of a link.
fn escape_target(target: &str) -> String {
    let mut escaped = String::with_capacity(target.len());
    for character in unescaped(target).chars() {
        match character {
            ' ' | '(' | ')' | '<' | '>' | '\\' => escaped.push_str(&format!("%{:02X}", u32::from(character))),
            _ => escaped.push(character),
        }
    }
    escaped
}

/// Returns the position of the bracket that closes the first one of a string.
fn find_closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(character) = text.get(at..).filter(|_| at < MAX_LENGTH)?.chars().next() {
        let mut length = character.len_utf8();
        if character == '\\' {
            length += text[at + 1..].chars().next().map_or(0, char::len_utf8);
        } else if character == '`' {
            let ticks = text[at..].bytes().take_while(|byte| *byte == b'`').count();
            length = code_length(&text[at..]).unwrap_or(ticks);
        } else if character == open {
            depth += 1;
        } else if character == close {
            depth = depth.checked_sub(1)?;
            if depth == 0 {
                return Some(at);
            }
        }
        if depth == 0 {
            return None;
        }
        at += length;
    }
    None
}

/// Returns the length of the inline code at the start of a string, including backticks.
fn code_length(text: &str) -> Option<usize> {
    let run = |text: &str| text.bytes().take_while(|byte| *byte == b'`').count();
    let ticks = run(text);
    let mut at = ticks;
    while let Some(next) = text.get(at..).filter(|_| at < MAX_LENGTH)?.find('`') {
        at += next;
        let found = run(&text[at..]);
        at += found;
        if found == ticks {
            return Some(at);
        }
    }
    None
}

/// Returns whether a string starts with an HTTP URL that has a host.
fn is_web(text: &str) -> bool {
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    host.is_some_and(|host| host.starts_with(|first: char| first.is_alphanumeric()))
}

fn unescaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        let escapes = character == '\\' && characters.peek().is_some_and(char::is_ascii_punctuation);
        plain.extend(if escapes { characters.next() } else { Some(character) });
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn special_characters_of_a_line_are_escaped() {
        let cases = [
            ("See [Block] and <b>", "See \\[Block\\] and \\<b\\>"),
            ("`Vec<T>` is `[code]`", "`Vec<T>` is `[code]`"),
            ("`` a`b[0] `` c", "`` a`b[0] `` c"),
            ("odd ` tick <x>", "odd \\` tick \\<x\\>"),
            ("``two` and ```three", "\\`\\`two\\` and \\`\\`\\`three"),
            ("escaped \\[x\\] \\<y> \\`z` \\\\[w]", "escaped \\[x\\] \\<y\\> \\`z\\` \\\\\\[w\\]"),
            ("a \\path", "a \\path"),
            ("at https://a.b/c.", "at <https://a.b/c>."),
            ("(https://a.b/c_(d)), https://a.b/x\\_y*", "(<https://a.b/c_(d)>), <https://a.b/x_y>*"),
            (
                "\"http://a.b\" and https:// and https://{tenant}.a.b",
                "\"<http://a.b>\" and https:// and https://{tenant}.a.b",
            ),
            ("<https://a.b?q[0]=1> <https://a b>", "<https://a.b?q[0]=1> \\<<https://a> b\\>"),
            ("[a `]` b](https://a.b \"title\")", "[a `]` b](https://a.b)"),
            ("[https://a.b](https://a.b/x(y))", "[https://a.b](https://a.b/x%28y%29)"),
            ("[a](<https://a.b/c d>)", "[a](https://a.b/c%20d)"),
            ("[Block](#block) [b](/docs) [c](Vec::new) [d]()", "Block b c d"),
            ("[a][b] [c]: d [e] (f) [g] [^1]", "\\[a\\]\\[b\\] \\[c\\]: d \\[e\\] (f) \\[g\\] \\[^1\\]"),
            ("![alt](https://a.b/c.png) ![](x.png)", "[alt](https://a.b/c.png) "),
            ("[![badge](https://a.b/c.svg)](https://a.b)", "[badge](https://a.b)"),
            ("[](https://a.b)", "[link](https://a.b)"),
            ("[a [b] c](https://a.b)", "[a \\[b\\] c](https://a.b)"),
            ("[a](https://a.b", "\\[a\\](<https://a.b>"),
            ("[open ](x", "\\[open \\](x"),
            ("[mail](mailto:a@b.c) <a@b.c>", "[mail](mailto:a@b.c) \\<a@b.c\\>"),
            ("<!-- note --> <br/> a < b > c", "\\<!-- note --\\> \\<br/\\> a \\< b \\> c"),
            ("größe [ü](x) `ö", "größe ü \\`ö"),
            ("\\", "\\"),
        ];
        for (text, expected) in cases {
            assert_eq!(escape_inline(text), expected, "{text:?}");
        }
    }

    #[test]
    fn unclosed_brackets_take_linear_time() {
        for bracket in ["[", "![", "[](", "`[", "[`"] {
            let text = bracket.repeat(20_000);
            assert!(!escape_inline(&text).is_empty());
        }
        let nested = format!("{}{}", "[".repeat(2_000), "](https://a.b)".repeat(2_000));
        assert!(escape_inline(&nested).contains("https://a.b"));
    }
}
