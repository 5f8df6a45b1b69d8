//! Compares objects and arrays: their parts by name and position.

use crate::contract::{Contract, JsonKind, Limit, PropertyFacts, RestFacts, SchemaFacts, SchemaUse};

use super::super::aspect::{Aspect, Need, Plain, Way};
use super::super::level::Wire;
use super::names::type_name;
use super::uses::{Spot, compare_uses};
use super::{Context, Draft, Local, breaks, free_objects, moved_properties, need};

/// Letters that two names have in common before they are similar.
const SIMILAR: usize = 4;

pub(super) fn compare_objects(context: &Context<'_>, local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    if free_objects::compare_freedom(context, local, before, after) {
        return;
    }
    let mut removed: Vec<&String> =
        before.properties.keys().filter(|name| !after.properties.contains_key(*name)).collect();
    let mut added: Vec<&String> =
        after.properties.keys().filter(|name| !before.properties.contains_key(*name)).collect();
    moved_properties::compare_places(context, local, (before, &mut removed), (after, &mut added));
    for name in removed {
        let Some(property) = before.properties.get(name) else { continue };
        let renamed = added.iter().position(|other| is_renamed(context, (name, before), (other, after), &added));
        match renamed.map(|index| added.remove(index)) {
            Some(other) => rename(context, local, (name, before), (other, after)),
            None => local.drafts.push(removed_property(context, name, property, after)),
        }
    }
    for name in added {
        let Some(property) = after.properties.get(name) else { continue };
        local.drafts.push(added_property(context, name, property, before));
    }
    for (name, old) in &before.properties {
        let Some(new) = after.properties.get(name) else { continue };
        let spot = Spot { must_be_sent: new.required, ..spot(name, old) };
        let directions = (direction(context.old.contract, old), direction(context.new.contract, new));
        compare_requirement(local, &spot, (old, new), directions);
        compare_uses(context, local, (&old.value, &new.value), &spot);
    }
    compare_rest(context, local, before, after);
}

pub(super) fn spot<'s>(name: &'s str, property: &PropertyFacts) -> Spot<'s> {
    Spot {
        step: format!(".{name}"),
        property: Some(name),
        is_strict: property.is_relied_on(),
        is_optional: !property.required,
        must_be_sent: property.required,
    }
}

/// In which direction a property is sent: not in requests if it is `readOnly`, not in responses if it is `writeOnly`.
#[derive(Clone, Copy)]
struct Sent {
    in_requests: bool,
    in_responses: bool,
}

fn direction(contract: &Contract, property: &PropertyFacts) -> Sent {
    let (outer, inner) = (&property.value.annotations, &contract.schema(property.value.schema).annotations);
    Sent { in_requests: !(outer.read_only || inner.read_only), in_responses: !(outer.write_only || inner.write_only) }
}

fn compare_requirement(
    local: &mut Local,
    spot: &Spot<'_>,
    (old, new): (&PropertyFacts, &PropertyFacts),
    (before, after): (Sent, Sent),
) {
    if old.required == new.required {
        return;
    }
    let plain = if new.required { Plain::BecameRequired } else { Plain::BecameOptional };
    let (request, response) = if new.required {
        (Wire::breaking_if(after.in_requests), Wire::Safe)
    } else {
        (Wire::Safe, Wire::breaking_if(old.is_relied_on() && before.in_responses))
    };
    let draft = Draft::new(plain, need(old.required), need(new.required)).levels(request, response);
    local.drafts.push(draft.at(spot).between(&old.value.place, &new.value.place));
}

fn removed_property(context: &Context<'_>, name: &str, property: &PropertyFacts, after: &SchemaFacts) -> Draft {
    let shown = described(type_name(context.old.contract, property.value.schema), property);
    let (request, response) = levels_of_removal(context, property, after);
    let mut draft = Draft::new(Aspect::PropertyRemoved(Need::of(property.required)), shown, serde_json::Value::Null)
        .levels(request, response)
        .at(&spot(name, property));
    draft.goes = Some(property.value.schema);
    draft.pointers = (Some(property.value.place.to_string()), Some(after.place.to_string()));
    draft
}

/// Returns what it means for requests and responses that a property is gone.
pub(super) fn levels_of_removal(context: &Context<'_>, property: &PropertyFacts, after: &SchemaFacts) -> (Wire, Wire) {
    let sent = direction(context.old.contract, property);
    (
        if sent.in_requests { left_over(context, &property.value, after) } else { Wire::Safe },
        Wire::breaking_if(property.is_relied_on() && sent.in_responses),
    )
}

/// Returns what it means for requests and responses that a property is new.
pub(super) fn levels_of_addition(
    context: &Context<'_>,
    property: &PropertyFacts,
    before: &SchemaFacts,
) -> (Wire, Wire) {
    let sent = direction(context.new.contract, property);
    let is_read = match &before.rest {
        // A client that keeps other properties as one type fails on those of another type.
        RestFacts::Typed(rest) => !breaks(context, rest.schema, property.value.schema, Way::Response),
        RestFacts::Unstated | RestFacts::Open | RestFacts::Closed => true,
    };
    (Wire::breaking_if(property.required && sent.in_requests), Wire::breaking_if(!is_read && sent.in_responses))
}

