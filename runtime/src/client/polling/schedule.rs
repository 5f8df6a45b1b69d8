//! The schedule of polls: every second at first, then at increasing intervals.
//!
//! A pure function of the elapsed time and a random number. It must not know what is polled.

use std::time::Duration;

/// The minimum pause, whatever the options say. Without it, a wait would flood the server with requests.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// How often and how long a run is polled.
///
/// At first the pauses are constant; after [`fast_poll_duration`](Self::fast_poll_duration) they grow by a factor, up
/// to [`max_delay`](Self::max_delay). No pause is shorter than 10 ms. Random jitter varies every pause, so that many
/// clients do not poll at the same moment.
///
/// The defaults are those of the vendor's own SDKs: a poll every second for 30 s, then pauses that grow from 1 s by 15
/// % each, up to 30 s, with a jitter of 25 % and without a maximum wait.
#[derive(Clone, Debug, PartialEq)]
pub struct PollSchedule {
    max_wait: Option<Duration>,
    fast_poll_duration: Duration,
    fast_poll_interval: Duration,
    initial_delay: Duration,
    max_delay: Duration,
    backoff_multiplier: f64,
    jitter_fraction: f64,
}

impl Default for PollSchedule {
    fn default() -> Self {
        Self {
            max_wait: None,
            fast_poll_duration: Duration::from_secs(30),
            fast_poll_interval: Duration::from_secs(1),
            initial_delay: Duration::from_secs(1),
            max_delay: Duration::from_secs(30),
            backoff_multiplier: 1.15,
            jitter_fraction: 0.25,
        }
    }
}

impl PollSchedule {
    /// Returns the default schedule.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the maximum wait, counted from the first poll. Without it, polling continues until the run ends.
    #[must_use]
    pub fn max_wait(mut self, most: Duration) -> Self {
        self.max_wait = Some(most);
        self
    }

    /// Sets how long the pauses stay constant, counted from the first poll.
    #[must_use]
    pub fn fast_poll_duration(mut self, duration: Duration) -> Self {
        self.fast_poll_duration = duration;
        self
    }

    /// Sets the constant pause at the beginning.
    #[must_use]
    pub fn fast_poll_interval(mut self, interval: Duration) -> Self {
        self.fast_poll_interval = interval;
        self
    }

    /// Sets the first of the growing pauses.
    #[must_use]
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// Sets the maximum pause, without jitter.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets the factor by which pauses grow; 1 keeps them constant.
    #[must_use]
    pub fn backoff_multiplier(mut self, factor: f64) -> Self {
        self.backoff_multiplier = factor;
        self
    }

    /// Sets the fraction of a pause by which jitter lengthens or shortens it, from 0 (no jitter) to 1. NaN counts as 0.
    #[must_use]
    pub fn jitter_fraction(mut self, part: f64) -> Self {
        self.jitter_fraction = part;
        self
    }

    /// Returns the pause before the next poll, `elapsed` after the first one, in whole milliseconds. `random` is at
    /// least 0 and less than 1; 0.5 leaves the pause without jitter.
    pub fn delay(&self, elapsed: Duration, random: f64) -> Duration {
        let pause = match elapsed.checked_sub(self.fast_poll_duration) {
            Some(since) if elapsed >= self.fast_poll_duration => self.grown(milliseconds(since)),
            Some(_) | None => milliseconds(self.fast_poll_interval),
        };
        let jitter = if self.jitter_fraction.is_nan() { 0.0 } else { self.jitter_fraction.clamp(0.0, 1.0) };
        let spread = 1.0 + (random * 2.0 - 1.0) * jitter;
        // The conversion saturates, and converts NaN to 0.
        Duration::from_millis((pause * spread).round() as u64).max(SHORTEST_PAUSE)
    }

    pub(super) fn limit(&self) -> Option<Duration> {
        self.max_wait
    }

    /// Returns the pause, in milliseconds, after pauses have been growing for `since` milliseconds. The pauses are the
    /// terms of a geometric series; this is the term that the time falls into.
    fn grown(&self, since: f64) -> f64 {
        let (first, factor) = (milliseconds(self.initial_delay), self.backoff_multiplier);
        let terms = if factor == 1.0 {
            (since / first).floor()
        } else {
            let sum = since * (factor - 1.0) / first + 1.0;
            if sum > 0.0 { (sum.ln() / factor.ln()).floor() } else { 0.0 }
        };
        (first * factor.powf(terms)).min(milliseconds(self.max_delay))
    }
}

