//! Test support for this workspace: the published document, samples of its schemas, and servers to send requests to.
//!
//! Must not know the generator or the generated client: they are checked against this independent reading of the document.

pub mod conform;
pub mod deliveries;
pub mod document;
pub mod failures;
pub mod fern;
pub mod form;
pub mod fuzz;
pub mod hostile;
pub mod sample;
pub mod server;
pub mod site;

/// Any error that a test reports.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
