//! The mock server: HTTP/1.1 on the loopback interface.
//!
//! It must not know which request has which response.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http::{HeaderValue, Request, Response, header};
use hyper::body::{Body, Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use super::clock::InstantClock;
use super::fail;
use super::fixture::expect_ok;
use super::recorded_request::RecordedRequest;
use super::registry::MockRegistry;
use super::reply::{Delivery, Reply};
use crate::client::profile::Profile;
use crate::operation::Operation;

/// A mock server of an API. Dropping it stops it and closes its connections.
///
/// Dropping it also calls [`MockServer::verify`], unless the test has called that method or [`MockServer::problems`],
/// or is already panicking.
#[derive(Debug)]
pub struct MockServer {
    url: String,
    mocks: Mocks,
    task: JoinHandle<()>,
}

/// Handle from which the mocks of a server are built.
#[doc(hidden)]
#[derive(Clone, Debug)]
pub struct Mocks(pub(super) Arc<MockRegistry>);

impl MockServer {
    /// Starts a server on a free port of this machine, as a task of the current Tokio runtime.
    ///
    /// # Panics
    ///
    /// Panics when called outside of a Tokio runtime, or if no port is free.
    pub async fn start(profile: &'static Profile, operations: &'static [&'static Operation]) -> Self {
        let listener = expect_ok("the server cannot listen", TcpListener::bind("127.0.0.1:0").await);
        let address = expect_ok("the server has no address", listener.local_addr());
        let registry = Arc::new(MockRegistry::new(profile, operations));
        let task = tokio::spawn(accept(listener, Arc::clone(&registry)));
        Self { url: format!("http://{address}"), mocks: Mocks(registry), task }
    }

    /// Returns the base URL, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the clock that the clients of this server use.
    #[must_use]
    pub fn clock(&self) -> InstantClock {
        self.mocks.0.clock.clone()
    }

    /// Returns every request received, in order of arrival.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.mocks.0.requests()
    }

    /// Removes all mocks and recorded requests.
    pub fn reset(&self) {
        self.mocks.0.reset();
    }

    /// Verifies that each mock matched the expected number of requests and that every request had a response.
    ///
    /// # Panics
    ///
    /// Panics if an expectation was not met; the message lists all of them.
    #[track_caller]
    pub fn verify(&self) {
        assert_no_problems(&self.problems());
    }

    /// Returns the problems that [`MockServer::verify`] would report, one per line.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        self.mocks.0.problems()
    }
}

impl AsRef<Mocks> for MockServer {
    fn as_ref(&self) -> &Mocks {
        &self.mocks
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        self.task.abort();
        if !std::thread::panicking() {
            assert_no_problems(&self.mocks.0.problems_left());
        }
    }
}

#[track_caller]
fn assert_no_problems(problems: &[String]) {
    if !problems.is_empty() {
        fail(format_args!("the mock server was not used as expected:\n- {}", problems.join("\n- ")));
    }
}

async fn accept(listener: TcpListener, registry: Arc<MockRegistry>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        connections.spawn(serve(stream, Arc::clone(&registry)));
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, registry: Arc<MockRegistry>) {
    let service = service_fn(move |request| respond(request, Arc::clone(&registry)));
    // Clients may close a connection at any time, and so do some replies, so errors are expected here.
    let _ = http1::Builder::new().auto_date_header(false).serve_connection(TokioIo::new(stream), service).await;
}

async fn respond(request: Request<Incoming>, registry: Arc<MockRegistry>) -> Result<Response<Pieces>, io::Error> {
    let (head, body) = request.into_parts();
    let body = collect(body).await.map_err(io::Error::other)?;
    let request = RecordedRequest::new(registry.operations, head, body);
    let reply = registry.respond(request);
    registry.clock.advance(reply.after);
    match reply.delivery {
        Delivery::Complete => Ok(build_response(reply, usize::MAX)),
        Delivery::Truncated(bytes) => Ok(build_response(reply, bytes)),
        Delivery::Disconnected => Err(connection_reset()),
        Delivery::Silent => {
            let never: Infallible = std::future::pending().await;
            match never {}
        }
    }
}

fn connection_reset() -> io::Error {
    io::Error::from(io::ErrorKind::ConnectionReset)
}

async fn collect(mut body: Incoming) -> Result<Bytes, hyper::Error> {
    let mut collected = BytesMut::new();
    while let Some(frame) = std::future::poll_fn(|context| Pin::new(&mut body).poll_frame(context)).await {
        if let Ok(data) = frame?.into_data() {
            collected.extend_from_slice(&data);
        }
    }
    Ok(collected.freeze())
}

fn build_response(reply: Reply, most: usize) -> Response<Pieces> {
    let whole: usize = reply.pieces.iter().map(Bytes::len).sum();
    let mut response = Response::new(Pieces::new(reply.pieces, most));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    if whole > 0 {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(whole));
    }
    response
}

/// A body that is sent in pieces.
struct Pieces {
    left: VecDeque<Bytes>,
    end: End,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// Everything has been sent.
    Complete,
    /// The connection is closed once the data already sent has been flushed.
    Flush,
    Break,
}

impl Pieces {
    fn new(pieces: Vec<Bytes>, most: usize) -> Self {
        let mut room = most;
        let mut left = VecDeque::new();
        let mut end = End::Complete;
        for piece in pieces {
            let taken = piece.len().min(room);
            room -= taken;
            if taken < piece.len() {
                end = End::Flush;
            }
            if taken > 0 {
                left.push_back(piece.slice(..taken));
            }
        }
        Self { left, end }
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        if let Some(piece) = self.left.pop_front() {
            return Poll::Ready(Some(Ok(Frame::data(piece))));
        }
        match self.end {
            End::Complete => Poll::Ready(None),
            End::Flush => {
                self.end = End::Break;
                context.waker().wake_by_ref();
                Poll::Pending
            }
            End::Break => Poll::Ready(Some(Err(connection_reset()))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.left.is_empty() && self.end == End::Complete
    }
}
