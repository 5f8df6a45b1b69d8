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

    struct Row {
        total: Option<u64>,
        passed: u64,
        time: u64,
        text: &'static str,
    }

    #[test]
    fn attempt_gets_what_is_left_of_the_total_limit() {
        let start = Instant::now();
        let seconds = Duration::from_secs;
        for Row { total, passed, time, text } in [
            Row { total: None, passed: 100, time: 30, text: "30s" },
            Row { total: Some(60), passed: 0, time: 30, text: "30s" },
            Row { total: Some(60), passed: 30, time: 30, text: "30s" },
            Row { total: Some(60), passed: 31, time: 29, text: "the total time limit of 60s" },
            Row { total: Some(60), passed: 61, time: 0, text: "the total time limit of 60s" },
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
        for Row { total, passed, time, text } in [
            Row { total: None, passed: 0, time: 30, text: "30s" },
            Row { total: None, passed: 12, time: 18, text: "30s" },
            Row { total: None, passed: 31, time: 0, text: "30s" },
            Row { total: Some(20), passed: 12, time: 8, text: "the total time limit of 20s" },
            Row { total: Some(60), passed: 12, time: 18, text: "30s" },
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
