//! Responses: status and headers, the typed response, and the undecoded response.
//!
//! It must not know how the response was fetched.

use std::borrow::Cow;
use std::fmt;
use std::ops::Deref;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, header};
use serde::de::DeserializeOwned;

use crate::client::confidential::Confidential;
use crate::client::error::{Error, ErrorKind, Received, compressed, request_id};
use crate::client::profile::Profile;
use crate::decode::{JsonError, decode_json, read_json_into};
use crate::json::{ReadJson, ReadLimits};
use crate::operation::Operation;

/// The maximum length of a header value that `Debug` shows, in characters.
const LONGEST_SHOWN: usize = 200;

/// The status, the headers and the metadata of a response.
#[derive(Clone)]
pub struct ResponseParts {
    operation: &'static Operation,
    profile: &'static Profile,
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
    confidential: Confidential,
}

impl ResponseParts {
    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.operation
    }

    /// Returns the number of attempts that were made, including the one that succeeded.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the ID that the server assigned to the request.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers, self.profile)
    }

    /// Returns the secrets of the call, which must not be shown.
    #[cfg(feature = "dispatch")]
    pub(crate) fn confidential(&self) -> &Confidential {
        &self.confidential
    }

    /// Returns a string from the server as `Debug` shows it: shortened and without secrets.
    fn shown(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| self.confidential.shown(text, LONGEST_SHOWN))
    }

    /// Returns the value of the `Content-Type` header.
    pub fn content_type(&self) -> Option<&str> {
        self.headers.get(header::CONTENT_TYPE)?.to_str().ok()
    }
}

impl fmt::Debug for ResponseParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseParts")
            .field("operation", &self.operation.id)
            .field("status", &self.status.as_u16())
            .field("content_type", &self.shown(self.content_type()))
            .field("request_id", &self.shown(self.request_id()))
            .finish_non_exhaustive()
    }
}

/// A typed response, together with its status and headers. It dereferences to the typed response.
#[derive(Clone, Debug)]
pub struct Response<T> {
    value: T,
    parts: ResponseParts,
}

impl<T> Response<T> {
    /// Returns the status, headers and request ID.
    pub fn parts(&self) -> &ResponseParts {
        &self.parts
    }

    /// Returns the typed response only.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the typed response and its parts.
    pub fn into_parts(self) -> (T, ResponseParts) {
        (self.value, self.parts)
    }

