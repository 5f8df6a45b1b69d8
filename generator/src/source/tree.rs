//! Parses JSON or YAML to a tree of JSON values, within limits, and records duplicate keys.
//!
//! Knows the two syntaxes; must not know OpenAPI.
//!
//! YAML follows the core schema of YAML 1.2: `on`, `yes`, dates and `1_000` are strings. So are digits with a leading zero, because
//! parsers disagree on their value. Keys are kept as written, so `200:`, `true:` and `1.10:` stay strings.

use std::collections::BTreeMap;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess, VariantAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};

use crate::pointer::Pointer;

/// The cost of a node in addition to its text: roughly its size in memory.
const NODE: usize = 32;
/// The cost that every document may have. Without aliases, each byte of text costs at most `PER_BYTE`.
const BASE: usize = 64 << 20;
const PER_BYTE: usize = NODE + 8;
/// Maximum nesting of brackets in YAML, because the time of the parser is quadratic in it.
const MAX_NESTING: usize = 10_000;
/// The key that merges the entries of other maps.
const MERGE: &str = "<<";

/// A tree, and what was noticed while parsing it.
#[derive(Debug)]
pub(super) struct Tree {
    pub value: Value,
    /// Duplicate keys with different values; the last value is used.
    pub duplicates: Vec<Pointer>,
    pub documents: Documents,
}

/// How many documents a YAML stream contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Documents {
    /// One.
    One,
    /// Several, of which the first was parsed.
    Several,
}

/// Parses JSON.
pub(super) fn parse_json(text: &str) -> Result<Tree, serde_json::Error> {
    let mut state = State::new(Syntax::Json, text);
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let value = Seed(&mut state, None).deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(Tree { value, duplicates: state.places(), documents: Documents::One })
}

/// Parses the first document of a YAML stream. The scalars at the places in `strings` are strings, as written.
pub(super) fn parse_yaml(text: &str, strings: &[Pointer]) -> Result<Tree, serde_yaml::Error> {
    if nesting(text) > MAX_NESTING {
        return Err(serde_yaml::Error::custom("brackets are nested too deeply"));
    }
    let strings = Places::of(strings);
    let mut stream = serde_yaml::Deserializer::from_str(text);
    let Some(first) = stream.next() else {
        return Ok(Tree { value: Value::Null, duplicates: Vec::new(), documents: Documents::One });
    };
    let mut state = State::new(Syntax::Yaml, text);
    let value = Seed(&mut state, Some(&strings)).deserialize(first)?;
    // A closing `---` opens an empty document.
    let mut rest = State::new(Syntax::Yaml, text);
    let more = stream.any(|next| !matches!(Seed(&mut rest, None).deserialize(next), Ok(Value::Null)));
    let documents = if more { Documents::Several } else { Documents::One };
    Ok(Tree { value, duplicates: state.places(), documents })
}

