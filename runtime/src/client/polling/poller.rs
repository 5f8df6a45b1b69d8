//! The poller, which repeatedly requests the state of a run until it ends.
//!
//! It only sends and takes what is of the types of a call. It must not know when to poll, which the cycle decides, nor how a call is
//! sent.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use super::cycle::{Cycle, Turn};
use super::{PollSchedule, Pollable, Start, Status};
use crate::client::call::CallFuture;
use crate::client::config::Core;
use crate::client::error::Error;
use crate::client::request_options::{RequestOptions, SetHeader};

/// Polls a run until it ends. Await it for the final state, or call [`next`](Self::next) for every state.
///
/// Nothing is sent before that. The first poll is sent immediately, the following ones as the [`PollSchedule`]
/// determines. A run that has already ended in the response of the call that starts it is not polled.
///
/// # When polling ends
///
/// Polling ends with the first status that is not pending; which statuses are pending is part of the client. A failed
/// or cancelled run is a final state and not an error, and so is a status that this version does not know.
///
/// A run that waits for people, for a review, is not pending: polling ends there too. To wait past a review, call
/// [`until_done`](Self::until_done) again after it, or attach to the ID of the run.
///
/// # Errors
///
/// A failed poll does not end the polling if another poll can succeed: after a connection failure, a timeout, or status
/// 408, 429 or 5xx, or after a response about another run. The tenth failure in a row ends it, and so does any other
/// error. Errors carry the ID of the run
/// ([`Error::run_id`]), its last status ([`Error::last_status`]) and the time that has passed ([`Error::waited`]). When
/// polling ends with an error, or when the poller is dropped, the run itself continues.
#[must_use = "nothing is sent before the poller is awaited"]
pub struct Poller<P: Pollable> {
    cycle: Cycle,
    call: Option<P>,
    request: Option<Request<P>>,
    on_update: Option<Listener<P::State>>,
}

type Listener<S> = Box<dyn FnMut(&S) + Send>;

/// The request that is in flight.
enum Request<P: Pollable> {
    /// The run is being started.
    Start(CallFuture<Started<P>>),
    /// The state of the run was asked for.
    Poll(CallFuture<P::State>),
}

/// A run that was started, with its state if the response has it.
type Started<P> = (P, Option<<P as Pollable>::State>);

/// Starts a run. A named type instead of an `async` block: it is compiled for each call that starts runs.
struct Starting<S: Start> {
    core: Core,
    options: RequestOptions,
    size: usize,
    response: CallFuture<S::Response>,
}

impl<S: Start> Future for Starting<S> {
    type Output = Result<Started<S::Pollable>, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let response = ready!(self.response.as_mut().poll(context))?;
        let call = S::pollable(self.core.clone(), &response, self.size);
        let call = call.with_options(std::mem::take(&mut self.options));
        Poll::Ready(Ok((call, S::into_state(response))))
    }
}

impl<P: Pollable> Poller<P> {
    /// Returns a poller of an existing run.
    pub fn new(call: P) -> Self {
        let cycle = Cycle::of_run(call.core().clone(), P::operation(), call.id());
        Self { cycle, call: Some(call), request: None, on_update: None }
    }

    /// Returns a poller that first starts a run.
    pub fn starting<S: Start<Pollable = P>>(call: S) -> Self {
        let (core, options, size) = (call.core().clone(), call.options().for_polling(), call.size());
        let starting = Starting::<S> { core: core.clone(), options, size, response: call.into_future() };
        let request = Some(Request::Start(Box::pin(starting)));
        Self { cycle: Cycle::of_start(core, P::operation()), call: None, request, on_update: None }
    }

