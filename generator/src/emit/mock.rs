//! The mock server: a typed wrapper of the runtime's server, with a method per resource and operation.

use std::fmt::Write as _;

use proc_macro2::TokenStream;
use quote::quote;

use crate::diagnostic::Report;
use crate::ir::{Call, Resource, Response, Status, Type};
use crate::names::RustIdent;

use super::Input;
use super::doc;
use super::operations::constant;
use super::rust_type::{Scope, render_type, tight};
use super::source::SourceFile;

/// Name of the server type.
const SERVER: &str = "MockServer";
/// API key of the clients; any value works.
const KEY: &str = "mock-key";

/// Renders the file of the server.
pub(super) fn render_server(input: &Input<'_>) -> Result<String, Report> {
    let mut file = SourceFile::new(input.preamble, "A mock server for tests, with a mock of every operation.");
    let title = doc::attributes(&doc::about_api("Mock server for tests, in place of the", input.api));
    let server = server_impl();
    let exports = input.root.exports_tokens();
    let operations = input.root.internal_tokens("operations");
    let profile = input.root.internal_tokens("profile");
    file.items(quote! {
        use std::ops::Deref;
        use std::sync::Arc;

        use sdk_runtime::codegen::{Mocks, expect_ok};
        use sdk_runtime::testing;

        pub use sdk_runtime::SystemClock;
        pub use sdk_runtime::testing::{
            ByStatus, Events, InstantClock, Json, Lines, Mock, Nothing, Raw, RecordedRequest, Reply, Text,
        };

        use #operations::OPERATIONS;
        use #profile::PROFILE;
        use #exports::{Client, ClientBuilder};
    })?;
    file.text("pub mod fixtures;\npub mod mocks;\n");
    file.items(quote! {
        #title
        ///
        /// The server stops when it is dropped. Dropping it also calls `verify`, unless the test has called `verify` or
        /// `problems` or is already panicking.
        #[derive(Debug)]
        pub struct MockServer {
            server: testing::MockServer,
        }

        #server

        impl Deref for MockServer {
            type Target = testing::MockServer;

            fn deref(&self) -> &Self::Target {
                &self.server
            }
        }

        impl AsRef<Mocks> for MockServer {
            fn as_ref(&self) -> &Mocks {
                self.server.as_ref()
            }
        }
    })?;
    if input.delivery_checks().is_some() {
        file.items(delivery(input))?;
    }
    Ok(file.finish())
}

