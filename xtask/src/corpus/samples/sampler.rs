//! Makes values of schemas: few, but together they cover every variant, every value of an enum, and optional properties. Must not know
//! Rust types, or what the client makes of a value. Deterministic.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use serde_json::{Map, Value, json};

use super::document::{Document, Flat, list, tag_value};
use super::values::{INTEGERS, NUMBERS, string_of};

/// Nesting at which only what is required is made.
const DEEP: usize = 6;
/// Number of parts of a value after which only what is required is made: what is optional on every level may come to millions.
const LARGE: usize = 2_000;
/// Nesting at which a value is given up.
const DEEPEST: usize = 40;

/// Which properties an object gets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// Those that are required.
    Required,
    /// All.
    All,
    /// Every other one.
    Some,
}

/// Makes the values of one document.
pub(super) struct Sampler<'d> {
    document: &'d Document,
    extent: Extent,
    /// How often each option was chosen, by the hash of the schema.
    chosen: HashMap<u64, Vec<usize>>,
    turn: usize,
    /// Number of parts of the value that is being made.
    parts: usize,
}

impl<'d> Sampler<'d> {
    pub(super) fn new(document: &'d Document) -> Self {
        Self { document, extent: Extent::All, chosen: HashMap::new(), turn: 0, parts: 0 }
    }

