//! Runs an operation from string arguments, as a command line has them, by turning them into those of a typed call.
//!
//! Knows operations only as data, and no API. Generated code takes the arguments of each operation out of
//! [`Arguments`], makes the typed call with [`run_call!`](crate::run_call) and returns an [`Outcome`].

mod arguments;
mod guess;
mod lookup;

use std::fmt;
use std::pin::Pin;

use serde::Serialize;

use crate::client::RawResponse;
use crate::client::error::{Error, ErrorKind};
use crate::decode::JsonError;
use crate::readable::clean;
use crate::secret::REDACTED;
use crate::sensitive::{is_sensitive_name, without_query};

pub use arguments::Arguments;
#[cfg(feature = "test-util")]
pub(crate) use lookup::find_nearest;
pub use lookup::{Found, find};

/// The form in which the response is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Output {
    /// The decoded response, serialized again.
    Typed,
    /// The response as received.
    Raw,
}

/// The result of a call.
#[derive(Debug)]
pub enum Outcome {
    /// The typed response as JSON.
    Json(serde_json::Value),
    /// The response as received.
    Raw(RawResponse),
}

impl Outcome {
    /// Serializes a typed response.
    ///
    /// # Errors
    ///
    /// Returns an error if the response cannot be represented as JSON, such as a map whose keys are not strings.
    pub fn typed<T: Serialize>(response: &T) -> Result<Self, CallError> {
        match serde_json::to_value(response) {
            Ok(value) => Ok(Self::Json(value)),
            Err(error) => {
                let message = format!("the response cannot be written as JSON ({error}); ask for the raw one");
                Err(UsageError::new(message).into())
            }
        }
    }
}

/// Returns the status line and the headers of a response, one per line, without the values of sensitive headers or the
/// query strings of links.
pub fn head(response: &RawResponse) -> String {
    let mut text = format!("HTTP {}\n", response.status());
    for (name, value) in response.headers() {
        let hidden = value.is_sensitive() || is_sensitive_name(name.as_str());
        let value = String::from_utf8_lossy(value.as_bytes());
        let shown = if hidden { REDACTED.into() } else { without_query(&value) };
        let shown = clean(&response.confidential().hide(&shown));
        text.push_str(&format!("{name}: {shown}\n"));
    }
    text
}

/// An error in the arguments of a call. Nothing was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UsageError {
    message: String,
    json_path: Option<String>,
}

impl UsageError {
    /// Creates an error with a human-readable message.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), json_path: None }
    }

    /// Creates the error for JSON that does not fit its type; `what` names the argument.
    pub(crate) fn misfit(what: &str, error: &JsonError) -> Self {
        Self { message: format!("{what} does not fit: {}", error.message), json_path: Some(error.path.clone()) }
    }

    /// Returns the JSON path of the problem within the argument, where `$` stands for the whole value.
    pub fn json_path(&self) -> Option<&str> {
        self.json_path.as_deref()
    }
}

impl fmt::Display for UsageError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UsageError {}

/// Why a call returned no response.
#[derive(Debug)]
pub enum CallError {
    /// The arguments are not valid.
    Usage(UsageError),
    /// The call failed.
    Api(Error),
}

impl CallError {
    /// Returns the class of the failure, from the point of view of the caller.
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Usage(_) => FailureClass::Usage,
            Self::Api(error) => match error.kind() {
                ErrorKind::Configuration | ErrorKind::Credential | ErrorKind::InvalidRequest => FailureClass::Usage,
                ErrorKind::Layer
                | ErrorKind::Connect
                | ErrorKind::Timeout
                | ErrorKind::Transport
                | ErrorKind::WaitTimeout => FailureClass::Connection,
                ErrorKind::Status if error.is_server_error() => FailureClass::Server,
                ErrorKind::Status => FailureClass::Rejected,
                ErrorKind::Stream
                | ErrorKind::Decode
                | ErrorKind::ResponseTooLarge
                | ErrorKind::Output
                | ErrorKind::RepeatedToken => FailureClass::Response,
            },
        }
    }
}

impl fmt::Display for CallError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Usage(error) => error.fmt(f),
            Self::Api(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for CallError {}

impl From<UsageError> for CallError {
    fn from(error: UsageError) -> Self {
        Self::Usage(error)
    }
}

impl From<Error> for CallError {
    fn from(error: Error) -> Self {
        Self::Api(error)
    }
}

/// A running call that was started by name.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Outcome, CallError>> + Send + 'a>>;

/// The class of a failure, from the point of view of the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureClass {
    /// The arguments or the configuration have to change; nothing was sent.
    Usage,
    /// There is no response: the connection failed, broke or timed out.
    Connection,
    /// The server rejected the request (any status that is neither a success nor 5xx).
    Rejected,
    /// The server failed (5xx).
    Server,
    /// The response cannot be read: it does not fit its type or is too large.
    Response,
}

/// Finishes the arguments and makes the call: `run_call!(builder, arguments)`, in an `async fn` that returns
/// `Result<Outcome, CallError>`.
#[macro_export]
macro_rules! run_call {
    ($call:expr, $arguments:ident) => {{
        let (options, output) = $arguments.finish()?;
        let call = $call.options(options);
        match output {
            $crate::dispatch::Output::Typed => {
                let response = ::std::future::IntoFuture::into_future(call).await?;
                $crate::dispatch::Outcome::typed(&response)
            }
            $crate::dispatch::Output::Raw => {
                let response = ::std::boxed::Box::pin(call.send_raw()).await?;
                ::std::result::Result::Ok($crate::dispatch::Outcome::Raw(response))
            }
        }
    }};
}

/// Ends an arm of the dispatch table whose response is not a single JSON value; the response is returned as received.
#[macro_export]
macro_rules! run_raw {
    ($call:expr, $arguments:ident) => {{
        let (options, _) = $arguments.finish()?;
        let response = ::std::boxed::Box::pin($call.options(options).send_raw()).await?;
        ::std::result::Result::Ok($crate::dispatch::Outcome::Raw(response))
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_classed_by_what_can_be_done() {
        for (error, class) in [
            (CallError::from(UsageError::new("no")), FailureClass::Usage),
            (CallError::from(Error::configuration("no key")), FailureClass::Usage),
            (CallError::from(Error::invalid_request(None, "no file")), FailureClass::Usage),
        ] {
            assert_eq!(error.class(), class, "{error}");
        }
    }

    #[test]
    fn misfit_names_the_argument_and_the_place() {
        let error = crate::decode_json::<Vec<u8>>(b"[1, true]").unwrap_err();
        let error = UsageError::misfit("the body", &error);
        assert_eq!(error.to_string(), "the body does not fit: invalid type: boolean `true`, expected u8");
        assert_eq!(error.json_path(), Some("[1]"));
    }
}
