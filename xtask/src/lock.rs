//! `lock.toml`: where a document came from, and its digest. Uses no network and checks no document.

use std::fmt::Write as _;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

const HEADER: &str = "# Written by `cargo xtask fetch`, which is also the way to change it.\n\n";

/// What is recorded about the document beside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lock {
    /// URL of the document, if it came from the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) url: Option<String>,
    /// Name of the file, if it came from one; its folder means nothing on other machines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// `ETag` of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) etag: Option<String>,
    /// `Last-Modified` of the response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) last_modified: Option<String>,
    /// Whether it was merged from pages.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) from_pages: bool,
    /// SHA-256 of the canonical document, in lower-case hex.
    pub(crate) sha256: String,
    /// When it was received: UTC, RFC 3339.
    pub(crate) retrieved: String,
    /// Number of operations.
    pub(crate) operations: usize,
    /// Number of component schemas.
    pub(crate) schemas: usize,
    /// Number of webhook events.
    pub(crate) webhooks: usize,
}

impl Lock {
    /// Parses a lock file.
    pub(crate) fn from_text(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// Renders the lock file.
    pub(crate) fn to_text(&self) -> Result<String, toml::ser::Error> {
        Ok(format!("{HEADER}{}", toml::to_string(self)?))
    }
}

fn is_false(value: &bool) -> bool {
    !value
}

/// Computes the SHA-256 of `bytes` in lower-case hex.
pub(crate) fn sha256_hex(bytes: &[u8]) -> String {
    let mut hex = String::with_capacity(64);
    for byte in Sha256::digest(bytes) {
        // Writing to a string cannot fail.
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// Formats a time for a lock: UTC, whole seconds.
pub(crate) fn format_timestamp(moment: SystemTime) -> String {
    humantime::format_rfc3339_seconds(moment).to_string()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;

    #[test]
    fn digest_is_the_published_one() {
        assert_eq!(sha256_hex(b""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        assert_eq!(sha256_hex(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }

    #[test]
    fn lock_reads_back_as_it_was_written() {
        let lock = Lock {
            url: Some("https://example.com/openapi.json".to_owned()),
            file: None,
            etag: Some("W/\"a\"".to_owned()),
            last_modified: Some("Mon, 23 Nov 2026 08:00:00 GMT".to_owned()),
            from_pages: false,
            sha256: sha256_hex(b"{}"),
            retrieved: format_timestamp(UNIX_EPOCH + Duration::from_secs(1_795_422_201)),
            operations: 117,
            schemas: 329,
            webhooks: 40,
        };
        let text = lock.to_text().unwrap();
        assert!(text.starts_with("# Written by"), "{text}");
        assert!(text.contains("retrieved = \"2026-11-23T08:23:21Z\""), "{text}");
        assert!(!text.contains("file =") && !text.contains("from_pages"), "{text}");
        assert_eq!(Lock::from_text(&text).unwrap(), lock);
    }

    #[test]
    fn lock_without_digest_is_refused() {
        assert!(Lock::from_text("operations = 1").is_err());
    }
}
