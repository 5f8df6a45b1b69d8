//! One attempt: a request is sent and its answer read.
//!
//! It must not know whether there is another attempt.

use std::time::Duration;

use reqwest::{Request, Response};

use super::Context;
use super::body::{End, collect};
use super::confidential::Confidential;
use super::failure::Failing;
use super::limit::Limit;
use crate::error::{Error, ErrorKind, Received};
use crate::observe::AttemptSpan;
use crate::response::RawResponse;
use crate::stream::OpenResponse;

/// Largest body of an unsuccessful answer that is read, in bytes. The rest is dropped.
const MAX_ERROR_BYTES: u64 = 1024 * 1024;

/// An attempt on its way.
pub(super) struct Exchange<'a> {
    context: &'a Context,
    failing: Failing<'a>,
    pub(super) span: AttemptSpan,
    confidential: Confidential,
    number: u32,
}

/// How an answer is taken.
pub(super) trait Reading: Sized + Send + 'static {
    /// What the HTTP client is told of the time limit of an attempt.
    fn http_limit(limit: Duration) -> Duration;

    /// Waits for the answer. The ways that few calls take are boxed: what is not needed would be moved about with every call.
    fn read(
        exchange: &Exchange<'_>,
        answer: impl Future<Output = Result<Response, Unanswered>> + Send,
    ) -> impl Future<Output = Result<Self, Error>> + Send;
}

/// With its whole body.
impl Reading for RawResponse {
    fn http_limit(limit: Duration) -> Duration {
        limit
    }

    async fn read(
        exchange: &Exchange<'_>,
        answer: impl Future<Output = Result<Response, Unanswered>> + Send,
    ) -> Result<Self, Error> {
        match exchange.context.core.is_layered() {
            // The limit in the request is that of the HTTP client, and a layer may wait for something else.
            true => Box::pin(exchange.within_limit(exchange.whole(answer))).await?,
            false => exchange.whole(answer).await,
        }
    }
}

/// As soon as its headers are there.
impl Reading for OpenResponse {
    /// The limit is for the beginning. One that an HTTP client of the user's own sets would end the stream.
    fn http_limit(_: Duration) -> Duration {
        Duration::MAX
    }

    async fn read(
        exchange: &Exchange<'_>,
        answer: impl Future<Output = Result<Response, Unanswered>> + Send,
    ) -> Result<Self, Error> {
        let response = Box::pin(exchange.within_limit(exchange.begin(answer))).await??;
        let idle = exchange.context.attempt_limit();
        let operation = exchange.context.operation;
        Ok(Self { operation, response, idle, attempts: exchange.number })
    }
}

impl<'a> Exchange<'a> {
    /// An attempt that starts now, with a request that is complete.
    ///
    /// # Errors
    ///
    /// There is no time left.
    pub(super) fn new(context: &'a Context, limit: Limit, request: &Request, number: u32) -> Result<Self, Error> {
        let Context { core, operation, .. } = context;
        let failing = Failing { core, operation, limit };
        if limit.time.is_zero() {
            return Err(failing.out_of_time());
        }
        let span = AttemptSpan::new(core, operation, request, number);
        let confidential = Confidential::of(request, &core.profile().credential);
        Ok(Self { context, failing, span, confidential, number })
    }

    /// Sends the request, through the layers of the client if it has any.
    pub(super) fn send<T: Reading>(
        &self,
        mut request: Box<Request>,
    ) -> impl Future<Output = Result<Response, Unanswered>> + Send + use<T> {
        let limit = Some(T::http_limit(self.failing.limit.time));
        let core = self.failing.core;
        // The usual limit is that of the HTTP client already, and to tell it again takes time. Layers see the whole request.
        if limit != core.http_timeout() || core.is_layered() {
            *request.timeout_mut() = limit;
        }
        self.span.enter(|| self.dispatch(*request))
    }

    #[cfg(feature = "tower")]
    fn dispatch(&self, request: Request) -> impl Future<Output = Result<Response, Unanswered>> + Send + use<> {
        let core = self.failing.core;
        let way = match core.layered() {
            None => Way::Plain(core.http().execute(request)),
            Some(service) => {
                let request = crate::tower::RequestFactory::new(request, self.failing.operation, self.number);
                Way::Layered(Box::pin(service.run(request)))
            }
        };
        async move {
            match way {
                Way::Plain(answer) => Ok(answer.await?),
                Way::Layered(answer) => answer.await,
            }
        }
    }

    #[cfg(not(feature = "tower"))]
    fn dispatch(&self, request: Request) -> impl Future<Output = Result<Response, Unanswered>> + Send + use<> {
        self.failing.core.http().execute(request)
    }

    /// Waits no longer than an attempt may take.
    async fn within_limit<T>(&self, work: impl Future<Output = T> + Send) -> Result<T, Error> {
        tokio::time::timeout(self.failing.limit.time, work).await.map_err(|_| self.failing.out_of_time())
    }

    /// The head of a success; a refusal is read and becomes an error.
    async fn begin(&self, answer: impl Future<Output = Result<Response, Unanswered>>) -> Result<Response, Error> {
        let failing = &self.failing;
        let mut response = answer.await.map_err(|source| failing.unanswered(source))?;
        self.span.answered(failing.core, response.status(), response.headers());
        if response.status().is_success() {
            return Ok(response);
        }
        // The status matters more than the rest of the body, so a body that breaks off is used as far as it came.
        let most = failing.core.max_response_bytes().min(MAX_ERROR_BYTES);
        let body = collect(&mut response, most).await.body;
        let received = received(failing, &mut response, body);
        Err(Error::status_answer(failing.operation, received, |text| self.confidential.hide(text)))
    }

    async fn whole(&self, answer: impl Future<Output = Result<Response, Unanswered>>) -> Result<RawResponse, Error> {
        let failing = &self.failing;
        let mut response = self.begin(answer).await?;
        let most = failing.core.max_response_bytes();
        let too_large = |response: &mut Response, body| {
            let message = format!("the answer is larger than {most} bytes");
            let received = received(failing, response, body);
            Err(Error::unusable_answer(ErrorKind::ResponseTooLarge, failing.operation, message, received))
        };
        if response.content_length().is_some_and(|announced| announced > most) {
            return too_large(&mut response, bytes::Bytes::new());
        }
        let collected = collect(&mut response, most).await;
        match collected.end {
            End::Complete => {
                let received = received(failing, &mut response, collected.body);
                Ok(RawResponse::new(failing.operation, received, self.number))
            }
            End::Broken(source) => {
                let received = received(failing, &mut response, collected.body);
                Err(failing.interrupted(source).with_unfinished_answer(failing.operation, received))
            }
            End::TooLarge => too_large(&mut response, collected.body),
        }
    }
}

/// Why no answer came.
#[cfg(feature = "tower")]
pub(super) type Unanswered = crate::tower::BoxError;
#[cfg(not(feature = "tower"))]
pub(super) type Unanswered = reqwest::Error;

/// How a request gets to the HTTP client.
#[cfg(feature = "tower")]
enum Way<P, L> {
    Plain(P),
    Layered(L),
}

fn received(failing: &Failing<'_>, response: &mut Response, body: bytes::Bytes) -> Received {
    let headers = std::mem::take(response.headers_mut());
    Received { status: response.status(), headers, body, profile: failing.core.profile() }
}
