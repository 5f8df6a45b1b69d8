//! A server that sends one prepared response, and the command that is pointed at it.
//!
//! Must not know any operation.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::Value;
use tokio::process::Command;
use workspace_tests::Failure;
use workspace_tests::server::{Reply, Request, Server};

use crate::process::extend_ai;

/// The API key of every test.
pub(crate) const KEY: &str = "sk_test_1234567890";

/// The server.
pub(crate) struct Service {
    server: Server,
    response: Arc<Mutex<Reply>>,
}

impl Service {
    /// Starts a server that responds with `null`.
    pub(crate) async fn start() -> Self {
        let response = Arc::new(Mutex::new(Reply::json(200, &Value::Null)));
        let current = Arc::clone(&response);
        let respond = move |_: &Request| current.lock().unwrap_or_else(PoisonError::into_inner).clone();
        Self { server: Server::start(respond).await.unwrap(), response }
    }

    /// Sets the response to all requests from now on.
    pub(crate) fn responds(&self, response: Reply) {
        *self.response.lock().unwrap_or_else(PoisonError::into_inner) = response;
    }

    /// Returns the command with these arguments and this server as its API.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = extend_ai(arguments);
        command.env("EXTEND_BASE_URL", self.url()).env("EXTEND_API_KEY", KEY);
        command
    }

    /// Returns the base URL of the server.
    pub(crate) fn url(&self) -> &str {
        self.server.url()
    }

    /// Takes the requests that arrived since the last time.
    pub(crate) fn take_requests(&self) -> Vec<Request> {
        self.server.take()
    }

    /// Takes the one request that arrived since the last time.
    pub(crate) fn take_request(&self) -> Result<Request, Failure> {
        self.server.take_one()
    }
}
