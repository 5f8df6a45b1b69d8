//! The client and its builder: a thin, typed face of the runtime's core.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::diagnostic::Report;

use super::Input;
use super::doc;
use super::source::SourceFile;

/// The file of the client.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "The client and its builder.");
    let title = input.api.title.split_whitespace().collect::<Vec<_>>().join(" ");
    let title = doc::attributes(&doc::sentences(&format!("Client of the {title}")));
    // A document may describe types only: then nothing is ever sent.
    let sends = !input.api.operations.is_empty();
    file.items(quote! {
        use std::sync::Arc;
        use std::time::Duration;

        use sdk_runtime::codegen::{Core, CoreBuilder};
        use sdk_runtime::{Clock, Environment, Error, KeyProvider, RetryPolicy, Secret};

        use super::profile::PROFILE;

        #title
        #[doc = ""]
        #[doc = " Cheap to clone: clones share connections and configuration."]
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(crate) core: Core,
        }

        #[doc = " Makes a [`Client`]."]
        #[derive(Clone, Debug)]
        #[must_use = "a builder does nothing until `build` is called"]
        pub struct ClientBuilder {
            pub(crate) core: CoreBuilder,
        }
    })?;
    if sends {
        file.text(&call_macro(input));
    }
    file.items(client_impl())?;
    file.items(builder_impl(input))?;
    Ok(file.finish())
}

/// The setters of the builder, and what makes a client of them.
fn builder_impl(input: &Input<'_>) -> TokenStream {
    let setters = [destination_setters(input), limit_setters(), transport_setters()];
    quote! {
        impl ClientBuilder {
            #(#setters)*

            #[doc = " Makes the client. Nothing is sent."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " A key is missing or malformed, the region is unknown, or the base URL is none."]
            pub fn build(self) -> Result<Client, Error> {
                Ok(Client { core: self.core.build()? })
            }
        }
    }
}

/// Setters for the credential, the server and what every request carries.
fn destination_setters(input: &Input<'_>) -> TokenStream {
    let setters = input.profile.headers.iter().map(|header| {
        let name = format_ident!("{}", header.setter);
        let wire = &header.name;
        let docs = doc::attributes(&doc::sentences(&header.doc));
        quote! {
            #docs
            pub fn #name(mut self, value: impl AsRef<str>) -> Self {
                self.core = self.core.header(#wire, value);
                self
            }
        }
    });
    quote! {
        #[doc = " The key that authenticates every request. It never shows up in `Debug` or in an error."]
        pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
            self.core = self.core.api_key(key);
            self
        }

        #[doc = " Where the key comes from, asked before every attempt: for keys that are rotated and tokens that expire. A"]
        #[doc = " closure that gives a future is such a provider."]
        pub fn api_key_provider(mut self, provider: impl KeyProvider + 'static) -> Self {
            self.core = self.core.api_key_provider(provider);
            self
        }

        #[doc = " One of the named deployments in [`environments`](crate::environments)."]
        pub fn environment(mut self, environment: &Environment) -> Self {
            self.core = self.core.environment(environment);
            self
        }

        #[doc = " A deployment by its region or name; an unknown one is an error of [`build`](Self::build)."]
        pub fn region(mut self, region: &str) -> Self {
            self.core = self.core.region(region);
            self
        }

        #[doc = " A base URL of your own. A path in it is kept in front of every request path."]
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.core = self.core.base_url(url);
            self
        }

        #[doc = " Allows `http://` to a host other than this machine. The key then travels unencrypted."]
        pub fn allow_insecure_http(mut self) -> Self {
            self.core = self.core.allow_insecure_http();
            self
        }

        #(#setters)*

        #[doc = " A header sent with every request; calls may replace it."]
        pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.core = self.core.header(name, value);
            self
        }
    }
}

