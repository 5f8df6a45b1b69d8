//! Waiting for one run: asks for its state, pauses, asks again.
//!
//! It must not know how often (the schedule does) nor how a call is sent.

use std::fmt;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use super::{PollSchedule, Pollable, Start, Status};
use crate::client::call::CallFuture;
use crate::client::clock::Pause;
use crate::client::config::Core;
use crate::client::error::{Error, Wait};
use crate::client::request_options::RequestOptions;

/// Questions in a row that may fail before the wait does. Each of them was already repeated by the retries of the client.
const MAX_FAILURES: u32 = 10;
/// The least time for a question, also when the wait is over sooner: the last one is asked right at its end.
const MIN_POLL_TIME: Duration = Duration::from_secs(10);
/// The longest pause a server can ask for with `Retry-After`, as between attempts.
const MAX_REQUESTED_PAUSE: Duration = Duration::from_secs(60);

/// Waits for a run. Await it for the state at the end, or take every state with [`next`](Self::next).
///
/// Nothing is sent before that. The first question goes out at once, the next ones by the [`PollSchedule`]. The wait is over
/// when the status says so: a run that failed or was cancelled is a state too and no error, and a status that this version
/// does not know ends the wait.
///
/// A question that fails does not end the wait when polling again can help: no connection, a time limit, status 408, 429 or
/// 5xx. The tenth such failure in a row does, and any other error. Errors carry the ID of the run, see
/// [`Error::run_id`]; [`Error::last_status`] and [`Error::waited`] say how far it was. Stopping to wait, by an error or by
/// dropping the poller, does not stop the run.
pub struct Poller<P: Pollable> {
    core: Core,
    call: Option<P>,
    step: Step<P>,
    schedule: PollSchedule,
    options: Option<RequestOptions>,
    on_update: Option<Listener<P::State>>,
    began: Option<Instant>,
    failures: u32,
    last_status: Option<String>,
}

type Listener<S> = Box<dyn FnMut(&S) + Send>;

/// What is done next.
enum Step<P: Pollable> {
    /// The run is being started.
    Starting(CallFuture<P>),
    /// It is time to ask.
    Due,
    /// A question is on its way.
    Polling(CallFuture<P::State>),
    /// It is too early to ask.
    Pausing(Pause),
    /// The time is over.
    TimedOut,
    /// Nothing: the run is over, or the wait has failed.
    Ended,
}

impl<P: Pollable> Poller<P> {
    /// Waits for a run that exists.
    pub fn new(call: P) -> Self {
        Self::with_step(call.core().clone(), Some(call), Step::Due)
    }

    /// Starts a run, then waits for it.
    pub fn starting<S: Start<Pollable = P>>(call: S) -> Self {
        let (core, options, size) = (call.core().clone(), call.options().for_polling(), call.size());
        let (sending, shared) = (call.into_future(), core.clone());
        let starting = async move { Ok(S::pollable(shared, sending.await?, size).with_options(options)) };
        Self::with_step(core, None, Step::Starting(Box::pin(starting)))
    }

    fn with_step(core: Core, call: Option<P>, step: Step<P>) -> Self {
        Self {
            core,
            call,
            step,
            schedule: PollSchedule::default(),
            options: None,
            on_update: None,
            began: None,
            failures: 0,
            last_status: None,
        }
    }

    /// Waits no longer than this, counted from the first question; without it, until the run is over. At least one question
    /// is asked, and the last one gets up to ten seconds.
    #[must_use]
    pub fn max_wait(mut self, most: Duration) -> Self {
        self.schedule = self.schedule.max_wait(most);
        self
    }

    /// Sets how often to ask and how long to wait.
    #[must_use]
    pub fn schedule(mut self, schedule: PollSchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Replaces the options of all questions.
    #[must_use]
    pub fn options(mut self, options: RequestOptions) -> Self {
        self.options = Some(options);
        self
    }

    /// Shows every state to a function, the last one included.
    #[must_use]
    pub fn on_update(mut self, listener: impl FnMut(&P::State) + Send + 'static) -> Self {
        self.on_update = Some(Box::new(listener));
        self
    }

    /// ID of the run, as soon as it has been started.
    pub fn id(&self) -> Option<&str> {
        self.call.as_ref().map(P::id)
    }

    #[cfg(feature = "blocking")]
    pub(crate) fn core(&self) -> &Core {
        &self.core
    }

    /// The next state; none after the last one and after an error. Dropping the future loses nothing.
    ///
    /// # Errors
    ///
    /// The run cannot be started or asked about, or [`max_wait`](Self::max_wait) is over.
    pub async fn next(&mut self) -> Option<Result<P::State, Error>> {
        std::future::poll_fn(|context| self.poll_state(context)).await
    }

    /// The state at the end. When the end has been seen already, it is asked for once more.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn until_done(&mut self) -> Result<P::State, Error> {
        if let (Step::Ended, Some(_)) = (&self.step, &self.call) {
            self.step = Step::Due;
        }
        while let Some(state) = self.next().await {
            let state = state?;
            if let Step::Ended = self.step {
                return Ok(state);
            }
        }
        Err(Error::invalid_request(Some(P::operation()), "nothing was started that could be waited for"))
    }

