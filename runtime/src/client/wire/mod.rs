//! The layer between the generated wire functions and HTTP: completes requests, sends them, and receives the responses.
//!
//! This module must not know any operation or type, nor which attempts are retried; `attempts` sends requests.

mod attempts;
mod body;
mod build_error;
mod deadline;
mod error_context;
mod exchange;
mod future;
mod replay;

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, header};
use percent_encoding::utf8_percent_encode;
use reqwest::{Request, RequestBuilder, Url};
use serde_json::value::RawValue;

use crate::client::call::CallFuture;
use crate::client::config::Core;
use crate::client::encode::UNRESERVED;
use crate::client::error::{Error, ErrorKind};
use crate::client::profile::Credential;
use crate::client::request_options::{RequestOptions, check_header};
use crate::client::response::RawResponse;
use crate::client::stream::OpenResponse;
use crate::client::upload::{OpenForm, PanicSlot, Repeatable};
use crate::json::{NOT_JSON, ReadJson, WriteJson, to_bytes};
use crate::multipart::Form;
use crate::operation::{Operation, Security};
use attempts::{Attempts, Upload};
pub use build_error::BuildError;
use deadline::{Deadline, Limit};
use exchange::ReadResponse;
pub use future::{DecodeFuture, Once, RawFuture, SendCall, SendOnce};
use replay::Replay;

/// One call: the client it belongs to, its options and its operation.
#[derive(Debug)]
pub struct Context {
    core: Core,
    options: RequestOptions,
    operation: &'static Operation,
    /// The form of this call, if it sends one.
    sent_form: Mutex<Option<SentForm>>,
}

/// The state of a form that was opened.
#[derive(Debug)]
struct SentForm {
    /// A copy for further attempts, if the form can be sent again.
    copy: Option<Form>,
    /// When opening began, which is a part of the first attempt.
    begun: Instant,
    panics: PanicSlot,
}

/// A function that completes a request before each attempt.
pub type Middleware = fn(&Context, &mut Request) -> Result<(), Error>;

impl Context {
    /// Starts a call.
    pub fn new(core: Core, options: RequestOptions, operation: &'static Operation) -> Self {
        Self { core, options, operation, sent_form: Mutex::default() }
    }

    /// Starts a call with the options that a builder holds.
    pub fn of(core: &Core, options: &mut RequestOptions, operation: &'static Operation) -> Self {
        Self::new(core.clone(), std::mem::take(options), operation)
    }

    /// Returns the operation of this call.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the URL of a path below the base URL. The path starts with a slash.
    ///
    /// # Errors
    ///
    /// Returns an error if the URL is not valid.
    pub fn url(&self, path: fmt::Arguments<'_>) -> Result<Url, BuildError> {
        self.core
            .below(path)
            .map_err(|problem| BuildError::Arguments(format!("the request cannot be built: {problem}")))
    }

    /// Returns a method for which the HTTP client has no name.
    ///
    /// # Errors
    ///
    /// Returns an error if the name contains a character that a method may not have.
    pub fn method(&self, name: &str) -> Result<reqwest::Method, BuildError> {
        let method = reqwest::Method::from_bytes(name.as_bytes());
        method.map_err(|problem| BuildError::Arguments(format!("the request cannot be built: {problem}")))
    }

    /// Returns the HTTP client.
    pub fn http(&self) -> &reqwest::Client {
        self.core.http()
    }

    /// Opens the form that is sent, and keeps what another attempt needs. The time limits of the call already apply.
    ///
    /// # Errors
    ///
    /// As [`Form::into_reqwest`]; also [`Timeout`](crate::ErrorKind::Timeout) if a file does not respond.
    pub async fn form(&self, form: Form) -> Result<reqwest::multipart::Form, Error> {
        let begun = self.core.clock().now();
        let (copy, panics) = (form.copy(), PanicSlot::default());
        let limit = Limit::new(self.attempt_limit(), self.deadline(begun), begun);
        let opened = self.opened(form, &panics, limit).await?;
        let copy = copy.filter(|_| opened.repeatable == Repeatable::Yes);
        *self.sent_form.lock().unwrap_or_else(PoisonError::into_inner) = Some(SentForm { copy, begun, panics });
        Ok(opened.form)
    }

