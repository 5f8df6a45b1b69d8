//! The profile of an API as plain data: product name, credential, servers, injected headers.
//!
//! Every value can be built in a `static`, because the generator emits the profile as one. It must not contain settings
//! of the user, such as the key or the selected server: those are in `config`.

use std::time::Duration;

use super::telemetry::Telemetry;

/// What the runtime needs to know about an API.
#[derive(Clone, Debug)]
pub struct Profile {
    /// The product in the `User-Agent` header, for example `extend-ai`.
    pub name: &'static str,
    /// The version of the client crate in the `User-Agent` header.
    pub version: &'static str,
    /// How requests are authenticated.
    pub credential: Credential,
    /// Credentials that only some operations accept.
    pub further_credentials: &'static [Credential],
    /// The known servers; the first one is the default.
    pub environments: &'static [Environment],
    /// Environment variable that names the region.
    pub region_variable: Option<&'static str>,
    /// Environment variable that contains a base URL; it takes precedence over the region.
    pub base_url_variable: Option<&'static str>,
    /// Headers that are sent with every request.
    pub headers: &'static [InjectedHeader],
    /// Response headers that may contain the request ID, in order of preference.
    pub request_id_headers: &'static [&'static str],
    /// Advice by status.
    pub hints: &'static [Hint],
    /// Statuses of a run that is still in progress; every other status means that it has ended.
    pub pending_statuses: &'static [&'static str],
    /// Time limit of one attempt, from connecting to the last byte of the body.
    pub timeout: Duration,
    /// Time limit for establishing a connection.
    pub connect_timeout: Duration,
    /// The size limit of response bodies, in bytes.
    pub max_response_bytes: u64,
    /// How failed attempts are retried.
    pub retrying: Retrying,
    /// The spans and events of the client crate.
    pub telemetry: Telemetry,
}

/// How failed attempts are retried, as far as that depends on the API.
#[derive(Clone, Debug)]
pub struct Retrying {
    /// The maximum number of retries of a call.
    pub max_retries: u32,
    /// The pause before the first retry; it doubles with each further one.
    pub first_delay: Duration,
    /// The longest pause, before jitter; it also limits pauses that the server requests.
    pub max_delay: Duration,
    /// Response header with the time, in Unix seconds, when a rate limit is reset.
    pub reset_header: Option<&'static str>,
    /// Statuses below 500 that the vendor's own SDKs retry, for
    /// [`RetryPolicy::vendor_parity`](crate::RetryPolicy::vendor_parity).
    pub parity_statuses: &'static [u16],
}

impl Profile {
    /// Returns a credential: the API key is the first.
    pub(crate) fn credential(&self, index: usize) -> Option<&Credential> {
        self.credentials().nth(index)
    }

    /// Returns the API key, then the further credentials.
    pub(crate) fn credentials(&self) -> impl Iterator<Item = &Credential> {
        std::iter::once(&self.credential).chain(self.further_credentials)
    }
}

/// The secret of an API and where it goes.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Environment variable that contains it.
    pub variable: Option<&'static str>,
    /// Where it is sent.
    pub placement: Placement,
    /// Whether a client can be built without it.
    pub required: Requirement,
}

/// Where the credential is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placement {
    /// In a header, after a prefix such as `Bearer ` (the space belongs to the prefix).
    Header {
        /// Name of the header.
        name: &'static str,
        /// Text before the secret; may be empty.
        prefix: &'static str,
    },
    /// As a query parameter.
    Query {
        /// Name of the parameter.
        name: &'static str,
    },
    /// As a cookie.
    Cookie {
        /// Name of the cookie.
        name: &'static str,
    },
    /// HTTP basic authentication; the secret is `user:password`, or the user alone.
    Basic,
    /// Nowhere: the API requires no credential.
    None,
}

/// Whether something must be present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It must be present.
    Required,
    /// It may be absent.
    Optional,
}

/// A deployment of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Name, for example `production_eu1`.
    pub name: &'static str,
    /// Short name of the region, for example `eu`.
    pub region: &'static str,
    /// Base URL.
    pub url: &'static str,
    /// A human-readable title.
    pub title: &'static str,
}

/// A header that is sent with every request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InjectedHeader {
    /// Name of the header.
    pub name: &'static str,
    /// The default value; without one, the header is sent only if it is set.
    pub default: Option<&'static str>,
    /// Environment variable that replaces the default.
    pub variable: Option<&'static str>,
}

/// Advice on how to resolve an error with a certain status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The HTTP status.
    pub status: u16,
    /// The advice: a clause without a final period.
    pub text: &'static str,
}
