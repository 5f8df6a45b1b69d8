//! Events that are delivered more than once, and handled once: who handles an event claims its ID.
//!
//! It must not know what an event is about.

use std::collections::{HashSet, VecDeque};
use std::error::Error;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};

/// What a claim resolves to.
pub type ClaimFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Box<dyn Error + Send + Sync>>> + Send + 'a>>;

/// The events that were handled. Servers deliver an event again when a response is late or lost; its ID stays the same.
///
/// Claim the ID before handling an event, and release it when handling fails, so that the next delivery is handled:
///
/// ```
/// # use sdk_runtime::webhooks::{EventClaims, RecentEvents};
/// # async fn handle(_: &str) -> Result<(), ()> { Ok(()) }
/// # async fn receive(claims: &RecentEvents, event_id: &str) -> Result<u16, Box<dyn std::error::Error + Send + Sync>> {
/// if !claims.claim(event_id).await? {
///     return Ok(200); // handled before
/// }
/// if handle(event_id).await.is_err() {
///     claims.release(event_id).await?;
///     return Ok(500); // delivered again later
/// }
/// Ok(200)
/// # }
/// ```
///
/// [`RecentEvents`] suffices for one process. Several processes share a table with the ID as its key: `claim` inserts a row unless
/// it is there, `release` deletes it.
pub trait EventClaims: Send + Sync {
    /// Claims an event, and returns whether nobody had claimed it. Of claims that are made at the same time, one succeeds.
    fn claim<'a>(&'a self, event_id: &'a str) -> ClaimFuture<'a, bool>;

    /// Gives up a claim, so that the event can be claimed again.
    fn release<'a>(&'a self, event_id: &'a str) -> ClaimFuture<'a, ()>;
}

/// The most recent events, in memory. A process that is started again knows none.
#[derive(Debug)]
pub struct RecentEvents {
    most: usize,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    ids: HashSet<String>,
    /// The same, the oldest first.
    order: VecDeque<String>,
}

/// How many events are remembered by default.
const MOST: usize = 10_000;

impl Default for RecentEvents {
    fn default() -> Self {
        Self::with_capacity(MOST)
    }
}

impl RecentEvents {
    /// Remembers 10,000 events.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Remembers this many events, at least one; the oldest are forgotten first.
    #[must_use]
    pub fn with_capacity(most: usize) -> Self {
        Self { most: most.max(1), known: Mutex::default() }
    }

    /// Claims an event without waiting: see [`EventClaims::claim`].
    pub fn claim_now(&self, event_id: &str) -> bool {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if !known.ids.insert(event_id.to_owned()) {
            return false;
        }
        known.order.push_back(event_id.to_owned());
        while known.order.len() > self.most {
            if let Some(oldest) = known.order.pop_front() {
                known.ids.remove(&oldest);
            }
        }
        true
    }

    /// Gives up a claim without waiting: see [`EventClaims::release`].
    pub fn release_now(&self, event_id: &str) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.ids.remove(event_id) {
            known.order.retain(|id| id != event_id);
        }
    }
}

impl EventClaims for RecentEvents {
    fn claim<'a>(&'a self, event_id: &'a str) -> ClaimFuture<'a, bool> {
        Box::pin(async { Ok(self.claim_now(event_id)) })
    }

    fn release<'a>(&'a self, event_id: &'a str) -> ClaimFuture<'a, ()> {
        Box::pin(async {
            self.release_now(event_id);
            Ok(())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn event_is_claimed_once_until_it_is_released_or_forgotten() {
        let recent = RecentEvents::with_capacity(2);
        let rows = [("a", true), ("a", false), ("b", true), ("c", true), ("b", false), ("a", true), ("b", true)];
        for (index, (id, expected)) in rows.into_iter().enumerate() {
            assert_eq!(recent.claim_now(id), expected, "row {index}");
        }
        recent.release_now("b");
        recent.release_now("unknown");
        assert!(recent.claim_now("b"));
        assert!(!recent.claim_now("b"));
    }
}
