//! What stands between the generated wire functions and HTTP: completes requests, collects answers.
//!
//! It must not know any operation or type. Retry belongs into [`Context::execute`] once there is one.

use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::{Bytes, BytesMut};
use futures_core::Stream;
use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use progenitor_client::{ByteStream, ResponseValue};
use serde::de::DeserializeOwned;

use crate::core::{Core, Proof};
use crate::error::{Error, ErrorKind, Received};
use crate::profile::Operation;
use crate::request::{RequestOptions, check_header};
use crate::response::RawResponse;
use crate::stream::OpenResponse;

type WireError = progenitor_client::Error<ByteStream>;

/// Largest body of an unsuccessful answer that is read, in bytes. The rest is dropped.
const MAX_ERROR_BYTES: u64 = 1024 * 1024;

/// One call: the client it belongs to, its options and its operation.
#[derive(Clone, Debug)]
pub struct Context {
    core: Core,
    options: RequestOptions,
    operation: &'static Operation,
    /// The wire layer carries texts only, so a typed error waits here.
    failure: Arc<Mutex<Option<Error>>>,
}

impl Context {
    /// Starts a call.
    pub fn new(core: Core, options: RequestOptions, operation: &'static Operation) -> Self {
        Self { core, options, operation, failure: Arc::default() }
    }

    /// The operation of this call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// The URL that paths are appended to.
    pub fn base_url(&self) -> &str {
        self.core.base_url()
    }

    /// The HTTP client.
    pub fn http(&self) -> &reqwest::Client {
        self.core.http()
    }

    /// Completes a request: credential, headers of the client, `Accept`, options of the call.
    ///
    /// # Errors
    ///
    /// The text of the problem; [`Context::receive`] gives the typed error.
    pub fn prepare(&self, request: &mut reqwest::Request) -> Result<(), String> {
        self.complete(request).map_err(|error| {
            let text = error.to_string();
            *self.failure() = Some(error);
            text
        })
    }

    /// Sends a request.
    ///
    /// # Errors
    ///
    /// What reqwest says.
    pub async fn execute(
        &self,
        http: &reqwest::Client,
        mut request: reqwest::Request,
    ) -> reqwest::Result<reqwest::Response> {
        let limit = self.options.time_limit();
        *request.timeout_mut() = Some(limit.unwrap_or_else(|| self.core.timeout()));
        http.execute(request).await
    }

    /// Collects the answer.
    ///
    /// # Errors
    ///
    /// Everything that went wrong since the call was started, a status that is no success included.
    pub async fn receive(&self, result: Result<ResponseValue<ByteStream>, WireError>) -> Result<RawResponse, Error> {
        let answer = self.answered(result)?;
        if answer.status().is_success() { self.success(answer).await } else { Err(self.refusal(answer).await) }
    }

    /// Gives a successful answer before its body has arrived.
    ///
    /// # Errors
    ///
    /// As [`receive`](Self::receive).
    pub async fn open(&self, result: Result<ResponseValue<ByteStream>, WireError>) -> Result<OpenResponse, Error> {
        let answer = self.answered(result)?;
        if !answer.status().is_success() {
            return Err(self.refusal(answer).await);
        }
        let (status, headers) = (answer.status(), answer.headers().clone());
        Ok(OpenResponse { operation: self.operation, status, headers, body: answer.into_inner_stream() })
    }

    fn answered(
        &self,
        result: Result<ResponseValue<ByteStream>, WireError>,
    ) -> Result<ResponseValue<ByteStream>, Error> {
        if let Some(error) = self.failure().take() {
            return Err(error);
        }
        match result {
            Ok(answer) | Err(WireError::ErrorResponse(answer)) => Ok(answer),
            Err(WireError::UnexpectedResponse(response)) => Ok(ResponseValue::stream(response)),
            Err(WireError::CommunicationError(source)) => Err(self.not_sent(source)),
            Err(WireError::InvalidUpgrade(source) | WireError::ResponseBodyError(source)) => {
                Err(self.interrupted(source))
            }
            Err(WireError::InvalidRequest(text) | WireError::Custom(text)) => {
                Err(Error::invalid_request(Some(self.operation), text))
            }
            Err(WireError::InvalidResponsePayload(_, problem)) => {
                Err(Error::plain(ErrorKind::Decode, Some(self.operation), problem.to_string()))
            }
        }
    }