    /// Opens the files of a form within a limit.
    async fn opened(&self, form: Form, panics: &PanicSlot, limit: Limit) -> Result<OpenForm, Error> {
        match tokio::time::timeout(limit.time, form.open(panics)).await {
            Ok(opened) => opened.map_err(|error| error.during(self.operation)),
            Err(_) => {
                let message = format!("a file could not be opened within {limit}; nothing was sent");
                Err(Error::plain(ErrorKind::Timeout, Some(self.operation), message))
            }
        }
    }

    /// Sends a request, with retries if necessary, and returns the response with its whole body.
    ///
    /// # Errors
    ///
    /// Returns any error since the start of the call, including a status that is not a success.
    pub fn send(self, request: Result<Request, BuildError>, middleware: Middleware) -> CallFuture<RawResponse> {
        self.start(request, middleware)
    }

    /// Sends a request, with retries if necessary, and returns a successful response before its body has arrived.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send).
    pub fn open(self, request: Result<Request, BuildError>, middleware: Middleware) -> CallFuture<OpenResponse> {
        self.start(request, middleware)
    }

    /// The middleware of every API: adds the headers of the client, `Accept`, the credential and the headers of the
    /// call. A header that the operation itself sets is replaced only by one of the call.
    ///
    /// # Errors
    ///
    /// Returns an error if a header of the call cannot be sent.
    pub fn prepare(&self, request: &mut Request) -> Result<(), Error> {
        let shared = match self.operation.security {
            Security::Default => self.core.headers(),
            Security::AnyOf(_) => self.core.open_headers(),
        };
        let headers = request.headers_mut();
        // Copying the whole map is faster than inserting its headers one by one.
        let own = std::mem::replace(headers, shared.clone());
        let cookies = joined_cookies(headers, &own);
        headers.extend(own);
        if let Some(cookies) = cookies {
            headers.insert(header::COOKIE, cookies);
        }
        if !self.operation.accept.is_empty() {
            headers.insert(header::ACCEPT, HeaderValue::from_static(self.operation.accept));
        }
        let own = self.options.header_pairs().iter().map(|(name, value)| check_header(name, value));
        let own: Vec<(HeaderName, HeaderValue)> =
            own.collect::<Result<_, _>>().map_err(|problem| Error::invalid_request(Some(self.operation), problem))?;
        let credentials = self.core.credentials();
        match self.operation.security {
            // Its header is among the shared ones.
            Security::Default => credentials.first().put_query(request.url_mut()),
            Security::AnyOf(_) => {
                let accepted = self.credentials(request, &own)?;
                accepted.iter().for_each(|index| credentials.get(*index).put(request));
            }
        }
        for (name, value) in own {
            request.headers_mut().insert(name, value);
        }
        Ok(())
    }

