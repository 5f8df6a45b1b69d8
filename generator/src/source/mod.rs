//! Bytes to a document: reading, canonical form, places in the text.
//!
//! Knows JSON and YAML and the frame of OpenAPI; knows nothing of schemas or Rust.

mod canonical;
mod document;
mod lines;
mod overlay;
mod string_values;
mod tree;
mod yaml_lines;

pub use canonical::{Canonical, canonicalize};
pub use document::{Document, read_document};
pub use lines::line_of;
pub use overlay::apply_overlay;
