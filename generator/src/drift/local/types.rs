//! Compares schemas of different JSON types.

use crate::contract::{JsonKind, SchemaFacts, SchemaId, SchemaUse};

use super::super::aspect::{Plain, Way};
use super::super::level::Wire;
use super::names::type_name;
use super::{Child, Context, Draft, Local, breaks};

pub(super) fn compare_kinds(context: &Context<'_>, local: &mut Local, before: &SchemaFacts, after: &SchemaFacts) {
    let (Some(old), Some(new)) = (context.old.contract.at(&before.place), context.new.contract.at(&after.place)) else {
        return;
    };
    let (request, response) = levels(context, (old, before), (new, after));
    let plain = match (request, response) {
        (Wire::Safe, _) => Plain::TypeGeneralized,
        (Wire::Risky | Wire::Breaking, Wire::Safe) => Plain::TypeSpecialized,
        (Wire::Risky | Wire::Breaking, Wire::Risky | Wire::Breaking) => Plain::TypeChanged,
    };
    let names = (type_name(context.old.contract, old), type_name(context.new.contract, new));
    let mut draft = Draft::new(plain, names.0, names.1).levels(request, response);
    (draft.comes, draft.goes) = (Some(new), Some(old));
    local.drafts.push(draft);
    let found = match (before.kind, after.kind) {
        (JsonKind::Union, _) => members(before).map(|member| (member.schema, new)).find(|pair| alike(context, *pair)),
        (_, JsonKind::Union) => members(after).map(|member| (old, member.schema)).find(|pair| alike(context, *pair)),
        _ => None,
    };
    if let Some((old, new)) = found {
        local.children.push(Child {
            old,
            new,
            step: String::new(),
            property: None,
            is_strict: false,
            is_optional: false,
        });
    }
}

fn members(schema: &SchemaFacts) -> impl Iterator<Item = &SchemaUse> {
    schema.unions.iter().flat_map(|union| &union.members)
}

fn alike(context: &Context<'_>, (old, new): (SchemaId, SchemaId)) -> bool {
    context.old.digests.of(old) == context.new.digests.of(new)
}

fn levels(
    context: &Context<'_>,
    (old, before): (SchemaId, &SchemaFacts),
    (new, after): (SchemaId, &SchemaFacts),
) -> (Wire, Wire) {
    let accepts = |old: SchemaId, new: SchemaId| !breaks(context, old, new, Way::Request);
    let reads = |old: SchemaId, new: SchemaId| !breaks(context, old, new, Way::Response);
    match (before.kind, after.kind) {
        (JsonKind::Any | JsonKind::Null, _) => (Wire::breaking_if(before.kind == JsonKind::Any), Wire::Safe),
        (_, JsonKind::Any) => (Wire::Safe, Wire::breaking_if(before.kind != JsonKind::Union)),
        (JsonKind::Integer, JsonKind::Number) => (Wire::Safe, Wire::Breaking),
        (JsonKind::Number, JsonKind::Integer) => (Wire::Breaking, Wire::Safe),
        (JsonKind::Union, _) => {
            let request = members(before).all(|member| accepts(member.schema, new));
            let response = members(before).any(|member| reads(member.schema, new));
            // What fits no variant is kept as it was sent.
            (Wire::breaking_if(!request), if response { Wire::Safe } else { Wire::Risky })
        }
        (_, JsonKind::Union) => {
            let request = members(after).any(|member| accepts(old, member.schema));
            let response = members(after).all(|member| reads(old, member.schema));
            (Wire::breaking_if(!request), Wire::breaking_if(!response))
        }
        (
            JsonKind::String
            | JsonKind::Integer
            | JsonKind::Number
            | JsonKind::Boolean
            | JsonKind::Array
            | JsonKind::Object,
            _,
        ) => (Wire::Breaking, Wire::Breaking),
    }
}
