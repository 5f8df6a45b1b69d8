//! Which names of headers, query parameters and properties announce a secret, and what of a text may be one.
//!
//! It judges by the name or the text alone and must not know where they come from.

use std::borrow::Cow;
#[cfg(feature = "client")]
use std::fmt;

use crate::secret::REDACTED;

/// Parts of header and query parameter names that announce a secret value.
const SENSITIVE: [&str; 12] = [
    "auth",
    "token",
    "secret",
    "key",
    "cookie",
    "passw",
    "passphrase",
    "pwd",
    "session",
    "signature",
    "credential",
    "jwt",
];
/// Whole names that do; as parts they are in harmless words too.
const SENSITIVE_NAMES: [&str; 2] = ["sig", "sid"];

/// Whether a header or query parameter of this name holds a secret, judged by the name alone.
pub(crate) fn is_sensitive_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SENSITIVE_NAMES.contains(&name.as_str()) || SENSITIVE.iter().any(|part| name.contains(part))
}

/// A text whose name announces nothing, as it may be shown: of a link without its query, which can be its own credential.
pub(crate) fn without_query(text: &str) -> Cow<'_, str> {
    match text.split_once('?').filter(|(place, _)| place.contains("://")) {
        Some((place, _)) => format!("{place}?{REDACTED}").into(),
        None => text.into(),
    }
}

/// Name and value for debug output.
#[cfg(feature = "client")]
pub(crate) struct Shown<'a>(pub(crate) &'a str, pub(crate) &'a str);

#[cfg(feature = "client")]
impl fmt::Debug for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if is_sensitive_name(self.0) { REDACTED } else { self.1 };
        write!(f, "{}: {value}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_announce_a_secret_are_known() {
        for (name, sensitive) in [
            ("Authorization", true),
            ("X-API-Key", true),
            ("Set-Cookie", true),
            ("x-csrf-token", true),
            ("password", true),
            ("sig", true),
            ("design", false),
            ("nextPage", false),
            ("content-type", false),
            ("x-request-id", false),
        ] {
            assert_eq!(is_sensitive_name(name), sensitive, "{name}");
        }
    }
}
