//! Objects that may have any properties in one document and have stated ones in the other: one change, not one for each property.
//! Knows nothing of other objects.

use crate::contract::{Contract, JsonKind, PropertyFacts, RestFacts, SchemaFacts, SchemaId};

use super::super::aspect::Plain;
use super::super::level::Wire;
use super::{Context, Draft, Local};

/// Properties that are named before the others are left out.
const SHOWN: usize = 6;

/// Notes that an object became free or got stated properties; returns whether it did.
pub(super) fn compare_freedom(
    context: &Context<'_>,
    local: &mut Local,
    before: &SchemaFacts,
    after: &SchemaFacts,
) -> bool {
    let is_object = before.kind == JsonKind::Object && after.kind == JsonKind::Object;
    let (was, is) = (is_free(before), is_free(after));
    let stated = if was { after } else { before };
    if !is_object || was == is || stated.properties.is_empty() {
        return false;
    }
    let schemas = || -> Vec<SchemaId> { stated.properties.values().map(|property| property.value.schema).collect() };
    let mut draft = if was {
        let is_restricted = |property: &PropertyFacts| property.required || is_typed(context.new.contract, property);
        let request = Wire::breaking_if(after.properties.values().any(is_restricted));
        let draft = Draft::new(Plain::TypeSpecialized, shown(before), shown(after)).levels(request, Wire::Safe);
        Draft { brings: schemas(), ..draft }
    } else {
        let is_relied_on =
            |property: &PropertyFacts| property.is_relied_on() || is_typed(context.old.contract, property);
        let response = Wire::breaking_if(before.properties.values().any(is_relied_on));
        let draft = Draft::new(Plain::TypeGeneralized, shown(before), shown(after)).levels(Wire::Safe, response);
        Draft { takes: schemas(), ..draft }
    };
    draft.parts = stated.properties.keys().cloned().collect();
    local.drafts.push(draft);
    true
}

/// Returns whether an object may have any properties, and lists none. An empty list is one that lost its last property.
fn is_free(schema: &SchemaFacts) -> bool {
    let is_open = matches!(schema.rest, RestFacts::Unstated | RestFacts::Open);
    is_open && !schema.lists_properties && schema.properties.is_empty() && schema.unions.is_empty()
}

fn is_typed(contract: &Contract, property: &PropertyFacts) -> bool {
    contract.schema(property.value.schema).kind != JsonKind::Any
}

fn shown(schema: &SchemaFacts) -> String {
    if schema.properties.is_empty() {
        return "object with any properties".to_owned();
    }
    let names: Vec<&str> = schema.properties.keys().take(SHOWN).map(String::as_str).collect();
    let more = if schema.properties.len() > SHOWN { ", …" } else { "" };
    format!("object with {}{more}", names.join(", "))
}
