//! What every generated client needs and `progenitor-client` lacks.
//!
//! This crate knows no API: names of headers, variables, servers and hints arrive as a [`Profile`], which
//! the generator writes from `spec/profile.toml`. It sits below the generated client and never refers to it.

mod call;
mod clock;
mod core;
#[cfg(feature = "dispatch")]
pub mod dispatch;
mod download;
mod error;
pub mod json;
pub mod multipart;
mod observe;
pub mod pages;
pub mod poll;
mod profile;
mod progress;
mod request;
mod response;
mod retry;
mod secret;
pub mod stream;
#[cfg(feature = "test-util")]
pub mod testing;
#[cfg(feature = "webhooks")]
pub mod webhooks;
pub mod wire;
pub mod written;

pub use crate::core::{Core, CoreBuilder, KeyProvider, ProvidedKey};
pub use call::Sending;
pub use clock::{Clock, Pause, SystemClock};
pub use download::Download;
pub use error::{Error, ErrorKind, GaveUp};
pub use pages::{Items, Paged, Pages};
pub use poll::{PollSchedule, Poller, Watch};
pub use profile::{
    Credential, Deprecation, Environment, Hint, InjectedHeader, Operation, Placement, Profile, Requirement, Retrying,
};
pub use progress::Progress;
pub use request::RequestOptions;
pub use response::{JsonError, RawResponse, Response, ResponseParts, decode_json, decode_value};
pub use retry::{Attempt, RetryPolicy, Verdict};
pub use secret::Secret;

// What generated code and macros of this crate refer to by path.
pub use bytes::Bytes;
pub use http::{HeaderMap, StatusCode};
pub use indexmap::IndexMap;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use serde_json;
pub use serde_json::Value;
