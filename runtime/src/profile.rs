//! The plain data that tells the runtime about one API: product name, credential, servers, injected headers.
//!
//! Everything can be built in a `static`, because the generator writes it as one. It holds no value of a user
//! (no key, no chosen server): those live in `core`.

use std::time::Duration;

/// What the runtime has to know about an API.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Product in the `User-Agent`, for example `extend-ai`.
    pub name: &'static str,
    /// Version of the client crate in the `User-Agent`.
    pub version: &'static str,
    /// How a request proves who sends it.
    pub credential: Credential,
    /// The known servers; the first one is the default.
    pub environments: &'static [Environment],
    /// Environment variable that names the region.
    pub region_variable: Option<&'static str>,
    /// Environment variable with a base URL; it beats the region.
    pub base_url_variable: Option<&'static str>,
    /// Headers that every request carries.
    pub headers: &'static [InjectedHeader],
    /// Response headers that may hold the request id, in order of preference.
    pub request_id_headers: &'static [&'static str],
    /// What to do about a status.
    pub hints: &'static [Hint],
    /// Statuses of a run that goes on; every other one means that it is over.
    pub pending_statuses: &'static [&'static str],
    /// Time limit of one attempt, from connecting to the last byte of the body.
    pub timeout: Duration,
    /// Time limit of connecting.
    pub connect_timeout: Duration,
    /// Largest response body that is read, in bytes.
    pub max_response_bytes: u64,
    /// How failed attempts are repeated.
    pub retrying: Retrying,
}

/// How failed attempts are repeated, where the API or its vendor decides it.
#[derive(Clone, Debug)]
pub struct Retrying {
    /// How many attempts may follow the first one.
    pub max_retries: u32,
    /// Pause before the first retry; it doubles with each further one.
    pub first_delay: Duration,
    /// Longest pause, before jitter; also of those that the server asks for.
    pub max_delay: Duration,
    /// Response header with the time, in Unix seconds, when a rate limit is reset.
    pub reset_header: Option<&'static str>,
    /// Statuses below 500 that the vendor's own SDKs repeat, for [`RetryPolicy::vendor_parity`](crate::RetryPolicy::vendor_parity).
    pub parity_statuses: &'static [u16],
}

/// The secret of an API and where it goes.
#[derive(Clone, Debug)]
pub struct Credential {
    /// Environment variable that holds it.
    pub variable: Option<&'static str>,
    /// Where a request carries it.
    pub placement: Placement,
    /// Whether a client can be made without it.
    pub required: Requirement,
}

/// Where a request carries the credential.
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
    /// Nowhere: the API needs no credential.
    None,
}

/// Whether something has to be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// It has to be there.
    Required,
    /// It may be left out.
    Optional,
}

/// One server of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Environment {
    /// Name, for example `production_eu1`.
    pub name: &'static str,
    /// Short name of the region, for example `eu`.
    pub region: &'static str,
    /// Base URL.
    pub url: &'static str,
    /// Title for people.
    pub title: &'static str,
}

/// A header that every request carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InjectedHeader {
    /// Name of the header.
    pub name: &'static str,
    /// Value when nobody sets one; without it the header is left out.
    pub default: Option<&'static str>,
    /// Environment variable that replaces the default.
    pub variable: Option<&'static str>,
}

/// What a user can do about a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// The HTTP status.
    pub status: u16,
    /// The advice: part of a sentence, without a final stop.
    pub text: &'static str,
}

/// What is known about an operation before it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operation {
    /// Group and method as a user writes them, for example `extract_runs.create`.
    pub id: &'static str,
    /// HTTP method in capitals.
    pub method: &'static str,
    /// Path template.
    pub path: &'static str,
    /// One line about it.
    pub summary: &'static str,
    /// Whether it should still be used.
    pub deprecated: Deprecation,
    /// Value of the `Accept` header; empty for none.
    pub accept: &'static str,
    /// Where a success has the ID of the run it started: names of properties from the outside in; empty when it starts none.
    pub started: &'static [&'static str],
}

/// Whether something should still be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deprecation {
    /// In use.
    Current,
    /// The API advises against it.
    Deprecated,
}
