//! Runs of any kind, distinguished by the prefix of their IDs, and batches with the result of each input.
//!
//! Must not know how a run is started.

#[cfg(feature = "webhooks")]
mod arrivals;
mod batch;
#[cfg(feature = "blocking")]
mod blocking;
mod kind;
mod run;

use std::pin::Pin;

use sdk_runtime::{Error, PollSchedule, Pollable, Poller};

#[cfg(feature = "webhooks")]
pub use arrivals::{Arrivals, WaitForEvent};
pub use batch::{BatchResults, WaitForBatch};
#[cfg(feature = "blocking")]
pub use blocking::{BlockingBatchResults, BlockingRuns};
pub use kind::RunKind;
pub use run::Run;

use crate::Client;

impl Client {
    /// Returns calls for runs of any kind. The prefix of an ID tells its kind.
    ///
    /// ```no_run
    /// use extend_ai::runs::Run;
    ///
    /// # async fn example(client: extend_ai::Client) -> Result<(), extend_ai::Error> {
    /// match client.runs().wait("exr_123").await? {
    ///     Run::Extract(run) => println!("{:?}", run.output),
    ///     other => println!("{} run {} is {}", other.kind(), other.id(), other.status()),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn runs(&self) -> Runs {
        Runs { client: self.clone() }
    }
}

/// Calls for runs of any kind: see [`Client::runs`].
///
/// An ID whose prefix is not known is an error before anything is sent. The runs that are returned are added to the tally of the
/// client.
#[derive(Clone, Debug)]
pub struct Runs {
    client: Client,
}

impl Runs {
    /// Retrieves a run.
    ///
    /// # Errors
    ///
    /// Returns those of the call `retrieve` of its kind, and an error if the prefix of the ID is unknown.
    pub async fn get(&self, id: impl Into<String>) -> Result<Run, Error> {
        let (kind, id) = with_kind(id)?;
        let client = &self.client;
        let run = match kind {
            RunKind::Classify => Run::from(client.classify_runs().retrieve(id).await?),
            RunKind::Edit => Run::from(client.edit_runs().retrieve(id).await?),
            RunKind::Extract => Run::from(client.extract_runs().retrieve(id).await?),
            RunKind::FormDetection => Run::from(client.form_detection_runs().retrieve(id).await?),
            RunKind::Parse => Run::from(client.parse_runs().retrieve(id).await?),
            RunKind::Split => Run::from(client.split_runs().retrieve(id).await?),
            RunKind::Verify => Run::from(client.verify_runs().retrieve(id).await?),
            RunKind::Workflow => Run::from(client.workflow_runs().retrieve(id).await?),
        };
        client.count_cost(&run);
        Ok(run)
    }

    /// Cancels a run.
    ///
    /// # Errors
    ///
    /// Returns those of the call `cancel` of its kind, and an error if the prefix of the ID is unknown or the API cannot cancel
    /// runs of this kind.
    pub async fn cancel(&self, id: impl Into<String>) -> Result<Run, Error> {
        let (kind, id) = with_kind(id)?;
        let client = &self.client;
        let run = match kind {
            RunKind::Classify => Run::from(client.classify_runs().cancel(id).await?),
            RunKind::Extract => Run::from(client.extract_runs().cancel(id).await?),
            RunKind::Parse => Run::from(client.parse_runs().cancel(id).await?),
            RunKind::Split => Run::from(client.split_runs().cancel(id).await?),
            RunKind::Verify => Run::from(client.verify_runs().cancel(id).await?),
            RunKind::Workflow => Run::from(client.workflow_runs().cancel(id).await?),
            RunKind::Edit | RunKind::FormDetection => {
                return Err(impossible(kind, &id, "cancelled; it ends by itself"));
            }
        };
        client.count_cost(&run);
        Ok(run)
    }

    /// Deletes a run and its data.
    ///
    /// # Errors
    ///
    /// Returns those of the call `delete` of its kind, and an error if the prefix of the ID is unknown or the API cannot delete
    /// runs of this kind.
    pub async fn delete(&self, id: impl Into<String>) -> Result<(), Error> {
        let (kind, id) = with_kind(id)?;
        let client = &self.client;
        match kind {
            RunKind::Classify => client.classify_runs().delete(id).await.map(drop),
            RunKind::Edit => client.edit_runs().delete(id).await.map(drop),
            RunKind::Extract => client.extract_runs().delete(id).await.map(drop),
            RunKind::Parse => client.parse_runs().delete(id).await.map(drop),
            RunKind::Split => client.split_runs().delete(id).await.map(drop),
            RunKind::Verify => client.verify_runs().delete(id).await.map(drop),
            RunKind::Workflow => client.workflow_runs().delete(id).await.map(drop),
            RunKind::FormDetection => Err(impossible(kind, &id, "deleted; delete its file instead")),
        }
    }

