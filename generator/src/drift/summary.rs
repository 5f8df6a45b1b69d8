//! Makes the report: joins findings with one cause, gives each its ID, levels and fingerprint, and orders them.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::contract::{JsonKind, SchemaId};

use super::aspect::{Aspect, Plain, Subject, Way, Whole};
use super::attribution::{Sides, attribute};
use super::comparison::Compared;
use super::divergence::find_divergent;
use super::finding::Finding;
use super::level::{RustLevel, Wire};
use super::message::describe_finding;
use super::operations::whole;
use super::remedy::Migration;
use super::renaming::kept_names;
use super::report::{Change, Drift, Pointers, RustItem, SCHEMA_VERSION, Side, Summary};
use super::rust::ItemChange;
use super::{Revision, attribution, divergence};

/// Digits of a fingerprint.
const FINGERPRINT: usize = 12;

/// Makes the report of what was found.
pub(super) fn summarize(base: &Revision, head: &Revision, compared: Compared, items: Vec<ItemChange>) -> Drift {
    let sides = Sides { old: &base.contract, new: &head.contract, pairs: &compared.pairs };
    let travels = travelling(&compared, &sides);
    let kept = compared.findings.into_iter().enumerate().filter(|(index, _)| !travels.contains(index));
    let findings: Vec<Finding> = kept.map(|(_, finding)| finding).collect();
    let attribution::Attributed { by_finding, left } = attribute(&findings, items, &sides);
    let mut groups: BTreeMap<String, (Finding, Vec<ItemChange>)> = BTreeMap::new();
    let kept = kept_names(&findings, base, head, |finding| {
        let change = change(finding, Vec::new(), RustLevel::None);
        (change.fingerprint, change.message)
    });
    for (finding, items) in findings.into_iter().zip(by_finding) {
        if !is_spelling(&finding, &items) {
            join(&mut groups, finding, items);
        }
    }
    for item in left {
        let (aspect, target) = left_over(&item);
        let finding = Finding {
            before: item.before.clone().into(),
            after: item.after.clone().into(),
            operations: BTreeSet::new(),
            ..whole(aspect, "", &target)
        };
        join(&mut groups, finding, vec![item]);
    }
    let same = Same::of(base, head);
    let divergent = find_divergent(base, head);
    let groups = groups.into_values().map(|(mut finding, items)| {
        let is_refused = divergence::explain(&mut finding, &divergent);
        // A client has the constants of properties; those of items are read and sent as any string.
        let is_of_items = finding.aspect.plain() == Some(Plain::ConstChanged) && finding.path.ends_with("[]");
        let floor = match (is_refused, is_of_items) {
            (true, _) => RustLevel::Major,
            (false, true) => RustLevel::None,
            (false, false) => floor(&finding, base, head, &same),
        };
        change(&finding, items, floor)
    });
    let mut changes: Vec<Change> = groups.collect();
    changes.sort_by(|one, other| order(one).cmp(&order(other)));
    Drift {
        schema_version: SCHEMA_VERSION,
        base: side(base),
        head: side(head),
        summary: Summary::of(&changes),
        names: head.client.names.write(),
        suggested_bump: changes.iter().map(|change| change.rust).max().unwrap_or_default(),
        changes,
        migration: Migration::default(),
        kept,
    }
}

/// What two clients are the same in: the models, and what they are configured with.
struct Same {
    api: bool,
    configuration: bool,
}

impl Same {
    fn of(base: &Revision, head: &Revision) -> Self {
        let (old, new) = (&base.client, &head.client);
        Self { api: old.api == new.api, configuration: old.configuration == new.configuration }
    }
}

/// Returns the least level of a finding: what the models and configurations are the same in, the clients are.
fn floor(finding: &Finding, base: &Revision, head: &Revision, same: &Same) -> RustLevel {
    let aspect = finding.aspect;
    let is_same = match (aspect.is_about_configuration(), aspect.is_about_credentials()) {
        (true, _) => same.configuration,
        (false, true) => same.configuration && same.api,
        (false, false) => same.api,
    };
    // The documentation of a call lists the types of its errors.
    match (is_same, has_described_error(finding, base, head)) {
        (true, _) => RustLevel::None,
        (false, true) => RustLevel::Patch,
        (false, false) => aspect.floor(),
    }
}

/// Returns whether a finding is about the status of an error whose body is described.
fn has_described_error(finding: &Finding, base: &Revision, head: &Revision) -> bool {
    let is_described = |revision: &Revision, id: Option<SchemaId>| {
        id.is_some_and(|id| revision.contract.schema(id).kind != JsonKind::Any)
    };
    let is_about_errors = matches!(finding.aspect.whole(), Some(Whole::ErrorStatusAdded | Whole::ErrorStatusRemoved));
    is_about_errors && (is_described(base, finding.goes) || is_described(head, finding.comes))
}

fn side(revision: &Revision) -> Side {
    Side {
        sha256: revision.sha256.clone(),
        api_version: revision.contract.version.clone(),
        operations: revision.contract.operations.len(),
        schemas: revision.contract.components.len(),
    }
}

