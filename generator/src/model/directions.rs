//! Properties that are sent in one direction only: `readOnly` and `writeOnly`.
//!
//! A type serves both directions. What only responses contain is therefore not needed to make a value, and what only
//! requests contain may be missing from a response.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::ir::{Direction, Kind, Presence, Property, Requirement, Type, TypeId, Types};
use crate::pointer::Pointer;

use super::references::{follow_once, reference_of};
use super::schema::list;

/// Levels of references and `allOf` before a cycle is assumed.
const LIMIT: usize = 16;

/// Returns the direction of a property: its own keywords decide, or those of a schema that it refers to or includes.
pub(super) fn direction(document: &Value, schema: &Value, place: &Pointer) -> Direction {
    let says = |keyword| says(document, schema, place, keyword, LIMIT);
    match (says("readOnly"), says("writeOnly")) {
        (true, false) => Direction::Response,
        (false, true) => Direction::Request,
        (true, true) | (false, false) => Direction::Both,
    }
}

fn says(document: &Value, schema: &Value, place: &Pointer, keyword: &str, limit: usize) -> bool {
    let Some(limit) = limit.checked_sub(1) else { return false };
    let Some(map) = schema.as_object() else { return false };
    if let Some(reference) = reference_of(schema) {
        let target = follow_once(document, reference, place);
        return target.is_ok_and(|target| says(document, target.value, &target.place, keyword, limit));
    }
    let mut members = list(map, "allOf").unwrap_or_default().iter();
    map.get(keyword) == Some(&Value::Bool(true)) || members.any(|member| says(document, member, place, keyword, limit))
}

/// Adapts the presence of properties that are sent in one direction to the directions of their types.
pub(super) fn apply_directions(types: &mut Types, sent: &BTreeSet<TypeId>, received: &BTreeSet<TypeId>) {
    for id in types.ids() {
        let Kind::Struct(structure) = &mut types.0[id.0].kind else { continue };
        for field in &mut structure.fields {
            let is_absent = match field.direction {
                Direction::Response => sent.contains(&id),
                // A type that nothing sends is read, if anything uses it.
                Direction::Request => received.contains(&id) || !sent.contains(&id),
                Direction::Both => false,
            };
            if is_absent && field.requirement == Requirement::Required {
                field.presence = may_be_absent(field);
            }
        }
    }
}

fn may_be_absent(field: &Property) -> Presence {
    match field.presence {
        Presence::Required if field.ty == Type::Any => Presence::OptionalNullable,
        Presence::Required | Presence::Optional => Presence::Optional,
        Presence::Nullable | Presence::OptionalNullable => Presence::OptionalNullable,
    }
}
