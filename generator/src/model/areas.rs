//! Checks the areas of the profile against the resources of the API.
//!
//! It must not know what areas are used for.

use std::collections::BTreeSet;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{Api, Operation};
use crate::pointer::Pointer;
use crate::profile::Areas;

/// Warns about resources that belong to no area, and about entries that match nothing.
pub(crate) fn check_areas(api: &Api, areas: &Areas) -> Report {
    if areas.is_empty() {
        return Report::default();
    }
    let name = |operation: &Operation| operation.group.as_ref().unwrap_or(&operation.name).to_string();
    let known: BTreeSet<String> = api.operations.iter().map(name).collect();
    let warning = |found: String| {
        Diagnostic::new(Code::ProfileUnused, Pointer::root().join("areas"), found)
            .in_source("profile.toml")
            .expected("every resource in one area")
            .help("correct `[areas]`, and the features of the client with it")
    };
    let homeless = known.iter().filter(|name| areas.of(name).is_none());
    let homeless = homeless.map(|name| warning(format!("`{name}` is in no area: it cannot be left out")));
    let entries = areas.0.values().flatten().filter(|entry| !known.contains(*entry));
    let unused = entries.map(|entry| warning(format!("`{entry}` is no resource and no call of the client")));
    Report { diagnostics: homeless.chain(unused).collect() }
}
