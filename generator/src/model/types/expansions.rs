//! Merges in progress, and a budget for further merges: `allOf` can lead back to itself through the schemas it merges,
//! and its results can multiply. Knows nothing about names or Rust types.

use std::collections::HashMap;

use serde_json::Value;

use crate::ir::{Type, TypeId};

/// Number of nodes that merging may create for each node of the document, in addition to [`BASE`].
const PER_NODE: usize = 100;
const BASE: usize = 200_000;
/// Maximum nesting depth of schemas; no readable document nests its own schemas deeper.
const DEPTH: usize = 128;
/// Depth of nested merges from which equal schemas share one type wherever they occur, so that types do not multiply.
const SHARED: usize = 3;

/// Merges in progress, innermost last.
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

    /// Returns whether a schema is already being merged, and its type if it is known by now.
    pub(crate) fn again(&self, schema: &Value) -> Option<Option<TypeId>> {
        self.open.iter().find(|expansion| expansion.schema == *schema).map(|expansion| expansion.id)
    }

    /// Returns the type of an equal schema that was merged before, if the merges are nested deeply enough to share
    /// types.
    pub(crate) fn known(&self, schema: &Value) -> Option<Type> {
        if self.open.len() < SHARED { None } else { self.shared.get(&schema.to_string()).cloned() }
    }

    /// Records the type of a merged schema, if the merges are nested deeply enough to share types.
    pub(crate) fn share(&mut self, schema: &Value, ty: &Type) {
        if self.open.len() >= SHARED {
            self.shared.insert(schema.to_string(), ty.clone());
        }
    }

    /// Charges a merged schema to the budget, or returns `None` if the budget is exhausted.
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

    /// Records the type of the schema that was merged last.
    pub(crate) fn named(&mut self, merged: &Value, id: TypeId) {
        if let Some(last) = self.open.last_mut()
            && last.id.is_none()
            && last.merged == *merged
        {
            last.id = Some(id);
        }
    }

    /// Enters a nested schema, or returns `None` if it is too deep; otherwise, [`Self::leave`] must follow.
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
