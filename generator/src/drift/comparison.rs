//! Compares two contracts: operations, webhooks, servers, components, and all schemas that they lead to.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::contract::{Contract, JsonKind, SchemaId};

use super::aspect::{Aspect, Plain, Subject, Whole};
use super::finding::{Finding, Key};
use super::level::{Ways, Wire};
use super::local::{self, Context, Draft};
use super::matching::match_operations;
use super::moves::join_moves;
use super::operations::{Operations, whole};
use super::pairs::{Pair, Pairs, RootDraft};
use super::reliance::Reliance;
use super::webhooks::{compare_webhooks, join_members};

/// What two contracts differ in.
pub(super) struct Compared {
    pub(super) findings: Vec<Finding>,
    /// Keys of operations in the old document to their keys in the new one.
    pub(super) keys: HashMap<String, String>,
    /// Schemas that belong together, without those of which one was replaced by another.
    pub(super) pairs: Vec<(SchemaId, SchemaId)>,
}

/// Compares two contracts. `injected` are the headers that the client sends with every request, and whether it has a value for
/// them.
pub(super) fn compare_contracts(context: &Context<'_>, injected: BTreeMap<String, bool>) -> Compared {
    let (old, new) = (context.old.contract, context.new.contract);
    let mut pairs = Pairs::new(context);
    let (matched, gone, come) = match_operations(context);
    let mut operations = Operations { context, pairs: &mut pairs, findings: Vec::new(), injected };
    for (before, after) in &matched {
        operations.compare(before, after);
    }
    let mut findings = std::mem::take(&mut operations.findings);
    join_moves(&mut findings, &matched);
    for operation in gone {
        let aspect = if operation.deprecated { Whole::DeprecatedEndpointRemoved } else { Whole::EndpointRemoved };
        let key = operation.key();
        findings.push(Finding {
            before: key.clone().into(),
            request: Wire::Breaking,
            ways: Ways::REQUEST,
            pointers: (Some(operation.place.clone()), None),
            ..whole(aspect, &key, &key)
        });
    }
    for operation in come {
        let key = operation.key();
        findings.push(Finding {
            after: key.clone().into(),
            ways: Ways::REQUEST,
            pointers: (None, Some(operation.place.clone())),
            ..whole(Whole::EndpointAdded, &key, &key)
        });
    }
    findings.extend(compare_webhooks(&mut pairs, old, new));
    findings.extend(compare_servers(old, new));
    findings.extend(compare_schemes(old, new));
    for (name, part) in &old.components {
        if let Some(other) = new.components.get(name) {
            pairs.add_component(part.schema, other.schema);
        }
    }
    pairs.follow();
    findings.extend(compare_components(context, &mut pairs));
    findings.extend(findings_of_pairs(&pairs));
    join_members(&mut findings);
    let reliance = Reliance::of(context.old.api, old);
    findings.iter_mut().for_each(|finding| reliance.explain(finding));
    let keys = matched.iter().map(|(before, after)| (before.key(), after.key())).collect();
    let kept = pairs.list.iter().filter(|pair| !pair.is_folded);
    let pairs = kept.map(|pair| (pair.old, pair.new)).collect();
    Compared { findings, keys, pairs }
}

fn compare_servers(old: &Contract, new: &Contract) -> Vec<Finding> {
    let routes = |contract: &Contract| -> BTreeSet<String> {
        contract.operations.iter().map(|operation| operation.route.clone()).collect()
    };
    let split = |url: &str| -> (String, String) {
        let rest = url.split("://").last().unwrap_or_default();
        let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
        (host.to_owned(), path.to_owned())
    };
    // A prefix that moved between servers and paths changes no URL; one that all servers have is another path of each operation.
    let moved = routes(old) == routes(new);
    let first = |contract: &Contract| contract.servers.first().map(|url| split(url).1);
    let prefixes = (first(old), first(new));
    let same = |one: &String, other: &String| {
        let ((host, path), (other_host, other_path)) = (split(one), split(other));
        let is_prefix = (Some(&path), Some(&other_path)) == (prefixes.0.as_ref(), prefixes.1.as_ref());
        one == other || (host == other_host && !host.is_empty() && (moved || is_prefix))
    };
    let of = |aspect: Whole, request: Wire, url: &str| Finding {
        request,
        ways: Ways::REQUEST,
        operations: BTreeSet::new(),
        keys: Vec::new(),
        pointers: (Some("/servers".to_owned()), Some("/servers".to_owned())),
        ..whole(aspect, "", url)
    };
    let mut findings = Vec::new();
    for url in old.servers.iter().filter(|url| !new.servers.iter().any(|other| same(url, other))) {
        findings.push(Finding { before: url.clone().into(), ..of(Whole::ServerRemoved, Wire::Risky, url) });
    }
    for url in new.servers.iter().filter(|url| !old.servers.iter().any(|other| same(other, url))) {
        findings.push(Finding { after: url.clone().into(), ..of(Whole::ServerAdded, Wire::Safe, url) });
    }
    if let (Some(one), Some(other)) = (old.servers.first(), new.servers.first())
        && !same(one, other)
    {
        let finding = of(Whole::DefaultServerChanged, Wire::Risky, other);
        findings.push(Finding { before: one.clone().into(), after: other.clone().into(), ..finding });
    }
    findings
}

