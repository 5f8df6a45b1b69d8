//! Builds the model from a normalized document.

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::names::Lock;
use crate::normalize::Normalized;
use crate::pointer::Pointer;
use crate::profile::{Profile, TypePolicy};

use super::types::{Built, TypeBuilder};
use super::{Api, constructors, forms, membership, operations, pagination, polling, recursion, usage, webhooks};

/// A model, the names it publishes and what was found on the way.
#[derive(Clone, Debug)]
pub struct Modelled {
    /// The model.
    pub api: Api,
    /// The lock as it must be from now on.
    pub lock: Lock,
    /// Problems found.
    pub report: Report,
}

/// Builds the model. Names in `lock` stay; new ones are added to the lock that comes back.
pub fn build(document: &Normalized, profile: &Profile, lock: &Lock) -> Modelled {
    let mut builder = TypeBuilder::new(document.value(), &profile.types, lock);
    builder.define_components();
    let mut operations = operations::operations(&mut builder, profile, lock);
    let webhooks = webhooks::webhooks(&mut builder);
    let title = document.value().pointer("/info/title").and_then(Value::as_str).unwrap_or("API").to_owned();
    let Built { mut types, published: mut next, mut report } = builder.finish();
    report.extend(recursion::recursion(&mut types));
    report.extend(membership::membership(&mut types));
    report.extend(pagination::pagination(&mut operations, &types, &profile.pagination));
    report.extend(polling::polling(&mut operations, &types, &profile.polling));
    let mut api = Api { title, operations, types, webhooks };
    forms::forms(&mut api, lock, &mut next.types);
    usage::usage(&mut api);
    for operation in &api.operations {
        next.operations.insert(operation.key(), operation.id());
    }
    constructors::constructors(&mut api.types, lock, &mut next);
    report.extend(keep(lock, &mut next, &profile.types));
    Modelled { api, lock: next, report }
}

/// A published name stays locked when its schema or operation goes away: it may be missing by mistake, or come back.
fn keep(lock: &Lock, next: &mut Lock, policy: &TypePolicy) -> Report {
    let mut report = Report::default();
    let tables = [("operations", &lock.operations, &mut next.operations), ("types", &lock.types, &mut next.types)];
    for (table, before, after) in tables {
        for (key, name) in before {
            // The profile decides on these now.
            let shared = table == "types" && policy.shared_by(key).is_some();
            if !after.contains_key(key) && !shared {
                after.insert(key.clone(), name.clone());
                report.push(
                    Diagnostic::new(Code::NameUnused, Pointer::root().join(table).join(key), format!("`{key}` is gone"))
                        .in_source("names.toml")
                        .expected("an operation or schema of this name")
                        .help("was it renamed? Then write the new name before `=` and keep the Rust name; else delete the line"),
                );
            }
        }
    }
    report
}