    /// Returns the credentials that are sent with a request. `headers` are further headers of it.
    ///
    /// # Errors
    ///
    /// Returns an error if the operation requires several at once and one is missing.
    fn credentials(&self, request: &Request, headers: &[(HeaderName, HeaderValue)]) -> Result<&'static [usize], Error> {
        let profile = self.core.profile();
        let of = |index: usize| profile.credential(index);
        let is_carried = |index: usize| of(index).is_some_and(|credential| credential.is_carried(request, headers));
        self.core.credentials().of(self.operation.security, is_carried).map_err(|missing| {
            let missing = of(missing).map(Credential::description).unwrap_or_default();
            let message = format!(
                "`{} {}` requires several credentials at once, and {missing} is not configured; nothing was sent",
                self.operation.method, self.operation.path
            );
            Error::plain(ErrorKind::Configuration, Some(self.operation), message)
        })
    }

    fn start<T: ReadResponse>(self, request: Result<Request, BuildError>, middleware: Middleware) -> CallFuture<T> {
        let form = self.sent_form.lock().unwrap_or_else(PoisonError::into_inner).take();
        let (copy, upload) = match form {
            Some(SentForm { copy, begun, panics }) => (copy, Some(Upload { begun, panics })),
            None => (None, None),
        };
        match self.completed(request, copy, middleware) {
            Ok((request, replay)) => Attempts::new(self, middleware, replay, upload).run(request),
            Err(error) => Box::pin(std::future::ready(Err(error))),
        }
    }

    /// Returns the request of the first attempt, and what is needed for further ones.
    fn completed(
        &self,
        request: Result<Request, BuildError>,
        form: Option<Form>,
        middleware: Middleware,
    ) -> Result<(Box<Request>, Replay), Error> {
        // Boxed, because it is moved several times.
        let mut request =
            Box::new(request.map_err(|problem| error_context::invalid_request_error(self.operation, problem))?);
        self.fill(&mut request)?;
        let replay = match self.most_retries() {
            0 => Replay::None,
            _ => Replay::new(&request, form),
        };
        middleware(self, &mut request)?;
        Ok((request, replay))
    }

    /// Returns the deadline of a call that starts now.
    fn deadline(&self, now: Instant) -> Option<Deadline> {
        Deadline::new(now, self.options.total_time_limit().or(self.core.total_timeout()))
    }

    fn most_retries(&self) -> u32 {
        self.options.most_retries().unwrap_or(self.core.max_retries())
    }

    /// Returns the time limit of an attempt, or of each piece of a streamed response.
    fn attempt_limit(&self) -> Duration {
        self.options.time_limit().unwrap_or(self.core.timeout())
    }

    /// Adds the query parameters and the body of the options.
    fn fill(&self, request: &mut Request) -> Result<(), Error> {
        let pairs = self.options.query_pairs();
        // `query_pairs_mut` would append a question mark even without pairs.
        if !pairs.is_empty() {
            request.url_mut().query_pairs_mut().extend_pairs(pairs);
        }
        spell_out_spaces(request.url_mut());
        if let Some((media_type, body)) = self.options.own_body() {
            let value = HeaderValue::from_str(media_type).map_err(|_| {
                Error::invalid_request(Some(self.operation), format!("`{media_type}` is not a media type"))
            })?;
            request.headers_mut().insert(header::CONTENT_TYPE, value);
            *request.body_mut() = Some(body.clone().into());
            return Ok(());
        }
        let is_json = request.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == JSON);
        let body = request.body().and_then(reqwest::Body::as_bytes).filter(|_| is_json);
        match body.and_then(property_without_object) {
            Some(message) => Err(Error::invalid_request(Some(self.operation), message)),
            None => Ok(()),
        }
    }
}

/// Replaces `+` in a query by the encoded space that it stands for, because only some servers read it as one. A plus is
/// encoded itself.
fn spell_out_spaces(url: &mut Url) {
    let spelled = url.query().filter(|query| query.contains('+')).map(|query| query.replace('+', "%20"));
    if spelled.is_some() {
        url.set_query(spelled.as_deref());
    }
}

/// Joins the cookies of a client and those of an operation to one header, since a request must not have several.
fn joined_cookies(shared: &HeaderMap, own: &HeaderMap) -> Option<HeaderValue> {
    own.get(header::COOKIE)?;
    let all: Vec<&HeaderValue> = shared.get_all(header::COOKIE).iter().chain(own.get_all(header::COOKIE)).collect();
    let cookies: Vec<&[u8]> = all.iter().map(|cookies| cookies.as_bytes()).collect();
    let mut joined = HeaderValue::from_bytes(&cookies.join(&b"; "[..])).ok()?;
    joined.set_sensitive(all.iter().any(|cookies| cookies.is_sensitive()));
    Some(joined)
}

