//! A link that is its own credential: which links are permitted, and how much of them is displayed.
//!
//! This module must not know how a link is fetched.

use std::fmt;

use reqwest::Url;

use crate::client::addresses::{NotPublic, is_public};
use crate::client::config::is_loopback;

/// Where links may lead.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// To every host that is reached over TLS, and to this machine.
    Anywhere,
    /// To the public Internet; to this machine only if the first link names it.
    PublicOnly,
}

/// A link to a file. `Debug` displays only its scheme and host.
#[derive(Clone)]
pub(super) struct Link(Url);

impl Link {
    /// Parses and checks a link. The error describes the problem without showing the link.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text.trim()).map_err(|problem| format!("the link is not a URL: {problem}"))?;
        Self::check(url)
    }

    /// Returns the link that a redirect leads to. A redirect from `https` to `http` is an error.
    pub(super) fn follow(&self, target: &str) -> Result<Self, String> {
        let not_followed = |problem: String| format!("a redirect of {} was not followed: {problem}", self.host());
        let url = self.0.join(target).map_err(|problem| not_followed(problem.to_string()))?;
        if self.is_encrypted() && url.scheme() != "https" {
            return Err(not_followed("it leads away from https".to_owned()));
        }
        Self::check(url).map_err(not_followed)
    }

    /// Returns the URL for the request.
    pub(super) fn url(&self) -> Url {
        self.0.clone()
    }

    /// Returns whether the link leads to this machine.
    pub(super) fn is_local(&self) -> bool {
        is_loopback(&self.0)
    }

    /// Returns whether the link is fetched over TLS.
    pub(super) fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Checks the host of a link if it is an IP address; a name is checked when it is resolved. `before` is the link
    /// that redirected here.
    pub(super) fn check_reach(&self, reach: Reach, before: Option<&Self>) -> Result<(), NotPublic> {
        let written = self.host().trim_start_matches('[').trim_end_matches(']').parse();
        let allowed = match reach {
            Reach::Anywhere => true,
            Reach::PublicOnly if self.is_local() => before.is_none_or(Self::is_local),
            Reach::PublicOnly => written.map_or(true, is_public),
        };
        if allowed { Ok(()) } else { Err(NotPublic) }
    }

    /// Returns the host, for messages.
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
    fn redirect_never_gives_up_encryption() {
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

    #[test]
    fn private_links_are_refused_where_only_public_ones_are_wanted() {
        for (before, link, allowed) in [
            (None, "https://files.example.com/", true),
            (None, "https://1.1.1.1/", true),
            (None, "http://127.0.0.1:1/", true),
            (None, "https://10.0.0.1/", false),
            (None, "https://0xa9fea9fe/latest", false),
            (None, "https://[::ffff:169.254.169.254]/", false),
            (None, "https://[fd00:ec2::254]/", false),
            (Some("https://files.example.com/"), "https://192.168.0.1/", false),
            (Some("https://files.example.com/"), "https://127.0.0.1/", false),
            (Some("https://files.example.com/"), "https://localhost/", false),
            (Some("http://localhost/"), "http://127.0.0.1/", true),
        ] {
            let before = before.map(|before| Link::parse(before).unwrap());
            let link = Link::parse(link).unwrap();
            assert_eq!(link.check_reach(Reach::PublicOnly, before.as_ref()).is_ok(), allowed, "{link:?}");
            assert!(link.check_reach(Reach::Anywhere, before.as_ref()).is_ok());
        }
    }
}
