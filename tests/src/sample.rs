//! Creates sample values of a schema: few enough to test all of them, and together covering every variant and every enum value.
//!
//! Must not know Rust types. Deterministic: the same document yields the same samples.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::document::Document;

/// Which parts of a schema a sample contains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Only required properties; nullable values are null; arrays and maps are empty.
    Minimal,
    /// All properties, no nulls, one item per array, two entries per map.
    Full,
    /// Like `Full`, but nullable values are null.
    Nulls,
    /// Like `Full`, but from a newer server: with unknown properties, enum values and union tags. Not all of it is valid.
    Unknown,
}

/// All modes.
pub const MODES: [Mode; 4] = [Mode::Minimal, Mode::Full, Mode::Nulls, Mode::Unknown];

/// A sample value of a schema.
#[derive(Clone, Debug)]
pub struct Sample {
    /// Mode and number, for messages.
    pub label: String,
    /// The mode it was created in.
    pub mode: Mode,
    /// The value.
    pub value: Value,
}

/// Maximum number of samples per schema and mode.
const MAX_SAMPLES: usize = 100;
/// Maximum depth of a required recursion.
const MAX_DEPTH: usize = 60;

const UNKNOWN_PROPERTY: &str = "xUnknown\"Property é";
const UNKNOWN_VALUE: &str = "UNKNOWN value-é";

/// Creates samples of a schema in all modes.
pub fn samples(document: &Document, schema: &Value) -> Vec<Sample> {
    let all = MODES.into_iter();
    all.flat_map(|mode| samples_of(document, schema, mode)).collect()
}

/// Creates samples of a schema in one mode.
pub fn samples_of(document: &Document, schema: &Value, mode: Mode) -> Vec<Sample> {
    collect(&mut Sampler::new(document, mode), schema)
}

fn collect<'d>(sampler: &mut Sampler<'d>, schema: &'d Value) -> Vec<Sample> {
    let mode = sampler.mode;
    let mut samples = Vec::new();
    loop {
        let covered = sampler.covered();
        let value = sampler.value(schema);
        let label = format!("{mode:?} {}", samples.len());
        let progress = samples.is_empty() || sampler.covered() > covered;
        if progress {
            samples.push(Sample { label, mode, value });
        }
        if !progress || sampler.is_complete() || samples.len() == MAX_SAMPLES {
            return samples;
        }
    }
}

/// Creates the first sample of a schema in one mode.
pub fn create_sample(document: &Document, schema: &Value, mode: Mode) -> Value {
    Sampler::new(document, mode).value(schema)
}

/// Identifies a schema with a choice by its address in memory. Addresses are never printed, so samples are deterministic.
type Point = usize;

/// The options chosen so far at one point.
#[derive(Debug, Default)]
struct Choice {
    taken: Vec<usize>,
    below: Vec<BTreeSet<Point>>,
}

struct Sampler<'d> {
    document: &'d Document,
    mode: Mode,
    turn: usize,
    choices: BTreeMap<Point, Choice>,
    open: Vec<(Point, usize)>,
    references: Vec<Point>,
    cut: usize,
}

fn point(schema: &Value) -> Point {
    std::ptr::from_ref(schema).addr()
}

impl<'d> Sampler<'d> {
    fn new(document: &'d Document, mode: Mode) -> Self {
        Self { document, mode, turn: 0, choices: BTreeMap::new(), open: Vec::new(), references: Vec::new(), cut: 0 }
    }

    /// Returns the current mode: inside a recursion, only required properties are created.
    fn mode(&self) -> Mode {
        if self.cut == 0 { self.mode } else { Mode::Minimal }
    }

