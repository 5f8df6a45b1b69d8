//! Rules that tell the members of a union apart by the shape of a value, most specific first. They do not depend on the
//! order of the members.
//!
//! Knows nothing about documents.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use crate::ir::{JsonType, Pattern, Rule, Test};
use crate::names::WireName;

use super::unions::{Look, Precision};

/// How specific a rule is; the smallest is tried first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// A JSON type.
    Kind,
    /// Any number, which includes integers.
    Number,
    /// The properties that an object must have.
    Properties,
    /// Those of them that cannot be `null`, and therefore cannot be missing.
    Present,
    /// Any object.
    Object,
    /// An object that has to be tried.
    Open,
    /// Any value.
    Any,
}

/// A rule and its position among the others.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ranked<'a> {
    rank: Rank,
    properties: Reverse<usize>,
    /// Number of properties that may have any value.
    vague: usize,
    precision: Precision,
    tests: Vec<(String, Test)>,
    /// Whether the value has to be tried.
    is_tried: bool,
    member: &'a str,
    variant: usize,
    json: JsonType,
}

impl Ranked<'_> {
    fn into_rule(self) -> Rule {
        let pattern = match (self.is_tried, self.rank) {
            (true, _) => Pattern::Try,
            (false, Rank::Properties | Rank::Present) => properties(&self.tests),
            (false, Rank::Kind | Rank::Number | Rank::Object | Rank::Open | Rank::Any) => Pattern::Json(self.json),
        };
        Rule { pattern, variant: self.variant }
    }
}

/// Returns the rules for the shapes of each member; `names` order members where nothing else does.
pub(super) fn derive_rules(looks: &[Vec<Look>], names: &[String]) -> Vec<Rule> {
    let mut ranked: Vec<Ranked<'_>> = Vec::new();
    for (variant, name) in names.iter().enumerate() {
        for look in looks.get(variant).into_iter().flatten() {
            ranked.extend(rules(looks, look, variant, name));
        }
    }
    ranked.sort();
    let mut kept: Vec<Rule> = Vec::new();
    for rule in ranked.into_iter().map(Ranked::into_rule) {
        if !kept.contains(&rule) {
            kept.push(rule);
        }
    }
    kept
}

/// Returns the rules for one shape of a member.
fn rules<'a>(looks: &[Vec<Look>], look: &Look, variant: usize, member: &'a str) -> Vec<Ranked<'a>> {
    let others = || {
        let others = looks.iter().enumerate().filter(move |(other, _)| *other != variant);
        others.flat_map(|(_, looks)| looks)
    };
    let twins: Vec<&Look> = others().filter(|other| same_rule(look, other)).collect();
    let rule = |rank: Rank, tests: &[(String, Test)], is_tried: bool| Ranked {
        rank,
        properties: Reverse(tests.iter().map(|(_, test)| count_tests(test)).sum()),
        vague: tests.iter().filter(|(_, test)| *test == Test::Json(JsonType::Any)).count(),
        precision: look.precision,
        tests: tests.to_vec(),
        is_tried,
        member,
        variant,
        json: look.json,
    };
    let is_twin = !twins.is_empty();
    let rank = match (look.json, look.precision) {
        (JsonType::Object, Precision::Open) => return vec![rule(Rank::Open, &[], true)],
        (JsonType::Object, _) if look.required.is_empty() && !is_twin => Rank::Object,
        (JsonType::Object, _) => Rank::Properties,
        (JsonType::Number, _) => Rank::Number,
        (JsonType::Any, _) => Rank::Any,
        (JsonType::Boolean | JsonType::Integer | JsonType::String | JsonType::Array, _) => Rank::Kind,
    };
    // Values of one JSON type can only be distinguished by trial, or by what is fixed inside of them.
    let is_distinct = look.inside != look.required && twins.iter().all(|twin| twin.inside != look.inside);
    let (tests, is_tried) = if is_twin && is_distinct { (&look.inside, false) } else { (&look.required, is_twin) };
    let mut rules = vec![rule(rank, tests, is_tried)];
    if rank == Rank::Properties {
        rules.extend(telling(look, &twins).map(|tests| rule(rank, &tests, false)));
        rules.extend(present(look, &others().collect::<Vec<_>>()).map(|(rank, tests)| rule(rank, &tests, false)));
    }
    rules
}

/// Returns the number of properties that a test is about, those inside of others included.
fn count_tests(test: &Test) -> usize {
    match test {
        Test::Holds(inner) => 1 + inner.iter().map(|(_, test)| count_tests(test)).sum::<usize>(),
        Test::Json(_) | Test::Is(_) => 1,
    }
}

/// Returns what an object has that its twins cannot have: one of its optional properties.
fn telling<'a>(look: &'a Look, twins: &'a [&Look]) -> impl Iterator<Item = Vec<(String, Test)>> + 'a {
    let own =
        look.known.iter().filter(|name| !twins.is_empty() && !twins.iter().any(|twin| twin.known.contains(*name)));
    own.map(|name| look.required.iter().cloned().chain([(name.clone(), Test::Json(JsonType::Any))]).collect())
}

