//! Changes to a JSON tree: accidental ones, and some that only a test makes. Must not know the generator.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// A change of one node. Numbers select an option, modulo the number of options.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    kind: Kind,
    node: usize,
    with: usize,
}

#[derive(Clone, Copy, Debug)]
enum Kind {
    Drop,
    Swap,
    Duplicate,
    Retype,
    Splice,
    Rename,
    Nest,
    Number,
    Keyword,
}

const KINDS: [Kind; 9] = [
    Kind::Drop,
    Kind::Swap,
    Kind::Duplicate,
    Kind::Retype,
    Kind::Splice,
    Kind::Rename,
    Kind::Nest,
    Kind::Number,
    Kind::Keyword,
];

/// Keywords of Rust, names used by generated code, names without letters, and letters with special case rules.
const NAMES: &[&str] = &[
    "type",
    "self",
    "Self",
    "Option",
    "String",
    "Vec",
    "crate",
    "super",
    "async",
    "gen",
    "dyn",
    "r#fn",
    "_",
    "__",
    "",
    "  ",
    "größe",
    "日本語",
    "1",
    "200",
    "-1",
    "2XX",
    "default",
    "$",
    "a.b/c~d",
    "a b",
    "\u{202e}x",
    "'",
    "\"",
    "\n",
    "{",
    "}",
    "{}",
    "*/",
    "core",
    "body",
    "send",
    "extra",
    "additional_properties",
    "client",
    "new",
    "ŉ",
    "İ",
    "ſ",
    "x-y",
    "X_Y",
    "\u{0}",
    "\\",
    "😀",
    "/a/{b}",
    "/{self}",
    "#",
    "%41",
    "Unknown",
    "Box",
    "mod",
    "types",
];

/// Returns a strategy for any change.
pub(crate) fn any_change() -> impl Strategy<Value = Change> {
    (proptest::sample::select(&KINDS[..]), any::<usize>(), any::<usize>()).prop_map(|(kind, node, with)| Change {
        kind,
        node,
        with,
    })
}

impl Change {
    /// Applies the change.
    pub(crate) fn apply(self, document: &mut Value) {
        let mut places = Vec::new();
        collect_places(document, &mut String::new(), &mut places);
        let place = pick(&places, self.node).cloned().unwrap_or_default();
        let other = pick(&places, self.with).cloned().unwrap_or_default();
        let copy = |place: &str| document.pointer(place).cloned().unwrap_or_default();
        let (here, there) = (copy(&place), copy(&other));
        match self.kind {
            Kind::Drop => remove(document, &place),
            Kind::Swap => {
                replace(document, &place, there);
                replace(document, &other, here);
            }
            Kind::Duplicate => replace(document, &place, there),
            Kind::Retype => replace(document, &place, retyped(here, self.with)),
            Kind::Splice => replace(document, &place, spliced(here, &place, &other, self.with)),
            Kind::Rename => rename(document, &place, pick(NAMES, self.with).copied().unwrap_or_default()),
            Kind::Nest => replace(document, &place, nested(here, self.with)),
            Kind::Number => replace(document, &place, number(self.with)),
            Kind::Keyword => {
                if let Some(Value::Object(map)) = document.pointer_mut(&place) {
                    let (key, value) = keyword(&other, self.with);
                    map.insert(key.to_owned(), value);
                }
            }
        }
    }
}

fn pick<T>(items: &[T], number: usize) -> Option<&T> {
    items.get(number.checked_rem(items.len())?)
}

