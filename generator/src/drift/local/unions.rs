//! Compares unions: which members belong together, and how a client made for the old union reads a new member.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract::{JsonKind, SchemaFacts, SchemaUse};
use crate::ir::{Decision, JsonType, Literal, Pattern, Rule, Test};
use crate::names::WireName;

use super::super::aspect::{Plain, Way};
use super::super::level::Wire;
use super::names::type_name;
use super::uses::{Spot, compare_uses};
use super::{Context, Draft, Local, Side, breaks};

pub(super) fn compare_unions(context: &Context<'_>, local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    for (old, new) in before.unions.iter().zip(&after.unions) {
        let (pairs, removed, added) = matched(context, &old.members, &new.members);
        compare_tags(context, local, (old.tag.as_ref(), &old.members), (new.tag.as_ref(), &new.members));
        for (old, new) in pairs {
            let step = format!("<{}>", type_name(context.new.contract, new.schema));
            compare_uses(context, local, (old, new), &Spot::part(step));
        }
        for member in added {
            let name = type_name(context.new.contract, member.schema);
            let response = reading(context, before, &old.members, member);
            let mut draft = Draft::new(Plain::OneOfAdded, Value::Null, name).levels(Wire::Safe, response);
            draft.comes = Some(member.schema);
            draft.pointers = (Some(before.place.to_string()), Some(member.place.to_string()));
            local.drafts.push(draft);
        }
        for member in removed {
            let accepted = new.members.iter().any(|other| !breaks(context, member.schema, other.schema, Way::Request));
            let name = type_name(context.old.contract, member.schema);
            let draft = Draft::new(Plain::OneOfRemoved, name, Value::Null);
            let mut draft = draft.levels(Wire::breaking_if(!accepted), Wire::Safe);
            draft.goes = Some(member.schema);
            draft.pointers = (Some(member.place.to_string()), Some(after.place.to_string()));
            local.drafts.push(draft);
        }
    }
}

type Matched<'a> = (Vec<(&'a SchemaUse, &'a SchemaUse)>, Vec<&'a SchemaUse>, Vec<&'a SchemaUse>);

/// Returns the members that belong together, then those that are gone, then those that are new.
fn matched<'a>(context: &Context<'_>, old: &'a [SchemaUse], new: &'a [SchemaUse]) -> Matched<'a> {
    let before: Vec<&SchemaFacts> = old.iter().map(|part| context.old.contract.schema(part.schema)).collect();
    let after: Vec<&SchemaFacts> = new.iter().map(|part| context.new.contract.schema(part.schema)).collect();
    let same_name = |one: usize, other: usize| before[one].name.is_some() && before[one].name == after[other].name;
    let same_tag = |one: usize, other: usize| {
        let (one, other) = (constants(&context.old, before[one]), constants(&context.new, after[other]));
        one.iter().any(|constant| other.contains(constant))
    };
    let same_digest =
        |one: usize, other: usize| context.old.digests.of(old[one].schema) == context.new.digests.of(new[other].schema);
    let renamed = |one: usize, other: usize| context.is_renamed(old[one].schema, new[other].schema);
    let same_scalar = |one: usize, other: usize| {
        before[one].kind == after[other].kind && !matches!(before[one].kind, JsonKind::Object | JsonKind::Union)
    };
    let similar = |one: usize, other: usize| {
        (before[one].name.is_none() || after[other].name.is_none())
            && context.resembles(old[one].schema, new[other].schema)
    };
    let rules: [&dyn Fn(usize, usize) -> bool; 6] =
        [&same_name, &same_tag, &same_digest, &renamed, &same_scalar, &similar];
    let (mut pairs, mut left, mut free) =
        (Vec::new(), (0..old.len()).collect::<Vec<_>>(), (0..new.len()).collect::<Vec<_>>());
    for rule in rules {
        left.retain(|one| match free.iter().position(|other| rule(*one, *other)) {
            Some(index) => {
                pairs.push((*one, free.remove(index)));
                false
            }
            None => true,
        });
    }
    pairs.sort_unstable();
    (
        pairs.into_iter().map(|(one, other)| (&old[one], &new[other])).collect(),
        left.into_iter().map(|index| &old[index]).collect(),
        free.into_iter().map(|index| &new[index]).collect(),
    )
}

