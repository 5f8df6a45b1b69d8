//! Turns bytes into a document: parsing, overlay, canonical form, lines of JSON pointers.
//!
//! Knows JSON, YAML and the root of an OpenAPI document; must not know what schemas mean, the model or Rust.

mod canonical;
mod document;
mod lines;
mod long_numbers;
mod overlay;
mod string_values;
mod tree;
mod wanted;
mod yaml_lines;

pub use canonical::{Canonical, canonicalize};
pub use document::{Document, read_document};
pub(crate) use document::{read_part, read_value};
pub use lines::{line_of, lines_of};
pub(crate) use long_numbers::note_long_numbers;
pub use overlay::apply_overlay;