/// Returns what it means to send a property that the server no longer knows.
fn left_over(context: &Context<'_>, value: &SchemaUse, after: &SchemaFacts) -> Wire {
    match &after.rest {
        RestFacts::Closed => Wire::Breaking,
        RestFacts::Typed(rest) if breaks(context, value.schema, rest.schema, Way::Request) => Wire::Breaking,
        RestFacts::Typed(_) | RestFacts::Unstated | RestFacts::Open => Wire::Risky,
    }
}

fn added_property(context: &Context<'_>, name: &str, property: &PropertyFacts, before: &SchemaFacts) -> Draft {
    let shown = described(type_name(context.new.contract, property.value.schema), property);
    let (request, response) = levels_of_addition(context, property, before);
    let mut draft = Draft::new(Aspect::PropertyAdded(Need::of(property.required)), serde_json::Value::Null, shown)
        .levels(request, response)
        .at(&spot(name, property));
    draft.comes = Some(property.value.schema);
    draft.pointers = (Some(before.place.to_string()), Some(property.value.place.to_string()));
    draft
}

fn described(name: String, property: &PropertyFacts) -> String {
    format!("{} {name}", need(property.required))
}

/// Returns whether a property that is gone and one that is new are one: they hold the same values, and their names or their
/// descriptions agree.
fn is_renamed(
    context: &Context<'_>,
    (old_name, before): (&str, &SchemaFacts),
    (new_name, after): (&str, &SchemaFacts),
    added: &[&String],
) -> bool {
    let (Some(old), Some(new)) = (before.properties.get(old_name), after.properties.get(new_name)) else {
        return false;
    };
    let digest = context.old.digests.of_use(&old.value);
    if old.required != new.required || digest != context.new.digests.of_use(&new.value) {
        return false;
    }
    let (one, other) = (text(context.old.contract, &old.value), text(context.new.contract, &new.value));
    let says_the_same = !one.is_empty() && one == other;
    let structured = is_structured(context.old.contract, &old.value);
    let similar = are_similar(&letters(old_name), &letters(new_name));
    let alike = |name: &&&String| {
        after.properties.get(**name).is_some_and(|other| context.new.digests.of_use(&other.value) == digest)
    };
    letters(old_name) == letters(new_name)
        || says_the_same
        || ((structured || similar) && added.iter().filter(alike).count() == 1)
}

/// Returns whether values of a schema, or the items of them, are known by what they consist of.
fn is_structured(contract: &Contract, part: &SchemaUse) -> bool {
    let schema = contract.schema(part.schema);
    let inner = schema.items.as_ref().map_or(schema, |items| contract.schema(items.schema));
    let is_enumeration = inner.values.as_ref().is_some_and(|values| values.list.len() > 1);
    !inner.properties.is_empty() || is_enumeration
}

/// Returns whether one of two names is the other one with more words, as `name` and `filename`.
fn are_similar(one: &str, other: &str) -> bool {
    let (short, long) = if one.len() < other.len() { (one, other) } else { (other, one) };
    short.len() >= SIMILAR && long.contains(short)
}

/// Returns how two properties are known to be one.
fn evidence(
    context: &Context<'_>,
    (old_name, old): (&str, &PropertyFacts),
    (new_name, new): (&str, &PropertyFacts),
) -> String {
    let (one, other) = (text(context.old.contract, &old.value), text(context.new.contract, &new.value));
    let reason = if letters(old_name) == letters(new_name) {
        "the same letters"
    } else if !one.is_empty() && one == other {
        "the same description"
    } else if is_structured(context.old.contract, &old.value) {
        "the only new property of this structure"
    } else {
        "a similar name"
    };
    format!("the same values and {reason}")
}

fn text<'c>(contract: &'c Contract, part: &'c SchemaUse) -> &'c str {
    let own = &part.annotations.description;
    if own.is_empty() { &contract.schema(part.schema).annotations.description } else { own }
}

