//! Which values the functions of a client return. Knows one client only.

use crate::ir::{Api, Kind, Response, Role, Type};

use super::super::former::former_paths;
use super::migration::Values;

/// Returns what is known of the values of a client.
pub(super) fn values_of(api: &Api) -> Values {
    let mut values = Values::default();
    for (resource, call) in api.calls() {
        let Some(operation) = api.operations.get(call.operation) else { continue };
        let module = format!("resources::{}", resource.module);
        let accessor = match &resource.name {
            Some(name) => {
                let path = format!("{module}::{}", resource.accessor);
                values.methods.insert(("Client".to_owned(), name.source()), path.clone());
                path
            }
            None => "Client".to_owned(),
        };
        let builder = format!("{module}::{}", call.builder);
        for name in std::iter::once(&operation.name).chain(&call.with_body) {
            values.methods.insert((accessor.clone(), name.source()), builder.clone());
        }
        for setter in &call.setters {
            values.methods.insert((builder.clone(), setter.name.source()), builder.clone());
        }
        if let Response::Json(ty) = &operation.response
            && let Some(path) = path_of(api, ty)
        {
            values.responses.insert(builder.clone(), path);
        }
        if let Some(Role::Start(start)) = &operation.role
            && let Some(Response::Json(ty)) = api.operations.get(start.polled_by).map(|polled| &polled.response)
            && let Some(path) = path_of(api, ty)
        {
            values.methods.insert((builder, "wait".to_owned()), path);
        }
    }
    add_types(&mut values, api);
    add_former(&mut values, api);
    values
}

/// Adds deprecated aliases, which return what the items that they stand for do.
fn add_former(values: &mut Values, api: &Api) {
    for (alias, now) in former_paths(api) {
        let (Some((owner, name)), Some((now_owner, now_name))) = (alias.rsplit_once("::"), now.rsplit_once("::"))
        else {
            continue;
        };
        if let Some(result) = values.methods.get(&(now_owner.to_owned(), now_name.to_owned())).cloned() {
            values.methods.insert((owner.to_owned(), name.to_owned()), result);
        }
    }
    for resource in &api.former.resources {
        let accessor = format!("resources::{}::{}", resource.module, resource.accessor);
        values
            .methods
            .extend(resource.name.iter().map(|name| (("Client".to_owned(), name.source()), accessor.clone())));
    }
}

fn add_types(values: &mut Values, api: &Api) {
    for def in &api.types.0 {
        let path = format!("types::{}", def.name);
        let Kind::Struct(structure) = &def.kind else { continue };
        for field in &structure.fields {
            if let Some(ty) = path_of(api, &field.ty) {
                values.fields.insert((path.clone(), field.name.source()), ty);
            }
        }
        let setters = structure.setters.iter().flat_map(|setter| std::iter::once(&setter.name).chain(&setter.null));
        let own = setters.map(|name| name.source()).chain(["new".to_owned(), "clone".to_owned()]);
        for name in own {
            values.methods.insert((path.clone(), name), path.clone());
        }
    }
}

/// Returns the path of a named type.
fn path_of(api: &Api, ty: &Type) -> Option<String> {
    ty.named().map(|id| format!("types::{}", api.types.get(id).name))
}
