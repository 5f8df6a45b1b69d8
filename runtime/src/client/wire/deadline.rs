//! The time limit of an attempt: its own, or the remaining time of the whole call.
//!
//! This module must not know what is done within the limit.

use std::fmt;
use std::time::{Duration, Instant};

/// The instant by which a call must have ended.
#[derive(Clone, Copy, Debug)]
pub(super) struct Deadline {
    at: Instant,
    /// The total time limit that it is derived from.
    pub(super) total: Duration,
}

impl Deadline {
    /// Returns the deadline of a call that starts now; `None` if it is beyond the range of the clock.
    pub(super) fn new(now: Instant, total: Option<Duration>) -> Option<Self> {
        let total = total?;
        Some(Self { at: now.checked_add(total)?, total })
    }

    /// Returns whether something that takes this long ends before the deadline.
    pub(super) fn allows(&self, now: Instant, time: Duration) -> bool {
        self.at.saturating_duration_since(now) > time
    }
}

/// The time limit of an attempt.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limit {
    /// The limit, from connecting to the last byte.
    pub(super) time: Duration,
    reason: Reason,
}

#[derive(Clone, Copy, Debug)]
enum Reason {
    Attempt(Duration),
    Total(Duration),
}

impl Limit {
    /// Returns the limit of an attempt that starts now.
    pub(super) fn new(attempt: Duration, deadline: Option<Deadline>, now: Instant) -> Self {
        Self::of_begun(attempt, now, deadline, now)
    }

    /// Returns the remaining limit of an attempt that began earlier.
    pub(super) fn of_begun(attempt: Duration, begun: Instant, deadline: Option<Deadline>, now: Instant) -> Self {
        let own = attempt.saturating_sub(now.saturating_duration_since(begun));
        let left = deadline.map(|deadline| (deadline.at.saturating_duration_since(now), deadline.total));
        match left {
            Some((left, total)) if left < own => Self { time: left, reason: Reason::Total(total) },
            Some(_) | None => Self { time: own, reason: Reason::Attempt(attempt) },
        }
    }
}

/// For messages: the limit that expires first, as the user set it.
impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reason {
            Reason::Attempt(limit) => write!(f, "{limit:?}"),
            Reason::Total(total) => write!(f, "the total time limit of {total:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempt_gets_what_is_left_of_the_total_limit() {
        let start = Instant::now();
        let seconds = Duration::from_secs;
        for (total, passed, time, text) in [
            (None, 100, 30, "30s"),
            (Some(60), 0, 30, "30s"),
            (Some(60), 30, 30, "30s"),
            (Some(60), 31, 29, "the total time limit of 60s"),
            (Some(60), 61, 0, "the total time limit of 60s"),
        ] {
            let deadline = Deadline::new(start, total.map(seconds));
            let limit = Limit::new(seconds(30), deadline, start + seconds(passed));
            assert_eq!((limit.time, limit.to_string().as_str()), (seconds(time), text));
        }
        assert!(Deadline::new(start, Some(Duration::MAX)).is_none());
    }

    #[test]
    fn what_came_before_sending_is_a_part_of_the_attempt() {
        let start = Instant::now();
        let seconds = Duration::from_secs;
        for (total, passed, time, text) in [
            (None, 0, 30, "30s"),
            (None, 12, 18, "30s"),
            (None, 31, 0, "30s"),
            (Some(20), 12, 8, "the total time limit of 20s"),
            (Some(60), 12, 18, "30s"),
        ] {
            let limit =
                Limit::of_begun(seconds(30), start, Deadline::new(start, total.map(seconds)), start + seconds(passed));
            assert_eq!((limit.time, limit.to_string().as_str()), (seconds(time), text));
        }
    }

    #[test]
    fn pause_has_to_end_before_the_deadline() {
        let start = Instant::now();
        let deadline = Deadline::new(start, Some(Duration::from_secs(10))).unwrap();
        for (passed, pause, allowed) in [(0, 9, true), (0, 10, false), (5, 4, true), (5, 5, false), (11, 0, false)] {
            let now = start + Duration::from_secs(passed);
            assert_eq!(deadline.allows(now, Duration::from_secs(pause)), allowed, "{passed} {pause}");
        }
    }
}
