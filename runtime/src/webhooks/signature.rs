//! Parses signatures and compares them with the expected ones.
//!
//! It must not know headers or times.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::secret::Secret;

/// A signature as it was received.
pub(super) struct Signature([u8; 32]);

impl Signature {
    /// Reads exactly 64 hexadecimal digits, in upper or lower case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let digit = |byte: &u8| char::from(*byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let digits = text.bytes().map(|byte| digit(&byte)).collect::<Option<Vec<u8>>>()?;
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        match digits.len() {
            64 => bytes.try_into().ok().map(Self),
            _ => None,
        }
    }

    /// Returns whether the signature matches a body. The comparison takes constant time.
    pub(super) fn fits(&self, secret: &Secret, prefix: &str, timestamp: &str, body: &[u8]) -> bool {
        // HMAC accepts keys of any length, so this never fails.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.expose().as_bytes()) else { return false };
        for part in [prefix.as_bytes(), b":", timestamp.as_bytes(), b":", body] {
            mac.update(part);
        }
        mac.verify_slice(&self.0).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signature_is_64_hexadecimal_digits() {
        let text = "0123456789abcdef".repeat(4);
        let upper = text.to_uppercase();
        for (text, accepted) in [
            (text.as_str(), true),
            (&upper, true),
            (&text[1..], false),
            (&format!("{text}0"), false),
            (&format!("{text}00"), false),
            (&format!("{text}junk"), false),
            (&format!("{text}\n"), false),
            (&format!(" {text}"), false),
            (&text.replace('0', "+"), false),
            (&"é".repeat(32), false),
            ("", false),
        ] {
            let parsed = Signature::parse(text);
            assert_eq!(parsed.is_some(), accepted, "{text}");
            assert!(parsed.is_none_or(|signature| signature.0[..2] == [0x01, 0x23]));
        }
    }
}
