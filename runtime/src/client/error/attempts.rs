//! The attempts behind an error: how many there were, and why there was no further one.
//!
//! This module must not know how that is decided.

use std::fmt;
use std::time::Duration;

use super::Error;

/// Why a failed attempt that could have been retried was not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum GaveUp {
    /// The maximum number of retries was reached.
    Attempts,
    /// The total time limit, which this contains, would expire before another attempt.
    Deadline(Duration),
    /// The retry budget that all calls of the client share is exhausted: most of its calls fail.
    Budget,
    /// The body comes from a stream or reader, which can be read only once.
    Body,
}

impl GaveUp {
    /// Returns the name in lower case.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Attempts => "attempts",
            Self::Deadline(_) => "deadline",
            Self::Budget => "budget",
            Self::Body => "body",
        }
    }
}

impl fmt::Display for GaveUp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Attempts => f.write_str("the number of retries is used up"),
            Self::Deadline(limit) => write!(f, "the total time limit of {limit:?} leaves no time for it"),
            Self::Budget => f.write_str("the retry budget of the client is spent, because many of its calls fail"),
            Self::Body => f.write_str("its body comes from a stream, which can be read once"),
        }
    }
}

impl Error {
    /// Returns the number of attempts, including the failed one; 0 if none was made.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns why the call was not retried, if it could have been.
    pub fn gave_up(&self) -> Option<GaveUp> {
        self.0.gave_up
    }

    pub(crate) fn after(mut self, attempts: u32, gave_up: Option<GaveUp>) -> Self {
        self.0.attempts = attempts;
        self.0.gave_up = gave_up;
        self
    }
}
