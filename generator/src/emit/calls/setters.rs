//! The setters of a request builder.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::emit::doc::{self, Described};
use crate::emit::plan::Plan;
use crate::emit::rust_type::{Scope, argument_type};
use crate::ir::{Argument, Target};

use super::arguments::{body_argument, property_argument};

/// Writes the setters.
pub(super) fn render_setters(plan: &Plan<'_>) -> Vec<TokenStream> {
    plan.call.setters.iter().filter_map(|setter| render_setter(plan, setter)).collect()
}

fn render_setter(plan: &Plan<'_>, setter: &Argument) -> Option<TokenStream> {
    match setter.target {
        Target::Parameter(index) => parameter_setter(plan, setter, index),
        Target::Property(index) => property_setter(plan, setter, index),
        Target::Body => {
            let (ty, value) = body_argument(plan.input, plan.operation.body.as_ref()?);
            Some(quote! {
                /// Sets the request body.
                pub fn body(mut self, body: #ty) -> Self {
                    self.body = Some(#value);
                    self
                }
            })
        }
    }
}

fn parameter_setter(plan: &Plan<'_>, setter: &Argument, index: usize) -> Option<TokenStream> {
    let parameter = plan.operation.parameters.get(index)?;
    let (field, function) = (parameter.name.token(), setter.name.token());
    let argument_type = argument_type(&plan.input.api.types, &parameter.ty, &quote! { value }, Scope::Elsewhere);
    let (ty, value) = (argument_type.ty, argument_type.value);
    let docs = doc::attributes(&Described::parameter(parameter).lines(&plan.input.api.types));
    Some(quote! {
        #docs
        pub fn #function(mut self, value: #ty) -> Self {
            self.#field = Some(#value);
            self
        }
    })
}

fn property_setter(plan: &Plan<'_>, setter: &Argument, index: usize) -> Option<TokenStream> {
    let field = plan.property(index)?;
    let name = setter.name.token();
    let of_body = plan.spread()?.setters.iter().find(|setter| setter.field == index)?;
    let of_body = format_ident!("{}", of_body.name.as_str());
    let docs = doc::attributes(&Described::property(field, None).lines(&plan.input.api.types));
    if field.constant().is_some() {
        return Some(quote! {
            #docs
            pub fn #name(mut self) -> Self {
                self.body = self.body.#of_body();
                self
            }
        });
    }
    let ty = property_argument(plan.input, plan.operation.body.as_ref()?, field, &quote! { value });
    Some(quote! {
        #docs
        pub fn #name(mut self, value: #ty) -> Self {
            self.body = self.body.#of_body(value);
            self
        }
    })
}