    fn value(&mut self, schema: &'d Value) -> Value {
        if schema.get("$ref").is_some() {
            return self.referenced(self.document.resolve(schema));
        }
        if let Some(constant) = schema.get("const") {
            return constant.clone();
        }
        let nulls = matches!(self.mode(), Mode::Minimal | Mode::Nulls);
        if nulls && self.may_be_null(schema) {
            return Value::Null;
        }
        if let Some(values) = schema.get("enum").and_then(Value::as_array) {
            return self.listed(schema, values);
        }
        for keyword in ["oneOf", "anyOf"] {
            if let Some(variants) = schema.get(keyword).and_then(Value::as_array) {
                return self.variant(schema, variants);
            }
        }
        if let Some(parts) = schema.get("allOf").and_then(Value::as_array) {
            let parts: Vec<_> = parts.iter().map(|part| self.value(part)).collect();
            return parts.into_iter().fold(Value::Null, merge);
        }
        match type_of(schema) {
            Some("object") => self.object(schema),
            Some("array") => self.list(schema),
            Some("string") => self.string(schema),
            Some("boolean") => self.pick(&[json!(true), json!(false)]),
            Some("integer") => self.number(schema, &INTEGERS),
            Some("number") => self.number(schema, &NUMBERS),
            Some(_) => Value::Null,
            None if schema.get("properties").is_some() => self.object(schema),
            None => self.anything(),
        }
    }

    /// Creates a value for a referenced schema. Inside itself, a schema gets only required properties.
    fn referenced(&mut self, schema: &'d Value) -> Value {
        let here = point(schema);
        if self.references.len() > MAX_DEPTH {
            return Value::Null;
        }
        let cut = usize::from(self.references.contains(&here));
        self.references.push(here);
        self.cut += cut;
        let value = self.value(schema);
        self.cut -= cut;
        self.references.pop();
        value
    }

    fn may_be_null(&self, schema: &Value) -> bool {
        let null = |value: &Value| value == "null" || value.is_null();
        let listed = |keyword| schema.get(keyword).and_then(Value::as_array);
        match schema.get("type") {
            Some(Value::Array(types)) if types.iter().any(null) => return true,
            Some(name) if null(name) => return true,
            Some(_) => return false,
            None => {}
        }
        let variants = [listed("oneOf"), listed("anyOf")].into_iter().flatten();
        let mut variants = variants.flatten().peekable();
        let composed = variants.peek().is_some() || listed("allOf").is_some();
        let anything = !composed && schema.get("properties").is_none();
        variants.any(|variant| variant.get("type").is_some_and(null))
            || listed("enum").is_some_and(|values| values.iter().any(Value::is_null))
            || (anything && listed("enum").is_none())
    }

    fn listed(&mut self, schema: &'d Value, values: &'d [Value]) -> Value {
        let strings = values.iter().all(Value::is_string);
        if self.mode() == Mode::Unknown && strings {
            return json!(UNKNOWN_VALUE);
        }
        let values: Vec<_> = values.iter().filter(|value| !value.is_null()).collect();
        let chosen = self.choose(point(schema), values.len());
        values.get(chosen).map_or(Value::Null, |value| (*value).clone())
    }

    fn variant(&mut self, schema: &'d Value, variants: &'d [Value]) -> Value {
        let null = |variant: &&Value| variant.get("type").is_some_and(|name| name == "null");
        let variants: Vec<_> = variants.iter().filter(|variant| !null(variant)).collect();
        let tag = schema.pointer("/discriminator/propertyName").and_then(Value::as_str);
        let unknown = usize::from(self.mode() == Mode::Unknown && tag.is_some());
        let here = point(schema);
        let chosen = self.choose(here, variants.len() + unknown);
        let Some(variant) = variants.get(chosen) else {
            let mut object = self.unknown_object();
            object.extend(tag.map(|tag| (tag.to_owned(), json!(UNKNOWN_VALUE))));
            return Value::Object(object);
        };
        self.open.push((here, chosen));
        let value = self.value(variant);
        self.open.pop();
        value
    }

