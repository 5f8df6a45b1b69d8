//! Bytes to a document: reading, canonical form, places in the text.
//!
//! Knows JSON and YAML and the frame of OpenAPI; knows nothing of schemas or Rust.

mod canonical;
mod lines;
mod overlay;
mod read;
mod texts;
mod tree;
mod yaml_lines;

pub use canonical::{Canonical, canonical};
pub use lines::line_of;
pub use overlay::overlay;
pub use read::{Document, read};