/// Returns the properties that an object has even if those that may be `null` are missing, unless another member has them
/// too.
fn present(look: &Look, others: &[&Look]) -> Option<(Rank, Vec<(String, Test)>)> {
    let may_be_missing = |(_, test): &&(String, Test)| *test == Test::Json(JsonType::Any);
    let kept: Vec<(String, Test)> = look.required.iter().filter(|entry| !may_be_missing(entry)).cloned().collect();
    if kept.len() == look.required.len() {
        return None;
    }
    let names: BTreeSet<&String> = kept.iter().map(|(name, _)| name).collect();
    let objects = || others.iter().filter(|other| other.json == JsonType::Object);
    let is_shared = objects().any(|other| names.iter().all(|name| other.known.contains(*name)));
    match (kept.is_empty(), is_shared) {
        (_, true) => None,
        (true, false) => objects().next().is_none().then_some((Rank::Object, kept)),
        (false, false) => Some((Rank::Present, kept)),
    }
}

fn same_rule(one: &Look, other: &Look) -> bool {
    let is_open = |look: &Look| look.precision == Precision::Open;
    one.json == other.json && one.required == other.required && is_open(one) == is_open(other)
}

fn properties(required: &[(String, Test)]) -> Pattern {
    Pattern::Properties(required.iter().map(|(name, test)| (WireName(name.clone()), test.clone())).collect())
}

/// For objects without a tag: a property that only one member declares identifies the member.
pub(super) fn telling_properties(looks: &[Vec<Look>]) -> Vec<Rule> {
    let mut rules = Vec::new();
    for (variant, own) in looks.iter().enumerate() {
        let elsewhere: BTreeSet<&String> = looks
            .iter()
            .enumerate()
            .filter(|(index, _)| *index != variant)
            .flat_map(|(_, looks)| looks.iter().flat_map(|look| look.known.iter()))
            .collect();
        for name in own.iter().flat_map(|look| look.known.iter()).filter(|name| !elsewhere.contains(name)) {
            rules.push((name, variant));
        }
    }
    rules.sort();
    rules.dedup();
    let rule = |(name, variant): (&String, usize)| Rule {
        pattern: Pattern::Properties(vec![(WireName(name.clone()), Test::Json(JsonType::Any))]),
        variant,
    };
    rules.into_iter().map(rule).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ir::{Decision, Kind};
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    /// Returns the rules of a union of members in this order, each as pattern and component.
    fn rules(members: &[&str]) -> Vec<String> {
        let object = |required: &[&str], names: &[&str]| {
            let properties: serde_json::Map<String, Value> =
                names.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
            json!({"type": "object", "required": required, "properties": properties})
        };
        let to = |name: &&str| json!({"$ref": format!("#/components/schemas/{name}")});
        let schemas = json!({
            "A": object(&["id"], &["id", "name"]), "B": object(&["id"], &["id", "size"]), "C": object(&["key"], &["key"]),
            "D": object(&["id", "key"], &["id", "key"]), "E": {"type": "string", "format": "date-time"},
            "F": {"type": "string", "enum": ["x", "y"]}, "G": {"type": "array", "items": {"type": "string"}},
            "H": {"type": "array", "items": {"type": "integer"}}, "I": {"type": "number"}, "J": {"type": "integer"},
            "Union": {"oneOf": members.iter().map(to).collect::<Vec<_>>()},
        });
        let document = json!({"openapi": "3.1.0", "components": {"schemas": schemas}});
        let types = build(&normalize_document(document), &Profile::default(), &Lock::default()).api.types;
        let union = types.0.iter().find_map(|def| match &def.kind {
            Kind::Union(union) if def.identity == "Union" => Some(union),
            Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        });
        let Some(Decision::Shaped(rules)) = union.map(|union| &union.decision) else { return Vec::new() };
        let variants = union.map(|union| union.variants.as_slice()).unwrap_or_default();
        rules.iter().map(|rule| format!("{:?} {}", rule.pattern, variants[rule.variant].name)).collect()
    }

    #[test]
    fn property_of_a_certain_type_is_tested_before_one_that_may_have_any_value() {
        let object = |ok: Value| json!({"type": "object", "required": ["ok"], "properties": {"ok": ok}});
        let union = json!({"oneOf": [object(json!({"const": null})), object(json!({"type": "string"}))]});
        let document = json!({"openapi": "3.1.0", "components": {"schemas": {"Union": union}}});
        let expected =
            ["Properties([(WireName(\"ok\"), Json(String))]) 1", "Properties([(WireName(\"ok\"), Json(Any))]) 0"];
        let types = build(&normalize_document(document), &Profile::default(), &Lock::default()).api.types;
        let found = types.0.iter().find_map(|def| match &def.kind {
            Kind::Union(union) => Some(&union.decision),
            Kind::Struct(_) | Kind::Enumeration(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        });
        let Some(Decision::Shaped(rules)) = found else { panic!("{found:?}") };
        let rules: Vec<String> = rules.iter().map(|rule| format!("{:?} {}", rule.pattern, rule.variant)).collect();
        assert_eq!(rules, expected);
    }

    #[test]
    fn order_of_members_does_not_decide() {
        let mut members = ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"];
        let expected = rules(&members);
        assert!(expected.len() >= members.len(), "{expected:?}");
        for step in 0..members.len() {
            members.rotate_left(1);
            members.swap(step, (step * 7 + 3) % 10);
            assert_eq!(rules(&members), expected, "{members:?}");
        }
    }
}
