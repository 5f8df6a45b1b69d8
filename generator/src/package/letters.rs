//! Whether names of an API have letters that the compiler warns of: of more than one script, easy to confuse, or without upper
//! and lower case.

use crate::ir::{Api, Kind, TypeDef};
use crate::profile::Profile;

/// Whether any name in Rust has other letters than those of ASCII.
pub(super) fn foreign_letters(api: &Api, profile: &Profile) -> bool {
    let foreign = |name: &str| !name.is_ascii();
    let calls = api.operations.iter().any(|operation| {
        foreign(operation.flat_name().as_str()) || operation.parameters.iter().any(|item| foreign(item.name.as_str()))
    });
    let events = api.webhooks.iter().any(|webhook| foreign(&webhook.event));
    let variables = profile.servers.iter().flat_map(|server| &server.variables).map(|variable| &variable.name);
    let servers = profile.servers.iter().map(|server| &server.name).chain(variables);
    let deployments = profile.environments.iter().map(|environment| &environment.name).chain(servers);
    let policy = deployments.chain(profile.headers.iter().map(|header| &header.setter)).any(|name| foreign(name));
    calls || events || policy || api.types.0.iter().any(|def| foreign(def.name.as_str()) || within(def))
}

fn within(def: &TypeDef) -> bool {
    let foreign = |name: &crate::names::RustIdent| !name.as_str().is_ascii();
    match &def.kind {
        Kind::Struct(structure) => structure.fields.iter().any(|field| foreign(&field.name)),
        Kind::Enumeration(enumeration) => enumeration.values.iter().any(|value| foreign(&value.name)),
        Kind::Union(union) => union.variants.iter().any(|variant| foreign(&variant.name)),
        Kind::Alias(_) | Kind::Wrapper(_) => false,
    }
}
