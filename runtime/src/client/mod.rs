//! Calling an API over HTTP: configuration, requests and their attempts, responses, errors, pagination and polling.
//!
//! It must not know any API or operation, nor the ways to call it that are separate features (`blocking`, `dispatch`,
//! `testing`).

mod addresses;
mod call;
mod client_type;
mod clock;
mod confidential;
pub(crate) mod config;
mod disk_thread;
pub(crate) mod download;
mod encode;
pub(crate) mod error;
mod error_body;
mod framing;
pub(crate) mod pagination;
pub(crate) mod polling;
pub(crate) mod profile;
pub(crate) mod request_options;
mod response;
mod retry;
mod server_template;
mod stream;
mod telemetry;
pub(crate) mod upload;
mod wire;
#[cfg(feature = "blocking")]
pub(crate) mod worker;

pub use clock::{Clock, Pause, SystemClock};
pub use config::{KeyProvider, ProvidedKey, SharedCore};
pub use download::Download;
pub use error::{Error, ErrorKind, GaveUp};

pub use pagination::{Items, Pages, Paginated};
pub use polling::{Batch, PollSchedule, Pollable, Poller, Wait};
pub use profile::Environment;
pub use request_options::RequestOptions;
pub use response::{RawResponse, Response, ResponseParts};
pub use retry::{Attempt, RetryPolicy, Verdict};
pub use stream::Values;

/// The parts of this module that generated code needs.
pub(crate) mod codegen {
    pub use reqwest;
    #[cfg(feature = "tracing")]
    pub use tracing;

    pub use super::call::CallFuture;
    pub use super::config::{Core, CoreBuilder};
    pub use super::encode::{
        Encoding, Explode, FormField, QueryText, Style, encode_cookie, encode_form, encode_header, encode_in_path,
    };
    pub use super::error::Error;
    pub use super::error_body::{decode_error_body, error_status};
    pub use super::framing::Framing;
    pub use super::polling::{BatchRuns, Start, Status, string_at};
    pub use super::profile::{
        Credential, Environment, Hint, InjectedHeader, Placement, Profile, Requirement, Retrying,
    };
    pub use super::request_options::SetHeader;
    pub use super::server_template::{ServerTemplate, ServerVariable};
    pub use super::stream::OpenResponse;
    pub use super::telemetry::Telemetry;
    pub use super::upload::{PartContent, PartEncoding};
    pub use super::wire::{
        BuildError, Context, DecodeFuture, FromResponse, Middleware, Once, RawFuture, RequestParts, SendCall, SendOnce,
        decode, encode_path, path_segment,
    };
}