/// Collects the locations of all nodes except the root.
fn collect_places(value: &Value, place: &mut String, places: &mut Vec<String>) {
    let length = place.len();
    let mut inside = |step: &str, value: &Value| {
        place.push('/');
        place.push_str(&step.replace('~', "~0").replace('/', "~1"));
        places.push(place.clone());
        collect_places(value, place, places);
        place.truncate(length);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(items) => items.iter().enumerate().for_each(|(index, value)| inside(&index.to_string(), value)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn replace(document: &mut Value, place: &str, value: Value) {
    if let Some(node) = document.pointer_mut(place) {
        *node = value;
    }
}

fn parent<'a>(document: &'a mut Value, place: &str) -> Option<(&'a mut Value, String)> {
    let (parent, last) = place.rsplit_once('/')?;
    Some((document.pointer_mut(parent)?, last.replace("~1", "/").replace("~0", "~")))
}

fn remove(document: &mut Value, place: &str) {
    match parent(document, place) {
        Some((Value::Object(map), key)) => {
            map.shift_remove(&key);
        }
        Some((Value::Array(items), index)) => {
            if let Some(index) = index.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        Some(_) | None => {}
    }
}

fn rename(document: &mut Value, place: &str, name: &str) {
    match parent(document, place) {
        Some((Value::Object(map), key)) => {
            let renamed = std::mem::take(map);
            map.extend(renamed.into_iter().map(|(old, value)| (if old == key { name.to_owned() } else { old }, value)));
        }
        Some((Value::Array(items), index)) => {
            if let Some(item) = index.parse::<usize>().ok().and_then(|index| items.get_mut(index)) {
                *item = json!(name);
            }
        }
        Some(_) | None => {}
    }
}

fn retyped(value: Value, number: usize) -> Value {
    match number % 9 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(0),
        3 => json!(""),
        4 => json!("text"),
        5 => json!([]),
        6 => json!({}),
        7 => json!([value]),
        _ => json!({ "x": value }),
    }
}

fn spliced(value: Value, place: &str, other: &str, number: usize) -> Value {
    let reference = match number % 8 {
        0 => json!(format!("#{place}")),
        1 => json!("#/components/schemas/Missing"),
        2 => json!("other.yaml#/A"),
        3 => json!("#"),
        4 => json!(7),
        _ => json!(format!("#{other}")),
    };
    let mut map = Map::new();
    if let Value::Object(object) = value
        && number.is_multiple_of(2)
    {
        map = object;
    }
    map.insert("$ref".to_owned(), reference);
    Value::Object(map)
}

fn nested(value: Value, number: usize) -> Value {
    (0..number % 100).fold(value, |inner, level| match (number + level) % 6 {
        0 => json!({ "type": "array", "items": inner }),
        1 => json!({ "type": "object", "properties": { "a": inner } }),
        2 => json!({ "allOf": [inner, { "type": "object", "properties": { "b": {} } }] }),
        3 => json!({ "oneOf": [inner, { "type": "string" }] }),
        4 => json!({ "additionalProperties": inner }),
        _ => json!({ "anyOf": [inner, { "type": "null" }] }),
    })
}

fn number(number: usize) -> Value {
    let numbers =
        [json!(u64::MAX), json!(i64::MIN), json!(1e308), json!(-0.0), json!(5e-324), json!(-1), json!(1_000_000_007)];
    pick(&numbers, number).cloned().unwrap_or_default()
}

/// Returns a keyword of schemas, parameters or operations, with a value that may or may not be valid.
fn keyword(other: &str, number: usize) -> (&'static str, Value) {
    let reference = json!({ "$ref": format!("#{other}") });
    let values = [
        ("type", json!("string")),
        ("type", json!(["object", "array", "null"])),
        ("type", json!("file")),
        ("nullable", json!(true)),
        ("allOf", json!([reference, { "required": ["a"] }])),
        ("oneOf", json!([reference, reference, { "type": "null" }])),
        ("anyOf", json!([reference, true])),
        ("discriminator", json!({ "propertyName": "", "mapping": { "": other } })),
        ("additionalProperties", json!(false)),
        ("additionalProperties", reference.clone()),
        ("properties", json!({ "": {}, "a-b": reference, "a_b": {}, "self": { "const": "" } })),
        ("enum", json!(["", "a", "A", 1, null])),
        ("enum", json!([])),
        ("const", json!("\"*/")),
        ("required", json!(["missing", "missing", 1])),
        ("format", json!("binary")),
        ("items", json!(false)),
        ("prefixItems", json!([reference, reference])),
        ("patternProperties", json!({ "(": reference })),
        ("$defs", json!({ "Base": reference })),
        ("default", json!({ "a": [null] })),
        ("deprecated", json!("yes")),
        ("description", json!("```\n*/ \"\\ \u{202e} [x](y) <b> \r\n    indented")),
        ("in", json!("cookie")),
        ("style", json!("deepObject")),
        ("operationId", json!("send")),
        ("tags", json!(["self", 1])),
        ("get", json!({})),
        ("parameters", json!([reference, { "name": "self", "in": "query" }, { "in": "path" }])),
        ("x-fern-sdk-method-name", json!("self")),
    ];
    let (key, value) = pick(&values, number).cloned().unwrap_or(("x", Map::new().into()));
    (key, value)
}
