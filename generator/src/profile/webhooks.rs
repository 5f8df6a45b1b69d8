//! The table `[webhooks]` of a profile: how deliveries are signed, and how events are structured. Plain data; knows no
//! cryptography.

use serde::Deserialize;

/// How deliveries are signed, and how events are structured.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WebhookPolicy {
    /// The header with the time of sending.
    pub timestamp_header: String,
    /// The header with the signature.
    pub signature_header: String,
    /// The prefix of the signed string.
    pub prefix: String,
    /// Maximum age of a delivery in seconds.
    pub max_age_seconds: u64,
    /// Tolerance for a server clock that is ahead, in seconds.
    pub skew_seconds: u64,
    /// The environment variable with the secret.
    pub secret_variable: Option<String>,
    /// The property with the ID of an event.
    pub id_property: String,
    /// The property with the type of an event.
    pub type_property: String,
    /// The property with the payload of an event.
    pub payload_property: String,
    /// How to recognize a payload that is only a link to the actual one.
    pub signed_url: Option<SignedUrlPolicy>,
}

/// How to recognize a payload that is only a link to the actual one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct SignedUrlPolicy {
    /// The property that identifies such a payload.
    pub mark_property: String,
    /// The value of that property.
    pub mark: String,
    /// The property with the link.
    pub url_property: String,
}
