//! The attempts of a call: sends, reads the answer, asks the policy, waits, sends again.
//!
//! It must not know the rules of a policy, nor how a request is completed.

use std::time::Duration;

use reqwest::{Client, Request, Response};

use super::body::{End, collect};
use super::confidential::Confidential;
use super::failure::Failing;
use super::limit::{Deadline, Limit};
use super::spare::Spare;
use super::{Answer, Context, Reading};
use crate::core::Proof;
use crate::error::{Error, ErrorKind, GaveUp, Received};
use crate::observe::{AttemptSpan, CallSpan};
use crate::response::RawResponse;
use crate::retry::{Attempt, Moment, RetryPolicy, Spending, Verdict, delay};
use crate::stream::OpenResponse;

/// Largest body of an unsuccessful answer that is read, in bytes. The rest is dropped.
const MAX_ERROR_BYTES: u64 = 1024 * 1024;

/// A call on its way.
pub(super) struct Attempts<'a> {
    context: &'a Context,
    http: &'a Client,
    policy: &'a RetryPolicy,
    most: u32,
    deadline: Option<Deadline>,
    span: CallSpan,
}

/// What follows a failed attempt.
enum Next {
    Pause(Duration),
    End(Option<GaveUp>),
}

impl<'a> Attempts<'a> {
    /// The time of the call starts to run.
    pub(super) fn new(context: &'a Context, http: &'a Client) -> Self {
        let Context { core, options, operation, .. } = context;
        let total = options.total_time_limit().or(core.total_timeout());
        Self {
            context,
            http,
            policy: options.retry_policy().unwrap_or(core.retry()),
            most: options.most_retries().unwrap_or(core.max_retries()),
            deadline: Deadline::new(core.clock().now(), total),
            span: CallSpan::new(core, operation),
        }
    }

    /// Sends the request, again if need be.
    pub(super) async fn run(&self, request: Request) -> Result<Answer, Error> {
        let result = self.span.run(self.all(request)).await;
        self.span.end(result.as_ref().map(|_| ()));
        result
    }

