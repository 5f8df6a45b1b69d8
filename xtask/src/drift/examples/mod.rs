//! Examples of every kind of change of a schema: what was there, what is there now, and why it matters as it does. The levels are
//! not written here: the comparison decides them, and the proof checks them.

mod bounds;
mod notes;
mod operations;
mod structure;
mod taken_over;

use serde_json::Value;

pub(super) use operations::{Whole, list_wholes};
pub(super) use taken_over::list_taken_over;

/// An example of a kind of change.
#[derive(Clone, Debug)]
pub(super) struct Example {
    /// The property before; `None` if there was none.
    pub(super) before: Option<Value>,
    /// The property after.
    pub(super) after: Option<Value>,
    /// Whether the property is required before and after.
    pub(super) required: (bool, bool),
    /// Why it has its levels.
    pub(super) why: &'static str,
}

/// Returns the examples. Each is tried in requests and in responses, and in every position.
pub(super) fn list_examples() -> Vec<Example> {
    let mut all = Vec::new();
    all.extend(structure::presence());
    all.extend(structure::types());
    all.extend(structure::unions());
    all.extend(structure::arrays_and_objects());
    all.extend(structure::moves());
    all.extend(structure::values());
    all.extend(bounds::list_bound_examples());
    all.extend(notes::list_notes());
    all
}

fn example(before: Value, after: Value, why: &'static str) -> Example {
    Example { before: Some(before), after: Some(after), required: (false, false), why }
}
