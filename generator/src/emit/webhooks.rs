//! Webhook events: one enum over all of them, told apart by their name.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Type, Types, Webhook};
use crate::markdown;

use super::Input;
use super::doc;
use super::rust_type::{Scope, render_type};
use super::source::SourceFile;

/// The file of the events.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "Events that the API sends to webhooks.");
    let types = &input.api.types;
    let webhooks = &input.api.webhooks;
    if webhooks.is_empty() {
        return Ok(file.finish());
    }
    let tag = tag(input);
    let mut body = SourceFile::new(input.preamble, "");
    body.items(enumeration(types, webhooks, &tag))?;
    body.text(&table(webhooks, &tag));
    let exports = input.root.exports();
    let others = [("sdk_runtime", BTreeSet::new()), (exports.as_str(), BTreeSet::from(["types".to_owned()]))];
    file.import(&body, &others)?;
    if input.delivery_checks().is_some() {
        file.items(quote! {
            #[cfg(feature = "webhooks")]
            pub use sdk_runtime::webhooks::{
                ClaimFuture, EventClaims, HeaderText, Headers, RecentEvents, WebhookError, WebhookErrorKind,
            };
            #[cfg(feature = "webhooks")]
            pub use super::verification::{Event, Webhooks, parse};
        })?;
    }
    file.append(&body);
    Ok(file.finish())
}

/// The enum over all events.
fn enumeration(types: &Types, webhooks: &[Webhook], tag: &str) -> TokenStream {
    let variants = webhooks.iter().map(|webhook| {
        let name = webhook.variant.token();
        let ty = render_type(types, &webhook.ty, Scope::Elsewhere);
        let mut lines = doc::lines(&webhook.docs, &webhook.event);
        lines.push(String::new());
        lines.push(markdown::format_code(&webhook.event));
        let docs = doc::attributes(&lines);
        quote! { #docs #name(Box<#ty>), }
    });
    let kinds = webhooks.iter().map(|webhook| {
        let (name, event) = (webhook.variant.token(), &webhook.event);
        quote! { Self::#name(_) => Some(#event), }
    });
    quote! {
        /// An event that the API sends to a webhook.
        ///
        /// An event that this version does not know is kept as [`Unknown`](Self::Unknown), with everything that was sent.
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum WebhookEvent {
            #(#variants)*
            /// An event that this version does not know, as it was sent.
            Unknown(Value),
        }

        impl WebhookEvent {
            /// Returns the name of the event, if it has one.
            #[must_use]
            pub fn event_type(&self) -> Option<&str> {
                match self {
                    #(#kinds)*
                    Self::Unknown(value) => value.get(#tag)?.as_str(),
                }
            }
        }
    }
}

/// The table that tells the events apart.
fn table(webhooks: &[Webhook], tag: &str) -> String {
    let listed: Vec<String> = webhooks.iter().map(|webhook| webhook.variant.source()).collect();
    let mut text = format!("sdk_runtime::codegen::tagged_union!(WebhookEvent({}) by {tag:?} {{\n", listed.join(", "));
    for webhook in webhooks {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "    {:?} => {},", webhook.event, webhook.variant.source());
    }
    text.push_str("});\n");
    text
}

/// The property that names the event in every payload.
fn tag(input: &Input<'_>) -> String {
    let types = &input.api.types;
    let named = input.api.webhooks.iter().find_map(|webhook| {
        let structure = types.structure(&webhook.ty)?;
        let fixed = |text: &Type| matches!(text, Type::Constant(text) if *text == webhook.event);
        structure.fields.iter().find(|field| fixed(&field.ty)).map(|field| field.wire.0.clone())
    });
    named.unwrap_or_else(|| "type".to_owned())
}
