//! Gets the payload of an event that was delivered as a link.
//!
//! It must not know a client or a key: who has the link needs no other proof.

use std::time::Duration;

use serde_json::Value;

use super::{Event, Events, WebhookError, Webhooks};
use crate::download::Download;

/// Time limit of fetching a payload, as in the official SDKs.
const LIMIT: Duration = Duration::from_secs(30);

impl<E: Events> Webhooks<E> {
    /// Gets the payload of an event that holds a link, and gives the event with it. An event that holds its payload is given
    /// back as it is.
    ///
    /// It is a plain request without a key, for at most 30 seconds. Links have to be `https`, or on this machine; so pass only
    /// events that were [verified](Self::verify_and_parse).
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
        let download = Download::new(self.http.clone(), link).max_bytes(self.most_fetched).timeout(LIMIT);
        let payload: Value = download.json().await.map_err(WebhookError::not_fetched)?;
        let event = event.with_payload(payload)?;
        match event.is_signed_url() {
            true => Err(WebhookError::fetch("the link of the payload leads to another link")),
            false => Ok(event),
        }
    }
}
