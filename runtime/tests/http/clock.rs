//! A clock whose pauses are over at once: tests see how long would have been waited, and wait for nothing.
//!
//! It must not know what is waited for.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use sdk_runtime::{Clock, Pause};

/// The time of day when a test begins, in Unix seconds: `Sun, 06 Nov 1994 08:49:37 GMT`.
pub(crate) const START: u64 = 784_111_777;

/// Time that passes only while something sleeps, and chance that is always in the middle.
#[derive(Debug)]
pub(crate) struct FakeClock {
    start: Instant,
    slept: Mutex<Vec<Duration>>,
}

impl FakeClock {
    /// A clock on which no time has passed.
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self { start: Instant::now(), slept: Mutex::default() })
    }

    /// All pauses so far, in seconds.
    pub(crate) fn slept(&self) -> Vec<f64> {
        self.pauses().iter().map(Duration::as_secs_f64).collect()
    }

    fn pauses(&self) -> Vec<Duration> {
        self.slept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn passed(&self) -> Duration {
        self.pauses().iter().sum()
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Instant {
        self.start + self.passed()
    }

    fn wall(&self) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(START) + self.passed()
    }

    fn sleep(&self, pause: Duration) -> Pause {
        self.slept.lock().unwrap_or_else(PoisonError::into_inner).push(pause);
        Box::pin(std::future::ready(()))
    }

    fn random(&self) -> f64 {
        0.5
    }
}
