//! Methods of a resource in addition to those of its operations: methods that take a complete body or poll a run by its
//! ID.

use crate::ir::{Api, BodyPlan, Operation, Role};
use crate::names::{Lock, RustIdent};

use super::claims::{Claims, Wanted};
use super::{CLIENT, METHODS};

/// Names these methods. Operations take precedence for the same name.
pub(super) fn name_methods(api: &mut Api, lock: &Lock, published: &mut Lock) {
    let Api { operations, resources, .. } = api;
    for resource in resources {
        let owner = format!("{}{METHODS}", resource.name.as_ref().map_or(CLIENT, RustIdent::as_str));
        let own = resource.calls.iter().filter_map(|call| operations.get(call.operation));
        let own: Vec<String> = own.map(|operation| operation.name.to_string()).collect();
        let own: Vec<&str> = own.iter().map(String::as_str).collect();
        let mut claims = Claims::new(lock, owner, &own);
        let spread: Vec<usize> =
            (0..resource.calls.len()).filter(|place| resource.calls[*place].body == BodyPlan::Spread).collect();
        let wanted: Vec<Wanted> =
            spread.iter().map(|place| with_body(&operations[resource.calls[*place].operation])).collect();
        for (place, name) in spread.into_iter().zip(claims.claim(&wanted, published)) {
            resource.calls[place].with_body = Some(name);
        }
        let polled: Vec<usize> = resource
            .calls
            .iter()
            .map(|call| call.operation)
            .filter(|index| attach(&mut operations[*index]).is_some())
            .collect();
        let wanted: Vec<Wanted> = polled.iter().filter_map(|index| attached(&mut operations[*index])).collect();
        for (index, name) in polled.into_iter().zip(claims.claim(&wanted, published)) {
            attach(&mut operations[index]).into_iter().for_each(|attach| attach.clone_from(&name));
        }
    }
}

fn with_body(operation: &Operation) -> Wanted {
    let name = with_body_name(&operation.name);
    Wanted::new(format!("{} with", operation.key()), name.clone()).or(name.with_suffix("_body"))
}

/// Returns the preferred name of the method that takes a complete body.
pub(in crate::model) fn with_body_name(operation: &RustIdent) -> RustIdent {
    RustIdent::snake(&format!("{operation} with"))
}

fn attached(operation: &mut Operation) -> Option<Wanted> {
    let key = format!("{} attach", operation.key());
    let name = attach(operation)?.clone();
    let fallback = name.with_suffix("_run");
    Some(Wanted::new(key, name).or(fallback).recorded())
}

/// Returns the name of the method that polls the run or batch whose state the operation returns.
fn attach(operation: &mut Operation) -> Option<&mut RustIdent> {
    match operation.role.as_mut()? {
        Role::State(state) => Some(&mut state.attach),
        Role::Batch(batch) => Some(&mut batch.attach),
        Role::Start(_) => None,
    }
}
