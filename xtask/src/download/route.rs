//! Which URLs may be requested, and how references are resolved. Sends nothing.

use ureq::Agent;
use ureq::http::Uri;
use ureq::tls::{RootCerts, TlsConfig};

use super::proxy::proxy_for;

/// Length of a URL up to which it is requested.
const LONGEST: usize = 2048;

/// How a server may be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Route {
    /// Over the network: encrypted, through a proxy where the environment names one.
    Network,
    /// On this machine: in the clear, without a proxy.
    Loopback,
}

impl Route {
    /// Returns the route to a URL.
    ///
    /// # Errors
    ///
    /// Why the URL is not requested.
    pub(super) fn of(url: &str) -> Result<Self, &'static str> {
        let scheme = url.split_once(':').map(|(scheme, _)| scheme.to_ascii_lowercase());
        if scheme.is_some_and(|scheme| !matches!(scheme.as_str(), "https" | "http")) {
            return Err("only https is accepted, and plain http on this machine");
        }
        let uri: Uri = url.parse().map_err(|_| "this is not a valid URL")?;
        let authority = uri.authority().ok_or("the URL has no host")?;
        if authority.as_str().contains('@') {
            return Err("the URL has a user name or password in it, which would end up in the lock file");
        }
        match uri.scheme_str() {
            Some("https") => Ok(Self::Network),
            Some("http") if is_loopback(authority.host()) => Ok(Self::Loopback),
            Some(_) | None => Err("only https is accepted, and plain http on this machine"),
        }
    }

    /// Returns the route of a redirect. A request over TLS is never redirected to plain http.
    pub(super) fn redirected(self, url: &str) -> Result<Self, &'static str> {
        match (self, Self::of(url)?) {
            (Self::Network, Self::Loopback) => Err("a redirect from https to plain http"),
            (Self::Network | Self::Loopback, next) => Ok(next),
        }
    }

    /// Builds the HTTP client: without redirects and decompression of its own, which need limits.
    ///
    /// # Errors
    ///
    /// The environment names an unusable proxy.
    pub(super) fn agent(self, url: &str) -> Result<Agent, String> {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects_will_error(false)
            .max_redirects(0)
            .user_agent(concat!("xtask/", env!("CARGO_PKG_VERSION")))
            .accept("application/json, application/yaml;q=0.9, */*;q=0.1");
        // The proxy of a company may have a certificate that only its own machines trust.
        let certificates = TlsConfig::builder().root_certs(RootCerts::PlatformVerifier).build();
        let config = match self {
            Self::Network => {
                let uri = url.parse().map_err(|_| "this is not a valid URL")?;
                config.https_only(true).tls_config(certificates).proxy(proxy_for(&uri)?)
            }
            Self::Loopback => config.proxy(None),
        };
        Ok(config.build().new_agent())
    }
}

fn is_loopback(host: &str) -> bool {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse::<std::net::IpAddr>();
    address.map_or_else(|_| host.eq_ignore_ascii_case("localhost"), |address| address.is_loopback())
}

/// Returns scheme, host and port of a URL, in lower case and with the port of the scheme left out.
pub(crate) fn origin(url: &str) -> Option<String> {
    let uri: Uri = url.parse().ok()?;
    let (scheme, authority) = (uri.scheme_str()?.to_ascii_lowercase(), uri.authority()?);
    let default = if scheme == "https" { 443 } else { 80 };
    let port = authority.port_u16().filter(|port| *port != default).map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{scheme}://{}{port}", authority.host().trim_end_matches('.').to_ascii_lowercase()))
}

/// Checks that a URL which a response names may be requested: like one of a redirect, and of reasonable length.
///
/// # Errors
///
/// Why it is not requested.
pub(crate) fn check_link(from: &str, to: &str) -> Result<(), &'static str> {
    if to.len() > LONGEST {
        return Err("the URL is too long");
    }
    Route::of(from)?.redirected(to).map(|_| ())
}

