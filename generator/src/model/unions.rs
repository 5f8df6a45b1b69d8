//! How the variant of a union is determined: by its tag or by its shape, decided here once instead of by trial at run
//! time.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::ir::{Decision, JsonType, Pattern, Rule, Test, Type};
use crate::names::WireName;
use crate::normalize::MAY_BE_ABSENT;
use crate::pointer::Pointer;

use super::all_of::{Merges, merge};
use super::references::{reference_of, resolve};
use super::schema::{Form, classify, nullable};

/// A member of a union, as declared in the document and as a type.
pub(super) struct Member {
    pub schema: Value,
    pub place: Pointer,
    pub ty: Type,
    /// The name of the component that it refers to.
    pub component: Option<String>,
}

/// Maximum nesting of unions before plain JSON is assumed.
const LIMIT: usize = 8;
/// Maximum number of schemas that a member may lead to before plain JSON is assumed.
const STEPS: usize = 4096;

/// One shape that a member can have.
#[derive(Clone, Debug)]
struct Look {
    json: JsonType,
    /// Required properties of an object, with their tests.
    required: Vec<(String, Test)>,
    /// Properties that an object may have.
    known: BTreeSet<String>,
    /// Whether values must be tried because names do not distinguish them, as in a map of typed values.
    open: bool,
}

/// The result of comparing several members.
pub(super) enum Decided {
    /// A single type.
    Same(Type),
    /// A union of these members.
    Union(Vec<Member>, Decision),
}

/// Decides how the members of a union are distinguished.
pub(super) fn decide(
    document: &Value,
    merges: &Merges,
    (schema, place): (&Value, &Pointer),
    members: Vec<Member>,
) -> Decided {
    let members = distinct(members);
    if let [only] = members.as_slice() {
        return Decided::Same(only.ty.clone());
    }
    if let Some(ty) = one_string(document, &members) {
        return Decided::Same(ty);
    }
    let looks: Vec<Vec<Look>> = members
        .iter()
        .map(|member| looks(document, &member.schema, &member.place, &mut Search::within(place, merges)))
        .collect();
    let decision = explicit_tag(document, schema, &members, &looks)
        .or_else(|| implicit_tag(&looks))
        .unwrap_or_else(|| Decision::Shaped(shape_rules(&looks)));
    Decided::Union(members, decision)
}

fn distinct(members: Vec<Member>) -> Vec<Member> {
    let mut kept: Vec<Member> = Vec::new();
    for member in members {
        if !kept.iter().any(|other| other.ty == member.ty) {
            kept.push(member);
        }
    }
    kept
}

/// A `string` beside a string enumeration is the enumeration, which keeps unknown values anyway.
fn one_string(document: &Value, members: &[Member]) -> Option<Type> {
    let target = |member: &Member| match reference_of(&member.schema) {
        Some(reference) => resolve(document, reference, &member.place).map(|target| target.value.clone()),
        None => Ok(member.schema.clone()),
    };
    let mut choice = None;
    for member in members {
        let schema = target(member).ok()?;
        let form = classify(&schema);
        if matches!(form, Form::Strings(_)) && choice.is_none() {
            choice = Some(member.ty.clone());
        } else if !matches!(form, Form::String(None)) {
            return None;
        }
    }
    choice
}

fn explicit_tag(document: &Value, schema: &Value, members: &[Member], looks: &[Vec<Look>]) -> Option<Decision> {
    let discriminator = schema.get("discriminator")?;
    let tag = discriminator.get("propertyName")?.as_str()?;
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let mut cases: Vec<(String, usize)> = Vec::new();
    for (index, member) in members.iter().enumerate() {
        for text in mapped(mapping, member) {
            cases.push((text, index));
        }
        if mapping.is_none_or(|mapping| !mapping.values().any(|target| refers_to(target, member))) {
            let own = property_texts(document, member, tag);
            let implied = if own.is_empty() { member.component.clone().into_iter().collect() } else { own };
            cases.extend(implied.into_iter().map(|text| (text, index)));
        }
    }
    let mut seen = BTreeSet::new();
    cases.retain(|(text, _)| seen.insert(text.clone()));
    if cases.is_empty() {
        return None;
    }
    let mut otherwise = if always_tagged(looks, tag) { Vec::new() } else { telling_properties(looks) };
    let unlisted: Vec<Rule> = default_rule(discriminator, members).into_iter().collect();
    otherwise.extend(unlisted.clone());
    Some(Decision::Tagged { tag: WireName(tag.to_owned()), cases, otherwise, unlisted })
}

