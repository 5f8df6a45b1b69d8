//! The profile as a static of the runtime.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::diagnostic::Report;
use crate::profile::{AuthPolicy, AuthScheme, CredentialPolicy, ErrorPolicy, InjectedHeader, RetryTable};

use super::Input;
use super::environments::{self, Environments};
use super::source::SourceFile;

/// The file of the profile.
pub(crate) fn render(input: &Input<'_>) -> Result<String, Report> {
    let profile = input.profile;
    let mut file = SourceFile::new(input.preamble, "Configuration of the runtime for this API.");
    let Environments { module, constants } = environments::render(&input.api.environments, profile);
    let (headers, hints) = (headers(&profile.headers), hints(&profile.errors));
    let credential = credential(&profile.auth);
    let further_credentials = further_credentials(&profile.credentials);
    let name = match &profile.client.name {
        Some(name) => quote! { #name },
        None => quote! { env!("CARGO_PKG_NAME") },
    };
    let (region, base_url) =
        (option(profile.client.region_variable.as_ref()), option(profile.client.base_url_variable.as_ref()));
    let request_ids = &profile.errors.request_id_headers;
    let pending = &profile.polling.pending;
    let (timeout, connect, bytes) =
        (profile.client.timeout_seconds, profile.client.connect_timeout_seconds, profile.client.max_response_bytes);
    let retrying = retrying(&profile.retry);
    let used = used_types(profile);
    file.items(quote! {
        use std::time::Duration;

        use sdk_runtime::codegen::{#(#used),*};

        #module

        pub(crate) static PROFILE: Profile = Profile {
            name: #name,
            version: env!("CARGO_PKG_VERSION"),
            credential: #credential,
            further_credentials: #further_credentials,
            environments: &[#(environments::#constants),*],
            region_variable: #region,
            base_url_variable: #base_url,
            headers: #headers,
            request_id_headers: &[#(#request_ids),*],
            hints: #hints,
            pending_statuses: &[#(#pending),*],
            timeout: Duration::from_secs(#timeout),
            connect_timeout: Duration::from_secs(#connect),
            max_response_bytes: #bytes,
            retrying: #retrying,
            telemetry: telemetry!(),
        };
    })?;
    Ok(file.finish())
}

fn headers(headers: &[InjectedHeader]) -> TokenStream {
    let headers = headers.iter().map(|header| {
        let name = &header.name;
        let (default, variable) = (option(header.default.as_ref()), option(header.variable.as_ref()));
        quote! { InjectedHeader { name: #name, default: #default, variable: #variable } }
    });
    quote! { &[#(#headers),*] }
}

fn hints(errors: &ErrorPolicy) -> TokenStream {
    let hints = errors.hints.iter().map(|hint| {
        let (status, text) = (hint.status, &hint.text);
        quote! { Hint { status: #status, text: #text } }
    });
    quote! { &[#(#hints),*] }
}

fn credential(auth: &AuthPolicy) -> TokenStream {
    let placement = placement(auth.scheme, auth.name.as_deref(), auth.prefix.as_deref());
    let variable = option(auth.variable.as_ref());
    let required = if auth.optional || auth.scheme == AuthScheme::None {
        quote! { Requirement::Optional }
    } else {
        quote! { Requirement::Required }
    };
    quote! { Credential { variable: #variable, placement: #placement, required: #required } }
}

fn further_credentials(credentials: &[CredentialPolicy]) -> TokenStream {
    let credentials = credentials.iter().map(|credential| {
        let placement = placement(credential.scheme, credential.name.as_deref(), credential.prefix.as_deref());
        let variable = option(credential.variable.as_ref());
        quote! { Credential { variable: #variable, placement: #placement, required: Requirement::Optional } }
    });
    quote! { &[#(#credentials),*] }
}

fn placement(scheme: AuthScheme, name: Option<&str>, prefix: Option<&str>) -> TokenStream {
    let (carrier, prefix) = (name.unwrap_or("authorization"), prefix.unwrap_or_default());
    match scheme {
        AuthScheme::Bearer => quote! { Placement::Header { name: "authorization", prefix: "Bearer " } },
        AuthScheme::Basic => quote! { Placement::Basic },
        AuthScheme::Header => quote! { Placement::Header { name: #carrier, prefix: #prefix } },
        AuthScheme::Query => quote! { Placement::Query { name: #carrier } },
        AuthScheme::Cookie => quote! { Placement::Cookie { name: #carrier } },
        AuthScheme::None => quote! { Placement::None },
    }
}

fn retrying(retry: &RetryTable) -> TokenStream {
    let RetryTable { max_retries, first_delay_ms, max_delay_ms, reset_header, parity_statuses } = retry;
    let reset_header = option(reset_header.as_ref());
    quote! {
        Retrying {
            max_retries: #max_retries,
            first_delay: Duration::from_millis(#first_delay_ms),
            max_delay: Duration::from_millis(#max_delay_ms),
            reset_header: #reset_header,
            parity_statuses: &[#(#parity_statuses),*],
        }
    }
}

fn used_types(profile: &crate::profile::Profile) -> Vec<proc_macro2::Ident> {
    let mut names = vec!["Credential", "Placement", "Profile", "Requirement", "Retrying", "telemetry"];
    if !profile.headers.is_empty() {
        names.push("InjectedHeader");
    }
    if !profile.errors.hints.is_empty() {
        names.push("Hint");
    }
    names.sort_unstable();
    names.into_iter().map(|name| format_ident!("{name}")).collect()
}

/// An optional text.
pub(super) fn option(text: Option<&String>) -> TokenStream {
    match text {
        Some(text) => quote! { Some(#text) },
        None => quote! { None },
    }
}
