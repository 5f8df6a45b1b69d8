//! Waiting for one run: asks for its state, pauses, asks again.
//!
//! It must not know how often (the schedule does) nor how a call is sent.

use std::fmt;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use super::{PollSchedule, Start, Status, Watch};
use crate::call::Sending;
use crate::clock::Pause;
use crate::core::Core;
use crate::error::{Error, Wait};
use crate::request::RequestOptions;

/// Questions in a row that may fail before the wait does. Each of them was already repeated by the retries of the client.
const MOST_FAILURES: u32 = 10;
/// The least time for a question, also when the wait is over sooner: the last one is asked right at its end.
const LEAST_TIME: Duration = Duration::from_secs(10);
/// The longest pause a server can ask for with `Retry-After`, as between attempts.
const LONGEST_ASKED_PAUSE: Duration = Duration::from_secs(60);

/// Waits for a run. Await it for the state at the end, or take every state with [`next`](Self::next).
///
/// Nothing is sent before that. The first question goes out at once, the next ones by the [`PollSchedule`]. The wait is over
/// when the status says so: a run that failed or was cancelled is a state too and no error, and a status that this version
/// does not know ends the wait.
///
/// A question that fails does not end the wait when asking again can help: no connection, a time limit, status 408, 429 or
/// 5xx. The tenth such failure in a row does, and any other error. Errors carry the ID of the run, see
/// [`Error::run_id`]; [`Error::last_status`] and [`Error::waited`] say how far it was. Stopping to wait, by an error or by
/// dropping the poller, does not stop the run.
pub struct Poller<W: Watch> {
    core: Core,
    watch: Option<W>,
    step: Step<W>,
    schedule: PollSchedule,
    options: Option<RequestOptions>,
    on_update: Option<Listener<W::State>>,
    began: Option<Instant>,
    failures: u32,
    last_status: Option<String>,
}

type Listener<S> = Box<dyn FnMut(&S) + Send>;

/// What is done next.
enum Step<W: Watch> {
    /// The run is being started.
    Starting(Sending<W>),
    /// It is time to ask.
    Due,
    /// A question is on its way.
    Asking(Sending<W::State>),
    /// It is too early to ask.
    Pausing(Pause),
    /// The time is over.
    TimedOut,
    /// Nothing: the run is over, or the wait has failed.
    Ended,
}

impl<W: Watch> Poller<W> {
    /// Waits for a run that exists.
    pub fn new(watch: W) -> Self {
        Self::begin(watch.core().clone(), Some(watch), Step::Due)
    }

    /// Starts a run, then waits for it.
    pub fn starting<S: Start<Watch = W>>(call: S) -> Self {
        let (core, options, size) = (call.core().clone(), call.options().for_questions(), call.size());
        let (sending, shared) = (call.into_future(), core.clone());
        let starting = async move { Ok(S::watch(shared, sending.await?, size).with_options(options)) };
        Self::begin(core, None, Step::Starting(Box::pin(starting)))
    }

