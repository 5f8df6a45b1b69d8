//! Names of the setters of structs.

use std::collections::BTreeSet;

use crate::ir::{Kind, Presence, Property, Setter, Struct, Types};
use crate::names::{Lock, RustIdent};

use super::claims::{Claims, Wanted};

/// Names the setters of each struct that requests contain.
pub(super) fn name_setters(types: &mut Types, lock: &Lock, published: &mut Lock) {
    for def in &mut types.0 {
        let Kind::Struct(structure) = &mut def.kind else { continue };
        if def.usage.request {
            structure.setters = setters(structure, &format!("{} setters", def.identity), lock, published);
        }
    }
}

fn setters(structure: &Struct, owner: &str, lock: &Lock, published: &mut Lock) -> Vec<Setter> {
    let fields: Vec<(usize, &Property)> =
        structure.fields.iter().enumerate().filter(|(index, field)| is_set(structure, *index, field)).collect();
    let plain: BTreeSet<String> = structure.fields.iter().map(|field| setter_name(field).to_string()).collect();
    let plain: Vec<&str> = plain.iter().map(String::as_str).collect();
    let nullable: Vec<usize> = fields.iter().filter(|(_, field)| sends_null(field)).map(|(index, _)| *index).collect();
    let wanted: Vec<Wanted> =
        fields.iter().filter(|(_, field)| sends_null(field)).map(|(_, field)| null_setter(field)).collect();
    let nulls = Claims::new(lock, owner, &plain).claim(&wanted, published);
    let null =
        |field: usize| nullable.iter().position(|known| *known == field).and_then(|place| nulls.get(place).cloned());
    fields
        .into_iter()
        .map(|(field, property)| Setter { field, name: setter_name(property), null: null(field) })
        .collect()
}

/// Returns whether a property has a setter; the others are arguments of the constructor or set by it.
fn is_set(structure: &Struct, index: usize, field: &Property) -> bool {
    !structure.arguments.contains(&index) && field.preset().is_none()
}

fn setter_name(field: &Property) -> RustIdent {
    field.name.with_prefix("with_")
}

fn sends_null(field: &Property) -> bool {
    field.presence == Presence::OptionalNullable && field.constant().is_none()
}

/// Returns the setter that sends `null`. If there is a property `x_null` beside `x`, that property keeps its name.
fn null_setter(field: &Property) -> Wanted {
    let name = RustIdent::snake(&format!("{} null", field.name)).with_prefix("with_");
    let fallback = name.with_suffix("_value");
    Wanted::new(field.wire.0.clone(), name).or(fallback)
}
