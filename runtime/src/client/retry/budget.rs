//! The retry budget of a client: in an outage, retries must not multiply the load on the server.
//!
//! This module must not know what is retried.

use std::sync::atomic::{AtomicU32, Ordering};

/// Capacity of the bucket, and cost of a retry, in tokens: the values of the AWS SDKs (`aws-smithy-runtime`, retry
/// token bucket), which allow 100 retries in a row.
const FULL: u32 = 500;
const COST: u32 = 5;
/// Tokens that a successful call returns, as in the AWS SDKs: one retry for every five successful calls.
const GAIN: u32 = 1;

/// A token bucket that the clones of a client share.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    /// Returns a full bucket.
    pub(crate) fn full() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Takes the tokens for a retry; returns whether there were enough.
    pub(crate) fn pay(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST)).is_ok()
    }

    /// Returns tokens to the bucket after a success.
    pub(crate) fn earn(&self) {
        let more = |tokens: u32| (tokens < FULL).then(|| (tokens + GAIN).min(FULL));
        // `fetch_update` fails if the bucket is full, which is not an error.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bucket_pays_for_a_hundred_retries_and_fills_up_with_successes() {
        let budget = Budget::full();
        budget.earn();
        let paid = (0..1000).filter(|_| budget.pay()).count();
        assert_eq!(paid, 100);
        (0..4).for_each(|_| budget.earn());
        assert!(!budget.pay());
        budget.earn();
        assert!(budget.pay() && !budget.pay());
    }
}
