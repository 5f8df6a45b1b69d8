//! Fetches the payload of an event that was delivered as a link.
//!
//! It must not know clients or API keys: the link is the only credential.

use std::time::Duration;

use serde_json::Value;

use super::event::TIMES;
use super::{Event, Events, WebhookError, Webhooks};
use crate::client::Download;

/// Timeout for fetching a payload, as in the official SDKs.
const LIMIT: Duration = Duration::from_secs(30);

/// Largest payload that is fetched from a link by default, in bytes: 256 MiB.
const MOST: u64 = 256 * 1024 * 1024;

/// How payloads are fetched.
#[derive(Clone)]
pub(super) struct Fetching {
    most: u64,
    http: Option<reqwest::Client>,
    networks: Networks,
}

/// The networks from which payloads may be fetched.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Networks {
    Public,
    All,
}

impl Default for Fetching {
    fn default() -> Self {
        Self { most: MOST, http: None, networks: Networks::Public }
    }
}

impl<E: Events> Webhooks<E> {
    /// Sets the largest payload that [`fetch`](Self::fetch) accepts, in bytes, instead of 256 MiB.
    #[must_use]
    pub fn max_payload_bytes(mut self, most: u64) -> Self {
        self.fetching.most = most;
        self
    }

    /// Fetches payloads with your own HTTP client, including its proxies and certificates, instead of a new one each
    /// time. The client is only used if it follows no redirects (`redirect::Policy::none()`), because each hop is
    /// checked before it is requested.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.fetching.http = Some(client);
        self
    }

    /// Allows payloads on private networks, such as your own storage. By default, links and redirects to private,
    /// link-local or metadata addresses are rejected.
    #[must_use]
    pub fn allow_private_links(mut self) -> Self {
        self.fetching.networks = Networks::All;
        self
    }

    /// Fetches the payload of an event that holds a link, and returns the event with that payload. An event that
    /// already holds its payload is returned unchanged.
    ///
    /// The request carries no API key and takes at most 30 seconds. Links must use `https` and lead to the public
    /// Internet ([unless allowed otherwise](Self::allow_private_links)) or to this machine, so pass only events that
    /// were [verified](Self::verify_and_parse).
    ///
    /// # Errors
    ///
    /// Returns [`WebhookErrorKind::Fetch`](super::WebhookErrorKind::Fetch) if the link has expired or cannot be used,
    /// or if its content is too large or not JSON.
    pub async fn fetch(&self, event: &Event<E>) -> Result<Event<E>, WebhookError>
    where
        E: Clone,
    {
        let Some(link) = event.signed_url() else { return Ok(event.clone()) };
        let download = Download::new(self.fetching.http.clone(), link).max_bytes(self.fetching.most).timeout(LIMIT);
        let download = match self.fetching.networks {
            Networks::Public => download.public_only(),
            Networks::All => download,
        };
        let payload: Value = download.read(TIMES).await.map_err(WebhookError::not_fetched)?;
        let event = event.with_payload(payload)?;
        match event.is_signed_url() {
            true => Err(WebhookError::fetch("the link of the payload leads to another link")),
            false => Ok(event),
        }
    }
}
