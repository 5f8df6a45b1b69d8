//! What every generated client needs and `progenitor-client` lacks.
//!
//! This crate knows no API: names of headers, variables, servers and hints arrive as a [`Profile`], which
//! the generator writes from `spec/profile.toml`. It sits below the generated client and never refers to it.

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "client")]
mod call;
#[cfg(feature = "client")]
mod clock;
#[cfg(feature = "client")]
mod core;
mod decode;
#[cfg(feature = "dispatch")]
pub mod dispatch;
#[cfg(feature = "client")]
mod download;
#[cfg(feature = "client")]
mod error;
pub mod json;
pub mod multipart;
#[cfg(feature = "client")]
mod observe;
#[cfg(feature = "client")]
pub mod pages;
#[cfg(feature = "client")]
pub mod poll;
mod profile;
#[cfg(feature = "client")]
mod progress;
#[cfg(feature = "client")]
pub mod refusal;
#[cfg(feature = "client")]
mod request;
#[cfg(feature = "client")]
mod response;
#[cfg(feature = "client")]
mod retry;
mod secret;
mod sensitive;
#[cfg(feature = "client")]
mod server;
#[cfg(feature = "client")]
pub mod stream;
#[cfg(feature = "test-util")]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "webhooks")]
pub mod webhooks;
#[cfg(feature = "client")]
pub mod wire;
#[cfg(feature = "client")]
pub mod written;

#[cfg(feature = "client")]
pub use crate::core::{Core, CoreBuilder, KeyProvider, ProvidedKey};
#[cfg(feature = "client")]
pub use call::Sending;
#[cfg(feature = "client")]
pub use clock::{Clock, Pause, SystemClock};
pub use decode::{JsonError, decode_json, decode_value, read_json, read_value};
#[cfg(feature = "client")]
pub use download::Download;
#[cfg(feature = "client")]
pub use error::{Error, ErrorKind, GaveUp};
#[cfg(feature = "client")]
pub use pages::{Items, Paged, Pages};
#[cfg(feature = "client")]
pub use poll::{PollSchedule, Poller, Watch};
pub use profile::{
    Credential, Deprecation, Environment, Hint, InjectedHeader, Operation, Placement, Profile, Requirement, Retrying,
};
#[cfg(feature = "client")]
pub use progress::Progress;
#[cfg(feature = "client")]
pub use request::RequestOptions;
#[cfg(feature = "client")]
pub use response::{RawResponse, Response, ResponseParts};
#[cfg(feature = "client")]
pub use retry::{Attempt, RetryPolicy, Verdict};
pub use secret::Secret;
#[cfg(feature = "client")]
pub use server::{ServerTemplate, ServerVariable};

// What generated code and macros of this crate refer to by path.
pub use bytes::Bytes;
pub use http::{HeaderMap, StatusCode};
pub use indexmap::IndexMap;
#[doc(hidden)]
pub use serde;
#[doc(hidden)]
pub use serde_json;
pub use serde_json::Value;
