//! The run whose polling an error ended: its ID, and its last known state. This module must not know how polling works.

use std::time::Duration;

use super::{Error, ErrorKind};
use crate::operation::Operation;

/// The state of a run when polling it failed.
pub(crate) struct PollingProgress {
    /// The ID of the run.
    pub(crate) run: String,
    /// The last known status.
    pub(crate) status: Option<String>,
    /// The time since the first poll.
    pub(crate) elapsed: Duration,
}

impl Error {
    /// Adds the state of the polling that ends with this error.
    pub(crate) fn with_polling(mut self, progress: PollingProgress) -> Self {
        self.0.polling = Some(progress);
        let confidential = self.0.confidential.clone();
        self.conceal(&confidential)
    }

    /// Returns the error for a run that did not end in time.
    pub(crate) fn wait_timeout(operation: &'static Operation, progress: PollingProgress) -> Self {
        let status = match &progress.status {
            Some(status) => format!("its last status is {status}"),
            None => "no poll of its status succeeded".to_owned(),
        };
        let message = format!("the run has not ended after {:?}: {status}", progress.elapsed);
        let mut error = Self::plain(ErrorKind::WaitTimeout, Some(operation), message).with_polling(progress);
        error.0.hint = Some("the run continues: attach to its ID to wait for it again");
        error
    }

    /// Returns the last known status of the run whose polling failed.
    pub fn last_status(&self) -> Option<&str> {
        self.0.polling.as_ref()?.status.as_deref()
    }

    /// Returns the time since the first poll of the run whose polling failed.
    pub fn waited(&self) -> Option<Duration> {
        self.0.polling.as_ref().map(|progress| progress.elapsed)
    }

    pub(super) fn polled_run(&self) -> Option<&str> {
        self.0.polling.as_ref().map(|progress| progress.run.as_str())
    }
}
