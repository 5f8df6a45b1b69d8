//! The derive macro `Extract` of `extend-ai`. Must not know how a schema is made or what the API returns.

mod attributes;
mod expansion;
mod refused;
#[cfg(test)]
mod tests;

use proc_macro::TokenStream;
use syn::{DeriveInput, parse_macro_input};

/// Checks that a type can be extracted, and makes a function for each of its fields that returns the handle of the field.
///
/// For a struct `Invoice` with a field `total`, `Invoice::total()` is the handle, and `extracted.field(Invoice::total())` the value
/// with its confidence and citations. Lists have `at`: `Invoice::lines().at(2).amount()`. A handle is as visible as its field.
///
/// Types whose values the API cannot return are compile errors that say what to write instead. An enum has no fields; it needs the
/// derive to be the type of one.
#[proc_macro_derive(Extract, attributes(serde))]
pub fn derive_extract(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    expansion::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}