    fn object(&mut self, schema: &'d Value) -> Value {
        let mode = self.mode();
        let required = schema.get("required").and_then(Value::as_array);
        let required = |name: &str| required.is_some_and(|list| list.iter().any(|r| r == name));
        let mut object = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            if mode != Mode::Minimal || required(name) {
                object.insert(name.clone(), self.value(property));
            }
        }
        if mode == Mode::Minimal {
            return Value::Object(object);
        }
        match (properties, schema.get("additionalProperties")) {
            (_, Some(others)) if others != &json!(false) => {
                for key in ["first", "Zweiter Schlüssel.\"$/~"] {
                    object.insert(key.to_owned(), self.value(others));
                }
            }
            (Some(_), None) if mode == Mode::Unknown => object.extend(self.unknown_object()),
            (None, None) => object.extend(self.unknown_object()),
            _ => {}
        }
        Value::Object(object)
    }

    fn list(&mut self, schema: &'d Value) -> Value {
        let least = schema.get("minItems").and_then(Value::as_u64).unwrap_or(0);
        let wanted = u64::from(self.mode() != Mode::Minimal).max(least);
        let items = schema.get("items").unwrap_or(&Value::Bool(true));
        (0..wanted).map(|_| self.value(items)).collect()
    }

    fn string(&mut self, schema: &Value) -> Value {
        match schema.get("format").and_then(Value::as_str) {
            Some("date-time") => self.pick(&TIMES.map(Value::from)),
            _ => self.pick(&STRINGS.map(Value::from)),
        }
    }

    fn number(&mut self, schema: &Value, candidates: &[fn() -> Value]) -> Value {
        let bound = |name| schema.get(name).and_then(Value::as_f64);
        let (least, most) = (bound("minimum"), bound("maximum"));
        let fits = |value: &Value| {
            let number = value.as_f64().unwrap_or_default();
            least.is_none_or(|least| number >= least) && most.is_none_or(|most| number <= most)
        };
        let candidates: Vec<_> = candidates.iter().map(|make| make()).filter(fits).collect();
        self.pick(&candidates)
    }

    fn anything(&mut self) -> Value {
        let object = Value::Object(self.unknown_object());
        self.pick(&[json!("text"), json!(0.5), object, json!([1, [null], {}]), json!(false)])
    }

    fn unknown_object(&self) -> Map<String, Value> {
        let value = json!({"nested": [1, null, "é\"", {"deep": 0.5}], "empty": {}});
        [(UNKNOWN_PROPERTY.to_owned(), value)].into_iter().collect()
    }

    fn pick(&mut self, candidates: &[Value]) -> Value {
        self.turn += 1;
        let at = self.turn % candidates.len().max(1);
        candidates.get(at).cloned().unwrap_or_default()
    }

    /// Chooses an option: an unused one, else one with unused options inside, else the least used one.
    fn choose(&mut self, here: Point, options: usize) -> usize {
        for (point, option) in &self.open {
            if let Some(choice) = self.choices.get_mut(point) {
                choice.below[*option].insert(here);
            }
        }
        let choice = self.choices.entry(here).or_default();
        choice.taken.resize(options, 0);
        choice.below.resize(options, BTreeSet::new());
        let choice = &self.choices[&here];
        let untried = |option: &usize| choice.taken[*option] == 0;
        let unfinished = |option: &usize| {
            let mut below = choice.below[*option].iter();
            below.any(|point| self.choices[point].taken.contains(&0))
        };
        let least = || (0..options).min_by_key(|option| choice.taken[*option]);
        let chosen = (0..options).find(untried);
        let chosen = chosen.or_else(|| (0..options).find(unfinished)).or_else(least);
        let chosen = chosen.unwrap_or_default();
        if let Some(taken) = self.choices.get_mut(&here).and_then(|c| c.taken.get_mut(chosen)) {
            *taken += 1;
        }
        chosen
    }

    fn covered(&self) -> usize {
        let taken = self.choices.values().flat_map(|choice| &choice.taken);
        taken.filter(|count| **count > 0).count()
    }

    fn is_complete(&self) -> bool {
        self.choices.values().all(|choice| !choice.taken.contains(&0))
    }
}

const STRINGS: [&str; 5] = ["plain text", "Zürich \"quoted\" \\ back/slash", "line\nbreak\ttab \u{1}", "日本語 🦀", ""];
const TIMES: [&str; 3] = ["2026-02-09T10:11:12.345Z", "2025-12-31T23:59:59+02:00", "2024-02-29T00:00:00.123456Z"];
/// The last two exceed the precision of a float and 32 bits.
const INTEGERS: [fn() -> Value; 5] =
    [|| json!(7), || json!(0), || json!(-3), || json!(9_007_199_254_740_993_i64), || json!(4_294_967_296_i64)];
