//! Which names of headers, query parameters and properties announce a secret.
//!
//! It judges by the name alone and must not know where names come from.

#[cfg(feature = "client")]
use std::fmt;

#[cfg(feature = "client")]
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
