//! A text that is never shown, and the rule for names whose values must not be shown either.
//!
//! It must not know where a secret comes from or where it is sent.

use std::fmt;

/// What is shown in place of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// A secret text. Neither `Debug` nor `Display` shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text itself, for the one place that puts it on the wire.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(REDACTED)
    }
}

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
pub(crate) struct Shown<'a>(pub(crate) &'a str, pub(crate) &'a str);

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
    fn a_secret_is_never_shown() {
        let secret = Secret::from("sk_live_1");
        assert_eq!(format!("{secret} {secret:?} {secret:#?}"), [REDACTED; 3].join(" "));
        assert_eq!(secret.expose(), "sk_live_1");
    }

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
