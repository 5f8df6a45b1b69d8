//! Turns an OpenAPI document into the source files of a typed Rust client. Performs no I/O and reads no clock, so the same
//! input always yields the same output.
//!
//! The data flow, one folder per arrow:
//!
//! ```text
//! bytes --source--> Document --overlay--> Document --normalize--> one dialect
//!       --model--> ir::Api {operations, types, webhooks}
//!       --wire--> progenitor's code, rewritten
//!       --emit--> source files
//! ```
//!
//! `pipeline` runs these steps. `published` assembles a document from the pages of a documentation site, `derived` completes the
//! profile of an API that has none, `bundle` makes one document of several files, and `package` builds a crate around the source files.

pub mod bundle;
pub mod contract;
pub mod diagnostic;
pub mod drift;
mod emit;
mod explanation;
pub mod ir;
mod keyword;
mod location;
mod method;
pub mod model;
mod names;
pub mod normalize;
pub mod package;
mod package_name;
pub mod pages;
pub mod parallel;
mod path_template;
pub mod pointer;
pub mod profile;
pub mod published;
pub mod source;
pub mod support;
pub mod surface;
mod wire;

mod derived;
mod facts;
mod markdown;
mod pipeline;
mod position;
mod versions;

pub use diagnostic::{Code, Diagnostic, Report, Severity};
pub use emit::Root;
pub use explanation::{Explanation, explain};
pub use facts::{Facts, facts_of, version_of};
pub use names::{Former, FormerAlias, Lock, Renaming};
pub use pipeline::{
    Described, Generated, Pass, Sources, Tolerance, check, compare_documents, describe, generate, generate_any,
    model_of,
};
pub use source::{Canonical, canonicalize};
pub use versions::{CrateVersions, feature_of_version};