    fn poll_state(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<P::State, Error>>> {
        loop {
            match &mut self.step {
                Step::Starting(starting) => match ready!(starting.as_mut().poll(context)) {
                    Ok(call) => (self.call, self.step) = (Some(call), Step::Due),
                    Err(error) => {
                        self.step = Step::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Step::Due => self.step = self.start_poll(),
                Step::Polling(polling) => {
                    let response = ready!(polling.as_mut().poll(context));
                    if let Some(shown) = self.handle_response(response) {
                        return Poll::Ready(Some(shown));
                    }
                }
                Step::Pausing(pause) => {
                    ready!(pause.as_mut().poll(context));
                    self.step = Step::Due;
                }
                Step::TimedOut => return Poll::Ready(Some(Err(self.time_out()))),
                Step::Ended => return Poll::Ready(None),
            }
        }
    }

    fn start_poll(&mut self) -> Step<P> {
        let Some(call) = &self.call else { return Step::Ended };
        self.began.get_or_insert_with(|| self.core.clock().now());
        let call = call.clone();
        let options = self.options.as_ref().unwrap_or_else(|| call.options());
        let options = self.limit_to_wait(options.clone());
        Step::Polling(call.with_options(options).into_future())
    }

    /// A question to a server that does not response must not outlast the wait.
    fn limit_to_wait(&self, options: RequestOptions) -> RequestOptions {
        let Some(most) = self.schedule.most() else { return options };
        let left = most.saturating_sub(self.elapsed()).max(MIN_POLL_TIME);
        let known = options.total_time_limit().or(self.core.total_timeout());
        options.total_timeout(known.map_or(left, |known| known.min(left)))
    }

    /// What a response shows; nothing when the question has to be asked again.
    fn handle_response(&mut self, response: Result<P::State, Error>) -> Option<Result<P::State, Error>> {
        match response {
            Ok(state) => {
                self.record_state(&state);
                Some(Ok(state))
            }
            Err(error) => self.handle_failure(error).map(Err),
        }
    }

    fn record_state(&mut self, state: &P::State) {
        self.failures = 0;
        if let Some(listener) = &mut self.on_update {
            listener(state);
        }
        let pending = self.core.profile().pending_statuses;
        let status = self.call.as_ref().map_or(Status::Over, |call| call.status(state, pending));
        self.step = match status {
            Status::Pending(status) => {
                self.last_status = Some(status.to_owned());
                self.pause_or_end(Duration::ZERO)
            }
            Status::Over => Step::Ended,
        };
    }

    /// The error that ends the wait, if this failure does.
    fn handle_failure(&mut self, error: Error) -> Option<Error> {
        self.failures += 1;
        if !error.is_retryable() || self.failures >= MAX_FAILURES {
            self.step = Step::Ended;
            return Some(error.with_wait(self.describe_wait()));
        }
        let requested = error.retry_after_at(self.core.clock().wall()).unwrap_or_default();
        self.step = self.pause_or_end(requested.min(MAX_REQUESTED_PAUSE));
        if let Step::TimedOut = self.step {
            return Some(self.time_out().with_source(error));
        }
        None
    }

    /// A pause as the schedule has it, at least this long, but not beyond the end of the wait.
    fn pause_or_end(&self, least: Duration) -> Step<P> {
        let (clock, elapsed) = (self.core.clock(), self.elapsed());
        let pause = self.schedule.delay(elapsed, clock.random()).max(least);
        match self.schedule.most().map(|most| most.checked_sub(elapsed).filter(|left| !left.is_zero())) {
            None => Step::Pausing(clock.sleep(pause)),
            Some(Some(left)) => Step::Pausing(clock.sleep(pause.min(left))),
            Some(None) => Step::TimedOut,
        }
    }

    fn time_out(&mut self) -> Error {
        self.step = Step::Ended;
        Error::wait_timeout(P::operation(), self.describe_wait())
    }

    fn describe_wait(&self) -> Wait {
        let run = self.id().unwrap_or_default().to_owned();
        Wait { run, status: self.last_status.clone(), elapsed: self.elapsed() }
    }

    fn elapsed(&self) -> Duration {
        self.began.map_or(Duration::ZERO, |began| self.core.clock().now().saturating_duration_since(began))
    }
}

impl<P: Pollable> IntoFuture for Poller<P> {
    type Output = Result<P::State, Error>;
    type IntoFuture = CallFuture<P::State>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move { self.until_done().await })
    }
}

// Nothing in it is pinned: requests on their way and pauses are boxed.
impl<P: Pollable> Unpin for Poller<P> {}

impl<P: Pollable> fmt::Debug for Poller<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("operation", &P::operation().id)
            .field("id", &self.id())
            .field("last_status", &self.last_status)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "stream")]
impl<P: Pollable> futures_core::Stream for Poller<P> {
    type Item = Result<P::State, Error>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_state(context)
    }
}
