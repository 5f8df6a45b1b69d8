//! The time of several downloads together. Must not know what is downloaded.

use std::time::{Duration, Instant};

use super::Limits;

/// The time that is left for several downloads.
#[derive(Debug)]
pub(crate) struct Deadline(Instant);

impl Deadline {
    /// Creates a deadline that is this far away.
    pub(crate) fn after(length: Duration) -> Self {
        Self(Instant::now() + length)
    }

    /// Returns the limits of the next download; `None` if no time is left.
    pub(crate) fn limits(&self, limits: &Limits, attempts: u32) -> Option<Limits> {
        let left = self.0.saturating_duration_since(Instant::now());
        let limits = Limits { attempts: limits.attempts.min(attempts), time: limits.time.min(left), ..limits.clone() };
        (!left.is_zero()).then_some(limits)
    }
}
