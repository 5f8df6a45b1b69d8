//! When a run is asked about again: every second at first, then less and less often.
//!
//! A pure function: the time and the chance are given.

use std::time::Duration;

/// The shortest pause, whatever the options say: without one, a wait would load the server with request after request.
const SHORTEST_PAUSE: Duration = Duration::from_millis(10);

/// How often a run is asked about, and how long.
///
/// At first the pauses are all the same; after [`fast_poll_duration`](Self::fast_poll_duration) they grow by a factor, up to
/// [`max_delay`](Self::max_delay). No pause is shorter than 10 ms. Chance spreads every pause, so that many waiting programs do not ask at the same moment.
///
/// The defaults are the numbers that the vendor's own SDKs use: 30 s with a question every second, then pauses from 1 s that
/// grow by 15 % up to 30 s, spread by 25 %, without an end.
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
    /// The default schedule.
    pub fn new() -> Self {
        Self::default()
    }

    /// How long to wait at most, counted from the first question; without it, until the run is over.
    #[must_use]
    pub fn max_wait(mut self, most: Duration) -> Self {
        self.max_wait = Some(most);
        self
    }

    /// How long the pauses stay the same, counted from the first question.
    #[must_use]
    pub fn fast_poll_duration(mut self, duration: Duration) -> Self {
        self.fast_poll_duration = duration;
        self
    }

    /// The pauses at first.
    #[must_use]
    pub fn fast_poll_interval(mut self, interval: Duration) -> Self {
        self.fast_poll_interval = interval;
        self
    }

    /// The pause from which they grow.
    #[must_use]
    pub fn initial_delay(mut self, delay: Duration) -> Self {
        self.initial_delay = delay;
        self
    }

    /// The longest pause, before chance spreads it.
    #[must_use]
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// The factor by which pauses grow; 1 for pauses that stay the same.
    #[must_use]
    pub fn backoff_multiplier(mut self, factor: f64) -> Self {
        self.backoff_multiplier = factor;
        self
    }

    /// The part of a pause by which chance makes it longer or shorter, from 0, for none, to 1. What is not a number is 0.
    #[must_use]
    pub fn jitter_fraction(mut self, part: f64) -> Self {
        self.jitter_fraction = part;
        self
    }

    /// Returns the pause before the next request, `elapsed` after the first one, in whole milliseconds. `random` is at least 0 and
    /// less than 1; 0.5 leaves the pause without jitter.
    pub fn delay(&self, elapsed: Duration, random: f64) -> Duration {
        let pause = match elapsed.checked_sub(self.fast_poll_duration) {
            Some(since) if elapsed >= self.fast_poll_duration => self.grown(milliseconds(since)),
            Some(_) | None => milliseconds(self.fast_poll_interval),
        };
        let jitter = if self.jitter_fraction.is_nan() { 0.0 } else { self.jitter_fraction.clamp(0.0, 1.0) };
        let spread = 1.0 + (random * 2.0 - 1.0) * jitter;
        // The conversion keeps what is out of range within it, and makes 0 of what is not a number.
        Duration::from_millis((pause * spread).round() as u64).max(SHORTEST_PAUSE)
    }

    pub(super) fn limit(&self) -> Option<Duration> {
        self.max_wait
    }

    /// The pause when pauses have been growing for some milliseconds: they are the terms of a geometric series, and this is
    /// the term that the time falls into.
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

    /// Pauses that the vendor's Python and TypeScript SDKs give.
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

    /// Questions before the time is over, as the vendor's SDKs ask them.
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
