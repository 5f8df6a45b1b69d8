//! Names in the module `environments`. They come from the profile, so upstream changes do not affect them.

use crate::ir::{Environments, UrlFunction};
use crate::names::{RustIdent, Scope};
use crate::profile::{Profile, Server, ServerVariable};

/// Names the statics of the deployments and the functions that build base URLs.
pub(crate) fn name_environments(profile: &Profile) -> Environments {
    let mut scope = Scope::default();
    let constant = |name: &str| scope.claim(RustIdent::snake(name)).constant_case();
    let constants = profile.environments.iter().map(|environment| environment.name.as_str()).map(constant).collect();
    let mut scope = Scope::default();
    let functions = profile
        .servers
        .iter()
        .map(|server| UrlFunction { name: scope.claim(function_name(server)), variables: variables(server) });
    Environments { constants, functions: functions.collect() }
}

fn function_name(server: &Server) -> RustIdent {
    let name = server.name.trim_end_matches("url").trim_end_matches("Url");
    RustIdent::snake(&format!("{} url", RustIdent::snake(name)))
}

/// Returns the variables in the URL of a server, in order and without duplicates. Undescribed variables accept any
/// value.
fn variables(server: &Server) -> Vec<(RustIdent, ServerVariable)> {
    let mut scope = Scope::default();
    let mut found: Vec<(RustIdent, ServerVariable)> = Vec::new();
    for name in server.url.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)) {
        if found.iter().all(|(_, known)| known.name != name) {
            let described = server.variables.iter().find(|variable| variable.name == name);
            let variable = described.cloned().unwrap_or_else(|| ServerVariable::any(name));
            found.push((scope.claim(RustIdent::snake(name)), variable));
        }
    }
    found
}
