//! Selects the server that a client sends requests to, and checks base URLs.
//!
//! It must not know credentials or requests.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

use crate::client::error::Error;
use crate::client::profile::{Environment, Profile};

/// The server that the user selected.
#[derive(Clone, Debug)]
pub(super) enum Endpoint {
    /// The first environment of the profile.
    Default,
    /// An environment of the profile.
    Environment(Environment),
    /// The name of a region or an environment, and the environment variable that it was read from.
    Region(String, Option<&'static str>),
    /// A base URL, and the environment variable that it was read from.
    Url(String, Option<&'static str>),
}

/// Whether unencrypted HTTP is accepted for hosts other than this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transport {
    /// TLS is required, except for this machine.
    Secure,
    /// Unencrypted HTTP is accepted for every host.
    InsecureAllowed,
}

/// A base URL that has been checked.
#[derive(Clone, Debug)]
pub(super) struct BaseUrl {
    /// The URL that paths are appended to, without a trailing slash.
    pub(super) text: String,
    pub(super) url: Url,
    /// The path of the URL, without a trailing slash.
    path: String,
}

impl BaseUrl {
    /// Returns the URL of a path, which starts with a slash, below this URL. Scheme and host are not parsed again.
    pub(super) fn below(&self, path: fmt::Arguments<'_>) -> Result<Url, impl fmt::Display + use<>> {
        let whole = format!("{}{path}", self.path);
        match whole.as_bytes() {
            // Anything after two slashes would be parsed as a host.
            [b'/', rest @ ..] if !matches!(rest, [b'/' | b'\\', ..]) => self.url.join(&whole),
            _ => Url::parse(&format!("{}{path}", self.text)),
        }
    }

    /// Returns whether the server is on this machine.
    pub(super) fn is_loopback(&self) -> bool {
        is_loopback(&self.url)
    }
}

/// Returns whether a URL points to this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let host = url.host_str().unwrap_or_default();
    let address = host.trim_start_matches('[').trim_end_matches(']');
    match address.parse::<IpAddr>() {
        Ok(address) => address.is_loopback(),
        Err(_) => host == "localhost" || host.ends_with(".localhost"),
    }
}

impl Endpoint {
    /// Returns the base URL of the selected server.
    pub(super) fn resolve(&self, profile: &Profile, transport: Transport) -> Result<BaseUrl, Error> {
        match self {
            Self::Default => {
                let first = profile.environments.first();
                let first = first.ok_or_else(|| unknown(profile))?;
                check(first.url, None, transport)
            }
            Self::Environment(environment) => check(environment.url, None, transport),
            Self::Region(name, variable) => check(find(name, *variable, profile)?.url, None, transport),
            Self::Url(text, variable) => check(text, *variable, transport),
        }
    }
}

/// Builds the error of a document that lists no server with a host, so that the user has to name one.
fn unknown(profile: &Profile) -> Error {
    let variable = profile.base_url_variable;
    let variable = variable.map_or_else(String::new, |name| format!("set the environment variable {name}, or "));
    Error::configuration(format!("no server is known: {variable}call `.base_url(…)` on the builder"))
}

fn find<'a>(name: &str, variable: Option<&str>, profile: &'a Profile) -> Result<&'a Environment, Error> {
    let wanted = name.trim();
    let matches = |environment: &&Environment| {
        environment.region.eq_ignore_ascii_case(wanted) || environment.name.eq_ignore_ascii_case(wanted)
    };
    profile.environments.iter().find(matches).ok_or_else(|| {
        let known: Vec<String> = profile
            .environments
            .iter()
            .map(|environment| format!("{} ({})", environment.region, environment.url))
            .collect();
        let shown = if may_be_secret(wanted) { String::new() } else { format!(" {name:?}") };
        Error::configuration(format!("unknown region{shown}{}; known: {}", origin(variable), known.join(", ")))
    })
}

/// The maximum length of a name that is shown, in bytes. Keys are longer.
const LONGEST_NAME: usize = 12;

/// Returns whether a value that was passed as a name may be an API key that was passed by mistake.
fn may_be_secret(name: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    name.len() > LONGEST_NAME || !name.bytes().all(plain)
}

/// Returns whether a string is a host, optionally with a path, rather than an API key that was passed by mistake.
fn is_host_like(place: &str) -> bool {
    let host = place.split(['/', ':']).next().unwrap_or_default();
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'.');
    host == "localhost" || (host.contains('.') && host.bytes().all(plain))
}

fn origin(variable: Option<&str>) -> String {
    variable.map_or_else(String::new, |variable| format!(" in {variable}"))
}

