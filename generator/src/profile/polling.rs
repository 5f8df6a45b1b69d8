//! Policy on runs that take time. Data only.

use serde::Deserialize;

/// How the runs of an API are waited for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PollingPolicy {
    /// Statuses of a run that goes on. Without any, nothing is waited for.
    pub pending: Vec<String>,
    /// The property of a run with its ID.
    pub id: String,
    /// The property of a run with its status.
    pub status: String,
    /// Runs that are not found by rule.
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

/// A kind of run that is not found by rule.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RunRule {
    /// The operation that tells the state of a run, `METHOD /path`.
    pub state: String,
    /// Operations that start such a run.
    #[serde(default)]
    pub starts: Vec<String>,
    /// The property of all their answers that holds the run; without it, the answer is the run.
    pub within: Option<String>,
}

/// A batch whose state is the list of its runs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BatchRule {
    /// The operation that starts it, `METHOD /path`.
    pub start: String,
    /// The property of its answer with the ID of the batch.
    pub id: String,
    /// The property of its body with one entry for each run.
    pub inputs: String,
    /// The operation that lists runs.
    pub list: String,
    /// The query parameter that keeps only the runs of a batch.
    pub filter: String,
    /// How many runs to ask for at a time.
    pub page_size: Option<PageSize>,
}

/// A size of pages.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct PageSize {
    /// The query parameter.
    pub parameter: String,
    /// Its value.
    pub value: u16,
}
