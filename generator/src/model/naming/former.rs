//! Names that items had before others took over, as the lock keeps them: aliases for one release. What has such a name by now keeps
//! it, and the alias is left out.

use std::collections::BTreeSet;

use crate::ir::{
    Api, Call, FormerCall, FormerMember, FormerName, FormerNames, FormerParameter, Kind, MockResource, Resource,
    Target, TypeDef,
};
use crate::names::{Lock, RustIdent};

use super::super::operations::{CLIENT_METHODS, split};
use super::builders::METHODS as BUILDER;
use super::methods::with_body_name;
use super::resources::{accessor, module};
use super::{CLIENT, METHODS};

/// Returns the former names whose items are still there.
pub(in crate::model) fn find_former_names(api: &Api, lock: &Lock) -> FormerNames {
    let calls = former_calls(api, lock);
    FormerNames {
        types: former_types(api, lock),
        members: former_members(api, lock),
        parameters: former_parameters(api, lock),
        resources: gone_resources(api, &calls),
        calls,
    }
}

fn former_types(api: &Api, lock: &Lock) -> Vec<FormerName> {
    let mut found = Vec::new();
    for (identity, former) in &lock.former {
        let types = &api.types;
        let is_taken = types.0.iter().any(|def| def.name.as_str() == former.name);
        let now = types.ids().find(|id| types.get(*id).identities().any(|known| known == identity));
        if let (Some(now), Some(name), false) = (now, RustIdent::verbatim(&former.name), is_taken) {
            found.push(FormerName { name, now });
        }
    }
    found.sort_by(|one, other| one.name.cmp(&other.name));
    found
}

fn former_members(api: &Api, lock: &Lock) -> Vec<FormerMember> {
    let mut found = Vec::new();
    for (scope, key, name) in members(lock) {
        let (identity, kind) = scope.rsplit_once(' ').unwrap_or((scope, ""));
        let Some(owner) = api.types.ids().find(|id| api.types.get(*id).identity == identity) else { continue };
        let parts = parts_of(api.types.get(owner), kind);
        let is_taken = parts.iter().any(|(_, known)| *known == name);
        if let (Some(index), false) = (parts.iter().position(|(wire, _)| *wire == key), is_taken) {
            found.push(FormerMember { name, owner, index });
        }
    }
    found
}

/// Returns the parts of a type that may have had other names: what they are on the wire, and in Rust.
fn parts_of<'a>(def: &'a TypeDef, kind: &str) -> Vec<(&'a str, RustIdent)> {
    match (&def.kind, kind) {
        (Kind::Enumeration(known), "values") => {
            let unknown = std::iter::once(("", RustIdent::pascal("Unknown")));
            known.values.iter().map(|value| (value.wire.as_str(), value.name.clone())).chain(unknown).collect()
        }
        (Kind::Struct(structure), "fields") => {
            structure.fields.iter().map(|field| (field.wire.0.as_str(), field.name.clone())).collect()
        }
        (Kind::Enumeration(_) | Kind::Struct(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_), _) => Vec::new(),
    }
}

fn former_parameters(api: &Api, lock: &Lock) -> Vec<FormerParameter> {
    let mut found = Vec::new();
    for (scope, key, name) in members(lock) {
        let Some(operation_key) = scope.strip_suffix(" parameters") else { continue };
        let Some(operation) = api.operations.iter().position(|operation| operation.key() == operation_key) else {
            continue;
        };
        let Some((_, call)) = api.call(operation) else { continue };
        let is_named = |wire: &str| wire == key;
        let parameters = api.operations.get(operation).map(|operation| operation.parameters.as_slice());
        let parameter = parameters.unwrap_or_default().iter().position(|parameter| is_named(&parameter.wire.0));
        let parameter = parameter.filter(|index| setter_of(call, Target::Parameter(*index)).is_some());
        if let (Some(parameter), false) = (parameter, has_setter(call, &name)) {
            found.push(FormerParameter { name, operation, parameter });
        }
    }
    found
}

/// Returns the setter of a builder for a target.
fn setter_of(call: &Call, target: Target) -> Option<&RustIdent> {
    call.setters.iter().find(|setter| setter.target == target).map(|setter| &setter.name)
}

/// Returns whether a builder has a method of this name.
fn has_setter(call: &Call, name: &RustIdent) -> bool {
    call.setters.iter().any(|setter| setter.name == *name) || BUILDER.contains(&name.as_str())
}

/// Returns the former names of members: scope, key and name.
fn members(lock: &Lock) -> impl Iterator<Item = (&str, &str, RustIdent)> {
    let scopes = lock.former_members.iter().filter(|(scope, _)| *scope != Lock::OPERATIONS);
    scopes.flat_map(|(scope, names)| {
        names
            .iter()
            .filter_map(move |(key, former)| Some((scope.as_str(), key.as_str(), RustIdent::verbatim(&former.name)?)))
    })
}

/// A name in a resource; methods and types have different cases.
type Claimed = (Option<RustIdent>, RustIdent);

/// Returns the names that resources have.
fn claimed(api: &Api) -> BTreeSet<Claimed> {
    let mut claimed: BTreeSet<Claimed> = BTreeSet::new();
    claimed.extend(CLIENT_METHODS.iter().map(|name| (None, RustIdent::snake(name))));
    for resource in &api.resources {
        claimed.insert((resource.name.clone(), resource.accessor.clone()));
        claimed.extend(resource.name.iter().map(|name| (None, name.clone())));
    }
    for (resource, call) in api.calls() {
        let operation = &api.operations[call.operation];
        let methods = [Some(&operation.name), call.with_body.as_ref(), operation.attach()];
        let types = [Some(&call.builder), call.response.as_ref(), call.error_body.as_ref()];
        let names = methods.into_iter().chain(types).flatten();
        claimed.extend(names.map(|name| (resource.name.clone(), name.clone())));
    }
    claimed
}

