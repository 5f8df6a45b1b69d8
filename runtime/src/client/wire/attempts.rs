//! The attempts of a call: sends the request, applies the retry policy to a failure, waits, and sends the request
//! again.
//!
//! This module must not know the rules of a policy, nor how a response is read.

use std::time::{Duration, Instant};

use reqwest::Request;

use super::deadline::{Deadline, Limit};
use super::exchange::{Exchange, ReadResponse};
use super::replay::Replay;
use super::{Context, Middleware};
use crate::client::call::CallFuture;
use crate::client::config::{KeyProvider, ResolvedCredential};
use crate::client::error::{Error, ErrorKind, GaveUp};
use crate::client::retry::{Attempt, RetryPolicy, RetryState, Spending, Verdict, retry_delay};
use crate::client::telemetry::CallSpan;
use crate::client::upload::PanicSlot;

/// A call in progress.
pub(super) struct Attempts {
    context: Context,
    middleware: Middleware,
    replay: Replay,
    deadline: Option<Deadline>,
    upload: Option<Upload>,
    span: CallSpan,
}

/// The additional state of a call with a form.
pub(super) struct Upload {
    /// When opening the files for the first attempt began.
    pub(super) begun: Instant,
    /// Stores a panic of the user's code that runs while the form is sent.
    pub(super) panics: PanicSlot,
}

/// What happens after a failed attempt.
enum Next {
    Pause(Duration),
    End(Option<GaveUp>),
}

impl Attempts {
    /// Starts the total time limit of the call.
    pub(super) fn new(context: Context, middleware: Middleware, replay: Replay, upload: Option<Upload>) -> Self {
        let Context { core, operation, .. } = &context;
        let begun = upload.as_ref().map_or_else(|| core.clock().now(), |upload| upload.begun);
        let deadline = context.deadline(begun);
        let span = CallSpan::new(core, operation);
        Self { context, middleware, replay, deadline, upload, span }
    }

    /// Sends the request, with retries if necessary. Boxed, because otherwise the future of every operation would
    /// contain all of this.
    pub(super) fn run<T: ReadResponse>(self, request: Box<Request>) -> CallFuture<T> {
        Box::pin(async move {
            let result = self.span.run(self.all(request)).await;
            let result = result.map_err(|error| error.conceal(self.context.core.confidential()));
            self.span.end(result.as_ref().map(|_| ()));
            result
        })
    }

    async fn all<T: ReadResponse>(&self, mut request: Box<Request>) -> Result<T, Error> {
        let core = &self.context.core;
        let mut begun = self.upload.as_ref().map(|upload| upload.begun);
        let mut number = 1;
        loop {
            let sent = self.authenticate(&mut request).await.and_then(|()| self.attempt(request, number, begun));
            let result = match sent {
                Ok(response) => response.await,
                Err(error) => Err(error),
            };
            if let Some(upload) = &self.upload {
                upload.panics.resume();
            }
            let error = match result {
                Ok(response) => {
                    core.budget().earn();
                    return Ok(response);
                }
                Err(error) => error,
            };
            let pause = match self.next(&error, number) {
                Next::Pause(pause) => pause,
                Next::End(gave_up) => return Err(error.after(number, gave_up)),
            };
            self.span.record_retry(&error, number, pause);
            core.clock().sleep(pause).await;
            begun = self.upload.as_ref().map(|_| core.clock().now());
            request = match Box::pin(self.again()).await {
                Some(Ok(request)) => request,
                Some(Err(unreadable)) => return Err(unreadable.after(number, None)),
                None => return Err(error.after(number, Some(GaveUp::Body))),
            };
            number += 1;
        }
    }

