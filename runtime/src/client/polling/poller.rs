//! The poller, which repeatedly requests the state of a run until it ends.
//!
//! It must not know the length of pauses, which the schedule determines, nor how a call is sent.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use super::{PollSchedule, Pollable, Start, Status};
use crate::client::call::CallFuture;
use crate::client::clock::Pause;
use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind, PollingProgress};
use crate::client::request_options::{RequestOptions, SetHeader};

/// The maximum length of a string from the server that `Debug` shows, in characters.
const LONGEST_SHOWN: usize = 200;
/// The number of consecutive failed polls that ends the polling. The client has already retried each of them.
const MAX_FAILURES: u32 = 10;
/// The minimum time limit of a poll, even if the maximum wait passes sooner: the last poll is sent right at its end.
const MIN_POLL_TIME: Duration = Duration::from_secs(10);
/// The longest pause that a server can request with `Retry-After`, as between attempts.
const MAX_REQUESTED_PAUSE: Duration = Duration::from_secs(60);

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
    core: Core,
    call: Option<P>,
    step: Step<P>,
    schedule: PollSchedule,
    /// Options that take precedence over those of the call.
    overrides: RequestOptions,
    on_update: Option<Listener<P::State>>,
    began: Option<Instant>,
    /// Whether the next pause is left out.
    is_urgent: bool,
    failures: u32,
    last_status: Option<String>,
}

type Listener<S> = Box<dyn FnMut(&S) + Send>;

/// The next step.
enum Step<P: Pollable> {
    /// The run is being started.
    Starting(CallFuture<Started<P>>),
    /// A poll is due.
    Due,
    /// A poll is in flight.
    Polling(CallFuture<P::State>),
    /// The next poll is not due yet.
    Pausing(Pause),
    /// The maximum wait has passed.
    TimedOut,
    /// The run or the polling has ended.
    Ended,
}