    /// Makes a value of a schema, or tells why there is none.
    pub(super) fn value(&mut self, schema: &Value, extent: Extent) -> Result<Value, &'static str> {
        self.extent = extent;
        self.parts = 0;
        self.make(schema, 0)
    }

    fn make(&mut self, schema: &Value, depth: usize) -> Result<Value, &'static str> {
        if depth > DEEPEST {
            return Err("a required property contains itself");
        }
        self.parts += 1;
        let heirs = self.heirs(schema);
        if !heirs.is_empty() {
            let chosen = self.choose(schema, heirs.len());
            return heirs.get(chosen).map_or(Err("no heir"), |heir| self.flat_value(heir, depth + 1));
        }
        self.flat_value(schema, depth)
    }

    /// Returns the components that stand for an object with a discriminator that others inherit.
    fn heirs(&self, schema: &Value) -> Vec<Value> {
        let Some(text) = schema.get("$ref").and_then(Value::as_str) else { return Vec::new() };
        let target = self.document.resolve(schema);
        let is_base = target.get("discriminator").is_some() && target.get("oneOf").or(target.get("anyOf")).is_none();
        let name = text.rsplit('/').next().unwrap_or_default();
        if is_base { self.document.heirs(name) } else { Vec::new() }
    }

    fn flat_value(&mut self, schema: &Value, depth: usize) -> Result<Value, &'static str> {
        let Flat { schema: map, tags } = self.document.flatten(schema)?;
        if let Some(constant) = map.get("const") {
            return Ok(constant.clone());
        }
        let whole = Value::Object(map.clone());
        let values = list(&map, "enum");
        if !values.is_empty() {
            let chosen = self.choose(&whole, values.len());
            return Ok(values.get(chosen).cloned().unwrap_or_default());
        }
        if is_nullable(&map) && self.extent != Extent::All && self.choose(&whole, 2) == 1 {
            return Ok(Value::Null);
        }
        for key in ["oneOf", "anyOf"] {
            let members = list(&map, key);
            if !members.is_empty() && !members.iter().all(only_demands) {
                return self.member(&map, members, &tags, depth);
            }
        }
        self.by_type(&map, &tags, depth)
    }

    /// Makes a value of a member of a union, with what applies to all members.
    fn member(
        &mut self,
        map: &Map<String, Value>,
        members: &[Value],
        tags: &[(String, String)],
        depth: usize,
    ) -> Result<Value, &'static str> {
        let chosen = self.choose(&json!(members), members.len());
        let member = members.get(chosen).ok_or("a union without members")?;
        let mut value = self.make(member, depth + 1)?;
        let component = member.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next());
        let tag = map.get("discriminator").and_then(|union| union.get("propertyName")).and_then(Value::as_str);
        if let (Some(object), Some(tag)) = (value.as_object_mut(), tag) {
            let fixed = self.fixed(member, tag);
            let named = component.map(|component| json!(tag_value(&Value::Object(map.clone()), component)));
            // What a value without its tag means is undefined, even if the document does not require the tag.
            let is_missing = !object.contains_key(tag);
            // A list of all tags, which each member repeats, allows the one of the member.
            let value = match named {
                Some(named) if fixed.is_empty() || fixed.contains(&named) => Some(named),
                Some(_) | None => fixed.into_iter().find(|_| is_missing),
            };
            object.extend(value.map(|value| (tag.to_owned(), value)));
        }
        let beside: Map<String, Value> =
            map.iter().filter(|(key, _)| !["oneOf", "anyOf"].contains(&key.as_str())).map(own).collect();
        if beside.contains_key("properties")
            && let (Some(object), Value::Object(more)) = (value.as_object_mut(), self.by_type(&beside, tags, depth)?)
        {
            more.into_iter().for_each(|(name, value)| {
                object.entry(name).or_insert(value);
            });
        }
        Ok(value)
    }

    /// Returns the values of its tag that a member of a union lists.
    fn fixed(&self, member: &Value, tag: &str) -> Vec<Value> {
        let flat = self.document.flatten(member).ok();
        let property = flat.as_ref().and_then(|flat| flat.schema.get("properties")?.get(tag));
        let Some(property) = property.and_then(|property| self.document.flatten(property).ok()) else {
            return Vec::new();
        };
        property.schema.get("const").into_iter().chain(list(&property.schema, "enum")).cloned().collect()
    }

    fn by_type(
        &mut self,
        map: &Map<String, Value>,
        tags: &[(String, String)],
        depth: usize,
    ) -> Result<Value, &'static str> {
        let name = match map.get("type") {
            Some(Value::Array(names)) => {
                let chosen = self.choose(&json!(names), names.len());
                names.get(chosen).and_then(Value::as_str)
            }
            Some(name) => name.as_str(),
            None if map.contains_key("properties") || map.contains_key("additionalProperties") => Some("object"),
            None if map.contains_key("items") => Some("array"),
            None => None,
        };
        match name {
            Some("object") => self.object(map, tags, depth),
            Some("array") => self.list(map, depth),
            Some("string") => Ok(json!(string_of(map, self.turn()))),
            Some("boolean") => Ok(json!(self.turn().is_multiple_of(2))),
            Some("integer") => number(map, &INTEGERS, self.turn()),
            Some("number") => number(map, &NUMBERS, self.turn()),
            Some(_) => Ok(Value::Null),
            None => Ok([json!("text"), json!(0.5), json!({"a": [1, null]}), json!(false)]
                .get(self.turn() % 4)
                .cloned()
                .unwrap_or_default()),
        }
    }

    fn object(
        &mut self,
        map: &Map<String, Value>,
        tags: &[(String, String)],
        depth: usize,
    ) -> Result<Value, &'static str> {
        let required = list(map, "required");
        let mut object = Map::new();
        for (index, (name, property)) in
            map.get("properties").and_then(Value::as_object).into_iter().flatten().enumerate()
        {
            let is_required = required.contains(&json!(name));
            let wanted = match self.extent {
                _ if is_required => true,
                Extent::Required => false,
                Extent::All => self.is_roomy(depth),
                Extent::Some => self.is_roomy(depth) && (index + self.turn).is_multiple_of(2),
            };
            if wanted {
                match self.make(property, depth + 1) {
                    Ok(value) => object.extend([(name.clone(), value)]),
                    Err(reason) if is_required => return Err(reason),
                    Err(_) => {}
                }
            }
        }
        for name in
            required.iter().filter_map(Value::as_str).filter(|name| !object.contains_key(*name)).collect::<Vec<_>>()
        {
            object.insert(name.to_owned(), json!("declared nowhere"));
        }
        if let Some(values) =
            map.get("additionalProperties").filter(|values| values.is_object() && self.is_roomy(depth))
            && self.extent != Extent::Required
        {
            object.insert("key é \"1\"".to_owned(), self.make(values, depth + 1)?);
        }
        for (tag, name) in tags {
            let property = map.get("properties").and_then(|properties| properties.get(tag));
            let is_fixed = property.is_some_and(|property| property.get("enum").or(property.get("const")).is_some());
            if !is_fixed {
                object.insert(tag.clone(), json!(name));
            }
        }
        Ok(Value::Object(object))
    }

    fn list(&mut self, map: &Map<String, Value>, depth: usize) -> Result<Value, &'static str> {
        let bound = |key: &str| map.get(key).and_then(Value::as_u64).and_then(|bound| usize::try_from(bound).ok());
        let least = bound("minItems").unwrap_or_default();
        let usual = if self.extent == Extent::Required || !self.is_roomy(depth) { least } else { least.max(2) };
        let length = usual.min(bound("maxItems").unwrap_or(usize::MAX)).min(50);
        let prefix = list(map, "prefixItems");
        let items: Result<Vec<Value>, &'static str> = (0..length.max(prefix.len()))
            .map(|index| match prefix.get(index).or(map.get("items")) {
                Some(schema) => self.make(schema, depth + 1),
                None => Ok(json!(index)),
            })
            .collect();
        items.map(Value::Array)
    }

    /// Returns whether a value at a depth gets what is optional.
    fn is_roomy(&self, depth: usize) -> bool {
        depth < DEEP && self.parts < LARGE
    }

    fn turn(&mut self) -> usize {
        self.turn += 1;
        self.turn
    }

    /// Chooses the option that was chosen least.
    fn choose(&mut self, schema: &Value, options: usize) -> usize {
        let counts = self.chosen.entry(hash_of(schema)).or_default();
        counts.resize(options.max(counts.len()), 0);
        let least = counts.iter().take(options).enumerate().min_by_key(|(_, count)| **count);
        let least = least.map_or(0, |(index, _)| index);
        if let Some(count) = counts.get_mut(least) {
            *count += 1;
        }
        least
    }
}

