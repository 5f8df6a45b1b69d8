//! The cycle of polls and pauses of a run, whatever kind of run it is.
//!
//! Nothing in it depends on the types of a call, so that it is compiled once. It must not know how a call is sent, nor the length of
//! pauses, which the schedule determines.

use std::fmt;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use super::{PollSchedule, Status};
use crate::client::clock::Pause;
use crate::client::config::Core;
use crate::client::error::{Error, ErrorKind, PollingProgress};
use crate::client::request_options::RequestOptions;
use crate::operation::Operation;

/// The maximum length of a string from the server that `Debug` shows, in characters.
const LONGEST_SHOWN: usize = 200;
/// The number of consecutive failed polls that ends the polling. The client has already retried each of them.
const MAX_FAILURES: u32 = 10;
/// The minimum time limit of a poll, even if the maximum wait passes sooner: the last poll is sent right at its end.
const MIN_POLL_TIME: Duration = Duration::from_secs(10);
/// The longest pause that a server can request with `Retry-After`, as between attempts.
const MAX_REQUESTED_PAUSE: Duration = Duration::from_secs(60);

/// Where the polling of a run is.
pub(super) struct Cycle {
    pub(super) core: Core,
    operation: &'static Operation,
    /// The ID of the run, once it has been started.
    pub(super) id: Option<String>,
    step: Step,
    pub(super) schedule: PollSchedule,
    /// Options that take precedence over those of the call.
    pub(super) overrides: RequestOptions,
    began: Option<Instant>,
    /// Whether the next pause is left out.
    is_urgent: bool,
    failures: u32,
    last_status: Option<String>,
}

/// The next step.
enum Step {
    /// A poll is due.
    Due,
    /// A request is in flight.
    Requesting,
    /// The next poll is not due yet.
    Pausing(Pause),
    /// The maximum wait has passed.
    TimedOut,
    /// The run or the polling has ended.
    Ended,
}

/// What the poller has to do.
pub(super) enum Turn {
    /// Send a poll.
    Send,
    /// Wait for the response to the request in flight.
    Receive,
    /// Return an error.
    Fail(Error),
    /// Nothing more.
    Stop,
}

/// Whether another poll can succeed after a failure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Outlook {
    Open,
    Hopeless,
}

impl Cycle {
    /// Returns the cycle of a run that exists.
    pub(super) fn of_run(core: Core, operation: &'static Operation, id: &str) -> Self {
        Self { id: Some(id.to_owned()), step: Step::Due, ..Self::of_start(core, operation) }
    }

    /// Returns the cycle of a run that is being started.
    pub(super) fn of_start(core: Core, operation: &'static Operation) -> Self {
        Self {
            core,
            operation,
            id: None,
            step: Step::Requesting,
            schedule: PollSchedule::default(),
            overrides: RequestOptions::default(),
            began: None,
            is_urgent: false,
            failures: 0,
            last_status: None,
        }
    }

    /// Notes that the run has been started.
    pub(super) fn note_start(&mut self, id: &str) {
        (self.id, self.step) = (Some(id.to_owned()), Step::Due);
    }

    /// Leaves out the rest of the pause.
    pub(super) fn hurry(&mut self) {
        self.is_urgent = true;
    }

    /// Makes a poll due again if polling has ended.
    pub(super) fn resume(&mut self) {
        if self.has_ended() && self.id.is_some() {
            self.step = Step::Due;
        }
    }

    pub(super) fn end(&mut self) {
        self.step = Step::Ended;
    }

    pub(super) fn has_ended(&self) -> bool {
        matches!(self.step, Step::Ended)
    }

