//! How fast requests are sent: a token bucket for each category of the API. Must not know what is sent.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sdk_runtime::codegen::Core;

/// What the plan of an account allows. Each category has a limit of its own.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Limits {
    requests_per_second: f64,
    files_per_minute: f64,
}

impl Limits {
    /// Returns the limits of an account that pays as it goes: 10 requests of a category a second, 80 files a minute.
    #[must_use]
    pub fn pay_as_you_go() -> Self {
        Self { requests_per_second: 10.0, files_per_minute: 80.0 }
    }

    /// Returns the least limits of the plan Scale: 25 requests of a category a second, 120 files a minute.
    #[must_use]
    pub fn scale() -> Self {
        Self { requests_per_second: 25.0, files_per_minute: 120.0 }
    }

    /// Returns the least limits of the plan Enterprise: 75 requests of a category a second, 300 files a minute.
    #[must_use]
    pub fn enterprise() -> Self {
        Self { requests_per_second: 75.0, files_per_minute: 300.0 }
    }

    /// Sets how many requests of a category are sent in a second.
    #[must_use]
    pub fn requests_per_second(self, requests: f64) -> Self {
        Self { requests_per_second: requests, ..self }
    }

    /// Sets for how many files runs are started in a minute.
    #[must_use]
    pub fn files_per_minute(self, files: f64) -> Self {
        Self { files_per_minute: files, ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::pay_as_you_go()
    }
}

/// The categories of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Category {
    Read,
    Write,
    /// Starting a run.
    Start,
}

/// The buckets of a folder.
#[derive(Debug)]
pub(super) struct Pace {
    read: Mutex<Bucket>,
    write: Mutex<Bucket>,
    start: Mutex<Bucket>,
    files: Mutex<Bucket>,
}

impl Pace {
    pub(super) fn new(limits: Limits, now: Instant) -> Self {
        let requests = || Mutex::new(Bucket::new(limits.requests_per_second, limits.requests_per_second, now));
        let per_second = limits.files_per_minute / 60.0;
        Self {
            read: requests(),
            write: requests(),
            start: requests(),
            // A minute's worth may not be sent at once: the API does not say when its minutes begin.
            files: Mutex::new(Bucket::new(per_second, per_second.max(limits.files_per_minute / 4.0), now)),
        }
    }

    /// Waits until a request may be sent.
    pub(super) async fn wait(&self, core: &Core, category: Category) {
        for bucket in self.buckets(category) {
            let pause = lock(bucket).take(core.clock().now());
            if !pause.is_zero() {
                core.clock().sleep(pause).await;
            }
        }
    }

    /// Notes that a request was sent too early, and what the server asks for.
    pub(super) fn slow_down(&self, core: &Core, category: Category, asked: Option<Duration>) {
        for bucket in self.buckets(category) {
            lock(bucket).slow_down(core.clock().now(), asked.unwrap_or(Duration::from_secs(1)));
        }
    }

    /// Notes that a request was not too early.
    pub(super) fn speed_up(&self, category: Category) {
        self.buckets(category).for_each(|bucket| lock(bucket).speed_up());
    }

    fn buckets(&self, category: Category) -> impl Iterator<Item = &Mutex<Bucket>> {
        let (first, second) = match category {
            Category::Read => (&self.read, None),
            Category::Write => (&self.write, None),
            Category::Start => (&self.start, Some(&self.files)),
        };
        std::iter::once(first).chain(second)
    }
}

fn lock(bucket: &Mutex<Bucket>) -> std::sync::MutexGuard<'_, Bucket> {
    bucket.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Part of the limit that is left however often the server says that it is too fast.
const LEAST: f64 = 0.1;
/// How much of the limit each success gives back.
const GAIN: f64 = 0.05;

#[derive(Debug)]
struct Bucket {
    /// Tokens a second, if the server never objects.
    limit: f64,
    /// Tokens a second now.
    rate: f64,
    capacity: f64,
    /// May be negative: then tokens are owed to those who wait already.
    tokens: f64,
    at: Instant,
}

impl Bucket {
    fn new(limit: f64, capacity: f64, now: Instant) -> Self {
        // A limit that is no number, or none above zero, would wait forever.
        let limit = if limit.is_nan() { f64::INFINITY } else { limit.max(1.0 / 3600.0) };
        let capacity = if capacity.is_nan() { 1.0 } else { capacity.max(1.0) };
        Self { limit, rate: limit, capacity, tokens: capacity, at: now }
    }

    /// Takes a token; returns how long to wait until it is there.
    fn take(&mut self, now: Instant) -> Duration {
        if self.rate.is_infinite() {
            return self.at.saturating_duration_since(now);
        }
        self.refill(now);
        self.tokens -= 1.0;
        // `at` is ahead of `now` while the server has asked for a pause.
        let pause = self.at.saturating_duration_since(now);
        let owed = Duration::try_from_secs_f64((-self.tokens).max(0.0) / self.rate).unwrap_or(Duration::MAX);
        pause.saturating_add(owed)
    }

    fn refill(&mut self, now: Instant) {
        let passed = now.saturating_duration_since(self.at);
        self.tokens = (self.tokens + passed.as_secs_f64() * self.rate).min(self.capacity);
        self.at = self.at.max(now);
    }

    fn slow_down(&mut self, now: Instant, pause: Duration) {
        self.refill(now);
        self.rate = if self.rate.is_infinite() { self.rate } else { (self.rate / 2.0).max(self.limit * LEAST) };
        self.tokens = self.tokens.min(0.0);
        self.at = self.at.max(now.checked_add(pause).unwrap_or(now));
    }

    fn speed_up(&mut self) {
        self.rate = (self.rate + self.limit * GAIN).min(self.limit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn tokens_come_at_the_rate_of_the_limit() {
        let now = Instant::now();
        let mut bucket = Bucket::new(10.0, 10.0, now);
        let pauses: Vec<Duration> = (0..12).map(|_| bucket.take(now)).collect();
        assert!(pauses[..10].iter().all(Duration::is_zero));
        assert_eq!(pauses[10..], [SECOND / 10, SECOND / 5]);
        assert_eq!(bucket.take(now + SECOND), Duration::ZERO);
    }

    #[test]
    fn objection_halves_the_rate_and_successes_give_it_back() {
        let now = Instant::now();
        let mut bucket = Bucket::new(10.0, 10.0, now);
        bucket.slow_down(now, SECOND * 2);
        assert_eq!(bucket.take(now), SECOND * 2 + SECOND / 5);
        (0..10).for_each(|_| bucket.slow_down(now, SECOND));
        assert_eq!(bucket.rate, 1.0);
        (0..100).for_each(|_| bucket.speed_up());
        assert_eq!(bucket.rate, 10.0);
    }

    #[test]
    fn senseless_limits_end_waits_too() {
        let now = Instant::now();
        for limit in [f64::NAN, f64::INFINITY] {
            assert_eq!(Bucket::new(limit, limit, now).take(now), Duration::ZERO);
        }
        for limit in [0.0, -1.0] {
            let mut bucket = Bucket::new(limit, limit, now);
            assert_eq!([bucket.take(now), bucket.take(now)], [Duration::ZERO, SECOND * 3600]);
        }
    }
}
