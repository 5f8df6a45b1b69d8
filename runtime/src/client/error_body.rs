//! Decodes error responses, for types that distinguish error bodies by status.
//!
//! This module must not know which statuses and bodies an operation describes.

use crate::client::error::{Error, ErrorKind};
use crate::decode::read_json;
use crate::json::ReadJson;

/// Returns the status of an error response; `None` for any other failure, including one while a successful response is
/// read.
pub fn error_status(error: &Error) -> Option<u16> {
    match error.kind() {
        ErrorKind::Status => error.status().map(|status| status.as_u16()),
        ErrorKind::Configuration
        | ErrorKind::Credential
        | ErrorKind::Layer
        | ErrorKind::Output
        | ErrorKind::RepeatedToken
        | ErrorKind::WaitTimeout
        | ErrorKind::InvalidRequest
        | ErrorKind::Connect
        | ErrorKind::Timeout
        | ErrorKind::Transport
        | ErrorKind::Stream
        | ErrorKind::Decode
        | ErrorKind::ResponseTooLarge => None,
    }
}

/// Decodes the body of an error response; `None` if it does not match the type.
pub fn decode_error_body<T: ReadJson>(error: &Error) -> Option<T> {
    read_json(error.body()?).ok()
}
