//! Gets the payload of an event that was delivered as a link.
//!
//! It must not know a client or a key: who has the link needs no other proof.

use std::time::Duration;

use serde_json::Value;

use super::{Event, Events, WebhookError, Webhooks};
use crate::client::Download;

/// Time limit of fetching a payload, as in the official SDKs.
const LIMIT: Duration = Duration::from_secs(30);

/// Largest payload that is fetched from a link, in bytes, unless another limit is set: 256 MiB.
const MOST: u64 = 256 * 1024 * 1024;

/// How payloads are fetched.
#[derive(Clone)]
pub(super) struct Fetching {
    most: u64,
    http: Option<reqwest::Client>,
    networks: Networks,
}

/// Which networks payloads are fetched from.
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
    /// Largest payload that [`fetch`](Self::fetch) accepts, in bytes, in place of 256 MiB.
    #[must_use]
    pub fn max_payload_bytes(mut self, most: u64) -> Self {
        self.fetching.most = most;
        self
    }

    /// Fetches payloads with an HTTP client of your own, with its proxies and certificates, in place of a new one each time. It is
    /// used if it follows no redirect (`redirect::Policy::none()`), because each hop is checked before it is requested.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.fetching.http = Some(client);
        self
    }

    /// Fetches payloads from private networks too, for storage of your own: by default a link, or a redirect, to a private,
    /// link-local or metadata address is refused.
    #[must_use]
    pub fn allow_private_links(mut self) -> Self {
        self.fetching.networks = Networks::All;
        self
    }

    /// Gets the payload of an event that holds a link, and gives the event with it. An event that holds its payload is given
    /// back as it is.
    ///
    /// It is a plain request without a key, for at most 30 seconds. Links have to be `https` and lead to the public Internet
    /// ([unless allowed](Self::allow_private_links)), or be on this machine; so pass only events that were
    /// [verified](Self::verify_and_parse).
    ///
    /// # Errors
    ///
    /// [`WebhookErrorKind::Fetch`](super::WebhookErrorKind::Fetch): the link has expired or cannot be used, or what it leads to
    /// is too large or no JSON.
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
        let payload: Value = download.json().await.map_err(WebhookError::not_fetched)?;
        let event = event.with_payload(payload)?;
        match event.is_signed_url() {
            true => Err(WebhookError::fetch("the link of the payload leads to another link")),
            false => Ok(event),
        }
    }
}