/// Returns the security schemes that came or went.
fn compare_schemes(old: &Contract, new: &Contract) -> Vec<Finding> {
    let of = |aspect: Whole, scheme: &str| Finding {
        ways: Ways::REQUEST,
        operations: BTreeSet::new(),
        keys: Vec::new(),
        ..whole(aspect, "", scheme)
    };
    let came = new.schemes.difference(&old.schemes);
    let came = came.map(|scheme| Finding { after: scheme.clone().into(), ..of(Whole::SecuritySchemeAdded, scheme) });
    let went = old.schemes.difference(&new.schemes);
    let went = went.map(|scheme| Finding { before: scheme.clone().into(), ..of(Whole::SecuritySchemeRemoved, scheme) });
    came.chain(went).collect()
}

/// Returns the components that came, went or have another name. Those that came or went with something else are left to it.
fn compare_components(context: &Context<'_>, pairs: &mut Pairs<'_, '_>) -> Vec<Finding> {
    let (old, new) = (context.old.contract, context.new.contract);
    let (gone, come) = (only_in(old, new), only_in(new, old));
    find_equal_components(context, pairs, &gone, &come);
    pairs.follow();
    let renamed = context.renamed();
    let mut findings = Vec::new();
    if !is_affix(context, &renamed) {
        findings.extend(renamed.iter().filter_map(|pair| renamed_component(context, *pair)));
    }
    for (name, id) in gone.into_iter().filter(|(_, id)| !renamed.iter().any(|(one, _)| one == id)) {
        findings.push(Finding {
            before: name.clone().into(),
            goes: Some(id),
            keys: vec![Key::OldSchema(id)],
            pointers: (Some(old.schema(id).place.to_string()), None),
            ..of_component(Whole::SchemaRemoved, name)
        });
    }
    for (name, id) in come.into_iter().filter(|(_, id)| !renamed.iter().any(|(_, other)| other == id)) {
        findings.push(Finding {
            after: name.clone().into(),
            comes: Some(id),
            keys: vec![Key::NewSchema(id)],
            pointers: (None, Some(new.schema(id).place.to_string())),
            ..of_component(Whole::SchemaAdded, name)
        });
    }
    findings
}

fn of_component(aspect: Whole, name: &str) -> Finding {
    let schema = Some(name.to_owned());
    Finding { operations: BTreeSet::new(), keys: Vec::new(), schema, ..whole(aspect, "", name) }
}

fn renamed_component(context: &Context<'_>, (one, other): (SchemaId, SchemaId)) -> Option<Finding> {
    let (before, after) = (context.old.contract.schema(one), context.new.contract.schema(other));
    let (from, to) = (before.name.as_ref()?, after.name.as_ref()?);
    Some(Finding {
        before: from.clone().into(),
        after: to.clone().into(),
        keys: vec![Key::OldSchema(one), Key::NewSchema(other)],
        pointers: (Some(before.place.to_string()), Some(after.place.to_string())),
        detail: "it stands in the same places, with the same structure".to_owned(),
        ..of_component(Whole::SchemaRenamed, to)
    })
}

/// Notes components that nothing leads to and that are the only ones of their structure as one under two names.
fn find_equal_components(
    context: &Context<'_>,
    pairs: &mut Pairs<'_, '_>,
    gone: &[(&String, SchemaId)],
    come: &[(&String, SchemaId)],
) {
    let renamed = context.renamed();
    let mut alike: HashMap<u64, (Vec<SchemaId>, Vec<SchemaId>)> = HashMap::new();
    for (_, id) in gone.iter().filter(|(_, id)| !renamed.iter().any(|(one, _)| one == id)) {
        alike.entry(context.old.digests.of(*id)).or_default().0.push(*id);
    }
    for (_, id) in come.iter().filter(|(_, id)| !renamed.iter().any(|(_, other)| other == id)) {
        alike.entry(context.new.digests.of(*id)).or_default().1.push(*id);
    }
    let mut same: Vec<(SchemaId, SchemaId)> = Vec::new();
    for (before, after) in alike.values() {
        if let ([one], [other]) = (before.as_slice(), after.as_slice())
            && is_distinctive(context.old.contract, *one)
        {
            same.push((*one, *other));
        }
    }
    same.sort_unstable();
    for (one, other) in same {
        context.add_renamed(one, other);
        pairs.add_component(one, other);
    }
}

/// Returns whether a schema says enough to be known by what it says.
fn is_distinctive(contract: &Contract, id: SchemaId) -> bool {
    let schema = contract.schema(id);
    match schema.kind {
        JsonKind::Object => !schema.properties.is_empty(),
        JsonKind::Union | JsonKind::Array => true,
        JsonKind::String | JsonKind::Integer | JsonKind::Number => schema.values.is_some(),
        JsonKind::Boolean | JsonKind::Any | JsonKind::Null => false,
    }
}

