//! Schemas that the profile makes one type, and that are not alike any more: no client can be generated until the profile lets one of
//! them go, or the document is corrected. Must not know the profile.

use std::collections::HashSet;

use crate::contract::SchemaId;

use super::Revision;
use super::attribution::may_change_types;
use super::finding::{Finding, Key};

/// What is said about a change that makes such schemas differ.
const DETAIL: &str = "the profile makes it one type with others that are not like it any more; regen refuses it until \
                      `types.shared` or the overlay changes";

/// Returns the schemas of the new document that differ from the type that they are, and did not before. The schema that the type is
/// made from is none of them: its items show what changed.
pub(super) fn find_divergent(base: &Revision, head: &Revision) -> HashSet<SchemaId> {
    let new = head.divergent.iter().filter(|pointer| !base.divergent.contains(pointer));
    new.filter_map(|pointer| head.contract.at(pointer)).collect()
}

/// Returns whether a finding makes schemas differ that are one type, and says so in it.
pub(super) fn explain(finding: &mut Finding, divergent: &HashSet<SchemaId>) -> bool {
    let is_about = |key: &Key| match key {
        Key::NewSchema(id) | Key::NewProperty(id, _) => divergent.contains(id),
        Key::OldSchema(_)
        | Key::OldProperty(_, _)
        | Key::OldCommon(_)
        | Key::NewCommon(_)
        | Key::Operation(_)
        | Key::Parameter(_, _)
        | Key::Body(_)
        | Key::Response(_)
        | Key::Webhook(_) => false,
    };
    let explains = finding.keys.iter().any(is_about) && may_change_types(finding.aspect);
    if explains && finding.detail.is_empty() {
        DETAIL.clone_into(&mut finding.detail);
    }
    explains
}
