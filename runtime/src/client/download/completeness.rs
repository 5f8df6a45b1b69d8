//! Checks whether a response with status 200 is the whole file, as it is stored.
//!
//! This module must not know how the file is fetched, nor what it is used for.

use http::{HeaderMap, header};

use crate::client::error::compressed;

/// Which content codings of a file are acceptable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coding {
    /// None: the file itself.
    Identity,
    /// Any: the file is kept as it is received.
    Any,
}

/// Checks the headers of a successful response.
///
/// # Errors
///
/// Returns the reason if the body is only a part of the file, or the file in an encoded form.
pub(super) fn check(headers: &HeaderMap, coding: Coding) -> Result<(), String> {
    if let (Some(problem), Coding::Identity) = (compressed(headers), coding) {
        return Err(format!("it {problem}; `keep_encoding` keeps it as it is"));
    }
    if headers.contains_key(header::CONTENT_RANGE) {
        return Err("it is a part of the file, which was not asked for".to_owned());
    }
    let media_type = values(headers, header::CONTENT_TYPE).next().unwrap_or_default();
    if media_type.trim_start().to_ascii_lowercase().starts_with("multipart/byteranges") {
        return Err("it consists of parts of the file, which were not asked for".to_owned());
    }
    let mut codings = values(headers, header::TRANSFER_ENCODING).flat_map(|value| value.split(','));
    match codings.find(|coding| !matches!(coding.trim().to_ascii_lowercase().as_str(), "" | "chunked" | "identity")) {
        Some(coding) => Err(format!("it is compressed on the way ({}), which was not asked for", coding.trim())),
        None => Ok(()),
    }
}

fn values(headers: &HeaderMap, name: header::HeaderName) -> impl Iterator<Item = &str> {
    headers.get_all(name).into_iter().filter_map(|value| value.to_str().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_other_forms_of_a_file_are_no_whole_file() {
        for (name, value, whole) in [
            ("content-type", "application/pdf", true),
            ("content-encoding", "identity", true),
            ("transfer-encoding", "chunked", true),
            ("content-encoding", "gzip", false),
            ("content-encoding", "identity, gzip", false),
            ("content-range", "bytes 0-4/9", false),
            ("content-type", "Multipart/ByteRanges; boundary=x", false),
            ("transfer-encoding", "gzip, chunked", false),
        ] {
            let headers = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
            assert_eq!(check(&headers, Coding::Identity).is_ok(), whole, "{name}: {value}");
            let kept = whole || name == "content-encoding";
            assert_eq!(check(&headers, Coding::Any).is_ok(), kept, "{name}: {value}");
        }
    }
}
