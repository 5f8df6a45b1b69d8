//! Paths that changed in one way: another prefix or another name of what they begin with is one change, however many operations
//! it concerns. Knows nothing of what operations take and return.

use std::collections::{BTreeMap, BTreeSet};

use super::aspect::{Aspect, Whole};
use super::finding::{Finding, Key};
use super::level::{Ways, Wire};
use super::matching::Match;
use super::operations::whole;

/// What paths begin with, in the old document and in the new one.
type Beginning = (String, String);

/// Joins the findings about operations whose paths changed in one way.
pub(super) fn join_moves(findings: &mut Vec<Finding>, pairs: &[Match<'_>]) {
    let mut groups: BTreeMap<Beginning, Vec<(&Match<'_>, bool)>> = BTreeMap::new();
    for pair in pairs.iter().filter(|(old, new)| old.route != new.route) {
        if let Some((beginning, is_longer)) = beginning_of(pair) {
            groups.entry(beginning).or_default().push((pair, is_longer));
        }
    }
    for ((from, to), members) in groups.into_iter().filter(|(_, members)| members.len() > 1) {
        let operations: BTreeSet<String> = members.iter().map(|((_, new), _)| new.key()).collect();
        let is_joined = |finding: &Finding| {
            finding.aspect == Aspect::Whole(Whole::EndpointMoved) && operations.contains(&finding.target)
        };
        findings.retain(|finding| !is_joined(finding));
        let rest = if members.iter().any(|(_, is_longer)| *is_longer) { "/…" } else { "" };
        let target = format!("{from}{rest}");
        findings.push(Finding {
            before: target.clone().into(),
            after: format!("{to}{rest}").into(),
            request: Wire::Breaking,
            ways: Ways::REQUEST,
            keys: operations.iter().cloned().map(Key::Operation).collect(),
            pointers: (Some("/paths".to_owned()), Some("/paths".to_owned())),
            detail: format!("{} operations, each known by what stayed the same", members.len()),
            operations,
            ..whole(Whole::EndpointMoved, "", &target)
        });
    }
}

/// Returns what the paths of two operations begin with, before they are the same, and whether they go on; `None` if the method is
/// another.
fn beginning_of((old, new): &Match<'_>) -> Option<(Beginning, bool)> {
    let ((method, from), (other, to)) = (old.route.split_once(' ')?, new.route.split_once(' ')?);
    let (from, to): (Vec<&str>, Vec<&str>) = (from.split('/').collect(), to.split('/').collect());
    let same = from.iter().rev().zip(to.iter().rev()).take_while(|(one, other)| one == other).count();
    // The empty string before the first slash is no segment.
    let same = same.min(from.len().min(to.len()) - 1);
    let joined = |parts: &[&str]| parts.iter().take(parts.len() - same).copied().collect::<Vec<_>>().join("/");
    (method == other).then(|| ((joined(&from), joined(&to)), same > 0))
}