    async fn all(&self, mut request: Request) -> Result<Answer, Error> {
        let Context { core, operation, .. } = self.context;
        let spare = match self.most {
            0 => Spare::None,
            _ => Spare::new(&request, self.context.take_form()),
        };
        let mut number = 1;
        loop {
            let error = match self.attempt(request, number).await {
                Ok(answer) => {
                    core.budget().earn();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let pause = match self.next(&error, number, &spare) {
                Next::Pause(pause) => pause,
                Next::End(gave_up) => return Err(error.after(number, gave_up)),
            };
            self.span.retry(&error, number, pause);
            core.clock().sleep(pause).await;
            request = match spare.request(self.http, operation).await {
                Some(Ok(request)) => request,
                Some(Err(unreadable)) => return Err(unreadable.after(number, None)),
                None => return Err(error.after(number, Some(GaveUp::Body))),
            };
            number += 1;
        }
    }

    /// Whether there is another attempt. What costs nothing is looked at before the budget is.
    fn next(&self, error: &Error, number: u32, spare: &Spare) -> Next {
        let Context { core, operation, .. } = self.context;
        let retrying = &core.profile().retrying;
        let verdict = self.policy.judge(&Attempt::new(error, number, operation, retrying));
        let clock = core.clock();
        let pause = match verdict {
            Verdict::Stop => return Next::End(None),
            Verdict::RetryAfter(pause) => pause,
            Verdict::Retry => {
                let moment = Moment { retries: number - 1, now: clock.wall(), random: clock.random() };
                delay(retrying, error.headers(), moment)
            }
        };
        if number > self.most {
            return Next::End(Some(GaveUp::Attempts));
        }
        if matches!(spare, Spare::None) {
            return Next::End(Some(GaveUp::Body));
        }
        if let Some(deadline) = self.deadline.filter(|deadline| !deadline.allows(clock.now(), pause)) {
            return Next::End(Some(GaveUp::Deadline(deadline.total)));
        }
        match self.policy.spending() {
            Spending::Budget if !core.budget().pay() => Next::End(Some(GaveUp::Budget)),
            Spending::Budget | Spending::Free => Next::Pause(pause),
        }
    }

    async fn attempt(&self, mut request: Request, number: u32) -> Result<Answer, Error> {
        let Context { core, options, operation, .. } = self.context;
        let own = options.time_limit().unwrap_or(core.timeout());
        let limit = || Limit::new(own, self.deadline, core.clock().now());
        self.sign(&mut request, limit()).await?;
        let failing = Failing { core, operation, limit: limit() };
        if failing.limit.time.is_zero() {
            return Err(failing.out_of_time());
        }
        let span = AttemptSpan::new(core, operation, &request, number);
        let result = span.run(self.exchange(request, number, failing, &span)).await;
        span.end(result.as_ref().map(|_| ()));
        result
    }

    /// Adds a credential that is fetched anew each time.
    async fn sign(&self, request: &mut Request, limit: Limit) -> Result<(), Error> {
        let Context { core, operation, .. } = self.context;
        let Proof::Provided(provider) = core.proof() else { return Ok(()) };
        let failed = |message: String| Error::plain(ErrorKind::Credential, Some(*operation), message);
        let key = match tokio::time::timeout(limit.time, provider.key()).await {
            Ok(Ok(key)) if key.expose().is_empty() => {
                return Err(failed("the provider gave an empty API key".to_owned()));
            }
            Ok(Ok(key)) => key,
            Ok(Err(cause)) => {
                return Err(failed("the provider of the API key failed".to_owned()).with_boxed_source(cause));
            }
            Err(_) => return Err(failed(format!("the provider gave no API key within {limit}"))),
        };
        let proof = Proof::of(&core.profile().credential, &key).map_err(|error| failed(error.message().to_owned()))?;
        proof.put(request);
        Ok(())
    }

    async fn exchange(
        &self,
        mut request: Request,
        number: u32,
        failing: Failing<'_>,
        span: &AttemptSpan,
    ) -> Result<Answer, Error> {
        let limit = failing.limit.time;
        match self.context.reading {
            Reading::Whole => {
                *request.timeout_mut() = Some(limit);
                let whole = async {
                    let response = self.begin(request, number, failing, span).await?;
                    self.whole(response, number, failing).await.map(Answer::Whole)
                };
                match failing.core.is_layered() {
                    // The limit in the request is that of the HTTP client, and a layer may wait for something else.
                    true => tokio::time::timeout(limit, whole).await.unwrap_or_else(|_| Err(failing.out_of_time())),
                    false => whole.await,
                }
            }
            Reading::Pieces => {
                // The limit is for the beginning. One that an HTTP client of the user's own sets would end the stream.
                *request.timeout_mut() = Some(Duration::MAX);
                let begun = tokio::time::timeout(limit, self.begin(request, number, failing, span)).await;
                let response = begun.unwrap_or_else(|_| Err(failing.out_of_time()))?;
                let idle = self.context.options.time_limit().unwrap_or(self.context.core.timeout());
                let operation = self.context.operation;
                Ok(Answer::Pieces(OpenResponse { operation, response, idle, attempts: number }))
            }
        }
    }

    /// Sends a request; a refusal is read and becomes an error.
    async fn begin(
        &self,
        request: Request,
        number: u32,
        failing: Failing<'_>,
        span: &AttemptSpan,
    ) -> Result<Response, Error> {
        let confidential = Confidential::of(&request, &failing.core.profile().credential);
        let mut response = self.send(request, failing, number).await?;
        span.answered(failing.core, response.status(), response.headers());
        if response.status().is_success() {
            return Ok(response);
        }
        // The status matters more than the rest of the body, so a body that breaks off is used as far as it came.
        let most = failing.core.max_response_bytes().min(MAX_ERROR_BYTES);
        let body = collect(&mut response, most).await.body;
        let received = received(failing, &mut response, body);
        Err(Error::status_answer(failing.operation, received, |text| confidential.hide(text)))
    }

    #[cfg(feature = "tower")]
    async fn send(&self, request: Request, failing: Failing<'_>, number: u32) -> Result<Response, Error> {
        let Some(service) = self.context.core.layered() else {
            return self.http.execute(request).await.map_err(|source| failing.unanswered(source));
        };
        let request = crate::tower::RequestFactory::new(request, failing.operation, number);
        let answer = service.run(request).await;
        answer.map_err(|error| match error.downcast::<reqwest::Error>() {
            Ok(source) => failing.unanswered(*source),
            Err(error) => failing.in_layer(error),
        })
    }

    #[cfg(not(feature = "tower"))]
    async fn send(&self, request: Request, failing: Failing<'_>, _: u32) -> Result<Response, Error> {
        self.http.execute(request).await.map_err(|source| failing.unanswered(source))
    }

    async fn whole(&self, mut response: Response, number: u32, failing: Failing<'_>) -> Result<RawResponse, Error> {
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
                Ok(RawResponse::new(failing.operation, received, number))
            }
            End::Broken(source) => {
                let received = received(failing, &mut response, collected.body);
                Err(failing.interrupted(source).with_unfinished_answer(failing.operation, received))
            }
            End::TooLarge => too_large(&mut response, collected.body),
        }
    }
}

fn received(failing: Failing<'_>, response: &mut Response, body: bytes::Bytes) -> Received {
    let headers = std::mem::take(response.headers_mut());
    Received { status: response.status(), headers, body, profile: failing.core.profile() }
}