fn former_calls(api: &Api, lock: &Lock) -> Vec<FormerCall> {
    let mut claimed = claimed(api);
    let named = lock.former_members.get(Lock::OPERATIONS).into_iter().flatten();
    let mut found = Vec::new();
    for (key, former) in named {
        let Some(operation) = api.operations.iter().position(|operation| operation.key() == *key) else { continue };
        let Some((resource, call)) = api.call(operation) else { continue };
        let (group, method) = split(&former.name);
        let before = Before { lock, key, group: group.as_ref() };
        let is_gone = |name: &RustIdent| !api.resources.iter().any(|resource| resource.name.as_ref() == Some(name));
        // The method of the client that returned a resource may be the name of a call.
        let mut others = found.iter().map(|other: &FormerCall| &other.resource);
        if let Some(name) =
            group.as_ref().filter(|name| is_gone(name) && !others.any(|other| other.as_ref() == Some(*name)))
            && !claimed.insert((None, name.clone()))
        {
            continue;
        }
        let mut free = |name: Option<RustIdent>| name.filter(|name| claimed.insert((group.clone(), name.clone())));
        let Some(method) = free(Some(method)) else { continue };
        let builder = before.builder(&method);
        let has_moved = resource.name != group;
        let differs =
            |old: RustIdent, now: Option<&RustIdent>| now.filter(|now| has_moved || **now != old).map(|_| old);
        found.push(FormerCall {
            operation,
            with_body: free(call.with_body.as_ref().map(|_| before.with_body(&method))),
            attach: free(api.operations[operation].attach().and_then(|now| before.attach(now))),
            response: free(differs(before.beside(&builder, "Response"), call.response.as_ref())),
            error_body: free(differs(before.beside(&builder, "ErrorBody"), call.error_body.as_ref())),
            builder: free(differs(builder, Some(&call.builder))),
            resource: group,
            method,
        });
    }
    found
}

/// The names around an operation, in the resource that it belonged to.
struct Before<'a> {
    lock: &'a Lock,
    key: &'a str,
    group: Option<&'a RustIdent>,
}

impl Before<'_> {
    fn locked(&self, scope: &str, suffix: &str) -> Option<RustIdent> {
        let owner = self.group.map_or(CLIENT, RustIdent::as_str);
        let names = self.lock.members.get(&format!("{owner}{scope}"))?;
        RustIdent::verbatim(names.get(&format!("{}{suffix}", self.key))?)
    }

    fn builder(&self, method: &RustIdent) -> RustIdent {
        self.locked(" builders", "").unwrap_or_else(|| RustIdent::pascal(method.as_str()))
    }

    fn beside(&self, builder: &RustIdent, suffix: &str) -> RustIdent {
        self.locked(" builders", &format!(" {suffix}")).unwrap_or_else(|| builder.with_suffix(suffix))
    }

    fn with_body(&self, method: &RustIdent) -> RustIdent {
        self.locked(METHODS, " with").unwrap_or_else(|| with_body_name(method))
    }

    /// The method that polls is always in the lock.
    fn attach(&self, now: &RustIdent) -> Option<RustIdent> {
        self.locked(METHODS, " attach").or_else(|| Some(now.clone()))
    }
}

/// Returns the resources of former calls that no operation belongs to any more.
fn gone_resources(api: &Api, calls: &[FormerCall]) -> Vec<Resource> {
    let names: BTreeSet<&RustIdent> = calls.iter().filter_map(|call| call.resource.as_ref()).collect();
    let gone = |name: &&RustIdent| !api.resources.iter().any(|resource| resource.name.as_ref() == Some(name));
    let resource = |name: &RustIdent| Resource {
        name: Some(name.clone()),
        module: module(Some(name)),
        accessor: accessor(name),
        mock: Some(MockResource { method: name.clone(), accessor: accessor(name) }),
        calls: Vec::new(),
    };
    names.into_iter().filter(gone).map(resource).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::model::build;
    use crate::names::{Former, Lock};
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn alias_gives_way_to_what_has_its_name() {
        let call = |tag: &str, id: &str| json!({"tags": [tag], "operationId": id, "responses": {}});
        let document = json!({"openapi": "3.0.3", "paths": {
            "/a": {"get": call("jobs", "start"), "put": call("jobs", "stop"), "post": call("", "runs"), "patch": call("", "x")},
        }});
        let rows = [
            ("GET /a", "jobs.stop", None),
            ("GET /a", "runs.create", None),
            ("GET /a", "base_url", None),
            ("GET /a", "jobs", None),
            ("GET /a", "jobs.create", Some((Some("jobs"), "create", Some("Create")))),
            ("GET /a", "items.start", Some((Some("items"), "start", Some("Start")))),
            ("PATCH /a", "jobs.jobs", Some((Some("jobs"), "jobs", None))),
            ("DELETE /a", "jobs.gone", None),
        ];
        for (key, old, expected) in rows {
            let mut lock = Lock::default();
            let former = Former { name: old.to_owned(), released: None };
            lock.former_members.entry(Lock::OPERATIONS.to_owned()).or_default().insert(key.to_owned(), former);
            let modelled = build(&normalize_document(document.clone()), &Profile::default(), &lock);
            let found = modelled.api.former.calls.first().map(|call| {
                let resource = call.resource.as_ref().map(|name| name.as_str());
                (resource, call.method.as_str(), call.builder.as_ref().map(|name| name.as_str()))
            });
            assert_eq!(found, expected, "{key} {old}");
            assert_eq!(modelled.lock.former_members, lock.former_members);
        }
    }
}
