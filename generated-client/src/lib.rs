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
//! everything else a setter, and awaiting the builder sends the request. `send_raw()` gives status, headers and bytes instead.
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
//!
//! # Answers
//!
//! Reading is liberal, writing is exact. Values, variants and properties that this version does not know are kept and written
//! back; a property that the API promises and does not send is an error that names its JSON path. See [`Error`].
//!
//! # Features
//!
//! `rustls` (default) brings TLS. `cli` builds the debugging command `extend`.

// Machine-written; its layout is that of `prettyplease`.
#[rustfmt::skip]
mod generated;

pub use generated::client::{Client, ClientBuilder};
#[cfg(feature = "cli")]
pub use generated::dispatch;
pub use generated::operations::OPERATIONS;
pub use generated::profile::environments;
pub use generated::{resources, types, webhooks};

pub use sdk_runtime::json::{Constant, Extra, Field, Map, Sensitive, Timestamp};
pub use sdk_runtime::multipart::FilePart;
pub use sdk_runtime::{Bytes, JsonError, decode_json, decode_value};
pub use sdk_runtime::{Environment, Error, ErrorKind, Operation, RawResponse, RequestOptions, Secret, Value};

/// The code in the README of the repository compiles.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;

/// The code in the README of the crate compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct CrateReadme;
