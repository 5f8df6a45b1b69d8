//! Long-running operations and how their runs are polled.

use crate::names::{RustIdent, WireName};

use super::{PropertyPath, TypeId};

/// The part that an operation plays in polling.
#[derive(Clone, Debug, PartialEq)]
pub enum Role {
    /// It returns the state of a run.
    State(RunState),
    /// It starts a run that another operation polls.
    Start(RunStart),
    /// It lists the runs of a batch, which is the state of the batch.
    Batch(Batch),
}

/// An operation that returns the state of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct RunState {
    /// The parameter with the ID of the run.
    pub id: RustIdent,
    /// Where its response has the ID, if it has one.
    pub response_id: Option<RunProperty>,
    /// Where its response has the status.
    pub status: RunProperty,
    /// The listed statuses that end the run.
    pub end_statuses: Vec<String>,
    /// Name of the method that polls a run by its ID.
    pub attach: RustIdent,
}

/// Where the state of a run has a property.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RunProperty {
    /// In the same place of every state.
    Direct(PropertyPath),
    /// In each variant of a union, such as a run that is either its status alone or complete.
    OfVariants {
        /// Where the union is.
        union: PropertyPath,
        /// The union.
        id: TypeId,
        /// Where each variant has the property, in the order of the variants.
        variants: Vec<PropertyPath>,
        /// The property, as unknown variants are expected to have it.
        wire: WireName,
    },
}

/// An operation that starts runs.
#[derive(Clone, Debug, PartialEq)]
pub struct RunStart {
    /// Where its response has the ID.
    pub id: PropertyPath,
    /// The operation that returns the state: its index among all operations.
    pub polled_by: usize,
    /// Where its body has one entry per run, when it starts several.
    pub inputs: Option<PropertyPath>,
}

/// An operation that lists the runs of a batch.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    /// The parameter with the ID of the batch.
    pub filter: RustIdent,
    /// The parameter with the size of a page, and the size to request.
    pub page_size: Option<(RustIdent, u16)>,
    /// Where a run in the list has its status.
    pub status: PropertyPath,
    /// The listed statuses that end a run.
    pub end_statuses: Vec<String>,
    /// Name of the method that polls a batch by its ID.
    pub attach: RustIdent,
}
