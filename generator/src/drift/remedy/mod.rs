//! Remedies: what users write instead of what is not there any more, in words for the report and as data for a program that
//! rewrites code.
//!
//! Derived from the two models and the two surfaces. It must not know how documents are compared.

mod advice;
mod argument;
mod counterparts;
mod members;
mod migration;
mod value;

use std::collections::BTreeSet;

use super::level::RustLevel;
use super::report::{Change, Drift, RustItem};
use super::rust::last_name;

pub use migration::{CallChange, Migration, NewArgument, Values};

pub(super) use counterparts::find_migration;

/// Types of the standard library and the runtime around those of a client.
const AROUND: [&str; 7] = ["Box", "Field", "Into", "IntoIterator", "Option", "String", "Vec"];

/// Adds to each change that breaks code what to write instead, and to the report what a program can do about it.
pub(super) fn add_remedies(drift: &mut Drift, mut migration: Migration) {
    for change in drift.changes.iter_mut().filter(|change| change.rust == RustLevel::Major) {
        let mut seen = BTreeSet::new();
        for item in &change.rust_items {
            let Some(advice) = advice::advise(item, &migration) else { continue };
            let advice = successor(item, &change.rust_items)
                .or_else(|| through_body(item, &change.rust_items))
                .or_else(|| moved(item, change))
                .or_else(|| renamed(item, change))
                .unwrap_or(advice);
            if item.after.is_none() && !migration.renamed.contains_key(&item.path) {
                migration.lost.entry(item.path.clone()).or_insert_with(|| advice.clone());
            }
            if seen.insert(advice.clone()) {
                change.remedy.push(advice);
            }
        }
        if change.remedy.is_empty() {
            change.remedy.push(advice::of_change(&change.id).to_owned());
        }
    }
    drift.migration = migration;
}

/// Returns what to write instead of a type in whose place all items of a change name another one.
fn successor(lost: &RustItem, items: &[RustItem]) -> Option<String> {
    let name = lost.path.strip_prefix("types::").filter(|name| lost.after.is_none() && !name.contains(':'))?;
    let mut found: BTreeSet<&str> = BTreeSet::new();
    for item in items {
        let (Some(before), Some(after)) = (item.before.as_deref(), item.after.as_deref()) else { continue };
        let (old, new) = (type_names(before), type_names(after));
        if old.contains(name) && !new.contains(name) {
            found.extend(new.difference(&old));
        }
    }
    let mut found = found.into_iter();
    match (found.next(), found.next()) {
        (Some(new), None) => {
            Some(format!("write `types::{new}` in the place of `{}`, if what you use is in both", lost.path))
        }
        (_, _) => None,
    }
}

/// Returns what to write instead of a setter of a property of a body that is passed as a whole now.
fn through_body(lost: &RustItem, items: &[RustItem]) -> Option<String> {
    let (owner, name) = lost.path.rsplit_once("::").filter(|_| lost.after.is_none())?;
    let setter = items.iter().find(|item| item.before.is_none() && item.path == format!("{owner}::body"))?;
    let ty = type_names(setter.after.as_deref()?).into_iter().next()?;
    Some(format!("set `{name}` on a `{ty}`, and give that to `.body(…)` of `{owner}`"))
}

/// Returns where a property is that moved into another one, or out of it.
fn moved(lost: &RustItem, change: &Change) -> Option<String> {
    let (owner, name) = lost.path.rsplit_once("::").filter(|_| lost.after.is_none())?;
    if !change.id.ends_with("-properties-moved") || !owner.starts_with("types::") || name.contains(':') {
        return None;
    }
    let is_added = |item: &&RustItem| {
        let is_member = item.path.rsplit_once("::").is_some_and(|(other, _)| other == owner);
        item.before.is_none() && is_member && item.after.as_deref().is_some_and(|ty| !ty.starts_with('('))
    };
    let added: Vec<&str> = change.rust_items.iter().filter(is_added).map(|item| last_name(&item.path)).collect();
    match (change.after.is_array(), added.as_slice()) {
        (false, [only]) => Some(format!("read `{name}` of the field `{only}` instead of `{}`", lost.path)),
        (true, [_, ..]) => Some(format!("read {} instead of what `{}` had", quoted(&added), lost.path)),
        (_, _) => None,
    }
}

fn quoted(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Returns what to write instead of an item of an event that has another name, if one item came for it.
fn renamed(lost: &RustItem, change: &Change) -> Option<String> {
    let owner = |path: &str| path.rsplit_once("::").map(|(owner, _)| owner.to_owned());
    let is_lost = change.id == "webhook-renamed" && lost.after.is_none() && !lost.path.contains(": ");
    let is_beside = |item: &&RustItem| item.before.is_none() && owner(&item.path) == owner(&lost.path);
    let mut added = change.rust_items.iter().filter(is_beside);
    match (is_lost, added.next(), added.next()) {
        (true, Some(only), None) => Some(format!("write `{}` instead of `{}`", only.path, lost.path)),
        (_, _, _) => None,
    }
}

/// Returns the names of types in a text.
fn type_names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with(char::is_uppercase) && !AROUND.contains(word)).collect()
}
