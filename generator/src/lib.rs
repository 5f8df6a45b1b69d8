//! Turns an OpenAPI document into a typed Rust client. No I/O, no network, no clock.
//!
//! The way of the data, one folder per arrow:
//!
//! ```text
//! bytes --source--> Document --overlay--> Document --normalize--> one dialect
//!       --model--> ir::Api {operations, types, webhooks}
//!       --wire--> progenitor's code, mended
//!       --emit--> source files
//! ```
//!
//! `published` puts a document together from the pages of a site, `derived` makes a profile for an API that has none, and
//! `package` makes a crate around the source files.

pub mod diagnostic;
mod emit;
pub mod ir;
mod method;
pub mod model;
mod names;
pub mod normalize;
pub mod package;
pub mod parallel;
pub mod pointer;
pub mod profile;
pub mod published;
pub mod source;
pub mod surface;
mod wire;

mod derived;
mod facts;
mod markdown;
mod pipeline;

pub use diagnostic::{Code, Diagnostic, Report, Severity};
pub use facts::{Facts, facts_of};
pub use pipeline::{Generated, Pass, Sources, check, generate, generate_any, model_of};
pub use source::{Canonical, canonicalize};
