//! Finds the path from a type to a property inside it, by wire names.
//!
//! It must not know what the property is used for.

use crate::ir::{Property, PropertyPath, Secrecy, Step, Type, Types};

/// Finds a property and its type; dots in `path` lead into objects. Sensitive properties are never found.
pub(super) fn find_property<'a>(types: &'a Types, ty: &'a Type, path: &str) -> Option<(PropertyPath, &'a Type)> {
    let mut found = PropertyPath::default();
    let mut ty = ty;
    for name in path.split('.') {
        let property = types.structure(ty)?.fields.iter().find(|property| property.wire.0 == name)?;
        found.0.push(step_into(property)?);
        ty = &property.ty;
    }
    Some((found, ty))
}

/// Returns a property as a step of a path, or `None` if the property is sensitive.
pub(super) fn step_into(property: &Property) -> Option<Step> {
    match property.secrecy {
        Secrecy::Public => {
            let (name, wire) = (property.name.clone(), property.wire.clone());
            Some(Step { name, wire, presence: property.presence })
        }
        Secrecy::Secret => None,
    }
}
