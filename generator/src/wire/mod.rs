//! The wire layer: lower the model to what progenitor accepts, let it write, mend what no setting can.
//!
//! The one folder that knows progenitor. When progenitor moves, this folder moves.

mod lower;
mod mend;
#[cfg(test)]
mod preconditions;
mod progenitor;

use std::collections::BTreeMap;

use ::progenitor::Generator;

use crate::diagnostic::Report;
use crate::model::{Api, Operation, Type};
use crate::names::RustIdent;

pub use lower::{Lowered, lower};
pub(crate) use lower::{is_written_out, placeholder};
pub use mend::mend;
pub use progenitor::{checked, run};

/// What the resource layer must know to call a wire function.
#[derive(Clone, Debug)]
pub struct Signature {
    /// Its parameters, in order.
    pub parameters: Vec<Argument>,
}

/// A parameter of a wire function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// Its name.
    pub name: String,
    /// How it is passed.
    pub passing: Passing,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Passing {
    /// `&str`.
    Text,
    /// `Option<&str>`.
    OptionalText,
    /// `&T`.
    Reference,
    /// `Option<&T>`.
    OptionalReference,
    /// `T` or `Option<T>` of a `Copy` type.
    Value,
    /// A multipart form.
    Form,
    /// Anything that becomes a body.
    Raw,
}

/// The wire layer as source, and how to call it.
#[derive(Clone)]
pub struct Wire {
    /// The mended file.
    pub file: syn::File,
    /// Signatures, by function name.
    pub signatures: BTreeMap<String, Signature>,
}

/// Name of the wire function of an operation. The prefix keeps calls without a group away from keywords.
pub fn function_name(operation: &Operation) -> RustIdent {
    let group = operation.group.as_ref().map_or("client", RustIdent::as_str);
    RustIdent::snake(&format!("{group} {}", operation.name.as_str()))
}

/// Writes the wire layer of an API.
///
/// # Errors
///
/// progenitor refused an operation, or its output is not what the mending pass knows.
pub fn wire(api: &Api, lowered: &Lowered, rust_type: &dyn Fn(&Type) -> String) -> Result<Wire, Report> {
    let settings = progenitor::settings(lowered, rust_type);
    let tokens = run(Generator::new(&settings), lowered)?;
    mend(api, tokens)
}
