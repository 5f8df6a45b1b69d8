//! A small HTTP/1.1 server on the loopback interface, which records every request and sends responses from a closure.
//!
//! Must not know the API or the client: it records what was sent on the wire.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::Failure;

/// A request as received.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// The method, such as `GET`.
    pub method: String,
    /// Path and query as sent, with percent encoding.
    pub target: String,
    /// The headers in order, with names in lower case; repeated headers are repeated.
    pub headers: Vec<(String, String)>,
    /// The body, without chunked encoding.
    pub body: Vec<u8>,
}

impl Request {
    /// Returns all values of a header, whose name must be in lower case.
    pub fn header(&self, name: &str) -> Vec<&str> {
        let named = self.headers.iter().filter(|(given, _)| given == name);
        named.map(|(_, value)| value.as_str()).collect()
    }

    /// Parses the body as JSON.
    ///
    /// # Errors
    ///
    /// Fails if the body is not JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }
}

/// A response of the server.
#[derive(Clone, Debug)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// The headers except `content-length`.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How much of it arrives.
    pub delivery: Delivery,
}

/// How much of a response arrives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Delivery {
    /// All of it.
    #[default]
    Complete,
    /// This many bytes, counted from the status line; then the connection is closed.
    CutAfter(usize),
    /// Nothing, until the client closes the connection.
    Withheld,
}

impl Reply {
    /// Creates a response without headers and body.
    pub fn empty(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), delivery: Delivery::Complete }
    }

    /// Creates a JSON response.
    pub fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    /// Creates a response with another content type.
    pub fn text(status: u16, content_type: &str, body: &str) -> Self {
        Self {
            status,
            headers: vec![("content-type".to_owned(), content_type.to_owned())],
            body: body.as_bytes().to_vec(),
            delivery: Delivery::Complete,
        }
    }

    /// Sets how much of the response arrives.
    #[must_use]
    pub fn delivered(self, delivery: Delivery) -> Self {
        Self { delivery, ..self }
    }

    fn bytes(&self) -> Vec<u8> {
        let mut text = format!("HTTP/1.1 {} -\r\n", self.status);
        for (name, value) in &self.headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        text.push_str(&format!("content-length: {}\r\n\r\n", self.body.len()));
        [text.as_bytes(), &self.body].concat()
    }
}

type Respond = dyn Fn(&Request) -> Reply + Send + Sync;

