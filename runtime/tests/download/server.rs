//! A server on the loopback interface that sends given bytes and then closes or holds the connection.
//!
//! It must not know HTTP beyond where the head of a request ends.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What becomes of a connection after its response.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It is closed.
    Close,
    /// It stays open, and nothing more is sent.
    Hold,
}

/// A running server.
pub(crate) struct Server {
    url: String,
    heads: Arc<Mutex<Vec<String>>>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts a server with an response for each connection; the last one is repeated.
    pub(crate) async fn start(responses: &[&str], ending: Ending) -> std::io::Result<Self> {
        let responses: Vec<String> = responses.iter().map(|response| (*response).to_owned()).collect();
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let heads = Arc::new(Mutex::new(Vec::new()));
        let record = Arc::clone(&heads);
        let task = tokio::spawn(async move {
            let mut held = Vec::new();
            let mut responses =
                responses.iter().cycle().take(responses.len()).chain(responses.last().into_iter().cycle());
            while let Ok((mut stream, _)) = listener.accept().await {
                let (Some(head), Some(response)) = (head(&mut stream).await, responses.next()) else { continue };
                record.lock().unwrap_or_else(PoisonError::into_inner).push(head);
                let _ = stream.write_all(response.as_bytes()).await;
                match ending {
                    Ending::Close => drop(stream.shutdown().await),
                    Ending::Hold => held.push(stream),
                }
            }
        });
        Ok(Self { url, heads, task })
    }

    /// The URL of the server, without a slash at the end.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The heads of the requests so far.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Ends the server, so that nobody listens on its port.
    pub(crate) async fn stop(self) {
        self.task.abort();
        let _ = self.task.await;
    }
}

async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
    Some(String::from_utf8_lossy(&bytes).into_owned())
}
