//! A page for each topic. The tests of the crate compile all of the examples.

/// Cookbook: complete solutions for common tasks.
///
#[doc = include_str!("cookbook.md")]
pub mod cookbook {}

/// Tests of your code: a mock server, fixtures, recorded requests.
///
#[doc = include_str!("testing.md")]
///
/// See [`testing`](crate::testing), [`MockServer`](crate::testing::MockServer).
#[cfg(all(feature = "test-util", feature = "webhooks"))]
pub mod testing {}

/// Settings of a client: environment, builder, defaults.
///
#[doc = include_str!("configuration.md")]
///
/// See [`ClientBuilder`](crate::ClientBuilder), [`environments`](crate::environments).
pub mod configuration {}

/// Requests: arguments, setters, options of a call, status and headers of a response.
///
#[doc = include_str!("calls.md")]
///
/// See [`RequestOptions`](crate::RequestOptions), [`Response`](crate::Response), [`RawResponse`](crate::RawResponse).
pub mod calls {}

/// Pagination: pages, items, resuming.
///
#[doc = include_str!("lists.md")]
///
/// See [`Items`](crate::Items), [`Pages`](crate::Pages).
pub mod lists {}

/// Polling of runs and batches until they end.
///
#[doc = include_str!("waiting.md")]
///
/// See [`Poller`](crate::Poller), [`PollSchedule`](crate::PollSchedule).
pub mod waiting {}

/// Types: open enums, unions, absent and `null`, unknown properties.
///
#[doc = include_str!("types.md")]
///
/// See [`types`](crate::types), [`Field`](crate::Field), [`Timestamp`](crate::Timestamp), [`Extra`](crate::Extra).
pub mod types {}

/// Typed extraction: Rust types as schemas, fields with confidence and citations.
///
#[doc = include_str!("extraction.md")]
///
/// See [`schema`](crate::schema), [`Extracted`](crate::Extracted).
#[cfg(feature = "schema")]
pub mod extraction {}

/// Folders: a run for each file, and going on after a crash.
///
#[doc = include_str!("folders.md")]
///
/// See [`folder`](crate::folder), [`FolderRun`](crate::folder::FolderRun).
#[cfg(feature = "folder")]
pub mod folders {}

/// Uploads and downloads.
///
#[doc = include_str!("files.md")]
///
/// See [`FilePart`](crate::FilePart), [`Client::download`](crate::Client::download), [`Download`](crate::Download).
pub mod files {}

/// Parsed documents: pages, text, tables, places.
///
#[doc = include_str!("documents.md")]
///
/// See [`document`](crate::document), [`ParseRunOutput`](crate::types::ParseRunOutput).
pub mod documents {}

/// Errors: kinds, statuses, bodies.
///
#[doc = include_str!("errors.md")]
///
/// See [`Error`](crate::Error), [`ErrorKind`](crate::ErrorKind).
pub mod errors {}

/// Retries and timeouts.
///
#[doc = include_str!("retries.md")]
///
/// See [`RetryPolicy`](crate::RetryPolicy), [`Attempt`](crate::Attempt), [`Verdict`](crate::Verdict).
pub mod retries {}

/// Spans and events for `tracing`.
///
#[doc = include_str!("tracing.md")]
pub mod tracing {}

/// Webhooks: verification of deliveries, events.
///
#[doc = include_str!("webhooks.md")]
///
/// See [`Webhooks`](crate::webhooks::Webhooks), [`WebhookEvent`](crate::webhooks::WebhookEvent).
#[cfg(feature = "webhooks")]
pub mod webhooks {}

/// Calls that block, for programs that are not asynchronous.
///
#[doc = include_str!("blocking.md")]
///
/// See [`blocking`](crate::blocking).
#[cfg(feature = "blocking")]
pub mod blocking {}

/// Versions of the API: both in one program, and moving from the older one.
///
#[doc = include_str!("versions.md")]
///
/// See [`SharedCore`](crate::SharedCore).
#[cfg(all(feature = "v2025-04-21", feature = "webhooks"))]
pub mod versions {}
