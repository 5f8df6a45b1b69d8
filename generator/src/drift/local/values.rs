//! Compares what restricts plain values: enumerations, bounds, patterns, formats.

use serde_json::Value;

use crate::contract::{JsonKind, Limit, SchemaFacts, Values};

use super::super::aspect::{Aspect, Move, Plain};
use super::super::level::Wire;
use super::numbers::compare_numbers;
use super::{Draft, Local};

pub(super) fn compare_values(local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    compare_lists(local, before.values.as_ref(), after.values.as_ref());
    compare_limits(local, before, after);
    compare_patterns(local, before, after);
    if before.format != after.format {
        local.drafts.push(format_draft(before, after));
    }
}

fn compare_lists(local: &mut Local, before: Option<&Values>, after: Option<&Values>) {
    let show = |values: &Values| Value::Array(values.list.clone());
    match (before, after) {
        (None, None) => {}
        (None, Some(after)) => {
            let draft = Draft::new(Plain::BecameEnum, Value::Null, show(after));
            local.drafts.push(draft.levels(Wire::breaking_if(!after.is_open), Wire::Safe));
        }
        (Some(before), None) => local.drafts.push(Draft::new(Plain::EnumRemoved, show(before), Value::Null)),
        (Some(before), Some(after)) => compare_lists_of_values(local, before, after),
    }
}

fn compare_lists_of_values(local: &mut Local, before: &Values, after: &Values) {
    let missing = |from: &Values, other: &Values| -> Vec<Value> {
        from.list.iter().filter(|value| !other.list.contains(value)).cloned().collect()
    };
    let (removed, added) = (missing(before, after), missing(after, before));
    let restricts = |values: &Values| !values.is_open;
    if let ([old], [new]) = (before.list.as_slice(), after.list.as_slice())
        && !added.is_empty()
    {
        let draft = Draft::new(Plain::ConstChanged, old.clone(), new.clone());
        local.drafts.push(draft.levels(Wire::breaking_if(restricts(after)), Wire::Risky));
        return;
    }
    if !added.is_empty() {
        local.drafts.push(Draft::new(Plain::EnumValueAdded, Value::Null, Value::Array(added)));
    }
    if !removed.is_empty() {
        let draft = Draft::new(Plain::EnumValueRemoved, Value::Array(removed), Value::Null);
        local.drafts.push(draft.levels(Wire::breaking_if(restricts(after)), Wire::Safe));
    }
    if before.is_open && restricts(after) {
        let draft = Draft::new(Plain::BecameEnum, Value::Null, Value::Array(after.list.clone()));
        local.drafts.push(draft.levels(Wire::Breaking, Wire::Safe));
    }
    if restricts(before) && after.is_open {
        local.drafts.push(Draft::new(Plain::EnumRemoved, Value::Array(before.list.clone()), Value::Null));
    }
}

fn compare_limits(local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    for limit in Limit::ALL {
        let (old, new) = (before.limits.get(&limit), after.limits.get(&limit));
        let movement = match (old, new) {
            (None, None) => continue,
            (None, Some(_)) => Move::Set,
            (Some(_), None) => Move::Unset,
            (Some(old), Some(new)) => match compare_numbers(old, new) {
                Some(std::cmp::Ordering::Less) => Move::Increased,
                Some(std::cmp::Ordering::Greater) => Move::Decreased,
                Some(std::cmp::Ordering::Equal) | None => continue,
            },
        };
        let narrows = match movement {
            Move::Set => true,
            Move::Unset => false,
            Move::Increased => limit.is_lower(),
            Move::Decreased => !limit.is_lower(),
        };
        let show = |value: Option<&Value>| value.cloned().unwrap_or(Value::Null);
        let draft = Draft::new(Aspect::Bound(limit, movement), show(old), show(new));
        // What the client sent before may be out of bounds now; what it reads is not checked.
        local.drafts.push(draft.levels(Wire::breaking_if(narrows), Wire::Safe));
    }
}

fn compare_patterns(local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    let (plain, request) = match (&before.pattern, &after.pattern) {
        (None, None) => return,
        (None, Some(_)) => (Plain::PatternAdded, Wire::Breaking),
        (Some(_), None) => (Plain::PatternRemoved, Wire::Safe),
        (Some(old), Some(new)) if old == new => return,
        (Some(_), Some(_)) => (Plain::PatternChanged, Wire::Breaking),
    };
    let draft = Draft::new(plain, before.pattern.clone(), after.pattern.clone());
    local.drafts.push(draft.levels(request, Wire::Safe));
}

fn format_draft(before: &SchemaFacts, after: &SchemaFacts) -> Draft {
    let draft = Draft::new(Plain::FormatChanged, before.format.clone(), after.format.clone());
    if before.kind == JsonKind::Integer {
        let (old, new) = (range(before.format.as_deref()), range(after.format.as_deref()));
        let within = |inner: (i128, i128), outer: (i128, i128)| outer.0 <= inner.0 && inner.1 <= outer.1;
        // The old client reads and writes what its type holds.
        return draft.levels(Wire::breaking_if(!within(old, new)), Wire::breaking_if(!within(new, old)));
    }
    // Servers may check formats of strings; the precision of a number is no restriction.
    let is_checked = before.kind == JsonKind::String && after.format.is_some();
    draft.levels(if is_checked { Wire::Risky } else { Wire::Safe }, Wire::Safe)
}

/// Returns the least and the greatest number of an integer format, as clients hold it.
fn range(format: Option<&str>) -> (i128, i128) {
    match format {
        Some("int32") => (i128::from(i32::MIN), i128::from(i32::MAX)),
        Some("uint32") => (0, i128::from(u32::MAX)),
        Some("uint64") => (0, i128::from(u64::MAX)),
        Some(_) | None => (i128::from(i64::MIN), i128::from(i64::MAX)),
    }
}
