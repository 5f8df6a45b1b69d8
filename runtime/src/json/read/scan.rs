//! Look-ahead: finds the properties of the next object before it is read.
//!
//! This is how the variant of a union is chosen, which is then read in place, so that nothing is copied. The look-ahead
//! skips values without validating them, since they are read afterwards. The ends of containers are cached: nested
//! unions look at the same bytes, and the total time must stay linear in the size of the text.
//!
//! It must not know unions.

use std::borrow::Cow;

use super::number::{Number, is_integer};
use super::string::{end_of_string, first_special};
use super::{DEEPEST, Reader, is_same_name};
use crate::json::index_set::IndexSet;
use crate::json::number::whole;

/// JSON types that a rule of `shape_union!` can require.
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

/// What a rule requires of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// A value of this type.
    Type(JsonType),
    /// This exact string.
    Is(&'static str),
    /// This number or boolean, as JSON writes it.
    Plain(&'static str),
    /// An object with these properties.
    Holds(&'static [(&'static str, Test)]),
}

/// The property rules of a union: each is a list of names and tests.
pub type Rules = &'static [&'static [(&'static str, Test)]];

/// What the look-ahead found out about the next value.
#[derive(Debug)]
pub struct Shape {
    rules: Rules,
    is_object: bool,
    /// The tests that hold, in the order of the rules.
    held: IndexSet,
}

impl Shape {
    /// Returns whether the value is an object with the properties that a rule requires.
    pub fn fits(&self, rule: usize) -> bool {
        let first: usize = self.rules.iter().take(rule).map(|tests| tests.len()).sum();
        let tests = self.rules.get(rule).map_or(0..0, |tests| first..first + tests.len());
        self.is_object && rule < self.rules.len() && tests.into_iter().all(|test| self.held.contains(test))
    }
}

/// Cached ends of containers in the part of the text that was last scanned.
#[derive(Debug, Default)]
pub(super) struct Ends {
    /// Start of that part.
    from: usize,
    to: usize,
    /// Starts and ends of its long containers, ordered by start.
    long: Vec<(u32, u32)>,
}

/// Minimum length in bytes of a container whose end is cached; scanning a shorter one again is faster.
const LONG: usize = 64;

#[cfg(test)]
std::thread_local! {
    /// Number of bytes skipped while looking for ends.
    static PASSED: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Marks a container without an enclosing one.
const OUTERMOST: u32 = u32::MAX;

impl Ends {
    /// Returns the end of the container that begins at `at`.
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
        // In longer texts, some positions do not fit the cache.
        self.to = if bytes.len() < OUTERMOST as usize { end } else { self.from };
        end
    }

    /// Starts a new part, unless the position lies in the current one.
    fn enter(&mut self, at: usize) {
        if !(self.from..self.to).contains(&at) {
            self.long.clear();
            (self.from, self.to) = (at, at);
        }
    }
}

/// Returns the end of the container that begins at `start`, or the end of the text if the container is unterminated or
/// nested too deeply to be read. Adds the long containers inside it to `long`.
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
                // While a container is open, its end field holds the index of the enclosing container.
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

/// Records the end of the innermost open container, unless it is short, and returns the enclosing one.
fn close(long: &mut Vec<(u32, u32)>, innermost: u32, at: usize) -> u32 {
    let Some((start, end)) = long.get_mut(innermost as usize) else { return OUTERMOST };
    let around = std::mem::replace(end, at as u32);
    if at - (*start as usize) < LONG {
        // The containers inside it are short as well, so it is the last entry.
        long.truncate(innermost as usize);
    }
    around
}

impl<'a> Reader<'a> {
    /// Returns the string under a name in the next object. If the name is repeated, the last value is used.
    pub fn tag(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let at = self.tag_at(name)?;
        self.string_at(at)
    }

    /// Like [`tag`](Self::tag), for strings, numbers and booleans. A whole number has no fraction.
    pub fn scalar(&mut self, name: &'static str) -> Option<Cow<'a, str>> {
        let at = self.tag_at(name)?;
        self.string_at(at).or_else(|| self.plain_at(at).map(Cow::Owned))
    }

    /// Returns whether the next value is an object with a property of this name.
    pub(in crate::json) fn has_property(&mut self, name: &str) -> bool {
        let Some(mut properties) = self.properties() else { return false };
        while let Some((found, _)) = self.property(&mut properties) {
            if is_name(found, name) {
                return true;
            }
        }
        false
    }

    /// Returns the position of the next value.
    pub fn place(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// Returns whether the value at a position is an object with a property of this name.
    pub fn has_property_at(&mut self, at: usize, name: &str) -> bool {
        let back = std::mem::replace(&mut self.at, at);
        let has_property = self.has_property(name);
        self.at = back;
        has_property
    }

    /// Returns where the value under a name begins in the next object.
    fn tag_at(&mut self, name: &'static str) -> Option<usize> {
        let mut tag = None;
        let mut properties = self.properties()?;
        // If two unions use tags of the same object, only one of the tags is counted while the object is read.
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
        tag
    }

    /// Returns which rules the next value satisfies.
    pub fn shape(&mut self, rules: Rules) -> Shape {
        let is_object = self.is(JsonType::object);
        let has_tests = rules.iter().any(|tests| !tests.is_empty());
        let held =
            if is_object && has_tests { self.held(rules.iter().copied().flatten()) } else { IndexSet::default() };
        Shape { rules, is_object, held }
    }

    /// Returns which of some tests the properties of the next value pass. If a name is repeated, its last value counts.
    fn held<'t>(&mut self, tests: impl Iterator<Item = &'t (&'static str, Test)> + Clone) -> IndexSet {
        let mut held = IndexSet::default();
        let Some(mut properties) = self.properties() else { return held };
        while let Some((found, value)) = self.property(&mut properties) {
            for (index, (name, test)) in tests.clone().enumerate() {
                if !is_name(found, name) {
                    continue;
                }
                if self.satisfies(value, test) {
                    held.insert(index);
                } else {
                    held.remove(index);
                }
            }
        }
        held
    }

    /// Returns whether the value at a position passes a test.
    fn satisfies(&mut self, at: usize, test: &Test) -> bool {
        match test {
            Test::Type(expected) => self.is_at(at, *expected),
            Test::Is(expected) => self.string_at(at).is_some_and(|string| string == *expected),
            Test::Plain(expected) => self.plain_at(at).is_some_and(|plain| plain == *expected),
            Test::Holds(tests) => {
                let back = std::mem::replace(&mut self.at, at);
                let held = self.is(JsonType::object).then(|| self.held(tests.iter()));
                self.at = back;
                held.is_some_and(|held| (0..tests.len()).all(|index| held.contains(index)))
            }
        }
    }

    /// Returns whether the next value is of a type.
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
        let end = first_special(bytes, at + 1);
        match bytes.get(end)? {
            b'"' => self.text.get(at + 1..end).map(Cow::Borrowed),
            _ => unquoted(bytes.get(at..end_of_string(bytes, at))?),
        }
    }

    /// Returns a number or a boolean as JSON writes it.
    fn plain_at(&self, at: usize) -> Option<String> {
        let rest = self.text.get(at..)?;
        let mut reader = Reader::new(rest.as_bytes());
        match rest.as_bytes().first()? {
            b't' | b'f' => reader.read_value::<bool>().ok().map(|value| value.to_string()),
            b'-' | b'0'..=b'9' => match reader.number().ok()? {
                Number::Unsigned(number) => Some(number.to_string()),
                Number::Negative(number) => Some(number.to_string()),
                Number::Float(number) => {
                    Some(whole(number).map_or_else(|| number.to_string(), |whole| whole.to_string()))
                }
            },
            _ => None,
        }
    }

    /// Starts scanning the next object, or returns `None` if the next value is not an object.
    fn properties(&mut self) -> Option<Properties> {
        if self.peek() != Some(b'{') {
            return None;
        }
        self.ends.enter(self.at);
        Some(Properties { at: self.at + 1, value: None })
    }

    /// Returns the next name of the object, as written with its quotes, and the start of its value.
    fn property(&mut self, properties: &mut Properties) -> Option<(&'a [u8], usize)> {
        let bytes = self.text.as_bytes();
        if let Some(value) = properties.value.take() {
            properties.at = self.end_of_property(value)?;
        }
        let start = white_space(bytes, properties.at);
        if bytes.get(start) != Some(&b'"') {
            return None;
        }
        let end = end_of_string(bytes, start);
        let colon = white_space(bytes, end);
        if bytes.get(colon) != Some(&b':') {
            return None;
        }
        let value = white_space(bytes, colon + 1);
        properties.value = Some(value);
        Some((bytes.get(start..end)?, value))
    }

    /// Returns the position after the comma that follows a value, if there is one.
    fn end_of_property(&mut self, value: usize) -> Option<usize> {
        let bytes = self.text.as_bytes();
        let mut next = match bytes.get(value)? {
            b'"' => end_of_string(bytes, value),
            b'{' | b'[' => self.ends.of(bytes, value),
            _ => value,
        };
        while !matches!(bytes.get(next)?, b',' | b'}' | b']') {
            next += 1;
        }
        (bytes.get(next) == Some(&b',')).then_some(next + 1)
    }
}

/// Where the scan of an object is.
struct Properties {
    /// The position of the next name.
    at: usize,
    /// The position of the value before it, if that has not been skipped.
    value: Option<usize>,
}

fn white_space(bytes: &[u8], mut at: usize) -> usize {
    while let Some(b' ' | b'\n' | b'\t' | b'\r') = bytes.get(at) {
        at += 1;
    }
    at
}

/// Returns whether a name, as written with its quotes, equals `name`.
fn is_name(written: &[u8], name: &str) -> bool {
    let inner = written.get(1..written.len().saturating_sub(1)).unwrap_or_default();
    // A name with escapes is longer than what it means.
    let has_escapes = inner.len() > name.len() && inner.contains(&b'\\');
    is_same_name(inner, name.as_bytes()) || has_escapes && unquoted(written).is_some_and(|written| written == name)
}

/// Returns the meaning of a string that is written with its quotes.
fn unquoted(written: &[u8]) -> Option<Cow<'_, str>> {
    Reader::new(written).quoted().ok()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::json::read::read_text;

    #[derive(Clone, Debug, PartialEq)]
    enum Tree {
        Node(Box<Node>),
        Unknown(Value),
    }

    crate::tagged_union!(Tree(Node) by "type" {
        "node" => Node,
    });

    #[derive(Clone, Debug, PartialEq)]
    enum Shaped {
        Node(Box<Node>),
        Unknown(Value),
    }

    crate::shape_union!(Shaped(Node) {
        { "type": "node", "size": integer } => Node,
    });

    #[derive(Debug)]
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

    /// Nested unions, in each of which the deciding property comes last.
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
        // Every byte is skipped when it is first scanned, and at most once more by the union it belongs to.
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
    fn last_of_several_tags_counts_however_it_is_written() {
        for (text, tag) in [
            (r#" {"type":"a"}"#, Some("a")),
            (r#"{"x":[{"type":"b"}],"ty\u0070e":"\u0061"}"#, Some("a")),
            (r#"{"x":"type","type":1}"#, None),
            // Whether the text is complete is found when the object is read.
            (r#"{"type":"a""#, Some("a")),
            (r#"{"type":"#, None),
            (r#"{"type":"a"#, None),
            (r#"["type"]"#, None),
            ("", None),
        ] {
            assert_eq!(Reader::new(text.as_bytes()).tag("type").as_deref(), tag, "{text}");
        }
        // `serde_json` also keeps the last of several values.
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
