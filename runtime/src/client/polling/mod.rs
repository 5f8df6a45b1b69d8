//! Polling of asynchronous runs: the traits of calls that start a run or return its state, and the poller.
//!
//! It must not know any operation; generated code fills in the `pollable!` table. Which statuses are pending is in the
//! profile.

mod batch;
mod cycle;
mod poller;
mod schedule;
mod table;

pub use batch::{Batch, BatchRuns};
pub use poller::{Poller, Wait};
pub use schedule::PollSchedule;

use crate::Value;
use crate::client::call::CallFuture;
use crate::client::config::Core;
use crate::client::error::Error;
use crate::client::request_options::RequestOptions;
use crate::operation::Operation;

/// A call that returns the state of a run, such as `retrieve`. It is implemented for request builders of the client.
pub trait Pollable:
    Clone + Send + 'static + IntoFuture<Output = Result<Self::State, Error>, IntoFuture = CallFuture<Self::State>>
{
    /// The state of the run.
    type State: Send + 'static;

    #[doc(hidden)]
    fn operation() -> &'static Operation;

    #[doc(hidden)]
    fn core(&self) -> &Core;

    #[doc(hidden)]
    fn options(&self) -> &RequestOptions;

    #[doc(hidden)]
    #[must_use]
    fn with_options(self, options: RequestOptions) -> Self;

    /// Returns the ID of the run.
    fn id(&self) -> &str;

    /// Returns the ID of the run that a state is about, if the response contains one.
    #[doc(hidden)]
    fn state_id<'s>(&self, _state: &'s Self::State) -> Option<&'s str> {
        None
    }

    /// Returns whether the run is still pending, given the list of pending statuses.
    #[doc(hidden)]
    fn status<'s>(&self, state: &'s Self::State, pending: &[&str]) -> Status<'s>;
}

/// A call that starts a run. Generated code implements it with `pollable!`.
pub trait Start:
    Send + 'static + IntoFuture<Output = Result<Self::Response, Error>, IntoFuture = CallFuture<Self::Response>>
{
    /// The response to the call.
    type Response: Send + 'static;
    /// The call that returns the state of the started run or batch.
    type Pollable: Pollable;

    /// Returns the configuration of the client.
    fn core(&self) -> &Core;

    /// Returns the options of the call.
    fn options(&self) -> &RequestOptions;

    /// Returns how many runs the call starts.
    fn size(&self) -> usize;

    /// Builds the call that returns the state of the started run or batch.
    fn pollable(core: Core, response: &Self::Response, size: usize) -> Self::Pollable;

    /// Returns the response as the state of the run, if it is one.
    fn into_state(response: Self::Response) -> Option<<Self::Pollable as Pollable>::State>;
}

/// Whether a run is still in progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status<'s> {
    /// It is in progress; contains its status or another description of its state.
    Pending(&'s str),
    /// It has ended. An unknown status counts as terminal, so that no wait is endless.
    Terminal,
}

impl<'s> Status<'s> {
    /// Classifies a status.
    pub fn of(status: &'s str, pending: &[&str]) -> Self {
        if pending.contains(&status) { Self::Pending(status) } else { Self::Terminal }
    }
}

/// Returns a string property of a run of an unknown form, or an empty string if the run has no such string.
pub fn string_at<'v>(run: &'v Value, property: &str) -> &'v str {
    run.get(property).and_then(Value::as_str).unwrap_or_default()
}
