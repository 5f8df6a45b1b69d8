//! What every generated client needs and `progenitor-client` lacks.
//!
//! This crate knows no API: names of headers, variables, servers and hints arrive as a [`Profile`], which
//! the generator writes from `spec/profile.toml`. It sits below the generated client and never refers to it.

mod call;
mod clock;
mod core;
#[cfg(feature = "dispatch")]
pub mod dispatch;
mod error;
pub mod json;
pub mod multipart;
mod profile;
pub mod refusal;
mod request;
mod response;
mod secret;
mod server;
pub mod stream;
pub mod wire;
pub mod written;

pub use crate::core::{Core, CoreBuilder};
pub use clock::{Clock, Pause, SystemClock};
pub use error::{Error, ErrorKind};
pub use profile::{
    Credential, Deprecation, Environment, Hint, InjectedHeader, Operation, Placement, Profile, Requirement,
};
pub use request::RequestOptions;
pub use response::{JsonError, RawResponse, decode_json, decode_value};
pub use secret::Secret;
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