/// Encodes a value as one path segment: every byte that is not unreserved is percent-encoded.
pub fn encode_path(segment: &str) -> String {
    utf8_percent_encode(segment, UNRESERVED).to_string()
}

/// Checks a path parameter: an empty value, `.` or `..` would change the URL to a different path.
///
/// # Errors
///
/// Returns [`InvalidRequest`](crate::ErrorKind::InvalidRequest), with the name of the parameter, for such a value.
pub fn path_segment<'a>(operation: &'static Operation, name: &'static str, value: &'a str) -> Result<&'a str, Error> {
    let problem = match value {
        "" => "is empty",
        "." | ".." => "is `.` or `..`, which would change the path",
        _ => return Ok(value),
    };
    let message = format!("the path parameter `{name}` {problem}");
    Err(Error::invalid_request(Some(operation), message))
}

/// A type that a response is decoded into according to its status.
pub trait FromResponse: Sized {
    /// Decodes the response.
    ///
    /// # Errors
    ///
    /// Returns an error if the body does not match the type for its status.
    fn from_response(response: RawResponse) -> Result<Self, Error>;
}

/// Functions that decode the body of a response into a value.
pub mod decode {
    use super::{Bytes, Error, FromResponse, RawResponse, ReadJson};

    /// Decodes JSON.
    pub fn json<T: ReadJson>(response: RawResponse) -> Result<T, Error> {
        let mut value = T::blank();
        response.read_into(&mut value)?;
        Ok(value)
    }

    /// Decodes text; bytes that are not valid UTF-8 are replaced. Compressed text is an error.
    pub fn text<T: From<String>>(response: RawResponse) -> Result<T, Error> {
        Ok(response.uncompressed()?.text().into_owned().into())
    }

    /// Returns the bytes. Compressed ones are an error.
    pub fn bytes<T: From<Bytes>>(response: RawResponse) -> Result<T, Error> {
        Ok(response.uncompressed()?.into_bytes().into())
    }

    /// Ignores the body.
    pub fn empty<T: Default>(_: RawResponse) -> Result<T, Error> {
        Ok(T::default())
    }

    /// Decodes the body into the type for its status.
    pub fn status<T: FromResponse>(response: RawResponse) -> Result<T, Error> {
        T::from_response(response)
    }
}

/// Extensions of the request builder that the functions generated by progenitor use. progenitor itself supports
/// required bodies only, spends time on every query parameter that is absent, and compiles a serializer for each type.
pub trait RequestParts: Sized {
    /// Adds a query parameter.
    #[must_use]
    fn required_query<T: WriteJson>(self, name: &str, value: &T) -> Self;

    /// Adds a query parameter if there is one.
    #[must_use]
    fn optional_query<T: WriteJson>(self, name: &str, value: Option<T>) -> Self;

    /// Adds a JSON body.
    #[must_use]
    fn json_body<T: WriteJson + ?Sized>(self, body: &T) -> Self;

