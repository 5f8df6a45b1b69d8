//! Webhook deliveries: verifies that they are genuine and reads their events.
//!
//! It must not know an API: the names of headers and properties come from a [`Scheme`]. It needs no client and no API
//! key.

#[cfg(feature = "axum")]
mod axum;
mod claims;
mod error;
mod event;
#[cfg(feature = "client")]
mod fetch;
mod headers;
mod scheme;
mod signature;
mod versions;

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use crate::secret::Secret;
#[cfg(feature = "axum")]
pub use axum::WebhookRejection;
pub use claims::{ClaimFuture, EventClaims, RecentEvents};
pub use error::{WebhookError, WebhookErrorKind};
pub use event::{Event, Events};
pub use headers::{HeaderText, Headers};
pub use scheme::{Scheme, SignedUrl};
use signature::Signature;
pub use versions::{EventVersion, VersionedEvents};

/// Verifies deliveries and reads their events.
///
/// Nothing in a delivery can be trusted until [`verify`](Self::verify) has accepted it. The signature covers the bytes
/// of the body, so pass them exactly as received, not parsed and serialized again.
#[derive(Clone)]
pub struct Webhooks<E> {
    secrets: Vec<Secret>,
    max_age: Duration,
    now: Option<SystemTime>,
    signed_urls: SignedUrls,
    #[cfg(feature = "client")]
    fetching: fetch::Fetching,
    kind: PhantomData<fn() -> E>,
}

/// Whether events whose payload has to be fetched from a link are accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignedUrls {
    Refused,
    Allowed,
}

impl<E: Events> Webhooks<E> {
    /// Creates a verifier with this secret, exactly as the server showed it, including its prefix. A trailing line
    /// break, as files have one, is ignored. A blank secret accepts no delivery.
    pub fn new(secret: impl Into<Secret>) -> Self {
        Self {
            secrets: vec![secret.into().without_line_end()],
            max_age: E::SCHEME.max_age,
            now: None,
            signed_urls: SignedUrls::Refused,
            #[cfg(feature = "client")]
            fetching: fetch::Fetching::default(),
            kind: PhantomData,
        }
    }

    /// Creates a verifier with the secret in the environment variable of the API.
    ///
    /// # Errors
    ///
    /// Returns [`WebhookErrorKind::MissingSecret`] if the variable is not set, empty or not valid Unicode.
    pub fn from_env() -> Result<Self, WebhookError> {
        let variable = E::SCHEME.secret_variable;
        let secret =
            variable.and_then(|variable| std::env::var(variable).ok()).filter(|secret| !secret.trim().is_empty());
        secret.map(Self::new).ok_or_else(|| match variable {
            Some(variable) => {
                WebhookError::missing_secret(format!("no secret: set the environment variable {variable}"))
            }
            None => WebhookError::missing_secret("no environment variable is known for the secret"),
        })
    }

    /// Accepts an additional secret while one secret is being rotated to another.
    #[must_use]
    pub fn with_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets.push(secret.into().without_line_end());
        self
    }

    /// Sets the maximum age of a delivery. Zero disables every check of the timestamp, and with it the protection
    /// against replayed deliveries.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Uses this as the current time instead of the system clock, for tests and recorded deliveries.
    #[must_use]
    pub fn now(mut self, now: SystemTime) -> Self {
        self.now = Some(now);
        self
    }

    /// Accepts events that hold a link instead of their payload; `fetch` retrieves the payload.
    #[must_use]
    pub fn allow_signed_url(mut self) -> Self {
        self.signed_urls = SignedUrls::Allowed;
        self
    }

    /// Verifies who sent a delivery, and when.
    ///
    /// # Errors
    ///
    /// Returns an error if a header is missing or malformed, if the delivery is too old or from the future, or if the
    /// signature matches none of the secrets. Respond with [`WebhookError::status`].
    pub fn verify(&self, headers: &(impl Headers + ?Sized), body: &[u8]) -> Result<(), WebhookError> {
        let scheme = E::SCHEME;
        let header = |name: &'static str| {
            let value = headers.value(name).filter(|value| !value.is_empty());
            value.ok_or_else(|| WebhookError::missing_header(name))
        };
        let timestamp = header(scheme.timestamp_header)?;
        let given = header(scheme.signature_header)?;
        if self.secrets.iter().any(|secret| secret.expose().trim().is_empty()) {
            return Err(WebhookError::missing_secret("the secret is empty"));
        }
        let sent = seconds(&timestamp).ok_or_else(|| WebhookError::bad_timestamp(scheme.timestamp_header))?;
        self.check_age(sent)?;
        let signature = Signature::parse(&given);
        let fits = |secret: &Secret| {
            signature.as_ref().is_some_and(|signature| signature.fits(secret, scheme.prefix, &timestamp, body))
        };
        // Every secret is tried, so that the time taken does not reveal which one matches.
        match self.secrets.iter().filter(|secret| fits(secret)).count() {
            0 => Err(WebhookError::signature_mismatch()),
            _ => Ok(()),
        }
    }

    /// Verifies a delivery and reads its event.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`verify`](Self::verify) and [`Event::parse`], and an error if the payload is a link and
    /// links are not [allowed](Self::allow_signed_url).
    pub fn verify_and_parse(&self, headers: &(impl Headers + ?Sized), body: &[u8]) -> Result<Event<E>, WebhookError> {
        self.verify(headers, body)?;
        let event = Event::parse(body)?;
        match self.signed_urls {
            SignedUrls::Refused if event.is_signed_url() => Err(WebhookError::signed_url_not_allowed()),
            SignedUrls::Refused | SignedUrls::Allowed => Ok(event),
        }
    }

    fn check_age(&self, sent: u64) -> Result<(), WebhookError> {
        if self.max_age.is_zero() {
            return Ok(());
        }
        let now = self.now.unwrap_or_else(SystemTime::now);
        // If the clock is set before 1970, every delivery is in the future.
        let now = now.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let (age, ahead) = (now.saturating_sub(sent), sent.saturating_sub(now));
        if Duration::from_secs(age) > self.max_age {
            return Err(WebhookError::too_old(age, self.max_age));
        }
        if Duration::from_secs(ahead) > E::SCHEME.skew {
            return Err(WebhookError::from_the_future(ahead));
        }
        Ok(())
    }
}

/// Parses a timestamp in seconds, which consists of decimal digits only.
fn seconds(timestamp: &str) -> Option<u64> {
    let digits = timestamp.bytes().all(|byte| byte.is_ascii_digit());
    if digits { timestamp.parse().ok() } else { None }
}

impl<E> fmt::Debug for Webhooks<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhooks")
            .field("secrets", &self.secrets)
            .field("max_age", &self.max_age)
            .field("signed_urls", &self.signed_urls)
            .finish_non_exhaustive()
    }
}