/// Returns the letters of a name, in lower case.
pub(in crate::drift) fn letters(name: &str) -> String {
    name.chars().filter(|letter| letter.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn rename(
    context: &Context<'_>,
    local: &mut Local,
    (old_name, before): (&str, &SchemaFacts),
    (new_name, after): (&str, &SchemaFacts),
) {
    let (Some(old), Some(new)) = (before.properties.get(old_name), after.properties.get(new_name)) else { return };
    let (gone, come) = (levels_of_removal(context, old, after), levels_of_addition(context, new, before));
    let mut draft = Draft::new(Aspect::PropertyRenamed, old_name, new_name)
        .levels(gone.0.max(come.0), gone.1.max(come.1))
        .at(&spot(old_name, old))
        .between(&old.value.place, &new.value.place);
    draft.detail = evidence(context, (old_name, old), (new_name, new));
    local.drafts.push(draft);
    compare_uses(context, local, (&old.value, &new.value), &spot(old_name, old));
}

fn compare_rest(context: &Context<'_>, local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    let rank = |rest: &RestFacts| match rest {
        RestFacts::Closed => 0,
        RestFacts::Typed(_) => 1,
        RestFacts::Unstated | RestFacts::Open => 2,
    };
    if let (RestFacts::Typed(old), RestFacts::Typed(new)) = (&before.rest, &after.rest) {
        compare_uses(context, local, (old, new), &Spot::part("{}"));
        return;
    }
    let (old, new) = (rank(&before.rest), rank(&after.rest));
    if old == new {
        return;
    }
    let show = |context: &Contract, rest: &RestFacts| match rest {
        RestFacts::Closed => "none".to_owned(),
        RestFacts::Typed(value) => type_name(context, value.schema),
        RestFacts::Unstated | RestFacts::Open => "any".to_owned(),
    };
    let (plain, request, response) = if new < old {
        // Sending others was possible; it was invited only where the document said so.
        let request = match before.rest {
            RestFacts::Unstated if !before.properties.is_empty() => Wire::Risky,
            RestFacts::Unstated | RestFacts::Open | RestFacts::Closed | RestFacts::Typed(_) => Wire::Breaking,
        };
        (Plain::AdditionalPropertiesNarrowed, request, Wire::Safe)
    } else {
        let reads = !matches!(&before.rest, RestFacts::Typed(value) if context.old.contract.schema(value.schema).kind != JsonKind::Any);
        (Plain::AdditionalPropertiesWidened, Wire::Safe, Wire::breaking_if(!reads))
    };
    let shown = (show(context.old.contract, &before.rest), show(context.new.contract, &after.rest));
    let mut draft = Draft::new(plain, shown.0, shown.1).levels(request, response);
    if let RestFacts::Typed(value) = &after.rest {
        draft.comes = Some(value.schema);
    }
    if let RestFacts::Typed(value) = &before.rest {
        draft.goes = Some(value.schema);
    }
    local.drafts.push(draft);
}

pub(super) fn compare_items(context: &Context<'_>, local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    if !before.positions.is_empty() || !after.positions.is_empty() {
        compare_positions(context, local, before, after);
        return;
    }
    match (&before.items, &after.items) {
        (Some(old), Some(new)) => {
            compare_uses(context, local, (old, new), &Spot::part("[]"));
        }
        (Some(old), None) => {
            let name = type_name(context.old.contract, old.schema);
            local.drafts.push(Draft::new(Plain::TypeGeneralized, name, "any").levels(Wire::Safe, Wire::Breaking));
        }
        (None, Some(new)) => {
            let name = type_name(context.new.contract, new.schema);
            local.drafts.push(Draft::new(Plain::TypeSpecialized, "any", name).levels(Wire::Breaking, Wire::Safe));
        }
        (None, None) => {}
    }
}

/// Returns whether a client reads a tuple of any length, keeping what it has no type for.
fn is_open(tuple: &SchemaFacts) -> bool {
    let length = tuple.positions.len() as u64;
    let limit = |limit: Limit| tuple.limits.get(&limit).and_then(serde_json::Value::as_u64);
    let (fewest, most) = (limit(Limit::MinItems), limit(Limit::MaxItems));
    // Where items may be missing, or are one or many, it is a list.
    let is_tuple = (2..=12).contains(&length) && fewest.is_none_or(|fewest| fewest >= length);
    is_tuple && (fewest.is_none() || most.is_none_or(|most| most > length))
}

/// A tuple is read position by position. One of another length is an error only where the document says how long it is.
fn compare_positions(context: &Context<'_>, local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    let digests = |side: &super::Side<'_>, positions: &[SchemaUse]| -> Vec<u64> {
        positions.iter().map(|part| side.digests.of_use(part)).collect()
    };
    let (old, new) = (digests(&context.old, &before.positions), digests(&context.new, &after.positions));
    if old == new {
        for (index, pair) in before.positions.iter().zip(&after.positions).enumerate() {
            compare_uses(context, local, pair, &Spot::part(format!("[{index}]")));
        }
        return;
    }
    let names = |contract: &Contract, positions: &[SchemaUse]| -> Vec<String> {
        positions.iter().map(|part| type_name(contract, part.schema)).collect()
    };
    let mut pairs = before.positions.iter().zip(&after.positions);
    let is_read = (before.positions.len() == after.positions.len() || is_open(before))
        && pairs.all(|(old, new)| !breaks(context, old.schema, new.schema, Way::Response));
    let response = Wire::breaking_if(!is_read);
    let (plain, request) = if new.starts_with(&old) && !old.is_empty() {
        (Plain::PrefixItemsAdded, Wire::Risky)
    } else if old.starts_with(&new) && !new.is_empty() {
        (Plain::PrefixItemsRemoved, Wire::Risky)
    } else {
        (Plain::PrefixItemsChanged, Wire::Breaking)
    };
    let shown = (names(context.old.contract, &before.positions), names(context.new.contract, &after.positions));
    local.drafts.push(Draft::new(plain, shown.0, shown.1).levels(request, response));
}
