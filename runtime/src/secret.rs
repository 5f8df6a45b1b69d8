//! A string that is never shown in output.
//!
//! It must not know where a secret comes from or where it is sent.

use std::fmt;

/// The placeholder that is shown instead of a secret.
pub(crate) const REDACTED: &str = "[redacted]";

/// A secret string. Its `Debug` and `Display` output is a placeholder.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Returns the secret itself, for the code that sends it or computes signatures with it.
    #[cfg(any(feature = "client", feature = "webhooks"))]
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }

    /// Removes trailing line breaks, as at the end of a secret that was read from a file.
    #[cfg(feature = "webhooks")]
    pub(crate) fn without_line_end(mut self) -> Self {
        self.0.truncate(self.0.trim_end_matches(['\r', '\n']).len());
        self
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
    fn secret_is_never_shown() {
        let secret = Secret::from("sk_live_1");
        assert_eq!(format!("{secret} {secret:?} {secret:#?}"), [REDACTED; 3].join(" "));
        assert_eq!(secret.expose(), "sk_live_1");
    }

    #[cfg(feature = "webhooks")]
    #[test]
    fn line_break_at_the_end_is_not_part_of_a_secret() {
        for text in ["wss_1", "wss_1\n", "wss_1\r\n"] {
            assert_eq!(Secret::from(text).without_line_end().expose(), "wss_1");
        }
        assert_eq!(Secret::from(" wss\n1 ").without_line_end().expose(), " wss\n1 ");
    }
}