    fn failure(&self) -> MutexGuard<'_, Option<Error>> {
        self.failure.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn success(&self, answer: ResponseValue<ByteStream>) -> Result<RawResponse, Error> {
        let most = self.core.profile().max_response_bytes;
        let announced = answer.content_length().unwrap_or(0);
        let mut received = self.received(&answer, Bytes::new());
        let body = if announced > most {
            Collected { end: End::TooLarge, body: Bytes::new() }
        } else {
            collect(answer, most).await
        };
        received.body = body.body;
        match body.end {
            End::Complete => Ok(RawResponse::new(self.operation, received)),
            End::Broken(source) => Err(self.interrupted(source)),
            End::TooLarge => {
                let message = format!("the answer is larger than {most} bytes");
                let kind = ErrorKind::ResponseTooLarge;
                Err(Error::unusable_answer(kind, self.operation, message, received))
            }
        }
    }

    /// The status matters more than the rest of the body, so a body that breaks off is used as far as it came.
    async fn refusal(&self, answer: ResponseValue<ByteStream>) -> Error {
        let most = self.core.profile().max_response_bytes.min(MAX_ERROR_BYTES);
        let mut received = self.received(&answer, Bytes::new());
        received.body = collect(answer, most).await.body;
        Error::status_answer(self.operation, received)
    }

    fn received(&self, answer: &ResponseValue<ByteStream>, body: Bytes) -> Received {
        Received { status: answer.status(), headers: answer.headers().clone(), body, profile: self.core.profile() }
    }

    fn not_sent(&self, source: reqwest::Error) -> Error {
        if source.is_builder() {
            let cause = std::error::Error::source(&source).map(ToString::to_string);
            let cause = cause.unwrap_or_else(|| "its URL or body cannot be written".to_owned());
            let message = format!("the request cannot be made: {cause}");
            return Error::invalid_request(Some(self.operation), message);
        }
        if !source.is_connect() {
            return self.interrupted(source);
        }
        let message = match source.is_timeout() {
            true => format!("connecting to {} took too long", self.core.server()),
            false => format!("cannot connect to {}", self.core.server()),
        };
        self.below_http(ErrorKind::Connect, message, source)
    }

    fn interrupted(&self, source: reqwest::Error) -> Error {
        let server = self.core.server();
        if source.is_timeout() {
            let limit = self.options.time_limit();
            let limit = limit.unwrap_or_else(|| self.core.timeout());
            let message = format!("no complete answer from {server} within {limit:?}");
            return self.below_http(ErrorKind::Timeout, message, source);
        }
        let message = format!("the connection to {server} broke");
        self.below_http(ErrorKind::Transport, message, source)
    }

    /// The URL is removed because it can hold a credential.
    fn below_http(&self, kind: ErrorKind, message: String, source: reqwest::Error) -> Error {
        Error::plain(kind, Some(self.operation), message).with_source(source.without_url())
    }

    fn complete(&self, request: &mut reqwest::Request) -> Result<(), Error> {
        self.put_query(request);
        if let Some((media_type, body)) = self.options.own_body() {
            let value = HeaderValue::from_str(media_type).map_err(|_| {
                Error::invalid_request(Some(self.operation), format!("`{media_type}` is not a media type"))
            })?;
            request.headers_mut().insert(header::CONTENT_TYPE, value);
            *request.body_mut() = Some(body.clone().into());
        }
        let headers = request.headers_mut();
        if !self.operation.accept.is_empty() {
            headers.insert(header::ACCEPT, HeaderValue::from_static(self.operation.accept));
        }
        // A header that the operation itself sets stays as it is.
        for (name, value) in self.core.headers() {
            headers.entry(name).or_insert_with(|| value.clone());
        }
        match self.core.proof() {
            Proof::Header(name, value) => {
                headers.entry(name).or_insert_with(|| value.clone());
            }
            Proof::Query(..) | Proof::None => {}
        }
        for (name, value) in self.options.header_pairs() {
            let (name, value) =
                check_header(name, value).map_err(|problem| Error::invalid_request(Some(self.operation), problem))?;
            headers.insert(name, value);
        }
        Ok(())
    }

    fn put_query(&self, request: &mut reqwest::Request) {
        let proof = match self.core.proof() {
            Proof::Query(name, secret) => Some((*name, secret.expose())),
            Proof::Header(..) | Proof::None => None,
        };
        let pairs = self.options.query_pairs();
        let extra = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str()));
        // An untouched URL must not get a question mark.
        let mut added = extra.chain(proof).peekable();
        if added.peek().is_some() {
            request.url_mut().query_pairs_mut().extend_pairs(added);
        }
    }
}

/// A body as far as it came, and why it ended.
struct Collected {
    body: Bytes,
    end: End,
}

enum End {
    Complete,
    TooLarge,
    Broken(reqwest::Error),
}

