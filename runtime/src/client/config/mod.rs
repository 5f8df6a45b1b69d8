//! The configuration of a client, checked once, and shared by all its calls.
//!
//! It must not know operations, nor any API other than through its profile.

mod base_url;
mod builder;
mod credential;
mod http_client;
mod provider;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::client::clock::Clock;
use crate::client::confidential::Confidential;
use crate::client::download::LinkClients;
use crate::client::profile::Profile;
use crate::client::retry::{Budget, RetryPolicy};
use base_url::BaseUrl;
pub(crate) use base_url::is_loopback;
pub use builder::CoreBuilder;
pub(crate) use credential::ResolvedCredential;
pub(crate) use http_client::build_http_client;
pub use provider::{KeyProvider, ProvidedKey};

/// What all calls of one client share. Cloning is cheap.
#[derive(Clone)]
pub struct Core(Arc<Shared>);

struct Shared {
    profile: &'static Profile,
    base: BaseUrl,
    http: reqwest::Client,
    link_clients: LinkClients,
    credential: ResolvedCredential,
    headers: HeaderMap,
    confidential: Confidential,
    timeout: Duration,
    /// The time limit that the HTTP client has of its own. Not known of one of the user's.
    http_timeout: Option<Duration>,
    total_timeout: Option<Duration>,
    max_response_bytes: u64,
    retry: RetryPolicy,
    max_retries: Option<u32>,
    budget: Budget,
    clock: Arc<dyn Clock>,
    #[cfg(feature = "blocking")]
    worker: Option<crate::client::worker::Worker>,
    /// The HTTP client with layers around it.
    #[cfg(feature = "tower")]
    layered: Option<std::sync::Mutex<crate::tower::HttpService>>,
}

impl Core {
    /// Starts a configuration.
    pub fn builder(profile: &'static Profile) -> CoreBuilder {
        CoreBuilder::new(profile)
    }

    /// The URL that paths are appended to; without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.0.base.text
    }

    /// The URL of a path below the base URL.
    pub(crate) fn below(&self, path: fmt::Arguments<'_>) -> Result<reqwest::Url, impl fmt::Display + use<>> {
        self.0.base.below(path)
    }

    /// The HTTP client.
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// The HTTP clients of downloads.
    pub(crate) fn link_clients(&self) -> &LinkClients {
        &self.0.link_clients
    }

    /// The profile of the API.
    pub fn profile(&self) -> &'static Profile {
        self.0.profile
    }

    /// Where pauses and time come from.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// The thread that does the work of a blocking client.
    #[cfg(feature = "blocking")]
    pub(crate) fn worker(&self) -> Option<&crate::client::worker::Worker> {
        self.0.worker.as_ref()
    }

    /// The HTTP client with the layers of the client around it, if it has any.
    #[cfg(feature = "tower")]
    pub(crate) fn layered(&self) -> Option<crate::tower::HttpService> {
        let layered = self.0.layered.as_ref()?;
        Some(layered.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone())
    }

    /// Whether requests go through layers.
    pub(crate) fn is_layered(&self) -> bool {
        #[cfg(feature = "tower")]
        return self.0.layered.is_some();
        #[cfg(not(feature = "tower"))]
        false
    }

    pub(crate) fn credential(&self) -> &ResolvedCredential {
        &self.0.credential
    }

    /// Headers that every request carries: also the credential if it is one, and an `Accept` for anything.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// The secrets of the client, which nothing shows.
    pub(crate) fn confidential(&self) -> &Confidential {
        &self.0.confidential
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    pub(crate) fn http_timeout(&self) -> Option<Duration> {
        self.0.http_timeout
    }

    pub(crate) fn total_timeout(&self) -> Option<Duration> {
        self.0.total_timeout
    }

    /// Largest body of a response that is read, in bytes.
    pub(crate) fn max_response_bytes(&self) -> u64 {
        self.0.max_response_bytes
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.0.retry
    }

    /// The number of retries when neither the call nor its policy says one.
    pub(crate) fn max_retries(&self) -> u32 {
        self.0.max_retries.unwrap_or(self.0.profile.retrying.max_retries)
    }

    /// What all calls of the client may spend on retries.
    pub(crate) fn budget(&self) -> &Budget {
        &self.0.budget
    }

    /// The base URL in parts.
    #[cfg(feature = "tracing")]
    pub(crate) fn url(&self) -> &reqwest::Url {
        &self.0.base.url
    }

    /// Host and port of the server, for messages.
    pub(crate) fn server(&self) -> String {
        let url = &self.0.base.url;
        let host = url.host_str().unwrap_or_default();
        match url.port_or_known_default() {
            Some(port) => format!("{host}:{port}"),
            None => host.to_owned(),
        }
    }
}

impl fmt::Debug for Core {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.0.headers.keys().map(|name| name.as_str()).collect();
        f.debug_struct("Core")
            .field("product", &self.0.profile.name)
            .field("base_url", &self.0.base.text)
            .field("headers", &names)
            .field("timeout", &self.0.timeout)
            .field("total_timeout", &self.0.total_timeout)
            .field("retry", &self.0.retry)
            .finish_non_exhaustive()
    }
}
