//! The source of time and randomness for delays between attempts and polls. Tests replace it so that they need not
//! wait.
//!
//! This module must not know what is waited for.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// The future of a pause.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The source of time and randomness of a client. It does not apply to the time limits of sockets, which the HTTP
/// client keeps.
pub trait Clock: Debug + Send + Sync {
    /// Returns the current instant, which is monotonic.
    fn now(&self) -> Instant;

    /// Returns the wall-clock time, for dates in headers.
    fn wall(&self) -> SystemTime;

    /// Returns a future that completes after the pause.
    fn sleep(&self, pause: Duration) -> Pause;

    /// Returns a random number from 0 (inclusive) to 1 (exclusive), for jitter.
    fn random(&self) -> f64;
}

/// The system clock; its pauses require a Tokio runtime.
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
