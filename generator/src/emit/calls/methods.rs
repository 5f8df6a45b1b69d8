//! The methods of a resource: each starts a request builder.

use proc_macro2::TokenStream;
use quote::quote;

use crate::emit::doc;
use crate::emit::plan::Plan;
use crate::emit::rust_type::{self, Scope};
use crate::ir::{Argument, BodyPlan, Parameter, Presence, Property, Target};

use super::arguments::{assign, body_argument, body_type, property_argument};

/// Writes the methods that start a call.
pub(super) fn render_methods(plan: &Plan<'_>) -> TokenStream {
    let method = plan.operation.name.token();
    let builder = plan.call.builder.token();
    let docs = doc::attributes(&plan.method_docs());
    let deprecated = doc::deprecation(plan.operation.lifecycle);
    let arguments = plan.call.arguments.iter().map(|argument| declaration(plan, argument));
    let values = parameter_values(plan).chain(body_value(plan));
    let with_body = with_body(plan);
    quote! {
        #docs
        #deprecated
        pub fn #method(&self, #(#arguments),*) -> #builder {
            #builder { core: self.core.clone(), options: RequestOptions::default(), #(#values),* }
        }

        #with_body
    }
}

/// The method that takes a complete body.
fn with_body(plan: &Plan<'_>) -> Option<TokenStream> {
    let method = plan.call.with_body.as_ref()?.token();
    let body_type = body_type(plan.input, plan.operation.body.as_ref()?);
    let builder = plan.call.builder.token();
    let name = &plan.operation.name;
    let docs = format!(" Like [`{name}`](Self::{}), with a complete request body.", name.source());
    let deprecated = doc::deprecation(plan.operation.lifecycle);
    let parameters = plan.call.arguments.iter().filter(|argument| matches!(argument.target, Target::Parameter(_)));
    let arguments = parameters.map(|argument| declaration(plan, argument));
    let values = parameter_values(plan);
    Some(quote! {
        #[doc = #docs]
        #deprecated
        pub fn #method(&self, #(#arguments,)* body: #body_type) -> #builder {
            #builder { core: self.core.clone(), options: RequestOptions::default(), #(#values,)* body }
        }
    })
}

/// An argument and its type.
pub(in crate::emit) fn declaration(plan: &Plan<'_>, argument: &Argument) -> TokenStream {
    let name = argument.name.token();
    let ty = argument_type(plan, argument);
    quote! { #name: #ty }
}

/// Returns what a method accepts for an argument.
pub(in crate::emit) fn argument_type(plan: &Plan<'_>, argument: &Argument) -> Option<TokenStream> {
    let name = argument.name.token();
    match argument.target {
        Target::Parameter(index) => {
            let parameter = plan.operation.parameters.get(index)?;
            Some(rust_type::argument_type(&plan.input.api.types, &parameter.ty, &quote! { #name }, Scope::Elsewhere).ty)
        }
        Target::Property(index) => {
            let field = plan.property(index)?;
            let ty = property_argument(plan.input, plan.operation.body.as_ref()?, field, &quote! { #name });
            Some(optional(field, ty))
        }
        Target::Body => Some(body_argument(plan.input, plan.operation.body.as_ref()?).0),
    }
}

fn optional(field: &Property, ty: TokenStream) -> TokenStream {
    match field.presence {
        Presence::Nullable | Presence::OptionalNullable => quote! { Option<#ty> },
        Presence::Required | Presence::Optional => ty,
    }
}

/// The fields of the builder for parameters: arguments first, then those that are not set yet.
fn parameter_values(plan: &Plan<'_>) -> impl Iterator<Item = TokenStream> {
    let required = |parameter: &&Parameter| parameter.presence == Presence::Required;
    let set = plan.operation.parameters.iter().filter(required).map(|parameter| {
        let name = parameter.name.token();
        assign(
            &name,
            &rust_type::argument_type(&plan.input.api.types, &parameter.ty, &quote! { #name }, Scope::Elsewhere).value,
        )
    });
    let unset = plan.optional().map(|parameter| {
        let name = parameter.name.token();
        quote! { #name: None }
    });
    set.chain(unset)
}

/// The field of the builder for the body.
fn body_value(plan: &Plan<'_>) -> Option<TokenStream> {
    let body = plan.operation.body.as_ref()?;
    match plan.call.body {
        BodyPlan::None => None,
        BodyPlan::Spread => {
            let ty = body_type(plan.input, body);
            let properties =
                plan.call.arguments.iter().filter(|argument| matches!(argument.target, Target::Property(_)));
            let passed = properties.map(|argument| argument.name.token());
            Some(quote! { body: #ty::new(#(#passed),*) })
        }
        BodyPlan::Argument => Some(assign(&quote::format_ident!("body"), &body_argument(plan.input, body).1)),
        BodyPlan::Setter => Some(quote! { body: None }),
    }
}