    /// Polls a run until it ends, as `attach` of its kind does.
    pub fn wait(&self, id: impl Into<String>) -> WaitForRun {
        WaitForRun { runs: self.clone(), id: id.into(), schedule: PollSchedule::default() }
    }

    /// Waits for a run until it ends, by a webhook or by polling, whichever is first: see [`Arrivals`].
    #[cfg(feature = "webhooks")]
    pub fn wait_or_webhook(&self, id: impl Into<String>, arrivals: &Arrivals) -> WaitForEvent {
        WaitForEvent::new(self.wait(id), arrivals)
    }

    /// Polls a batch until it ends, and returns the runs of its inputs.
    ///
    /// ```no_run
    /// # async fn example(client: extend_ai::Client) -> Result<(), extend_ai::Error> {
    /// let mut results = client.runs().wait_batch("bpr_123").await?;
    /// println!("{} runs, {} that are not listed", results.len(), results.missing().unwrap_or(0));
    /// while let Some(run) = results.next().await {
    ///     let run = run?;
    ///     println!("{} is {}: {:?}", run.id(), run.status(), run.files().first().map(|file| &file.name));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn wait_batch(&self, id: impl Into<String>) -> WaitForBatch {
        WaitForBatch::new(self.clone(), id.into())
    }
}

/// Polling of a run of any kind: see [`Runs::wait`].
#[derive(Clone, Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct WaitForRun {
    runs: Runs,
    id: String,
    schedule: PollSchedule,
}

impl WaitForRun {
    /// Sets how often and how long to poll.
    pub fn schedule(mut self, schedule: PollSchedule) -> Self {
        self.schedule = schedule;
        self
    }

    async fn run(self) -> Result<Run, Error> {
        poll_to_end(self, UntilDone).await
    }
}

/// How a run is polled to its end.
trait Polling {
    async fn poll<P: Pollable>(self, poller: Poller<P>) -> Result<P::State, Error>;
}

/// As the schedule says.
struct UntilDone;

impl Polling for UntilDone {
    async fn poll<P: Pollable>(self, poller: Poller<P>) -> Result<P::State, Error> {
        poller.await
    }
}

/// Polls a run of any kind, and adds it to the tally of the client.
async fn poll_to_end(wait: WaitForRun, polling: impl Polling) -> Result<Run, Error> {
    let (kind, id) = with_kind(wait.id)?;
    let (client, schedule) = (wait.runs.client, wait.schedule);
    let run = match kind {
        RunKind::Classify => polling.poll(client.classify_runs().attach(id).schedule(schedule)).await?.into(),
        RunKind::Edit => polling.poll(client.edit_runs().attach(id).schedule(schedule)).await?.into(),
        RunKind::Extract => polling.poll(client.extract_runs().attach(id).schedule(schedule)).await?.into(),
        RunKind::FormDetection => {
            polling.poll(client.form_detection_runs().attach(id).schedule(schedule)).await?.into()
        }
        RunKind::Parse => polling.poll(client.parse_runs().attach(id).schedule(schedule)).await?.into(),
        RunKind::Split => polling.poll(client.split_runs().attach(id).schedule(schedule)).await?.into(),
        RunKind::Verify => polling.poll(client.verify_runs().attach(id).schedule(schedule)).await?.into(),
        RunKind::Workflow => polling.poll(client.workflow_runs().attach(id).schedule(schedule)).await?.into(),
    };
    client.count_cost(&run);
    Ok(run)
}

impl IntoFuture for WaitForRun {
    type Output = Result<Run, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.run())
    }
}

#[cfg(feature = "blocking")]
impl crate::blocking::Call for WaitForRun {
    type Response = Run;

    fn client(&self) -> &sdk_runtime::codegen::Core {
        &self.runs.client.core
    }
}

/// Returns the kind of run that an ID is of.
fn with_kind(id: impl Into<String>) -> Result<(RunKind, String), Error> {
    let id = id.into();
    match RunKind::of_id(&id) {
        Some(kind) => Ok((kind, id)),
        None => Err(Error::invalid_request(None, kind::explain_unknown(&id))),
    }
}

fn impossible(kind: RunKind, id: &str, what: &str) -> Error {
    Error::invalid_request(None, format!("{id} is of the kind `{kind}`, whose runs cannot be {what}"))
}
