//! Values that are valid for a schema, and those of the other revision: a list of candidates and a validator. Must not know how
//! documents are compared, or Rust types.

use std::collections::BTreeMap;

use regex::Regex;
use serde_json::{Map, Value, json};

use crate::exchange::has_type;

/// Maximum nesting of schemas, which only a cycle exceeds.
const DEEPEST: usize = 40;
/// A property that no schema declares.
const UNDECLARED: &str = "undeclared";

/// Which way a value travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sent {
    /// From the client to the server.
    Request,
    /// From the server to the client.
    Response,
}

/// How a validator treats what a document leaves open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rigor {
    /// What is not forbidden is allowed.
    Literal,
    /// Like `Literal`, and tuples have all of their items.
    Complete,
    /// Undeclared properties are refused, formats are checked, properties that only the server sends are refused in requests.
    Strict,
}

/// Checks values against the schemas of one document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Validator<'d> {
    pub(super) document: &'d Value,
    pub(super) sent: Sent,
    pub(super) rigor: Rigor,
}

impl Validator<'_> {
    /// Returns whether a value is valid.
    pub(super) fn accepts(&self, schema: &Value, value: &Value) -> bool {
        self.check(schema, value, DEEPEST)
    }

    fn check(&self, schema: &Value, value: &Value, left: usize) -> bool {
        let Some(left) = left.checked_sub(1) else { return true };
        let Some(map) = schema.as_object() else { return schema != &json!(false) };
        if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
            let target = reference.strip_prefix('#').and_then(|pointer| self.document.pointer(pointer));
            if !target.is_none_or(|target| self.check(target, value, left)) {
                return false;
            }
        }
        let fits = |schema: &Value| self.check(schema, value, left);
        let one_of = |key: &str| list(map, key).is_empty() || list(map, key).iter().any(fits);
        let all = self.fits_all_of(map, value, left) && one_of("oneOf") && one_of("anyOf");
        all && map.get("not").is_none_or(|not| !fits(not))
            && self.has_value(map, value)
            && self.has_parts(map, value, left)
    }

    /// Returns whether a value fits all members of `allOf`, each of which knows what the others declare.
    fn fits_all_of(&self, map: &Map<String, Value>, value: &Value, left: usize) -> bool {
        let members = list(map, "allOf");
        if members.is_empty() || self.rigor != Rigor::Strict {
            return members.iter().all(|member| self.check(member, value, left));
        }
        let each = Self { rigor: Rigor::Complete, ..*self };
        let declared: BTreeMap<&String, &Value> = members.iter().flat_map(|member| self.properties(member)).collect();
        let is_known =
            |(name, value): (&String, &Value)| declared.get(name).is_some_and(|schema| self.check(schema, value, left));
        members.iter().all(|member| each.check(member, value, left))
            && value.as_object().is_none_or(|object| object.iter().all(is_known))
    }

    fn properties<'s>(&'s self, schema: &'s Value) -> impl Iterator<Item = (&'s String, &'s Value)> {
        let reference = schema.get("$ref").and_then(Value::as_str).and_then(|reference| reference.strip_prefix('#'));
        let target = reference.and_then(|pointer| self.document.pointer(pointer)).unwrap_or(schema);
        target.get("properties").and_then(Value::as_object).into_iter().flatten()
    }

    fn has_value(&self, map: &Map<String, Value>, value: &Value) -> bool {
        let named = |name: &Value| name.as_str().is_some_and(|name| has_type(name, value));
        let by_type = match map.get("type") {
            Some(Value::Array(names)) => names.iter().any(named),
            Some(name) => named(name),
            None => true,
        };
        let listed = list(map, "enum").is_empty() || list(map, "enum").contains(value);
        by_type && listed && map.get("const").is_none_or(|constant| constant == value) && self.has_format(map, value)
    }

    fn has_format(&self, map: &Map<String, Value>, value: &Value) -> bool {
        let format = map.get("format").and_then(Value::as_str).unwrap_or_default();
        if let ("int32", Some(number)) = (format, value.as_i64()) {
            return i32::try_from(number).is_ok();
        }
        let pattern = match format {
            _ if self.rigor != Rigor::Strict => return true,
            "date-time" => r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d",
            "date" => r"^\d{4}-\d\d-\d\d$",
            "uuid" => "^[0-9a-f]{8}-[0-9a-f]{4}-",
            "uri" => "^[a-z]+:",
            _ => return true,
        };
        value.as_str().is_none_or(|text| matches(pattern, text))
    }

    fn has_parts(&self, map: &Map<String, Value>, value: &Value, left: usize) -> bool {
        match value {
            Value::Object(object) => self.has_members(map, object, left),
            Value::Array(items) => self.has_items(map, items, left),
            Value::Number(number) => number.as_f64().is_none_or(|number| in_range(map, number)),
            Value::String(text) => {
                let pattern = map.get("pattern").and_then(Value::as_str);
                in_length(map, "Length", text.chars().count()) && pattern.is_none_or(|pattern| matches(pattern, text))
            }
            Value::Null | Value::Bool(_) => true,
        }
    }

    fn has_members(&self, map: &Map<String, Value>, object: &Map<String, Value>, left: usize) -> bool {
        let properties = map.get("properties").and_then(Value::as_object);
        let declared = |name: &str| properties.and_then(|properties| properties.get(name));
        let is_hidden = |name: &str| {
            let flag = if self.sent == Sent::Request { "readOnly" } else { "writeOnly" };
            declared(name).is_some_and(|schema| schema.get(flag) == Some(&json!(true)))
        };
        let mut required = list(map, "required").iter().filter_map(Value::as_str);
        let is_composed = ["allOf", "oneOf", "anyOf"].iter().any(|key| map.contains_key(*key));
        let is_open = match map.get("additionalProperties") {
            Some(Value::Bool(allowed)) => *allowed,
            Some(_) => true,
            // Other members of the composition may declare it.
            None => self.rigor != Rigor::Strict || is_composed || properties.is_none(),
        };
        let fits = |(name, value): (&String, &Value)| match (declared(name), map.get("additionalProperties")) {
            (Some(schema), _) => {
                let hidden = is_hidden(name) && (self.sent == Sent::Response || self.rigor == Rigor::Strict);
                !hidden && self.check(schema, value, left)
            }
            (None, Some(rest)) if rest.is_object() => self.check(rest, value, left),
            (None, _) => is_open,
        };
        required.all(|name| object.contains_key(name) || is_hidden(name))
            && in_length(map, "Properties", object.len())
            && object.iter().all(fits)
    }

    fn has_items(&self, map: &Map<String, Value>, items: &[Value], left: usize) -> bool {
        let prefix = list(map, "prefixItems");
        let is_distinct = |(index, item): (usize, &Value)| !items.iter().take(index).any(|other| other == item);
        let is_complete = prefix.is_empty() || self.rigor == Rigor::Literal || items.len() == prefix.len();
        is_complete
            && in_length(map, "Items", items.len())
            && (map.get("uniqueItems") != Some(&json!(true)) || items.iter().enumerate().all(is_distinct))
            && items.iter().enumerate().all(|(index, item)| match prefix.get(index).or(map.get("items")) {
                Some(schema) => self.check(schema, item, left),
                None => true,
            })
    }
}

fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
}

fn in_length(map: &Map<String, Value>, what: &str, length: usize) -> bool {
    let bound = |key: String| map.get(&key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
    bound(format!("min{what}")).is_none_or(|least| length >= least)
        && bound(format!("max{what}")).is_none_or(|most| length <= most)
}

fn in_range(map: &Map<String, Value>, number: f64) -> bool {
    let bound = |key: &str| map.get(key).and_then(Value::as_f64);
    bound("minimum").is_none_or(|least| number >= least)
        && bound("maximum").is_none_or(|most| number <= most)
        && bound("exclusiveMinimum").is_none_or(|least| number > least)
        && bound("exclusiveMaximum").is_none_or(|most| number < most)
        && bound("multipleOf").is_none_or(|step| (number / step).fract().abs() < 1e-9)
}

fn list<'a>(map: &'a Map<String, Value>, key: &str) -> &'a [Value] {
    map.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Returns values of every type and size; those that are valid for a schema are its values.
pub(super) fn candidates() -> Vec<Value> {
    let mut all = vec![json!(null), json!(true), json!(false)];
    all.extend([0, 1, 2, 3, 4, 5, 6, 9, 10, 20, -1, -3, 5_000_000_000_i64].map(Value::from));
    all.extend([0.5, 1.25, -7.75].map(Value::from));
    let texts =
        ["", "a", "b", "c", "ab", "abcd", "abcdef", "abcdefghij", "bcdef", "2026-02-09T10:11:12Z", "2026-02-09"];
    all.extend(texts.map(Value::from));
    all.extend(["123e4567-e89b-12d3-a456-426614174000", "https://example.com/a"].map(Value::from));
    let items = [json!("a"), json!("b"), json!(1), json!(2.5), json!(null), json!({"a": "a"}), json!({"x": "a"})];
    all.push(json!([]));
    for item in &items {
        all.extend([1, 2, 3, 5].map(|count| Value::Array(vec![item.clone(); count])));
    }
    all.extend([json!(["a", 1]), json!([1, "a"]), json!(["a", 1, true]), json!(["a", "b", "c"]), json!(["a", "b"])]);
    all.extend(objects());
    all
}

fn objects() -> Vec<Value> {
    let mut all = vec![json!({}), json!({"k": 1}), json!({"k": "a"}), json!({"k": 2.5}), json!({"k": "a", "l": "b"})];
    all.extend([json!({"k": "a", "l": "b", "m": "c"}), json!({"k": "a", "l": "b", "m": "c", "n": "d"})]);
    let parts =
        [("a", json!("a")), ("a", json!(1)), ("x", json!("a")), ("y", json!(1)), ("q", json!("a")), ("p", json!("a"))];
    for (name, value) in &parts {
        all.push(json!({*name: value}));
    }
    all.extend(["y-name", "y_name", "z"].map(|name| json!({name: "a"})));
    all.push(json!({"y": 1, "z": "a"}));
    all.push(json!({"a": "a", UNDECLARED: 1}));
    all.push(json!({"x": "a", "y": 1}));
    for kind in ["a", "b", "c", "one", "two"] {
        for tag in ["kind", "sort"] {
            all.push(json!({tag: kind}));
            all.extend(parts.iter().map(|(name, value)| json!({tag: kind, *name: value})));
        }
    }
    all.extend([json!({"h": "a"}), json!({"g": {"h": "a"}}), json!({"g": {}})]);
    all.extend(["x", "y"].map(|name| json!({"kind": "a", name: "a"})));
    all.push(json!({"kind": "a", "sort": "a"}));
    all.push(json!({"kind": "b", "sort": "b"}));
    all
}
