//! Time and chance: what waits between attempts and polls, and what a test replaces to wait for nothing.
//!
//! It must not know what is waited for.

use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, Instant, SystemTime};

/// A pause that can be awaited.
pub type Pause = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Where a client gets time and chance from. The time limits of sockets do not come from here: they are the HTTP client's.
pub trait Clock: Debug + Send + Sync {
    /// A point of time that never goes back.
    fn now(&self) -> Instant;

    /// The time of day, for dates in headers.
    fn wall(&self) -> SystemTime;

    /// Waits.
    fn sleep(&self, pause: Duration) -> Pause;

    /// A number from 0 up to 1, 1 excluded, for jitter.
    fn random(&self) -> f64;
}

/// The clock of the machine; its pauses need a Tokio runtime.
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