/// Returns the maximum nesting of brackets, including those in strings.
fn nesting(text: &str) -> usize {
    let mut depth = 0_usize;
    let step = |byte: u8| {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth
    };
    text.bytes().map(step).max().unwrap_or_default()
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Syntax {
    Json,
    Yaml,
}

struct State {
    syntax: Syntax,
    left: usize,
    /// The segments of each duplicate, innermost first.
    duplicates: Vec<Vec<String>>,
    /// Entries and items of the maps and lists that are open, which are allocated once they are complete: with their exact size.
    entries: Vec<(String, Value)>,
    items: Vec<Value>,
}

impl State {
    fn new(syntax: Syntax, text: &str) -> Self {
        let left = BASE.saturating_add(text.len().saturating_mul(PER_BYTE));
        Self { syntax, left, duplicates: Vec::new(), entries: Vec::new(), items: Vec::new() }
    }

    fn spend<E: Error>(&mut self, bytes: usize) -> Result<(), E> {
        let left = self.left.checked_sub(NODE.saturating_add(bytes));
        self.left = left.ok_or_else(|| E::custom("expanding its aliases exceeds the size limit"))?;
        Ok(())
    }

    fn places(self) -> Vec<Pointer> {
        let place = |steps: Vec<String>| steps.iter().rev().fold(Pointer::root(), |place, step| place.join(step));
        self.duplicates.into_iter().map(place).collect()
    }

    /// Returns the map of the entries since `start`, and notes its duplicates.
    fn close_map(&mut self, start: usize) -> Map<String, Value> {
        let mut map = Map::with_capacity(self.entries.len() - start);
        for (key, value) in self.entries.drain(start..) {
            match map.entry(key) {
                Entry::Vacant(free) => {
                    free.insert(value);
                }
                Entry::Occupied(mut known) => {
                    if *known.get() != value {
                        self.duplicates.push(vec![known.key().clone()]);
                    }
                    known.insert(value);
                }
            }
        }
        map
    }

    /// Prefixes everything noticed since `before` with `step`.
    fn below(&mut self, before: usize, step: impl fmt::Display) {
        for steps in self.duplicates.iter_mut().skip(before) {
            steps.push(step.to_string());
        }
    }
}

/// Locations in a tree, as a trie.
#[derive(Default)]
struct Places {
    here: bool,
    below: BTreeMap<String, Places>,
}

impl Places {
    fn of(pointers: &[Pointer]) -> Self {
        let mut places = Self::default();
        for pointer in pointers {
            let place =
                pointer.segments().iter().fold(&mut places, |place, step| place.below.entry(step.clone()).or_default());
            place.here = true;
        }
        places
    }

    /// Returns the locations below a step, if there are any.
    fn below(&self, step: &str) -> Option<&Self> {
        self.below.get(step)
    }
}

/// Deserializes a value, with the locations at and below it that are strings.
struct Seed<'a>(&'a mut State, Option<&'a Places>);

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        match self.1 {
            Some(places) if places.here => deserializer.deserialize_str(self),
            Some(_) | None => deserializer.deserialize_any(self),
        }
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(value.into())
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(value.into())
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_f64(value as f64)
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.spend(0)?;
        // JSON has neither infinity nor NaN.
        let string = || match value {
            _ if value.is_nan() => ".nan",
            _ if value < 0.0 => "-.inf",
            _ => ".inf",
        };
        Ok(Number::from_f64(value).map_or_else(|| Value::String(string().to_owned()), Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.spend(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.0.spend(value.len())?;
        Ok(Value::String(value))
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.spend(0)?;
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let start = self.0.items.len();
        loop {
            let before = self.0.duplicates.len();
            let index = self.0.items.len() - start;
            let places = self.1.filter(|places| !places.below.is_empty());
            let places = places.and_then(|places| places.below(&index.to_string()));
            let Some(item) = items.next_element_seed(Seed(&mut *self.0, places))? else {
                return Ok(Value::Array(self.0.items.drain(start..).collect()));
            };
            self.0.below(before, index);
            self.0.items.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.spend(0)?;
        let start = self.0.entries.len();
        while let Some(key) = entries.next_key_seed(Key)? {
            self.0.spend(key.len())?;
            let before = self.0.duplicates.len();
            let places = self.1.and_then(|places| places.below(&key));
            let value = entries.next_value_seed(Seed(&mut *self.0, places))?;
            self.0.below(before, &key);
            self.0.entries.push((key, value));
        }
        let mut map = self.0.close_map(start);
        if self.0.syntax == Syntax::Yaml {
            merge_entries(&mut map);
        }
        Ok(Value::Object(map))
    }

    /// Ignores application-specific tags.
    fn visit_enum<A: EnumAccess<'de>>(self, tagged: A) -> Result<Value, A::Error> {
        let (_, value) = tagged.variant_seed(Key)?;
        value.newtype_variant_seed(self)
    }
}

/// Merges the entries of the maps under the merge key. The map's own entries take precedence.
fn merge_entries(map: &mut Map<String, Value>) {
    let mergeable = |value: &Value| match value {
        Value::Object(_) => true,
        Value::Array(items) => !items.is_empty() && items.iter().all(Value::is_object),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    };
    if !map.get(MERGE).is_some_and(mergeable) {
        return;
    }
    let sources = match map.shift_remove(MERGE) {
        Some(Value::Array(items)) => items,
        Some(source) => vec![source],
        None => return,
    };
    for source in sources {
        if let Value::Object(source) = source {
            for (key, value) in source {
                map.entry(key).or_insert(value);
            }
        }
    }
}

/// Deserializes a key as a string, whatever type a value with the same text would have.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for Key {
    type Value = String;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a string as the key of a map")
    }

    fn visit_str<E: Error>(self, key: &str) -> Result<String, E> {
        Ok(key.to_owned())
    }

    fn visit_string<E: Error>(self, key: String) -> Result<String, E> {
        Ok(key)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn yaml_values_follow_the_core_schema() {
        let rows = [
            ("2026-02-09", json!("2026-02-09")),
            ("2026-02-09T10:00:00Z", json!("2026-02-09T10:00:00Z")),
            ("[on, off, yes, no, NO, y, n]", json!(["on", "off", "yes", "no", "NO", "y", "n"])),
            ("[true, False, TRUE, \"true\"]", json!([true, false, true, "true"])),
            ("[~, null, NULL]", json!([null, null, null])),
            ("0123", json!("0123")),
            ("-007", json!("-007")),
            ("0o17", json!(15)),
            ("0x1F", json!(31)),
            ("1_000", json!("1_000")),
            ("12:30:45", json!("12:30:45")),
            ("1e3", json!(1000.0)),
            ("1.0.0", json!("1.0.0")),
            ("+7", json!(7)),
            ("18446744073709551615", json!(u64::MAX)),
            ("18446744073709551616", json!(18446744073709551616.0)),
            ("[.inf, -.inf, .nan]", json!([".inf", "-.inf", ".nan"])),
            ("!!str 200", json!("200")),
            ("!secret {a: !x 1}", json!({"a": 1})),
            (
                "{200: a, true: b, null: c, 1.10: d, 0x10: e, on: f}",
                json!({"200": "a", "true": "b", "null": "c", "1.10": "d", "0x10": "e", "on": "f"}),
            ),
            ("a: |\n  x\n  y\nb: >-\n  x\n  y\n", json!({"a": "x\ny\n", "b": "x y"})),
            ("a: 1\r\nb:\r\n  - 2\r\n", json!({"a": 1, "b": [2]})),
            ("base: &b {x: 1, y: 2}\nown: {<<: *b, y: 3}", json!({"base": {"x": 1, "y": 2}, "own": {"y": 3, "x": 1}})),
            ("<<: [{a: 1}, {a: 2, b: 2}]", json!({"a": 1, "b": 2})),
            ("<<: text", json!({"<<": "text"})),
            ("&k key: *k", json!({"key": "key"})),
        ];
        for (text, expected) in rows {
            let tree = parse_yaml(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(tree.value, expected, "{text}");
            assert_eq!((tree.duplicates, tree.documents), (Vec::new(), Documents::One), "{text}");
        }
    }

    #[test]
    fn duplicate_keys_are_recorded_if_their_values_differ() {
        let rows = [
            ("{\"a\": 1, \"a\": 1}", vec![], json!({"a": 1})),
            ("{\"a\": 1, \"b\": 0, \"a\": 2}", vec!["/a"], json!({"a": 2, "b": 0})),
            (
                "{\"x/y\": [0, {\"a\": {\"b\": 1, \"b\": {}}}]}",
                vec!["/x~1y/1/a/b"],
                json!({"x/y": [0, {"a": {"b": {}}}]}),
            ),
            ("{\"200\": 1, 200: 2}", vec!["/200"], json!({"200": 2})),
        ];
        for (text, places, expected) in rows {
            let tree =
                parse_json(text).or_else(|_| parse_yaml(text, &[])).unwrap_or_else(|error| panic!("{text}: {error}"));
            let found: Vec<String> = tree.duplicates.iter().map(ToString::to_string).collect();
            assert_eq!(found, places, "{text}");
            assert_eq!(tree.value, expected, "{text}");
        }
    }

    #[test]
    fn only_the_first_document_of_a_stream_is_parsed() {
        let rows = [
            ("a: 1\n", Documents::One),
            ("---\na: 1\n---\n", Documents::One),
            ("%YAML 1.2\n---\na: 1\n...\n", Documents::One),
            ("a: 1\n---\na: 2\n", Documents::Several),
            ("a: 1\n---\n[", Documents::Several),
        ];
        for (text, documents) in rows {
            let tree = parse_yaml(text, &[]).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!((tree.value, tree.documents), (json!({"a": 1}), documents), "{text}");
        }
    }

    #[test]
    fn unbounded_input_is_rejected() {
        let laughs: String = (1..12).fold("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned(), |text, level| {
            let before = format!("*a{}, ", level - 1).repeat(10);
            format!("{text}a{level}: &a{level} [{before}]\n")
        });
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), "*a, ".repeat(10_000));
        let deep = "[".repeat(100_000);
        let nested = format!("{}1{}", "{a: ".repeat(200), "}".repeat(200));
        for text in [&laughs, &long, &deep, &nested, "a: &a [*a]", "a: &a {b: *a}", "? [a]\n: b\n", "a:\n\t- b"] {
            assert!(parse_yaml(text, &[]).is_err(), "{}", text.chars().take(40).collect::<String>());
        }
        assert!(parse_json(&deep).is_err());
        // Brackets in strings count too, but rarely exceed the limit.
        let text = format!("a: \"{}\"\n", "[".repeat(MAX_NESTING));
        assert!(parse_yaml(&text, &[]).is_ok());
        let endless = format!("a: {}{}\n", "[{a: ".repeat(2_000_000), "}]".repeat(2_000_000));
        assert!(parse_yaml(&endless, &[]).is_err());
    }
}
