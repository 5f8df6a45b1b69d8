//! Plausible sample values of types, which tests respond with when the value does not matter.
//!
//! Samples are built from the model alone. They are small and deterministic: optional parts are omitted, except those
//! that distinguish a variant from the others.

use serde_json::{Map, Value, json};

use crate::names::RustIdent;

use crate::ir::{
    Decision, Enumeration, JsonType, Kind, Pattern, Presence, Property, Requirement, Rule, Struct, Test, Type, TypeId,
    Types, Union,
};

/// Number of values in a sample, including nested ones, above which it is made smaller.
const LARGEST: usize = 1_000;
/// Number of values in a minimal sample above which there is no sample.
const LARGEST_LEAN: usize = 10_000;

/// Nesting depth of types above which there is no sample, because readers may not support deeper nesting.
const DEEPEST: usize = 64;

const TIME: &str = "2026-01-02T03:04:05.000Z";

/// Names of states that mean success.
const DONE: &[&str] = &["processed", "completed", "complete", "succeeded", "success", "finished", "done"];
/// Names of properties that are true on success.
const WELL: &[&str] = &["success", "ok"];
/// Words at the end of a type's name that do not describe its subject.
const FRAMES: &[&str] = &["response", "result", "create", "delete", "get", "list", "retrieve", "update"];

/// Sample strings by the last words of a property's name.
const TEXTS: &[(&[&str], &str)] = &[
    (&["url"], "https://example.com/"),
    (&["uri"], "https://example.com/"),
    (&["link"], "https://example.com/"),
    (&["email"], "someone@example.com"),
    (&["mime", "type"], "application/octet-stream"),
    (&["media", "type"], "application/octet-stream"),
    (&["content", "type"], "application/octet-stream"),
    (&["version"], "1.0"),
    (&["color"], "#336699"),
];

/// Preferences for the choices that a type leaves open.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Preferences<'a> {
    /// Values of enumerations to avoid.
    pub avoided: &'a [String],
    /// The preferred value of an enumeration; case and separators are ignored.
    pub preferred: Option<&'a str>,
}

/// Returns a sample value of a type, or `None` if every value would contain itself or be too large.
pub(crate) fn sample(types: &Types, ty: &Type, preferences: Preferences<'_>) -> Option<Value> {
    let sampler = |extent, left| Sampler { types, preferences, extent, left, open: Vec::new() };
    let nowhere = Place { owner: "value", name: "value" };
    let plain = sampler(Extent::Plain, LARGEST).value(ty, nowhere);
    plain.or_else(|| sampler(Extent::Lean, LARGEST_LEAN).value(ty, nowhere))
}

/// The size of a sample.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Lists have one item; nullable values are present, except strings, which usually explain something unusual.
    Plain,
    /// Lists are empty; nullable values are `null`.
    Lean,
}

/// Where a value occurs, for strings that refer to it.
#[derive(Clone, Copy)]
struct Place<'a> {
    /// Name of the enclosing object.
    owner: &'a str,
    /// Name of the property.
    name: &'a str,
}

struct Sampler<'a> {
    types: &'a Types,
    preferences: Preferences<'a>,
    extent: Extent,
    left: usize,
    /// Types that enclose the value.
    open: Vec<TypeId>,
}

