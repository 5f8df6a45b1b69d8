//! The table `[retry]` of a profile: what the vendor says about repeating failed requests.
//!
//! Data only; the rules themselves are in the runtime.

use serde::Deserialize;

/// How failed attempts are repeated.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct RetryTable {
    /// How many attempts may follow the first one.
    pub max_retries: u32,
    /// Milliseconds before the first retry; they double with each further one.
    pub first_delay_ms: u64,
    /// Longest pause in milliseconds.
    pub max_delay_ms: u64,
    /// Response header with the time, in Unix seconds, when a rate limit is reset.
    pub reset_header: Option<String>,
    /// Statuses below 500 that the vendor's own SDKs repeat whatever the method is.
    pub parity_statuses: Vec<u16>,
}

impl Default for RetryTable {
    fn default() -> Self {
        Self {
            max_retries: 2,
            first_delay_ms: 1000,
            max_delay_ms: 60_000,
            reset_header: None,
            parity_statuses: vec![408, 429],
        }
    }
}