    fn begin(core: Core, watch: Option<W>, step: Step<W>) -> Self {
        Self {
            core,
            watch,
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
    pub fn on_update(mut self, listener: impl FnMut(&W::State) + Send + 'static) -> Self {
        self.on_update = Some(Box::new(listener));
        self
    }

    /// ID of the run, as soon as it has been started.
    pub fn id(&self) -> Option<&str> {
        self.watch.as_ref().map(W::id)
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
    pub async fn next(&mut self) -> Option<Result<W::State, Error>> {
        std::future::poll_fn(|context| self.poll_state(context)).await
    }

    /// The state at the end. When the end has been seen already, it is asked for once more.
    ///
    /// # Errors
    ///
    /// As [`next`](Self::next).
    pub async fn until_done(&mut self) -> Result<W::State, Error> {
        if let (Step::Ended, Some(_)) = (&self.step, &self.watch) {
            self.step = Step::Due;
        }
        while let Some(state) = self.next().await {
            let state = state?;
            if let Step::Ended = self.step {
                return Ok(state);
            }
        }
        Err(Error::invalid_request(Some(W::operation()), "nothing was started that could be waited for"))
    }

    fn poll_state(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<W::State, Error>>> {
        loop {
            match &mut self.step {
                Step::Starting(starting) => match ready!(starting.as_mut().poll(context)) {
                    Ok(watch) => (self.watch, self.step) = (Some(watch), Step::Due),
                    Err(error) => {
                        self.step = Step::Ended;
                        return Poll::Ready(Some(Err(error)));
                    }
                },
                Step::Due => self.step = self.asking(),
                Step::Asking(asking) => {
                    let answer = ready!(asking.as_mut().poll(context));
                    if let Some(shown) = self.answered(answer) {
                        return Poll::Ready(Some(shown));
                    }
                }
                Step::Pausing(pause) => {
                    ready!(pause.as_mut().poll(context));
                    self.step = Step::Due;
                }
                Step::TimedOut => return Poll::Ready(Some(Err(self.timed_out()))),
                Step::Ended => return Poll::Ready(None),
            }
        }
    }

    fn asking(&mut self) -> Step<W> {
        let Some(watch) = &self.watch else { return Step::Ended };
        self.began.get_or_insert_with(|| self.core.clock().now());
        let watch = watch.clone();
        let options = self.options.as_ref().unwrap_or_else(|| watch.options());
        let options = self.limited(options.clone());
        Step::Asking(watch.with_options(options).into_future())
    }

    /// A question to a server that does not answer must not outlast the wait.
    fn limited(&self, options: RequestOptions) -> RequestOptions {
        let Some(most) = self.schedule.most() else { return options };
        let left = most.saturating_sub(self.elapsed()).max(LEAST_TIME);
        let known = options.total_time_limit().or(self.core.total_timeout());
        options.total_timeout(known.map_or(left, |known| known.min(left)))
    }

    /// What an answer shows; nothing when the question has to be asked again.
    fn answered(&mut self, answer: Result<W::State, Error>) -> Option<Result<W::State, Error>> {
        match answer {
            Ok(state) => {
                self.told(&state);
                Some(Ok(state))
            }
            Err(error) => self.failed(error).map(Err),
        }
    }

    fn told(&mut self, state: &W::State) {
        self.failures = 0;
        if let Some(listener) = &mut self.on_update {
            listener(state);
        }
        let pending = self.core.profile().pending_statuses;
        let status = self.watch.as_ref().map_or(Status::Over, |watch| watch.status(state, pending));
        self.step = match status {
            Status::Pending(status) => {
                self.last_status = Some(status.to_owned());
                self.later(Duration::ZERO)
            }
            Status::Over => Step::Ended,
        };
    }

    /// The error that ends the wait, if this failure does.
    fn failed(&mut self, error: Error) -> Option<Error> {
        self.failures += 1;
        if !error.is_retryable() || self.failures >= MOST_FAILURES {
            self.step = Step::Ended;
            return Some(error.with_wait(self.wait()));
        }
        let asked_for = error.retry_after_at(self.core.clock().wall()).unwrap_or_default();
        self.step = self.later(asked_for.min(LONGEST_ASKED_PAUSE));
        if let Step::TimedOut = self.step {
            return Some(self.timed_out().with_source(error));
        }
        None
    }

    /// A pause as the schedule has it, at least this long, but not beyond the end of the wait.
    fn later(&self, least: Duration) -> Step<W> {
        let (clock, elapsed) = (self.core.clock(), self.elapsed());
        let pause = self.schedule.delay(elapsed, clock.random()).max(least);
        match self.schedule.most().map(|most| most.checked_sub(elapsed).filter(|left| !left.is_zero())) {
            None => Step::Pausing(clock.sleep(pause)),
            Some(Some(left)) => Step::Pausing(clock.sleep(pause.min(left))),
            Some(None) => Step::TimedOut,
        }
    }

    fn timed_out(&mut self) -> Error {
        self.step = Step::Ended;
        Error::wait_timeout(W::operation(), self.wait())
    }

    fn wait(&self) -> Wait {
        let run = self.id().unwrap_or_default().to_owned();
        Wait { run, status: self.last_status.clone(), elapsed: self.elapsed() }
    }

    fn elapsed(&self) -> Duration {
        self.began.map_or(Duration::ZERO, |began| self.core.clock().now().saturating_duration_since(began))
    }
}

impl<W: Watch> IntoFuture for Poller<W> {
    type Output = Result<W::State, Error>;
    type IntoFuture = Sending<W::State>;

    fn into_future(mut self) -> Self::IntoFuture {
        Box::pin(async move { self.until_done().await })
    }
}

// Nothing in it is pinned: requests on their way and pauses are boxed.
impl<W: Watch> Unpin for Poller<W> {}

impl<W: Watch> fmt::Debug for Poller<W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Poller")
            .field("operation", &W::operation().id)
            .field("id", &self.id())
            .field("last_status", &self.last_status)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

#[cfg(feature = "stream")]
impl<W: Watch> futures_core::Stream for Poller<W> {
    type Item = Result<W::State, Error>;

    fn poll_next(mut self: std::pin::Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_state(context)
    }
}
