//! Long-running operations and how their runs are polled.

use crate::names::RustIdent;

use super::PropertyPath;

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
    pub response_id: Option<PropertyPath>,
    /// Where its response has the status.
    pub status: PropertyPath,
    /// The listed statuses that end the run.
    pub end_statuses: Vec<String>,
    /// Name of the method that polls a run by its ID.
    pub attach: RustIdent,
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
