//! How the variant of a union is determined: by its tag or by its shape, decided here once instead of by trial at run
//! time.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde_json::{Map, Value};

use crate::ir::{Decision, Direction, JsonType, Literal, Rule, Test, Type};
use crate::keyword::Keywords;
use crate::names::WireName;
use crate::normalize::MAY_BE_ABSENT;
use crate::pointer::Pointer;

use super::all_of::{Merges, merge};
use super::constants::constant_of;
use super::directions::direction;
use super::discriminators::explicit_tag;
use super::nullability::allows_null;
use super::references::{reference_of, resolve};
use super::schema::{Form, classify};
use super::shape_rules::derive_rules;

/// A member of a union, as declared in the document and as a type.
pub(super) struct Member {
    pub schema: Value,
    pub place: Pointer,
    pub ty: Type,
    /// The name of the component that it refers to.
    pub component: Option<String>,
}

impl Member {
    /// Returns a name by which members are ordered where nothing else decides, whatever their order in the document.
    fn canonical_name(&self) -> String {
        self.component.clone().unwrap_or_else(|| self.schema.to_string())
    }
}

/// Maximum nesting of unions before plain JSON is assumed.
const LIMIT: usize = 8;
/// Maximum number of schemas that a member may lead to before plain JSON is assumed.
const STEPS: usize = 4096;
/// Maximum nesting of objects in which fixed values are looked for.
const NESTED: usize = 2;

/// One shape that a member can have.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub json: JsonType,
    /// Required properties of an object, with their tests.
    pub required: Vec<(String, Test)>,
    /// The same, with the values that the document fixes inside of them.
    pub inside: Vec<(String, Test)>,
    /// Properties that an object may have.
    pub known: BTreeSet<String>,
    /// How values are told apart from others of the JSON type.
    pub precision: Precision,
}

/// How values are told apart from others of their JSON type, the most precise first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Precision {
    /// By a list of values.
    Listed,
    /// By their form.
    Formed,
    /// Not at all.
    Plain,
    /// By trial, because names do not distinguish them, as in a map of typed values.
    Open,
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
    let names: Vec<String> = members.iter().map(Member::canonical_name).collect();
    let decision = explicit_tag(document, schema, &members, &looks)
        .or_else(|| implicit_tag(&looks, &names))
        .unwrap_or_else(|| Decision::Shaped(derive_rules(&looks, &names)));
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

/// A property with a distinct constant in every object is a tag, even if the document does not declare it as one.
fn implicit_tag(looks: &[Vec<Look>], names: &[String]) -> Option<Decision> {
    let objects: Vec<(usize, &Look)> = looks
        .iter()
        .enumerate()
        .flat_map(|(index, looks)| looks.iter().map(move |look| (index, look)))
        .filter(|(_, look)| look.json == JsonType::Object)
        .collect();
    let mut tags: BTreeMap<&String, Vec<(Literal, usize)>> = BTreeMap::new();
    for (index, look) in &objects {
        for (name, test) in &look.required {
            if let Test::Is(value) = test {
                tags.entry(name).or_default().push((value.clone(), *index));
            }
        }
    }
    // Untagged members are allowed if they declare no properties: they accept objects without a tag.
    let silent = objects.iter().filter(|(_, look)| look.required.is_empty() && look.known.is_empty()).count();
    let enough = |cases: &Vec<(Literal, usize)>| {
        let values: BTreeSet<&str> = cases.iter().map(|(value, _)| value.text()).collect();
        cases.len() >= 2 && values.len() == cases.len() && cases.len() + silent == objects.len()
    };
    // A string names a member better than a number does.
    let plain = |cases: &[(Literal, usize)]| cases.iter().any(|(value, _)| matches!(value, Literal::Plain(_)));
    let (tag, cases) = tags.into_iter().filter(|(_, cases)| enough(cases)).min_by_key(|(_, cases)| plain(cases))?;
    let tagged: BTreeSet<usize> = cases.iter().map(|(_, index)| *index).collect();
    let rest: Vec<Rule> =
        derive_rules(looks, names).into_iter().filter(|rule| !tagged.contains(&rule.variant)).collect();
    Some(Decision::Tagged {
        tag: WireName(tag.clone()),
        cases,
        aliases: Vec::new(),
        otherwise: rest,
        unlisted: Vec::new(),
    })
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
            one(JsonType::Object, if anything { Precision::Plain } else { Precision::Open })
        }
        Form::List(_) | Form::Tuple(..) => plain(JsonType::Array),
        Form::Constant(value) => one(json_type(value), Precision::Listed),
        Form::Strings(_) => one(JsonType::String, Precision::Listed),
        Form::String(Some(_)) => one(JsonType::String, Precision::Formed),
        Form::String(None) => plain(JsonType::String),
        Form::Integer(_) => plain(JsonType::Integer),
        Form::Number => plain(JsonType::Number),
        Form::Boolean => plain(JsonType::Boolean),
        Form::Any | Form::Mixed(_) => plain(JsonType::Any),
    }
}

