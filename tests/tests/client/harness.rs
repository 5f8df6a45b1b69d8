//! The test harness: a client and the server that it sends requests to. Must not know which operations are tested.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use extend_ai::{Client, ClientBuilder};
use sdk_runtime::Operation;
use sdk_runtime::dispatch::{Arguments, CallError, Outcome, Output};
use serde_json::Value;
use workspace_tests::document;
use workspace_tests::server::{Reply, Server};

/// The API key of every test.
pub(crate) const KEY: &str = "sk_test_1234567890";

/// A client, and a server with prepared responses.
pub(crate) struct Harness {
    pub(crate) server: Server,
    pub(crate) client: Client,
    next: Arc<Mutex<VecDeque<Reply>>>,
}

impl Harness {
    /// Creates a client with nothing configured except a key.
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    /// Creates a client with additional configuration.
    pub(crate) async fn with(configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let next = Arc::new(Mutex::new(VecDeque::from([Reply::json(200, &Value::Null)])));
        let shared = Arc::clone(&next);
        let respond = move |_: &_| {
            let mut replies = shared.lock().unwrap_or_else(PoisonError::into_inner);
            let last = replies.len() == 1;
            if last { replies.front().cloned() } else { replies.pop_front() }.unwrap()
        };
        let server = Server::start(respond).await.unwrap();
        // Tests count requests, so nothing is retried unless a test asks for it.
        let builder = Client::builder().api_key(KEY).base_url(server.url()).max_retries(0);
        let client = configure(builder).build().unwrap();
        Self { server, client, next }
    }

    /// Sets the response to all further requests.
    pub(crate) fn respond_with(&self, reply: Reply) {
        self.respond_with_each([reply]);
    }

    /// Sets the responses to the next requests, in order. The last one is repeated.
    pub(crate) fn respond_with_each(&self, replies: impl IntoIterator<Item = Reply>) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = replies.into_iter().collect();
    }

    /// Calls an operation with typed arguments and returns its response as JSON.
    pub(crate) async fn call(
        &self,
        operation: &document::Operation<'_>,
        arguments: Arguments,
    ) -> Result<Value, CallError> {
        let operation = find(operation);
        match extend_ai::dispatch::call(&self.client, operation, arguments).await? {
            Outcome::Json(value) => Ok(value),
            Outcome::Raw(_) => panic!("an unexpected raw response"),
        }
    }
}

/// Creates empty arguments for a typed call.
pub(crate) fn arguments() -> Arguments {
    Arguments::new(Output::Typed)
}

/// Returns the operation from the table of the client.
pub(crate) fn find(wanted: &document::Operation<'_>) -> &'static Operation {
    let mut all = extend_ai::OPERATIONS.iter();
    let same = |operation: &Operation| operation.method == wanted.method && operation.path == wanted.path;
    let found = all.find(|operation| same(operation));
    found.unwrap_or_else(|| panic!("the client has no {}", wanted.label()))
}
