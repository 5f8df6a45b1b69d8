//! The table `[retry]` of a profile: how failed requests are retried.
//!
//! Plain data; the rules themselves are in the runtime.

use serde::Deserialize;

/// How failed attempts are retried.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct RetryTable {
    /// Maximum number of attempts after the first one.
    pub max_retries: u32,
    /// Delay before the first retry in milliseconds; doubled for each further one.
    pub first_delay_ms: u64,
    /// Maximum delay in milliseconds.
    pub max_delay_ms: u64,
    /// The response header with the time at which a rate limit resets, in Unix seconds.
    pub reset_header: Option<String>,
    /// Statuses below 500 that the vendor's own SDKs retry regardless of the method.
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