/// Returns the properties that a schema fixes to one string, with the string.
fn constants(side: &Side<'_>, schema: &SchemaFacts) -> BTreeSet<(String, String)> {
    let fixed = schema.properties.iter().filter_map(|(name, property)| {
        let values = side.contract.schema(property.value.schema).values.as_ref()?;
        match values.list.as_slice() {
            [Value::String(only)] if !values.is_open && name != "object" => Some((name.clone(), only.clone())),
            _ => None,
        }
    });
    fixed.collect()
}

/// Returns the property that selects the member: the declared one, else one with a string of its own in every member.
fn tag(side: &Side<'_>, declared: Option<&String>, members: &[SchemaUse]) -> Option<String> {
    if let Some(declared) = declared {
        return Some(declared.clone());
    }
    let fixed: Vec<BTreeSet<(String, String)>> =
        members.iter().map(|member| constants(side, side.contract.schema(member.schema))).collect();
    let names: BTreeSet<&String> = fixed.first()?.iter().map(|(name, _)| name).collect();
    let selects = |name: &&&String| {
        let strings: BTreeSet<&String> =
            fixed.iter().flatten().filter(|(other, _)| other == **name).map(|(_, string)| string).collect();
        strings.len() == members.len() && fixed.iter().all(|one| one.iter().any(|(other, _)| other == **name))
    };
    names.iter().find(selects).map(|name| (*name).clone())
}

fn compare_tags(
    context: &Context<'_>,
    local: &mut Local,
    (old_tag, old): (Option<&String>, &[SchemaUse]),
    (new_tag, new): (Option<&String>, &[SchemaUse]),
) {
    let (before, after) = (tag(&context.old, old_tag, old), tag(&context.new, new_tag, new));
    let plain = match (&before, &after) {
        (None, Some(_)) => Plain::DiscriminatorAdded,
        (Some(_), None) => Plain::DiscriminatorRemoved,
        (Some(one), Some(other)) if one != other => Plain::DiscriminatorRenamed,
        (Some(_), Some(_)) | (None, None) => return,
    };
    local.drafts.push(Draft::new(plain, before, after));
}

/// Returns how a client made for the old union reads a new member: rules in order, as the generated reader has them.
fn reading(context: &Context<'_>, before: &SchemaFacts, old: &[SchemaUse], member: &SchemaUse) -> Wire {
    let id = context.old.contract.at(&before.place);
    let Some(union) = id.and_then(|id| context.old.union(id)) else { return Wire::Safe };
    let schema = context.new.contract.schema(member.schema);
    let rules = match &union.decision {
        Decision::Tagged { tag, unlisted, .. } if schema.properties.contains_key(&tag.0) => unlisted,
        Decision::Tagged { otherwise, .. } => otherwise,
        Decision::Shaped(rules) => rules,
    };
    let chosen = rules.iter().find(|rule| applies(context, rule, schema));
    let Some(variant) = chosen.and_then(|rule| old.get(rule.variant)) else { return Wire::Safe };
    Wire::breaking_if(breaks(context, variant.schema, member.schema, Way::Response))
}

fn applies(context: &Context<'_>, rule: &Rule, schema: &SchemaFacts) -> bool {
    match &rule.pattern {
        Pattern::Json(json) => fits(*json, schema.kind),
        Pattern::Properties(tests) => passes(context, tests, schema),
        // What cannot be decoded is passed on.
        Pattern::Try => false,
    }
}

/// Returns whether objects of a schema have properties that pass these tests.
fn passes(context: &Context<'_>, tests: &[(WireName, Test)], schema: &SchemaFacts) -> bool {
    tests.iter().all(|(name, test)| {
        let Some(property) = schema.properties.get(&name.0) else { return false };
        let value = context.new.contract.schema(property.value.schema);
        match test {
            Test::Json(json) => fits(*json, value.kind),
            Test::Is(literal) => {
                let is = |value: &Value| Literal::of(value).as_ref() == Some(literal);
                value.values.as_ref().is_some_and(|values| values.list.iter().any(is))
            }
            Test::Holds(inner) => passes(context, inner, value),
        }
    })
}

fn fits(json: JsonType, kind: JsonKind) -> bool {
    match (json, kind) {
        (JsonType::Any, _) | (_, JsonKind::Any | JsonKind::Union) => true,
        (JsonType::Boolean, kind) => kind == JsonKind::Boolean,
        (JsonType::Integer, kind) => kind == JsonKind::Integer,
        (JsonType::Number, kind) => matches!(kind, JsonKind::Number | JsonKind::Integer),
        (JsonType::String, kind) => kind == JsonKind::String,
        (JsonType::Array, kind) => kind == JsonKind::Array,
        (JsonType::Object, kind) => kind == JsonKind::Object,
    }
}
