//! The builder of a configuration: settings in code, environment variables, and one check at the end.
//!
//! It must not know how a request is sent.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

use super::base_url::{BaseUrl, Endpoint, Transport};
use super::companions::Companions;
use super::connect_limit::ConnectLimit;
use super::credential::Credentials;
use super::http_client::build_http_client;
use super::provider::{Key, KeyProvider};
use super::{Core, Shared};
use crate::client::addresses::LoopbackOnly;
use crate::client::clock::{Clock, SystemClock};
use crate::client::confidential::Confidential;
use crate::client::download::LinkClients;
use crate::client::error::Error;
use crate::client::profile::{Environment, Profile};
use crate::client::request_options::check_header;
use crate::client::retry::{Budget, RetryPolicy};
use crate::secret::Secret;

/// The maximum number of redirects that are followed.
const MOST_REDIRECTS: usize = 5;

/// A builder of the configuration of a client. Settings are checked by [`CoreBuilder::build`].
#[derive(Clone)]
pub struct CoreBuilder {
    profile: &'static Profile,
    /// The keys, in the order of the credentials of the profile.
    keys: Vec<Option<Key>>,
    endpoint: Endpoint,
    transport: Transport,
    headers: Vec<(String, String)>,
    timeout: Duration,
    total_timeout: Option<Duration>,
    max_response_bytes: u64,
    connect_timeout: Duration,
    retry: RetryPolicy,
    max_retries: Option<u32>,
    user_agent_suffix: String,
    http: Option<reqwest::Client>,
    clock: Arc<dyn Clock>,
    #[cfg(feature = "tower")]
    layers: crate::tower::Layers,
}

impl CoreBuilder {
    /// Returns the default configuration of the profile, without reading environment variables.
    pub fn new(profile: &'static Profile) -> Self {
        Self {
            profile,
            keys: profile.credentials().map(|_| None).collect(),
            endpoint: Endpoint::Default,
            transport: Transport::Secure,
            headers: Vec::new(),
            timeout: profile.timeout,
            total_timeout: None,
            max_response_bytes: profile.max_response_bytes,
            connect_timeout: profile.connect_timeout,
            retry: RetryPolicy::default(),
            max_retries: None,
            user_agent_suffix: String::new(),
            http: None,
            clock: Arc::new(SystemClock),
            #[cfg(feature = "tower")]
            layers: crate::tower::Layers::default(),
        }
    }

