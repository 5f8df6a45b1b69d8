//! Plain data that describes how an API signs its deliveries and how its events are structured.
//!
//! Everything can be built in a `static`, because the generator emits it as one. It holds no secret.

use std::time::Duration;

/// How deliveries are signed and how events are structured.
///
/// The signature is the HMAC-SHA256 of `prefix:timestamp:body` in hexadecimal digits, keyed with the secret as it was
/// issued.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// Header with the time of sending: seconds since 1970 in decimal digits.
    pub timestamp_header: &'static str,
    /// Header with the signature.
    pub signature_header: &'static str,
    /// What the signed message begins with: the version of the scheme.
    pub prefix: &'static str,
    /// Maximum age of a delivery.
    pub max_age: Duration,
    /// How far the clock of the server may be ahead of the local one.
    pub skew: Duration,
    /// Environment variable that holds the secret.
    pub secret_variable: Option<&'static str>,
    /// Property with the ID of the event.
    pub id_property: &'static str,
    /// Property with the name of the event.
    pub type_property: &'static str,
    /// Property with the payload of the event.
    pub payload_property: &'static str,
    /// How a link to the payload is represented; `None` if the API sends no links.
    pub signed_url: Option<SignedUrl>,
}

/// How a link to the payload is represented.
#[derive(Clone, Copy, Debug)]
pub struct SignedUrl {
    /// Property that distinguishes a link from other payloads.
    pub mark_property: &'static str,
    /// Value of that property.
    pub mark: &'static str,
    /// Property with the link.
    pub url_property: &'static str,
}
