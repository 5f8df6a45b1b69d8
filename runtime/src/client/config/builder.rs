//! How a client is configured: settings in code, environment variables, and one check at the end.
//!
//! It must not know how a request is made.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, HeaderValue, header};

use super::base_url::{BaseUrl, Endpoint, Transport};
use super::credential::ResolvedCredential;
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

/// Most redirects that are followed.
const MOST_REDIRECTS: usize = 5;

/// A configuration in the making. Nothing is checked before [`CoreBuilder::build`].
#[derive(Clone)]
pub struct CoreBuilder {
    profile: &'static Profile,
    key: Option<Key>,
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
    /// The configuration the profile describes, without looking at the environment.
    pub fn new(profile: &'static Profile) -> Self {
        Self {
            profile,
            key: None,
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

    /// Like [`CoreBuilder::new`], then reads the environment variables the profile names. Later calls on the
    /// builder win over them; an empty variable counts as not set.
    ///
    /// # Errors
    ///
    /// When one of them is not valid Unicode.
    pub fn from_env(profile: &'static Profile) -> Result<Self, Error> {
        Self::read(profile, |name| match std::env::var(name) {
            Ok(value) => Ok(Some(value)),
            Err(std::env::VarError::NotPresent) => Ok(None),
            Err(std::env::VarError::NotUnicode(_)) => {
                Err(Error::configuration(format!("the environment variable {name} is not valid Unicode")))
            }
        })
    }

    /// Like [`CoreBuilder::from_env`], with variables from elsewhere.
    ///
    /// # Errors
    ///
    /// None at present.
    pub fn from_variables(profile: &'static Profile, lookup: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        Self::read(profile, |name| Ok(lookup(name)))
    }

    fn read(profile: &'static Profile, lookup: impl Fn(&str) -> Result<Option<String>, Error>) -> Result<Self, Error> {
        let find = |variable: Option<&'static str>| -> Result<Option<String>, Error> {
            let value = variable.map_or(Ok(None), &lookup)?;
            Ok(value.filter(|value| !value.trim().is_empty()))
        };
        let mut builder = Self::new(profile);
        builder.key = find(profile.credential.variable)?.map(|key| Key::Fixed(key.into()));
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

    /// Sets the key.
    #[must_use]
    pub fn api_key(mut self, key: impl Into<Secret>) -> Self {
        self.key = Some(Key::Fixed(key.into()));
        self
    }

    /// Asks for the key before every attempt, in place of a fixed one.
    #[must_use]
    pub fn api_key_provider(mut self, provider: impl KeyProvider + 'static) -> Self {
        self.key = Some(Key::Provided(Arc::new(provider)));
        self
    }

    /// Chooses a server. The last of `environment`, `region` and `base_url` wins.
    #[must_use]
    pub fn environment(mut self, environment: &Environment) -> Self {
        self.endpoint = Endpoint::Environment(*environment);
        self
    }

    /// Chooses a server by the name of its region or environment; upper and lower case are the same.
    #[must_use]
    pub fn region(mut self, name: &str) -> Self {
        self.endpoint = Endpoint::Region(name.to_owned(), None);
        self
    }

    /// Sets the base URL; it may have a path, which is kept.
    #[must_use]
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Endpoint::Url(url.into(), None);
        self
    }

    /// Sends the credential over plain HTTP, to any host. Anybody on the way can read it.
    #[must_use]
    pub fn allow_insecure_http(mut self) -> Self {
        self.transport = Transport::InsecureAllowed;
        self
    }

    /// Sets a header for every request, in place of what the profile says.
    #[must_use]
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref().to_owned(), value.as_ref().to_owned());
        self.headers.push((name, value));
        self
    }

    /// Time limit of one attempt, from connecting to the last byte of the body. For a response that comes piece by piece:
    /// until its headers are there, then for each piece.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// Time limit of a call with all its attempts and the pauses between them; without one, only
    /// [`timeout`](Self::timeout) counts. For a response that comes piece by piece: until its headers are there.
    #[must_use]
    pub fn total_timeout(mut self, timeout: Duration) -> Self {
        self.total_timeout = Some(timeout);
        self
    }

    /// Largest body of a response that is read, in bytes; what is larger is an error. For a response that comes piece by piece it
    /// does not count.
    #[must_use]
    pub fn max_response_bytes(mut self, most: u64) -> Self {
        self.max_response_bytes = most;
        self
    }

    /// Which failed attempts are repeated.
    #[must_use]
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many attempts may follow the first one, whatever the policy of the client says; 0 for none.
    #[must_use]
    pub fn max_retries(mut self, most: u32) -> Self {
        self.max_retries = Some(most);
        self
    }

    /// Time limit of connecting. It has no effect on an HTTP client of your own.
    #[must_use]
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// Adds to the `User-Agent`, for example `my-service/1.2`.
    #[must_use]
    pub fn user_agent_suffix(mut self, suffix: &str) -> Self {
        suffix.trim().clone_into(&mut self.user_agent_suffix);
        self
    }

    /// Uses an HTTP client of your own, with its proxies, certificates and pool. Its redirect policy applies:
    /// let it follow none, or a redirect may carry headers to another host, and downloads use another client. Give it
    /// `reqwest::retry::never()`, or it repeats requests besides.
    #[must_use]
    pub fn http_client(mut self, client: reqwest::Client) -> Self {
        self.http = Some(client);
        self
    }

    /// Takes time and chance from elsewhere than the machine: tests then need not wait.
    #[must_use]
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Puts a layer around the sending of each attempt, outside of those that are there. It sees the whole request, the
    /// credential included.
    #[cfg(feature = "tower")]
    #[must_use]
    pub fn layer(mut self, layer: impl crate::tower::AttemptLayer) -> Self {
        self.layers.add(layer);
        self
    }

    /// Checks everything.
    ///
    /// # Errors
    ///
    /// [`crate::ErrorKind::Configuration`]: no key or a damaged one, an unknown region, a base URL or header
    /// that cannot be used. The message says what to do and never shows the key.
    pub fn build(self) -> Result<Core, Error> {
        let base = self.endpoint.resolve(self.profile, self.transport)?;
        let credential = ResolvedCredential::new(&self.profile.credential, self.key.as_ref())?;
        let mut headers = self.default_headers()?;
        credential.put_header(&mut headers);
        let key = match &self.key {
            Some(Key::Fixed(key)) => Some(key),
            Some(Key::Provided(_)) | None => None,
        };
        let confidential = Confidential::of_client(key, &self.profile.credential, &headers);
        // What a request has that names nothing else; its place is ready for what an operation names.
        headers.entry(header::ACCEPT).or_insert(HeaderValue::from_static("*/*"));
        let (http, http_timeout) = match &self.http {
            Some(http) => (http.clone(), None),
            None => (self.new_http(&base)?, Some(self.timeout)),
        };
        let link_clients = LinkClients::new(self.http.clone(), Some(self.connect_timeout));
        let Self { profile, timeout, total_timeout, max_response_bytes, retry, clock, .. } = self;
        let max_retries = self.max_retries.or(retry.most());
        let budget = Budget::full();
        #[cfg(feature = "tower")]
        let layered = self.layers.around(&http).map(std::sync::Mutex::new);
        Ok(Core(Arc::new(Shared {
            profile,
            base,
            http,
            link_clients,
            credential,
            headers,
            confidential,
            timeout,
            http_timeout,
            total_timeout,
            max_response_bytes,
            retry,
            max_retries,
            budget,
            clock,
            #[cfg(feature = "blocking")]
            worker: None,
            #[cfg(feature = "tower")]
            layered,
        })))
    }

    /// Like [`build`](Self::build), with a thread of its own that does the work: see [`blocking`](crate::blocking).
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build), and when the thread cannot be started.
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
            .map_err(|_| Error::configuration("the user agent suffix holds a control character"))
    }

    fn new_http(&self, base: &BaseUrl) -> Result<reqwest::Client, Error> {
        let builder = reqwest::Client::builder()
            .connect_timeout(self.connect_timeout)
            .timeout(self.timeout)
            .redirect(reqwest::redirect::Policy::custom(follow))
            // It would repeat a query, which can hold the credential.
            .referer(false)
            // It would repeat below our own rules, and without a pause.
            .retry(reqwest::retry::never());
        // A proxy has another idea of what this machine is.
        let builder = if base.is_loopback() { builder.no_proxy() } else { builder };
        // So may DNS have. Where there is no TLS, and none was waived, nobody else may get the credential.
        let builder = match (base.is_loopback() && base.url.scheme() == "http", self.transport) {
            (true, Transport::Secure) => builder.dns_resolver(LoopbackOnly),
            (true, Transport::InsecureAllowed) | (false, _) => builder,
        };
        build_http_client(builder)
    }
}

/// Follows a redirect only within the same origin, and only one that keeps method and body: otherwise the
/// credential would reach another host, or a POST would silently become a GET.
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
            .field("api_key", &self.key)
            .field("headers", &names)
            .field("timeout", &self.timeout)
            .field("total_timeout", &self.total_timeout)
            .field("connect_timeout", &self.connect_timeout)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
