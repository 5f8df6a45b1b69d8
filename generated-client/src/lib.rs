//! Typed, asynchronous client for the [Extend](https://www.extend.ai) document processing API: parse, extract, classify, split,
//! edit and verify files, run workflows, and measure them with evaluation sets.
//!
//! ```no_run
//! use extend_ai::Client;
//! use extend_ai::types::FileFromUrl;
//!
//! # async fn run() -> Result<(), extend_ai::Error> {
//! let client = Client::from_env()?; // reads EXTEND_API_KEY
//! let run = client
//!     .workflow_runs()
//!     .create("wf_1234567890")
//!     .file(FileFromUrl::new("https://example.com/invoice.pdf"))
//!     .await?;
//! println!("{} is {}", run.id, run.status);
//! # Ok(())
//! # }
//! ```
//!
//! Every operation of the API is a method of its resource: `client.extract_runs().list()`. What the API requires is an argument,
//! everything else is a setter, and awaiting the builder sends the request. The module `guide` has a page for each topic:
//! configuration, calls, lists, waiting for runs, types, uploads and downloads, parsed documents, errors, retries, tracing, webhooks, blocking, tests of
//! your code, and a cookbook.
//!
//! # Lists and runs
//!
//! A list call returns one page; its `items()` and `pages()` iterate over all of them. A call that starts a run has `wait()`, which
//! returns the run once it has ended, and `poller()`, which shows each state; `attach(id)` waits for a run that was started before.
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
//! # Environment
//!
//! [`Client::from_env`] reads these variables; a setting on a [`ClientBuilder`] takes precedence.
//!
//! | variable | meaning | setter |
//! |---|---|---|
//! | `EXTEND_API_KEY` | API key; required | [`api_key`](ClientBuilder::api_key) |
//! | `EXTEND_REGION` | `us` (default), `us2` or `eu` | [`region`](ClientBuilder::region) |
//! | `EXTEND_BASE_URL` | base URL; takes precedence over the region | [`base_url`](ClientBuilder::base_url) |
//! | `EXTEND_WORKSPACE_ID` | workspace; required with an organization-scoped key | [`workspace_id`](ClientBuilder::workspace_id) |
//! | `EXTEND_API_VERSION` | API version; only for those who were asked to set it | [`api_version`](ClientBuilder::api_version) |
//! | `EXTEND_WEBHOOK_SECRET` | secret of a webhook endpoint; needs no client | [`Webhooks::from_env`](webhooks::Webhooks::from_env) |
//!
//! # Features
//!
//! | feature | default | provides |
//! |---|---|---|
//! | `full` | yes | every area of the API: `batches`, `classify`, `edit`, `evaluation`, `extract`, `files`, `legacy`, `parse`, `split`, `verify`, `webhook-endpoints`, `workflows`; each is a feature too |
//! | `types` | | every type, without an HTTP stack; an area alone brings the types that its calls use, `webhooks` those of events |
//! | `rustls` | yes | TLS. Alternatives: `rustls-no-provider` (the program installs a provider), `native-tls`, `native-tls-vendored`; without any of them the client only speaks plain HTTP |
//! | `webhooks` | yes | verification of webhook deliveries; needs no client |
//! | `axum` | | webhook events as arguments of handlers of axum |
//! | `stream` | yes | lists and pollers as `futures_core::Stream` |
//! | `tracing` | yes | spans and events of calls, attempts and retries |
//! | `blocking` | | a client whose calls block |
//! | `tower` | | layers around each attempt |
//! | `test-util` | | a mock server and fixtures for tests of your code |
//! | `dispatch` | | calls by name, with arguments as strings |
//! | `schema` | | typed extraction: Rust types as schemas, extracted values with confidence and citations |
//! | `folder` | | folders: a run for each file, and a manifest from which a killed process goes on |
//! | `chrono`, `jiff`, `time` | | `schema`, with conversions of its dates to the types of that crate |
//! | `v2025-04-21` | | version 2025-04-21 of the API in a module of its own; the areas `edit`, `evaluation`, `files`, `legacy`, `parse` and `workflows` are its areas too |

mod extras;
#[cfg(feature = "client")]
mod files;

// Holds no code, so it is only there for readers.
#[cfg(all(doc, feature = "full"))]
pub mod guide;

// Machine-written; its layout is that of `prettyplease`.
#[rustfmt::skip]
mod generated;

#[cfg(feature = "schema")]
pub use extend_ai_schema::schemars;
#[cfg(feature = "client")]
pub use extras::cost;
#[cfg(feature = "parse")]
pub use extras::document;
#[cfg(feature = "folder")]
pub use extras::folder;
#[cfg(feature = "files")]
pub use extras::input;
#[cfg(feature = "full")]
pub use extras::runs;
#[cfg(feature = "schema")]
pub use extras::schema;
#[cfg(feature = "client")]
pub use files::Linked;
pub use generated::exports::*;
#[cfg(feature = "schema")]
pub use schema::{Extract, Extracted, schema_of};
#[cfg(feature = "axum")]
pub use sdk_runtime::webhooks::WebhookRejection;

/// The code on the pages of the repository that is compiled as a test.
#[cfg(all(doctest, feature = "full"))]
mod pages {
    #[cfg(all(feature = "blocking", feature = "test-util", feature = "webhooks"))]
    #[doc = include_str!("../../README.md")]
    struct Readme;

    #[doc = include_str!("../README.md")]
    struct CrateReadme;
}
