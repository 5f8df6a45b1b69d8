//! Receives a document from the network or from a file, within limits. Does not look into it.

use std::path::Path;
use std::time::Duration;

use ureq::Agent;
use ureq::http::Uri;
use ureq::http::header::{CONTENT_TYPE, ETAG, HeaderName};

use crate::outcome::Failure;

/// Longest document that is taken, in bytes after decompression.
const MAX_BYTES: u64 = 50 * 1024 * 1024;
/// Longest time for everything together.
const TIMEOUT: Duration = Duration::from_secs(60);
const MAX_REDIRECTS: u32 = 5;
/// How much of a document is shown when it turns out to be none, in characters.
const EXCERPT: usize = 120;

/// A document that was received.
#[derive(Debug)]
pub(crate) struct Received {
    /// The document.
    pub(crate) bytes: Vec<u8>,
    /// What the server called this state of it.
    pub(crate) etag: Option<String>,
    description: String,
}

impl Received {
    /// What was received, for messages: status, type, size and beginning.
    pub(crate) fn description(&self) -> String {
        format!("{}, beginning with {:?}", self.description, excerpt(&self.bytes))
    }
}

/// Reads a file.
pub(crate) fn from_file(path: &Path) -> Result<Received, Failure> {
    let refuse = |reason: String| Failure::fetch(format!("{}: {reason}", path.display()));
    let read = || {
        let length = std::fs::metadata(path)?.len();
        if length > MAX_BYTES { Ok(None) } else { std::fs::read(path).map(Some) }
    };
    match read() {
        Ok(Some(bytes)) => {
            let description = format!("a file of {} bytes", bytes.len());
            Ok(Received { bytes, etag: None, description })
        }
        Ok(None) => Err(refuse(format!("larger than {MAX_BYTES} bytes"))),
        Err(error) => Err(refuse(format!("cannot read it: {error}"))),
    }
}

/// Asks a server.
pub(crate) fn from_url(url: &str) -> Result<Received, Failure> {
    let refuse = |reason: String| Failure::fetch(format!("{url}: {reason}"));
    let route = Route::of(url).map_err(|reason| refuse(reason.to_owned()))?;
    let mut response = route.agent().get(url).call().map_err(|error| refuse(error.to_string()))?;

    let header =
        |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let (status, etag) = (response.status(), header(ETAG));
    let kind = header(CONTENT_TYPE).unwrap_or_else(|| "no content type".to_owned());
    let bytes = response.body_mut().with_config().limit(MAX_BYTES).read_to_vec();
    let bytes = bytes.map_err(|error| refuse(format!("{status}, {kind}, then: {error}")))?;

    let description = format!("{status}, {kind}, {} bytes", bytes.len());
    let received = Received { bytes, etag, description };
    if status == ureq::http::StatusCode::OK { Ok(received) } else { Err(refuse(received.description())) }
}

/// How a server may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Route {
    /// Over the network: encrypted, redirects included.
    Network,
    /// On this machine: in the clear, and never on to another one.
    Loopback,
}

impl Route {
    fn of(url: &str) -> Result<Self, &'static str> {
        let uri: Uri = url.parse().map_err(|_| "this is no URL")?;
        let authority = uri.authority().ok_or("the URL has no host")?;
        if authority.as_str().contains('@') {
            return Err("the URL has a user name or password in it, which would end up in the lock file");
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self::Network),
            Some("http") if is_loopback(authority.host()) => Ok(Self::Loopback),
            Some(_) | None => Err("only https is taken, and plain http from this machine"),
        }
    }

    fn agent(self) -> Agent {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .accept("application/json, application/yaml;q=0.9, */*;q=0.1");
        let config = match self {
            Self::Network => config.https_only(true).max_redirects(MAX_REDIRECTS),
            Self::Loopback => config.proxy(None).max_redirects(0),
        };
        config.build().new_agent()
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    address.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

/// The beginning of a text, on one line.
fn excerpt(bytes: &[u8]) -> String {
    let head = bytes.get(..EXCERPT * 4).unwrap_or(bytes);
    let text = String::from_utf8_lossy(head);
    let words: Vec<_> =
        text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(EXCERPT).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_and_passwords_are_refused_except_http_on_this_machine() {
        let cases = [
            ("https://docs.extend.ai/openapi.json", Some(Route::Network)),
            ("http://127.0.0.1:8080/openapi.json", Some(Route::Loopback)),
            ("http://LOCALHOST/openapi.json", Some(Route::Loopback)),
            ("http://[::1]:1/openapi.json", Some(Route::Loopback)),
            ("http://docs.extend.ai/openapi.json", None),
            ("http://localhost.example.com/", None),
            ("http://localhost@example.com/", None),
            ("https://user:secret@example.com/", None),
            ("ftp://example.com/", None),
            ("openapi.json", None),
            ("", None),
        ];
        for (url, expected) in cases {
            assert_eq!(Route::of(url).ok(), expected, "{url:?}");
        }
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt(b"<!doctype html>\n\n  <p>\x1b[31mno\xff"), "<!doctype html> <p> [31mno\u{fffd}");
        assert_eq!(excerpt("ä".repeat(1000).as_bytes()).chars().count(), EXCERPT);
        assert_eq!(excerpt(b""), "");
    }
}
