//! Properties that moved into a new property of the same object, or out of one that is gone. Knows no other renames.

use serde_json::Value;

use crate::contract::{JsonKind, PropertyFacts, SchemaFacts};

use super::super::aspect::Aspect;
use super::super::level::Wire;
use super::objects::{levels_of_addition, levels_of_removal, spot};
use super::uses::{Spot, compare_uses};
use super::{Context, Draft, Local, Side};

/// An object, and its properties that the other document lacks.
type Unmatched<'a, 'l> = (&'a SchemaFacts, &'l mut Vec<&'a String>);

/// Notes properties that moved, and takes them from those that are gone and those that are new.
pub(super) fn compare_places(
    context: &Context<'_>,
    local: &mut Local,
    (before, gone): Unmatched<'_, '_>,
    (after, come): Unmatched<'_, '_>,
) {
    for (outer, property) in take_wrappers((&context.new, after, come), (&context.old, before, gone)) {
        let inside = context.new.contract.schema(property.value.schema);
        let moved = members(inside, before, &outer.inner);
        let levels = moved.iter().map(|(_, _, old)| levels_of_removal(context, old, after));
        let levels = levels.fold(levels_of_addition(context, property, before), most);
        let mut draft = outer.draft(property, levels, (outer.inner.clone().into(), outer.name.clone().into()));
        draft.comes = Some(property.value.schema);
        draft.pointers = (Some(before.place.to_string()), Some(property.value.place.to_string()));
        local.drafts.push(draft);
        for (name, new, old) in moved {
            let spot = Spot::part(format!(".{}.{name}", outer.name));
            compare_uses(context, local, (&old.value, &new.value), &spot);
        }
    }
    for (outer, property) in take_wrappers((&context.old, before, gone), (&context.new, after, come)) {
        let inside = context.old.contract.schema(property.value.schema);
        let moved = members(inside, after, &outer.inner);
        let levels = moved.iter().map(|(_, _, new)| levels_of_addition(context, new, before));
        let levels = levels.fold(levels_of_removal(context, property, after), most);
        let mut draft = outer.draft(property, levels, (outer.name.clone().into(), outer.inner.clone().into()));
        draft.goes = Some(property.value.schema);
        draft.pointers = (Some(property.value.place.to_string()), Some(after.place.to_string()));
        local.drafts.push(draft);
        for (name, old, new) in moved {
            compare_uses(context, local, (&old.value, &new.value), &Spot::part(format!(".{name}")));
        }
    }
}

/// A property that holds what the other document has beside it.
struct Wrapper {
    name: String,
    inner: Vec<String>,
}

impl Wrapper {
    fn draft(&self, property: &PropertyFacts, (request, response): (Wire, Wire), shown: (Value, Value)) -> Draft {
        let draft = Draft::new(Aspect::PropertiesMoved, shown.0, shown.1).levels(request, response);
        Draft { parts: self.inner.clone(), ..draft.at(&spot(&self.name, property)) }
    }
}

/// Returns the properties of one document that hold properties which the other document has beside them, and takes both from what is
/// left.
fn take_wrappers<'a>(
    (side, object, outer): (&Side<'_>, &'a SchemaFacts, &mut Vec<&'a String>),
    (other_side, other, left): (&Side<'_>, &SchemaFacts, &mut Vec<&String>),
) -> Vec<(Wrapper, &'a PropertyFacts)> {
    let mut found = Vec::new();
    outer.retain(|name| {
        let Some(property) = object.properties.get(*name) else { return true };
        let inside = side.contract.schema(property.value.schema);
        let is_moved = |name: &str| {
            let (Some(one), Some(two)) = (inside.properties.get(name), other.properties.get(name)) else {
                return false;
            };
            one.required == two.required && side.digests.of_use(&one.value) == other_side.digests.of_use(&two.value)
        };
        let inner: Vec<String> = left.iter().filter(|name| is_moved(name)).map(|name| (*name).clone()).collect();
        // What merely has one property of that name among others is something else.
        if inside.kind != JsonKind::Object || inner.is_empty() || 2 * inner.len() < inside.properties.len() {
            return true;
        }
        left.retain(|name| !inner.contains(name));
        found.push((Wrapper { name: (*name).clone(), inner }, property));
        false
    });
    found
}

/// Returns properties by name, as the object inside has them, and as the other document has them beside it.
fn members<'a>(
    inside: &'a SchemaFacts,
    beside: &'a SchemaFacts,
    names: &'a [String],
) -> Vec<(&'a String, &'a PropertyFacts, &'a PropertyFacts)> {
    let of = |name: &'a String| Some((name, inside.properties.get(name)?, beside.properties.get(name)?));
    names.iter().filter_map(of).collect()
}

fn most(one: (Wire, Wire), other: (Wire, Wire)) -> (Wire, Wire) {
    (one.0.max(other.0), one.1.max(other.1))
}
