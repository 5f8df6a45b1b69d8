//! The budget of a client: in an outage, retries must not multiply what reaches the server.
//!
//! It must not know what is repeated.

use std::sync::atomic::{AtomicU32, Ordering};

/// Tokens of a full bucket, and what a retry costs: the numbers of the AWS SDKs (`aws-smithy-runtime`, retry token bucket),
/// good for 100 retries in a row.
const FULL: u32 = 500;
const COST: u32 = 5;
/// What a call that succeeds gives back, as there: one retry for every five calls that get through.
const GAIN: u32 = 1;

/// A bucket of tokens, shared by the clones of a client.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Budget {
    /// A full bucket.
    pub(crate) fn full() -> Self {
        Self(AtomicU32::new(FULL))
    }

    /// Pays for a retry; says whether there was enough.
    pub(crate) fn pay(&self) -> bool {
        self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tokens| tokens.checked_sub(COST)).is_ok()
    }

    /// Notes a success.
    pub(crate) fn earn(&self) {
        let more = |tokens: u32| (tokens < FULL).then(|| (tokens + GAIN).min(FULL));
        // A full bucket stays as it is, which is no failure.
        let _ = self.0.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bucket_pays_for_a_hundred_retries_and_fills_up_with_successes() {
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
