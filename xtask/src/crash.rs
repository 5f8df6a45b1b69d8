//! The points at which a test lets the process abort, to see what a killed run leaves behind. They do nothing in a built command.

/// Marks a point between two changes on disk.
#[cfg(not(test))]
pub(crate) fn reach_point() {}

/// Marks a point between two changes on disk: the process aborts at the one that the environment names.
#[cfg(test)]
pub(crate) fn reach_point() {
    use std::sync::atomic::{AtomicUsize, Ordering};

    static PASSED: AtomicUsize = AtomicUsize::new(0);
    let last = std::env::var(VARIABLE).ok().and_then(|number| number.parse().ok());
    if last.is_some_and(|last: usize| PASSED.fetch_add(1, Ordering::SeqCst) == last) {
        std::process::abort();
    }
}

/// Variable with the number of the point to abort at, counted from 0.
#[cfg(test)]
pub(crate) const VARIABLE: &str = "XTASK_TEST_DIE_AT";
