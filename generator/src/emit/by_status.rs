//! Enums over what differs by status: the responses of a call, and its error bodies.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Response, Status, Type};

use super::plan::Plan;
use super::rust_type::{Scope, render_type};
use super::source::SourceFile;

/// Writes the enum over responses that differ by status.
pub(super) fn render_responses(
    file: &mut SourceFile,
    plan: &Plan<'_>,
    responses: &[(Status, Response)],
) -> Result<(), Report> {
    let Some(name) = &plan.call.response else { return Ok(()) };
    let name = name.token();
    let docs = format!(" Responses of [`{}`], by status.", plan.call.builder);
    let mut variants = Vec::new();
    let mut arms: Vec<(Status, TokenStream)> = Vec::new();
    for (status, response) in responses {
        let variant = status.variant().token();
        let (_, ty) = plan.output(response);
        let docs = format!(" Status `{status}`.");
        let pattern = pattern(*status);
        let (declared, value) = match response {
            Response::Json(_) => {
                (quote! { #variant(Box<#ty>) }, quote! { response.decode().map(Box::new).map(Self::#variant) })
            }
            Response::Text => {
                (quote! { #variant(String) }, quote! { Ok(Self::#variant(response.text().into_owned())) })
            }
            Response::Empty => (quote! { #variant }, quote! { Ok(Self::#variant) }),
            Response::Bytes | Response::Events(_) | Response::Lines(_) | Response::ByStatus(_) => {
                (quote! { #variant(sdk_runtime::Bytes) }, quote! { Ok(Self::#variant(response.into_bytes())) })
            }
        };
        variants.push(quote! { #[doc = #docs] #declared, });
        arms.push((*status, quote! { #pattern => #value, }));
    }
    let other = is_open(&arms).then(|| quote! { _ => Ok(Self::Other(response)), });
    let other_variant = other.as_ref().map(|_| {
        quote! {
            /// A success with a status that the API document does not describe.
            Other(sdk_runtime::RawResponse),
        }
    });
    let arms = most_exact_first(arms);
    file.items(quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #other_variant
        }

        impl sdk_runtime::codegen::FromResponse for #name {
            fn from_response(response: sdk_runtime::RawResponse) -> Result<Self, sdk_runtime::Error> {
                match response.status().as_u16() {
                    #(#arms)*
                    #other
                }
            }
        }
    })
}

/// Writes the enum over error bodies that differ by status.
pub(super) fn render_error_bodies(file: &mut SourceFile, plan: &Plan<'_>) -> Result<(), Report> {
    let types = &plan.input.api.types;
    let Some(name) = &plan.call.error_body else { return Ok(()) };
    let name = name.token();
    let docs = format!(" Bodies of the error responses of [`{}`], by status.", plan.call.builder);
    let mut variants = Vec::new();
    let mut arms: Vec<(Status, TokenStream)> = Vec::new();
    for (status, ty) in &plan.operation.errors {
        let variant = status.variant().token();
        let pattern = pattern(*status);
        let value = match ty {
            Some(ty) => {
                let docs = format!(" Status `{status}`.");
                let payload = render_type(types, ty, Scope::Elsewhere);
                let payload = if matches!(ty, Type::Named(_)) {
                    quote! { Box<#payload> }
                } else {
                    payload
                };
                variants.push(quote! { #[doc = #docs] #variant(#payload), });
                quote! { sdk_runtime::codegen::decode_error_body(error).map(Self::#variant) }
            }
            // Described, but not as JSON: what a less exact status says does not count.
            None => quote! { None },
        };
        arms.push((*status, quote! { #pattern => #value, }));
    }
    let other = is_open(&arms).then(|| quote! { _ => None, });
    let arms = most_exact_first(arms);
    file.items(quote! {
        #[doc = #docs]
        #[derive(Clone, Debug)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }

        impl #name {
            /// Decodes the body of an error of this call. Returns `None` when the API document describes no body for its status, or when the body does not match.
            #[must_use]
            pub fn of(error: &sdk_runtime::Error) -> Option<Self> {
                match sdk_runtime::codegen::error_status(error)? {
                    #(#arms)*
                    #other
                }
            }
        }
    })
}

fn pattern(status: Status) -> TokenStream {
    match status {
        Status::Exact(code) => {
            let code = Literal::u16_unsuffixed(code);
            quote! { #code }
        }
        Status::Range(digit) => {
            let [start, end] = [digit * 100, digit * 100 + 99].map(Literal::u16_unsuffixed);
            quote! { #start..=#end }
        }
        Status::Default => quote! { _ },
    }
}

/// Whether some status has no arm.
fn is_open(arms: &[(Status, TokenStream)]) -> bool {
    arms.iter().all(|(status, _)| *status != Status::Default)
}

/// An exact status counts before its range, a range before the rest.
fn most_exact_first(mut arms: Vec<(Status, TokenStream)>) -> impl Iterator<Item = TokenStream> {
    arms.sort_by_key(|(status, _)| *status);
    arms.into_iter().map(|(_, arm)| arm)
}
