//! What a change means for Rust: compares two surfaces item by item, and finds the parts of the documents behind each difference.
//!
//! It must not know how documents are compared.

mod items;
mod origin;
mod signature;

pub(super) use items::{ItemChange, Items, NEEDS, Surroundings, compare_surfaces, last_name};
pub(super) use origin::{Age, Origins, type_names};