/// Returns a number that stands for a schema: equal schemas have the same in every run.
fn hash_of(schema: &Value) -> u64 {
    let mut hasher = DefaultHasher::new();
    schema.hash(&mut hasher);
    hasher.finish()
}

fn own((key, value): (&String, &Value)) -> (String, Value) {
    (key.clone(), value.clone())
}

/// Returns whether a member of a union restricts an object without being a form of its own.
fn only_demands(member: &Value) -> bool {
    member
        .as_object()
        .is_some_and(|map| map.keys().all(|key| ["required", "not", "title", "description"].contains(&key.as_str())))
}

fn is_nullable(map: &Map<String, Value>) -> bool {
    map.get("nullable") == Some(&json!(true))
}

/// Returns the first number from a list, after `turn`, that is within bounds.
fn number(map: &Map<String, Value>, candidates: &[fn() -> Value], turn: usize) -> Result<Value, &'static str> {
    let probe = Value::Object(map.iter().filter(|(key, _)| *key != "format").map(own).collect());
    let empty = Document::new(Value::Null);
    let format = map.get("format").and_then(Value::as_str);
    let in_format = |value: &Value| match format {
        Some("int32") => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
        Some("uint32") => value.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
        Some("uint64" | "uint") => value.as_u64().is_some(),
        Some(_) | None => true,
    };
    let fits = |value: &Value| super::validity::is_valid(&empty, &probe, value) && in_format(value);
    let bounds = ["minimum", "maximum", "exclusiveMinimum"].iter().filter_map(|key| map.get(*key).cloned());
    let next = map.get("exclusiveMinimum").and_then(Value::as_f64).map(|least| json!(least + 1.0));
    let all: Vec<Value> = candidates.iter().map(|make| make()).chain(bounds).chain(next).filter(fits).collect();
    all.get(turn % all.len().max(1)).cloned().ok_or("no number is within the bounds")
}