    /// Decodes a response and keeps its parts; used by [`call!`](crate::call).
    ///
    /// # Errors
    ///
    /// Returns the errors of `response` and `decode`.
    #[doc(hidden)]
    pub async fn receive(
        response: impl Future<Output = Result<RawResponse, Error>>,
        decode: fn(RawResponse) -> Result<T, Error>,
    ) -> Result<Self, Error> {
        let response = response.await?;
        let parts = response.parts.clone();
        Ok(Self { value: decode(response)?, parts })
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A successful response that has not been decoded.
#[derive(Clone)]
pub struct RawResponse {
    parts: ResponseParts,
    body: Bytes,
    limits: ReadLimits,
}

impl RawResponse {
    pub(crate) fn new(operation: &'static Operation, received: Received, attempts: u32, limits: ReadLimits) -> Self {
        let Received { status, headers, body, profile, confidential } = received;
        Self { parts: ResponseParts { operation, profile, status, headers, attempts, confidential }, body, limits }
    }

    /// Returns the operation that was called.
    pub fn operation(&self) -> &'static Operation {
        self.parts.operation()
    }

    /// Returns the number of attempts that were made, including the one that succeeded.
    pub fn attempts(&self) -> u32 {
        self.parts.attempts()
    }

    /// Returns the status.
    pub fn status(&self) -> StatusCode {
        self.parts.status()
    }

    /// Returns the headers.
    pub fn headers(&self) -> &HeaderMap {
        self.parts.headers()
    }

    /// Returns the ID that the server assigned to the request.
    pub fn request_id(&self) -> Option<&str> {
        self.parts.request_id()
    }

    /// Returns the value of the `Content-Type` header.
    pub fn content_type(&self) -> Option<&str> {
        self.parts.content_type()
    }

    #[cfg(feature = "dispatch")]
    pub(crate) fn confidential(&self) -> &Confidential {
        self.parts.confidential()
    }

    /// Returns the body.
    pub fn bytes(&self) -> &Bytes {
        &self.body
    }

    /// Returns the body only.
    pub fn into_bytes(self) -> Bytes {
        self.body
    }

    /// Returns the body as text. Invalid UTF-8 is replaced with replacement characters.
    pub fn text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.body)
    }

    /// Decodes the JSON body into a type.
    ///
    /// # Errors
    ///
    /// Returns an [`ErrorKind::Decode`] error if the body is not JSON or does not have the expected shape. The error
    /// names the JSON path and contains the body.
    pub fn decode<T: DeserializeOwned>(&self) -> Result<T, Error> {
        decode_json(&self.body).map_err(|problem| self.undecodable(problem))
    }

    /// Decodes the JSON body into a blank value. Takes the response, so that dropping it is not compiled for each type.
    pub(crate) fn read_into(self, value: &mut dyn ReadJson) -> Result<(), Error> {
        read_json_into(&self.body, value, self.limits).map_err(|problem| self.undecodable(problem))
    }

    /// Returns the response unless its body is compressed, which would hand it out in another form than declared.
    ///
    /// # Errors
    ///
    /// Returns an [`ErrorKind::Decode`] error that names the compression.
    pub(crate) fn uncompressed(self) -> Result<Self, Error> {
        let Some(compressed) = compressed(self.headers()).filter(|_| !self.body.is_empty()) else { return Ok(self) };
        let Self { parts: ResponseParts { operation, profile, status, headers, attempts, confidential }, body, .. } =
            self;
        let message = format!("the response has status {} and {compressed}", status.as_u16());
        let received = Received { status, headers, body, profile, confidential };
        Err(Error::unusable_response(ErrorKind::Decode, operation, message, received).after(attempts, None))
    }

    fn undecodable(&self, problem: JsonError) -> Error {
        let ResponseParts { operation, profile, status, ref headers, attempts, ref confidential } = self.parts;
        let (headers_kept, confidential) = (headers.clone(), confidential.clone());
        let received = Received { status, headers: headers_kept, body: self.body.clone(), profile, confidential };
        let status = status.as_u16();
        let content_type = self.content_type().unwrap_or("no content type");
        let unusable =
            |message: String, received| Error::unusable_response(ErrorKind::Decode, operation, message, received);
        if problem.is_timeout() {
            let message = "the response arrived in time, but could not be decoded within the time limit".to_owned();
            return Error::unusable_response(ErrorKind::Timeout, operation, message, received).after(attempts, None);
        }
        if problem.is_too_large() {
            let most = self.limits.memory();
            let message = format!("the response takes more than {most} bytes when it is decoded");
            let kind = ErrorKind::ResponseTooLarge;
            return Error::unusable_response(kind, operation, message, received).after(attempts, None);
        }
        if self.body.iter().all(u8::is_ascii_whitespace) {
            let message = format!("the response has status {status} and no body, expected JSON");
            return unusable(message, received).after(attempts, None);
        }
        if let Some(compressed) = compressed(headers).filter(|_| !problem.is_shape()) {
            return unusable(format!("the response has status {status} and {compressed}"), received)
                .after(attempts, None);
        }
        if !content_type.contains("json") && !problem.is_shape() {
            let message =
                format!("the response has status {status} and is not JSON ({content_type}): {}", problem.message);
            return unusable(message, received).after(attempts, None);
        }
        Error::undecodable_response(operation, problem, received).after(attempts, None)
    }
}

impl fmt::Debug for RawResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawResponse")
            .field("operation", &self.operation().id)
            .field("status", &self.status().as_u16())
            .field("content_type", &self.parts.shown(self.content_type()))
            .field("request_id", &self.parts.shown(self.request_id()))
            .field("body_bytes", &self.body.len())
            .finish()
    }
}
