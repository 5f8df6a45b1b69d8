//! The table of operations: what every call is called and where it goes.

use proc_macro2::Literal;
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Lifecycle, Operation, Security};
use crate::markdown;

use super::Input;
use super::source::SourceFile;

/// Name of the constant of an operation.
pub(super) fn constant(operation: &Operation) -> String {
    crate::wire::function_name(operation).constant_case()
}

/// The file of the table.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "Every operation of the API.");
    let imports = match input.api.operations.as_slice() {
        [] => quote! { use sdk_runtime::Operation; },
        _ => quote! { use sdk_runtime::{Deprecation, Operation, Security}; },
    };
    file.items(imports)?;
    let mut names = Vec::new();
    for operation in &input.api.operations {
        let name: proc_macro2::Ident = quote::format_ident!("{}", constant(operation));
        let (id, method, path) = (operation.id(), operation.method.name(), &operation.path);
        let summary = operation.docs.summary.lines().next().unwrap_or_default();
        let deprecation = match operation.lifecycle {
            Lifecycle::Current => quote! { Deprecation::Current },
            Lifecycle::Deprecated => quote! { Deprecation::Deprecated },
        };
        let accept = &operation.accept;
        let started = operation.started.iter().flat_map(|way| &way.0).map(|step| &step.wire.0);
        let security = match &operation.security {
            Security::Default => quote! { Security::Default },
            Security::AnyOf(sets) => {
                let sets = sets.iter().map(|set| {
                    let set = set.iter().map(|index| Literal::usize_unsuffixed(*index));
                    quote! { &[#(#set),*] }
                });
                quote! { Security::AnyOf(&[#(#sets),*]) }
            }
        };
        let docs = format!(" {}", markdown::format_code(&operation.key()));
        file.items(quote! {
            #[doc = #docs]
            pub(crate) static #name: Operation = Operation {
                id: #id,
                method: #method,
                path: #path,
                summary: #summary,
                deprecated: #deprecation,
                accept: #accept,
                started: &[#(#started),*],
                security: #security,
            };
        })?;
        names.push(name);
    }
    file.items(quote! {
        /// Every operation of the API, ordered by path and method.
        pub static OPERATIONS: &[&Operation] = &[#(&#names),*];
    })?;
    Ok(file.finish())
}
