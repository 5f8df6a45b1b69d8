//! Rust client for the [Extend](https://www.extend.ai) document processing API: parse, extract, classify, split, edit and
//! verify files, chain those steps in workflows, and measure them with evaluation sets.
//!
//! # First call
//!
//! ```no_run
//! use extend_ai::Client;
//! use extend_ai::types::{FileFromUrl, WorkflowReference};
//!
//! # async fn run() -> Result<(), extend_ai::Error> {
//! let client = Client::from_env()?; // reads EXTEND_API_KEY
//! let run = client
//!     .workflow_runs()
//!     .create(WorkflowReference::new("wf_1234567890"))
//!     .file(FileFromUrl::new("https://example.com/invoice.pdf"))
//!     .await?;
//! println!("{} is {}", run.id, run.status);
//! # Ok(())
//! # }
//! ```
//!
//! # Calls
//!
//! Every operation of the API is a method of a resource: `client.extract_runs().list()`. What the API requires is an argument,
//! everything else a setter, and awaiting the builder sends the request. `send_with_parts()` gives status and headers too,
//! `send_raw()` status, headers and bytes.
//!
//! [`Client::download`] follows the links that files and runs hold. [`webhooks`] checks and reads deliveries, without a client.
//!
//! # Lists and runs
//!
//! A list call gives one page; its `items()` and `pages()` go through all of them ([`Items`], [`Pages`]). A call that starts a run,
//! or fetches one, has `wait()`, which gives the run at its end, and `poller()`, which shows each state ([`Poller`]); `attach(id)`
//! waits for a run that was started before.
//!
//! ```no_run
//! use extend_ai::Client;
//! use extend_ai::types::FileFromId;
//!
//! # async fn run() -> Result<(), extend_ai::Error> {
//! let client = Client::from_env()?;
//! let mut files = client.files().list().items();
//! while let Some(file) = files.next().await {
//!     let run = client.parse_runs().create(FileFromId::new(file?.id)).wait().await?;
//!     println!("{} is {}", run.id, run.status);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Configuration
//!
//! [`Client::from_env`] reads these variables; what is set on a [`ClientBuilder`] wins over them.
//!
//! | variable | meaning | setter |
//! |---|---|---|
//! | `EXTEND_API_KEY` | API key; required | [`api_key`](ClientBuilder::api_key) |
//! | `EXTEND_REGION` | `us` (default), `us2` or `eu` | [`region`](ClientBuilder::region) |
//! | `EXTEND_BASE_URL` | base URL of your own; beats the region | [`base_url`](ClientBuilder::base_url) |
//! | `EXTEND_WORKSPACE_ID` | workspace; needed with an organization-scoped key | [`workspace_id`](ClientBuilder::workspace_id) |
//! | `EXTEND_API_VERSION` | dated revision; leave it alone unless told otherwise | [`api_version`](ClientBuilder::api_version) |
//! | `EXTEND_WEBHOOK_SECRET` | secret of a webhook endpoint; needs no client | [`Webhooks::from_env`](webhooks::Webhooks::from_env) |
//!
//! # Retries and time limits
//!
//! A failed attempt is repeated twice where that is harmless; [`RetryPolicy`] says what that means and changes it. `timeout` limits
//! an attempt, `total_timeout` a call with all its attempts. With the feature `tracing` calls, attempts and retries are spans and
//! events.
//!
//! # Answers
//!
//! Reading is liberal, writing is exact. Values, variants and properties that this version does not know are kept and written
//! back; a property that the API promises and does not send is an error that names its JSON path. See [`Error`].
//!
//! # Features
//!
//! | feature | default | brings |
//! |---|---|---|
//! | `full` | yes | every area of the API: `batches`, `classify`, `edit`, `evaluation`, `extract`, `files`, `legacy`, `parse`, `split`, `verify`, `webhook-endpoints`, `workflows`, each a feature too |
//! | `types` | | the types alone, without anything that sends: what is there without any feature |
//! | `webhooks` | yes | checks deliveries; needs no client |
//! | `rustls` | yes | TLS; or `rustls-no-provider`, `native-tls`, `native-tls-vendored` |
//! | `stream` | yes | lists and waits as streams of `futures-core` |
//! | `tracing` | yes | spans and events of calls, attempts and retries |
//! | `blocking` | | a client whose calls wait |
//! | `tower` | | layers around each attempt |
//! | `test-util` | | a mock server and prepared values for tests of your code |
//! | `dispatch` | | calls by name, with arguments as strings; the command `extend-ai` is made with it |

#[cfg(feature = "client")]
mod files;

// Machine-written; its layout is that of `prettyplease`.
#[rustfmt::skip]
mod generated;

#[cfg(feature = "client")]
pub use files::Linked;
#[cfg(feature = "blocking")]
pub use generated::blocking;
#[cfg(feature = "client")]
pub use generated::client::{Client, ClientBuilder};
#[cfg(feature = "client")]
pub use generated::operations::OPERATIONS;
#[cfg(feature = "client")]
pub use generated::profile::environments;
#[cfg(feature = "client")]
pub use generated::resources;
#[cfg(feature = "test-util")]
pub use generated::testing;
pub use generated::{types, webhooks};

#[cfg(feature = "client")]
pub use sdk_runtime::Batch;
pub use sdk_runtime::FilePart;
pub use sdk_runtime::json::{Constant, Extra, Field, Map, Sensitive, Timestamp};
#[cfg(feature = "tower")]
pub use sdk_runtime::tower;
#[cfg(feature = "client")]
pub use sdk_runtime::{Attempt, GaveUp, RetryPolicy, Verdict};
pub use sdk_runtime::{Bytes, HeaderMap, JsonError, Secret, StatusCode, Value, decode_json, decode_value};
#[cfg(feature = "client")]
pub use sdk_runtime::{Clock, KeyProvider, Pause, ProvidedKey, SystemClock};
#[cfg(feature = "client")]
pub use sdk_runtime::{Download, Progress, Response, ResponseParts};
#[cfg(feature = "client")]
pub use sdk_runtime::{Environment, Error, ErrorKind, Operation, RawResponse, RequestOptions};
#[cfg(feature = "client")]
pub use sdk_runtime::{Items, Pages, Paginated, PollSchedule, Pollable, Poller};

/// Calls by name, with arguments as strings: what a command for debugging needs.
///
/// ```no_run
/// use extend_ai::dispatch::{Arguments, Output, call, find};
///
/// # async fn run(client: extend_ai::Client) -> Result<(), Box<dyn std::error::Error>> {
/// let found = find(extend_ai::OPERATIONS, "GET /files/{id}")?;
/// call(&client, found.operation, Arguments::new(Output::Typed).path("id", "file_1")).await?;
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "dispatch")]
pub mod dispatch {
    pub use crate::generated::dispatch::*;
    pub use sdk_runtime::dispatch::*;
}

/// The code in the README of the repository compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The code in the README of the crate compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct CrateReadme;

/// The code on the page about tests compiles.
#[cfg(all(doctest, feature = "test-util"))]
#[doc = include_str!("../../docs/testing.md")]
struct Testing;
