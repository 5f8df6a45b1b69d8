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
use super::report::{Drift, RustItem};

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
            let advice = successor(item, &change.rust_items).unwrap_or(advice);
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

/// Returns the names of types in a text.
fn type_names(text: &str) -> BTreeSet<&str> {
    let words = text.split(|letter: char| !(letter.is_alphanumeric() || letter == '_'));
    words.filter(|word| word.starts_with(char::is_uppercase) && !AROUND.contains(word)).collect()
}
