//! What stands between the generated wire functions and HTTP: completes requests, hands them over, takes the answers.
//!
//! It must not know any operation or type, nor what is repeated; `attempts` sends.

mod attempts;
mod body;
mod confidential;
mod failure;
mod limit;
mod spare;

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::{HeaderValue, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::ResponseBuilderExt;
use serde::de::DeserializeOwned;

use crate::core::Core;
use crate::error::Error;
use crate::multipart::Form;
use crate::profile::Operation;
use crate::request::{RequestOptions, check_header};
use crate::response::RawResponse;
use crate::stream::OpenResponse;
use attempts::Attempts;

type WireError = progenitor_client::Error<ByteStream>;

/// One call: the client it belongs to, its options and its operation.
#[derive(Clone, Debug)]
pub struct Context {
    core: Core,
    options: RequestOptions,
    operation: &'static Operation,
    reading: Reading,
    /// The hooks of progenitor carry types of reqwest only; what is more than those waits here.
    aside: Arc<Mutex<Aside>>,
}

#[derive(Debug, Default)]
struct Aside {
    outcome: Option<Result<Answer, Error>>,
    form: Option<Form>,
}

/// How an answer is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reading {
    /// With its whole body.
    Whole,
    /// As soon as its headers are there.
    Pieces,
}

/// An answer, taken in one of these ways.
#[derive(Debug)]
enum Answer {
    Whole(RawResponse),
    Pieces(OpenResponse),
}

impl Context {
    /// Starts a call whose answer is taken with [`receive`](Self::receive).
    pub fn new(core: Core, options: RequestOptions, operation: &'static Operation) -> Self {
        Self { core, options, operation, reading: Reading::Whole, aside: Arc::default() }
    }

    /// Starts a call whose answer is taken with [`open`](Self::open).
    pub fn streaming(core: Core, options: RequestOptions, operation: &'static Operation) -> Self {
        Self { reading: Reading::Pieces, ..Self::new(core, options, operation) }
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

    /// Makes the form that is sent, and keeps what another attempt needs.
    ///
    /// # Errors
    ///
    /// As [`Form::into_reqwest`].
    pub async fn form(&self, form: Form) -> Result<reqwest::multipart::Form, Error> {
        self.aside().form = form.replay();
        form.into_reqwest().await.map_err(|error| error.during(self.operation))
    }

    /// Completes a request: credential, headers of the client, `Accept`, options of the call.
    ///
    /// # Errors
    ///
    /// The text of the problem; [`Context::receive`] gives the typed error.
    pub fn prepare(&self, request: &mut reqwest::Request) -> Result<(), String> {
        self.complete(request).map_err(|error| {
            let text = error.to_string();
            self.aside().outcome = Some(Err(error));
            text
        })
    }

    /// Sends a request, several times if need be, and puts aside what became of it. The answer that is given here only stands
    /// for the real one.
    ///
    /// # Errors
    ///
    /// None: the typed error is put aside too.
    pub async fn execute(
        &self,
        http: &reqwest::Client,
        request: reqwest::Request,
    ) -> reqwest::Result<reqwest::Response> {
        let url = request.url().clone();
        // Boxed, or the future of every operation would hold it.
        let outcome = Box::pin(Attempts::new(self, http).run(request)).await;
        self.aside().outcome = Some(outcome);
        // Without a URL of its own reqwest would parse a made-up one each time.
        Ok(http::Response::builder().url(url).body(Bytes::new()).unwrap_or_default().into())
    }

    /// Gives the answer with its whole body.
    ///
    /// # Errors
    ///
    /// Everything that went wrong since the call was started, a status that is no success included.
    pub async fn receive(&self, result: Result<ResponseValue<ByteStream>, WireError>) -> Result<RawResponse, Error> {
        match self.outcome(result)? {
            Answer::Whole(answer) => Ok(answer),
            Answer::Pieces(_) => Err(self.mistaken("it was started as a stream")),
        }
    }

    /// Gives a successful answer before its body has arrived.
    ///
    /// # Errors
    ///
    /// As [`receive`](Self::receive).
    pub async fn open(&self, result: Result<ResponseValue<ByteStream>, WireError>) -> Result<OpenResponse, Error> {
        match self.outcome(result)? {
            Answer::Pieces(answer) => Ok(answer),
            Answer::Whole(_) => Err(self.mistaken("it was not started as a stream")),
        }
    }

    /// What was put aside; when nothing was, the request could not be made.
    fn outcome(&self, result: Result<ResponseValue<ByteStream>, WireError>) -> Result<Answer, Error> {
        if let Some(outcome) = self.aside().outcome.take() {
            return outcome;
        }
        Err(match result {
            Err(WireError::CommunicationError(source)) => failure::unbuildable(self.operation, &source),
            Err(WireError::InvalidRequest(text) | WireError::Custom(text)) => {
                Error::invalid_request(Some(self.operation), text)
            }
            Ok(_) => self.mistaken("it was not sent"),
            Err(
                other @ (WireError::ErrorResponse(_)
                | WireError::UnexpectedResponse(_)
                | WireError::InvalidUpgrade(_)
                | WireError::ResponseBodyError(_)
                | WireError::InvalidResponsePayload(..)),
            ) => self.mistaken(&other.to_string()),
        })
    }

    /// The generated code does not do what this module expects.
    fn mistaken(&self, problem: &str) -> Error {
        Error::invalid_request(Some(self.operation), format!("the call was made in a wrong way: {problem}"))
    }

    fn take_form(&self) -> Option<Form> {
        self.aside().form.take()
    }

    fn aside(&self) -> MutexGuard<'_, Aside> {
        self.aside.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn complete(&self, request: &mut reqwest::Request) -> Result<(), Error> {
        let pairs = self.options.query_pairs();
        // An untouched URL must not get a question mark.
        if !pairs.is_empty() {
            request.url_mut().query_pairs_mut().extend_pairs(pairs);
        }
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
        self.core.proof().put(request);
        for (name, value) in self.options.header_pairs() {
            let (name, value) =
                check_header(name, value).map_err(|problem| Error::invalid_request(Some(self.operation), problem))?;
            request.headers_mut().insert(name, value);
        }
        Ok(())
    }
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
/// [`InvalidRequest`](crate::ErrorKind::InvalidRequest), naming the parameter.
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
    use crate::error::ErrorKind;
    use crate::profile::Deprecation;

    static OPERATION: Operation = Operation {
        id: "things.get",
        method: "GET",
        path: "/things/{id}",
        summary: "",
        deprecated: Deprecation::Current,
        accept: "application/json",
        started: &[],
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
