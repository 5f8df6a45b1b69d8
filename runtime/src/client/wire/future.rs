//! The futures of a call. They are the same for all operations, so an operation adds one function that builds its request.
//!
//! It must not know how a request is sent.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

use crate::client::call::CallFuture;
use crate::client::error::Error;
use crate::client::response::RawResponse;

/// A request builder.
pub trait SendCall: Send {
    /// Builds the request and starts the call. This happens once.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be built.
    fn start(&mut self) -> Result<CallFuture<RawResponse>, Error>;
}

/// A request builder whose request takes it apart, because a form cannot be copied.
pub trait SendOnce: Send {
    /// Builds the request and starts the call.
    ///
    /// # Errors
    ///
    /// Returns an error if the request cannot be built.
    fn start(self) -> Result<CallFuture<RawResponse>, Error>;
}

/// A request builder until its call starts.
#[derive(Debug)]
pub struct Once<T>(Option<T>);

impl<T> Once<T> {
    /// Keeps a request builder.
    pub fn new(call: T) -> Self {
        Self(Some(call))
    }
}

impl<T: SendOnce> SendCall for Once<T> {
    fn start(&mut self) -> Result<CallFuture<RawResponse>, Error> {
        match self.0.take() {
            Some(call) => call.start(),
            None => Ok(Box::pin(std::future::pending())),
        }
    }
}

/// The future of a response. The call starts when it is polled for the first time, as do its time limits.
pub struct RawFuture(State);

enum State {
    Built(Box<dyn SendCall>),
    Started(CallFuture<RawResponse>),
    Finished,
}

impl RawFuture {
    /// Returns the future of a call.
    pub fn new(call: impl SendCall + 'static) -> Self {
        Self(State::Built(Box::new(call)))
    }
}

impl fmt::Debug for RawFuture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.0 {
            State::Built(_) => "RawFuture(built)",
            State::Started(_) => "RawFuture(started)",
            State::Finished => "RawFuture(finished)",
        })
    }
}

impl Future for RawFuture {
    type Output = Result<RawResponse, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let mut response = match std::mem::replace(&mut self.0, State::Finished) {
            State::Built(mut call) => call.start()?,
            State::Started(response) => response,
            State::Finished => return Poll::Pending,
        };
        let result = response.as_mut().poll(context);
        if result.is_pending() {
            self.0 = State::Started(response);
        }
        result
    }
}

/// The future of a response, and the function that decodes it.
#[derive(Debug)]
pub struct DecodeFuture<T> {
    response: RawFuture,
    decode: fn(RawResponse) -> Result<T, Error>,
}

impl<T> DecodeFuture<T> {
    /// Returns a future that sends a call and decodes the response.
    pub fn new(call: impl SendCall + 'static, decode: fn(RawResponse) -> Result<T, Error>) -> Self {
        Self { response: RawFuture::new(call), decode }
    }
}

impl<T> Future for DecodeFuture<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        match Pin::new(&mut self.response).poll(context) {
            Poll::Ready(Ok(response)) => Poll::Ready((self.decode)(response)),
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => Poll::Pending,
        }
    }
}
