//! The runtime of generated clients: everything that is the same for every API.
//!
//! What users of a client may touch stands at the root and in the modules [`json`], `webhooks`, `testing`, `tower` and
//! `blocking`. What only generated code needs is in `codegen`, which is exempt from semantic versioning: a client depends on
//! exactly one version of this crate.
//!
//! This crate knows no API: names of headers, variables, servers and hints arrive as a profile, which the generator writes. It sits
//! below the generated client and never refers to it.

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
    RetryPolicy, SystemClock, Values, Verdict, Wait,
};
pub use decode::{JsonError, decode_json, decode_value};
#[doc(hidden)]
pub use decode::{read_json, read_value};
pub use multipart::FilePart;
pub use secret::Secret;
#[cfg(feature = "client")]
pub use {
    operation::{Deprecation, Operation},
    progress::Progress,
};

pub use bytes::Bytes;
pub use http::{HeaderMap, StatusCode};
pub use indexmap::IndexMap;
pub use serde_json::Value;

// The macros of `json` refer to them.
#[doc(hidden)]
pub use {serde, serde_json};
