//! A link that is its own credential: which ones are used, and how little of them is shown.
//!
//! It must not know how a link is fetched.

use std::fmt;

use reqwest::Url;

use crate::client::config::{http_client, is_loopback};
use crate::client::error::Error;

/// A link to a file. `Debug` shows its host only.
#[derive(Clone)]
pub(super) struct Link(Url);

impl Link {
    /// Checks a link. The error says what is wrong without showing it.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|problem| format!("the link is not a URL: {problem}"))?;
        Self::check(url)
    }

    /// The link a redirect leads to. TLS is never given up on the way.
    pub(super) fn follow(&self, target: &str) -> Result<Self, String> {
        let not_followed = |problem: String| format!("a redirect of {} was not followed: {problem}", self.host());
        let url = self.0.join(target).map_err(|problem| not_followed(problem.to_string()))?;
        if self.0.scheme() == "https" && url.scheme() != "https" {
            return Err(not_followed("it leads away from https".to_owned()));
        }
        Self::check(url).map_err(not_followed)
    }

    /// The URL, for the request.
    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    /// A client for this link. It follows no redirect: that is decided here.
    pub(super) fn client(&self) -> Result<reqwest::Client, Error> {
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        // A proxy has another idea of what this machine is.
        let builder = if is_loopback(&self.0) { builder.no_proxy() } else { builder };
        http_client(builder)
    }

    /// The host, for messages.
    pub(super) fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    fn check(url: Url) -> Result<Self, String> {
        match url.scheme() {
            "https" => Ok(Self(url)),
            "http" if is_loopback(&url) => Ok(Self(url)),
            "http" => Err("the link is not encrypted (http); only https is used, and http on this machine".to_owned()),
            other => Err(format!("the link has the scheme `{other}`; only https is used")),
        }
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}/…", self.0.scheme(), self.host())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_encrypted_links_and_this_machine_are_used_and_nothing_is_shown() {
        for (text, expected) in [
            ("https://s3.example.com/hunter2.pdf?sig=hunter2", Ok("https://s3.example.com/…")),
            (" https://u:hunter2@s3.example.com ", Ok("https://s3.example.com/…")),
            ("http://127.0.0.1:9/hunter2", Ok("http://127.0.0.1/…")),
            ("http://[::1]/", Ok("http://[::1]/…")),
            ("http://s3.example.com/hunter2", Err("not encrypted")),
            ("http://127.0.0.1.example.com/hunter2", Err("not encrypted")),
            ("file:///etc/hunter2", Err("scheme `file`")),
            ("data:text/plain,hunter2", Err("scheme `data`")),
            ("/hunter2", Err("not a URL")),
            ("", Err("not a URL")),
        ] {
            let shown = Link::parse(text).map(|link| format!("{link:?}"));
            match (&shown, expected) {
                (Ok(shown), Ok(expected)) => assert_eq!(shown, expected, "{text}"),
                (Err(shown), Err(part)) => assert!(shown.contains(part) && !shown.contains("hunter2"), "{shown}"),
                (shown, expected) => panic!("{text}: {shown:?}, expected {expected:?}"),
            }
        }
    }

    #[test]
    fn a_redirect_never_gives_up_encryption() {
        for (from, to, host) in [
            ("https://a.example.com/x", "/y?z", Some("a.example.com")),
            ("https://a.example.com/x", "https://b.example.com/", Some("b.example.com")),
            ("https://a.example.com/x", "http://b.example.com/", None),
            ("https://a.example.com/x", "http://127.0.0.1/", None),
            ("http://127.0.0.1/x", "https://b.example.com/", Some("b.example.com")),
            ("http://127.0.0.1/x", "http://localhost/", Some("localhost")),
            ("http://127.0.0.1/x", "http://b.example.com/", None),
            ("https://a.example.com/x", "ftp://b.example.com/", None),
            ("https://a.example.com/x", "https://", None),
        ] {
            let followed = Link::parse(from).unwrap().follow(to);
            assert_eq!(followed.as_ref().ok().map(Link::host), host, "{from} {to}");
        }
    }
}
