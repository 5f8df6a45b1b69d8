//! A server that misbehaves below HTTP: on each connection it runs a script of raw bytes, pauses and resets.
//!
//! Must not know the API or the client, and must not correct what a script breaks.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::AsyncWriteExt;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::Failure;
use crate::server::{Request, read_request};

/// One step of a script. At the end of a script, the connection is closed gracefully.
#[derive(Clone, Debug)]
pub enum Act {
    /// Writes these bytes.
    Send(Vec<u8>),
    /// Writes these bytes repeatedly, with this pause in between, until the client disconnects.
    Trickle(Vec<u8>, Duration),
    /// Resets the connection (RST).
    Reset,
    /// Keeps the connection open without sending anything, until the client disconnects.
    Silence,
    /// Waits for the next request on the same connection.
    Next,
}

impl Act {
    /// Writes this string.
    pub fn send(text: impl AsRef<[u8]>) -> Self {
        Self::Send(text.as_ref().to_vec())
    }

    /// Writes a complete response: status, additional header lines, body, and the correct `content-length`.
    pub fn response(status: u16, headers: &[&str], body: impl AsRef<[u8]>) -> Self {
        let body = body.as_ref();
        let mut head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n", body.len());
        for header in headers {
            head.push_str(&format!("{header}\r\n"));
        }
        Self::Send([head.as_bytes(), b"\r\n", body].concat())
    }
}

/// When the script of a connection starts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Begin {
    AfterRequest,
    AtOnce,
}

/// What a server keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Recording {
    /// The number of connections, and all requests.
    Everything,
    /// The number of connections.
    Connections,
}

#[derive(Debug, Default)]
struct Record {
    connections: usize,
    requests: Vec<Request>,
}

/// A running server. Dropping it stops it and closes its connections.
pub struct Hostile {
    url: String,
    record: Arc<Mutex<Record>>,
    task: JoinHandle<()>,
}

impl Hostile {
    /// Starts a server that reads a request on each connection and then runs the next script. The last script is repeated.
    ///
    /// # Errors
    ///
    /// Fails if no port is available.
    pub async fn start(scripts: impl IntoIterator<Item = Vec<Act>>) -> Result<Self, Failure> {
        Self::begin(in_order(scripts), Begin::AfterRequest, Recording::Everything).await
    }

    /// Starts a server that runs its script as soon as a client connects, without reading a request.
    ///
    /// # Errors
    ///
    /// Fails if no port is available.
    pub async fn without_reading(script: Vec<Act>) -> Result<Self, Failure> {
        Self::begin(in_order([script]), Begin::AtOnce, Recording::Everything).await
    }

    /// Starts a server that reads a request on each connection and then runs the script that is chosen for it. It counts
    /// connections, but keeps no request, so that its memory does not grow.
    ///
    /// # Errors
    ///
    /// Fails if no port is available.
    pub async fn choosing(choose: impl FnMut() -> Vec<Act> + Send + 'static) -> Result<Self, Failure> {
        Self::begin(choose, Begin::AfterRequest, Recording::Connections).await
    }

    async fn begin(
        mut choose: impl FnMut() -> Vec<Act> + Send + 'static,
        begin: Begin,
        recording: Recording,
    ) -> Result<Self, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let record = Arc::<Mutex<Record>>::default();
        let shared = Arc::clone(&record);
        let task = tokio::spawn(async move {
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                locked(&shared).connections += 1;
                let requests = (recording == Recording::Everything).then(|| Arc::clone(&shared));
                connections.spawn(play(stream, choose(), begin, requests));
                while connections.try_join_next().is_some() {}
            }
        });
        Ok(Self { url, record, task })
    }

    /// Returns the base URL, without a trailing slash.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        locked(&self.record).connections
    }

    /// Returns the requests so far.
    pub fn requests(&self) -> Vec<Request> {
        locked(&self.record).requests.clone()
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Returns the scripts one by one. The last one is repeated.
fn in_order(scripts: impl IntoIterator<Item = Vec<Act>>) -> impl FnMut() -> Vec<Act> + Send + 'static {
    let mut scripts: VecDeque<_> = scripts.into_iter().collect();
    move || {
        let last = scripts.len() == 1;
        if last { scripts.front().cloned() } else { scripts.pop_front() }.unwrap_or_default()
    }
}

fn locked(record: &Mutex<Record>) -> MutexGuard<'_, Record> {
    record.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn play(mut stream: TcpStream, script: Vec<Act>, begin: Begin, record: Option<Arc<Mutex<Record>>>) {
    let mut buffer = Vec::new();
    let opening = (begin == Begin::AfterRequest).then_some(Act::Next);
    for act in opening.into_iter().chain(script) {
        let went_on = match act {
            Act::Send(bytes) => stream.write_all(&bytes).await.is_ok(),
            Act::Trickle(bytes, pause) => {
                while stream.write_all(&bytes).await.is_ok() {
                    tokio::time::sleep(pause).await;
                }
                false
            }
            Act::Reset => {
                // A zero linger time makes closing send RST instead of FIN. If it cannot be set, this is an ordinary close.
                let _ = stream.set_zero_linger();
                false
            }
            Act::Silence => {
                while read_request(&mut stream, &mut buffer).await.is_some() {}
                false
            }
            Act::Next => match read_request(&mut stream, &mut buffer).await {
                Some(request) => {
                    if let Some(record) = &record {
                        locked(record).requests.push(request);
                    }
                    true
                }
                None => false,
            },
        };
        if !went_on {
            return;
        }
    }
    // Closing a socket with unread bytes would reset the connection.
    let _ = stream.shutdown().await;
}

#[cfg(test)]
mod tests {
    use tokio::io::AsyncReadExt;

    use super::*;

    async fn talk(server: &Hostile) -> (String, bool) {
        let mut stream = TcpStream::connect(server.url().trim_start_matches("http://")).await.unwrap();
        let mut response = Vec::new();
        let _ = stream.write_all(b"GET / HTTP/1.1\r\n\r\n").await;
        let end = stream.read_to_end(&mut response).await;
        (String::from_utf8(response).unwrap(), end.is_ok())
    }

    #[tokio::test]
    async fn scripts_run_in_order_and_the_last_one_is_repeated() {
        let server = Hostile::start([
            vec![Act::send("one"), Act::send("two")],
            vec![Act::response(200, &["a: b"], "{}")],
            vec![Act::Reset],
        ]);
        let server = server.await.unwrap();
        assert_eq!(talk(&server).await, ("onetwo".to_owned(), true));
        assert_eq!(talk(&server).await.0, "HTTP/1.1 200 X\r\ncontent-length: 2\r\na: b\r\n\r\n{}");
        assert_eq!(talk(&server).await, (String::new(), false));
        assert_eq!(talk(&server).await, (String::new(), false));
        assert_eq!((server.connections(), server.requests().len()), (4, 4));
    }

    #[tokio::test]
    async fn server_without_reading_records_no_request() {
        let server = Hostile::without_reading(vec![Act::send("hello")]).await.unwrap();
        assert!(talk(&server).await.0.starts_with("hello"));
        assert_eq!((server.connections(), server.requests().len()), (1, 0));
    }
}
