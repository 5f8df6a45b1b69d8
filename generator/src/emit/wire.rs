//! The wire layer: progenitor's functions, rewritten, and the client around them, which every request passes through.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use syn::{ImplItem, Item};

use crate::diagnostic::Report;
use crate::ir::{Api, BodyForm, Location, Operation, Parameter, Response};
use crate::wire::{function_name, is_plain_query, is_written_out};

use super::Input;
use super::features::gate;
use super::source::SourceFile;

/// The file of the wire layer.
pub(super) fn render(input: &Input<'_>, layer: syn::File) -> Result<String, Report> {
    let mut file = SourceFile::new(
        input.preamble,
        "The wire layer, written by progenitor: URLs, query, headers, bodies. Responses stay bytes; `sdk_runtime` decodes them.",
    );
    if input.api.operations.is_empty() {
        return Ok(file.finish());
    }
    file.items(imports(input.api))?;
    file.items(client(input.api))?;
    file.items(middleware())?;
    file.file(gate_functions(input, layer));
    Ok(file.finish())
}

/// Puts each function behind the feature of its area: the types of its arguments can be left out with that.
fn gate_functions(input: &Input<'_>, mut layer: syn::File) -> syn::File {
    let areas = &input.profile.areas;
    if areas.is_empty() {
        return layer;
    }
    let area = |operation: &Operation| Some((function_name(operation).to_string(), operation.area(areas)?));
    let areas: BTreeMap<String, &str> = input.api.operations.iter().filter_map(area).collect();
    let blocks =
        layer.items.iter_mut().filter_map(|item| if let Item::Impl(block) = item { Some(block) } else { None });
    for item in blocks.flat_map(|block| &mut block.items) {
        if let ImplItem::Fn(function) = item
            && let Some(area) = areas.get(&function.sig.ident.to_string())
        {
            function.attrs.push(gate(area));
        }
    }
    layer
}

fn imports(api: &Api) -> TokenStream {
    let is_encoded = |item: &Parameter| item.location == Location::Path && !is_written_out(&api.types, item);
    let is_in_path = |operation: &Operation| operation.parameters.iter().any(is_encoded);
    let encode = api.operations.iter().any(is_in_path).then(|| quote! { encode_path });
    let parts = api.operations.iter().any(|operation| has_request_parts(api, operation));
    let parts = parts.then(|| quote! { RequestParts });
    let names = [Some(quote! { BuildError }), Some(quote! { Context }), parts, encode].into_iter().flatten();
    quote! {
        use sdk_runtime::codegen::{#(#names),*};
    }
}

fn has_request_parts(api: &Api, operation: &Operation) -> bool {
    let body = operation.body.as_ref().is_some_and(|body| body.form == BodyForm::Json);
    body || operation.parameters.iter().any(|parameter| is_plain_query(&api.types, parameter))
}

/// The client of one call, with what it needs for the operations there are.
fn client(api: &Api) -> TokenStream {
    let opens = |success: &Response| matches!(success, Response::Events(_) | Response::Lines(_));
    let streams = |operation: &Operation| opens(&operation.response) || operation.stream.is_some();
    let open = api.operations.iter().any(streams).then(|| {
        quote! {
            /// Sends a request and returns the response before its body has arrived.
            pub(crate) fn open(
                self,
                request: Result<reqwest::Request, BuildError>,
            ) -> sdk_runtime::codegen::CallFuture<sdk_runtime::codegen::OpenResponse> {
                self.inner.open(request, middleware)
            }
        }
    });
    let uploads = |operation: &Operation| operation.body.as_ref().is_some_and(|body| body.form == BodyForm::Multipart);
    let form = api.operations.iter().any(uploads).then(|| {
        quote! {
            /// Builds the multipart form, and allows retries of the call if its parts can be sent again.
            pub(crate) async fn form(
                &self,
                form: sdk_runtime::codegen::Form,
            ) -> Result<reqwest::multipart::Form, sdk_runtime::Error> {
                self.inner.form(form).await
            }
        }
    });
    quote! {
        /// Client for a single call; its context decides what is sent besides the arguments.
        #[derive(Debug)]
        pub(crate) struct Client {
            inner: Context,
        }

        impl Client {
            /// Builds a client for one call.
            pub(crate) fn new(inner: Context) -> Self {
                Self { inner }
            }

            /// Sends a request and returns the undecoded response.
            pub(crate) fn send(
                self,
                request: Result<reqwest::Request, BuildError>,
            ) -> sdk_runtime::codegen::CallFuture<sdk_runtime::RawResponse> {
                self.inner.send(request, middleware)
            }

            #open
            #form
        }
    }
}

fn middleware() -> TokenStream {
    quote! {
        /// Prepares a request before each attempt: the context adds the credential, the headers that the API requires on every
        /// request, such as its version, and the options of the call.
        fn middleware(context: &Context, request: &mut reqwest::Request) -> Result<(), sdk_runtime::Error> {
            context.prepare(request)
        }
    }
}