/// Renders the methods that start a mock server and build its clients.
fn server_impl() -> TokenStream {
    let key = KEY;
    quote! {
        impl MockServer {
            /// Starts a server on a free port of this machine, as a task of the current Tokio runtime.
            ///
            /// # Panics
            ///
            /// Panics when called outside of a Tokio runtime, or when no port is free.
            pub async fn start() -> Self {
                Self { server: testing::MockServer::start(&PROFILE, OPERATIONS).await }
            }

            /// Builds a client of this server. Its delays pass instantly, so that tests do not wait.
            ///
            /// # Panics
            ///
            /// Panics when the HTTP client cannot be built on this machine.
            #[must_use]
            pub fn client(&self) -> Client {
                expect_ok("the client cannot be made", self.client_builder().build())
            }

            /// Returns a builder of such a client. With `clock(Arc::new(SystemClock))` its delays take real time.
            pub fn client_builder(&self) -> ClientBuilder {
                Client::builder().api_key(#key).base_url(self.server.url()).clock(Arc::new(self.server.clock()))
            }
        }
    }
}

/// Renders the function that builds webhook deliveries.
fn delivery(input: &Input<'_>) -> TokenStream {
    let event = input.root.public_tokens("webhooks::WebhookEvent");
    quote! {
        #[cfg(feature = "webhooks")]
        use sdk_runtime::codegen::serde::Serialize;
        #[cfg(feature = "webhooks")]
        pub use sdk_runtime::testing::Delivery;

        /// Builds the delivery of an event to a webhook, sent now and signed with this secret.
        ///
        /// # Panics
        ///
        /// Panics when the event cannot be serialized as JSON.
        #[cfg(feature = "webhooks")]
        #[must_use]
        #[track_caller]
        pub fn delivery(event: &impl Serialize, secret: &str) -> Delivery {
            let scheme = <#event as sdk_runtime::webhooks::Events>::SCHEME;
            Delivery::signed(scheme, event, secret)
        }
    }
}

/// Renders the file of the mocks, which respond with fixtures.
pub(super) fn render_mocks(input: &Input<'_>) -> Result<String, Report> {
    let mut table = Table { input, body: SourceFile::new(input.preamble, "") };
    table.body.mention(&quote! { MockServer });
    let mut text = format!("sdk_runtime::codegen::mocks! {{ {SERVER};\n");
    let mut root = String::new();
    for resource in input.api.resources.iter().chain(&input.api.former.resources) {
        let mut rows: String = resource.calls.iter().map(|call| table.row(call, &call.mock)).collect();
        rows.push_str(&table.former_rows(resource));
        match &resource.mock {
            // Writing to a string cannot fail, here and below.
            Some(mock) => {
                let (method, accessor) = (mock.method.source(), mock.accessor.source());
                let _ = write!(text, "    {method}: {accessor} {{\n{rows}    }}\n");
            }
            None => root = rows,
        }
    }
    let _ = writeln!(text, "    {{\n{root}    }}\n}}");
    table.body.text(&text);
    let mut file = SourceFile::new(input.preamble, "A mock of every operation, by resource.");
    file.import(
        &table.body,
        &[
            (&input.root.exports(), ["types"].map(str::to_owned).into()),
            (&input.root.path(), ["operations"].map(str::to_owned).into()),
            ("super", [SERVER, "fixtures"].map(str::to_owned).into()),
        ],
    )?;
    file.append(&table.body);
    Ok(file.finish())
}

struct Table<'a> {
    input: &'a Input<'a>,
    body: SourceFile,
}

impl Table<'_> {
    /// Renders the rows of calls that a resource had under other names.
    fn former_rows(&mut self, resource: &Resource) -> String {
        let input = self.input;
        let former = input.api.former.calls_of(resource);
        former.filter_map(|former| Some(self.row(input.api.call(former.operation)?.1, &former.method))).collect()
    }

    /// Renders the table row of a call, under one of its names.
    fn row(&mut self, call: &Call, name: &RustIdent) -> String {
        let operation = &self.input.api.operations[call.operation];
        let (form, prepared) = match &operation.response {
            Response::Json(ty) => (self.typed("json", ty), Some(ty)),
            Response::Events(ty) => (self.typed("events", ty), Some(ty)),
            Response::Lines(ty) => (self.typed("lines", ty), Some(ty)),
            Response::Text => ("text".to_owned(), None),
            Response::Bytes => ("bytes".to_owned(), None),
            Response::Empty => ("empty".to_owned(), None),
            Response::ByStatus(responses) => by_status(responses),
        };
        self.body.mention(&quote! { operations::Operation });
        let prepared = prepared.and_then(|ty| self.input.api.fixture(ty)).map_or_else(String::new, |fixture| {
            self.body.mention(&quote! { fixtures::Fixture });
            format!(", fixtures::{}", fixture.name.constant_case())
        });
        format!("        {} => {form}, operations::{}{prepared};\n", name.source(), constant(operation))
    }

    fn typed(&mut self, form: &str, ty: &Type) -> String {
        let ty = render_type(&self.input.api.types, ty, Scope::Elsewhere);
        self.body.mention(&ty);
        format!("{form} {}", tight(&ty))
    }
}

/// Returns the status of the prepared response and the type of its body: those of the first JSON response.
fn by_status(responses: &[(Status, Response)]) -> (String, Option<&Type>) {
    let json = responses.iter().find_map(|(status, response)| Some((status, response.json()?)));
    // A range or `default` covers any status, and therefore the usual one as well.
    let code = match json {
        Some((Status::Exact(code), _)) => *code,
        Some((Status::Range(_) | Status::Default, _)) | None => 200,
    };
    (code.to_string(), json.map(|(_, ty)| ty))
}