/// Resolves `reference` against the URL `base` (RFC 3986, section 5.2).
pub(crate) fn resolve(base: &str, reference: &str) -> String {
    let reference = reference.split('#').next().unwrap_or_default();
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let rest = rest.split(['?', '#']).next().unwrap_or_default();
    let host = rest.split('/').next().unwrap_or_default();
    if reference.split_once(':').is_some_and(|(scheme, _)| !scheme.contains(['/', '?'])) {
        reference.to_owned()
    } else if let Some(authority) = reference.strip_prefix("//") {
        format!("{scheme}://{authority}")
    } else if reference.starts_with('/') {
        format!("{scheme}://{host}{}", without_dots(reference))
    } else if reference.is_empty() || reference.starts_with('?') {
        format!("{scheme}://{rest}{reference}")
    } else {
        let folder = rest.strip_prefix(host).and_then(|path| path.rsplit_once('/')).map_or("", |(folder, _)| folder);
        format!("{scheme}://{host}{}", without_dots(&format!("{folder}/{reference}")))
    }
}

/// Removes the segments `.` and `..` from a path; the query is kept.
fn without_dots(reference: &str) -> String {
    let (path, query) = reference.split_at(reference.find('?').unwrap_or(reference.len()));
    let mut kept: Vec<&str> = Vec::new();
    for step in path.split('/').skip(1) {
        match step {
            "." => {}
            ".." => {
                kept.pop();
            }
            step => kept.push(step),
        }
    }
    format!("/{}{query}", kept.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_http_and_passwords_are_rejected_except_http_on_this_machine() {
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
    fn redirect_never_leaves_tls() {
        let cases = [
            (Route::Network, "https://example.com/", true),
            (Route::Network, "http://example.com/", false),
            (Route::Network, "http://127.0.0.1/", false),
            (Route::Loopback, "http://127.0.0.1:2/", true),
            (Route::Loopback, "http://example.com/", false),
        ];
        for (from, to, allowed) in cases {
            assert_eq!(from.redirected(to).is_ok(), allowed, "{from:?} {to}");
        }
    }

    #[test]
    fn references_are_resolved_against_the_document_they_stand_in() {
        let base = "https://d.example/docs/llms.txt?x=1";
        let cases = [
            ("https://o.example/a", "https://o.example/a"),
            ("//o.example/a", "https://o.example/a"),
            ("/openapi.json#top", "https://d.example/openapi.json"),
            ("openapi.json?api=a:b", "https://d.example/docs/openapi.json?api=a:b"),
            ("../openapi.json?x=../y", "https://d.example/openapi.json?x=../y"),
            ("./a/../../../b", "https://d.example/b"),
            ("?y=2", "https://d.example/docs/llms.txt?y=2"),
            ("", "https://d.example/docs/llms.txt"),
        ];
        for (reference, expected) in cases {
            assert_eq!(resolve(base, reference), expected, "{reference:?}");
        }
        assert_eq!(resolve("https://d.example", "a"), "https://d.example/a");
    }

    #[test]
    fn origin_is_scheme_host_and_port() {
        let same = ["https://D.example/a", "https://d.example:443/b?c", "HTTPS://d.example."];
        assert!(same.iter().all(|url| origin(url).as_deref() == Some("https://d.example")));
        let others = ["https://d.example:444/", "http://d.example/", "https://e.example/", "d.example"];
        assert!(others.iter().all(|url| origin(url).as_deref() != Some("https://d.example")));
    }

    #[test]
    fn named_urls_are_checked_like_redirects() {
        let rows = [
            ("https://e.example/openapi.json", true),
            ("http://e.example/openapi.json", false),
            ("http://127.0.0.1/openapi.json", false),
            ("https://user:secret@e.example/", false),
            ("file:///etc/passwd", false),
            ("javascript:alert(1)", false),
            ("data:application/json,{}", false),
            ("https://e.example/a b", false),
        ];
        for (url, allowed) in rows {
            assert_eq!(check_link("https://d.example/", url).is_ok(), allowed, "{url}");
        }
        assert!(check_link("https://d.example/", &format!("https://d.example/{}", "a".repeat(5000))).is_err());
    }
}
