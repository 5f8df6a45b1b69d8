//! Order of constructor arguments. Knows nothing about how constructors are emitted.

use crate::names::Lock;

use crate::ir::{Direction, Kind, Presence, Requirement, Struct, Types};

/// Decides the order of each constructor's arguments. The lock preserves it, because properties that swap places
/// upstream must not swap the arguments of a function that takes two strings.
pub(super) fn order_constructor_arguments(types: &mut Types, lock: &Lock, published: &mut Lock) {
    for def in &mut types.0 {
        let Kind::Struct(structure) = &mut def.kind else { continue };
        let mut order = needed(structure);
        if let Some(locked) = lock.arguments.get(&def.identity) {
            let rank = |index: &usize| {
                let wire = structure.fields.get(*index).map(|field| field.wire.0.as_str()).unwrap_or_default();
                locked.iter().position(|name| name == wire).unwrap_or(locked.len())
            };
            order.sort_by_key(rank);
        }
        if order.len() > 1 && def.usage.request {
            let names = order.iter().filter_map(|index| structure.fields.get(*index)).map(|field| field.wire.0.clone());
            published.arguments.insert(def.identity.clone(), names.collect());
        }
        structure.arguments = order;
    }
}

fn needed(structure: &Struct) -> Vec<usize> {
    let needed = structure.fields.iter().enumerate().filter(|(_, field)| {
        // What only requests contain is needed to make one, even if its type is optional for responses.
        let sent = field.direction == Direction::Request && field.requirement == Requirement::Required;
        (sent || matches!(field.presence, Presence::Required | Presence::Nullable)) && field.constant().is_none()
    });
    needed.map(|(index, _)| index).collect()
}
