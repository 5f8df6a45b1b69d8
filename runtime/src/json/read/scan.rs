//! Looking ahead: which properties the object that stands next has, before it is read.
//!
//! Unions are decided this way and then read in place, so nothing is copied. A look ahead passes over values without checking
//! them, since they are read afterwards. Where containers end is remembered: unions inside of unions look at the same
//! bytes, and the whole stays linear in the size of the text.
//!
//! It must not know unions.

use std::borrow::Cow;

use super::number::is_integer;
use super::string::{end_of_string, first_special};
use super::{DEEPEST, Reader};

/// JSON types a rule of `shape_union!` can ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(non_camel_case_types, reason = "the rules read like JSON Schema")]
pub enum JsonType {
    /// Anything, `null` included.
    any,
    /// `true` or `false`.
    boolean,
    /// A whole number.
    integer,
    /// Any number.
    number,
    /// A string.
    string,
    /// A list.
    array,
    /// A map.
    object,
}

/// What a rule asks of one property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// To be of a type.
    Type(JsonType),
    /// To be this string.
    Is(&'static str),
}

/// The rules of a union that ask for properties: each a list of names and tests.
pub type Rules = &'static [&'static [(&'static str, Test)]];

/// What was seen of the value that stands next.
#[derive(Debug)]
pub struct Shape {
    rules: Rules,
    is_object: bool,
    /// Whether each test holds, rule after rule.
    held: Vec<bool>,
}

impl Shape {
    /// Whether the value is an object with the properties of a rule.
    pub fn fits(&self, rule: usize) -> bool {
        let before: usize = self.rules.iter().take(rule).map(|tests| tests.len()).sum();
        match self.rules.get(rule).and_then(|tests| self.held.get(before..before + tests.len())) {
            Some(held) => self.is_object && held.iter().all(|held| *held),
            None => false,
        }
    }
}

/// Ends of containers in a part of the text that was looked at.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// The part.
    from: usize,
    to: usize,
    /// Beginnings and ends of its containers that are long, in the order of their beginnings.
    long: Vec<(u32, u32)>,
}

/// Bytes from which on the end of a container is remembered; a shorter one is looked at again in less time.
const LONG: usize = 64;

#[cfg(test)]
std::thread_local! {
    /// How many bytes were passed in looking for ends.
    static PASSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// No container around.
const OUTERMOST: u32 = u32::MAX;

impl Ends {
    /// Where the container ends that begins at `at`.
    fn of(&mut self, bytes: &[u8], at: usize) -> usize {
        if (self.from..self.to).contains(&at) {
            let place = self.long.binary_search_by_key(&(at as u32), |(start, _)| *start);
            return match place.ok().and_then(|place| self.long.get(place)) {
                Some((_, end)) => *end as usize,
                None => end_of_container(bytes, at, None),
            };
        }
        if at < self.from || self.from == self.to {
            self.long.clear();
            self.from = at;
        }
        let end = end_of_container(bytes, at, Some(&mut self.long));
        // Longer texts have places that are not remembered.
        self.to = if bytes.len() < OUTERMOST as usize { end } else { self.from };
        end
    }

    /// A new part begins, unless this is in the part.
    fn enter(&mut self, at: usize) {
        if !(self.from..self.to).contains(&at) {
            self.long.clear();
            (self.from, self.to) = (at, at);
        }
    }
}

/// Where the container ends that begins at `at`; the end of the text, if it does not end or is too deep to be read. Adds the
/// long ones to `long`.
fn end_of_container(bytes: &[u8], start: usize, long: Option<&mut Vec<(u32, u32)>>) -> usize {
    let end = scan_container(bytes, start, long);
    #[cfg(test)]
    PASSED.set(PASSED.get() + (end - start));
    end
}

fn scan_container(bytes: &[u8], mut at: usize, mut long: Option<&mut Vec<(u32, u32)>>) -> usize {
    let (mut depth, mut around) = (0, OUTERMOST);
    loop {
        match bytes.get(at) {
            Some(b'"') => at = end_of_string(bytes, at),
            Some(b'{' | b'[') => {
                depth += 1;
                if depth > DEEPEST {
                    return bytes.len();
                }
                // While a container is open, the place of its end holds which one is around it.
                if let Some(long) = &mut long {
                    long.push((at as u32, around));
                    around = (long.len() - 1) as u32;
                }
                at += 1;
            }
            Some(b'}' | b']') => {
                depth -= 1;
                at += 1;
                if let Some(long) = &mut long {
                    around = close(long, around, at);
                }
                if depth == 0 {
                    return at;
                }
            }
            Some(_) => at += 1,
            None => return bytes.len(),
        }
    }
}

/// Notes the end of the innermost open container, unless it is short; the one around it.
fn close(long: &mut Vec<(u32, u32)>, innermost: u32, at: usize) -> u32 {
    let Some((start, end)) = long.get_mut(innermost as usize) else { return OUTERMOST };
    let around = std::mem::replace(end, at as u32);
    if at - (*start as usize) < LONG {
        // Those inside of it are short as well, so it is the last one.
        long.truncate(innermost as usize);
    }
    around
}

impl<'a> Reader<'a> {
    /// The string that stands under a name in the object that stands next. Of several the last one counts.
    pub fn tag(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let mut tag = None;
        let mut properties = self.properties()?;
        // Of the tags of two unions about one object only one is counted while it is read.
        let is_pending = self.tags.pending.is_some_and(|(place, _)| place == self.at);
        let is_thorough = self.tags.is_thorough || is_pending;
        while let Some((found, value)) = self.property(&mut properties) {
            if is_name(found, name) {
                tag = Some(value);
                if !is_thorough {
                    self.tags.pending = Some((self.at, name));
                    break;
                }
            }
        }
        self.string_at(tag?)
    }

    /// Which rules the value that stands next fits.
    pub fn shape(&mut self, rules: Rules) -> Shape {
        let mut held = vec![false; rules.iter().map(|tests| tests.len()).sum()];
        let is_object = self.is(JsonType::object);
        let Some(mut properties) = self.properties().filter(|_| !held.is_empty()) else {
            return Shape { rules, is_object, held };
        };
        while let Some((found, value)) = self.property(&mut properties) {
            for (held, (name, test)) in held.iter_mut().zip(rules.iter().copied().flatten()) {
                if is_name(found, name) {
                    *held = match test {
                        Test::Type(expected) => self.is_at(value, *expected),
                        Test::Is(expected) => self.string_at(value).is_some_and(|string| string == *expected),
                    };
                }
            }
        }
        Shape { rules, is_object, held }
    }

    /// Whether the value that stands next is of a type.
    pub fn is(&mut self, expected: JsonType) -> bool {
        self.peek();
        self.is_at(self.at, expected)
    }

    fn is_at(&self, at: usize, expected: JsonType) -> bool {
        let first = self.text.as_bytes().get(at);
        match expected {
            JsonType::any => true,
            JsonType::boolean => matches!(first, Some(b't' | b'f')),
            JsonType::number => matches!(first, Some(b'-' | b'0'..=b'9')),
            JsonType::integer => is_integer(self.text.get(at..).unwrap_or_default()),
            JsonType::string => first == Some(&b'"'),
            JsonType::array => first == Some(&b'['),
            JsonType::object => first == Some(&b'{'),
        }
    }

    fn string_at(&self, at: usize) -> Option<Cow<'a, str>> {
        let bytes = self.text.as_bytes();
        if bytes.get(at) != Some(&b'"') {
            return None;
        }
        let written = self.text.get(at..end_of_string(bytes, at))?;
        unquoted(written)
    }

    /// Begins a look at the object that stands next; `None` if something else does.
    fn properties(&mut self) -> Option<usize> {
        if self.peek() != Some(b'{') {
            return None;
        }
        self.ends.enter(self.at);
        Some(self.at + 1)
    }

    /// The next name of the object, as it is written with its quotes, and where its value begins. Goes behind the value.
    fn property(&mut self, at: &mut usize) -> Option<(&'a str, usize)> {
        let bytes = self.text.as_bytes();
        let start = white_space(bytes, *at);
        if bytes.get(start) != Some(&b'"') {
            return None;
        }
        let end = end_of_string(bytes, start);
        let colon = white_space(bytes, end);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let value = white_space(bytes, colon + 1);
        let mut next = match bytes.get(value)? {
            b'"' => end_of_string(bytes, value),
            b'{' | b'[' => self.ends.of(bytes, value),
            _ => value,
        };
        while !matches!(bytes.get(next)?, b',' | b'}' | b']') {
            next += 1;
        }
        *at = next + 1;
        if bytes.get(next) != Some(&b',') {
            *at = bytes.len();
        }
        Some((self.text.get(start..end)?, value))
    }
}

fn white_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\t' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Whether a name, as it is written with its quotes, is this one.
fn is_name(written: &str, name: &str) -> bool {
    let bytes = written.as_bytes();
    if bytes.len() == name.len() + 2 && bytes.get(1..=name.len()) == Some(name.as_bytes()) {
        return true;
    }
    match bytes.get(1..bytes.len().saturating_sub(1)) {
        Some(inner) if inner.contains(&b'\\') => unquoted(written).is_some_and(|written| written == name),
        Some(_) | None => false,
    }
}

/// What a string means that is written with its quotes.
fn unquoted(written: &str) -> Option<Cow<'_, str>> {
    let inner = written.strip_prefix('"')?.strip_suffix('"')?;
    if first_special(inner.as_bytes(), 0) == inner.len() {
        return Some(Cow::Borrowed(inner));
    }
    Reader::new(written.as_bytes()).quoted().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::json::read::read_text;

    #[derive(Debug, PartialEq)]
    enum Tree {
        Node(Box<Node>),
        Unknown(Value),
    }

    crate::tagged_union!(Tree(Node) by "type" {
        "node" => Node(Node),
    });

    #[derive(Debug, PartialEq)]
    enum Shaped {
        Node(Box<Node>),
        Unknown(Value),
    }

    crate::shape_union!(Shaped(Node) {
        { "type": "node", "size": integer } => Node(Node),
    });

    #[derive(Debug, PartialEq)]
    struct Node {
        tagged: Option<Tree>,
        shaped: Option<Shaped>,
        content: Value,
    }

    crate::object!(Node {
        "tagged" => tagged: optional,
        "shaped" => shaped: optional,
        "content" => content: required,
    });

    /// Unions inside of unions, the last thing in each of which is what decides.
    fn nested(levels: usize, content: &Value) -> String {
        let around = |text: String, level: usize| {
            let name = if level.is_multiple_of(2) { "tagged" } else { "shaped" };
            format!(r#"{{"{name}":{text},"content":{content},"size":{level},"type":"node"}}"#)
        };
        (0..levels).fold("null".to_owned(), around)
    }

    #[test]
    fn unions_inside_of_unions_take_time_in_proportion_to_their_size() {
        let content = |size: usize| json!([{ "items": vec![json!({"x": [1, 2]}); size / 12] }]);
        let passed = |levels, size| {
            let text = nested(levels, &content(size));
            PASSED.set(0);
            let tree = read_text::<Tree>(text.as_bytes()).unwrap();
            assert!(matches!(tree, Tree::Node(_)));
            PASSED.get() as f64 / text.len() as f64
        };
        // Every byte is passed when it is looked at first, and once more by the union it belongs to, at most.
        for (levels, size) in [(1, 1_000), (50, 1_000), (100, 1_000), (50, 10_000), (100, 10_000)] {
            let times = passed(levels, size);
            assert!(times < 2.5, "{levels} levels of {size} bytes: each byte was passed {times} times");
        }
    }

    #[test]
    fn ends_are_found_with_and_without_memory() {
        let long = "x".repeat(LONG);
        let text = format!(r#"{{"a":[[],{{"b":["{long}]}}\"",{{}}]}}],"c":{{}},"d":[{{"e":"{long}"}}] }} tail"#);
        let bytes = text.as_bytes();
        let mut ends = Ends::default();
        for round in 0..2 {
            for (at, _) in text.match_indices(['[', '{']) {
                let end = ends.of(bytes, at);
                assert_eq!(end, end_of_container(bytes, at, None), "{at}, round {round}");
                serde_json::from_str::<Value>(&text[at..end]).unwrap();
            }
        }
        assert!(ends.long.is_sorted() && ends.long.iter().all(|(start, end)| end - start >= LONG as u32));
        for text in ["[", "[{\"a\":", "[\"", "[[[]"] {
            assert_eq!(Ends::default().of(text.as_bytes(), 0), text.len(), "{text}");
        }
    }

    #[test]
    fn the_last_of_several_tags_counts_however_it_is_written() {
        for (text, tag) in [
            (r#" {"type":"a"}"#, Some("a")),
            (r#"{"x":[{"type":"b"}],"ty\u0070e":"\u0061"}"#, Some("a")),
            (r#"{"x":"type","type":1}"#, None),
            (r#"{"type":"a""#, None),
            (r#"["type"]"#, None),
            ("", None),
        ] {
            assert_eq!(Reader::new(text.as_bytes()).tag("type").as_deref(), tag, "{text}");
        }
        // As `serde_json` has it, which keeps the last of several values.
        for text in [
            r#"{"type":"new","content":1,"type":"node"}"#,
            r#"{"type":"node","content":1,"type":"new"}"#,
            r#"{"type":"node","content":{"type":"node","type":"new"}}"#,
            r#"{"type":"node","content":1,"tagged":{"type":"new","ty\u0070e":"node","content":2}}"#,
            r#"{"type":"node","type":"new","content":1,"type":7}"#,
        ] {
            let value: Value = serde_json::from_str(text).unwrap();
            assert_eq!(read_text::<Tree>(text.as_bytes()).unwrap(), serde_json::from_value(value).unwrap(), "{text}");
        }
    }
}