/// A running server. Dropping it stops it and closes its connections.
pub struct Server {
    url: String,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server that sends the responses of a closure.
    ///
    /// # Errors
    ///
    /// Fails if no port is available.
    pub async fn start(respond: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (record, accepted) = (Arc::clone(&requests), Arc::clone(&connections));
        let respond: Arc<Respond> = Arc::new(respond);
        let task = tokio::spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::Relaxed);
                open.spawn(serve(stream, Arc::clone(&record), Arc::clone(&respond)));
                while open.try_join_next().is_some() {}
            }
        });
        Ok(Self { url, requests, connections, task })
    }

    /// Returns the base URL, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the number of connections accepted since the start.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }

    /// Takes the requests received since the last call.
    pub fn take(&self) -> Vec<Request> {
        let mut requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *requests)
    }

    /// Takes the only request received since the last call.
    ///
    /// # Errors
    ///
    /// Fails if no request or several requests were received.
    pub fn take_one(&self) -> Result<Request, Failure> {
        let mut requests = self.take();
        match (requests.pop(), requests.len()) {
            (Some(request), 0) => Ok(request),
            (None, _) => Err("no request arrived".into()),
            (Some(_), more) => Err(format!("{} requests arrived", more + 1).into()),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Serves the requests of one connection until the client closes it.
async fn serve(mut stream: TcpStream, record: Arc<Mutex<Vec<Request>>>, respond: Arc<Respond>) {
    let mut buffer = Vec::new();
    while let Some(request) = read_request(&mut stream, &mut buffer).await {
        let reply = respond(&request);
        record.lock().unwrap_or_else(PoisonError::into_inner).push(request);
        let mut bytes = reply.bytes();
        match reply.delivery {
            Delivery::Complete => {}
            Delivery::CutAfter(length) => bytes.truncate(length),
            Delivery::Withheld => while stream.read_buf(&mut buffer).await.is_ok_and(|length| length > 0) {},
        }
        if reply.delivery == Delivery::Withheld || stream.write_all(&bytes).await.is_err() {
            return;
        }
        if reply.delivery != Delivery::Complete {
            return;
        }
    }
}

/// Reads one request. Anything after it stays in the buffer.
pub(crate) async fn read_request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Request> {
    let head = read_until(stream, buffer, b"\r\n\r\n").await?;
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut lines = head.split("\r\n");
    let mut words = lines.next()?.split(' ');
    let mut request =
        Request { method: words.next()?.to_owned(), target: words.next()?.to_owned(), ..Request::default() };
    for (name, value) in lines.filter_map(|line| line.split_once(':')) {
        let header = (name.to_ascii_lowercase(), value.trim().to_owned());
        request.headers.push(header);
    }
    request.body = match request.header("content-length").first() {
        Some(length) => read_exactly(stream, buffer, length.parse().ok()?).await?,
        None if request.header("transfer-encoding").is_empty() => Vec::new(),
        None => read_chunks(stream, buffer).await?,
    };
    Some(request)
}

async fn read_chunks(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = read_until(stream, buffer, b"\r\n").await?;
        let size = usize::from_str_radix(std::str::from_utf8(&size).ok()?.trim(), 16).ok()?;
        body.extend(read_exactly(stream, buffer, size).await?);
        read_exactly(stream, buffer, 2).await?;
        if size == 0 {
            return Some(body);
        }
    }
}

/// Takes everything up to a delimiter, and drops the delimiter.
async fn read_until(stream: &mut TcpStream, buffer: &mut Vec<u8>, delimiter: &[u8]) -> Option<Vec<u8>> {
    loop {
        if let Some(end) = buffer.windows(delimiter.len()).position(|window| window == delimiter) {
            let taken = buffer.drain(..end).collect();
            buffer.drain(..delimiter.len());
            return Some(taken);
        }
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
}

async fn read_exactly(stream: &mut TcpStream, buffer: &mut Vec<u8>, length: usize) -> Option<Vec<u8>> {
    while buffer.len() < length {
        if stream.read_buf(buffer).await.ok()? == 0 {
            return None;
        }
    }
    Some(buffer.drain(..length).collect())
}

#[cfg(test)]
mod tests {
    use super::{Reply, Server};
    use serde_json::json;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    #[tokio::test]
    async fn requests_are_recorded_with_and_without_chunked_encoding() {
        let server = Server::start(|request| Reply::json(200, &json!(request.target)));
        let server = server.await.unwrap();
        let address = server.url().trim_start_matches("http://");
        let mut stream = TcpStream::connect(address).await.unwrap();
        let sent = "POST /a%20b?x=1 HTTP/1.1\r\nX-One: 1\r\nx-one: 2\r\ncontent-length: 3\r\n\r\nabc\
            PUT /c HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{\"\r\n3\r\na\":\r\n2\r\n1}\r\n0\r\n\r\n\
            GET /last HTTP/1.1\r\n\r\n";
        stream.write_all(sent.as_bytes()).await.unwrap();
        let mut responses = Vec::new();
        while !responses.ends_with(b"\"/last\"") {
            assert_ne!(stream.read_buf(&mut responses).await.unwrap(), 0);
        }
        let requests = server.take();
        let targets: Vec<_> = requests.iter().map(|r| r.target.as_str()).collect();
        assert_eq!(targets, ["/a%20b?x=1", "/c", "/last"]);
        assert_eq!(requests[0].header("x-one"), ["1", "2"]);
        assert_eq!(requests[0].body, b"abc");
        assert_eq!(requests[1].json().unwrap(), json!({"a": 1}));
        assert!(server.take_one().is_err());
        drop(server);
        assert_eq!(stream.read_buf(&mut responses).await.unwrap(), 0);
    }
}
