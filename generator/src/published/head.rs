//! Parses the lines in which a page names its endpoint. Knows single lines, not their position in a page.

use crate::method::Method;

/// URL schemes of channels.
const SOCKETS: [&str; 2] = ["wss://", "ws://"];

/// Parses a line that consists of a method and a URL. The URL may be empty.
pub(super) fn parse_request_line(line: &str) -> Option<(&str, &str)> {
    let (method, url) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
    let starts = ["https://", "http://", "/"].iter().chain(&SOCKETS);
    let is_url = url.is_empty() || starts.into_iter().any(|start| url.starts_with(start));
    let is_method = Method::NAMED.iter().any(|known| known.name() == method);
    (is_method && is_url && !url.contains(' ')).then_some((method, url))
}

/// Returns whether a URL is that of a channel.
pub(super) fn is_socket(url: &str) -> bool {
    SOCKETS.iter().any(|start| url.starts_with(start))
}

/// Parses the URL of the page, which ends its head.
pub(super) fn parse_reference(line: &str) -> Option<&str> {
    line.strip_prefix("Reference: ")
}