    /// Sets the maximum wait, counted from the first poll; without it, polling continues until the run ends. At least
    /// one poll is sent, and the last one gets up to ten seconds.
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.cycle.schedule = self.cycle.schedule.max_wait(limit);
        self
    }

    /// Sets how often and how long to poll.
    pub fn schedule(mut self, schedule: PollSchedule) -> Self {
        self.cycle.schedule = schedule;
        self
    }

    /// Sets request options of all polls. Settings that are not set in `options` are taken from the call that the
    /// poller was created from.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.cycle.overrides.override_with(&options.for_polling());
        self
    }

    /// Sets a header of all polls.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.cycle.overrides = self.cycle.overrides.header(name, value);
        self
    }

    /// Sets the time limit of each attempt of a poll.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.cycle.overrides = self.cycle.overrides.timeout(timeout);
        self
    }

    /// Sets the time limit of a poll, including all its attempts and the pauses between them.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.cycle.overrides = self.cycle.overrides.total_timeout(timeout);
        self
    }

    /// Sets the maximum number of retries of a poll; 0 disables retries.
    pub fn max_retries(mut self, limit: u32) -> Self {
        self.cycle.overrides = self.cycle.overrides.max_retries(limit);
        self
    }

    /// Sets a function that is called with every state, including the final one.
    pub fn on_update(mut self, listener: impl FnMut(&P::State) + Send + 'static) -> Self {
        self.on_update = Some(Box::new(listener));
        self
    }

    /// Returns the ID of the run, once it has been started.
    pub fn id(&self) -> Option<&str> {
        self.cycle.id.as_deref()
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn core(&self) -> &Core {
        &self.cycle.core
    }

    /// Returns the next state, or `None` after the final state and after an error. The returned future is cancel-safe.
    ///
    /// # Errors
    ///
    /// Returns an error if the run cannot be started or polled, or if [`max_wait`](Self::max_wait) has passed.
    pub async fn next(&mut self) -> Option<Result<P::State, Error>> {
        std::future::poll_fn(|context| self.poll_state(context)).await
    }

    /// Leaves out the rest of the pause, for a program that knows that the run has changed. A poll that is in flight is followed by
    /// another one.
    pub fn poll_now(&mut self) {
        self.cycle.hurry();
    }

    /// Polls until the run ends, and returns its final state. If polling has already ended, it starts again, which
    /// makes it possible to wait past a review.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`next`](Self::next).
    pub async fn until_done(&mut self) -> Result<P::State, Error> {
        self.cycle.resume();
        std::future::poll_fn(|context| self.poll_until_done(context)).await
    }

    fn poll_until_done(&mut self, context: &mut Context<'_>) -> Poll<Result<P::State, Error>> {
        while let Some(state) = ready!(self.poll_state(context)) {
            if state.is_err() || self.cycle.has_ended() {
                return Poll::Ready(state);
            }
        }
        Poll::Ready(Err(self.cycle.explain_missing_run()))
    }

    fn poll_state(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P::State, Error>>> {
        loop {
            match ready!(self.cycle.poll_turn(context)) {
                Turn::Send => self.send(),
                Turn::Receive => {
                    if let Some(next) = ready!(self.receive(context)) {
                        return Poll::Ready(Some(next));
                    }
                }
                Turn::Fail(error) => return Poll::Ready(Some(Err(error))),
                Turn::Stop => return Poll::Ready(None),
            }
        }
    }

    fn send(&mut self) {
        match &self.call {
            Some(call) => {
                let options = self.cycle.begin_poll(call.options().clone());
                self.request = Some(Request::Poll(call.clone().with_options(options).into_future()));
            }
            None => self.cycle.end(),
        }
    }

    /// Returns the next element of the poller, or `None` if it comes later.
    fn receive(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P::State, Error>>> {
        let next = match &mut self.request {
            Some(Request::Start(start)) => match ready!(start.as_mut().poll(context)) {
                Ok((call, state)) => self.take_start(call, state),
                Err(error) => {
                    self.cycle.end();
                    Some(Err(error))
                }
            },
            Some(Request::Poll(poll)) => match ready!(poll.as_mut().poll(context)) {
                Ok(state) => self.take_state(state),
                Err(error) => self.cycle.record_error(error).map(Err),
            },
            None => {
                self.cycle.end();
                None
            }
        };
        self.request = None;
        Poll::Ready(next)
    }

    /// Takes over a run that was started. Its state is returned only if it has ended; else the first poll follows.
    fn take_start(&mut self, call: P, state: Option<P::State>) -> Option<Result<P::State, Error>> {
        self.cycle.note_start(call.id());
        let pending = self.cycle.pending_statuses();
        let ended = state.filter(|state| call.status(state, pending) == Status::Terminal);
        self.call = Some(call);
        let state = ended?;
        self.record_state(&state);
        Some(Ok(state))
    }

    fn take_state(&mut self, state: P::State) -> Option<Result<P::State, Error>> {
        let found = self.call.as_ref().and_then(|call| call.state_id(&state));
        if self.cycle.is_foreign(found) {
            return self.cycle.record_foreign(found).map(Err);
        }
        self.record_state(&state);
        Some(Ok(state))
    }

    fn record_state(&mut self, state: &P::State) {
        if let Some(listener) = &mut self.on_update {
            listener(state);
        }
        let pending = self.cycle.pending_statuses();
        let status = self.call.as_ref().map_or(Status::Terminal, |call| call.status(state, pending));
        self.cycle.record_status(status);
    }
}

impl<P: Pollable> IntoFuture for Poller<P> {
    type Output = Result<P::State, Error>;
    type IntoFuture = Wait<P>;

    fn into_future(self) -> Wait<P> {
        Wait(self)
    }
}

impl<P: Pollable> SetHeader for Poller<P> {
    fn set_header(self, name: &str, value: &str) -> Self {
        self.header(name, value)
    }
}

/// A future that polls a run until it ends and resolves to its final state. [`Poller`] describes when polling ends.
#[derive(Debug)]
#[must_use = "nothing is sent before it is awaited"]
pub struct Wait<P: Pollable>(Poller<P>);

impl<P: Pollable> Wait<P> {
    #[cfg(feature = "blocking")]
    pub(crate) fn core(&self) -> &Core {
        self.0.core()
    }
}

impl<P: Pollable> Future for Wait<P> {
    type Output = Result<P::State, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.poll_until_done(context)
    }
}

// Nothing in it is pinned: requests in flight and pauses are boxed.
impl<P: Pollable> Unpin for Poller<P> {}

impl<P: Pollable> fmt::Debug for Poller<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cycle.fmt(f)
    }
}

#[cfg(feature = "stream")]
impl<P: Pollable> futures_core::Stream for Poller<P> {
    type Item = Result<P::State, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_state(context)
    }
}
