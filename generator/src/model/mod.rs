//! The model: the passes that turn a normalized document into the [`ir`](crate::ir).
//!
//! Every name is decided here, once; the emitters make no decisions. The passes must not know how Rust source is
//! written.

mod accessors;
mod all_of;
mod annotations;
mod areas;
mod bodies;
mod circular_unions;
mod constants;
mod constructor_arguments;
mod conversions;
mod directions;
mod discriminators;
mod encodings;
mod examples;
mod forms;
mod intersection;
mod moved_names;
mod naming;
mod nullability;
mod operations;
mod pagination;
mod parameters;
mod polling;
mod property_path;
mod recursion;
mod references;
mod responses;
mod samples;
mod schema;
mod security;
mod shape;
mod shape_rules;
mod sources;
mod styles;
mod tags;
mod type_features;
mod types;
mod unions;
mod usage;
mod webhooks;

use std::collections::BTreeMap;

use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::ir::{Api, Environments, FormerNames, Webhook};
use crate::names::Lock;
use crate::normalize::Normalized;
use crate::pointer::Pointer;
use crate::profile::{Profile, TypePolicy};

use operations::Named;
use types::{Built, TypeBuilder};

pub(crate) use areas::check_areas;
pub(crate) use encodings::url_encoded_style;
pub(crate) use examples::unused_examples;
pub(crate) use naming::BUILDER_METHODS;
#[cfg(test)]
pub(crate) use naming::name_environments;
#[cfg(test)]
pub(crate) use operations::CLIENT_METHODS;
pub(crate) use samples::example_string;
pub(crate) use types::RESERVED;

/// A model, the names that it publishes, and the problems that were found.
#[derive(Clone, Debug)]
pub struct Modelled {
    /// The model.
    pub api: Api,
    /// The lock to be written for the next run.
    pub lock: Lock,
    /// `METHOD /path` to the name of the operation that the document suggests, where the lock has another one.
    pub suggested: BTreeMap<String, String>,
    /// The problems that were found.
    pub report: Report,
}

/// Builds the model. Names in `lock` are preserved; the returned lock also contains the new ones.
pub fn build(document: &Normalized, profile: &Profile, lock: &Lock) -> Modelled {
    let mut lock = moved_names::follow_operations(document.value(), lock);
    let mut read = read_document(document, profile, &lock);
    if let Some(moved) = moved_names::follow_schemas(&lock, &read.built) {
        lock = moved;
        read = read_document(document, profile, &lock);
    }
    let lock = &lock;
    let title = document.value().pointer("/info/title").and_then(Value::as_str).unwrap_or("API").to_owned();
    let Read { named, webhooks, built } = read;
    let Named { mut operations, suggested } = named;
    let Built { mut types, published: mut next, mut report, .. } = built;
    next.prefix.clone_from(&lock.prefix);
    naming::name_fields_and_values(&mut types, lock, &mut next);
    report.extend(recursion::box_recursive_types(&mut types));
    report.extend(circular_unions::cut_circular_unions(&mut types));
    let used = usage::find_usage(&operations, &webhooks, &types);
    directions::apply_directions(&mut types, &used.sent, &used.received);
    tags::settle_tags(&mut types, &used.requested);
    report.extend(styles::report_undefined_styles(&operations, &types));
    report.extend(encodings::resolve_encodings(&mut operations, &types));
    report.extend(pagination::find_pagination(&mut operations, &types, &profile.pagination));
    report.extend(polling::find_polling(&mut operations, &types, &profile.polling));
    let mut api = Api {
        title,
        operations,
        types,
        former: FormerNames::default(),
        webhooks,
        resources: Vec::new(),
        environments: Environments::default(),
        credentials: Vec::new(),
        fixtures: Vec::new(),
    };
    forms::split_form_types(&mut api, lock, &mut next.types);
    usage::mark_usage(&mut api);
    for operation in &api.operations {
        next.operations.insert(operation.key(), operation.id());
    }
    constructor_arguments::order_constructor_arguments(&mut api.types, lock, &mut next);
    report.extend(conversions::add_conversions(&mut api, &profile.types.conversions));
    accessors::add_accessors(&mut api.types);
    naming::name_items(&mut api, profile, lock, &mut next);
    type_features::mark_features(&mut api, &profile.areas);
    api.former = naming::find_former_names(&api, lock);
    next.former.clone_from(&lock.former);
    next.former_members.clone_from(&lock.former_members);
    report.extend(keep_published_names(lock, &mut next, &profile.types));
    Modelled { api, lock: next, suggested, report }
}

/// What the document describes, before anything is derived from it.
struct Read {
    named: Named,
    webhooks: Vec<Webhook>,
    built: Built,
}

fn read_document(document: &Normalized, profile: &Profile, lock: &Lock) -> Read {
    let mut builder = TypeBuilder::new(document.value(), &profile.types, lock);
    builder.define_components();
    let named = operations::build_operations(&mut builder, profile, lock);
    let webhooks = webhooks::read_webhooks(&mut builder);
    Read { named, webhooks, built: builder.finish() }
}

/// Keeps a published name when its schema or operation disappears, which may be by mistake or temporary.
fn keep_published_names(lock: &Lock, next: &mut Lock, policy: &TypePolicy) -> Report {
    let mut report = Report::default();
    let tables = [("operations", &lock.operations, &mut next.operations), ("types", &lock.types, &mut next.types)];
    for (table, before, after) in tables {
        for (key, name) in before {
            // The profile decides these names now.
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
    for (place, identity) in lock.places.iter().filter(|(_, identity)| next.types.contains_key(*identity)) {
        next.places.entry(place.clone()).or_insert_with(|| identity.clone());
    }
    for (scope, names) in &lock.members {
        let members = next.members.entry(scope.clone()).or_default();
        for (key, name) in names {
            members.entry(key.clone()).or_insert_with(|| name.clone());
        }
    }
    report
}
