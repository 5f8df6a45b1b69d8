//! The request builder of a call: its fields, and the tables that send it.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;
use crate::emit::plan::Plan;
use crate::emit::rust_type::{Scope, render_type};
use crate::emit::source::SourceFile;
use crate::emit::{doc, former, pagination, polling, sending};
use crate::ir::{BodyPlan, Parameter, Presence};

use super::arguments::body_type;
use super::setters::render_setters;

/// Writes the builder.
pub(super) fn render_builder(plan: &Plan<'_>) -> Result<SourceFile, Report> {
    // A resource is left out as a whole; of the calls of the client itself, each.
    let area = plan.resource.name.is_none().then(|| plan.operation.area(&plan.input.profile.areas)).flatten();
    let mut file = SourceFile::new(plan.input.preamble, "").behind(area);
    let name = plan.call.builder.token();
    let docs = doc::attributes(&plan.builder_docs());
    let fields = plan.operation.parameters.iter().map(|parameter| field(plan, parameter));
    let body = body_field(plan);
    let derives = if plan.is_multipart() {
        quote! { Debug }
    } else {
        quote! { Clone, Debug }
    };
    file.items(quote! {
        #docs
        #[derive(#derives)]
        #[must_use = "a call does nothing until it is awaited or sent"]
        pub struct #name {
            core: Core,
            options: RequestOptions,
            #(#fields)*
            #body
        }
    })?;
    let mut setters = render_setters(plan);
    setters.extend(former::render_setters(plan));
    if !setters.is_empty() {
        file.items(quote! { impl #name { #(#setters)* } })?;
    }
    sending::render_tables(&mut file, plan)?;
    pagination::render_table(&mut file, plan);
    polling::render_table(&mut file, plan);
    Ok(file)
}

fn field(plan: &Plan<'_>, parameter: &Parameter) -> TokenStream {
    let name = parameter.name.token();
    let ty = render_type(&plan.input.api.types, &parameter.ty, Scope::Elsewhere);
    match parameter.presence {
        Presence::Required => quote! { pub(crate) #name: #ty, },
        Presence::Nullable | Presence::Optional | Presence::OptionalNullable => {
            quote! { pub(crate) #name: Option<#ty>, }
        }
    }
}

fn body_field(plan: &Plan<'_>) -> Option<TokenStream> {
    let ty = body_type(plan.input, plan.operation.body.as_ref()?);
    Some(match plan.call.body {
        BodyPlan::Setter => quote! { pub(crate) body: Option<#ty>, },
        BodyPlan::None | BodyPlan::Spread | BodyPlan::Argument => quote! { pub(crate) body: #ty, },
    })
}