    /// Waits for the end of a pause, if there is one, and returns what comes next.
    pub(super) fn poll_turn(&mut self, context: &mut Context<'_>) -> Poll<Turn> {
        if let Step::Pausing(pause) = &mut self.step {
            if !std::mem::take(&mut self.is_urgent) {
                ready!(pause.as_mut().poll(context));
            }
            self.step = Step::Due;
        }
        Poll::Ready(match self.step {
            Step::Due | Step::Pausing(_) => Turn::Send,
            Step::Requesting => Turn::Receive,
            Step::TimedOut => Turn::Fail(self.time_out()),
            Step::Ended => Turn::Stop,
        })
    }

    /// Begins a poll, and returns the options to send it with, given those of the call.
    pub(super) fn begin_poll(&mut self, mut options: RequestOptions) -> RequestOptions {
        self.is_urgent = false;
        self.began.get_or_insert_with(|| self.core.clock().now());
        self.step = Step::Requesting;
        options.override_with(&self.overrides);
        self.limit_to_wait(options)
    }

    /// Limits the time of a poll, so that a server that does not respond cannot prolong the wait.
    fn limit_to_wait(&self, options: RequestOptions) -> RequestOptions {
        let Some(limit) = self.schedule.limit() else { return options };
        let left = limit.saturating_sub(self.elapsed()).max(MIN_POLL_TIME);
        let known = options.total_time_limit().or(self.core.total_timeout());
        options.total_timeout(known.map_or(left, |known| known.min(left)))
    }

    /// Returns the statuses that are pending.
    pub(super) fn pending_statuses(&self) -> &'static [&'static str] {
        self.core.profile().pending_statuses
    }

    /// Returns whether a state with this ID is about another run than the one that is polled. Another response may be about the right
    /// run.
    pub(super) fn is_foreign(&self, found: Option<&str>) -> bool {
        found.is_some_and(|found| !found.is_empty() && Some(found) != self.id.as_deref())
    }

    /// Records the status of the run.
    pub(super) fn record_status(&mut self, status: Status<'_>) {
        self.failures = 0;
        self.step = match status {
            Status::Pending(status) => {
                self.last_status = Some(status.to_owned());
                self.pause_or_end(Duration::ZERO)
            }
            Status::Terminal => Step::Ended,
        };
    }

    /// Records a response about another run, and returns an error if polling ends with it.
    pub(super) fn record_foreign(&mut self, found: Option<&str>) -> Option<Error> {
        let (found, id) = (found.unwrap_or_default(), self.id.as_deref().unwrap_or_default());
        let message = format!("the response is about the run `{found}` instead of `{id}`");
        self.handle_failure(Error::plain(ErrorKind::Decode, Some(self.operation), message), Outlook::Open)
    }

    /// Records a failed poll, and returns an error if polling ends with it.
    pub(super) fn record_error(&mut self, error: Error) -> Option<Error> {
        let outlook = if error.is_retryable() { Outlook::Open } else { Outlook::Hopeless };
        self.handle_failure(error, outlook)
    }

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
    fn pause_or_end(&self, at_least: Duration) -> Step {
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
        Error::wait_timeout(self.operation, self.progress()).conceal(self.core.confidential())
    }

    /// Returns the error of a poller that has no run.
    pub(super) fn explain_missing_run(&self) -> Error {
        Error::invalid_request(Some(self.operation), "no run was started that could be polled")
    }

    fn progress(&self) -> PollingProgress {
        let run = self.id.clone().unwrap_or_default();
        PollingProgress { run, status: self.last_status.clone(), elapsed: self.elapsed() }
    }

    fn elapsed(&self) -> Duration {
        self.began.map_or(Duration::ZERO, |began| self.core.clock().now().saturating_duration_since(began))
    }
}

impl fmt::Debug for Cycle {
    /// Describes the poller that it is of.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |text: Option<&str>| text.map(|text| self.core.confidential().shown(text, LONGEST_SHOWN));
        f.debug_struct("Poller")
            .field("operation", &self.operation.id)
            .field("id", &shown(self.id.as_deref()))
            .field("last_status", &shown(self.last_status.as_deref()))
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}
