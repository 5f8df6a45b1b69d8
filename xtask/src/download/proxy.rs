//! Which proxy the environment names for a server. Sends nothing.

use std::env;

use ureq::Proxy;
use ureq::http::Uri;

/// Variables that name a proxy for https; the first that is set is used.
const NAMES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
/// Variables that list hosts to reach without a proxy.
const EXCEPTIONS: [&str; 2] = ["NO_PROXY", "no_proxy"];

/// Returns the proxy for a URL.
///
/// # Errors
///
/// The environment names an unusable proxy: going without one would not be what the user wanted.
pub(super) fn proxy_for(url: &Uri) -> Result<Option<Proxy>, String> {
    choose_proxy(url, |name| env::var(name).ok())
}

fn choose_proxy(url: &Uri, variable: impl Fn(&str) -> Option<String>) -> Result<Option<Proxy>, String> {
    let set = |name: &&str| variable(name).filter(|value| !value.trim().is_empty());
    let Some((name, value)) = NAMES.iter().find_map(|name| Some((name, set(name)?))) else { return Ok(None) };
    let exceptions = EXCEPTIONS.iter().find_map(set).unwrap_or_default();
    let host = url.host().unwrap_or_default().to_ascii_lowercase();
    if exceptions.split(',').any(|exception| excepts(exception, &host)) {
        return Ok(None);
    }
    // The value of the variable may contain a password.
    let unusable =
        || format!("the proxy that {name} names cannot be used; it must be http://host:port or https://host:port");
    let proxy = Proxy::new(value.trim()).map_err(|_| unusable())?;
    let is_http = matches!(proxy.protocol(), ureq::ProxyProtocol::Http | ureq::ProxyProtocol::Https);
    if is_http { Ok(Some(proxy)) } else { Err(unusable()) }
}

/// Returns whether an entry of `NO_PROXY` covers a host: the host itself, a parent domain, or `*`.
fn excepts(exception: &str, host: &str) -> bool {
    let exception = exception.trim().to_ascii_lowercase();
    let domain = exception.trim_start_matches('*').trim_start_matches('.');
    let is_below = || host.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'));
    exception == "*" || !domain.is_empty() && is_below()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Variables that are set, and the host of the proxy or how its error begins.
    type Row<'a> = (&'a [(&'a str, &'a str)], Result<Option<&'a str>, &'a str>);

    #[test]
    fn proxy_of_the_environment_is_taken_or_refused_and_never_gone_around() {
        const SOCKS: &str = "socks5://s:1";
        let refused = Err("the proxy that");
        let rows: [Row<'_>; 14] = [
            (&[], Ok(None)),
            (&[("HTTPS_PROXY", "")], Ok(None)),
            (&[("HTTPS_PROXY", "http://p:1")], Ok(Some("p"))),
            (&[("https_proxy", "p:1")], Ok(Some("p"))),
            (&[("ALL_PROXY", "http://u:secret@p:1")], Ok(Some("p"))),
            (&[("ALL_PROXY", SOCKS), ("HTTPS_PROXY", "http://p:1")], Ok(Some("p"))),
            (&[("HTTP_PROXY", "http://p:1")], Ok(None)),
            (&[("ALL_PROXY", SOCKS)], refused),
            (&[("HTTPS_PROXY", "nonsense://secret@p")], refused),
            (&[("ALL_PROXY", SOCKS), ("NO_PROXY", "example.com")], Ok(None)),
            (&[("HTTPS_PROXY", "p:1"), ("no_proxy", "localhost, .Example.com")], Ok(None)),
            (&[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "*")], Ok(None)),
            (&[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "*.example.com")], Ok(None)),
            (&[("HTTPS_PROXY", "p:1"), ("NO_PROXY", "ample.com,,docs")], Ok(Some("p"))),
        ];
        let url: Uri = "https://docs.example.com/openapi.json".parse().unwrap();
        for (set, expected) in rows {
            let variable =
                |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.to_string());
            let found = choose_proxy(&url, variable);
            match (&found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found.as_ref().map(Proxy::host), expected, "{set:?}"),
                (Err(reason), Err(start)) => {
                    assert!(reason.starts_with(start) && !reason.contains("secret"), "{set:?}: {reason}");
                }
                _ => panic!("{set:?}: {found:?}"),
            }
        }
    }
}
