//! Calls: a file per resource, with its accessor and one request builder per operation. Decides no names.

mod arguments;
mod builder;
mod index;
mod methods;
mod setters;

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::Resource;
use crate::parallel;
use crate::wire::Signature;

use super::Input;
use super::module_files::file_name;
use super::plan::Plan;
use super::polling::attach_method;
use super::source::SourceFile;
use super::tasks::Task;

/// In a resource of fewer calls, another thread would not pay.
const CALLS_PER_THREAD: usize = 50;

/// Returns the files of all calls.
pub(super) fn tasks<'a>(input: &'a Input<'a>, signatures: &'a BTreeMap<String, Signature>) -> Vec<Task<'a>> {
    let render = |resource: &'a Resource| {
        let file = file_name(&resource.module);
        Task::new(format!("resources/{file}"), move || render_resource(input, signatures, resource))
    };
    let mut tasks: Vec<Task<'a>> = input.api.resources.iter().map(render).collect();
    tasks.push(Task::new("resources/mod.rs", move || index::render_index(input)));
    tasks
}

/// The purpose of a resource, as its documentation says it.
fn purpose(resource: &Resource) -> String {
    resource
        .name
        .as_ref()
        .map_or("Methods of [`Client`](crate::Client).".to_owned(), |name| format!("Methods of the `{name}` resource."))
}

fn render_resource<'a>(
    input: &'a Input<'a>,
    signatures: &'a BTreeMap<String, Signature>,
    resource: &'a Resource,
) -> Result<String, Report> {
    let purpose = purpose(resource);
    let mut file = SourceFile::new(input.preamble, &purpose);
    let plans: Vec<Plan<'a>> =
        resource.calls.iter().map(|call| Plan::new(input, resource, call).calling(signatures)).collect();
    let methods: Vec<TokenStream> = plans.iter().map(all_methods).collect();
    let mut body = SourceFile::new(input.preamble, "");
    match resource.name {
        Some(_) => {
            let name = resource.accessor.token();
            let docs = format!(" {purpose}");
            body.items(quote! {
                #[doc = #docs]
                #[derive(Clone, Debug)]
                pub struct #name { pub(super) core: Core }

                impl #name { #(#methods)* }
            })?;
        }
        None => body.items(root_methods(&plans, &methods))?,
    }
    let threads = parallel::processors().min(1 + plans.len() / CALLS_PER_THREAD);
    for builder in parallel::map(threads, &plans, builder::render_builder) {
        body.extend(&builder?);
    }
    file.import(
        &body,
        &[
            ("crate", ["Client", "types"].map(str::to_owned).into()),
            ("crate::generated", ["operations"].map(str::to_owned).into()),
            ("crate::generated::client", ["call"].map(str::to_owned).into()),
            ("sdk_runtime", ["RequestOptions"].map(str::to_owned).into()),
            ("sdk_runtime::codegen", ["Core"].map(str::to_owned).into()),
        ],
    )?;
    file.append(&body);
    Ok(file.finish())
}

/// The methods that start a call, and the one that attaches to a run.
fn all_methods(plan: &Plan<'_>) -> TokenStream {
    let methods = methods::render_methods(plan);
    let attach = attach_method(plan);
    quote! { #methods #attach }
}

/// The methods of the client itself; those of an area can be left out.
fn root_methods(plans: &[Plan<'_>], methods: &[TokenStream]) -> TokenStream {
    let areas = |plan: &Plan<'_>| plan.input.profile.areas.of(plan.operation.name.as_str()).map(str::to_owned);
    if plans.iter().all(|plan| plan.input.profile.areas.is_empty()) {
        return of_both_clients(None, &quote! { #(#methods)* });
    }
    let blocks = plans.iter().zip(methods).map(|(plan, methods)| {
        let gate = areas(plan).map(|area| quote! { #[cfg(feature = #area)] });
        of_both_clients(gate.as_ref(), methods)
    });
    quote! { #(#blocks)* }
}

/// Methods of the client and of the blocking client: both have the same request builders.
fn of_both_clients(gate: Option<&TokenStream>, methods: &TokenStream) -> TokenStream {
    quote! {
        #gate
        impl Client { #methods }

        #[cfg(feature = "blocking")]
        #gate
        impl crate::blocking::Client { #methods }
    }
}
