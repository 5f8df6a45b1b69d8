//! Recognizes secrets by the names of headers, query parameters and properties, and removes them from strings that are
//! shown.
//!
//! It decides by the name or the string alone and must not know where they come from.

use std::borrow::Cow;
#[cfg(feature = "client")]
use std::fmt;

use crate::secret::REDACTED;

/// Parts of header and query parameter names that indicate a secret value.
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
/// Complete names that indicate a secret value. They also occur within harmless words, so they are not matched as
/// parts.
const SENSITIVE_NAMES: [&str; 2] = ["sig", "sid"];

/// Returns whether the name of a header or query parameter indicates that its value is a secret.
pub(crate) fn is_sensitive_name(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    SENSITIVE_NAMES.contains(&name.as_str()) || SENSITIVE.iter().any(|part| name.contains(part))
}

/// Returns a string as it can be shown: the query of a URL is redacted, because it may contain a credential.
pub(crate) fn without_query(text: &str) -> Cow<'_, str> {
    match text.split_once('?').filter(|(place, _)| place.contains("://")) {
        Some((place, _)) => format!("{place}?{REDACTED}").into(),
        None => text.into(),
    }
}

/// A name and its value for debug output; the value of a sensitive name is redacted.
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
