//! Determines whether names of an API trigger compiler lints on identifiers: mixed scripts, confusable letters, letters without case.
//! Must not know how the lints are allowed.

use crate::ir::{Api, Kind, TypeDef};
use crate::profile::Profile;

/// Returns whether any Rust name contains non-ASCII letters.
pub(super) fn has_non_ascii_names(api: &Api, profile: &Profile) -> bool {
    let non_ascii = |name: &str| !name.is_ascii();
    let calls = api.operations.iter().any(|operation| {
        non_ascii(operation.flat_name().as_str())
            || operation.parameters.iter().any(|item| non_ascii(item.name.as_str()))
    });
    let events = api.webhooks.iter().any(|webhook| non_ascii(&webhook.event));
    let variables = profile.servers.iter().flat_map(|server| &server.variables).map(|variable| &variable.name);
    let servers = profile.servers.iter().map(|server| &server.name).chain(variables);
    let deployments = profile.environments.iter().map(|environment| &environment.name).chain(servers);
    let policy = deployments.chain(profile.headers.iter().map(|header| &header.setter)).any(|name| non_ascii(name));
    calls
        || events
        || policy
        || api.types.0.iter().any(|def| non_ascii(def.name.as_str()) || has_non_ascii_members(def))
}

fn has_non_ascii_members(def: &TypeDef) -> bool {
    let non_ascii = |name: &crate::names::RustIdent| !name.as_str().is_ascii();
    match &def.kind {
        Kind::Struct(structure) => structure.fields.iter().any(|field| non_ascii(&field.name)),
        Kind::Enumeration(enumeration) => enumeration.values.iter().any(|value| non_ascii(&value.name)),
        Kind::Union(union) => union.variants.iter().any(|variant| non_ascii(&variant.name)),
        Kind::Alias(_) | Kind::Wrapper(_) => false,
    }
}
