//! The lines in which a page says which endpoint it is about. Knows single lines, not where in a page they stand.

use crate::method::Method;

/// Schemes of channels.
const SOCKETS: [&str; 2] = ["wss://", "ws://"];

/// The method and URL of a line that holds nothing else. The URL may be empty.
pub(super) fn request_line(line: &str) -> Option<(&str, &str)> {
    let (method, url) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
    let starts = ["https://", "http://", "/"].iter().chain(&SOCKETS);
    let is_url = url.is_empty() || starts.into_iter().any(|start| url.starts_with(start));
    let is_method = Method::ALL.iter().any(|known| known.name() == method);
    (is_method && is_url && !url.contains(' ')).then_some((method, url))
}

/// Whether a URL is that of a channel.
pub(super) fn is_socket(url: &str) -> bool {
    SOCKETS.iter().any(|start| url.starts_with(start))
}

/// The address of the page, which ends its head.
pub(super) fn reference(line: &str) -> Option<&str> {
    line.strip_prefix("Reference: ")
}