    /// Adds a JSON body of a media type that is based on JSON.
    #[must_use]
    fn json_body_as<T: WriteJson + ?Sized>(self, media_type: &'static str, body: &T) -> Self;

    /// Adds a JSON body if there is one.
    #[must_use]
    fn optional_json_body<T: WriteJson + ?Sized>(self, body: Option<&T>) -> Self;

    /// Adds a JSON body of a media type that is based on JSON, if there is one.
    #[must_use]
    fn optional_json_body_as<T: WriteJson + ?Sized>(self, media_type: &'static str, body: Option<&T>) -> Self;
}

impl RequestParts for RequestBuilder {
    fn required_query<T: WriteJson>(self, name: &str, value: &T) -> Self {
        with_query(self, name, value)
    }

    fn optional_query<T: WriteJson>(self, name: &str, value: Option<T>) -> Self {
        match value {
            Some(value) => with_query(self, name, &value),
            None => self,
        }
    }

    fn json_body<T: WriteJson + ?Sized>(self, body: &T) -> Self {
        with_json(self, JSON, &body)
    }

    fn json_body_as<T: WriteJson + ?Sized>(self, media_type: &'static str, body: &T) -> Self {
        with_json(self, media_type, &body)
    }

    fn optional_json_body<T: WriteJson + ?Sized>(self, body: Option<&T>) -> Self {
        self.optional_json_body_as(JSON, body)
    }

    fn optional_json_body_as<T: WriteJson + ?Sized>(self, media_type: &'static str, body: Option<&T>) -> Self {
        match body {
            Some(body) => self.json_body_as(media_type, body),
            None => self,
        }
    }
}

const JSON: &str = "application/json";

/// Adds a value to the query; a list repeats the name. Numbers of any size are written as they stand in JSON.
fn with_query(request: RequestBuilder, name: &str, value: &dyn WriteJson) -> RequestBuilder {
    let json = to_bytes(value);
    let texts: Vec<String> = match json.first() {
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_slice(&json).unwrap_or_default();
            items.iter().filter_map(|item| query_text(item.get())).collect()
        }
        Some(_) | None => query_text(&String::from_utf8_lossy(&json)).into_iter().collect(),
    };
    request.query(&texts.iter().map(|text| (name, text.as_str())).collect::<Vec<_>>())
}

/// Returns a single value in JSON as it stands in a query.
fn query_text(json: &str) -> Option<String> {
    match json {
        "null" => None,
        string if string.starts_with('"') => serde_json::from_str(string).ok(),
        other => Some(other.to_owned()),
    }
}

fn with_json(request: RequestBuilder, media_type: &'static str, body: &dyn WriteJson) -> RequestBuilder {
    request.header(header::CONTENT_TYPE, media_type).body(to_bytes(body))
}

/// Returns what is wrong with a body in which a value was passed that should have been an object.
fn property_without_object(body: &[u8]) -> Option<String> {
    let place = body.iter().position(|byte| *byte == NOT_JSON)?;
    let before = String::from_utf8_lossy(body.get(..place).unwrap_or_default());
    let name = before.strip_suffix("\":").and_then(|before| before.rsplit('"').next());
    let found = match body.get(place + 1) {
        Some(b'[') => "an array",
        Some(b'"') => "a string",
        Some(b'n') => "null",
        Some(b't' | b'f') => "a boolean",
        Some(_) | None => "a number",
    };
    let what = name.map_or_else(|| "a value in the body".to_owned(), |name| format!("`{name}`"));
    Some(format!("{what} must be a JSON object and is {found}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::Deprecation;

    static OPERATION: Operation = Operation {
        id: "things.get",
        method: "GET",
        path: "/things/{id}",
        summary: "",
        deprecated: Deprecation::Current,
        accept: "application/json",
        started: &[],
        security: Security::Default,
    };

    #[test]
    fn path_segment_stays_one_segment() {
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
            let url = Url::parse(&format!("{base}/{encoded}/end")).unwrap();
            assert_eq!(url.path(), format!("/things/{encoded}/end"));
        }
    }

    #[test]
    fn query_has_the_text_of_values_and_repeats_names_of_lists() {
        let rows: [(&dyn WriteJson, &str); 8] = [
            (&"a b&c=ü", "?q=a+b%26c%3D%C3%BC"),
            (&"", "?q="),
            (&7_i64, "?q=7"),
            (&1.5_f64, "?q=1.5"),
            (&true, "?q=true"),
            (&170_141_183_460_469_231_731_687_303_715_884_105_727_i128, "?q=170141183460469231731687303715884105727"),
            (&vec!["x,y".to_owned(), "null".to_owned()], "?q=x%2Cy&q=null"),
            (&Vec::<String>::new(), ""),
        ];
        for (value, query) in rows {
            let request = with_query(reqwest::Client::new().get("https://a.example/"), "q", value).build().unwrap();
            assert_eq!(request.url().as_str(), format!("https://a.example/{query}"));
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
