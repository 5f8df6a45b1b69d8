//! The file that verifies deliveries to webhooks: the scheme of the signatures as data of the runtime, and aliases of its types.
//! Knows nothing of cryptography.

use quote::quote;

use crate::diagnostic::Report;
use crate::profile::WebhookPolicy;

use super::Input;
use super::doc;
use super::source::SourceFile;

/// Renders the file.
pub(super) fn render(input: &Input<'_>, policy: &WebhookPolicy) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "Verification of webhook deliveries.");
    let scheme = scheme(policy);
    let signed_url = policy.signed_url.as_ref().map(|_| quote! { SignedUrl, });
    let example = doc::attributes(&example(input));
    file.items(quote! {
        use std::time::Duration;

        use sdk_runtime::Value;
        use sdk_runtime::webhooks::{Events, Scheme, #signed_url WebhookError};

        use super::webhooks::WebhookEvent;

        /// Verifies deliveries and parses their events. Needs no client and no API key.
        ///
        /// [`new`](sdk_runtime::webhooks::Webhooks::new) and [`from_env`](sdk_runtime::webhooks::Webhooks::from_env) set the
        /// signing secret, [`with_secret`](sdk_runtime::webhooks::Webhooks::with_secret) adds another one during a rotation.
        /// [`verify_and_parse`](sdk_runtime::webhooks::Webhooks::verify_and_parse) checks the signature and the age of a
        /// delivery and returns its event; [`verify`](sdk_runtime::webhooks::Webhooks::verify) only checks.
        /// [`max_age`](sdk_runtime::webhooks::Webhooks::max_age) changes the allowed age.
        ///
        #example
        pub type Webhooks = sdk_runtime::webhooks::Webhooks<WebhookEvent>;

        /// An event as it was delivered to a webhook.
        pub type Event = sdk_runtime::webhooks::Event<WebhookEvent>;

        impl Events for WebhookEvent {
            const SCHEME: &'static Scheme = &#scheme;

            fn unknown(value: Value) -> Self {
                Self::Unknown(value)
            }

            fn is_known(&self) -> bool {
                !matches!(self, Self::Unknown(_))
            }
        }

        /// Parses an event without verifying its signature. Do not trust its content unless it has been verified elsewhere.
        ///
        /// # Errors
        ///
        /// Fails when the body is not a JSON object with an event ID and an event name.
        pub fn parse(body: &[u8]) -> Result<Event, WebhookError> {
            Event::parse(body)
        }
    })?;
    Ok(file.finish())
}

/// How a delivery is received.
fn example(input: &Input<'_>) -> Vec<String> {
    let library = input.library;
    vec![
        "```no_run".to_owned(),
        format!("use {library}::HeaderMap;"),
        format!("use {library}::webhooks::{{Event, WebhookError, Webhooks}};"),
        String::new(),
        "fn receive(headers: &HeaderMap, body: &[u8]) -> Result<Event, WebhookError> {".to_owned(),
        "    Webhooks::from_env()?.verify_and_parse(headers, body)".to_owned(),
        "}".to_owned(),
        "```".to_owned(),
    ]
}

fn scheme(policy: &WebhookPolicy) -> proc_macro2::TokenStream {
    let WebhookPolicy {
        timestamp_header,
        signature_header,
        prefix,
        max_age_seconds,
        skew_seconds,
        secret_variable,
        id_property,
        type_property,
        payload_property,
        signed_url,
    } = policy;
    let variable = super::profile::option(secret_variable.as_ref());
    let signed_url = match signed_url {
        Some(form) => {
            let (mark_property, mark, url_property) = (&form.mark_property, &form.mark, &form.url_property);
            quote! {
                Some(SignedUrl { mark_property: #mark_property, mark: #mark, url_property: #url_property })
            }
        }
        None => quote! { None },
    };
    quote! {
        Scheme {
            timestamp_header: #timestamp_header,
            signature_header: #signature_header,
            prefix: #prefix,
            max_age: Duration::from_secs(#max_age_seconds),
            skew: Duration::from_secs(#skew_seconds),
            secret_variable: #variable,
            id_property: #id_property,
            type_property: #type_property,
            payload_property: #payload_property,
            signed_url: #signed_url,
        }
    }
}
