//! Webhook events: one enum over all of them, told apart by their name.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use quote::quote;

use crate::diagnostic::Report;
use crate::markdown;
use crate::model::{Type, Webhook};
use crate::names::{RustIdent, Scope as NameScope};

use super::Input;
use super::doc;
use super::rust_type::{Scope, rust_type};
use super::source::SourceFile;

/// The file of the events.
pub(super) fn webhooks(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "Events the server sends to a webhook.");
    let types = &input.api.types;
    let webhooks: Vec<&Webhook> = input.api.webhooks.iter().collect();
    if webhooks.is_empty() {
        return Ok(file.finish());
    }
    let mut scope = NameScope::reserving(&["Unknown"]);
    let names: Vec<RustIdent> = webhooks.iter().map(|webhook| scope.claim(RustIdent::pascal(&webhook.event))).collect();
    let variants = webhooks.iter().zip(&names).map(|(webhook, name)| {
        let name = name.token();
        let ty = rust_type(types, &webhook.ty, Scope::Elsewhere);
        let mut lines = doc::lines(&webhook.docs, &webhook.event);
        lines.push(String::new());
        lines.push(markdown::code(&webhook.event));
        let docs = doc::attributes(&lines);
        quote! { #docs #name(Box<#ty>), }
    });
    let kinds = webhooks.iter().zip(&names).map(|(webhook, name)| {
        let (name, event) = (name.token(), &webhook.event);
        quote! { Self::#name(_) => Some(#event), }
    });
    let tag = tag(input, &webhooks);
    let checks = super::verification::policy(input).map(|_| {
        quote! {
            #[cfg(feature = "webhooks")]
            pub use sdk_runtime::webhooks::{HeaderText, Headers, WebhookError, WebhookErrorKind};
            #[cfg(feature = "webhooks")]
            pub use super::verification::{Event, Webhooks, parse};
        }
    });
    let mut body = SourceFile::new(input.preamble, "");
    body.items(quote! {
        #[doc = " An event the server sends to a webhook."]
        #[doc = ""]
        #[doc = " An event this version does not know is kept as `Unknown`, with everything that was sent."]
        #[derive(Clone, Debug, PartialEq)]
        #[non_exhaustive]
        pub enum WebhookEvent {
            #(#variants)*
            #[doc = " An event this version does not know, as it was sent."]
            Unknown(Value),
        }

        impl WebhookEvent {
            #[doc = " The name of the event, when it says one."]
            #[must_use]
            pub fn event_type(&self) -> Option<&str> {
                match self {
                    #(#kinds)*
                    Self::Unknown(value) => value.get(#tag)?.as_str(),
                }
            }
        }
    })?;
    let listed: Vec<String> = names.iter().map(RustIdent::source).collect();
    let mut text = format!("sdk_runtime::tagged_union!(WebhookEvent({}) by {tag:?} {{\n", listed.join(", "));
    for (webhook, name) in webhooks.iter().zip(&names) {
        let ty = rust_type(types, &webhook.ty, Scope::Elsewhere).to_string().replace(' ', "");
        let _ = writeln!(text, "    {:?} => {}({ty}),", webhook.event, name.source());
    }
    text.push_str("});\n");
    body.text(&text);
    let others = [("sdk_runtime", BTreeSet::new()), ("crate", BTreeSet::from(["types".to_owned()]))];
    file.import(&body, &others)?;
    if let Some(checks) = checks {
        file.items(checks)?;
    }
    file.append(&body);
    Ok(file.finish())
}

/// The property that names the event in every payload.
fn tag(input: &Input<'_>, webhooks: &[&Webhook]) -> String {
    let types = &input.api.types;
    let named = webhooks.iter().find_map(|webhook| {
        let structure = types.structure(&webhook.ty)?;
        let fixed = |text: &Type| matches!(text, Type::Constant(text) if *text == webhook.event);
        structure.fields.iter().find(|field| fixed(&field.ty)).map(|field| field.wire.0.clone())
    });
    named.unwrap_or_else(|| "type".to_owned())
}
