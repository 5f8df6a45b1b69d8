//! The configuration of a client, which is checked once and shared by all its calls.
//!
//! It must not know operations, and knows an API only through its profile.

mod base_url;
mod builder;
mod companions;
mod connect_limit;
mod credential;
mod http_client;
mod provider;
mod sharing;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::client::clock::Clock;
use crate::client::confidential::Confidential;
use crate::client::download::LinkClients;
use crate::client::profile::Profile;
use crate::client::response::RawResponse;
use crate::client::retry::{Budget, RetryPolicy};
use base_url::BaseUrl;
pub(crate) use base_url::is_loopback;
pub use builder::CoreBuilder;
use companions::Companions;
pub(crate) use connect_limit::limit_connecting;
pub(crate) use credential::{Credentials, ResolvedCredential};
pub(crate) use http_client::build_http_client;
pub use provider::{KeyProvider, ProvidedKey};
pub use sharing::SharedCore;

/// A function that is called with successful responses.
pub(crate) type ResponseListener = fn(&Core, &RawResponse);

/// The configuration and state that all calls of a client share. Cloning is cheap.
#[derive(Clone)]
pub struct Core(Arc<Shared>);

struct Shared {
    profile: &'static Profile,
    base: BaseUrl,
    http: reqwest::Client,
    link_clients: LinkClients,
    credentials: Credentials,
    headers: HeaderMap,
    /// The headers without a credential, for operations that do not accept the API key.
    open_headers: HeaderMap,
    confidential: Confidential,
    timeout: Duration,
    /// The time limit that is set on the HTTP client itself; unknown for a custom client.
    http_timeout: Option<Duration>,
    /// The time limit for connecting; unknown for a custom client.
    connect_timeout: Option<Duration>,
    total_timeout: Option<Duration>,
    max_response_bytes: u64,
    retry: RetryPolicy,
    max_retries: Option<u32>,
    budget: Arc<Budget>,
    clock: Arc<dyn Clock>,
    companions: Companions,
    #[cfg(feature = "blocking")]
    worker: Option<crate::client::worker::Worker>,
    /// The HTTP client with the layers around it.
    #[cfg(feature = "tower")]
    layered: Option<std::sync::Mutex<crate::tower::HttpService>>,
}

impl Core {
    /// Returns a builder of a configuration.
    pub fn builder(profile: &'static Profile) -> CoreBuilder {
        CoreBuilder::new(profile)
    }

    /// Returns the URL that paths are appended to, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.0.base.text
    }

    /// Returns the URL of a path below the base URL.
    pub(crate) fn below(&self, path: fmt::Arguments<'_>) -> Result<reqwest::Url, impl fmt::Display + use<>> {
        self.0.base.below(path)
    }

    /// Returns the HTTP client.
    pub fn http(&self) -> &reqwest::Client {
        &self.0.http
    }

    /// Returns the HTTP clients for downloads.
    pub(crate) fn link_clients(&self) -> &LinkClients {
        &self.0.link_clients
    }

    /// Returns the profile of the API.
    pub fn profile(&self) -> &'static Profile {
        self.0.profile
    }

    /// Returns the source of time and randomness.
    pub fn clock(&self) -> &dyn Clock {
        self.0.clock.as_ref()
    }

    /// Returns the value of a type that hand-written code keeps with the client and its clones.
    #[must_use]
    pub fn companion<T: Default + Send + Sync + 'static>(&self) -> Arc<T> {
        self.0.companions.get()
    }

    /// Sets the function that is called with every successful response of the client and its clones, before it is decoded; the
    /// first one stays.
    pub fn listen(&self, listener: ResponseListener) {
        self.0.companions.listen(listener);
    }

    /// Calls the listener with a response.
    pub(crate) fn report(&self, response: &RawResponse) {
        if let Some(listener) = self.0.companions.listener() {
            listener(self, response);
        }
    }

    /// Returns the worker thread of a blocking client.
    #[cfg(feature = "blocking")]
    pub(crate) fn worker(&self) -> Option<&crate::client::worker::Worker> {
        self.0.worker.as_ref()
    }

    /// Returns the HTTP client with the layers around it, if there are any.
    #[cfg(feature = "tower")]
    pub(crate) fn layered(&self) -> Option<crate::tower::HttpService> {
        let layered = self.0.layered.as_ref()?;
        Some(layered.lock().unwrap_or_else(std::sync::PoisonError::into_inner).clone())
    }

    /// Returns whether requests go through layers.
    pub(crate) fn is_layered(&self) -> bool {
        #[cfg(feature = "tower")]
        return self.0.layered.is_some();
        #[cfg(not(feature = "tower"))]
        false
    }

    pub(crate) fn credentials(&self) -> &Credentials {
        &self.0.credentials
    }

    /// Returns the headers of most requests, including an API key that is a header and a default `Accept`.
    pub(crate) fn headers(&self) -> &HeaderMap {
        &self.0.headers
    }

    /// Returns the headers without the API key.
    pub(crate) fn open_headers(&self) -> &HeaderMap {
        &self.0.open_headers
    }

    /// Returns the secrets of the client, which must not be shown.
    pub(crate) fn confidential(&self) -> &Confidential {
        &self.0.confidential
    }

    pub(crate) fn timeout(&self) -> Duration {
        self.0.timeout
    }

    pub(crate) fn http_timeout(&self) -> Option<Duration> {
        self.0.http_timeout
    }

    pub(crate) fn connect_timeout(&self) -> Option<Duration> {
        self.0.connect_timeout
    }

    pub(crate) fn total_timeout(&self) -> Option<Duration> {
        self.0.total_timeout
    }

    /// Returns the size limit of a response body, in bytes.
    pub(crate) fn max_response_bytes(&self) -> u64 {
        self.0.max_response_bytes
    }

    pub(crate) fn retry(&self) -> &RetryPolicy {
        &self.0.retry
    }

    /// Returns the maximum number of retries for calls that neither set one nor have a policy that does.
    pub(crate) fn max_retries(&self) -> u32 {
        self.0.max_retries.unwrap_or(self.0.profile.retrying.max_retries)
    }

    /// Returns the retry budget that all calls of the client share.
    pub(crate) fn budget(&self) -> &Budget {
        &self.0.budget
    }

    /// Returns the parsed base URL.
    #[cfg(feature = "tracing")]
    pub(crate) fn url(&self) -> &reqwest::Url {
        &self.0.base.url
    }

    /// Returns the host and port of the server, for messages.
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
