//! A webhook delivery, signed the way the server signs it.
//!
//! It must not know individual events.

use std::time::{SystemTime, UNIX_EPOCH};

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::fail;
use crate::webhooks::Scheme;

/// A webhook delivery.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Delivery {
    /// Names and values of the headers.
    pub headers: Vec<(&'static str, String)>,
    /// Bytes of the body.
    pub body: Vec<u8>,
}

impl Delivery {
    /// Builds the delivery of an event, sent now.
    ///
    /// # Panics
    ///
    /// Panics if the event cannot be serialized as JSON.
    #[must_use]
    #[track_caller]
    pub fn signed(scheme: &Scheme, event: &(impl Serialize + ?Sized), secret: &str) -> Self {
        match serde_json::to_vec(event) {
            Ok(body) => Self::of(scheme, body, secret, SystemTime::now()),
            Err(error) => fail(format_args!("the event cannot be written as JSON: {error}")),
        }
    }

    fn of(scheme: &Scheme, body: Vec<u8>, secret: &str, sent: SystemTime) -> Self {
        let seconds = sent.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
        let text = [format!("{}:{seconds}:", scheme.prefix).as_bytes(), &body].concat();
        let headers = vec![
            (scheme.timestamp_header, seconds.to_string()),
            (scheme.signature_header, digest(secret.as_bytes(), &text)),
        ];
        Self { headers, body }
    }
}

/// Returns the HMAC-SHA256 of a message in hexadecimal digits.
fn digest(secret: &[u8], text: &[u8]) -> String {
    // HMAC accepts keys of any length, so this never fails.
    let mac = Hmac::<Sha256>::new_from_slice(secret).map(|mac| mac.chain_update(text).finalize().into_bytes());
    mac.map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect()).unwrap_or_default()
}
