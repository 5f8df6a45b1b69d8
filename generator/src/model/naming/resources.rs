//! Resources: groups of operations, the names of their modules and accessors, and their mocks.

use std::collections::BTreeMap;

use crate::ir::{Api, BodyPlan, Call, MockResource, Operation, Presence, Resource};
use crate::model::RESERVED;
use crate::names::{Lock, RustIdent};

use super::IMPORTED;
use super::claims::{Claims, Wanted};

/// Module of the operations that are methods of the client itself.
const ROOT: &str = "client";
/// Largest number of arguments of a method before the body becomes a single argument.
const MOST_ARGUMENTS: usize = 6;
/// Methods that every mock server has.
const SERVER_METHODS: &[&str] = &[
    "client",
    "client_builder",
    "clock",
    "problems",
    "requests",
    "reset",
    "returns_fixtures",
    "start",
    "url",
    "verify",
];
/// Name of the mock server.
const SERVER: &str = "MockServer";

/// Groups the operations into resources, starting with those of the client itself.
pub(super) fn group_operations(api: &Api, lock: &Lock, published: &mut Lock) -> Vec<Resource> {
    let mut groups: BTreeMap<Option<&RustIdent>, Vec<usize>> = BTreeMap::new();
    for (index, operation) in api.operations.iter().enumerate() {
        groups.entry(operation.group.as_ref()).or_default().push(index);
    }
    let mut resources: Vec<Resource> =
        groups.into_iter().map(|(name, operations)| resource(api, name, operations)).collect();
    name_mocks(api, &mut resources, lock, published);
    resources
}

fn resource(api: &Api, name: Option<&RustIdent>, mut operations: Vec<usize>) -> Resource {
    operations.sort_by_key(|index| &api.operations[*index].name);
    Resource {
        name: name.cloned(),
        module: module(name),
        accessor: name.map_or_else(|| RustIdent::pascal(ROOT), accessor),
        mock: None,
        calls: operations.into_iter().map(|index| call(api, index)).collect(),
    }
}

fn call(api: &Api, index: usize) -> Call {
    let operation = &api.operations[index];
    Call {
        operation: index,
        with_body: None,
        builder: RustIdent::pascal(operation.name.as_str()),
        body: body_plan(api, operation),
        arguments: Vec::new(),
        setters: Vec::new(),
        response: None,
        error_body: None,
        mock: operation.name.clone(),
    }
}

/// Returns the name of the module of a resource.
pub(super) fn module(name: Option<&RustIdent>) -> RustIdent {
    match name {
        Some(name) if name.as_str() == ROOT || name.as_str() == "mod" => name.with_suffix("_"),
        Some(name) => name.clone(),
        None => RustIdent::snake(ROOT),
    }
}

/// Returns the name of the struct with the methods of a resource.
pub(super) fn accessor(group: &RustIdent) -> RustIdent {
    let name = RustIdent::pascal(group.as_str());
    let mut taken = RESERVED.iter().chain(IMPORTED);
    if taken.any(|taken| *taken == name.as_str()) { name.with_suffix("Calls") } else { name }
}

fn body_plan(api: &Api, operation: &Operation) -> BodyPlan {
    let Some(body) = &operation.body else { return BodyPlan::None };
    let required = operation.parameters.iter().filter(|parameter| parameter.presence == Presence::Required).count();
    match (body.presence, api.types.structure(&body.ty)) {
        (Presence::Required | Presence::Nullable, Some(structure))
            if required + structure.arguments.len() <= MOST_ARGUMENTS =>
        {
            BodyPlan::Spread
        }
        (Presence::Required | Presence::Nullable, _) => BodyPlan::Argument,
        (Presence::Optional | Presence::OptionalNullable, _) => BodyPlan::Setter,
    }
}

/// Names the methods of the mock server and the structs that they return.
fn name_mocks(api: &Api, resources: &mut [Resource], lock: &Lock, published: &mut Lock) {
    let mut methods: Vec<Wanted> = Vec::new();
    let mut structs: Vec<Wanted> = Vec::new();
    for resource in &*resources {
        match &resource.name {
            Some(name) => {
                methods.push(Wanted::new(name.as_str(), name.clone()));
                structs.push(Wanted::new(name.as_str(), resource.accessor.clone()));
            }
            None => methods.extend(resource.calls.iter().map(|call| {
                let operation = &api.operations[call.operation];
                Wanted::new(operation.key(), operation.name.clone())
            })),
        }
    }
    let mut methods = Claims::new(lock, "mock methods", SERVER_METHODS).claim(&methods, published).into_iter();
    let mut structs = Claims::new(lock, "mock structs", &[SERVER]).claim(&structs, published).into_iter();
    for resource in resources {
        match resource.name {
            Some(_) => {
                let names = methods.next().zip(structs.next());
                resource.mock = names.map(|(method, accessor)| MockResource { method, accessor });
            }
            None => resource.calls.iter_mut().zip(methods.by_ref()).for_each(|(call, name)| call.mock = name),
        }
    }
}