fn milliseconds(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(schedule: &PollSchedule, elapsed: u64, random: f64) -> u64 {
        u64::try_from(schedule.delay(Duration::from_millis(elapsed), random).as_millis()).unwrap()
    }

    /// The pauses of the vendor's Python and TypeScript SDKs.
    #[test]
    fn pauses_are_those_of_the_vendor() {
        let plain = PollSchedule::new().jitter_fraction(0.0);
        for (elapsed, expected) in [
            (0, 1000),
            (1, 1000),
            (29_999, 1000),
            (30_000, 1000),
            (30_500, 1000),
            (31_000, 1150),
            (31_500, 1150),
            (32_000, 1150),
            (32_150, 1322),
            (35_000, 1749),
            (40_000, 2313),
            (60_000, 5350),
            (90_000, 9358),
            (120_000, 14_232),
            (180_000, 21_645),
            (230_000, 28_625),
            (300_000, 30_000),
            (3_600_000, 30_000),
            (u64::MAX, 30_000),
        ] {
            assert_eq!(after(&plain, elapsed, 0.9), expected, "{elapsed}");
        }
        let spread = PollSchedule::new();
        for (elapsed, least, most) in [(0, 750, 1250), (60_000, 4013, 6688), (3_600_000, 22_500, 37_500)] {
            assert_eq!((after(&spread, elapsed, 0.0), after(&spread, elapsed, 1.0)), (least, most), "{elapsed}");
        }
    }

    /// The number of polls within a time, as in the vendor's SDKs.
    #[test]
    fn there_are_as_many_questions_as_the_vendor_asks() {
        let plain = PollSchedule::new().jitter_fraction(0.0);
        for (seconds, expected) in
            [(10, 11), (30, 31), (60, 44), (120, 52), (300, 59), (600, 69), (1800, 109), (3600, 169)]
        {
            let mut elapsed = Duration::ZERO;
            let mut questions = 1;
            while elapsed < Duration::from_secs(seconds) {
                elapsed += plain.delay(elapsed, 0.5);
                questions += 1;
            }
            assert_eq!(questions, expected, "{seconds} s");
        }
    }

    #[test]
    fn every_option_counts_and_odd_ones_do_no_harm() {
        let ms = Duration::from_millis;
        let plain = || PollSchedule::new().jitter_fraction(0.0);
        for (schedule, elapsed, expected) in [
            (plain().fast_poll_interval(ms(200)), 0, 200),
            (plain().fast_poll_duration(ms(10)), 9, 1000),
            (plain().fast_poll_duration(ms(0)).initial_delay(ms(50)), 0, 50),
            (plain().fast_poll_duration(ms(0)).initial_delay(ms(50)).backoff_multiplier(2.0), 150, 200),
            (plain().fast_poll_duration(ms(0)).backoff_multiplier(1.0), 900_000, 1000),
            (plain().max_delay(ms(2000)), 60_000, 2000),
            (plain().initial_delay(ms(0)), 60_000, 30_000),
            (plain().backoff_multiplier(0.5), 60_000, 1000),
            (plain().backoff_multiplier(f64::NAN), 60_000, 1000),
            (plain().backoff_multiplier(-1.0), 60_000, 1000),
            (plain().jitter_fraction(f64::NAN), 0, 1000),
            (plain().jitter_fraction(-9.0), 0, 1000),
            (plain().jitter_fraction(f64::INFINITY), 0, 2000),
            (plain().fast_poll_interval(ms(0)), 0, 10),
            (plain().max_delay(ms(0)), 60_000, 10),
            (plain().backoff_multiplier(f64::INFINITY), 60_000, 30_000),
            (plain().backoff_multiplier(0.0), 60_000, 1000),
            (plain().max_delay(Duration::MAX), 600_000, 76_144),
        ] {
            assert_eq!(after(&schedule, elapsed, 1.0), expected, "{schedule:?}");
        }
    }
}
