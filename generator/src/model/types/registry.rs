//! The types found so far: the type of each schema, and the definition of each type.
//!
//! Knows nothing about how a schema is read.

use std::collections::HashMap;

use serde_json::Value;

use crate::ir::{Kind, Type, TypeDef, TypeId, Types};
use crate::names::RustIdent;
use crate::pointer::Pointer;

use super::enumeration;
use super::naming::Hint;

/// The type that a schema defines.
#[derive(Clone, Debug)]
pub(in crate::model) struct Owner {
    pub id: TypeId,
    /// The name in Rust.
    pub name: RustIdent,
    /// The name in the lock.
    pub identity: String,
    /// The hint from which inline schemas inside it are named.
    pub hint: Hint,
    /// The index of the schema among those that define the type, and the profile's documentation of the type.
    pub share: Option<(usize, String)>,
}

/// A named type and the schemas that define it.
#[derive(Debug)]
struct Slot {
    name: RustIdent,
    definitions: Vec<Definition>,
}

/// The definition of a type by one schema.
#[derive(Debug)]
pub(super) struct Definition {
    pub rank: usize,
    /// Name of the schema.
    pub schema: String,
    pub def: TypeDef,
}

/// The types found so far.
#[derive(Debug, Default)]
pub(super) struct Registry {
    slots: Vec<Slot>,
    components: HashMap<Pointer, TypeId>,
    places: HashMap<Pointer, Type>,
    titled: HashMap<String, Vec<(Value, TypeId)>>,
    shared: HashMap<String, TypeId>,
}

impl Registry {
    /// Reserves a type that is defined later.
    pub(crate) fn reserve(&mut self, name: RustIdent) -> TypeId {
        self.slots.push(Slot { name, definitions: Vec::new() });
        TypeId(self.slots.len() - 1)
    }

    /// Reserves a type that several schemas define.
    pub(crate) fn reserve_shared(&mut self, name: RustIdent) -> TypeId {
        if let Some(id) = self.shared.get(name.as_str()) {
            return *id;
        }
        let id = self.reserve(name.clone());
        self.shared.insert(name.to_string(), id);
        id
    }

    /// Records the type of a component.
    pub(crate) fn add_component(&mut self, place: Pointer, id: TypeId) {
        self.components.insert(place, id);
    }

    /// Returns the type of the component at a place.
    pub(crate) fn component(&self, place: &Pointer) -> Option<TypeId> {
        self.components.get(place).copied()
    }

    /// Records the type at a place that references lead to.
    pub(crate) fn add_place(&mut self, place: Pointer, ty: Type) {
        self.places.insert(place, ty);
    }

    /// Returns the type at a place that references lead to.
    pub(crate) fn place(&self, place: &Pointer) -> Option<&Type> {
        self.places.get(place)
    }

    /// Records the type of a schema with a title.
    pub(crate) fn add_titled(&mut self, title: &str, schema: &Value, id: TypeId) {
        self.titled.entry(title.to_owned()).or_default().push((schema.clone(), id));
    }

    /// Returns the type of an equal schema with the same title.
    pub(crate) fn titled(&self, title: &str, schema: &Value) -> Option<TypeId> {
        self.titled.get(title)?.iter().find(|(other, _)| is_same(other, schema)).map(|(_, id)| *id)
    }

    /// Returns the Rust name of a type.
    pub(crate) fn name(&self, id: TypeId) -> Option<&RustIdent> {
        self.slots.get(id.0).map(|slot| &slot.name)
    }

    /// Adds a definition of a type.
    pub(crate) fn define(&mut self, id: TypeId, definition: Definition) {
        if let Some(slot) = self.slots.get_mut(id.0) {
            let after = slot.definitions.partition_point(|known| known.rank <= definition.rank);
            slot.definitions.insert(after, definition);
        }
    }

    /// Returns, for each type that several schemas define, the first definition and the others.
    pub(crate) fn repeated(&self) -> impl Iterator<Item = (&Definition, &[Definition])> {
        self.slots.iter().filter_map(|slot| slot.definitions.split_first()).filter(|(_, others)| !others.is_empty())
    }

    /// Returns all types, each with its first definition; an enumeration has the values of all definitions. Every
    /// reserved type must be defined by then.
    pub(crate) fn finish(self) -> Types {
        Types(self.slots.into_iter().filter_map(Slot::into_def).collect())
    }
}

/// Returns whether two values are equal. Those whose keys have one order are compared without looking keys up.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Object(one), Value::Object(other)) if one.keys().eq(other.keys()) => {
            one.values().zip(other.values()).all(|(one, other)| is_same(one, other))
        }
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| is_same(one, other))
        }
        (
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) | Value::Object(_) | Value::Array(_),
            _,
        ) => one == other,
    }
}

impl Slot {
    fn into_def(mut self) -> Option<TypeDef> {
        if let [_] = self.definitions.as_slice() {
            let Definition { schema, mut def, .. } = self.definitions.pop()?;
            def.other_identities = if schema == def.identity { Vec::new() } else { vec![schema] };
            return Some(def);
        }
        let several = self.definitions.len() > 1;
        let kinds: Vec<&Kind> = self.definitions.iter().map(|definition| &definition.def.kind).collect();
        let values = kinds.into_iter().filter_map(|kind| match kind {
            Kind::Enumeration(enumeration) => Some(&enumeration.values),
            Kind::Struct(_) | Kind::Union(_) | Kind::Alias(_) | Kind::Wrapper(_) => None,
        });
        let values: Vec<String> = values.flatten().map(|value| value.wire.clone()).collect();
        let schemas: Vec<String> = self.definitions.iter().map(|definition| definition.schema.clone()).collect();
        let mut def = self.definitions.into_iter().next()?.def;
        def.other_identities = schemas.into_iter().filter(|schema| *schema != def.identity).collect();
        if several && matches!(def.kind, Kind::Enumeration(_)) {
            def.kind = enumeration(values.iter().map(String::as_str));
        }
        Some(def)
    }
}
