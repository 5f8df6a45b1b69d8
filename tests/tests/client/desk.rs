//! A client and the server it talks to: what a test sets up first.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use extend_ai::{Client, ClientBuilder};
use sdk_runtime::Operation;
use sdk_runtime::dispatch::{Arguments, CallError, Outcome, Output};
use serde_json::Value;
use workspace_tests::document;
use workspace_tests::server::{Reply, Server};

/// The key of every test.
pub(crate) const KEY: &str = "sk_test_1234567890";

/// A client, and a server that gives it one prepared answer after the other.
pub(crate) struct Desk {
    pub(crate) server: Server,
    pub(crate) client: Client,
    next: Arc<Mutex<VecDeque<Reply>>>,
}

impl Desk {
    /// A client with nothing configured but a key.
    pub(crate) async fn new() -> Self {
        Self::with(|builder| builder).await
    }

    /// A client with more than that.
    pub(crate) async fn with(configure: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Self {
        let next = Arc::new(Mutex::new(VecDeque::from([Reply::json(200, &Value::Null)])));
        let answer = Arc::clone(&next);
        let answer = move |_: &_| {
            let mut replies = answer.lock().unwrap_or_else(PoisonError::into_inner);
            let last = replies.len() == 1;
            if last { replies.front().cloned() } else { replies.pop_front() }.unwrap()
        };
        let server = Server::start(answer).await.unwrap();
        // A test counts requests, so what is refused once is not asked for again unless the test wants it.
        let builder = Client::builder().api_key(KEY).base_url(server.url()).max_retries(0);
        let client = configure(builder).build().unwrap();
        Self { server, client, next }
    }

    /// What the server answers from now on.
    pub(crate) fn answers(&self, reply: Reply) {
        self.answers_each([reply]);
    }

    /// What the server answers to one request after the other; the last one also to all that follow.
    pub(crate) fn answers_each(&self, replies: impl IntoIterator<Item = Reply>) {
        *self.next.lock().unwrap_or_else(PoisonError::into_inner) = replies.into_iter().collect();
    }

    /// Calls an operation through its types and gives the answer encoded again.
    pub(crate) async fn call(
        &self,
        operation: &document::Operation<'_>,
        arguments: Arguments,
    ) -> Result<Value, CallError> {
        let operation = find(operation);
        match extend_ai::dispatch::call(&self.client, operation, arguments).await? {
            Outcome::Json(value) => Ok(value),
            Outcome::Raw(_) => panic!("a raw answer that nobody asked for"),
        }
    }
}

/// No arguments yet, for a typed call.
pub(crate) fn arguments() -> Arguments {
    Arguments::new(Output::Typed)
}

/// The operation in the table of the client.
pub(crate) fn find(wanted: &document::Operation<'_>) -> &'static Operation {
    let mut all = extend_ai::OPERATIONS.iter();
    let same = |operation: &Operation| operation.method == wanted.method && operation.path == wanted.path;
    let found = all.find(|operation| same(operation));
    found.unwrap_or_else(|| panic!("the client has no {}", wanted.label()))
}
