//! Parses the parts of a multipart form, as a server does.
//!
//! Must not know which form it parses.

use crate::Failure;
use crate::server::Request;

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The `content-disposition`, such as `form-data; name="file"; filename="a.pdf"`.
    pub disposition: String,
    /// The `content-type`.
    pub content_type: Option<String>,
    /// The content.
    pub content: Vec<u8>,
}

/// Parses the form in a request.
///
/// # Errors
///
/// Fails if the request does not contain a well-formed form.
pub fn parse_form(request: &Request) -> Result<Vec<Part>, Failure> {
    let content_type = request.header("content-type").join(",");
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=");
    let boundary = boundary.ok_or_else(|| format!("not a form but {content_type:?}"))?;
    let delimiter = format!("\r\n--{}", boundary.trim_matches('"'));
    // The first boundary has no line before it.
    let body = [b"\r\n", request.body.as_slice()].concat();
    let mut pieces = split(&body, delimiter.as_bytes()).into_iter();
    if pieces.next() != Some(b"") || pieces.next_back() != Some(b"--\r\n") {
        return Err("the form does not start and end with its boundary".into());
    }
    pieces.map(parse_part).collect()
}

fn parse_part(piece: &[u8]) -> Result<Part, Failure> {
    let piece = piece.strip_prefix(b"\r\n").ok_or("a boundary does not end its line")?;
    let end = find(piece, b"\r\n\r\n").ok_or("a part has no end of its headers")?;
    let head = std::str::from_utf8(&piece[..end])?;
    let header = |wanted: &str| {
        let mut lines = head.split("\r\n").filter_map(|line| line.split_once(": "));
        let found = lines.find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        found.map(|(_, value)| value.to_owned())
    };
    Ok(Part {
        disposition: header("content-disposition").ok_or("a part has no content-disposition")?,
        content_type: header("content-type"),
        content: piece[end + 4..].to_vec(),
    })
}

fn find(bytes: &[u8], delimiter: &[u8]) -> Option<usize> {
    bytes.windows(delimiter.len()).position(|window| window == delimiter)
}

fn split<'b>(mut bytes: &'b [u8], delimiter: &[u8]) -> Vec<&'b [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = find(bytes, delimiter) {
        pieces.push(&bytes[..at]);
        bytes = &bytes[at + delimiter.len()..];
    }
    pieces.push(bytes);
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Part, parse_form};
    use crate::server::Request;

    #[test]
    fn form_is_parsed_and_other_bodies_are_rejected() {
        let request = |content_type: &str, body: &str| Request {
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.as_bytes().to_vec(),
            ..Request::default()
        };
        let body = "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n--b\r\n\
            content-type: x/y\r\ncontent-disposition: form-data; name=\"f\"; filename=\"n\"\r\n\r\n\r\n--b--\r\n";
        let part = |disposition: &str, content_type: Option<&str>, content: &str| Part {
            disposition: disposition.to_owned(),
            content_type: content_type.map(str::to_owned),
            content: content.as_bytes().to_vec(),
        };
        assert_eq!(
            parse_form(&request("multipart/form-data; boundary=b", body)).unwrap(),
            [
                part("form-data; name=\"a\"", None, "1\r\n2"),
                part("form-data; name=\"f\"; filename=\"n\"", Some("x/y"), ""),
            ]
        );
        for (content_type, body) in [
            ("application/json", body),
            ("multipart/form-data; boundary=c", body),
            ("multipart/form-data; boundary=b", "--b\r\n\r\n--b--\r\n"),
        ] {
            assert!(parse_form(&request(content_type, body)).is_err(), "{content_type}");
        }
    }
}
