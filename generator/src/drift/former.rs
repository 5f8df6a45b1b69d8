//! Deprecated aliases of a client, and what each stands for.

use crate::ir::{Api, Call, FormerCall, FormerMember, Kind, Resource, Target};
use crate::names::RustIdent;

/// Returns the path of each alias, with the path of the item that it stands for.
pub(super) fn former_paths(api: &Api) -> Vec<(String, String)> {
    let of_type = |former: &crate::ir::FormerName| {
        (format!("types::{}", former.name), format!("types::{}", api.types.get(former.now).name))
    };
    let mut found: Vec<(String, String)> = api.former.types.iter().map(of_type).collect();
    api.former.members.iter().for_each(|former| add_member(&mut found, api, former));
    for former in &api.former.parameters {
        if let Some((resource, call)) = api.call(former.operation) {
            add_setter(&mut found, (resource, call), &former.name, Target::Parameter(former.parameter));
        }
    }
    api.former.calls.iter().for_each(|former| add_call(&mut found, api, former));
    for resource in &api.former.resources {
        add_resource(&mut found, api, resource);
    }
    found
}

fn add_member(found: &mut Vec<(String, String)>, api: &Api, former: &FormerMember) {
    let def = api.types.get(former.owner);
    let owner = format!("types::{}", def.name);
    match &def.kind {
        Kind::Enumeration(known) => {
            let value = known.values.get(former.index);
            found.extend(value.map(|value| (format!("{owner}::{}", former.name), format!("{owner}::{}", value.name))));
        }
        Kind::Struct(structure) => {
            let setter = structure.setters.iter().find(|setter| setter.field == former.index);
            found.extend(
                setter.map(|setter| (format!("{owner}::with_{}", former.name), format!("{owner}::{}", setter.name))),
            );
            for (resource, call) in api.calls() {
                let body = api.operations.get(call.operation).and_then(|operation| operation.body.as_ref());
                if body.and_then(|body| api.types.resolve(&body.ty).named()) == Some(former.owner) {
                    add_setter(found, (resource, call), &former.name, Target::Property(former.index));
                }
            }
        }
        Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => {}
    }
}

fn add_setter(
    found: &mut Vec<(String, String)>,
    (resource, call): (&Resource, &Call),
    old: &RustIdent,
    target: Target,
) {
    let builder = format!("resources::{}::{}", resource.module, call.builder);
    let setter = call.setters.iter().find(|setter| setter.target == target);
    found.extend(setter.map(|setter| (format!("{builder}::{old}"), format!("{builder}::{}", setter.name))));
}

/// Returns the path of the struct with the methods of a resource.
fn accessor(resource: &Resource) -> String {
    match resource.name {
        Some(_) => format!("resources::{}::{}", resource.module, resource.accessor),
        None => resource.accessor.to_string(),
    }
}

fn add_call(found: &mut Vec<(String, String)>, api: &Api, former: &FormerCall) {
    let Some((now, call)) = api.call(former.operation) else { return };
    let Some(operation) = api.operations.get(former.operation) else { return };
    let mut resources = api.resources.iter().chain(&api.former.resources);
    let Some(before) = resources.find(|resource| resource.name == former.resource) else { return };
    for (old, new) in former.renamed_methods(operation, call) {
        let (from, to) = (accessor(before), accessor(now));
        if before.name.is_none() {
            let place = if now.name.is_none() { "blocking::" } else { "" };
            found.push((format!("blocking::{from}::{old}"), format!("{place}{to}::{new}")));
        }
        found.push((format!("{from}::{old}"), format!("{to}::{new}")));
    }
    for (old, new) in former.renamed_types(call) {
        found.push((format!("resources::{}::{old}", before.module), format!("resources::{}::{new}", now.module)));
    }
    let mock = |resource: &Resource, name: &RustIdent| match &resource.mock {
        Some(mock) => format!("testing::mocks::{}::{name}", mock.accessor),
        None => format!("testing::MockServer::{name}"),
    };
    found.push((mock(before, &former.method), mock(now, &call.mock)));
}

/// Adds a resource whose calls all went to one other.
fn add_resource(found: &mut Vec<(String, String)>, api: &Api, gone: &Resource) {
    let calls = api.former.calls_of(gone).filter_map(|former| api.call(former.operation));
    let mut targets: Vec<&Resource> = calls.map(|(resource, _)| resource).collect();
    targets.dedup_by(|one, other| one.name == other.name);
    let ([now], Some(old)) = (targets.as_slice(), &gone.name) else { return };
    let Some(new) = &now.name else { return };
    found.push((accessor(gone), accessor(now)));
    found.push((format!("resources::{}", gone.module), format!("resources::{}", now.module)));
    for owner in ["Client", "blocking::Client"] {
        found.push((format!("{owner}::{old}"), format!("{owner}::{new}")));
    }
    if let (Some(before), Some(after)) = (&gone.mock, &now.mock) {
        found.push((
            format!("testing::MockServer::{}", before.method),
            format!("testing::MockServer::{}", after.method),
        ));
    }
}
