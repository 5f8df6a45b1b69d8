//! Gives every part a place in the document and replaces the marks by references to these places. Must not know files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use crate::diagnostic::Report;
use crate::names::RustIdent;
use crate::pointer::Pointer;

use super::Unread;
use super::naming::{Origin, name_components};
use super::rewriting::{MARK, Owner, Rewritten, Target};
use crate::position::Position;

/// Steps of a part after which something is a part of its own, though it is inside of another one.
const SHELVES: [&str; 3] = ["definitions", "$defs", "components"];

/// The bundled document.
pub(super) struct Settled {
    pub document: Value,
    pub origins: Vec<(Pointer, Origin)>,
    pub texts: BTreeMap<String, String>,
    pub unread: BTreeMap<String, Unread>,
    pub doubts: Report,
}

/// Gives every part a place and removes the marks.
pub(super) fn settle(rewritten: Rewritten) -> Settled {
    let Rewritten { root, mut targets, inlined, texts, unread, doubts } = rewritten;
    for target in targets.iter_mut().filter(|target| target.place.is_none()) {
        target.place = inlined.iter().find_map(|inlined| place_in(inlined, target));
    }
    let places = places(&root, &targets);
    let mut document = root;
    for (target, place) in targets.iter().zip(&places) {
        if containing(&targets, target).is_none() {
            put(&mut document, place, &target.value);
        }
    }
    unmark(&mut document, &places);
    let mut origins: Vec<(Pointer, Origin)> =
        places.iter().cloned().zip(targets.iter().map(|target| target.origin.clone())).collect();
    for (owner, place, origin) in inlined {
        let start = match owner {
            Owner::Document => Some(Pointer::root()),
            Owner::Target(index) => places.get(index).cloned(),
        };
        origins.extend(start.map(|start| (extended(start, place.segments()), origin)));
    }
    Settled { document, origins, texts, unread, doubts }
}

/// Returns the place of each part: that which the document has for it, one inside of a larger part, or a component.
fn places(root: &Value, targets: &[Target]) -> Vec<Pointer> {
    let mut named: BTreeMap<&'static str, Vec<&Origin>> = BTreeMap::new();
    for target in targets.iter().filter(|target| target.place.is_none() && containing(targets, target).is_none()) {
        named.entry(target.position.section().unwrap_or_default()).or_default().push(&target.origin);
    }
    let mut components: BTreeMap<(&str, &Origin), Pointer> = BTreeMap::new();
    for (section, origins) in named {
        let at = Pointer::root().join("components").join(section);
        let taken = at.find(root).and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let taken: BTreeSet<RustIdent> = taken.map(|name| RustIdent::pascal(name)).collect();
        let names = name_components(origins, &taken);
        components.extend(names.into_iter().map(|(origin, name)| ((section, origin), at.join(name))));
    }
    let whole = |target: &Target| match &target.place {
        Some(place) => place.clone(),
        None => {
            let key = (target.position.section().unwrap_or_default(), &target.origin);
            components.get(&key).cloned().unwrap_or_default()
        }
    };
    targets
        .iter()
        .map(|target| match containing(targets, target) {
            Some(outer) => {
                let skipped = outer.origin.pointer.segments().len();
                extended(whole(outer), target.origin.pointer.segments().get(skipped..).unwrap_or_default())
            }
            None => whole(target),
        })
        .collect()
}

/// Returns the place of a part inside of one that the document has in the place of a reference.
fn place_in((owner, place, origin): &(Owner, Pointer, Origin), target: &Target) -> Option<Pointer> {
    let rest = target.origin.pointer.segments().strip_prefix(origin.pointer.segments())?;
    if *owner != Owner::Document || origin.file != target.origin.file || rest.is_empty() {
        return None;
    }
    let steps = place.segments().iter().chain(rest);
    let position = steps.fold(Position::Root, |position, step| position.below(step));
    (position.section() == target.position.section()).then(|| extended(place.clone(), rest))
}

/// Returns the largest part that contains a part without a place of its own, at a position of the same kind.
fn containing<'t>(targets: &'t [Target], target: &Target) -> Option<&'t Target> {
    if target.place.is_some() {
        return None;
    }
    let inside = |outer: &&Target| {
        let (outer_steps, steps) = (outer.origin.pointer.segments(), target.origin.pointer.segments());
        let rest = steps.get(outer_steps.len()..).unwrap_or_default();
        let position = rest.iter().fold(outer.position, |position, step| position.below(step));
        outer.origin.file == target.origin.file
            && !rest.is_empty()
            && steps.starts_with(outer_steps)
            && !rest.iter().any(|step| SHELVES.contains(&step.as_str()))
            && position.section() == target.position.section()
    };
    targets.iter().filter(inside).min_by_key(|outer| outer.origin.pointer.segments().len())
}

fn extended(pointer: Pointer, steps: &[String]) -> Pointer {
    steps.iter().fold(pointer, |pointer, step| pointer.join(step))
}

/// Puts a part at its place, creating what is missing around it.
fn put(document: &mut Value, place: &Pointer, part: &Value) {
    let mut value = document;
    for step in place.segments() {
        let Some(map) = value.as_object_mut() else { return };
        value = map.entry(step.clone()).or_insert_with(|| json!({}));
    }
    *value = part.clone();
}

/// Replaces marks by references.
fn unmark(value: &mut Value, places: &[Pointer]) {
    match value {
        Value::String(text) => {
            let index = text.strip_prefix(MARK).and_then(|index| index.parse::<usize>().ok());
            if let Some(place) = index.and_then(|index| places.get(index)) {
                *text = place.reference();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| unmark(item, places)),
        Value::Object(map) => map.values_mut().for_each(|value| unmark(value, places)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