const NUMBERS: [fn() -> Value; 6] = [
    || json!(5),
    || json!(0.25),
    || json!(-12.75),
    || json!(0.987_654_321_012_345_7),
    || json!(1_099_511_627_776_i64),
    || json!(0),
];

fn type_of(schema: &Value) -> Option<&str> {
    match schema.get("type")? {
        Value::Array(types) => types.iter().filter_map(Value::as_str).find(|name| *name != "null"),
        Value::String(name) => Some(name),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => None,
    }
}

/// Merges the parts of an `allOf`.
fn merge(whole: Value, part: Value) -> Value {
    match (whole, part) {
        (Value::Object(mut whole), Value::Object(part)) => {
            for (name, value) in part {
                let merged = match whole.remove(&name) {
                    Some(before) => merge(before, value),
                    None => value,
                };
                whole.insert(name, merged);
            }
            Value::Object(whole)
        }
        (_, part) => part,
    }
}

#[cfg(test)]
mod tests {
    use super::{Mode, Sampler, UNKNOWN_PROPERTY, collect, samples, samples_of};
    use crate::{conform::conforms, document::Document};
    use serde_json::{Value, json};

    #[test]
    fn every_sample_of_the_published_document_is_valid() {
        let document = Document::published().unwrap();
        let mut total = 0;
        for named in document.named_schemas() {
            for sample in samples(&document, named.schema) {
                total += 1;
                if sample.mode != Mode::Unknown {
                    let result = conforms(&document, named.schema, &sample.value);
                    assert_eq!(result, Ok(()), "{} {}", named.name, sample.label);
                }
            }
        }
        assert!(total > 2_500, "only {total} samples");
    }

    #[test]
    fn full_samples_of_the_published_document_cover_every_option() {
        let document = Document::published().unwrap();
        for named in document.named_schemas() {
            let mut sampler = Sampler::new(&document, Mode::Full);
            collect(&mut sampler, named.schema);
            assert!(sampler.is_complete(), "{}", named.name);
        }
    }

    #[test]
    fn samples_are_deterministic() {
        let read = || {
            let document = Document::published().unwrap();
            let event = document.component("WebhookEvent").unwrap();
            format!("{:?}", samples(&document, event))
        };
        assert_eq!(read(), read());
    }

    #[test]
    fn full_samples_cover_every_variant_and_enum_value() {
        let document = Document::new(json!({"components": {"schemas": {
            "Side": {"type": "string", "enum": ["left", "right", "both"]},
            "A": {"type": "object", "properties": {"t": {"const": "a"}, "side": {"$ref": "#/components/schemas/Side"}}},
            "B": {"type": "object", "properties": {"t": {"const": "b"}, "again": {"$ref": "#/components/schemas/U"}}},
            "U": {"oneOf": [{"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}, {"type": "null"}]},
        }}}));
        let union = document.component("U").unwrap();
        let printed = |mode| format!("{:?}", samples_of(&document, union, mode));
        for expected in ["left", "right", "both", "\"a\"", "\"b\""] {
            assert!(printed(Mode::Full).contains(expected), "{expected}");
        }
        assert!(printed(Mode::Nulls).contains("Null"));
    }

    #[test]
    fn modes_differ_in_optional_null_and_unknown_parts() {
        let schema = json!({"type": "object", "required": ["id", "end"], "properties": {
            "id": {"type": "string"}, "end": {"type": ["string", "null"]}, "tag": {"oneOf": [{"const": 1}, {"type": "null"}]},
        }});
        let document = Document::new(Value::Null);
        let only = |mode| samples_of(&document, &schema, mode).remove(0).value;
        let minimal = only(Mode::Minimal);
        assert_eq!(minimal["end"], Value::Null);
        assert_eq!(minimal.as_object().unwrap().len(), 2);
        assert_eq!(only(Mode::Nulls)["tag"], Value::Null);
        assert_eq!(only(Mode::Full)["tag"], json!(1));
        assert!(only(Mode::Full)["end"].is_string());
        assert!(only(Mode::Unknown)[UNKNOWN_PROPERTY].is_object());
    }
}
