//! Deliveries of a server to a webhook: is this one genuine, and which event is it?
//!
//! It must not know an API: names of headers and properties arrive as a [`Scheme`]. It needs no client and no key.

mod error;
mod event;
#[cfg(feature = "client")]
mod fetch;
mod headers;
mod scheme;
mod signature;

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use crate::secret::Secret;
pub use error::{WebhookError, WebhookErrorKind};
pub use event::{Event, Events};
pub use headers::{HeaderText, Headers};
pub use scheme::{Scheme, SignedUrl};
use signature::Signature;

/// Checks deliveries and reads their events.
///
/// Everything a delivery says is untrusted until [`verify`](Self::verify) has accepted it, and the signature is over the bytes of
/// the body: pass them as they arrived, not parsed and written again.
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

/// What becomes of events whose payload has to be fetched from a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SignedUrls {
    Refused,
    Allowed,
}

impl<E: Events> Webhooks<E> {
    /// Checks with this secret, exactly as the server showed it, prefix included. A line break at its end, as files have one, is
    /// not part of it. A blank secret accepts nothing.
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

    /// Checks with the secret in the environment variable of the API.
    ///
    /// # Errors
    ///
    /// [`WebhookErrorKind::MissingSecret`]: there is none, or it is empty or no valid Unicode.
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

    /// Accepts another secret too, for the time in which one replaces another.
    #[must_use]
    pub fn with_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.secrets.push(secret.into().without_line_end());
        self
    }

    /// How old a delivery may be. Zero turns every check of its time off, and with it the protection against deliveries that
    /// somebody recorded and sends again.
    #[must_use]
    pub fn max_age(mut self, max_age: Duration) -> Self {
        self.max_age = max_age;
        self
    }

    /// Takes this for the present time, in place of what the clock of the machine says: for tests and recorded deliveries.
    #[must_use]
    pub fn now(mut self, now: SystemTime) -> Self {
        self.now = Some(now);
        self
    }

    /// Accepts events that hold a link in place of their payload; `fetch` gets it.
    #[must_use]
    pub fn allow_signed_url(mut self) -> Self {
        self.signed_urls = SignedUrls::Allowed;
        self
    }

    /// Checks who sent a delivery, and when.
    ///
    /// # Errors
    ///
    /// A header is missing or malformed, the delivery is too old or from the future, or no secret fits its signature. Respond
    /// with [`WebhookError::status`].
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
        // Every secret is tried, so that the time taken does not tell which one fits.
        match self.secrets.iter().filter(|secret| fits(secret)).count() {
            0 => Err(WebhookError::signature_mismatch()),
            _ => Ok(()),
        }
    }

    /// Checks a delivery and reads its event.
    ///
    /// # Errors
    ///
    /// As [`verify`](Self::verify) and [`Event::parse`], and when the payload is a link and links are not
    /// [allowed](Self::allow_signed_url).
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
        // A clock before 1970 finds every delivery in the future.
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

/// The seconds a timestamp says: decimal digits and nothing else.
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
