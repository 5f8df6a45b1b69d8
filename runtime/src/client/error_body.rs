//! What a server says when it refuses, for types that tell error bodies apart by status.
//!
//! Must not know which statuses and bodies an operation describes.

use crate::client::error::{Error, ErrorKind};
use crate::decode::read_json;
use crate::json::ReadJson;

/// The status of a refusal. `None` for failures of any other kind, those of a successful response included.
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
        | ErrorKind::Decode
        | ErrorKind::ResponseTooLarge => None,
    }
}

/// The body of a refusal as a type, when it is of that type.
pub fn decode_error_body<T: ReadJson>(error: &Error) -> Option<T> {
    read_json(error.body()?).ok()
}
