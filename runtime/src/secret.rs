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
    #[cfg(any(feature = "client", feature = "webhooks"))]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let secret = Secret::from("sk_live_1");
        assert_eq!(format!("{secret} {secret:?} {secret:#?}"), [REDACTED; 3].join(" "));
        assert_eq!(secret.expose(), "sk_live_1");
    }
}
