//! The source of time and randomness. Tests replace it so that pauses between attempts and polls take no real time.
//!
//! It must not know what is waited for.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// A pause that can be awaited.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The source of time and randomness of a client. It does not affect timeouts of sockets, which the HTTP client
/// measures itself.
pub trait Clock: Debug + Send + Sync {
    /// Returns the current time of a monotonic clock.
    fn now(&self) -> Instant;

    /// Returns the current wall-clock time, which dates in headers are compared with.
    fn wall(&self) -> SystemTime;

    /// Returns a future that completes after the pause.
    fn sleep(&self, pause: Duration) -> Pause;

    /// Returns a random number that is at least 0 and less than 1, for jitter.
    fn random(&self) -> f64;
}

/// The system clock. Its pauses require a Tokio runtime.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        Instant::now()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, pause: Duration) -> Pause {
        Box::pin(tokio::time::sleep(pause))
    }

    fn random(&self) -> f64 {
        fastrand::f64()
    }
}
