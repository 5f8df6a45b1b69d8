//! Resources: which operations belong together, and the names of their module, their struct and their builders.

use std::collections::BTreeMap;

use crate::ir::{Api, Operation};
use crate::names::{RustIdent, Scope};

/// Names that a file of calls imports besides.
const IMPORTED: &[&str] = &["Client", "Core", "RequestOptions"];
/// Module of the calls that belong to no resource.
pub(super) const ROOT: &str = "client";

/// Operations by resource.
pub(super) fn groups(api: &Api) -> BTreeMap<Option<RustIdent>, Vec<&Operation>> {
    let mut groups: BTreeMap<Option<RustIdent>, Vec<&Operation>> = BTreeMap::new();
    for operation in &api.operations {
        groups.entry(operation.group.clone()).or_default().push(operation);
    }
    groups.values_mut().for_each(|operations| operations.sort_by(|one, other| one.name.cmp(&other.name)));
    groups
}

/// Name of the module of a resource.
pub(super) fn module(group: Option<&RustIdent>) -> RustIdent {
    match group {
        Some(group) if group.as_str() == ROOT || group.as_str() == "mod" => group.with_suffix("_"),
        Some(group) => group.clone(),
        None => RustIdent::snake(ROOT),
    }
}

/// Name of the struct that has the calls of a resource.
pub(super) fn accessor(group: &RustIdent) -> RustIdent {
    let name = RustIdent::pascal(group.as_str());
    let mut taken = crate::model::RESERVED.iter().chain(IMPORTED);
    if taken.any(|taken| *taken == name.as_str()) { name.with_suffix("Calls") } else { name }
}

/// Names of the builders of a resource, in the order of its operations, and the names that are taken from then on.
pub(super) fn builder_names(group: Option<&RustIdent>, operations: &[&Operation]) -> (Vec<RustIdent>, Scope) {
    let mut names = reserved(group);
    let builders = operations.iter().map(|operation| names.claim(operation.builder.clone())).collect();
    (builders, names)
}

/// The names that no builder of a resource can have.
fn reserved(group: Option<&RustIdent>) -> Scope {
    let accessor = group.map(accessor);
    let imported = crate::model::RESERVED.iter().chain(IMPORTED).copied();
    let taken = accessor.iter().map(RustIdent::as_str).chain(imported);
    Scope::reserving(&taken.collect::<Vec<_>>())
}