/// The most severe first, then by place.
fn order(
    change: &Change,
) -> (std::cmp::Reverse<Wire>, std::cmp::Reverse<RustLevel>, &str, &Option<String>, &str, &str) {
    let reverse = (std::cmp::Reverse(change.wire), std::cmp::Reverse(change.rust));
    (reverse.0, reverse.1, &change.id, &change.schema, &change.property_path, &change.fingerprint)
}

/// Returns the findings about components that came or went together with something else.
fn travelling(compared: &Compared, sides: &Sides<'_>) -> BTreeSet<usize> {
    let index = attribution::Index::new(&compared.findings, sides);
    let (old, new): (HashSet<SchemaId>, HashSet<SchemaId>) = compared.pairs.iter().copied().unzip();
    let is_paired = |finding: &Finding| {
        finding.comes.is_some_and(|id| new.contains(&id)) || finding.goes.is_some_and(|id| old.contains(&id))
    };
    let travels = |(at, finding): &(usize, &Finding)| {
        let whole = finding.aspect.whole();
        let cause = if whole == Some(Whole::SchemaAdded) {
            index.came_with(finding.comes)
        } else if whole == Some(Whole::SchemaRemoved) {
            index.went_with(finding.goes)
        } else {
            return false;
        };
        cause.is_some_and(|cause| cause != *at) || is_paired(finding)
    };
    compared.findings.iter().enumerate().filter(travels).map(|(at, _)| at).collect()
}

/// Returns whether a finding is about names that nothing depends on.
fn is_spelling(finding: &Finding, items: &[ItemChange]) -> bool {
    let is_name = matches!(
        finding.aspect,
        Aspect::Whole(
            Whole::OperationIdChanged | Whole::TagChanged | Whole::SecuritySchemeAdded | Whole::SecuritySchemeRemoved
        ) | Aspect::Plain(Plain::SchemaNamed)
    );
    is_name && items.is_empty()
}

/// Joins a finding with those that have the same cause elsewhere.
fn join(groups: &mut BTreeMap<String, (Finding, Vec<ItemChange>)>, finding: Finding, items: Vec<ItemChange>) {
    let key = format!(
        "{:?}\0{:?}\0{:?}\0{}\0{}\0{}\0{}",
        finding.aspect, finding.subject, finding.schema, finding.path, finding.target, finding.before, finding.after
    );
    match groups.get_mut(&key) {
        Some((known, known_items)) => {
            known.operations.extend(finding.operations);
            known.ways.add(finding.ways);
            known.request = known.request.max(finding.request);
            known.response = known.response.max(finding.response);
            known_items.extend(items);
        }
        None => {
            groups.insert(key, (finding, items));
        }
    }
}

/// Returns the finding for an item that no other finding explains.
fn left_over(item: &ItemChange) -> (Whole, String) {
    let aspect = match (&item.before, &item.after) {
        (None, _) => Whole::RustItemAdded,
        (Some(_), None) => Whole::RustItemRemoved,
        (Some(_), Some(_)) => Whole::RustItemChanged,
    };
    (aspect, item.path.clone())
}

fn change(finding: &Finding, items: Vec<ItemChange>, floor: RustLevel) -> Change {
    let way = way(finding);
    let id = finding.aspect.id(way, finding.subject);
    let mut wire = Wire::Safe;
    if finding.ways.request {
        wire = wire.max(finding.request);
    }
    if finding.ways.response || finding.ways.webhook {
        wire = wire.max(finding.response);
    }
    let level = items.iter().map(|item| item.level).max().unwrap_or_default();
    let mut rust_items: Vec<RustItem> =
        items.into_iter().map(|item| RustItem { path: item.path, before: item.before, after: item.after }).collect();
    rust_items.sort();
    rust_items.dedup();
    let place = format!("{}\0{}\0{}", finding.schema.as_deref().unwrap_or_default(), finding.path, finding.target);
    Change {
        fingerprint: fingerprint(&id, &place, &finding.before, &finding.after),
        wire,
        rust: floor.max(level),
        direction: finding.ways.direction(),
        operations: finding.operations.iter().cloned().collect(),
        schema: finding.schema.clone(),
        property_path: finding.path.clone(),
        pointer: Pointers { base: published(&finding.pointers.0), head: published(&finding.pointers.1) },
        before: finding.before.clone(),
        after: finding.after.clone(),
        message: describe_finding(finding, way),
        rust_items,
        remedy: Vec::new(),
        accepted: None,
        id,
    }
}

/// Returns the way that the ID names: the one on which the change matters more.
fn way(finding: &Finding) -> Way {
    let reads = finding.ways.response || finding.ways.webhook;
    match (finding.ways.request, reads) {
        (true, true) if finding.request >= finding.response => Way::Request,
        (true, false) => Way::Request,
        (false, false) if finding.subject == Subject::Parameter => Way::Request,
        (_, _) => Way::Response,
    }
}

/// Returns a pointer as the published document has it.
fn published(pointer: &Option<String>) -> Option<String> {
    let pointer = pointer.as_ref()?;
    Some(pointer.replace(&format!("/{}", crate::normalize::WEBHOOKS), "/webhooks"))
}

fn fingerprint(id: &str, place: &str, before: &Value, after: &Value) -> String {
    let digest = Sha256::digest(format!("{id}\0{place}\0{before}\0{after}"));
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    hex.chars().take(FINGERPRINT).collect()
}