/// Whether another poll can succeed after a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outlook {
    Open,
    Hopeless,
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
        Self::with_step(call.core().clone(), Some(call), Step::Due)
    }

    /// Returns a poller that first starts a run.
    pub fn starting<S: Start<Pollable = P>>(call: S) -> Self {
        let (core, options, size) = (call.core().clone(), call.options().for_polling(), call.size());
        let starting = Starting::<S> { core: core.clone(), options, size, response: call.into_future() };
        Self::with_step(core, None, Step::Starting(Box::pin(starting)))
    }

    fn with_step(core: Core, call: Option<P>, step: Step<P>) -> Self {
        Self {
            core,
            call,
            step,
            schedule: PollSchedule::default(),
            overrides: RequestOptions::default(),
            on_update: None,
            began: None,
            is_urgent: false,
            failures: 0,
            last_status: None,
        }
    }

    /// Sets the maximum wait, counted from the first poll; without it, polling continues until the run ends. At least
    /// one poll is sent, and the last one gets up to ten seconds.
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.schedule = self.schedule.max_wait(limit);
        self
    }

    /// Sets how often and how long to poll.
    pub fn schedule(mut self, schedule: PollSchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Sets request options of all polls. Settings that are not set in `options` are taken from the call that the
    /// poller was created from.
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.overrides.override_with(&options.for_polling());
        self
    }

    /// Sets a header of all polls.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        self.overrides = self.overrides.header(name, value);
        self
    }

    /// Sets the time limit of each attempt of a poll.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.overrides = self.overrides.timeout(timeout);
        self
    }

    /// Sets the time limit of a poll, including all its attempts and the pauses between them.
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.overrides = self.overrides.total_timeout(timeout);
        self
    }

    /// Sets the maximum number of retries of a poll; 0 disables retries.
    pub fn max_retries(mut self, limit: u32) -> Self {
        self.overrides = self.overrides.max_retries(limit);
        self
    }

    /// Sets a function that is called with every state, including the final one.
    pub fn on_update(mut self, listener: impl FnMut(&P::State) + Send + 'static) -> Self {
        self.on_update = Some(Box::new(listener));
        self
    }

    /// Returns the ID of the run, once it has been started.
    pub fn id(&self) -> Option<&str> {
        self.call.as_ref().map(P::id)
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn core(&self) -> &Core {
        &self.core
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
        self.is_urgent = true;
    }

    /// Polls until the run ends, and returns its final state. If polling has already ended, it starts again, which
    /// makes it possible to wait past a review.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`next`](Self::next).
    pub async fn until_done(&mut self) -> Result<P::State, Error> {
        if let (Step::Ended, Some(_)) = (&self.step, &self.call) {
            self.step = Step::Due;
        }
        std::future::poll_fn(|context| self.poll_until_done(context)).await
    }

    fn poll_until_done(&mut self, context: &mut Context<'_>) -> Poll<Result<P::State, Error>> {
        while let Some(state) = ready!(self.poll_state(context)) {
            let state = state?;
            if let Step::Ended = self.step {
                return Poll::Ready(Ok(state));
            }
        }
        Poll::Ready(Err(Error::invalid_request(Some(P::operation()), "no run was started that could be polled")))
    }

    fn poll_state(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P::State, Error>>> {
        loop {
            match &mut self.step {
                Step::Starting(starting) => match ready!(starting.as_mut().poll(context)) {
                    Ok((call, state)) => {
                        self.step = Step::Due;
                        let ended = state.filter(|state| self.is_terminal(&call, state));
                        self.call = Some(call);
                        if let Some(state) = ended {
                            self.record_state(&state);
                            return Poll::Ready(Some(Ok(state)));
                        }
                    }
                    Err(error) => {
                        self.step = Step::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Step::Due => self.step = self.start_poll(),
                Step::Polling(polling) => {
                    let response = ready!(polling.as_mut().poll(context));
                    if let Some(next) = self.handle_response(response) {
                        return Poll::Ready(Some(next));
                    }
                }
                Step::Pausing(pause) => {
                    if !std::mem::take(&mut self.is_urgent) {
                        ready!(pause.as_mut().poll(context));
                    }
                    self.step = Step::Due;
                }
                Step::TimedOut => return Poll::Ready(Some(Err(self.time_out()))),
                Step::Ended => return Poll::Ready(None),
            }
        }
    }

    fn start_poll(&mut self) -> Step<P> {
        let Some(call) = &self.call else { return Step::Ended };
        self.is_urgent = false;
        self.began.get_or_insert_with(|| self.core.clock().now());
        let call = call.clone();
        let mut options = call.options().clone();
        options.override_with(&self.overrides);
        let options = self.limit_to_wait(options);
        Step::Polling(call.with_options(options).into_future())
    }

    /// Limits the time of a poll, so that a server that does not respond cannot prolong the wait.
    fn limit_to_wait(&self, options: RequestOptions) -> RequestOptions {
        let Some(limit) = self.schedule.limit() else { return options };
        let left = limit.saturating_sub(self.elapsed()).max(MIN_POLL_TIME);
        let known = options.total_time_limit().or(self.core.total_timeout());
        options.total_timeout(known.map_or(left, |known| known.min(left)))
    }

    /// Returns the next element of the poller, or `None` if the run is to be polled again.
    fn handle_response(&mut self, response: Result<P::State, Error>) -> Option<Result<P::State, Error>> {
        match response {
            Ok(state) => match self.foreign_state(&state) {
                None => {
                    self.record_state(&state);
                    Some(Ok(state))
                }
                // Another response may be about the right run.
                Some(error) => self.handle_failure(error, Outlook::Open).map(Err),
            },
            Err(error) => {
                let outlook = if error.is_retryable() { Outlook::Open } else { Outlook::Hopeless };
                self.handle_failure(error, outlook).map(Err)
            }
        }
    }

    /// Returns an error if a state is about another run than the one that is polled.
    fn foreign_state(&self, state: &P::State) -> Option<Error> {
        let call = self.call.as_ref()?;
        let found = call.state_id(state).filter(|found| !found.is_empty() && *found != call.id())?;
        let message = format!("the response is about the run `{found}` instead of `{}`", call.id());
        Some(Error::plain(ErrorKind::Decode, Some(P::operation()), message))
    }

    fn is_terminal(&self, call: &P, state: &P::State) -> bool {
        call.status(state, self.core.profile().pending_statuses) == Status::Terminal
    }

    fn record_state(&mut self, state: &P::State) {
        self.failures = 0;
        if let Some(listener) = &mut self.on_update {
            listener(state);
        }
        let pending = self.core.profile().pending_statuses;
        let status = self.call.as_ref().map_or(Status::Terminal, |call| call.status(state, pending));
        self.step = match status {
            Status::Pending(status) => {
                self.last_status = Some(status.to_owned());
                self.pause_or_end(Duration::ZERO)
            }
            Status::Terminal => Step::Ended,
        };
    }

    /// Records a failed poll, and returns an error if polling ends with it.
    fn handle_failure(&mut self, error: Error, outlook: Outlook) -> Option<Error> {
        self.failures += 1;
        if outlook == Outlook::Hopeless || self.failures >= MAX_FAILURES {
            self.step = Step::Ended;
            return Some(error.with_polling(self.progress()).conceal(self.core.confidential()));
        }
        let requested = error.retry_after_at(self.core.clock().wall()).unwrap_or_default();
        self.step = self.pause_or_end(requested.min(MAX_REQUESTED_PAUSE));
        if let Step::TimedOut = self.step {
            return Some(self.time_out().with_source(error));
        }
        None
    }

    /// Returns a pause as determined by the schedule, but no shorter than `at_least` and no longer than the rest of the
    /// wait.
    fn pause_or_end(&self, at_least: Duration) -> Step<P> {
        let (clock, elapsed) = (self.core.clock(), self.elapsed());
        let pause = self.schedule.delay(elapsed, clock.random()).max(at_least);
        match self.schedule.limit().map(|limit| limit.checked_sub(elapsed).filter(|left| !left.is_zero())) {
            None => Step::Pausing(clock.sleep(pause)),
            Some(Some(left)) => Step::Pausing(clock.sleep(pause.min(left))),
            Some(None) => Step::TimedOut,
        }
    }

    fn time_out(&mut self) -> Error {
        self.step = Step::Ended;
        Error::wait_timeout(P::operation(), self.progress()).conceal(self.core.confidential())
    }

    fn progress(&self) -> PollingProgress {
        let run = self.id().unwrap_or_default().to_owned();
        PollingProgress { run, status: self.last_status.clone(), elapsed: self.elapsed() }
    }

    fn elapsed(&self) -> Duration {
        self.began.map_or(Duration::ZERO, |began| self.core.clock().now().saturating_duration_since(began))
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
        let shown = |text: Option<&str>| text.map(|text| self.core.confidential().shown(text, LONGEST_SHOWN));
        f.debug_struct("Poller")
            .field("operation", &P::operation().id)
            .field("id", &shown(self.id()))
            .field("last_status", &shown(self.last_status.as_deref()))
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "stream")]
impl<P: Pollable> futures_core::Stream for Poller<P> {
    type Item = Result<P::State, Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_state(context)
    }
}