async fn collect(answer: ResponseValue<ByteStream>, most: u64) -> Collected {
    let mut stream = answer.into_inner_stream();
    let mut body = BytesMut::new();
    let end = loop {
        let next = std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context));
        match next.await {
            None => break End::Complete,
            Some(Err(source)) => break End::Broken(source),
            Some(Ok(chunk)) => {
                let room = most.saturating_sub(body.len() as u64);
                if chunk.len() as u64 > room {
                    body.extend_from_slice(&chunk[..usize::try_from(room).unwrap_or(chunk.len())]);
                    break End::TooLarge;
                }
                body.extend_from_slice(&chunk);
            }
        }
    };
    Collected { body: body.freeze(), end }
}

/// Characters that stay as they are in a path.
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// Writes a value as one path segment: every byte that is not unreserved is percent-encoded.
pub fn encode_path(segment: &str) -> String {
    utf8_percent_encode(segment, UNRESERVED).to_string()
}

/// Checks a path parameter: an empty value, `.` and `..` would call another URL than the one meant.
///
/// # Errors
///
/// [`ErrorKind::InvalidRequest`], naming the parameter.
pub fn path_segment<'a>(operation: &'static Operation, name: &'static str, value: &'a str) -> Result<&'a str, Error> {
    let problem = match value {
        "" => "is empty",
        "." | ".." => "is `.` or `..`, which would change the path",
        _ => return Ok(value),
    };
    let message = format!("the path parameter `{name}` {problem}");
    Err(Error::invalid_request(Some(operation), message))
}

/// An answer as a type of its own, told by its status.
pub trait FromAnswer: Sized {
    /// Decodes the answer.
    ///
    /// # Errors
    ///
    /// The body does not fit the type of its status.
    fn from_answer(answer: RawResponse) -> Result<Self, Error>;
}

/// How the body of an answer becomes a value, once it is there.
pub mod decoded {
    use super::{Bytes, DeserializeOwned, Error, FromAnswer, RawResponse};

    /// JSON.
    pub async fn json<T: DeserializeOwned>(
        answer: impl Future<Output = Result<RawResponse, Error>>,
    ) -> Result<T, Error> {
        answer.await?.decode()
    }

    /// Text; bytes that are no UTF-8 are replaced.
    pub async fn text<T: From<String>>(answer: impl Future<Output = Result<RawResponse, Error>>) -> Result<T, Error> {
        Ok(answer.await?.text().into_owned().into())
    }

    /// Bytes.
    pub async fn bytes<T: From<Bytes>>(answer: impl Future<Output = Result<RawResponse, Error>>) -> Result<T, Error> {
        Ok(answer.await?.into_bytes().into())
    }

    /// Nothing.
    pub async fn empty<T: Default>(answer: impl Future<Output = Result<RawResponse, Error>>) -> Result<T, Error> {
        answer.await.map(|_| T::default())
    }

    /// What the status says.
    pub async fn status<T: FromAnswer>(answer: impl Future<Output = Result<RawResponse, Error>>) -> Result<T, Error> {
        T::from_answer(answer.await?)
    }
}

/// Adds a JSON body when there is one: progenitor knows only bodies that must be there.
pub fn optional_json<T: serde::Serialize + ?Sized>(
    request: reqwest::RequestBuilder,
    body: Option<&T>,
) -> reqwest::RequestBuilder {
    match body {
        Some(body) => request.json(body),
        None => request,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::Deprecation;

    static OPERATION: Operation = Operation {
        id: "things.get",
        method: "GET",
        path: "/things/{id}",
        summary: "",
        deprecated: Deprecation::Current,
        accept: "application/json",
    };

    #[test]
    fn a_path_segment_stays_one_segment() {
        for (value, encoded) in [
            ("ex_1-2.3~", "ex_1-2.3~"),
            ("../x", "..%2Fx"),
            ("a b?c#d", "a%20b%3Fc%23d"),
            ("%2e%2e", "%252e%252e"),
            ("\\:@&=+$,;", "%5C%3A%40%26%3D%2B%24%2C%3B"),
            ("ü\n", "%C3%BC%0A"),
        ] {
            assert_eq!(encode_path(value), encoded);
            let base = "https://api.example.com/things";
            let url = reqwest::Url::parse(&format!("{base}/{encoded}/end")).unwrap();
            assert_eq!(url.path(), format!("/things/{encoded}/end"));
        }
    }

    #[test]
    fn values_that_would_change_the_path_are_refused() {
        for (value, accepted) in [("x", true), ("...", true), ("", false), (".", false), ("..", false)] {
            match path_segment(&OPERATION, "id", value) {
                Ok(same) => assert!(accepted && same == value, "{value}"),
                Err(error) => {
                    let text = error.to_string();
                    assert!(!accepted && text.starts_with("things.get: the path parameter `id`"), "{text}");
                    assert_eq!(error.kind(), ErrorKind::InvalidRequest);
                }
            }
        }
    }
}