/// Returns the rule for objects without a known tag that `defaultMapping` states.
fn default_rule(discriminator: &Value, members: &[Member]) -> Option<Rule> {
    let target = discriminator.get("defaultMapping")?;
    let variant = members.iter().position(|member| refers_to(target, member))?;
    Some(Rule { pattern: Pattern::Json(JsonType::Object), variant })
}

fn refers_to(target: &Value, member: &Member) -> bool {
    let Some(target) = target.as_str() else { return false };
    let name = target.rsplit('/').next();
    member.component.is_some() && name == member.component.as_deref()
}

fn mapped(mapping: Option<&Map<String, Value>>, member: &Member) -> Vec<String> {
    let entries = mapping.into_iter().flatten();
    entries.filter(|(_, target)| refers_to(target, member)).map(|(text, _)| text.clone()).collect()
}

/// Returns the strings that a member allows for a property.
fn property_texts(document: &Value, member: &Member, property: &str) -> Vec<String> {
    let Some(object) = object_of(document, &member.schema, &member.place) else { return Vec::new() };
    let Some(schema) = object.get("properties").and_then(|properties| properties.get(property)) else {
        return Vec::new();
    };
    let schema = match reference_of(schema).map(|reference| resolve(document, reference, &member.place)) {
        Some(Ok(target)) => target.value,
        Some(Err(_)) => return Vec::new(),
        None => schema,
    };
    classify(schema).texts().unwrap_or_default().into_iter().map(str::to_owned).collect()
}

/// Returns the object schema behind references and `allOf`.
fn object_of(document: &Value, schema: &Value, place: &Pointer) -> Option<Value> {
    let (mut schema, mut place) = (schema, place.clone());
    for _ in 0..=LIMIT {
        let form = classify(schema);
        let Some(reference) = form.reference() else {
            let is_merged = matches!(form, Form::Merged);
            return if is_merged { merge(document, schema, &place).ok() } else { Some(schema.clone()) };
        };
        let target = resolve(document, reference, &place).ok()?;
        (schema, place) = (target.value, target.place);
    }
    None
}

fn always_tagged(looks: &[Vec<Look>], tag: &str) -> bool {
    looks.iter().flatten().all(|look| look.required.iter().any(|(name, _)| name == tag))
}

/// A property with a distinct constant in every object is a tag, even if the document does not declare it as one.
fn implicit_tag(looks: &[Vec<Look>]) -> Option<Decision> {
    let objects: Vec<(usize, &Look)> = looks
        .iter()
        .enumerate()
        .flat_map(|(index, looks)| looks.iter().map(move |look| (index, look)))
        .filter(|(_, look)| look.json == JsonType::Object)
        .collect();
    let mut tags: BTreeMap<&String, Vec<(String, usize)>> = BTreeMap::new();
    for (index, look) in &objects {
        for (name, test) in &look.required {
            if let Test::Text(text) = test {
                tags.entry(name).or_default().push((text.clone(), *index));
            }
        }
    }
    // Untagged members are allowed if they declare no properties: they accept objects without a tag.
    let silent = objects.iter().filter(|(_, look)| look.required.is_empty() && look.known.is_empty()).count();
    let enough = |cases: &Vec<(String, usize)>| {
        let texts: BTreeSet<&String> = cases.iter().map(|(text, _)| text).collect();
        cases.len() >= 2 && texts.len() == cases.len() && cases.len() + silent == objects.len()
    };
    let (tag, cases) = tags.into_iter().find(|(_, cases)| enough(cases))?;
    let tagged: BTreeSet<usize> = cases.iter().map(|(_, index)| *index).collect();
    let rest: Vec<Rule> = shape_rules(looks).into_iter().filter(|rule| !tagged.contains(&rule.variant)).collect();
    Some(Decision::Tagged { tag: WireName(tag.clone()), cases, otherwise: rest, unlisted: Vec::new() })
}

