//! The client whose calls wait: a thin face of the client, so that there is one set of builders.

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;

use super::Input;
use super::source::SourceFile;

/// The file of the blocking client.
pub(super) fn blocking(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "A client whose calls wait, for code that is not asynchronous.");
    let title = format!(" Client of the {} for code that is not asynchronous.", input.api.title);
    let client = client_impl();
    file.items(quote! {
        use std::ops::Deref;

        use sdk_runtime::{Error, Secret};

        pub use sdk_runtime::blocking::{Call, Iter};

        #[doc = #title]
        ///
        /// It has the calls of the asynchronous client; [`call`](Call::call) sends one and waits for its answer, and
        /// `blocking()` makes an iterator of pages, items or states of a run. A thread of its own does the work, so it can be
        /// used anywhere, also on a thread of an asynchronous runtime, which then stands still meanwhile. Clones share the
        /// thread, and it ends with the last of them.
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
            /// Makes a client whose calls wait. Nothing is sent.
            ///
            /// # Errors
            ///
            /// As [`build`](Self::build), and when its thread cannot be started.
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
            /// A client with this key and defaults for the rest.
            ///
            /// # Errors
            ///
            /// The key is empty or could not be sent in a header, or the thread cannot be started.
            pub fn new(api_key: impl Into<Secret>) -> Result<Self, Error> {
                crate::Client::builder().api_key(api_key).build_blocking()
            }

            /// A client configured by environment variables; the crate documentation lists them.
            ///
            /// # Errors
            ///
            /// No key is set, a variable has a value that cannot be used, or the thread cannot be started.
            pub fn from_env() -> Result<Self, Error> {
                crate::Client::builder_from_env()?.build_blocking()
            }

            /// Runs any other future of this client, such as a download, and waits for it.
            ///
            /// # Errors
            ///
            /// It is called by a function that a blocking call runs.
            ///
            /// # Panics
            ///
            /// The future panics: the panic goes on here.
            pub fn wait_for<T: Send + 'static>(
                &self,
                future: impl Future<Output = T> + Send + 'static,
            ) -> Result<T, Error> {
                self.0.core.wait_for(future)
            }
        }
    }
}
