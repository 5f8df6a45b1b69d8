//! Members of a type that are one under two names: fields and setters of one property, variants of one value.

use std::collections::HashMap;

use crate::ir::{Enumeration, Kind, Property, Struct, TypeDef, Types, Union};

use super::argument::{Part, Signature, change_of};
use super::counterparts::Renaming;
use super::migration::Migration;

/// A type in both clients, with the paths that it has there.
pub(super) struct Typed<'a> {
    pub(super) old: (&'a str, &'a TypeDef),
    pub(super) new: (&'a str, &'a TypeDef),
    /// New wire names of its properties by the old ones, where they differ.
    pub(super) properties: &'a HashMap<String, String>,
}

/// Adds the members of a type.
pub(super) fn add_members(
    migration: &mut Migration,
    typed: &Typed<'_>,
    renaming: &Renaming<'_>,
    (old, new): (&Types, &Types),
) {
    match (&typed.old.1.kind, &typed.new.1.kind) {
        (Kind::Struct(before), Kind::Struct(after)) => add_struct(migration, typed, (before, after), renaming),
        (Kind::Enumeration(before), Kind::Enumeration(after)) => add_values(migration, typed, (before, after)),
        (Kind::Union(before), Kind::Union(after)) => {
            add_variants(migration, typed, (before, after), renaming, (old, new));
        }
        (Kind::Struct(_) | Kind::Enumeration(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_), _) => {}
    }
}

fn add_name(migration: &mut Migration, typed: &Typed<'_>, old: &str, new: &str) {
    if old != new {
        migration.renamed.insert(format!("{}::{old}", typed.old.0), format!("{}::{new}", typed.new.0));
    }
}

fn add_struct(
    migration: &mut Migration,
    typed: &Typed<'_>,
    (before, after): (&Struct, &Struct),
    renaming: &Renaming<'_>,
) {
    let wire = |field: &Property| typed.properties.get(&field.wire.0).cloned().unwrap_or_else(|| field.wire.0.clone());
    for (index, field) in before.fields.iter().enumerate() {
        let wire = wire(field);
        let Some(at) = after.fields.iter().position(|other| other.wire.0 == wire) else { continue };
        let Some(other) = after.fields.get(at) else { continue };
        add_name(migration, typed, field.name.as_str(), other.name.as_str());
        let setter = |structure: &Struct, index| structure.setters.iter().find(|setter| setter.field == index).cloned();
        if let (Some(one), Some(other)) = (setter(before, index), setter(after, at)) {
            add_name(migration, typed, one.name.as_str(), other.name.as_str());
            if let (Some(one), Some(other)) = (one.null, other.null) {
                add_name(migration, typed, one.as_str(), other.as_str());
            }
        }
    }
    let both = typed.old.1.usage.request && typed.new.1.usage.request;
    if !both {
        return;
    }
    let parts = |structure: &Struct, wire: &dyn Fn(&Property) -> String| -> Vec<Part> {
        let fields = structure.arguments.iter().filter_map(|index| structure.fields.get(*index));
        fields.map(|field| Part::Property(wire(field))).collect()
    };
    let old = parts(before, &wire);
    let new = Signature {
        parts: parts(after, &|field| field.wire.0.clone()),
        text: renaming.signature(typed.new.0, "new"),
        setters: after
            .setters
            .iter()
            .filter_map(|setter| {
                Some((Part::Property(after.fields.get(setter.field)?.wire.0.clone()), setter.name.source()))
            })
            .collect(),
    };
    if let Some(change) = change_of(&old, &new) {
        migration.calls.insert(format!("{}::new", typed.old.0), change);
    }
}

fn add_values(migration: &mut Migration, typed: &Typed<'_>, (before, after): (&Enumeration, &Enumeration)) {
    for value in &before.values {
        if let Some(other) = after.values.iter().find(|other| other.wire == value.wire) {
            add_name(migration, typed, value.name.as_str(), other.name.as_str());
        }
    }
}

fn add_variants(
    migration: &mut Migration,
    typed: &Typed<'_>,
    (before, after): (&Union, &Union),
    renaming: &Renaming<'_>,
    (old, new): (&Types, &Types),
) {
    for variant in &before.variants {
        let payload = variant.ty.named().map(|id| renaming.target(&format!("types::{}", old.get(id).name)));
        let same = after.variants.iter().find(|other| {
            let other_payload = other.ty.named().map(|id| format!("types::{}", new.get(id).name));
            match (&payload, other_payload) {
                (Some(payload), Some(other_payload)) => *payload == other_payload,
                (None, None) => variant.ty == other.ty,
                (Some(_), None) | (None, Some(_)) => false,
            }
        });
        if let Some(other) = same {
            add_name(migration, typed, variant.name.as_str(), other.name.as_str());
        }
    }
    for accessor in &before.accessors {
        if let Some(other) = after.accessors.iter().find(|other| other.wire == accessor.wire) {
            add_name(migration, typed, accessor.name.as_str(), other.name.as_str());
        }
    }
}
