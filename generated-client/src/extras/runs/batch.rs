//! Batches: waiting until they end, and the runs of their inputs.
//!
//! Must not know how a batch is started.

use std::collections::VecDeque;
use std::pin::Pin;

use sdk_runtime::{Batch, Error, PollSchedule, Poller};

use super::{Run, Runs};
use crate::extras::order::sort_by_rank;

/// Kinds of batches, by the prefix of their IDs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum BatchKind {
    /// Extract, classify or split runs.
    Processor,
    Parse,
    Workflow,
}

/// Polling of a batch: see [`Runs::wait_batch`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct WaitForBatch {
    runs: Runs,
    id: String,
    schedule: PollSchedule,
    inputs: Option<usize>,
}

impl WaitForBatch {
    pub(super) fn new(runs: Runs, id: String) -> Self {
        Self { runs, id, schedule: PollSchedule::default(), inputs: None }
    }

    /// Sets how often and how long to poll.
    pub fn schedule(mut self, schedule: PollSchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Sets how many inputs the batch was started with.
    ///
    /// A workflow batch cannot be retrieved: without this number it counts as finished once all of its runs that are listed have
    /// finished.
    pub fn inputs(mut self, count: usize) -> Self {
        self.inputs = Some(count);
        self
    }

    async fn wait(self) -> Result<BatchResults, Error> {
        match kind_of(&self.id)? {
            BatchKind::Workflow => self.wait_for_workflows().await,
            kind @ (BatchKind::Processor | BatchKind::Parse) => self.wait_for_batch(kind).await,
        }
    }

    async fn wait_for_workflows(self) -> Result<BatchResults, Error> {
        let list = self.runs.client.workflow_runs().list();
        let batch = Batch::new(list, self.id, self.inputs.unwrap_or(1));
        let mut runs = Poller::new(batch).schedule(self.schedule).await?;
        sort_by_rank(&mut runs, |run| (0, 0, run.created_at.as_str()));
        Ok(BatchResults::new(self.runs, runs.into_iter().map(|run| run.id).collect(), self.inputs))
    }

    async fn wait_for_batch(self, kind: BatchKind) -> Result<BatchResults, Error> {
        let batch = self.runs.client.batch_runs().attach(&self.id).schedule(self.schedule).await?;
        let reported = batch.run_count.and_then(|count| usize::try_from(count).ok());
        let ids = match kind {
            BatchKind::Parse => self.runs.parse_ids(&self.id).await?,
            BatchKind::Processor | BatchKind::Workflow => self.runs.processor_ids(&self.id).await?,
        };
        Ok(BatchResults::new(self.runs, ids, self.inputs.or(reported)))
    }
}

impl IntoFuture for WaitForBatch {
    type Output = Result<BatchResults, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.wait())
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Call for WaitForBatch {
    type Response = BatchResults;

    fn client(&self) -> &sdk_runtime::codegen::Core {
        &self.runs.client.core
    }
}

/// Collects the IDs of the runs of a batch, in the order of their creation.
macro_rules! ids_of {
    ($list:expr, |$run:ident| $created:expr) => {{
        let mut items = $list.items();
        let mut found = Vec::new();
        while let Some($run) = items.next().await {
            let $run = $run?;
            found.push(($created, $run.id));
        }
        in_order(found)
    }};
}

/// Returns IDs in the order of the times that stand before them.
fn in_order(mut found: Vec<(String, String)>) -> VecDeque<String> {
    sort_by_rank(&mut found, |(created, _)| (0, 0, created));
    found.into_iter().map(|(_, id)| id).collect()
}

impl Runs {
    async fn parse_ids(&self, batch: &str) -> Result<VecDeque<String>, Error> {
        let list = self.client.parse_runs().list().batch_id(batch);
        Ok(ids_of!(list, |run| run.created_at.as_ref().map(|time| time.as_str().to_owned()).unwrap_or_default()))
    }

    /// A batch has runs of one kind, which its ID does not tell.
    async fn processor_ids(&self, batch: &str) -> Result<VecDeque<String>, Error> {
        let client = &self.client;
        let ids = ids_of!(client.extract_runs().list().batch_id(batch), |run| run.created_at.as_str().to_owned());
        if !ids.is_empty() {
            return Ok(ids);
        }
        let ids = ids_of!(client.classify_runs().list().batch_id(batch), |run| run.created_at.as_str().to_owned());
        if !ids.is_empty() {
            return Ok(ids);
        }
        Ok(ids_of!(client.split_runs().list().batch_id(batch), |run| run.created_at.as_str().to_owned()))
    }
}

/// The runs of a batch that has ended, in the order of their creation. Each is retrieved when it is asked for.
#[derive(Clone, Debug)]
pub struct BatchResults {
    pub(super) runs: Runs,
    ids: VecDeque<String>,
    expected: Option<usize>,
    listed: usize,
}

impl BatchResults {
    fn new(runs: Runs, ids: VecDeque<String>, expected: Option<usize>) -> Self {
        Self { runs, listed: ids.len(), ids, expected }
    }

    /// Returns the number of runs that [`next`](Self::next) has not returned yet.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    /// Returns whether [`next`](Self::next) has returned all runs.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns how many inputs of the batch have no run that is listed; `None` if the number of inputs is not known. A run
    /// may be listed with a delay.
    #[must_use]
    pub fn missing(&self) -> Option<usize> {
        Some(self.expected?.saturating_sub(self.listed))
    }

    /// Retrieves the next run; `None` after the last one. After an error, the same run is retrieved again.
    ///
    /// # Errors
    ///
    /// Returns those of [`Runs::get`].
    pub async fn next(&mut self) -> Option<Result<Run, Error>> {
        let run = self.runs.get(self.ids.front()?.as_str()).await;
        if run.is_ok() {
            self.ids.pop_front();
        }
        Some(run)
    }
}

fn kind_of(id: &str) -> Result<BatchKind, Error> {
    let prefixes = [("bpr_", BatchKind::Processor), ("bpar_", BatchKind::Parse), ("batch_", BatchKind::Workflow)];
    let found = prefixes.iter().find(|(prefix, _)| id.starts_with(prefix));
    found.map(|(_, kind)| *kind).ok_or_else(|| {
        let message = format!(
            "{id:?} does not start with the prefix of a batch (bpr_, bpar_, batch_); for single runs there is `wait`"
        );
        Error::invalid_request(None, message)
    })
}
