//! Merges under way, and how much more may be merged: `allOf` can lead back to itself through the schemas it merges, and
//! can multiply. Knows nothing of names or Rust types.

use std::collections::HashMap;

use serde_json::Value;

use crate::ir::{Type, TypeId};

/// Nodes that merging may make for each node of the document, and in any case.
const PER_NODE: usize = 100;
const BASE: usize = 200_000;
/// Schemas within schemas; no document that can be read nests its own deeper.
const DEPTH: usize = 128;
/// From this many merges within merges on, the same schema is the same type wherever it stands, so that types do not multiply.
const SHARED: usize = 3;

/// Merges under way, innermost last.
#[derive(Debug)]
pub(super) struct Expansions {
    open: Vec<Expansion>,
    shared: HashMap<String, Type>,
    left: usize,
    depth: usize,
}

#[derive(Debug)]
struct Expansion {
    schema: Value,
    merged: Value,
    id: Option<TypeId>,
}

impl Expansions {
    pub(crate) fn new(document: &Value) -> Self {
        let left = BASE.saturating_add(weight(document).saturating_mul(PER_NODE));
        Self { open: Vec::new(), shared: HashMap::new(), left, depth: 0 }
    }

    /// Whether a schema is being merged already; its type, when it has one by now.
    pub(crate) fn again(&self, schema: &Value) -> Option<Option<TypeId>> {
        self.open.iter().find(|expansion| expansion.schema == *schema).map(|expansion| expansion.id)
    }

    /// The type of a schema that was merged before, this deep in other merges.
    pub(crate) fn known(&self, schema: &Value) -> Option<Type> {
        if self.open.len() < SHARED { None } else { self.shared.get(&schema.to_string()).cloned() }
    }

    /// Remembers the type of a merged schema, this deep in other merges.
    pub(crate) fn share(&mut self, schema: &Value, ty: &Type) {
        if self.open.len() >= SHARED {
            self.shared.insert(schema.to_string(), ty.clone());
        }
    }

    /// Pays for a merged schema. `None` when no more may be merged.
    pub(crate) fn pay(&mut self, merged: &Value) -> Option<()> {
        self.left = self.left.checked_sub(weight(merged))?;
        Some(())
    }

    pub(crate) fn open(&mut self, schema: &Value, merged: &Value, id: Option<TypeId>) {
        self.open.push(Expansion { schema: schema.clone(), merged: merged.clone(), id });
    }

    pub(crate) fn close(&mut self) {
        self.open.pop();
    }

    /// Remembers the type of the schema merged last.
    pub(crate) fn named(&mut self, merged: &Value, id: TypeId) {
        if let Some(last) = self.open.last_mut()
            && last.id.is_none()
            && last.merged == *merged
        {
            last.id = Some(id);
        }
    }

    /// One schema further in. `None` when that is too deep; else to be followed by [`Self::leave`].
    pub(crate) fn enter(&mut self) -> Option<()> {
        self.depth = (self.depth < DEPTH).then_some(self.depth + 1)?;
        Some(())
    }

    pub(crate) fn leave(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }
}

fn weight(value: &Value) -> usize {
    match value {
        Value::Object(map) => 1 + map.values().map(weight).sum::<usize>(),
        Value::Array(items) => 1 + items.iter().map(weight).sum::<usize>(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => 1,
    }
}
