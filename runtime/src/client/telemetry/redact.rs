//! Redacts URLs and headers for logs.
//!
//! This module knows where in a URL or among headers names occur. It must not know which names denote secrets:
//! `sensitive` decides.

use std::fmt;

use http::{HeaderMap, header};
use percent_encoding::percent_decode_str;
use reqwest::Url;

use crate::client::confidential::Confidential;
use crate::readable::clean;
use crate::secret::REDACTED;
use crate::sensitive::is_sensitive_name;

/// Redacts a URL of the client's own server: user, password and fragment are removed, as are the values of query
/// parameters whose names denote a secret.
pub(crate) fn own_url(url: &Url) -> String {
    let mut text = place(url);
    for (at, pair) in url.query().into_iter().flat_map(|query| query.split('&')).enumerate() {
        text.push(if at == 0 { '?' } else { '&' });
        let name = pair.split_once('=').map_or(pair, |(name, _)| name);
        match is_sensitive_name(&percent_decode_str(name).decode_utf8_lossy()) {
            true => text.push_str(&format!("{name}={REDACTED}")),
            false => text.push_str(pair),
        }
    }
    text
}

/// Redacts a URL of any other server. Such a link is often its own credential, so the whole query is removed.
pub(crate) fn foreign_url(url: &Url) -> String {
    let query = url.query().map_or("", |_| "?");
    let hidden = if query.is_empty() { "" } else { REDACTED };
    format!("{}{query}{hidden}", place(url))
}

fn place(url: &Url) -> String {
    match url.has_host() {
        true => format!("{}{}", url.origin().ascii_serialization(), url.path()),
        false => format!("{}:{REDACTED}", url.scheme()),
    }
}

/// Headers as `name: value`, without the values of those that contain a secret.
pub(crate) struct Headers<'a> {
    pub(crate) headers: &'a HeaderMap,
    /// The secrets that are hidden in all values: a server can repeat a key in any header.
    pub(crate) confidential: &'a Confidential,
}

impl fmt::Debug for Headers<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_map();
        for (name, value) in self.headers {
            let hidden = value.is_sensitive() || is_sensitive_name(name.as_str());
            let text = value.to_str().ok().filter(|_| !hidden);
            let text = match text {
                Some(link) if name == header::LOCATION => {
                    Url::parse(link).map_or(REDACTED.to_owned(), |url| foreign_url(&url))
                }
                Some(text) => text.to_owned(),
                None => REDACTED.to_owned(),
            };
            shown.entry(&name.as_str(), &clean(&self.confidential.hide(&text)));
        }
        shown.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn url_shows_no_secret() {
        for (url, own, foreign) in [
            ("https://api.example.com/files/1", "https://api.example.com/files/1", "https://api.example.com/files/1"),
            ("https://u:hunter2@a.example:8443/x#hunter2", "https://a.example:8443/x", "https://a.example:8443/x"),
            (
                "https://a.example/x?page=2&api_key=hunter2&%6Bey=hunter2&flag&sig=hunter2",
                "https://a.example/x?page=2&api_key=[redacted]&%6Bey=[redacted]&flag&sig=[redacted]",
                "https://a.example/x?[redacted]",
            ),
            (
                "https://s3.example/x?X-Amz-Credential=hunter2&X-Amz-Signature=hunter2&X-Amz-Date=1",
                "https://s3.example/x?X-Amz-Credential=[redacted]&X-Amz-Signature=[redacted]&X-Amz-Date=1",
                "https://s3.example/x?[redacted]",
            ),
            ("data:text/plain,hunter2", "data:[redacted]", "data:[redacted]"),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!((own_url(&url).as_str(), foreign_url(&url).as_str()), (own, foreign), "{url}");
        }
    }

    #[test]
    fn headers_show_no_secret() {
        let mut headers = HeaderMap::new();
        let names = [
            "authorization",
            "www-authenticate",
            "x-api-key",
            "api-key",
            "apikey",
            "x-api-token",
            "x-auth-token",
            "auth-token",
            "cookie",
            "set-cookie",
            "proxy-authorization",
            "proxy-authenticate",
            "x-csrf-token",
            "x-xsrf-token",
            "x-session-token",
            "x-access-token",
        ];
        for name in names {
            headers.insert(name, HeaderValue::from_static("hunter2"));
        }
        headers.insert("location", HeaderValue::from_static("https://s3.example/x?sig=hunter2"));
        headers.insert("x-request-id", HeaderValue::from_static("req_1"));
        let mut marked = HeaderValue::from_static("hunter2");
        marked.set_sensitive(true);
        headers.insert("x-marked", marked);
        let shown = format!("{:?}", Headers { headers: &headers, confidential: &Confidential::default() });
        assert!(!shown.contains("hunter2"), "{shown}");
        assert!(shown.contains("\"x-request-id\": \"req_1\"") && shown.contains("s3.example/x?[redacted]"), "{shown}");
    }
}
