//! The parts of a multipart form as a server sees them.
//!
//! It must not know which form it reads.

use crate::Failure;
use crate::server::Request;

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its `content-disposition`, for example `form-data; name="file"; filename="a.pdf"`.
    pub disposition: String,
    /// Its `content-type`.
    pub content_type: Option<String>,
    /// What it holds.
    pub content: Vec<u8>,
}

/// Takes a form apart.
///
/// # Errors
///
/// The request holds no well-formed form.
pub fn parts(request: &Request) -> Result<Vec<Part>, Failure> {
    let content_type = request.header("content-type").join(",");
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=");
    let boundary = boundary.ok_or_else(|| format!("no form but {content_type:?}"))?;
    let mark = format!("\r\n--{}", boundary.trim_matches('"'));
    // The first boundary has no line before it.
    let body = [b"\r\n", request.body.as_slice()].concat();
    let mut pieces = split(&body, mark.as_bytes()).into_iter();
    if pieces.next() != Some(b"") || pieces.next_back() != Some(b"--\r\n") {
        return Err("the form does not start and end with its boundary".into());
    }
    pieces.map(part).collect()
}

fn part(piece: &[u8]) -> Result<Part, Failure> {
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

fn find(bytes: &[u8], mark: &[u8]) -> Option<usize> {
    bytes.windows(mark.len()).position(|window| window == mark)
}

fn split<'b>(mut bytes: &'b [u8], mark: &[u8]) -> Vec<&'b [u8]> {
    let mut pieces = Vec::new();
    while let Some(at) = find(bytes, mark) {
        pieces.push(&bytes[..at]);
        bytes = &bytes[at + mark.len()..];
    }
    pieces.push(bytes);
    pieces
}

#[cfg(test)]
mod tests {
    use super::{Part, parts};
    use crate::server::Request;

    #[test]
    fn takes_a_form_apart_or_says_that_it_is_none() {
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
            parts(&request("multipart/form-data; boundary=b", body)).unwrap(),
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
            assert!(parts(&request(content_type, body)).is_err(), "{content_type}");
        }
    }
}
