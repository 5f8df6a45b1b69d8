//! A clock on which waiting takes no time: retries and polls of a test are done at once.
//!
//! It must not know what is waited for.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::client::{Clock, Pause};

/// A clock that goes forward only by the pauses that are made on it. Jitter is in the middle of its range.
///
/// A wait with a limit ends at its limit, and a wait without one never does: give a poll of a run that never ends a limit.
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
    /// A clock that shows the time of the machine now.
    #[must_use]
    pub fn new() -> Self {
        Self(Arc::new(Shared { start: Instant::now(), wall: SystemTime::now(), time: Mutex::default() }))
    }

    /// Lets time pass, as if somebody else had waited.
    pub fn advance(&self, time: Duration) {
        let mut now = self.time();
        now.passed = now.passed.saturating_add(time);
    }

    /// How much time has passed.
    #[must_use]
    pub fn passed(&self) -> Duration {
        self.time().passed
    }

    /// Every pause that was made, in order.
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
            // Others get their turn, as in a real pause.
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
    async fn a_pause_moves_the_time_and_takes_none() {
        let clock = InstantClock::new();
        let (now, wall) = (clock.now(), clock.wall());
        clock.sleep(Duration::from_secs(3600)).await;
        clock.advance(Duration::from_secs(1));
        let passed = Duration::from_secs(3601);
        assert_eq!((clock.now() - now, clock.wall().duration_since(wall).unwrap()), (passed, passed));
        assert_eq!(clock.pauses(), [Duration::from_secs(3600)]);
    }

    #[test]
    fn a_pause_that_nobody_awaits_passes_no_time() {
        let clock = InstantClock::new();
        drop(clock.sleep(Duration::MAX));
        assert_eq!(clock.passed(), Duration::ZERO);
    }
}
