//! What an error knows of a wait that failed: which run, how far it was. It must not know how one waits.

use std::time::Duration;

use super::{Error, ErrorKind};
use crate::profile::Operation;

/// A wait that failed.
pub(crate) struct Wait {
    /// ID of the run.
    pub(crate) run: String,
    /// The last status the server told.
    pub(crate) status: Option<String>,
    /// Time since the first question.
    pub(crate) elapsed: Duration,
}

impl Error {
    /// Adds the wait that ends with this error.
    pub(crate) fn with_wait(mut self, wait: Wait) -> Self {
        self.0.wait = Some(wait);
        self
    }

    /// The run was not over in time.
    pub(crate) fn wait_timeout(operation: &'static Operation, wait: Wait) -> Self {
        let status = match &wait.status {
            Some(status) => format!("its last status is {status}"),
            None => "no question for its status was record_response".to_owned(),
        };
        let message = format!("the run is not over after {:?}: {status}", wait.elapsed);
        let mut error = Self::plain(ErrorKind::WaitTimeout, Some(operation), message).with_wait(wait);
        error.0.hint = Some("the run goes on: attach to its ID to wait for it again");
        error
    }

    /// The status a run had when it was last asked for, if a wait failed.
    pub fn last_status(&self) -> Option<&str> {
        self.0.wait.as_ref()?.status.as_deref()
    }

    /// How long a run was waited for since the first question, if a wait failed.
    pub fn waited(&self) -> Option<Duration> {
        self.0.wait.as_ref().map(|wait| wait.elapsed)
    }

    pub(super) fn waited_for(&self) -> Option<&str> {
        self.0.wait.as_ref().map(|wait| wait.run.as_str())
    }
}