    /// Decides whether there is another attempt. The budget is charged last, when everything else allows the attempt.
    fn next(&self, error: &Error, number: u32) -> Next {
        let Context { core, operation, .. } = &self.context;
        let retrying = &core.profile().retrying;
        let policy = self.policy();
        let clock = core.clock();
        let pause = match policy.judge(&Attempt::new(error, number, operation, retrying)) {
            Verdict::Stop => return Next::End(None),
            Verdict::RetryAfter(pause) => pause,
            Verdict::Retry => {
                let state = RetryState { retries: number - 1, now: clock.wall(), random: clock.random() };
                retry_delay(retrying, error.headers(), state)
            }
        };
        if number > self.context.most_retries() {
            return Next::End(Some(GaveUp::Attempts));
        }
        if matches!(self.replay, Replay::None) {
            return Next::End(Some(GaveUp::Body));
        }
        if let Some(deadline) = self.deadline.filter(|deadline| !deadline.allows(clock.now(), pause)) {
            return Next::End(Some(GaveUp::Deadline(deadline.total)));
        }
        match policy.spending() {
            Spending::Budget if !core.budget().pay() => Next::End(Some(GaveUp::Budget)),
            Spending::Budget | Spending::Free => Next::Pause(pause),
        }
    }

    fn policy(&self) -> &RetryPolicy {
        self.context.options.retry_policy().unwrap_or(self.context.core.retry())
    }

    /// Returns the request for another attempt; `None` if its body can be read only once.
    async fn again(&self) -> Option<Result<Box<Request>, Error>> {
        let Context { core, operation, .. } = &self.context;
        let panics = self.upload.as_ref().map(|upload| upload.panics.clone()).unwrap_or_default();
        let open = |form| self.context.opened(form, &panics, self.limit(None));
        let request = self.replay.request(core.http(), operation, open).await?;
        Some(request.and_then(|mut request| {
            (self.middleware)(&self.context, &mut request)?;
            Ok(Box::new(request))
        }))
    }

    /// Sends a request once. The request is passed to the HTTP client first, so that the returned future does not
    /// contain it.
    ///
    /// # Errors
    ///
    /// Returns an error if no time is left.
    fn attempt<T: ReadResponse>(
        &self,
        request: Box<Request>,
        number: u32,
        begun: Option<Instant>,
    ) -> Result<impl Future<Output = Result<T, Error>> + Send + use<'_, T>, Error> {
        let exchange = Exchange::new(&self.context, self.limit(begun), &request, number)?;
        let response = exchange.send::<T>(request);
        Ok(async move {
            let result = exchange.span.run(T::read(&exchange, response)).await;
            let result = result.map_err(|error| error.conceal(&exchange.confidential));
            exchange.span.end(result.as_ref().map(|_| ()));
            result
        })
    }

    /// Returns the time limit of an attempt that starts now, or that began with the opening of files.
    fn limit(&self, begun: Option<Instant>) -> Limit {
        let now = self.context.core.clock().now();
        Limit::of_begun(self.context.attempt_limit(), begun.unwrap_or(now), self.deadline, now)
    }

    /// Adds the credentials of providers, which are called before each attempt.
    async fn authenticate(&self, request: &mut Request) -> Result<(), Error> {
        let Context { core, .. } = &self.context;
        for index in self.context.credentials(request, &[])? {
            match core.credentials().get(*index) {
                // Boxed, because few calls need it and the future would be moved with every call.
                ResolvedCredential::Provided(provider) => {
                    Box::pin(self.authenticate_with(*index, provider.as_ref(), request)).await?;
                }
                ResolvedCredential::Header(..) | ResolvedCredential::Query(..) | ResolvedCredential::None => {}
            }
        }
        Ok(())
    }

    async fn authenticate_with(
        &self,
        index: usize,
        provider: &dyn KeyProvider,
        request: &mut Request,
    ) -> Result<(), Error> {
        let Context { core, operation, .. } = &self.context;
        let limit = self.limit(None);
        let failed = |message: String| Error::plain(ErrorKind::Credential, Some(*operation), message);
        let key = match tokio::time::timeout(limit.time, provider.key()).await {
            Ok(Ok(key)) if key.expose().is_empty() => {
                return Err(failed("the provider returned an empty API key".to_owned()));
            }
            Ok(Ok(key)) => key,
            Ok(Err(cause)) => {
                return Err(failed("the provider of the API key failed".to_owned()).with_boxed_source(cause));
            }
            Err(_) => return Err(failed(format!("the provider gave no API key within {limit}"))),
        };
        let credential = core.profile().credential(index).unwrap_or(&core.profile().credential);
        let credential =
            ResolvedCredential::of(credential, &key).map_err(|error| failed(error.message().to_owned()))?;
        credential.put(request);
        Ok(())
    }
}
