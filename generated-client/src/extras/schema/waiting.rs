//! Waiting for typed runs and for batches of them. Must not know how states are polled.

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::pin::Pin;
use std::time::Duration;

use sdk_runtime::codegen::{Core, Start};
use serde::de::DeserializeOwned;

use super::run::TypedRun;
use super::typed::Typed;
use crate::resources::{batch_runs, extract_runs};
use crate::types::{BatchRun, ExtractRun};
use crate::{Client, Error, PollSchedule, Pollable, Poller, RequestOptions};

/// Waits for what a [`Typed`] call starts.
#[must_use = "nothing is sent before it is awaited"]
pub struct TypedWait<P: Pollable, T> {
    poller: Poller<P>,
    /// Why nothing may be sent.
    problem: Option<Error>,
    core: Core,
    options: RequestOptions,
    of: PhantomData<fn() -> T>,
}

/// What can be waited for with a type.
pub trait TypedState: Pollable + 'static {
    /// What waiting returns.
    type Typed<T>;

    #[doc(hidden)]
    fn collect<T: DeserializeOwned>(
        core: Core,
        options: RequestOptions,
        state: Self::State,
    ) -> impl Future<Output = Result<Self::Typed<T>, Error>> + Send;
}

impl TypedState for extract_runs::Retrieve {
    type Typed<T> = TypedRun<T>;

    async fn collect<T: DeserializeOwned>(_: Core, _: RequestOptions, run: ExtractRun) -> Result<TypedRun<T>, Error> {
        Ok(run.typed())
    }
}

impl TypedState for batch_runs::Get {
    type Typed<T> = Vec<TypedRun<T>>;

    async fn collect<T: DeserializeOwned>(
        core: Core,
        options: RequestOptions,
        batch: BatchRun,
    ) -> Result<Vec<TypedRun<T>>, Error> {
        let runs = Client { core }.extract_runs();
        let mut summaries = runs.list().batch_id(batch.id).options(options.clone()).items();
        let mut found = Vec::new();
        while let Some(summary) = summaries.next().await {
            found.push(runs.retrieve(summary?.id).options(options.clone()).await?);
        }
        Ok(found.into_iter().map(ExtractRun::typed).collect())
    }
}

impl<T> Typed<extract_runs::Create, T> {
    /// Starts the run, and polls until it has ended.
    pub fn wait(self) -> TypedWait<extract_runs::Retrieve, T> {
        let (call, problem) = self.into_parts();
        TypedWait::starting(call, problem)
    }
}

impl<T> Typed<extract_runs::CreateBatch, T> {
    /// Starts the batch, polls until it has ended, and returns its runs in the order in which the API lists them.
    pub fn wait(self) -> TypedWait<batch_runs::Get, T> {
        let (call, problem) = self.into_parts();
        TypedWait::starting(call, problem)
    }
}

impl<P: Pollable, T> TypedWait<P, T> {
    fn starting<S: Start<Pollable = P>>(call: S, problem: Option<Error>) -> Self {
        let (core, options) = (call.core().clone(), call.options().clone());
        Self { poller: Poller::starting(call), problem, core, options, of: PhantomData }
    }

    /// Applies setters of the poller: `.with(|poller| poller.on_update(show))`.
    pub fn with(mut self, set: impl FnOnce(Poller<P>) -> Poller<P>) -> Self {
        self.poller = set(self.poller);
        self
    }

    /// Sets the maximum wait, counted from the first poll; without it, polling continues until the run ends.
    pub fn max_wait(self, limit: Duration) -> Self {
        self.with(|poller| poller.max_wait(limit))
    }

    /// Sets how often and how long to poll.
    pub fn schedule(self, schedule: PollSchedule) -> Self {
        self.with(|poller| poller.schedule(schedule))
    }

    /// Sets a function that is called with every state, including the final one.
    pub fn on_update(self, listener: impl FnMut(&P::State) + Send + 'static) -> Self {
        self.with(|poller| poller.on_update(listener))
    }
}

impl<P: TypedState<State: Send>, T: DeserializeOwned + 'static> IntoFuture for TypedWait<P, T> {
    type Output = Result<P::Typed<T>, Error>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move {
            if let Some(problem) = self.problem {
                return Err(problem);
            }
            let state = self.poller.await?;
            P::collect(self.core, self.options, state).await
        })
    }
}

#[cfg(feature = "blocking")]
impl<P, T> crate::blocking::Call for TypedWait<P, T>
where
    P: TypedState<State: Send, Typed<T>: Send>,
    T: DeserializeOwned + 'static,
{
    type Response = P::Typed<T>;

    fn client(&self) -> &Core {
        &self.core
    }
}

impl<P: Pollable, T> fmt::Debug for TypedWait<P, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TypedWait")
            .field("poller", &self.poller)
            .field("problem", &self.problem)
            .finish_non_exhaustive()
    }
}
