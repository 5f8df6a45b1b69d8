//! A clock on which waiting takes no real time, so that retries and polling in tests finish at once.
//!
//! It must not know what is being waited for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::client::{Clock, Pause};

/// A clock that advances only through the pauses made on it. Jitter is fixed at the middle of its range.
///
/// A wait with a limit ends when the limit is reached; a wait without one never ends. Set a limit when polling a run
/// that never finishes.
#[derive(Clone, Debug)]
pub struct InstantClock(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    start: Instant,
    wall: SystemTime,
    time: Mutex<Time>,
}

#[derive(Debug, Default)]
struct Time {
    passed: Duration,
    pauses: Vec<Duration>,
}

impl InstantClock {
    /// Creates a clock that starts at the current system time.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Shared { start: Instant::now(), wall: SystemTime::now(), time: Mutex::default() }))
    }

    /// Advances the clock without recording a pause.
    pub fn advance(&self, time: Duration) {
        let mut now = self.time();
        now.passed = now.passed.saturating_add(time);
    }

    /// Returns how much time has passed on this clock.
    #[must_use]
    pub fn passed(&self) -> Duration {
        self.time().passed
    }

    /// Returns every pause that was made, in order.
    #[must_use]
    pub fn pauses(&self) -> Vec<Duration> {
        self.time().pauses.clone()
    }

    fn time(&self) -> MutexGuard<'_, Time> {
        self.0.time.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for InstantClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for InstantClock {
    fn now(&self) -> Instant {
        let passed = self.passed();
        self.0.start.checked_add(passed).unwrap_or(self.0.start)
    }

    fn wall(&self) -> SystemTime {
        let passed = self.passed();
        self.0.wall.checked_add(passed).unwrap_or(self.0.wall)
    }

    fn sleep(&self, pause: Duration) -> Pause {
        let clock = self.clone();
        Box::pin(async move {
            clock.advance(pause);
            clock.time().pauses.push(pause);
            // Yields to other tasks, as a real pause would.
            tokio::task::yield_now().await;
        })
    }

    fn random(&self) -> f64 {
        0.5
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn pause_moves_the_time_and_takes_none() {
        let clock = InstantClock::new();
        let (now, wall) = (clock.now(), clock.wall());
        clock.sleep(Duration::from_secs(3600)).await;
        clock.advance(Duration::from_secs(1));
        let passed = Duration::from_secs(3601);
        assert_eq!((clock.now() - now, clock.wall().duration_since(wall).unwrap()), (passed, passed));
        assert_eq!(clock.pauses(), [Duration::from_secs(3600)]);
    }

    #[test]
    fn pause_that_nobody_awaits_passes_no_time() {
        let clock = InstantClock::new();
        drop(clock.sleep(Duration::MAX));
        assert_eq!(clock.passed(), Duration::ZERO);
    }
}
