//! A tiny HTTP server on the loopback interface: records requests and sends prepared responses.
//!
//! It must not know the crate under test.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What the server does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends these bytes and closes the connection.
    Raw(Vec<u8>),
    /// Sends these bytes, each after a pause in seconds, and closes the connection. Tests with such a reply run on tokio's
    /// paused time, which jumps over what would be waited for.
    Pieces(Vec<(u64, &'static str)>),
    /// Never sends a response.
    Silence,
}

impl Reply {
    /// A response with a status, headers (`name: value`) and a body.
    pub(crate) fn new(status: u16, headers: &[&str], body: &str) -> Self {
        let mut text = format!("HTTP/1.1 {status} X\r\nconnection: close\r\n");
        text.push_str(&format!("content-length: {}\r\n", body.len()));
        for header in headers {
            text.push_str(&format!("{header}\r\n"));
        }
        Self::Raw(format!("{text}\r\n{body}").into_bytes())
    }

    /// A JSON response.
    pub(crate) fn json(status: u16, body: &str) -> Self {
        Self::new(status, &["content-type: application/json"], body)
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Raw(bytes) => write!(f, "{:?}", String::from_utf8_lossy(bytes)),
            Self::Pieces(pieces) => write!(f, "{pieces:?}"),
            Self::Silence => f.write_str("silence"),
        }
    }
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    /// Method and target, for example `GET /things?a=1`.
    pub(crate) line: String,
    /// Headers in lower case.
    pub(crate) headers: Vec<(String, String)>,
    /// The body, without chunk framing.
    pub(crate) body: String,
}

impl Seen {
    /// All values of a header.
    pub(crate) fn all(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(n, _)| n == name);
        named.map(|(_, value)| value.as_str()).collect()
    }
}

/// A running server; it ends with the runtime of the test.
pub(crate) struct Server {
    url: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts a server; the last reply is repeated.
    pub(crate) async fn start(replies: Vec<Reply>) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let seen = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&seen);
        tokio::spawn(async move {
            let mut silent = Vec::new();
            let mut at = 0;
            while let Ok((mut stream, _)) = listener.accept().await {
                let Some(request) = read(&mut stream).await else {
                    continue;
                };
                record.lock().unwrap_or_else(PoisonError::into_inner).push(request);
                match &replies[at.min(replies.len() - 1)] {
                    Reply::Raw(bytes) => {
                        let _ = stream.write_all(bytes).await;
                        let _ = stream.shutdown().await;
                    }
                    Reply::Pieces(pieces) => {
                        for (pause, piece) in pieces {
                            tokio::time::sleep(Duration::from_secs(*pause)).await;
                            let _ = stream.write_all(piece.as_bytes()).await;
                        }
                        let _ = stream.shutdown().await;
                    }
                    Reply::Silence => silent.push(stream),
                }
                at += 1;
            }
        });
        Ok(Self { url, seen })
    }

    /// The URL of the server, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The requests so far.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.clone()
    }
}

async fn read(stream: &mut TcpStream) -> Option<Seen> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|w| w == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut lines = head.split("\r\n");
    let line = lines.next()?.trim_end_matches(" HTTP/1.1").to_owned();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let value = |name: &str| headers.iter().find(|(n, _)| n == name).map(|(_, v)| v);
    let length: usize = value("content-length").map_or(Some(0), |v| v.parse().ok())?;
    let chunked = value("transfer-encoding").is_some();
    let mut body = bytes[end + 4..].to_vec();
    while body.len() < length || (chunked && !body.ends_with(b"0\r\n\r\n")) {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            break;
        }
    }
    if chunked {
        body = joined(&body)?;
    }
    let body = String::from_utf8_lossy(&body).into_owned();
    Some(Seen { line, headers, body })
}

/// The content of a chunked body.
fn joined(mut framed: &[u8]) -> Option<Vec<u8>> {
    let mut content = Vec::new();
    loop {
        let line = framed.windows(2).position(|w| w == b"\r\n")?;
        let size = std::str::from_utf8(framed.get(..line)?).ok()?;
        let size = usize::from_str_radix(size, 16).ok()?;
        if size == 0 {
            return Some(content);
        }
        let rest = framed.get(line + 2..)?;
        content.extend_from_slice(rest.get(..size)?);
        framed = rest.get(size + 2..)?;
    }
}
