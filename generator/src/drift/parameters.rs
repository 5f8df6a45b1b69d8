//! Finds parameters that are one under two names. Compares nothing else about them.

use crate::contract::{OperationFacts, ParameterFacts};
use crate::ir::Location;

use super::local::{Context, letters};

/// Returns the parameters of two operations that are one under two names: they take the same values, and their names or their
/// descriptions agree. Placeholders of paths belong together by position and are none of them.
pub(super) fn renamed_parameters<'a>(
    context: &Context<'_>,
    old: &'a OperationFacts,
    new: &'a OperationFacts,
) -> Vec<(&'a ParameterFacts, &'a ParameterFacts)> {
    let mut free = without_counterpart(new, old);
    let mut found = Vec::new();
    for before in without_counterpart(old, new) {
        let digest = context.old.digests.of_use(&before.value);
        let is_one = |after: &&ParameterFacts| {
            let says_the_same = !before.description.is_empty() && before.description == after.description;
            (before.location, before.required) == (after.location, after.required)
                && before.style == after.style
                && digest == context.new.digests.of_use(&after.value)
                && (says_the_same || letters(&before.name) == letters(&after.name))
        };
        if let Some(index) = free.iter().position(is_one) {
            found.push((before, free.remove(index)));
        }
    }
    found
}

/// Returns the parameters that another operation lacks by name.
fn without_counterpart<'a>(operation: &'a OperationFacts, other: &OperationFacts) -> Vec<&'a ParameterFacts> {
    let is_known = |parameter: &ParameterFacts| {
        other.parameters.iter().any(|one| (one.location, &one.name) == (parameter.location, &parameter.name))
    };
    let parameters = operation.parameters.iter().filter(|parameter| parameter.location != Location::Path);
    parameters.filter(|parameter| !is_known(parameter)).collect()
}
