//! What methods and setters accept for parts of a body, and the values that they store.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use crate::emit::Input;
use crate::emit::rust_type::{Scope, argument_type, render_type};
use crate::emit::structs::{Transport, field_argument_type};
use crate::ir::{Body, BodyForm, Property};

/// Returns the type of a body; binary bodies are bytes here, not strings.
pub(in crate::emit) fn body_type(input: &Input<'_>, body: &Body) -> TokenStream {
    match body.form {
        BodyForm::Bytes(_) => quote! { sdk_runtime::Bytes },
        BodyForm::Json | BodyForm::Multipart | BodyForm::UrlEncoded | BodyForm::Text(_) => {
            render_type(&input.api.types, &body.ty, Scope::Elsewhere)
        }
    }
}

/// Returns what a function accepts for a body, and the value made of its argument `body`.
pub(super) fn body_argument(input: &Input<'_>, body: &Body) -> (TokenStream, TokenStream) {
    match body.form {
        BodyForm::Bytes(_) => (quote! { impl Into<sdk_runtime::Bytes> }, quote! { body.into() }),
        BodyForm::Json | BodyForm::Multipart | BodyForm::UrlEncoded | BodyForm::Text(_) => {
            let argument_type = argument_type(&input.api.types, &body.ty, &quote! { body }, Scope::Elsewhere);
            (argument_type.ty, argument_type.value)
        }
    }
}

/// Returns what a function accepts for a property of a body.
pub(super) fn property_argument(
    input: &Input<'_>,
    body: &Body,
    field: &Property,
    argument: &TokenStream,
) -> TokenStream {
    let transport = match body.form {
        BodyForm::Multipart => Transport::Multipart,
        BodyForm::Json | BodyForm::UrlEncoded | BodyForm::Text(_) | BodyForm::Bytes(_) => Transport::Json,
    };
    field_argument_type(&input.api.types, field, argument, transport, Scope::Elsewhere).0
}

/// Writes a field of a struct expression, in short where name and value are the same.
pub(super) fn assign(name: &Ident, value: &TokenStream) -> TokenStream {
    if *name == value.to_string() {
        quote! { #name }
    } else {
        quote! { #name: #value }
    }
}
