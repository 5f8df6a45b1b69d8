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
    let title = doc::attributes(&doc::about_api("Client for the", input.api));
    // A document may describe types only: then nothing is ever sent.
    let sends = !input.api.operations.is_empty();
    file.items(quote! {
        use std::sync::Arc;
        use std::time::Duration;

        use sdk_runtime::codegen::{Core, CoreBuilder};
        use sdk_runtime::{Clock, Environment, Error, KeyProvider, RetryPolicy, Secret};

        use super::profile::PROFILE;

        #title
        ///
        /// Cheap to clone: clones share connections and configuration.
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(crate) core: Core,
        }

        /// Builds a [`Client`].
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

            /// Builds the client. Sends nothing.
            ///
            /// # Errors
            ///
            /// Fails when the API key is missing or malformed, the region is unknown, or the base URL is not a valid URL.
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
        /// Sets the API key, which authenticates every request. It never appears in `Debug` output or in an error.
        pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
            self.core = self.core.api_key(key);
            self
        }

        /// Sets a provider that supplies the API key before every attempt, for keys that are rotated and tokens that expire.
        /// A closure that returns a future is a provider.
        pub fn api_key_provider(mut self, provider: impl KeyProvider + 'static) -> Self {
            self.core = self.core.api_key_provider(provider);
            self
        }

        /// Uses one of the named deployments in [`environments`](crate::environments).
        pub fn environment(mut self, environment: &Environment) -> Self {
            self.core = self.core.environment(environment);
            self
        }

        /// Selects a deployment by its region or name. [`build`](Self::build) fails when there is none.
        pub fn region(mut self, region: &str) -> Self {
            self.core = self.core.region(region);
            self
        }

        /// Sets a custom base URL. Its path is prepended to every request path.
        pub fn base_url(mut self, url: impl Into<String>) -> Self {
            self.core = self.core.base_url(url);
            self
        }

        /// Allows `http://` URLs to hosts other than this machine. The API key is then sent unencrypted.
        pub fn allow_insecure_http(mut self) -> Self {
            self.core = self.core.allow_insecure_http();
            self
        }

        #(#setters)*

        /// Adds a header to every request. A call can override it.
        pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.core = self.core.header(name, value);
            self
        }
    }
}

/// Setters for limits and retries.
fn limit_setters() -> TokenStream {
    quote! {
        /// Sets the timeout of each attempt, from connecting to the last byte. For a stream it limits the time until the
        /// response starts, and then the time between two pieces.
        pub fn timeout(mut self, timeout: Duration) -> Self {
            self.core = self.core.timeout(timeout);
            self
        }

        /// Sets the timeout of a call with all its attempts and the delays between them. There is none by default.
        pub fn total_timeout(mut self, timeout: Duration) -> Self {
            self.core = self.core.total_timeout(timeout);
            self
        }

        /// Sets the maximum size of a response body, in bytes. A larger one is an error.
        pub fn max_response_bytes(mut self, most: u64) -> Self {
            self.core = self.core.max_response_bytes(most);
            self
        }

        /// Sets the timeout for connecting. It has no effect on a custom [`http_client`](Self::http_client).
        pub fn connect_timeout(mut self, timeout: Duration) -> Self {
            self.core = self.core.connect_timeout(timeout);
            self
        }

        /// Sets the policy that decides which failed attempts are retried.
        pub fn retry(mut self, policy: RetryPolicy) -> Self {
            self.core = self.core.retry(policy);
            self
        }

        /// Sets the maximum number of retries after the first attempt; 0 disables retries.
        pub fn max_retries(mut self, most: u32) -> Self {
            self.core = self.core.max_retries(most);
            self
        }
    }
}

/// Setters for what sends requests, and how it presents itself.
fn transport_setters() -> TokenStream {
    quote! {
        /// Uses this HTTP client, with its proxies, certificates and connection pool. Its redirect policy applies: disable
        /// redirects, or one may carry headers to another host. Disable its retries with `reqwest::retry::never()`.
        pub fn http_client(mut self, client: reqwest::Client) -> Self {
            self.core = self.core.http_client(client);
            self
        }

        /// Wraps the sending of each attempt in a tower layer, outside of the layers added before. The layer sees the whole
        /// request, including the API key; retries and timeouts are applied outside of it.
        #[cfg(feature = "tower")]
        pub fn layer(mut self, layer: impl sdk_runtime::tower::AttemptLayer) -> Self {
            self.core = self.core.layer(layer);
            self
        }

        /// Sets the source of time and randomness, so that tests need not wait.
        pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
            self.core = self.core.clock(clock);
            self
        }

        /// Appends a product to the `User-Agent` header, such as `my-app/1.2`.
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
            /// Builds a client with this API key and default settings.
            ///
            /// # Errors
            ///
            /// Fails when the key is empty or cannot be sent in a header.
            pub fn new(api_key: impl Into<Secret>) -> Result<Self, Error> {
                Self::builder().api_key(api_key).build()
            }

            /// Builds a client from environment variables, which the crate documentation lists.
            ///
            /// # Errors
            ///
            /// Fails when no API key is set, or when a variable has an invalid value.
            pub fn from_env() -> Result<Self, Error> {
                Self::builder_from_env()?.build()
            }

            /// Returns a builder with default settings.
            pub fn builder() -> ClientBuilder {
                ClientBuilder { core: CoreBuilder::new(&PROFILE) }
            }

            /// Returns a builder configured from environment variables. Its setters take precedence.
            ///
            /// # Errors
            ///
            /// Fails when a variable is not valid Unicode.
            pub fn builder_from_env() -> Result<ClientBuilder, Error> {
                Ok(ClientBuilder { core: CoreBuilder::from_env(&PROFILE)? })
            }

            /// Returns the base URL of all requests, without a trailing slash.
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
