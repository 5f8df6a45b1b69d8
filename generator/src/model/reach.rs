//! The way from a type to a property inside of it, found by the names on the wire.
//!
//! It must not know what the property is for.

use crate::names::{RustIdent, WireName};

use super::{Presence, Property, Secrecy, Type, Types};

/// The way to a property: names from the outside in. None is a way to the value itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach(pub Vec<Step>);

/// One property on the way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Its name in Rust.
    pub name: RustIdent,
    /// Its name on the wire.
    pub wire: WireName,
    /// Whether it may be absent or `null`.
    pub presence: Presence,
}

impl Reach {
    /// Whether everything on the way is there in every value.
    pub fn is_certain(&self) -> bool {
        self.0.iter().all(|step| step.presence == Presence::Required)
    }
}

/// The way to a property and its type; dots in `path` lead into objects. Values that are never printed are not reached.
pub(super) fn reach<'a>(types: &'a Types, ty: &'a Type, path: &str) -> Option<(Reach, &'a Type)> {
    let mut way = Reach::default();
    let mut ty = ty;
    for name in path.split('.') {
        let property = types.structure(ty)?.fields.iter().find(|property| property.wire.0 == name)?;
        way.0.push(step(property)?);
        ty = &property.ty;
    }
    Some((way, ty))
}

/// One property as a step.
pub(super) fn step(property: &Property) -> Option<Step> {
    match property.secrecy {
        Secrecy::Public => {
            let (name, wire) = (property.name.clone(), property.wire.clone());
            Some(Step { name, wire, presence: property.presence })
        }
        Secrecy::Secret => None,
    }
}
