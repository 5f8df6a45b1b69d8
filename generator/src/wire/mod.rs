//! Generates the wire layer with progenitor: lowers the model to a document that progenitor accepts, runs it, and rewrites its
//! output.
//!
//! The only folder that knows progenitor, and the only one that changes with it. Must not know resources or builders.

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

pub(crate) use lowering::{Lowered, lower_api};
pub(crate) use lowering::{is_plain_query, is_written_out, placeholder};

use progenitor::run;
use rewrite::rewrite_output;

/// The signature of a wire function, for the code that calls it.
#[derive(Clone, Debug)]
pub(crate) struct Signature {
    /// The parameters, in order.
    pub parameters: Vec<Argument>,
}

/// A parameter of a wire function.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Argument {
    /// The name.
    pub name: String,
    /// How the argument is passed.
    pub passing: Passing,
}

/// How an argument is passed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Passing {
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
    /// Any value that converts to a request body.
    Raw,
}

/// The code of the wire layer, and the signatures of its functions.
#[derive(Clone)]
pub(crate) struct Wire {
    /// The rewritten file.
    pub file: syn::File,
    /// The signatures, by function name.
    pub signatures: BTreeMap<String, Signature>,
}

/// Returns the name of the wire function of an operation.
pub(crate) fn function_name(operation: &Operation) -> RustIdent {
    operation.flat_name()
}

/// Generates the wire layer of an API.
///
/// # Errors
///
/// Fails if progenitor rejects the lowered document, or if its output does not have the expected form.
pub(crate) fn generate_wire_layer(
    api: &Api,
    lowered: &Lowered,
    rust_type: &dyn Fn(&Type) -> String,
) -> Result<Wire, Report> {
    let settings = progenitor::settings(lowered, rust_type);
    let tokens = run(Generator::new(&settings), lowered)?;
    rewrite_output(api, lowered, tokens)
}

#[cfg(test)]
mod tests {
    use quote::ToTokens;
    use serde_json::json;

    use super::*;
    use crate::emit::Root;
    use crate::model;
    use crate::names::Lock;
    use crate::normalize::normalize_document;
    use crate::profile::Profile;

    #[test]
    fn path_parameter_may_occur_more_than_once() {
        let paths = json!({"/a/{x}/b/{x}": {"get": {}}, "/c/{{x}}": {"get": {}}, "/d/{x}.{y}:{x}": {"get": {}}});
        let normalized = normalize_document(json!({"openapi": "3.0.3", "paths": paths}));
        let api = model::build(&normalized, &Profile::default(), &Lock::default()).api;
        let wire =
            generate_wire_layer(&api, &lower_api(&api), &|ty| crate::emit::qualified(&api.types, &Root::default(), ty));
        let wire = wire.unwrap_or_else(|report| panic!("{report}"));
        let code = wire.file.to_token_stream().to_string();
        for url in ["\"/a/{}/b/{}\"", "\"/c/%7B{}%7D\"", "\"/d/{}.{}:{}\""] {
            assert!(code.contains(url), "{url}: {code}");
        }
    }

    #[test]
    fn operations_with_the_same_path_and_method_share_one_url() {
        let paths = json!({"/a": {"get": {}}, "a": {"get": {}}, "/b/{x-y}": {"get": {}}, "/b/{x_y}": {"get": {}}, "/\u{e000}2": {"get": {}}});
        let normalized = normalize_document(json!({"openapi": "3.0.3", "paths": paths}));
        let api = model::build(&normalized, &Profile::default(), &Lock::default()).api;
        let wire =
            generate_wire_layer(&api, &lower_api(&api), &|ty| crate::emit::qualified(&api.types, &Root::default(), ty));
        let wire = wire.unwrap_or_else(|report| panic!("{report}"));
        let code = wire.file.to_token_stream().to_string();
        let urls = [("\"/a\"", 2), ("\"/b/{}\"", 2), ("\"/%EE%80%802\"", 1)];
        for (url, times) in urls {
            assert_eq!(code.matches(url).count(), times, "{url}: {code}");
        }
        assert_eq!(wire.signatures.len(), 5);
    }
}