/// Returns the components of one contract whose names and schemas the other lacks.
fn only_in<'a>(contract: &'a Contract, other: &Contract) -> Vec<(&'a String, SchemaId)> {
    let is_own = |name: &str, id: SchemaId| contract.schema(id).name.as_deref() == Some(name);
    let missing = contract.components.iter().filter(|(name, _)| !other.components.contains_key(*name));
    missing.map(|(name, part)| (name, part.schema)).filter(|(name, id)| is_own(name, *id)).collect()
}

/// Returns whether every component was renamed in the same way, by a prefix or a suffix: another spelling of the same names.
fn is_affix(context: &Context<'_>, renamed: &[(SchemaId, SchemaId)]) -> bool {
    let affixes: BTreeSet<Option<(&str, &str)>> = renamed
        .iter()
        .map(|(one, other)| {
            let (from, to) = (&context.old.contract.schema(*one).name, &context.new.contract.schema(*other).name);
            let (from, to) = (from.as_deref()?, to.as_deref()?);
            let (short, long) = if from.len() < to.len() { (from, to) } else { (to, from) };
            let start = long.find(short)?;
            Some((&long[..start], &long[start + short.len()..]))
        })
        .collect();
    let kept = context.old.contract.components.keys().any(|name| context.new.contract.components.contains_key(name));
    affixes.len() == 1 && !affixes.contains(&None) && !kept
}

fn findings_of_pairs(pairs: &Pairs<'_, '_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for root in &pairs.at_roots {
        findings.push(finding_of_root(root));
    }
    for (index, pair) in pairs.indexes().filter(|(_, pair)| !pair.is_folded) {
        let local = local::compare(pairs.context, pair.old, pair.new);
        if local.drafts.is_empty() {
            continue;
        }
        let roots = pairs.uses(index);
        let mut ways = Ways::default();
        roots.iter().for_each(|root| ways.add(root.ways));
        let operations: BTreeSet<String> = roots.iter().map(|root| root.operation.clone()).collect();
        let around = pairs.keys_around(index);
        for draft in &local.drafts {
            findings.push(Finding { ways, operations: operations.clone(), ..finding_of_pair(pair, draft, &around) });
        }
    }
    findings
}

fn finding_of_root(root: &RootDraft) -> Finding {
    let RootDraft { draft, root, site } = root;
    Finding {
        schema: site.schema.clone(),
        path: site.path.clone(),
        target: site.path.clone(),
        operations: BTreeSet::from([root.operation.clone()]),
        ways: root.ways,
        keys: vec![root.key.clone()],
        subject: root.subject,
        ..of_draft(draft)
    }
}

fn of_draft(draft: &Draft) -> Finding {
    Finding {
        before: draft.before.clone(),
        after: draft.after.clone(),
        request: draft.request,
        response: draft.response,
        pointers: draft.pointers.clone(),
        comes: draft.comes,
        goes: draft.goes,
        brings: draft.brings.clone(),
        takes: draft.takes.clone(),
        detail: draft.detail.clone(),
        ..whole(draft.aspect, "", "")
    }
}

fn finding_of_pair(pair: &Pair, draft: &Draft, around: &[Key]) -> Finding {
    let subject = match (pair.is_nested || draft.property.is_some(), pair.roots.first()) {
        (false, Some(root)) => root.subject,
        (true, _) | (false, None) => Subject::Property,
    };
    let mut keys = match &draft.property {
        Some(name) => {
            let new_name = match (draft.aspect, &draft.after) {
                (Aspect::PropertyRenamed, Value::String(name)) => name.clone(),
                _ => name.clone(),
            };
            vec![Key::OldProperty(pair.old, name.clone()), Key::NewProperty(pair.new, new_name)]
        }
        None => vec![Key::OldSchema(pair.old), Key::NewSchema(pair.new)],
    };
    for name in &draft.parts {
        keys.extend([Key::OldProperty(pair.old, name.clone()), Key::NewProperty(pair.new, name.clone())]);
    }
    if draft.property.is_none() {
        keys.extend(around.iter().cloned());
    }
    if matches!(draft.aspect.plain(), Some(Plain::OneOfAdded | Plain::OneOfRemoved)) {
        keys.extend([Key::OldCommon(pair.old), Key::NewCommon(pair.new)]);
    }
    let response = if draft.depends_on_use && !pair.is_strict { Wire::Safe } else { draft.response };
    let is_unused = draft.depends_on_use && local::is_default(draft) && !pair.is_optional;
    let request = if is_unused { Wire::Safe } else { draft.request };
    Finding {
        schema: pair.site.schema.clone(),
        path: pair.site.below(&draft.step),
        subject,
        keys,
        request,
        response,
        ..of_draft(draft)
    }
}
