//! The blocking client: the same configuration and request builders, for code that is not asynchronous.

use quote::quote;

use crate::diagnostic::Report;

use super::Input;
use super::client::{client_table, title};
use super::doc;
use super::source::SourceFile;

/// Documentation of the blocking client, below its title.
const DOCS: &[&str] = &[
    "",
    "It has the request builders of the asynchronous client: [`call`](Call::call) sends a request and blocks until its",
    "response has arrived, `wait().call()` blocks until a run ends, and `blocking()` turns pages, items or the states of a",
    "run into an iterator.",
    "",
    "A worker thread runs the calls, so they may be made on any thread; that of an asynchronous runtime stands still",
    "meanwhile. Clones share the worker, which ends with the last of them.",
];

/// Renders the file of the blocking client.
pub(super) fn render(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "A blocking client, for code that is not asynchronous.");
    file.items(quote! {
        use sdk_runtime::Error;

        pub use sdk_runtime::blocking::{Call, Download, Iter};

        use super::profile::PROFILE;
    })?;
    let mut docs = doc::sentences(&format!("Blocking client of the {}.", title(input)));
    docs.extend(DOCS.iter().map(|line| (*line).to_owned()));
    file.text(&client_table(input, &docs, "build_blocking"));
    let builder = input.root.public_tokens("ClientBuilder");
    file.items(quote! {
        impl Client {
            /// Runs a future on the worker thread and blocks until it is ready, for what is not a [`Call`].
            ///
            /// # Errors
            ///
            /// Returns a configuration error if it is called by a function that a blocking call runs.
            ///
            /// # Panics
            ///
            /// Panics if the future panics: the panic is propagated to the caller.
            pub fn wait_for<T: Send + 'static>(
                &self,
                future: impl Future<Output = T> + Send + 'static,
            ) -> Result<T, Error> {
                self.core.wait_for(future)
            }
        }

        impl #builder {
            /// Builds a blocking client. Nothing is sent.
            ///
            /// # Errors
            ///
            /// Returns the errors of [`build`](Self::build), and a configuration error if the worker thread cannot be started.
            pub fn build_blocking(self) -> Result<Client, Error> {
                Ok(Client { core: self.core.build_blocking()? })
            }
        }
    })?;
    Ok(file.finish())
}
