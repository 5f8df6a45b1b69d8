//! Runs of any kind for blocking clients.
//!
//! Must not know kinds.

use sdk_runtime::Error;
use sdk_runtime::codegen::Core;

#[cfg(feature = "webhooks")]
use super::{Arrivals, WaitForEvent};
use super::{BatchResults, Run, Runs, WaitForBatch, WaitForRun};
use crate::Client;

impl crate::blocking::Client {
    /// Returns calls for runs of any kind. The prefix of an ID tells its kind.
    ///
    /// ```no_run
    /// use extend_ai::blocking::{Call, Client};
    ///
    /// # fn main() -> Result<(), extend_ai::Error> {
    /// let client = Client::from_env()?;
    /// println!("{}", client.runs().wait("exr_123").call()?.status());
    /// for run in client.runs().wait_batch("bpr_123").call()?.blocking() {
    ///     println!("{}", run?.id());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[must_use]
    pub fn runs(&self) -> BlockingRuns {
        BlockingRuns(Client { core: self.core.clone() }.runs())
    }
}

/// Calls for runs of any kind of a blocking client: see [`Runs`].
#[derive(Clone, Debug)]
pub struct BlockingRuns(Runs);

impl BlockingRuns {
    fn core(&self) -> Core {
        self.0.client.core.clone()
    }

    /// Retrieves a run.
    ///
    /// # Errors
    ///
    /// Returns those of [`Runs::get`].
    pub fn get(&self, id: impl Into<String>) -> Result<Run, Error> {
        let (runs, id) = (self.0.clone(), id.into());
        self.core().wait_for(async move { runs.get(id).await })?
    }

    /// Cancels a run.
    ///
    /// # Errors
    ///
    /// Returns those of [`Runs::cancel`].
    pub fn cancel(&self, id: impl Into<String>) -> Result<Run, Error> {
        let (runs, id) = (self.0.clone(), id.into());
        self.core().wait_for(async move { runs.cancel(id).await })?
    }

    /// Deletes a run and its data.
    ///
    /// # Errors
    ///
    /// Returns those of [`Runs::delete`].
    pub fn delete(&self, id: impl Into<String>) -> Result<(), Error> {
        let (runs, id) = (self.0.clone(), id.into());
        self.core().wait_for(async move { runs.delete(id).await })?
    }

    /// Polls a run until it ends; `call()` blocks until then.
    pub fn wait(&self, id: impl Into<String>) -> WaitForRun {
        self.0.wait(id)
    }

    /// Waits for a run until it ends, by a webhook or by polling, whichever is first; `call()` blocks until then. Events are noted
    /// from another thread.
    #[cfg(feature = "webhooks")]
    pub fn wait_or_webhook(&self, id: impl Into<String>, arrivals: &Arrivals) -> WaitForEvent {
        self.0.wait_or_webhook(id, arrivals)
    }

    /// Polls a batch until it ends; `call()` blocks until then.
    pub fn wait_batch(&self, id: impl Into<String>) -> WaitForBatch {
        self.0.wait_batch(id)
    }
}

impl BatchResults {
    /// Converts this into a blocking iterator over the runs. It requires a blocking client.
    #[must_use]
    pub fn blocking(self) -> BlockingBatchResults {
        BlockingBatchResults(Some(self))
    }
}

/// The runs of a batch that has ended, each of which is retrieved when it is asked for: see [`BatchResults::blocking`].
///
/// After an error, the same run is retrieved again.
#[derive(Clone, Debug)]
pub struct BlockingBatchResults(Option<BatchResults>);

impl Iterator for BlockingBatchResults {
    type Item = Result<Run, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut results = self.0.take()?;
        let core = results.runs.client.core.clone();
        let step = core.wait_for(async move {
            let next = results.next().await;
            (next, results)
        });
        match step {
            Ok((next, rest)) => {
                self.0 = Some(rest);
                next
            }
            Err(error) => Some(Err(error)),
        }
    }
}
