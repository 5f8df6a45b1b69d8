//! Finds the operations that belong together in two documents. Compares nothing inside of them.

use std::collections::{HashMap, HashSet};

use crate::contract::{JsonKind, OperationFacts};
use crate::ir::Location;

use super::local::{Context, Side};

/// Properties of an object by which an operation can be known.
const TELLING: usize = 3;

/// Two operations that are one.
pub(super) type Match<'a> = (&'a OperationFacts, &'a OperationFacts);

/// Returns the operations that belong together, then those that are gone, then those that are new. The same method and path make
/// one operation, else the same `operationId`, else a structure that only one of those that are left has.
pub(super) fn match_operations<'a>(
    context: &Context<'a>,
) -> (Vec<Match<'a>>, Vec<&'a OperationFacts>, Vec<&'a OperationFacts>) {
    let (old, new) = (&context.old, &context.new);
    let (mut pairs, mut left, mut free): (_, Vec<_>, Vec<_>) =
        (Vec::new(), old.contract.operations.iter().collect(), new.contract.operations.iter().collect());
    match_by(&mut pairs, (&mut left, &mut free), |operation| Some(operation.key()));
    match_by(&mut pairs, (&mut left, &mut free), |operation| Some(operation.route.clone()));
    match_by(&mut pairs, (&mut left, &mut free), |operation| operation.operation_id.clone());
    if !left.is_empty() && !free.is_empty() {
        let (before, after) = (distinct_structures(old, &left), distinct_structures(new, &free));
        // What is left of one document is at no place of the other.
        let structure =
            |operation: &OperationFacts| before.get(&operation.place).or_else(|| after.get(&operation.place)).cloned();
        match_by(&mut pairs, (&mut left, &mut free), structure);
    }
    pairs.sort_by(|(_, one), (_, other)| (&one.path, &one.method).cmp(&(&other.path, &other.method)));
    (pairs, left, free)
}

/// Moves operations to the pairs that one property identifies on both sides.
fn match_by<'a>(
    pairs: &mut Vec<Match<'a>>,
    (left, free): (&mut Vec<&'a OperationFacts>, &mut Vec<&'a OperationFacts>),
    identity: impl Fn(&OperationFacts) -> Option<String>,
) {
    let mut known: HashMap<String, Vec<&OperationFacts>> = HashMap::new();
    for operation in free.iter() {
        if let Some(identity) = identity(operation) {
            known.entry(identity).or_default().push(operation);
        }
    }
    let mut matched: HashSet<String> = HashSet::new();
    left.retain(|operation| {
        let Some(identity) = identity(operation) else { return true };
        match known.remove(&identity).as_deref() {
            Some([only]) => {
                pairs.push((operation, only));
                matched.insert(only.place.clone());
                false
            }
            Some(_) | None => true,
        }
    });
    free.retain(|operation| !matched.contains(&operation.place));
}

/// Returns the structures that only one of some operations has, by the places of these operations.
fn distinct_structures(side: &Side<'_>, operations: &[&OperationFacts]) -> HashMap<String, String> {
    let all = operations.iter();
    let all: Vec<(String, String)> =
        all.filter_map(|operation| Some((operation.place.clone(), structure(side, operation)?))).collect();
    let mut counts: HashMap<String, usize> = HashMap::new();
    for (_, structure) in &all {
        *counts.entry(structure.clone()).or_default() += 1;
    }
    all.into_iter().filter(|(_, structure)| counts.get(structure) == Some(&1)).collect()
}

/// Returns what an operation takes and returns; `None` if that says too little to know it by.
fn structure(side: &Side<'_>, operation: &OperationFacts) -> Option<String> {
    let responses = operation.responses.iter().filter(|(status, _)| status.class() == Some(2));
    let responses: Vec<_> = responses.flat_map(|(_, response)| &response.media).collect();
    let bodies: Vec<_> = operation.body.iter().flat_map(|body| &body.media).collect();
    let says_much = bodies.iter().chain(&responses).any(|(_, part)| {
        let schema = side.contract.schema(part.schema);
        schema.kind == JsonKind::Object && schema.properties.len() >= TELLING
    });
    let digests = |parts: &[(&String, &crate::contract::SchemaUse)]| -> Vec<String> {
        parts.iter().map(|(media, part)| format!("{media} {:x}", side.digests.of_use(part))).collect()
    };
    let mut parameters: Vec<String> = operation
        .parameters
        .iter()
        .map(|parameter| match parameter.location {
            Location::Path => "path".to_owned(),
            Location::Query | Location::Header | Location::Cookie => {
                format!("{} {:x}", parameter.name, side.digests.of_use(&parameter.value))
            }
        })
        .collect();
    parameters.sort();
    says_much.then(|| format!("{} {parameters:?} {:?} {:?}", operation.method, digests(&bodies), digests(&responses)))
}
