//! Which failed attempts are repeated, and when: policies, and what a policy is asked.
//!
//! It must not know how a request is sent; `wire/attempts` does what is decided here.

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

/// Decides which failed attempts are repeated.
///
/// The default never repeats what could be done twice:
///
/// | failure | GET, HEAD, OPTIONS, TRACE, PUT, DELETE | POST, PATCH |
/// |---|---|---|
/// | no connection: the request was not sent | yes | yes |
/// | time limit of the attempt, broken connection | yes | no |
/// | 408, 500 to 599 | yes | no, but 503 with `Retry-After` |
/// | 429 | yes | yes |
/// | any error whose body says `retryable: true` | yes | yes, unless the body names a run: it exists |
/// | any error whose body says `retryable: false` | no | no |
/// | a redirect that was not followed | no | no |
///
/// A repeated DELETE can find that the first one did its work, and then ends with status 404.
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

/// Whether retries draw on the budget of the client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spending {
    Budget,
    Free,
}

impl RetryPolicy {
    /// Does what the vendor's own SDKs do: 408, 429 (whatever the profile lists) and every status from 500, for any
    /// method and whatever the body says, but no failure without a response; and without a budget.
    ///
    /// A request that starts paid work can be repeated after it was done.
    pub fn vendor_parity() -> Self {
        Self { rule: Rule::Parity, max_retries: None, spending: Spending::Free }
    }

    /// Repeats nothing.
    pub fn none() -> Self {
        Self { rule: Rule::Never, max_retries: Some(0), spending: Spending::Budget }
    }

    /// Asks a function of yours after every failed attempt, the last one included.
    pub fn custom(rule: impl Fn(&Attempt<'_>) -> Verdict + Send + Sync + 'static) -> Self {
        Self { rule: Rule::Custom(Arc::new(rule)), max_retries: None, spending: Spending::Budget }
    }

    /// How many attempts may follow the first one; 0 for none.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = Some(most);
        self
    }

    /// Lets the retries of this policy go on when the budget of the client is spent. In an outage, each call then sends
    /// as many requests as it may.
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

/// An attempt that failed.
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

    /// What became of it, with the body of the response if there was one.
    pub fn error(&self) -> &'a Error {
        self.error
    }

    /// Which attempt of the call it was, from 1.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The operation that is called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Whether HTTP promises that doing it twice is like doing it once (RFC 9110, 9.2.2): every method but POST and PATCH.
    pub fn is_idempotent(&self) -> bool {
        matches!(self.operation.method, "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE")
    }

    /// What the default policy says.
    pub fn by_default(&self) -> Verdict {
        rules::careful(self)
    }
}

/// What is done about a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is an error.
    Stop,
    /// Another attempt, after the pause that the server asks for, else after one that doubles each time.
    Retry,
    /// Another attempt, after this pause.
    RetryAfter(Duration),
}
