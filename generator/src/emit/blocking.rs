//! The blocking client: a thin layer over the asynchronous one, which shares its builders.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;

use super::Input;
use super::doc;
use super::source::SourceFile;

/// The file of the blocking client.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "A blocking client, for code that is not asynchronous.");
    let title = doc::attributes(&doc::about_api("Blocking client for the", input.api));
    let client = client_impl();
    file.items(quote! {
        use std::ops::Deref;

        use sdk_runtime::{Error, Secret};

        pub use sdk_runtime::blocking::{Call, Iter};

        #title
        ///
        /// It has the same methods as the asynchronous client: [`call`](Call::call) sends a request and waits for the
        /// response, and `blocking()` returns an iterator over pages, items or the states of a run. The work is done on a
        /// dedicated thread, so the client can be used anywhere; on a thread of an asynchronous runtime it blocks that thread.
        /// Clones share the dedicated thread, which ends when the last clone is dropped.
        #[derive(Clone, Debug)]
        pub struct Client(crate::Client);

        #client

        impl Deref for Client {
            type Target = crate::Client;

            fn deref(&self) -> &crate::Client {
                &self.0
            }
        }

        impl crate::ClientBuilder {
            /// Builds a blocking client. Sends nothing.
            ///
            /// # Errors
            ///
            /// Fails as [`build`](Self::build) does, or when the thread cannot be started.
            pub fn build_blocking(self) -> Result<Client, Error> {
                Ok(Client(crate::Client { core: self.core.build_blocking()? }))
            }
        }
    })?;
    Ok(file.finish())
}

/// How a blocking client is made, and what it does besides calls.
fn client_impl() -> TokenStream {
    quote! {
        impl Client {
            /// Builds a client with this API key and default settings.
            ///
            /// # Errors
            ///
            /// Fails when the key is empty or cannot be sent in a header, or when the thread cannot be started.
            pub fn new(api_key: impl Into<Secret>) -> Result<Self, Error> {
                crate::Client::builder().api_key(api_key).build_blocking()
            }

            /// Builds a client from environment variables, which the crate documentation lists.
            ///
            /// # Errors
            ///
            /// Fails when no API key is set, when a variable has an invalid value, or when the thread cannot be started.
            pub fn from_env() -> Result<Self, Error> {
                crate::Client::builder_from_env()?.build_blocking()
            }

            /// Runs any other future of this client, such as a download, to completion.
            ///
            /// # Errors
            ///
            /// Fails when called from within a future that a blocking call is running.
            ///
            /// # Panics
            ///
            /// Panics when the future panics: the panic is propagated to the caller.
            pub fn wait_for<T: Send + 'static>(
                &self,
                future: impl Future<Output = T> + Send + 'static,
            ) -> Result<T, Error> {
                self.0.core.wait_for(future)
            }
        }
    }
}
