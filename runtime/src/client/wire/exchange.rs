//! A single attempt: sends a request and reads its response.
//!
//! This module must not know whether there is another attempt.

use std::time::{Duration, Instant};

use http::{HeaderValue, header};
use reqwest::{Method, Request, Response};

use super::Context;
use super::body::{End, collect};
use super::deadline::Limit;
use super::error_context::ErrorContext;
use crate::client::confidential::Confidential;
use crate::client::config::limit_connecting;
use crate::client::error::{Error, ErrorKind, Received};
use crate::client::response::RawResponse;
use crate::client::stream::OpenResponse;
use crate::client::telemetry::AttemptSpan;
use crate::json::ReadLimits;

/// Maximum number of bytes of an error body that are read; the rest is dropped.
const MAX_ERROR_BYTES: u64 = 1024 * 1024;
/// How many times as much memory as `max_response_bytes` a decoded response may take.
const TIMES: usize = 8;

/// An attempt in progress.
pub(super) struct Exchange<'a> {
    context: &'a Context,
    error_context: ErrorContext<'a>,
    pub(super) span: AttemptSpan,
    pub(super) confidential: Confidential,
    number: u32,
    /// When the time limit passes, which also applies to decoding.
    ends: Option<Instant>,
}

/// A response that can be read: with its whole body, or as a stream.
pub(super) trait ReadResponse: Sized + Send + 'static {
    /// Returns the time limit that is passed to the HTTP client for an attempt.
    fn http_limit(limit: Duration) -> Duration;

    /// Waits for the response. Rarely used paths are boxed, because their futures would be moved with every call.
    fn read(
        exchange: &Exchange<'_>,
        response: impl Future<Output = Result<Response, SendError>> + Send,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

/// Reads the whole body.
impl ReadResponse for RawResponse {
    fn http_limit(limit: Duration) -> Duration {
        limit
    }

    async fn read(
        exchange: &Exchange<'_>,
        response: impl Future<Output = Result<Response, SendError>> + Send,
    ) -> Result<Self, Error> {
        match exchange.context.core.is_layered() {
            // The limit of the request applies to the HTTP client only, and a layer may wait for something else.
            true => Box::pin(exchange.within_limit(exchange.whole(response))).await?,
            false => exchange.whole(response).await,
        }
    }
}

/// Returns as soon as the headers have arrived.
impl ReadResponse for OpenResponse {
    /// The limit applies to the start of the response. One that the user's HTTP client sets would end the stream.
    fn http_limit(_: Duration) -> Duration {
        Duration::MAX
    }

    async fn read(
        exchange: &Exchange<'_>,
        response: impl Future<Output = Result<Response, SendError>> + Send,
    ) -> Result<Self, Error> {
        let response = Box::pin(exchange.within_limit(exchange.begin(response))).await??;
        let idle = exchange.context.attempt_limit();
        let operation = exchange.context.operation;
        let confidential = exchange.confidential.clone();
        let profile = exchange.context.core.profile();
        Ok(Self { operation, profile, response, idle, attempts: exchange.number, confidential })
    }
}

impl<'a> Exchange<'a> {
    /// Starts an attempt with a complete request.
    ///
    /// # Errors
    ///
    /// Returns an error if no time is left.
    pub(super) fn new(context: &'a Context, limit: Limit, request: &Request, number: u32) -> Result<Self, Error> {
        let Context { core, operation, .. } = context;
        let error_context = ErrorContext { core, operation, limit };
        if limit.time.is_zero() {
            return Err(error_context.timeout());
        }
        let span = AttemptSpan::new(core, operation, request, number);
        let confidential = Confidential::of_request(core, request);
        // Not the clock of the client, which may be one of a test: decoding takes real time, as sending does.
        let ends = Instant::now().checked_add(limit.time);
        Ok(Self { context, error_context, span, confidential, number, ends })
    }

    /// Sends the request, through the layers of the client if it has any.
    pub(super) fn send<T: ReadResponse>(
        &self,
        mut request: Box<Request>,
    ) -> impl Future<Output = Result<Response, SendError>> + Send + use<T> {
        let limit = Some(T::http_limit(self.error_context.limit.time));
        let core = self.error_context.core;
        // The HTTP client already has the default limit, and setting it again costs time. Layers see the whole request.
        if limit != core.http_timeout() || core.is_layered() {
            *request.timeout_mut() = limit;
        }
        state_absence_of_body(&mut request);
        let sending = self.span.enter(|| self.dispatch(*request));
        let limit = self.error_context.limit.time;
        // A longer limit cannot pass while a connection is established.
        let limited = core.connect_timeout().filter(|connecting| limit <= *connecting).map(|_| limit);
        async move {
            match limited {
                Some(limit) => Box::pin(limit_connecting(limit, sending)).await,
                None => sending.await,
            }
        }
    }

    #[cfg(feature = "tower")]
    fn dispatch(&self, request: Request) -> impl Future<Output = Result<Response, SendError>> + Send + use<> {
        let core = self.error_context.core;
        let way = match core.layered() {
            None => Way::Plain(core.http().execute(request)),
            Some(service) => {
                let request = crate::tower::RequestFactory::new(request, self.error_context.operation, self.number);
                Way::Layered(Box::pin(service.run(request)))
            }
        };
        async move {
            match way {
                Way::Plain(response) => Ok(response.await?),
                Way::Layered(response) => response.await,
            }
        }
    }

    #[cfg(not(feature = "tower"))]
    fn dispatch(&self, request: Request) -> impl Future<Output = Result<Response, SendError>> + Send + use<> {
        self.error_context.core.http().execute(request)
    }

    /// Runs a future within the time limit of the attempt.
    async fn within_limit<T>(&self, work: impl Future<Output = T> + Send) -> Result<T, Error> {
        tokio::time::timeout(self.error_context.limit.time, work).await.map_err(|_| self.error_context.timeout())
    }

    /// Waits for the head of a successful response; an error response is read and becomes an error.
    async fn begin(&self, response: impl Future<Output = Result<Response, SendError>>) -> Result<Response, Error> {
        let error_context = &self.error_context;
        let mut response = response.await.map_err(|source| error_context.unanswered(source))?;
        self.span.record_response(error_context.core, &self.confidential, response.status(), response.headers());
        if response.status().is_success() {
            return Ok(response);
        }
        // The status matters more than the rest of the body, so an incomplete body is used as far as it arrived.
        let most = error_context.core.max_response_bytes().min(MAX_ERROR_BYTES);
        let body = collect(&mut response, most).await.body;
        let received = self.received(&mut response, body);
        Err(Error::from_error_response(error_context.operation, received))
    }

    async fn whole(&self, response: impl Future<Output = Result<Response, SendError>>) -> Result<RawResponse, Error> {
        let error_context = &self.error_context;
        let mut response = self.begin(response).await?;
        let most = error_context.core.max_response_bytes();
        let too_large = |response: &mut Response, body| {
            let message = format!("the response is larger than {most} bytes");
            let received = self.received(response, body);
            Err(Error::unusable_response(ErrorKind::ResponseTooLarge, error_context.operation, message, received))
        };
        if response.content_length().is_some_and(|announced| announced > most) {
            return too_large(&mut response, bytes::Bytes::new());
        }
        let collected = collect(&mut response, most).await;
        match collected.end {
            End::Complete => {
                let received = self.received(&mut response, collected.body);
                let most = usize::try_from(most).unwrap_or(usize::MAX);
                let limits = ReadLimits::of_text(most, TIMES).until(self.ends);
                let response = RawResponse::new(error_context.operation, received, self.number, limits);
                error_context.core.report(&response);
                Ok(response)
            }
            End::Broken(source) => {
                let received = self.received(&mut response, collected.body);
                Err(error_context.interrupted(source).with_incomplete_response(error_context.operation, received))
            }
            End::TooLarge => too_large(&mut response, collected.body),
        }
    }

    fn received(&self, response: &mut Response, body: bytes::Bytes) -> Received {
        let headers = std::mem::take(response.headers_mut());
        let (profile, confidential) = (self.error_context.core.profile(), self.confidential.clone());
        Received { status: response.status(), headers, body, profile, confidential }
    }
}

/// States the length of a body that is empty or missing where the method usually has one: some servers demand it.
fn state_absence_of_body(request: &mut Request) {
    let is_empty = request.body().is_none_or(|body| body.as_bytes().is_some_and(<[u8]>::is_empty));
    if is_empty && [Method::POST, Method::PUT, Method::PATCH].contains(request.method()) {
        request.headers_mut().entry(header::CONTENT_LENGTH).or_insert(HeaderValue::from_static("0"));
    }
}

/// The reason why there is no response.
#[cfg(feature = "tower")]
pub(super) type SendError = crate::tower::BoxError;
#[cfg(not(feature = "tower"))]
pub(super) type SendError = reqwest::Error;

/// How a request reaches the HTTP client.
#[cfg(feature = "tower")]
enum Way<P, L> {
    Plain(P),
    Layered(L),
}
