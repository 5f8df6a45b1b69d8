//! The plain data that tells how an API signs its deliveries and how its events look.
//!
//! Everything can be built in a `static`, because the generator writes it as one. It holds no secret.

use std::time::Duration;

/// How deliveries are signed, and where an event says what.
///
/// The signature is the HMAC-SHA256, in hexadecimal digits, over `prefix:timestamp:body` with the secret as it was given.
#[derive(Clone, Copy, Debug)]
pub struct Scheme {
    /// Header with the time of sending: seconds since 1970, in decimal digits.
    pub timestamp_header: &'static str,
    /// Header with the signature.
    pub signature_header: &'static str,
    /// What the signed text begins with: the version of the scheme.
    pub prefix: &'static str,
    /// How old a delivery may be.
    pub max_age: Duration,
    /// How far the clock of the server may be ahead.
    pub skew: Duration,
    /// Environment variable that holds the secret.
    pub secret_variable: Option<&'static str>,
    /// Property with the ID of the event.
    pub id_property: &'static str,
    /// Property with the name of the event.
    pub type_property: &'static str,
    /// Property with what the event is about.
    pub payload_property: &'static str,
    /// How a payload looks that is a link to the real one; none if there are no such payloads.
    pub signed_url: Option<SignedUrl>,
}

/// How a payload looks that is a link to the real one.
#[derive(Clone, Copy, Debug)]
pub struct SignedUrl {
    /// Property that tells it from other payloads.
    pub mark_property: &'static str,
    /// The text of that property.
    pub mark: &'static str,
    /// Property with the link.
    pub url_property: &'static str,
}
