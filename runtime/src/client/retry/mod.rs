//! Which failed attempts are retried, and when: retry policies and their input.
//!
//! This module must not know how a request is sent; `wire/attempts` carries out its decisions.

mod budget;
mod delay;
mod rules;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

pub(crate) use budget::Budget;
pub(crate) use delay::{RetryState, requested_delay, retry_delay};

use crate::client::error::Error;
use crate::client::profile::Retrying;
use crate::operation::Operation;

/// Decides which failed attempts are retried.
///
/// The default policy never retries a request that could take effect twice:
///
/// | failure | GET, HEAD, OPTIONS, TRACE, PUT, DELETE | POST, PATCH |
/// |---|---|---|
/// | no connection: the request was not sent | yes | yes |
/// | time limit of the attempt, broken connection | yes | no |
/// | 408, 500 to 599 | yes | no, except 503 with `Retry-After` |
/// | 429 | yes | yes |
/// | any error whose body says `retryable: true` | yes | yes, unless the body names a run, which then exists |
/// | any error whose body says `retryable: false` | no | no |
/// | a redirect that was not followed | no | no |
///
/// If the first attempt of a DELETE took effect, its retry can end with status 404.
///
/// ```
/// use sdk_runtime::{RetryPolicy, Verdict};
///
/// let patient = RetryPolicy::default().max_retries(5);
/// let on_conflict = RetryPolicy::custom(|attempt| match attempt.error().status() {
///     Some(status) if status.as_u16() == 409 => Verdict::Retry,
///     _ => attempt.by_default(),
/// });
/// ```
#[derive(Clone)]
pub struct RetryPolicy {
    rule: Rule,
    max_retries: Option<u32>,
    spending: Spending,
}

#[derive(Clone)]
enum Rule {
    Careful,
    Parity,
    Never,
    Custom(Arc<dyn Fn(&Attempt<'_>) -> Verdict + Send + Sync>),
}

/// Whether retries consume the retry budget of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spending {
    Budget,
    Free,
}

impl RetryPolicy {
    /// Returns the policy of the vendor's own SDKs. It retries 408, 429 (the statuses that the profile lists) and every
    /// status from 500, for any method and regardless of the body, but no failure without a response; and it has no
    /// budget.
    ///
    /// It can retry a request that starts paid work although the work was already started.
    pub fn vendor_parity() -> Self {
        Self { rule: Rule::Parity, max_retries: None, spending: Spending::Free }
    }

    /// Returns a policy that retries nothing.
    pub fn none() -> Self {
        Self { rule: Rule::Never, max_retries: Some(0), spending: Spending::Budget }
    }

    /// Returns a policy that calls a function after every failed attempt, including the last one.
    pub fn custom(rule: impl Fn(&Attempt<'_>) -> Verdict + Send + Sync + 'static) -> Self {
        Self { rule: Rule::Custom(Arc::new(rule)), max_retries: None, spending: Spending::Budget }
    }

    /// Sets the maximum number of retries; 0 disables retries.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = Some(most);
        self
    }

    /// Allows retries even if the retry budget of the client is exhausted. In an outage, each call then makes all the
    /// retries that its maximum allows.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        self.spending = Spending::Free;
        self
    }

    pub(crate) fn most(&self) -> Option<u32> {
        self.max_retries
    }

    pub(crate) fn spending(&self) -> Spending {
        self.spending
    }

    pub(crate) fn judge(&self, attempt: &Attempt<'_>) -> Verdict {
        match &self.rule {
            Rule::Careful => rules::careful(attempt),
            Rule::Parity => rules::parity(attempt),
            Rule::Never => Verdict::Stop,
            Rule::Custom(rule) => rule(attempt),
        }
    }
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self { rule: Rule::Careful, max_retries: None, spending: Spending::Budget }
    }
}

impl fmt::Debug for RetryPolicy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rule = match self.rule {
            Rule::Careful => "default",
            Rule::Parity => "vendor_parity",
            Rule::Never => "none",
            Rule::Custom(_) => "custom",
        };
        f.debug_struct("RetryPolicy")
            .field("rule", &format_args!("{rule}"))
            .field("max_retries", &self.max_retries)
            .field("spending", &self.spending)
            .finish()
    }
}

/// A failed attempt.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    error: &'a Error,
    number: u32,
    operation: &'static Operation,
    retrying: &'a Retrying,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(error: &'a Error, number: u32, operation: &'static Operation, retrying: &'a Retrying) -> Self {
        Self { error, number, operation, retrying }
    }

    /// Returns the error, with the response body if there was one.
    pub fn error(&self) -> &'a Error {
        self.error
    }

    /// Returns the number of the attempt within the call, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// Returns the operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns whether the method is idempotent (RFC 9110, section 9.2.2). `POST` and `PATCH` are not, and of methods that
    /// are no part of that document only `QUERY` is known to be.
    pub fn is_idempotent(&self) -> bool {
        matches!(self.operation.method, "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" | "QUERY")
    }

    /// Returns the verdict of the default policy.
    pub fn by_default(&self) -> Verdict {
        rules::careful(self)
    }
}

/// What happens after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// The call fails with the error.
    Stop,
    /// Another attempt is made, after the delay that the server requests, otherwise with exponential backoff.
    Retry,
    /// Another attempt is made after this delay.
    RetryAfter(Duration),
}