    /// Returns the configuration of [`CoreBuilder::new`], with the environment variables that the profile names
    /// applied. Later calls on the builder take precedence over them. An empty variable counts as unset.
    ///
    /// # Errors
    ///
    /// Returns an error if one of the variables is not valid Unicode.
    pub fn from_env(profile: &'static Profile) -> Result<Self, Error> {
        Self::read(profile, |name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::configuration(format!("the environment variable {name} is not valid Unicode")))
            }
        })
    }

    /// Returns the configuration of [`CoreBuilder::from_env`], with the variables that `lookup` returns instead of
    /// those of the environment.
    ///
    /// # Errors
    ///
    /// Currently never returns an error.
    pub fn from_variables(profile: &'static Profile, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        Self::read(profile, |name| Ok(lookup(name)))
    }

    fn read(profile: &'static Profile, lookup: impl Fn(&str) -> Result<Option<String>, Error>) -> Result<Self, Error> {
        let find = |variable: Option<&'static str>| -> Result<Option<String>, Error> {
            let value = variable.map_or(Ok(None), &lookup)?;
            Ok(value.filter(|value| !value.trim().is_empty()))
        };
        let mut builder = Self::new(profile);
        for (index, credential) in profile.credentials().enumerate() {
            if let Some(key) = find(credential.variable)? {
                builder = builder.credential(index, key);
            }
        }
        if let Some(region) = find(profile.region_variable)? {
            builder.endpoint = Endpoint::Region(region, profile.region_variable);
        }
        if let Some(url) = find(profile.base_url_variable)? {
            builder.endpoint = Endpoint::Url(url, profile.base_url_variable);
        }
        for header in profile.headers {
            if let Some(value) = find(header.variable)? {
                builder = builder.header(header.name, value);
            }
        }
        Ok(builder)
    }

    /// Sets the API key.
    #[must_use]
    pub fn api_key(self, key: impl Into<Secret>) -> Self {
        self.credential(0, key)
    }

    /// Sets a provider that returns the API key before every attempt, instead of a fixed key.
    #[must_use]
    pub fn api_key_provider(self, provider: impl KeyProvider + 'static) -> Self {
        self.credential_provider(0, provider)
    }

    /// Sets a credential by its index: the API key is 0, the further ones follow in the order of the profile.
    #[must_use]
    pub fn credential(self, index: usize, key: impl Into<Secret>) -> Self {
        self.with_key(index, Key::Fixed(key.into()))
    }

    /// Sets a user name and password, for a credential of HTTP basic authentication.
    #[must_use]
    pub fn basic_credential(self, index: usize, user: &str, password: impl Into<Secret>) -> Self {
        let password: Secret = password.into();
        self.credential(index, format!("{user}:{}", password.expose()))
    }

    /// Sets a provider that returns a credential before every attempt.
    #[must_use]
    pub fn credential_provider(self, index: usize, provider: impl KeyProvider + 'static) -> Self {
        self.with_key(index, Key::Provided(Arc::new(provider)))
    }

    fn with_key(mut self, index: usize, key: Key) -> Self {
        if let Some(place) = self.keys.get_mut(index) {
            *place = Some(key);
        }
        self
    }

    /// Selects a server. The last call of `environment`, `region` and `base_url` takes effect.
    #[must_use]
    pub fn environment(mut self, environment: &Environment) -> Self {
        self.endpoint = Endpoint::Environment(*environment);
        self
    }

    /// Selects a server by the name of its region or environment, ignoring case.
    #[must_use]
    pub fn region(mut self, name: &str) -> Self {
        self.endpoint = Endpoint::Region(name.to_owned(), None);
        self
    }

    /// Sets the base URL. It may include a path, which is kept.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Endpoint::Url(url.into(), None);
        self
    }

    /// Allows sending the credential over unencrypted HTTP to any host. Anyone on the network path can read it.
    #[must_use]
    pub fn allow_insecure_http(mut self) -> Self {
        self.transport = Transport::InsecureAllowed;
        self
    }

    /// Sets a header of every request. It replaces a default header of the same name.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref().to_owned(), value.as_ref().to_owned());
        self.headers.push((name, value));
        self
    }

    /// Sets the time limit of each attempt, from connecting to the last byte of the body. For a stream it applies to
    /// the start of the response, then to each event.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Sets the time limit of a call, including all attempts and the pauses between them. Without one, only
    /// [`timeout`](Self::timeout) applies. For a stream it applies to the start of the response.
    #[must_use]
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// Sets the size limit of a response body, in bytes. A larger body is an error. The limit does not apply to
    /// streams.
    #[must_use]
    pub fn max_response_bytes(mut self, most: u64) -> Self {
        self.max_response_bytes = most;
        self
    }

    /// Sets the policy that decides which failed attempts are retried.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the maximum number of retries, whatever the policy of the client says; 0 disables retries.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = Some(most);
        self
    }

    /// Sets the time limit of connecting. It has no effect on a client that [`http_client`](Self::http_client) sets.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Sets a suffix of the `User-Agent` header, for example `my-service/1.2`.
    #[must_use]
    pub fn user_agent_suffix(mut self, suffix: &str) -> Self {
        suffix.trim().clone_into(&mut self.user_agent_suffix);
        self
    }

    /// Sets a custom HTTP client, with its own proxies, certificates and connection pool.
    ///
    /// Its redirect policy applies. Disable redirects, since a redirect may carry headers to another host; downloads
    /// use a different client. Configure it with `reqwest::retry::never()`, or it retries requests in addition to this
    /// client.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Sets the source of time and randomness, so that tests do not have to wait.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Adds a layer around the sending of each attempt, outside of those added before. It sees the whole request,
    /// including the credential.
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer(mut self, layer: impl crate::tower::AttemptLayer) -> Self {
        self.layers.add(layer);
        self
    }

    /// Checks all settings and builds the configuration.
    ///
    /// # Errors
    ///
    /// Returns a [`Configuration`](crate::ErrorKind::Configuration) error if the API key is missing or malformed, the
    /// region is unknown, or the base URL or a header cannot be used. The message says what to do and never shows the
    /// key.
    pub fn build(self) -> Result<Core, Error> {
        let base = self.endpoint.resolve(self.profile, self.transport)?;
        let credentials = Credentials::new(self.profile, &self.keys)?;
        let mut open_headers = self.default_headers()?;
        // The default, which the `Accept` header of an operation replaces.
        open_headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        let mut headers = open_headers.clone();
        credentials.first().put_header(&mut headers);
        let keys = self.profile.credentials().zip(&self.keys).filter_map(|(credential, key)| match key {
            Some(Key::Fixed(key)) => Some((key, credential)),
            Some(Key::Provided(_)) | None => None,
        });
        let confidential = Confidential::of_client(keys, &headers);
        let (http, http_timeout, connect_timeout) = match &self.http {
            Some(http) => (http.clone(), None, None),
            None => (self.new_http(&base)?, Some(self.timeout), Some(self.connect_timeout)),
        };
        let link_clients = LinkClients::new(self.http.clone(), Some(self.connect_timeout));
        let Self { profile, timeout, total_timeout, max_response_bytes, retry, clock, .. } = self;
        let max_retries = self.max_retries.or(retry.most());
        let budget = Arc::new(Budget::full());
        #[cfg(feature = "tower")]
        let layered = self.layers.around(&http).map(std::sync::Mutex::new);
        Ok(Core(Arc::new(Shared {
            profile,
            base,
            http,
            link_clients,
            credentials,
            headers,
            open_headers,
            confidential,
            timeout,
            http_timeout,
            connect_timeout,
            total_timeout,
            max_response_bytes,
            retry,
            max_retries,
            budget,
            clock,
            companions: Companions::default(),
            #[cfg(feature = "blocking")]
            worker: None,
            #[cfg(feature = "tower")]
            layered,
        })))
    }

    /// Builds the configuration of a blocking client, which has its own worker thread: see
    /// [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// Returns the errors of [`build`](Self::build), and an error if the thread cannot be started.
    #[cfg(feature = "blocking")]
    pub fn build_blocking(self) -> Result<Core, Error> {
        let mut core = self.build()?;
        let worker = crate::client::worker::Worker::start()?;
        if let Some(shared) = Arc::get_mut(&mut core.0) {
            shared.worker = Some(worker);
        }
        Ok(core)
    }

    fn default_headers(&self) -> Result<HeaderMap, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(header::USER_AGENT, self.user_agent()?);
        // Without it, any coding is acceptable, and a proxy may compress what nothing here decompresses.
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static("identity"));
        let injected = self.profile.headers.iter();
        let injected = injected.filter_map(|header| Some((header.name, header.default?)));
        let own = self.headers.iter();
        let own = own.map(|(name, value)| (name.as_str(), value.as_str()));
        for (name, value) in injected.chain(own) {
            let (name, value) = check_header(name, value).map_err(Error::configuration)?;
            headers.insert(name, value);
        }
        Ok(headers)
    }

    fn user_agent(&self) -> Result<HeaderValue, Error> {
        let Profile { name, version, .. } = self.profile;
        let text = format!("{name}/{version} {}", self.user_agent_suffix);
        HeaderValue::from_bytes(text.trim_end().as_bytes())
            .map_err(|_| Error::configuration("the user agent suffix contains a control character"))
    }

    fn new_http(&self, base: &BaseUrl) -> Result<reqwest::Client, Error> {
        let builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .connector_layer(ConnectLimit)
            .timeout(self.timeout)
            .redirect(reqwest::redirect::Policy::custom(follow))
            // The header would repeat the query, which may contain the credential.
            .referer(false)
            // These retries would bypass the retry policy, without a pause.
            .retry(reqwest::retry::never());
        // From the point of view of a proxy, loopback addresses are another machine.
        let builder = if base.is_loopback() { builder.no_proxy() } else { builder };
        // DNS may also resolve the name to another machine, which must not receive the credential without TLS unless
        // that is allowed.
        let builder = match (base.is_loopback() && base.url.scheme() == "http", self.transport) {
            (true, Transport::Secure) => builder.dns_resolver(LoopbackOnly),
            (true, Transport::InsecureAllowed) | (false, _) => builder,
        };
        build_http_client(builder)
    }
}

/// Follows a redirect only within the same origin and only if it keeps method and body. Otherwise the credential would
/// reach another host, or a POST would silently become a GET.
fn follow(attempt: reqwest::redirect::Attempt<'_>) -> reqwest::redirect::Action {
    let first = attempt.previous().first();
    let same_origin = first.is_some_and(|first| first.origin() == attempt.url().origin());
    let same_method = matches!(attempt.status().as_u16(), 307 | 308);
    if same_origin && same_method && attempt.previous().len() <= MOST_REDIRECTS {
        attempt.follow()
    } else {
        attempt.stop()
    }
}

impl fmt::Debug for CoreBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("CoreBuilder")
            .field("product", &self.profile.name)
            .field("api_key", &self.keys.first().and_then(Option::as_ref))
            .field("headers", &names)
            .field("timeout", &self.timeout)
            .field("total_timeout", &self.total_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