fn check(text: &str, variable: Option<&str>, transport: Transport) -> Result<BaseUrl, Error> {
    let origin = origin(variable);
    let trimmed = text.trim();
    // The URL is shown only after it has been checked to contain no password.
    let wrong = |problem: String| Error::configuration(format!("the base URL{origin} {problem}"));
    if !trimmed.contains("://") {
        let place = trimmed.split(['?', '#']).next().unwrap_or_default();
        let shown = place.rsplit('@').next().unwrap_or_default();
        return Err(match is_host_like(shown) {
            true => wrong(format!("has no scheme; it should start like https://{shown}")),
            false => wrong("has no scheme; it should start with https://".to_owned()),
        });
    }
    let url = Url::parse(trimmed).map_err(|problem| wrong(format!("is not valid: {problem}")))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(wrong(format!("has the scheme `{}`; only https and http are supported", url.scheme())));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong("contains a user name or password; use the credential of the client instead".to_owned()));
    }
    for (part, present) in [("query", url.query()), ("fragment", url.fragment())] {
        if present.is_some() {
            return Err(wrong(format!("has a {part}; only a path is allowed")));
        }
    }
    let text = url.as_str().trim_end_matches('/').to_owned();
    let path = url.path().trim_end_matches('/').to_owned();
    let base = BaseUrl { text, url, path };
    if base.url.scheme() == "http" && transport == Transport::Secure && !base.is_loopback() {
        return Err(wrong(format!(
            "{} would send the credential unencrypted; use https, or call `.allow_insecure_http()`",
            base.text
        )));
    }
    Ok(base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_are_checked() {
        for (text, expected) in [
            ("https://api.example.com", Ok("https://api.example.com")),
            (" https://api.example.com/ ", Ok("https://api.example.com")),
            ("HTTPS://API.example.com:443//", Ok("https://api.example.com")),
            ("https://gate.example.com/extend/v1/", Ok("https://gate.example.com/extend/v1")),
            ("http://localhost:8080", Ok("http://localhost:8080")),
            ("http://api.localhost", Ok("http://api.localhost")),
            ("http://127.0.0.9:1/x", Ok("http://127.0.0.9:1/x")),
            ("http://[::1]:8080/", Ok("http://[::1]:8080")),
            ("http://api.example.com", Err("unencrypted")),
            ("http://localhost.example.com", Err("unencrypted")),
            ("api.example.com", Err("start like https://api.example.com")),
            ("", Err("no scheme")),
            ("sk_hunter2", Err("no scheme")),
            ("hunter2", Err("no scheme")),
            ("eyJ0.hunter2.x", Err("no scheme")),
            ("ftp://api.example.com", Err("scheme `ftp`")),
            ("https://", Err("not valid")),
            ("https://u:hunter2@api.example.com", Err("user name or password")),
            ("api.example.com/v1?key=hunter2#@hunter2", Err("start like https://api.example.com/v1")),
            ("u:hunter2@api.example.com", Err("no scheme")),
            ("https://api.example.com/?key=hunter2", Err("has a query")),
            ("https://api.example.com/#hunter2", Err("has a fragment")),
        ] {
            match (check(text, Some("BASE"), Transport::Secure), expected) {
                (Ok(base), Ok(url)) => assert_eq!(base.text, url, "{text}"),
                (Err(error), Err(part)) => {
                    let shown = error.to_string();
                    assert!(shown.contains(part) && shown.contains("in BASE"), "{text}: {shown}");
                    assert!(!shown.contains("hunter2"), "{shown}");
                }
                (result, expected) => panic!("{text}: {result:?}, expected {expected:?}"),
            }
        }
        assert!(check("http://api.example.com", None, Transport::InsecureAllowed).is_ok());
    }

    #[test]
    fn key_in_place_of_a_region_is_not_shown() {
        for (name, shown) in [("mars", true), ("eu-west-9", true), ("sk_hunter2", false), ("0123456789abcdef", false)] {
            let may_be_shown = !may_be_secret(name);
            assert_eq!(may_be_shown, shown, "{name}");
        }
    }

    #[test]
    fn paths_below_a_base_url_are_appended_to_it() {
        let bases =
            ["https://api.example.com", "http://localhost:8080/a/b/", "http://[::1]//x", "https://api.example.com//"];
        let paths = [
            "/",
            "/x",
            "/x/..%2Fy?a=b&c#d",
            "//other.example.com/x",
            "/\\other.example.com",
            "/x/../../y",
            "/:80/é ü",
            "x",
        ];
        for base in bases {
            let base = check(base, None, Transport::Secure).unwrap();
            for path in paths {
                let below = base.below(format_args!("{path}")).unwrap_or_else(|problem| panic!("{path}: {problem}"));
                let Ok(whole) = Url::parse(&format!("{}{path}", base.text)) else { panic!("{path}") };
                assert_eq!(below, whole, "{} {path}", base.text);
            }
        }
    }
}
