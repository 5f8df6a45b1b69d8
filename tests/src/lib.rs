//! What the tests of this workspace stand on: the published document, samples of its schemas, and a server to talk to.
//!
//! It must not know the generator or the generated client: it is the second opinion they are held against.

pub mod conform;
pub mod deliveries;
pub mod document;
pub mod failures;
pub mod fern;
pub mod form;
pub mod hostile;
pub mod sample;
pub mod server;

/// Any error a test reports.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
