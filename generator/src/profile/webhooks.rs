//! Policy on deliveries to webhooks: how they are signed, and how events look.

use serde::Deserialize;

/// How deliveries are signed, and where an event says what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhookPolicy {
    /// Header with the time of sending.
    pub timestamp_header: String,
    /// Header with the signature.
    pub signature_header: String,
    /// What the signed text begins with.
    pub prefix: String,
    /// Seconds after which a delivery is too old.
    pub max_age_seconds: u64,
    /// Seconds the clock of the server may be ahead.
    pub skew_seconds: u64,
    /// Variable that holds the secret.
    pub secret_variable: Option<String>,
    /// Property with the ID of an event.
    pub id_property: String,
    /// Property with the name of an event.
    pub type_property: String,
    /// Property with what an event is about.
    pub payload_property: String,
    /// How a payload looks that is a link to the real one.
    pub signed_url: Option<SignedUrlPolicy>,
}

/// How a payload looks that is a link to the real one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SignedUrlPolicy {
    /// Property that tells it from other payloads.
    pub mark_property: String,
    /// The text of that property.
    pub mark: String,
    /// Property with the link.
    pub url_property: String,
}