fn plain(json: JsonType) -> Vec<Look> {
    one(json, Precision::Plain)
}

fn one(json: JsonType, precision: Precision) -> Vec<Look> {
    vec![Look { json, required: Vec::new(), inside: Vec::new(), known: BTreeSet::new(), precision }]
}

fn json_type(value: &Value) -> JsonType {
    match value {
        Value::Null => JsonType::Any,
        Value::Bool(_) => JsonType::Boolean,
        Value::Number(number) if number.is_f64() => JsonType::Number,
        Value::Number(_) => JsonType::Integer,
        Value::String(_) => JsonType::String,
        Value::Array(_) => JsonType::Array,
        Value::Object(_) => JsonType::Object,
    }
}

fn object_look(document: &Value, schema: &Value, place: &Pointer) -> Look {
    let (mut required, mut inside) = (Vec::new(), Vec::new());
    for (name, property) in required_properties(document, schema, place) {
        let test = test(document, property, place, 0);
        let fixed = fixed_inside(document, property, place, 0);
        inside.push((name.to_owned(), fixed.unwrap_or_else(|| test.clone())));
        required.push((name.to_owned(), test));
    }
    for tests in [&mut required, &mut inside] {
        tests.sort();
        tests.dedup();
    }
    let known = schema.keyword("properties").and_then(Value::as_object).into_iter().flatten();
    Look {
        json: JsonType::Object,
        required,
        inside,
        known: known.map(|(name, _)| name.clone()).collect(),
        precision: Precision::Plain,
    }
}

/// A schema without keywords.
static ANYTHING: LazyLock<Value> = LazyLock::new(|| Value::Object(Map::new()));

/// Returns the properties that an object always has, with their schemas.
fn required_properties<'d>(document: &'d Value, schema: &'d Value, place: &Pointer) -> Vec<(&'d str, &'d Value)> {
    let properties = schema.keyword("properties").and_then(Value::as_object);
    let names = schema.keyword("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
    let is_always_there = |(_, property): &(&str, &Value)| {
        let sent_only = direction(document, property, place) == Direction::Request;
        property.keyword(MAY_BE_ABSENT).is_none() && !sent_only
    };
    let with_schema = |name: &'d str| (name, properties.and_then(|known| known.get(name)).unwrap_or(&*ANYTHING));
    names.map(with_schema).filter(is_always_there).collect()
}

/// Returns the test of an object by the values that the document fixes in it, if it fixes any.
fn fixed_inside(document: &Value, schema: &Value, place: &Pointer, depth: usize) -> Option<Test> {
    if depth > NESTED || allows_null(document, schema, place) {
        return None;
    }
    match classify(schema) {
        Form::Reference(reference) => {
            let target = resolve(document, reference, place).ok()?;
            fixed_inside(document, target.value, &target.place, depth)
        }
        Form::Merged => fixed_inside(document, &merge(document, schema, place).ok()?, place, depth),
        Form::Object => {
            let fixed = |(name, property): (&str, &Value)| {
                let value = constant_of(document, property, place).as_ref().and_then(Literal::of).map(Test::Is);
                let test = value.or_else(|| fixed_inside(document, property, place, depth + 1))?;
                Some((WireName(name.to_owned()), test))
            };
            let mut tests: Vec<(WireName, Test)> =
                required_properties(document, schema, place).into_iter().filter_map(fixed).collect();
            tests.sort();
            tests.dedup();
            (!tests.is_empty()).then_some(Test::Holds(tests))
        }
        Form::Map(_)
        | Form::Union(_)
        | Form::List(_)
        | Form::Tuple(..)
        | Form::Constant(_)
        | Form::Strings(_)
        | Form::String(_)
        | Form::Integer(_)
        | Form::Number
        | Form::Boolean
        | Form::Any
        | Form::Mixed(_) => None,
    }
}

fn test(document: &Value, schema: &Value, place: &Pointer, depth: usize) -> Test {
    if depth > LIMIT || allows_null(document, schema, place) {
        return Test::Json(JsonType::Any);
    }
    if let Some(value) = constant_of(document, schema, place).as_ref().and_then(Literal::of) {
        return Test::Is(value);
    }
    let json = match classify(schema) {
        Form::Reference(reference) => {
            return match resolve(document, reference, place) {
                Ok(target) => test(document, target.value, &target.place, depth + 1),
                Err(_) => Test::Json(JsonType::Any),
            };
        }
        Form::Merged => {
            return match merge(document, schema, place) {
                Ok(merged) => test(document, &merged, place, depth + 1),
                Err(_) => Test::Json(JsonType::Any),
            };
        }
        Form::Constant(value) => json_type(value),
        Form::Object | Form::Map(_) => JsonType::Object,
        Form::List(_) | Form::Tuple(..) => JsonType::Array,
        Form::Strings(_) | Form::String(_) => JsonType::String,
        Form::Integer(_) | Form::Number => JsonType::Number,
        Form::Boolean => JsonType::Boolean,
        Form::Union(_) | Form::Any | Form::Mixed(_) => JsonType::Any,
    };
    Test::Json(json)
}
