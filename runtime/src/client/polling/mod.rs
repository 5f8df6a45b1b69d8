//! Runs that take time: what a call must tell of itself so that a run can be waited for, and the waiting.
//!
//! It must not know any operation; generated code fills in the `pollable!` table. Which statuses mean that a run goes on is in the
//! [`Profile`](crate::Profile).

mod batch;
mod poller;
mod schedule;
mod table;

pub use batch::{Batch, BatchRuns};
pub use poller::Poller;
pub use schedule::PollSchedule;

use crate::client::call::CallFuture;
use crate::client::config::Core;
use crate::client::error::Error;
use crate::client::request_options::RequestOptions;
use crate::profile::Operation;

/// A call that tells the state of a run. Generated code implements it, by `pollable!`.
pub trait Pollable:
    Clone + Send + 'static + IntoFuture<Output = Result<Self::State, Error>, IntoFuture = CallFuture<Self::State>>
{
    /// What it tells.
    type State: Send + 'static;

    /// The operation.
    fn operation() -> &'static Operation;

    /// The client.
    fn core(&self) -> &Core;

    /// What it changes about its requests.
    fn options(&self) -> &RequestOptions;

    /// The same call with other options.
    #[must_use]
    fn with_options(self, options: RequestOptions) -> Self;

    /// ID of the run.
    fn id(&self) -> &str;

    /// Whether the run goes on, judged by the statuses that mean so.
    fn status<'s>(&self, state: &'s Self::State, pending: &[&str]) -> Status<'s>;
}

/// A call that starts a run. Generated code implements it, by `pollable!`.
pub trait Start:
    Send + 'static + IntoFuture<Output = Result<Self::Response, Error>, IntoFuture = CallFuture<Self::Response>>
{
    /// What the server answers.
    type Response: Send + 'static;
    /// The call that tells the state of what was started.
    type Pollable: Pollable;

    /// The client.
    fn core(&self) -> &Core;

    /// What it changes about its request.
    fn options(&self) -> &RequestOptions;

    /// How many runs it starts.
    fn size(&self) -> usize;

    /// The call that tells the state of what was started.
    fn pollable(core: Core, response: Self::Response, size: usize) -> Self::Pollable;
}

/// Whether a run goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status<'s> {
    /// It goes on; its status, or what else shows it.
    Pending(&'s str),
    /// It is over. A status that nobody knows counts as this, so that no wait is endless.
    Over,
}

impl<'s> Status<'s> {
    /// What a status means.
    pub fn of(status: &'s str, pending: &[&str]) -> Self {
        if pending.contains(&status) { Self::Pending(status) } else { Self::Over }
    }
}
