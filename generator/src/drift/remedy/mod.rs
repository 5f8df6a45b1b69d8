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
use super::report::Drift;

pub use migration::{CallChange, Migration, NewArgument, Values};

pub(super) use counterparts::find_migration;

/// Adds to each change that breaks code what to write instead, and to the report what a program can do about it.
pub(super) fn add_remedies(drift: &mut Drift, mut migration: Migration) {
    for change in drift.changes.iter_mut().filter(|change| change.rust == RustLevel::Major) {
        let mut seen = BTreeSet::new();
        for item in &change.rust_items {
            let Some(advice) = advice::advise(item, &migration) else { continue };
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
