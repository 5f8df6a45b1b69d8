//! Sanitizes what is within a line of Markdown: code spans, links, tags, escapes. Knows no blocks.

/// Sanitizes a line outside of code blocks: links to the web are kept, other links are replaced by their text, tags and lone
/// brackets are escaped.
pub(crate) fn sanitize_inline(line: &str) -> String {
    let out = String::with_capacity(line.len() + line.len() / 16);
    let mut writer = Writer { out, links: Links::Kept, depth: 0 };
    writer.text(line);
    writer.out
}

/// URL schemes of the links that are kept.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];
/// Maximum depth of nested links and images.
const DEEPEST: usize = 4;
/// Maximum length of a code span or a link, in bytes.
const FARTHEST: usize = 4096;

/// Whether links are kept; links cannot be nested.
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

    /// Copies an escaped character.
    fn escaped(&mut self, rest: &str) -> Option<usize> {
        let character = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
        self.out.push('\\');
        self.out.push(character);
        Some(2)
    }

    /// Copies a code span, and escapes backticks that close none: they would turn the rest of the paragraph into code.
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
        if self.depth == DEEPEST {
            return None;
        }
        let link = Link::read(&rest[skip..])?;
        let place = link.place.filter(|_| self.links == Links::Kept);
        let outer = self.links;
        if place.is_some() {
            self.out.push('[');
            self.links = Links::Within;
        }
        let start = self.out.len();
        self.depth += 1;
        self.text(link.text);
        self.depth -= 1;
        let is_empty = self.out[start..].trim().is_empty();
        self.links = outer;
        if let Some(place) = place {
            // A link without text would be invisible.
            if is_empty {
                self.out.push_str("link");
            }
            self.out.push_str(&format!("]({place})"));
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
        // In `[a](https://b)` the closing bracket is not part of the URL.
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
    /// Its target, if that is on the web.
    place: Option<String>,
    length: usize,
}

impl<'a> Link<'a> {
    fn read(rest: &'a str) -> Option<Self> {
        let close = closing(rest, '[', ']')?;
        let after = rest.get(close + 1..)?;
        let end = closing(after, '(', ')')?;
        let inside = after[1..end].trim();
        let target = match inside.strip_prefix('<').and_then(|inside| inside.split_once('>')) {
            Some((target, _)) => target,
            None => inside.split_whitespace().next().unwrap_or_default(),
        };
        let place = SCHEMES.iter().any(|scheme| target.starts_with(scheme)).then(|| place(target));
        Some(Self { text: &rest[1..close], place, length: close + 1 + end + 1 })
    }
}

/// Percent-encodes a URL for use as a link target.
fn place(target: &str) -> String {
    let mut place = String::with_capacity(target.len());
    for character in unescaped(target).chars() {
        match character {
            ' ' | '(' | ')' | '<' | '>' | '\\' => place.push_str(&format!("%{:02X}", u32::from(character))),
            _ => place.push(character),
        }
    }
    place
}

/// Returns the position of the character that closes the one at the start.
fn closing(text: &str, open: char, close: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(character) = text.get(at..).filter(|_| at < FARTHEST)?.chars().next() {
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

/// Returns the length of a leading code span, backticks included.
fn code_length(text: &str) -> Option<usize> {
    let run = |text: &str| text.bytes().take_while(|byte| *byte == b'`').count();
    let ticks = run(text);
    let mut at = ticks;
    while let Some(next) = text.get(at..).filter(|_| at < FARTHEST)?.find('`') {
        at += next;
        let found = run(&text[at..]);
        at += found;
        if found == ticks {
            return Some(at);
        }
    }
    None
}

/// Returns whether a string starts with a web URL that has a host.
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
    fn a_line_means_itself() {
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
            assert_eq!(sanitize_inline(text), expected, "{text:?}");
        }
    }

    #[test]
    fn brackets_without_end_cost_no_time() {
        for character in ["[", "![", "[](", "`[", "[`"] {
            let text = character.repeat(20_000);
            assert!(!sanitize_inline(&text).is_empty());
        }
        let nested = format!("{}{}", "[".repeat(2_000), "](https://a.b)".repeat(2_000));
        assert!(sanitize_inline(&nested).contains("https://a.b"));
    }
}
