//! The two built-in sets of rules: careful (the default), and those of the vendor's own SDKs.
//!
//! They must not count attempts or know delays.

use std::time::SystemTime;

use http::StatusCode;

use super::delay::retry_after;
use super::{Attempt, Verdict};
use crate::client::error::{Error, ErrorKind};

/// Retries requests that are idempotent, and those that were certainly not processed.
pub(super) fn careful(attempt: &Attempt<'_>) -> Verdict {
    let error = attempt.error();
    let again = match error.kind() {
        ErrorKind::Connect => true,
        ErrorKind::Timeout | ErrorKind::Transport => attempt.is_idempotent(),
        ErrorKind::Status => careful_status(attempt, error),
        ErrorKind::Configuration
        | ErrorKind::InvalidRequest
        | ErrorKind::Credential
        | ErrorKind::Layer
        | ErrorKind::Decode
        | ErrorKind::ResponseTooLarge
        | ErrorKind::Output
        | ErrorKind::Stream
        | ErrorKind::RepeatedToken
        | ErrorKind::WaitTimeout => false,
    };
    verdict(again)
}

fn careful_status(attempt: &Attempt<'_>, error: &Error) -> bool {
    let Some(status) = error.status().filter(|status| !status.is_redirection()) else { return false };
    // If the error names a run, it exists: another request would start, and charge for, another.
    let may_repeat = attempt.is_idempotent() || !error.mentions_a_run();
    let transient = match status {
        StatusCode::TOO_MANY_REQUESTS => true,
        StatusCode::SERVICE_UNAVAILABLE if says_when(error) => true,
        StatusCode::REQUEST_TIMEOUT => attempt.is_idempotent(),
        status => status.is_server_error() && attempt.is_idempotent(),
    };
    may_repeat && error.retryable().unwrap_or(transient)
}

/// Returns whether there is a valid `Retry-After`, whatever its time.
fn says_when(error: &Error) -> bool {
    error.headers().is_some_and(|headers| retry_after(headers, SystemTime::UNIX_EPOCH).is_some())
}

/// Retries by status alone.
pub(super) fn parity(attempt: &Attempt<'_>) -> Verdict {
    let listed = |status: StatusCode| attempt.retrying.parity_statuses.contains(&status.as_u16());
    let error = attempt.error();
    let refused = error.kind() == ErrorKind::Status;
    verdict(refused && error.status().is_some_and(|status| listed(status) || status.as_u16() >= 500))
}

fn verdict(again: bool) -> Verdict {
    match again {
        true => Verdict::Retry,
        false => Verdict::Stop,
    }
}
