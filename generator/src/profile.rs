//! The profile: what we decided about an API that its document does not say, or says in another form.
//!
//! Data only; which file it comes from and what is made of it is not known here.

mod areas;
mod pagination;
mod polling;
mod retry;
mod webhooks;

use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;

pub use areas::Areas;
pub use pagination::{ListRule, PaginationPolicy, Paging};
pub use polling::{BatchRule, PageSize, PollingPolicy, RunRule};
pub use retry::RetryTable;
pub use webhooks::{SignedUrlPolicy, WebhookPolicy};

/// Policy of one API, read from `profile.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Profile {
    /// Where the document comes from.
    pub document: DocumentPolicy,
    /// Name and time limits of the client.
    pub client: ClientPolicy,
    /// How requests are authenticated.
    pub auth: AuthPolicy,
    /// Named deployments; the first is the default.
    pub environments: Vec<Environment>,
    /// Headers injected into every request.
    pub headers: Vec<InjectedHeader>,
    /// What errors say.
    pub errors: ErrorPolicy,
    /// How failed requests are repeated.
    pub retry: RetryTable,
    /// Lists that come in pages.
    pub pagination: PaginationPolicy,
    /// Runs that are waited for.
    pub polling: PollingPolicy,
    /// How deliveries to webhooks are checked; without it they are not.
    pub webhooks: Option<WebhookPolicy>,
    /// What can be left out of the client.
    pub areas: Areas,
    /// What types keep and hide.
    pub types: TypePolicy,
}

/// Where the document comes from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DocumentPolicy {
    /// Dated revision; also the name of the folder below `spec/`.
    pub api_version: String,
    /// URLs to try, in order.
    pub sources: Vec<String>,
}

/// Name and time limits of the client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ClientPolicy {
    /// Product in the `User-Agent`, and name of the package.
    pub name: String,
    /// Variable that names the region.
    pub region_variable: Option<String>,
    /// Variable that holds a base URL; it beats the region.
    pub base_url_variable: Option<String>,
    /// Seconds an attempt may take.
    pub timeout_seconds: u64,
    /// Seconds connecting may take.
    pub connect_timeout_seconds: u64,
    /// Bytes a response may have.
    pub max_response_bytes: u64,
}

impl Default for ClientPolicy {
    fn default() -> Self {
        Self {
            name: "client".to_owned(),
            region_variable: None,
            base_url_variable: None,
            timeout_seconds: 60,
            connect_timeout_seconds: 10,
            max_response_bytes: 1 << 30,
        }
    }
}

/// How requests are authenticated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct AuthPolicy {
    /// The scheme; `bearer` unless said otherwise.
    pub scheme: AuthScheme,
    /// Name of the header, query parameter or cookie that holds the key.
    pub name: Option<String>,
    /// Variable that holds the key.
    pub variable: Option<String>,
    /// Whether a client can be made without a key.
    pub optional: bool,
}

impl AuthPolicy {
    /// The header that carries the key, in lower case.
    pub fn header(&self) -> Option<&str> {
        match self.scheme {
            AuthScheme::Bearer | AuthScheme::Basic => Some("authorization"),
            AuthScheme::Header => self.name.as_deref(),
            AuthScheme::Query | AuthScheme::Cookie | AuthScheme::None => None,
        }
    }
}

/// A way to send a credential.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthScheme {
    /// `Authorization: Bearer <key>`.
    #[default]
    Bearer,
    /// `Authorization: Basic <user:password>`.
    Basic,
    /// The key in a header of its own.
    Header,
    /// The key as a query parameter.
    Query,
    /// The key as a cookie.
    Cookie,
    /// No credential.
    None,
}

/// A named deployment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Environment {
    /// Name of the deployment.
    pub name: String,
    /// Short name of its region.
    pub region: String,
    /// Base URL.
    pub url: String,
    /// What a user reads about it.
    pub title: String,
}

/// A header injected into every request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct InjectedHeader {
    /// Name of the header, lower case.
    pub name: String,
    /// Value when nothing else is said.
    pub default: Option<String>,
    /// Variable that holds the value.
    pub variable: Option<String>,
    /// Name of the setter on client and calls.
    pub setter: String,
    /// Documentation of the setter.
    pub doc: String,
}

/// What errors say.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ErrorPolicy {
    /// Response headers that may hold the request ID, best first.
    pub request_id_headers: Vec<String>,
    /// What to do about a status.
    pub hints: Vec<Hint>,
}

/// What to do about a status.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Hint {
    /// HTTP status.
    pub status: u16,
    /// What the user should check.
    pub text: String,
}

/// What types keep and hide.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct TypePolicy {
    /// What becomes of properties the document does not name.
    pub unknown_fields: UnknownFields,
    /// Properties whose values are never printed: of every type by their name, of one as `Type.property`.
    pub redact: Vec<String>,
}

/// What becomes of properties the document does not name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UnknownFields {
    /// They are read over.
    #[default]
    Ignore,
    /// They are kept and written back.
    Keep,
}

/// Reads a profile.
///
/// # Errors
///
/// The text is no TOML, or has an entry that is not known.
pub fn profile(text: &str) -> Result<Profile, Report> {
    let profile: Profile = toml::from_str(text).map_err(|error| {
        let line = error.span().map(|span| 1 + text.bytes().take(span.start).filter(|byte| *byte == b'\n').count());
        Report::of(problem(error.message()).at_line(line).expected("the entries described in spec/README.md"))
    })?;
    let mut setters: Vec<&str> = Vec::new();
    for header in &profile.headers {
        if setters.contains(&header.setter.as_str()) {
            return Err(Report::of(problem(&format!("two headers have the setter `{}`", header.setter))));
        }
        setters.push(&header.setter);
    }
    Ok(profile)
}

fn problem(found: &str) -> Diagnostic {
    Diagnostic::new(Code::Profile, Pointer::root(), found).in_source("profile.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_entry_is_an_error_that_names_it() {
        let cases =
            [("[client]\nnam = \"x\"", "nam"), ("[auth]\nscheme = \"magic\"", "magic"), ("[[headers]]", "name")];
        for (text, expected) in cases {
            let report = profile(text).unwrap_err().to_string();
            assert!(report.starts_with("error[profile]") && report.contains(expected), "{report}");
        }
    }
}