/// For objects without a tag: a property that only one member declares identifies the member.
fn telling_properties(looks: &[Vec<Look>]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (variant, own) in looks.iter().enumerate() {
        let elsewhere: BTreeSet<&String> = looks
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != variant)
            .flat_map(|(_, looks)| looks.iter().flat_map(|look| look.known.iter()))
            .collect();
        for name in own.iter().flat_map(|look| look.known.iter()).filter(|name| !elsewhere.contains(name)) {
            let pattern = Pattern::Properties(vec![(WireName(name.clone()), Test::Json(JsonType::Any))]);
            rules.push(Rule { pattern, variant });
        }
    }
    rules
}

/// Returns the rules, from the most specific to the least specific.
fn shape_rules(looks: &[Vec<Look>]) -> Vec<Rule> {
    let mut ranked: Vec<(u8, usize, Rule)> = Vec::new();
    let all = || looks.iter().enumerate().flat_map(|(variant, looks)| looks.iter().map(move |look| (variant, look)));
    for (variant, look) in all() {
        let twins = all().filter(|(other, twin)| *other != variant && same_rule(look, twin)).count();
        let rule = |pattern| Rule { pattern, variant };
        if look.json != JsonType::Object {
            // Two lists with different items can only be distinguished by trial.
            let pattern = if twins > 0 { Pattern::Try } else { Pattern::Json(look.json) };
            // Integers before other numbers, any value last.
            let rank = match look.json {
                JsonType::Any => 5,
                JsonType::Number => 1,
                JsonType::Boolean | JsonType::Integer | JsonType::String | JsonType::Array | JsonType::Object => 0,
            };
            ranked.push((rank, 0, rule(pattern)));
        } else if look.open {
            ranked.push((4, 0, rule(Pattern::Try)));
        } else if twins > 0 {
            ranked.push((2, usize::MAX - look.required.len(), rule(Pattern::Try)));
        } else if look.required.is_empty() {
            ranked.push((3, 0, rule(Pattern::Json(JsonType::Object))));
        } else {
            ranked.push((2, usize::MAX - look.required.len(), rule(properties(&look.required))));
        }
    }
    ranked.sort_by_key(|(rank, inverse, rule)| (*rank, *inverse, rule.variant));
    let mut rules: Vec<Rule> = Vec::new();
    for (_, _, rule) in ranked {
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

fn same_rule(one: &Look, other: &Look) -> bool {
    one.json == other.json && one.required == other.required && one.open == other.open
}

fn properties(required: &[(String, Test)]) -> Pattern {
    Pattern::Properties(required.iter().map(|(name, test)| (WireName(name.clone()), test.clone())).collect())
}

/// The progress of a search for shapes.
struct Search<'a> {
    merges: &'a Merges,
    depth: usize,
    steps: usize,
    seen: BTreeSet<Pointer>,
}

impl<'a> Search<'a> {
    /// Starts a search in a union. A member that has this union as a member takes the shapes of the union's other
    /// members.
    fn within(union: &Pointer, merges: &'a Merges) -> Self {
        Self { merges, depth: 0, steps: 0, seen: BTreeSet::from([union.clone()]) }
    }

    /// Returns the shapes of a part of the document.
    fn at(&mut self, document: &Value, schema: &Value, place: &Pointer) -> Vec<Look> {
        if !matches!(classify(schema), Form::Merged) {
            return self.deeper(document, schema, place);
        }
        match self.merges.at(document, schema, place) {
            Some(merged) => self.deeper(document, &merged, place),
            None => plain(JsonType::Any),
        }
    }

    fn deeper(&mut self, document: &Value, schema: &Value, place: &Pointer) -> Vec<Look> {
        self.depth += 1;
        self.steps += 1;
        let found = looks(document, schema, place, self);
        self.depth -= 1;
        found
    }
}

/// Returns every shape that a schema allows. A place that was visited before adds none.
fn looks(document: &Value, schema: &Value, place: &Pointer, search: &mut Search<'_>) -> Vec<Look> {
    if search.depth > LIMIT || search.steps > STEPS {
        return plain(JsonType::Any);
    }
    match classify(schema) {
        Form::Reference(reference) => match resolve(document, reference, place) {
            Ok(target) if search.seen.insert(target.place.clone()) => search.at(document, target.value, &target.place),
            Ok(_) => Vec::new(),
            Err(_) => plain(JsonType::Any),
        },
        Form::Merged => match merge(document, schema, place) {
            Ok(merged) => search.deeper(document, &merged, place),
            Err(_) => plain(JsonType::Any),
        },
        Form::Union(members) => members.iter().flat_map(|member| search.deeper(document, member, place)).collect(),
        Form::Object => vec![object_look(document, schema, place)],
        Form::Map(None) => plain(JsonType::Object),
        Form::Map(Some(values)) => {
            let anything = matches!(classify(values), Form::Any);
            vec![Look { json: JsonType::Object, required: Vec::new(), known: BTreeSet::new(), open: !anything }]
        }
        Form::List(_) => plain(JsonType::Array),
        Form::Constant(_) | Form::Strings(_) | Form::String(_) => plain(JsonType::String),
        Form::Integer(_) => plain(JsonType::Integer),
        Form::Number => plain(JsonType::Number),
        Form::Boolean => plain(JsonType::Boolean),
        Form::Any | Form::Mixed(_) => plain(JsonType::Any),
    }
}

fn plain(json: JsonType) -> Vec<Look> {
    vec![Look { json, required: Vec::new(), known: BTreeSet::new(), open: false }]
}

fn object_look(document: &Value, schema: &Value, place: &Pointer) -> Look {
    let empty = Map::new();
    let properties = schema.get("properties").and_then(Value::as_object).unwrap_or(&empty);
    let names = schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let anything = Value::Object(Map::new());
    let mut required: Vec<(String, Test)> = names
        .filter(|name| {
            let property = properties.get(*name);
            property.is_none_or(|property| property.get(MAY_BE_ABSENT).is_none())
        })
        .map(|name| (name.to_owned(), test(document, properties.get(name).unwrap_or(&anything), place, 0)))
        .collect();
    required.sort();
    required.dedup();
    Look { json: JsonType::Object, required, known: properties.keys().cloned().collect(), open: false }
}

fn test(document: &Value, schema: &Value, place: &Pointer, depth: usize) -> Test {
    if nullable(schema) || depth > LIMIT {
        return Test::Json(JsonType::Any);
    }
    let json = match classify(schema) {
        Form::Reference(reference) => {
            return match resolve(document, reference, place) {
                Ok(target) => test(document, target.value, &target.place, depth + 1),
                Err(_) => Test::Json(JsonType::Any),
            };
        }
        Form::Constant(text) => return Test::Text(text.to_owned()),
        Form::Object | Form::Map(_) | Form::Merged => JsonType::Object,
        Form::List(_) => JsonType::Array,
        Form::Strings(_) | Form::String(_) => JsonType::String,
        Form::Integer(_) | Form::Number => JsonType::Number,
        Form::Boolean => JsonType::Boolean,
        Form::Union(_) | Form::Any | Form::Mixed(_) => JsonType::Any,
    };
    Test::Json(json)
}