impl<'a> Sampler<'a> {
    fn value(&mut self, ty: &'a Type, place: Place<'_>) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        Some(match ty {
            Type::String => Value::String(text(place)),
            Type::Binary => json!(""),
            Type::Boolean => json!(WELL.contains(&place.name)),
            Type::Integer(_) | Type::Number => json!(1),
            Type::Timestamp => json!(TIME),
            Type::Any => json!({}),
            Type::Constant(text) => json!(text),
            Type::Map(_) => json!({}),
            Type::Tuple(items, _) => {
                let items: Option<Vec<Value>> = items.iter().map(|item| self.value(item, place)).collect();
                Value::Array(items?)
            }
            Type::List(item) => Value::Array(self.item(item, place).into_iter().collect()),
            Type::Nullable(inner) => self.or_null(inner, place),
            Type::Named(id) => return self.named(*id, place),
        })
    }

    fn item(&mut self, item: &'a Type, place: Place<'_>) -> Option<Value> {
        let singular = place.name.strip_suffix('s').unwrap_or(place.name);
        match self.extent {
            Extent::Plain => self.value(item, Place { name: singular, ..place }),
            Extent::Lean => None,
        }
    }

    fn or_null(&mut self, ty: &'a Type, place: Place<'_>) -> Value {
        let text = matches!(self.types.resolve(ty), Type::String | Type::Timestamp);
        match self.extent {
            Extent::Plain if !text => self.value(ty, place).unwrap_or_default(),
            Extent::Plain | Extent::Lean => Value::Null,
        }
    }

    fn named(&mut self, id: TypeId, place: Place<'_>) -> Option<Value> {
        if self.open.len() >= DEEPEST || self.open.contains(&id) {
            return None;
        }
        let def = self.types.get(id);
        self.open.push(id);
        let value = match &def.kind {
            Kind::Struct(structure) => self.object(structure, def.name.as_str()).map(Value::Object),
            Kind::Enumeration(enumeration) => Some(json!(self.listed(enumeration))),
            Kind::Union(union) => self.variant(union, place),
            Kind::Alias(target) | Kind::Wrapper(target) => self.value(target, place),
        };
        self.open.pop();
        value
    }

    /// Returns the preferred value, else one that means success, else the first that is not to be avoided.
    fn listed(&self, enumeration: &'a Enumeration) -> &'a str {
        let values = || enumeration.values.iter().map(|value| value.wire.as_str());
        let allowed = || values().filter(|value| !self.is_avoided(value));
        let preferred = self.preferences.preferred.map(plain);
        let preferred = values().find(|value| preferred.as_ref().is_some_and(|preferred| plain(value) == *preferred));
        let done = || allowed().find(|value| DONE.contains(&plain(value).as_str()));
        preferred.or_else(done).or_else(|| allowed().next()).or_else(|| values().next()).unwrap_or_default()
    }

    fn is_avoided(&self, value: &str) -> bool {
        self.preferences.avoided.iter().any(|avoided| avoided == value)
    }

    fn object(&mut self, structure: &'a Struct, name: &str) -> Option<Map<String, Value>> {
        // A required constant names an object more precisely than its type, which may be shared under another name.
        let required = structure.fields.iter().filter(|field| field.presence == Presence::Required);
        let owner = required.into_iter().find_map(|field| field.ty.constant()).unwrap_or(name);
        let mut object = Map::new();
        for field in &structure.fields {
            let value = match field.presence {
                Presence::Optional | Presence::OptionalNullable if field.requirement == Requirement::Optional => {
                    continue;
                }
                Presence::Required | Presence::Optional => self.field(field, owner)?,
                Presence::Nullable | Presence::OptionalNullable => {
                    self.or_null(&field.ty, Place { owner, name: &field.wire.0 })
                }
            };
            object.insert(field.wire.0.clone(), value);
        }
        Some(object)
    }

    fn field(&mut self, field: &'a Property, owner: &str) -> Option<Value> {
        if let Some(fixed) = &field.fixed {
            return Some(fixed.clone());
        }
        match field.example.as_ref().filter(|example| self.is_of(&field.ty, example)) {
            Some(example) => Some(example.clone()),
            None => self.value(&field.ty, Place { owner, name: &field.wire.0 }),
        }
    }

    /// Returns whether an example value from the document fits the type, which is not guaranteed.
    fn is_of(&self, ty: &Type, value: &Value) -> bool {
        match self.types.resolve(ty) {
            Type::String => value.is_string(),
            Type::Boolean => value.is_boolean(),
            Type::Integer(_) => {
                value.as_i64().is_some_and(|number| i32::try_from(number).is_ok_and(|number| number >= 0))
            }
            Type::Number => value.is_number(),
            Type::Named(id) => match &self.types.get(*id).kind {
                Kind::Enumeration(_) => value.as_str().is_some_and(|value| !self.is_avoided(value)),
                Kind::Struct(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => false,
            },
            Type::Timestamp
            | Type::Binary
            | Type::Any
            | Type::Constant(_)
            | Type::List(_)
            | Type::Tuple(..)
            | Type::Map(_)
            | Type::Nullable(_) => false,
        }
    }

    /// Returns the first variant that has a sample, including what distinguishes it from the others.
    fn variant(&mut self, union: &'a Union, place: Place<'_>) -> Option<Value> {
        union.variants.iter().enumerate().find_map(|(index, variant)| {
            let mut value = self.value(&variant.ty, place)?;
            if let Value::Object(object) = &mut value {
                self.mark(object, union, index);
            }
            Some(value)
        })
    }

    fn mark(&mut self, object: &mut Map<String, Value>, union: &'a Union, index: usize) {
        let of_variant = |rule: &&Rule| rule.variant == index;
        let rule = match &union.decision {
            Decision::Tagged { tag, cases, otherwise, .. } => {
                if let Some((value, _)) = cases.iter().find(|(_, variant)| *variant == index) {
                    object.insert(tag.0.clone(), value.to_json());
                    return;
                }
                otherwise.iter().find(of_variant)
            }
            Decision::Shaped(rules) => rules.iter().find(of_variant),
        };
        match rule.map(|rule| &rule.pattern) {
            Some(Pattern::Properties(tests)) => {
                for (name, test) in tests {
                    if !object.contains_key(&name.0) {
                        object.insert(name.0.clone(), passing(test));
                    }
                }
            }
            Some(Pattern::Json(_) | Pattern::Try) | None => {}
        }
    }
}

/// Returns a value that passes a test.
fn passing(test: &Test) -> Value {
    match test {
        Test::Is(value) => value.to_json(),
        Test::Holds(tests) => {
            tests.iter().map(|(name, test)| (name.0.clone(), passing(test))).collect::<Map<String, Value>>().into()
        }
        Test::Json(JsonType::Any | JsonType::Object) => json!({}),
        Test::Json(JsonType::Boolean) => json!(false),
        Test::Json(JsonType::Integer | JsonType::Number) => json!(1),
        Test::Json(JsonType::String) => json!("text"),
        Test::Json(JsonType::Array) => json!([]),
    }
}

/// Returns a sample string for the property `name` of an object of the type `owner`.
pub(crate) fn example_string(owner: &str, name: &str) -> String {
    text(Place { owner, name })
}

/// Returns a sample string for a property of this name.
fn text(place: Place<'_>) -> String {
    let name = RustIdent::snake(place.name);
    let words: Vec<&str> = name.as_str().split('_').collect();
    if let Some((last, before)) = words.split_last()
        && *last == "id"
    {
        return if before.is_empty() {
            format!("{}_1", subject(place.owner))
        } else {
            format!("{}_1", before.join("_"))
        };
    }
    let known = TEXTS.iter().find(|(ending, _)| words.ends_with(ending));
    known.map_or_else(|| format!("example {}", words.join(" ")), |(_, text)| (*text).to_owned())
}

/// Returns the subject of a type's name: `file` for `FilesDeleteResponse`.
fn subject(owner: &str) -> String {
    let name = RustIdent::snake(owner);
    let mut words: Vec<&str> = name.as_str().split('_').collect();
    let all = words.len();
    while words.len() > 1 && words.last().is_some_and(|last| FRAMES.contains(last)) {
        words.pop();
    }
    let subject = words.join("_");
    // Only names derived from a resource are plural.
    if words.len() < all { subject.strip_suffix('s').unwrap_or(&subject).to_owned() } else { subject }
}

/// Returns a value in normalized form, without case and separators.
fn plain(value: &str) -> String {
    value.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use crate::ir::Api;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    use super::*;

    fn api(schemas: Value) -> Api {
        let document = json!({"openapi": "3.1.0", "info": {}, "paths": {}, "components": {"schemas": schemas}});
        build(&normalize_document(document), &Profile::default(), &Lock::default()).api
    }

    #[test]
    fn sample_has_what_is_required_and_what_tells_it_apart() {
        let object = |properties: Value, required: Value| json!({"type": "object", "properties": properties, "required": required});
        let kind = |name: &str| json!({"type": "string", "const": name});
        let api = api(json!({
            "Cat": object(json!({"kind": kind("cat"), "id": {"type": "string"}}), json!(["id"])),
            "Dog": object(json!({"kind": kind("dog"), "tail": {"type": "number"}}), json!(["kind", "tail"])),
            "Pet": {"oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                "discriminator": {"propertyName": "kind"}},
            "Run": object(
                json!({
                    "pet": {"$ref": "#/components/schemas/Pet"},
                    "state": {"type": "string", "enum": ["WAITING", "FAILED", "COMPLETED"]},
                    "level": {"type": "string", "enum": ["NONE", "LOW", "HIGH"]},
                    "reason": {"type": ["string", "null"]},
                    "size": {"type": ["integer", "null"], "default": 3},
                    "count": {"type": "integer", "default": 3},
                    "title": {"type": "string", "examples": ["A title"]},
                    "seats": {"type": "integer", "default": "many"},
                    "note": {"type": "string"},
                    "success": {"type": "boolean"},
                }),
                json!(["pet", "state", "level", "reason", "size", "count", "title", "seats", "success"])
            ),
            "Tree": object(json!({"children": {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}},
                "parent": {"anyOf": [{"$ref": "#/components/schemas/Tree"}, {"type": "null"}]}}), json!(["children", "parent"])),
            "Endless": object(json!({"next": {"$ref": "#/components/schemas/Endless"}}), json!(["next"])),
        }));
        let avoided = ["WAITING".to_owned(), "NONE".to_owned()];
        let sampled = |name: &str, preferred| {
            let id = api.types.ids().find(|id| api.types.get(*id).identity == name).unwrap();
            sample(&api.types, &Type::Named(id), Preferences { avoided: &avoided, preferred })
        };
        let run = json!({"pet": {"id": "cat_1", "kind": "cat"}, "state": "COMPLETED", "level": "LOW", "reason": null, "size": 1,
            "count": 3, "title": "A title", "seats": 1, "success": true});
        assert_eq!(sampled("Run", None), Some(run));
        assert_eq!(sampled("Run", Some("failed")).unwrap()["state"], "FAILED");
        assert_eq!(sampled("Tree", None), Some(json!({"children": [], "parent": null})));
        // What would never end is any JSON value.
        assert_eq!(sampled("Endless", None), Some(json!({"next": {}})));
    }

    #[test]
    fn sample_that_would_be_huge_has_nothing_in_its_lists() {
        let mut schemas = Map::new();
        for level in 0..12 {
            let next = json!({"type": "array", "items": {"$ref": format!("#/components/schemas/L{}", level + 1)}});
            let properties = json!({"a": next, "b": next});
            schemas.insert(
                format!("L{level}"),
                json!({"type": "object", "properties": properties, "required": ["a", "b"]}),
            );
        }
        schemas.insert("L12".to_owned(), json!({"type": "string"}));
        let api = api(Value::Object(schemas));
        let id = api.types.ids().find(|id| api.types.get(*id).identity == "L0").unwrap();
        let preferences = Preferences { avoided: &[], preferred: None };
        assert_eq!(sample(&api.types, &Type::Named(id), preferences), Some(json!({"a": [], "b": []})));
    }

    #[test]
    fn texts_speak_of_their_place() {
        for (owner, name, expected) in [
            ("extract_run", "id", "extract_run_1"),
            ("FilesDeleteResponse", "id", "file_1"),
            ("Address", "id", "address_1"),
            ("Run", "parseRunId", "parse_run_1"),
            ("Run", "fileIds", "example file ids"),
            ("Run", "dashboardUrl", "https://example.com/"),
            ("Part", "mimeType", "application/octet-stream"),
            ("Run", "failureMessage", "example failure message"),
        ] {
            assert_eq!(text(Place { owner, name }), expected, "{owner}.{name}");
        }
    }
}