/// Setters for limits and retries.
fn limit_setters() -> TokenStream {
    quote! {
        #[doc = " Time limit of an attempt, from connecting to the last byte. A stream has it for its beginning, then for each"]
        #[doc = " piece."]
        pub fn timeout(mut self, timeout: Duration) -> Self {
            self.core = self.core.timeout(timeout);
            self
        }

        #[doc = " Time limit of a call with all its attempts and the pauses between them; none unless set."]
        pub fn total_timeout(mut self, timeout: Duration) -> Self {
            self.core = self.core.total_timeout(timeout);
            self
        }

        #[doc = " Largest body of an answer that is read, in bytes; what is larger is an error."]
        pub fn max_response_bytes(mut self, most: u64) -> Self {
            self.core = self.core.max_response_bytes(most);
            self
        }

        #[doc = " Time limit of connecting. It has no effect on an [`http_client`](Self::http_client) of your own."]
        pub fn connect_timeout(mut self, timeout: Duration) -> Self {
            self.core = self.core.connect_timeout(timeout);
            self
        }

        #[doc = " Which failed attempts are repeated."]
        pub fn retry(mut self, policy: RetryPolicy) -> Self {
            self.core = self.core.retry(policy);
            self
        }

        #[doc = " How many attempts may follow the first one; 0 for none."]
        pub fn max_retries(mut self, most: u32) -> Self {
            self.core = self.core.max_retries(most);
            self
        }
    }
}

/// Setters for what sends requests, and how it presents itself.
fn transport_setters() -> TokenStream {
    quote! {
        #[doc = " An HTTP client of your own, with its proxies, certificates and pool. Its redirect policy applies: let it"]
        #[doc = " follow none, or a redirect may carry headers to another host. Give it `reqwest::retry::never()`."]
        pub fn http_client(mut self, client: reqwest::Client) -> Self {
            self.core = self.core.http_client(client);
            self
        }

        #[doc = " Puts a layer of tower around the sending of each attempt, outside of those that are there. It sees the whole"]
        #[doc = " request, the key included; retries and time limits stay outside of it."]
        #[cfg(feature = "tower")]
        pub fn layer(mut self, layer: impl sdk_runtime::tower::AttemptLayer) -> Self {
            self.core = self.core.layer(layer);
            self
        }

        #[doc = " Takes time and chance from elsewhere than the machine, so that tests need not wait."]
        pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
            self.core = self.core.clock(clock);
            self
        }

        #[doc = " Text after the product in `User-Agent`, such as `my-app/1.2`."]
        pub fn user_agent_suffix(mut self, suffix: &str) -> Self {
            self.core = self.core.user_agent_suffix(suffix);
            self
        }
    }
}

/// `call!` of the runtime with the injected headers of this API.
fn call_macro(input: &Input<'_>) -> String {
    let mut text = String::from(
        "/// What every call has in common, and setters for the headers of this API.
macro_rules! call {
    ($($table:tt)*) => {
        sdk_runtime::codegen::call! {
            [
",
    );
    for header in &input.profile.headers {
        text.push_str(&doc::comments(&doc::sentences(&header.doc), "                "));
        let _ = writeln!(text, "                {} = {:?};", header.setter, header.name);
    }
    text.push_str(
        "            ]
            crate::generated::wire::Client::new;
            $($table)*
        }
    };
}
pub(crate) use call;
",
    );
    text
}

fn client_impl() -> TokenStream {
    quote! {
        impl Client {
            #[doc = " A client with this key and defaults for the rest."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " The key is empty or could not be sent in a header."]
            pub fn new(api_key: impl Into<Secret>) -> Result<Self, Error> {
                Self::builder().api_key(api_key).build()
            }

            #[doc = " A client configured by environment variables; the crate documentation lists them."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " No key is set, or a variable has a value that cannot be used."]
            pub fn from_env() -> Result<Self, Error> {
                Self::builder_from_env()?.build()
            }

            #[doc = " A builder that knows nothing but defaults."]
            pub fn builder() -> ClientBuilder {
                ClientBuilder { core: CoreBuilder::new(&PROFILE) }
            }

            #[doc = " A builder that starts from environment variables; what is set on it wins."]
            #[doc = ""]
            #[doc = " # Errors"]
            #[doc = ""]
            #[doc = " A variable is not valid Unicode."]
            pub fn builder_from_env() -> Result<ClientBuilder, Error> {
                Ok(ClientBuilder { core: CoreBuilder::from_env(&PROFILE)? })
            }

            #[doc = " The URL requests go to, without a slash at the end."]
            #[must_use]
            pub fn base_url(&self) -> &str {
                self.core.base_url()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::CLIENT_METHODS;

    #[test]
    fn no_call_can_take_the_name_of_a_method_of_the_client() {
        let block: syn::ItemImpl = syn::parse2(client_impl()).unwrap();
        let mut names: Vec<String> = block
            .items
            .iter()
            .filter_map(|item| match item {
                syn::ImplItem::Fn(function) => Some(function.sig.ident.to_string()),
                _ => None,
            })
            .collect();
        names.sort();
        assert_eq!(names, CLIENT_METHODS);
    }
}
