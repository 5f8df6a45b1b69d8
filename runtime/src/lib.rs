//! The runtime of generated clients: everything that is the same for every API.
//!
//! The public API is at the root and in the modules [`json`], `webhooks`, `testing`, `tower` and `blocking`. Items that
//! only generated code needs are in `codegen`, which is exempt from semantic versioning: a client depends on exactly
//! one version of this crate.
//!
//! This crate does not depend on any particular API: the names of headers, environment variables and servers, and the
//! hints in error messages, come from a profile, which the generator writes. It never refers to the generated client.

#[cfg(feature = "blocking")]
pub mod blocking;
#[cfg(feature = "client")]
mod client;
#[doc(hidden)]
pub mod codegen;
mod decode;
#[cfg(feature = "dispatch")]
pub mod dispatch;
pub mod json;
mod multipart;
#[cfg(feature = "client")]
mod operation;
#[cfg(feature = "client")]
mod progress;
mod readable;
mod round_trip;
mod secret;
mod sensitive;
#[cfg(feature = "test-util")]
pub mod testing;
#[cfg(feature = "tower")]
pub mod tower;
#[cfg(feature = "webhooks")]
pub mod webhooks;

#[cfg(feature = "client")]
pub use client::{
    Attempt, Batch, Clock, Download, Environment, Error, ErrorKind, GaveUp, Items, KeyProvider, Pages, Paginated,
    Pause, PollSchedule, Pollable, Poller, ProvidedKey, RawResponse, RequestOptions, Response, ResponseParts,
    RetryPolicy, SharedCore, SystemClock, Values, Verdict, Wait,
};
pub use decode::{JsonError, decode_json, decode_value};
#[doc(hidden)]
pub use decode::{read_json, read_value};
pub use multipart::FilePart;
pub use secret::Secret;
#[cfg(feature = "client")]
pub use {
    operation::{Deprecation, Operation, Security},
    progress::Progress,
};

pub use bytes::Bytes;
pub use http::{HeaderMap, StatusCode};
pub use indexmap::IndexMap;
pub use serde_json::Value;

// The macros of `json` refer to these crates.
#[doc(hidden)]
pub use {serde, serde_json};
