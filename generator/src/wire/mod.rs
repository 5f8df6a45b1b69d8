//! The wire layer: lower the model to what progenitor accepts, let it write, mend what no setting can.
//!
//! The one folder that knows progenitor. When progenitor moves, this folder moves.

mod lowering;
#[cfg(test)]
mod preconditions;
mod progenitor;
mod rewrite;

use std::collections::BTreeMap;

use ::progenitor::Generator;

use crate::diagnostic::Report;
use crate::ir::{Api, Operation, Type};
use crate::names::RustIdent;

pub use lowering::{Lowered, lower_api};
pub(crate) use lowering::{is_optional_query, is_written_out, placeholder};

use progenitor::run;
use rewrite::rewrite_output;

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

/// Name of the wire function of an operation.
pub fn function_name(operation: &Operation) -> RustIdent {
    operation.flat_name()
}

/// Writes the wire layer of an API.
///
/// # Errors
///
/// progenitor refused an operation, or its output is not what the mending pass knows.
pub fn write_wire_layer(api: &Api, lowered: &Lowered, rust_type: &dyn Fn(&Type) -> String) -> Result<Wire, Report> {
    let settings = progenitor::settings(lowered, rust_type);
    let tokens = run(Generator::new(&settings), lowered)?;
    rewrite_output(api, lowered, tokens)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use serde_json::json;

    use super::*;
    use crate::model;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn a_parameter_may_stand_in_a_path_more_than_once() {
        let paths = json!({"/a/{x}/b/{x}": {"get": {}}, "/c/{{x}}": {"get": {}}, "/d/{x}.{y}:{x}": {"get": {}}});
        let normalized = normalize_document(json!({"openapi": "3.0.3", "paths": paths}));
        let api = model::build(&normalized, &Profile::default(), &Lock::default()).api;
        let written = write_wire_layer(&api, &lower_api(&api), &|ty| crate::emit::qualified(&api.types, ty));
        let written = written.unwrap_or_else(|report| panic!("{report}"));
        let text = written.file.to_token_stream().to_string();
        for url in ["\"/a/{}/b/{}\"", "\"/c/%7B{}%7D\"", "\"/d/{}.{}:{}\""] {
            assert!(text.contains(url), "{url}: {text}");
        }
    }

    #[test]
    fn operations_of_one_path_and_method_are_functions_of_one_url() {
        let paths = json!({"/a": {"get": {}}, "a": {"get": {}}, "/b/{x-y}": {"get": {}}, "/b/{x_y}": {"get": {}}, "/\u{e000}2": {"get": {}}});
        let normalized = normalize_document(json!({"openapi": "3.0.3", "paths": paths}));
        let api = model::build(&normalized, &Profile::default(), &Lock::default()).api;
        let written = write_wire_layer(&api, &lower_api(&api), &|ty| crate::emit::qualified(&api.types, ty));
        let written = written.unwrap_or_else(|report| panic!("{report}"));
        let text = written.file.to_token_stream().to_string();
        let urls = [("\"/a\"", 2), ("\"/b/{}\"", 2), ("\"/%EE%80%802\"", 1)];
        for (url, times) in urls {
            assert_eq!(text.matches(url).count(), times, "{url}: {text}");
        }
        assert_eq!(written.signatures.len(), 5);
    }
}
