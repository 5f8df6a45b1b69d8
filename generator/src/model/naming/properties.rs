//! Names of the fields of structs and of the values of enumerations, which a neighbor can change: `a b` and `a_b` are one name.
//!
//! The names that depend on neighbors are locked. Must run before any pass that keeps a name of a field.

use std::collections::BTreeMap;

use crate::ir::{Enumeration, Kind, Rest, Struct, Types};
use crate::names::{Lock, RustIdent};

use super::claims::{Claims, Wanted};

/// Key of the field for unnamed properties. No property is called like this.
const REST: &str = "..";

/// Names the fields and values of all types. Names in `lock` are preserved, new ones are added to `published`.
pub(in crate::model) fn name_fields_and_values(types: &mut Types, lock: &Lock, published: &mut Lock) {
    for def in &mut types.0 {
        match &mut def.kind {
            Kind::Struct(structure) => name_fields(structure, &format!("{} fields", def.identity), lock, published),
            Kind::Enumeration(known) => name_values(known, &format!("{} values", def.identity), lock, published),
            Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => {}
        }
    }
}

fn name_fields(structure: &mut Struct, owner: &str, lock: &Lock, published: &mut Lock) {
    let named = structure.fields.iter().map(|field| (field.wire.0.as_str(), RustIdent::snake(&field.wire.0)));
    let rest = match &structure.rest {
        Rest::Ignored => None,
        Rest::Kept(_) => Some((REST, RustIdent::snake("extra"))),
        Rest::Typed(..) => Some((REST, RustIdent::snake("additional_properties"))),
    };
    let wanted: Vec<Wanted> = named.chain(rest).map(|(key, name)| Wanted::new(key, name)).collect();
    let mut names = Claims::new(lock, owner, &[]).claim(&record_rivals(wanted), published).into_iter();
    for (field, name) in structure.fields.iter_mut().zip(&mut names) {
        field.name = name;
    }
    if let (Rest::Kept(field) | Rest::Typed(field, _), Some(name)) = (&mut structure.rest, names.next()) {
        *field = name;
    }
}

fn name_values(enumeration: &mut Enumeration, owner: &str, lock: &Lock, published: &mut Lock) {
    let wanted: Vec<Wanted> = enumeration
        .values
        .iter()
        .map(|value| {
            let name = RustIdent::pascal(&value.wire);
            Wanted::new(&value.wire, if name.as_str() == UNKNOWN { name.with_suffix("Value") } else { name })
        })
        .collect();
    let names = Claims::new(lock, owner, &[UNKNOWN]).claim(&record_rivals(wanted), published);
    for (value, name) in enumeration.values.iter_mut().zip(names) {
        value.name = name;
    }
}

/// Locks each of several members that want one name, also the one that gets it: a later one must not take it.
fn record_rivals(wanted: Vec<Wanted>) -> Vec<Wanted> {
    let mut counts: BTreeMap<RustIdent, usize> = BTreeMap::new();
    wanted.iter().for_each(|member| *counts.entry(member.name.clone()).or_default() += 1);
    let is_rival = |member: &Wanted| counts.get(&member.name).is_some_and(|count| *count > 1);
    wanted.into_iter().map(|member| if is_rival(&member) { member.recorded() } else { member }).collect()
}

/// The variant for values that are not listed.
const UNKNOWN: &str = "Unknown";

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use crate::ir::Kind;
    use crate::model::build;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    /// Returns the names of the fields or values of the schemas, and the lock after them.
    fn names(schemas: Value, lock: &Lock) -> (Vec<String>, Lock) {
        let document = json!({"openapi": "3.0.3", "paths": {}, "components": {"schemas": schemas}});
        let modelled = build(&normalize_document(document), &Profile::default(), lock);
        let names = modelled.api.types.0.iter().flat_map(|def| match &def.kind {
            Kind::Struct(structure) => structure.fields.iter().map(|field| field.name.to_string()).collect(),
            Kind::Enumeration(known) => known.values.iter().map(|value| value.name.to_string()).collect(),
            Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => Vec::new(),
        });
        (names.collect(), modelled.lock)
    }

    #[test]
    fn field_with_a_number_keeps_it_when_its_neighbor_goes() {
        let object = |names: &[&str]| {
            let properties: serde_json::Map<String, Value> =
                names.iter().map(|name| ((*name).to_owned(), json!({"type": "string"}))).collect();
            json!({"A": {"type": "object", "properties": properties}})
        };
        let (first, lock) = names(object(&["a_b", "a b", "c"]), &Lock::default());
        assert_eq!(first, ["a_b", "a_b2", "c"]);
        assert_eq!(names(object(&["a b", "c"]), &lock).0, ["a_b2", "c"]);
        assert_eq!(names(object(&["a-b", "a b", "a_b"]), &lock).0, ["a_b3", "a_b2", "a_b"]);
    }

    #[test]
    fn value_with_a_number_keeps_it_when_its_neighbor_goes() {
        let values = |values: &[&str]| json!({"A": {"type": "string", "enum": values}});
        let (first, lock) = names(values(&["asc", "ASC", "unknown"]), &Lock::default());
        assert_eq!(first, ["Asc", "Asc2", "UnknownValue"]);
        assert_eq!(names(values(&["ASC", "x"]), &lock).0, ["Asc2", "X"]);
    }
}
