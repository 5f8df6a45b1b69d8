//! The table `[polling]` of a profile: which runs can be polled, and how. Plain data; knows nothing of the model.

use serde::Deserialize;

/// How the runs of an API are polled.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PollingPolicy {
    /// Statuses of a run that is still in progress. If empty, nothing can be polled.
    pub pending: Vec<String>,
    /// The property with the ID of a run.
    pub id: String,
    /// The property with the status of a run.
    pub status: String,
    /// Runs that are not detected automatically.
    pub runs: Vec<RunRule>,
    /// Batches whose state is the list of their runs.
    pub batches: Vec<BatchRule>,
}

impl Default for PollingPolicy {
    fn default() -> Self {
        let (id, status) = ("id".to_owned(), "status".to_owned());
        Self { pending: Vec::new(), id, status, runs: Vec::new(), batches: Vec::new() }
    }
}

/// A kind of run that is not detected automatically.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RunRule {
    /// The operation that returns the state of a run, as `METHOD /path`.
    pub state: String,
    /// Operations that start such a run.
    #[serde(default)]
    pub starts: Vec<String>,
    /// The property of their responses that contains the run; by default, the response is the run. What starts a run may
    /// return it without this property.
    pub within: Option<String>,
}

/// A batch whose state is the list of its runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BatchRule {
    /// The operation that starts the batch, as `METHOD /path`.
    pub start: String,
    /// The property of its response with the ID of the batch.
    pub id: String,
    /// The property of its request body with one entry per run.
    pub inputs: String,
    /// The operation that lists runs.
    pub list: String,
    /// The query parameter that filters the list by batch.
    pub filter: String,
    /// The page size to request.
    pub page_size: Option<PageSize>,
}

/// A page size.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PageSize {
    /// The query parameter.
    pub parameter: String,
    /// Its value.
    pub value: u16,
}
