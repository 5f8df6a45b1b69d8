//! The profile: what we decided about an API that its document does not say, or says in another form.
//!
//! Data only; which file it comes from and what is made of it is not known here.

mod areas;
mod pagination;
mod polling;
mod retry;
mod webhooks;

use std::collections::BTreeSet;

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
    /// Deployments whose URL has parts that a user fills in.
    pub servers: Vec<Server>,
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

impl Profile {
    /// Reads a profile.
    ///
    /// # Errors
    ///
    /// The text is no TOML, or has an entry that is not known.
    pub fn parse(text: &str) -> Result<Self, Report> {
        let profile: Self = toml::from_str(text).map_err(|error| {
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
}

/// Where the document comes from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DocumentPolicy {
    /// Dated revision; also the name of the folder below `spec/`.
    pub api_version: String,
    /// Header that carries the revision, when the document declares it as a parameter.
    pub version_header: Option<String>,
    /// Where the document is published, best first.
    pub sources: Vec<Source>,
    /// How much is taken, and how long it may take.
    pub limits: FetchLimits,
}

/// A place where the document is published.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// What is there.
    pub kind: SourceKind,
    /// Where.
    pub url: String,
}

/// What a source holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The document.
    Openapi,
    /// An index that names the document, as `llms.txt`.
    Index,
    /// Pages that the document is put together from, as `llms-full.txt`.
    LlmsFull,
}

/// Bounds of a fetch.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct FetchLimits {
    /// Bytes a document may have, packed and unpacked.
    pub max_bytes: u64,
    /// Seconds that one attempt may take, redirects and body included.
    pub seconds: f64,
    /// Redirects that are followed.
    pub redirects: u32,
    /// Attempts at one source before the next one is tried.
    pub attempts: u32,
    /// Seconds before the second attempt; doubled before each further one.
    pub pause_seconds: f64,
    /// Longest pause in seconds, also when the server asks for a longer one.
    pub longest_pause_seconds: f64,
}

impl Default for FetchLimits {
    fn default() -> Self {
        Self {
            max_bytes: 50 * 1024 * 1024,
            seconds: 60.0,
            redirects: 5,
            attempts: 4,
            pause_seconds: 1.0,
            longest_pause_seconds: 30.0,
        }
    }
}

/// Name and time limits of the client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ClientPolicy {
    /// Product in the `User-Agent`; without it, the name of the package.
    pub name: Option<String>,
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
    /// Feature of the crate that brings calls by name, from text arguments.
    pub dispatch_feature: FeatureName,
}

impl Default for ClientPolicy {
    fn default() -> Self {
        Self {
            name: None,
            region_variable: None,
            base_url_variable: None,
            timeout_seconds: 60,
            connect_timeout_seconds: 10,
            max_response_bytes: 1 << 30,
            dispatch_feature: FeatureName("dispatch".to_owned()),
        }
    }
}

/// Name of a feature of a crate, as cargo takes it and no other feature of a client has it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct FeatureName(String);

impl FeatureName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for FeatureName {
    type Error = String;

    fn try_from(name: String) -> Result<Self, String> {
        let plain = |sign: char| sign.is_ascii_alphanumeric() || matches!(sign, '_' | '-');
        let starts = name.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !starts || !name.chars().all(plain) {
            return Err(format!("`{name}` is no name of a feature: letters, digits, - and _ are possible"));
        }
        if ["default", "rustls"].contains(&name.as_str()) {
            return Err(format!("the feature `{name}` means something else"));
        }
        Ok(Self(name))
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
    /// Text before the key in a header of that name, with the space after it.
    pub prefix: Option<String>,
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

/// A deployment whose URL has parts that a user fills in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Server {
    /// The function that makes the URL is called after this.
    pub name: String,
    /// Base URL, with variables as `{name}`.
    pub url: String,
    /// What a user reads about it.
    pub title: String,
    /// What is known about the variables.
    #[serde(default)]
    pub variables: Vec<ServerVariable>,
}

/// A variable in the URL of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ServerVariable {
    /// Its name in the URL.
    pub name: String,
    /// Its usual value; may be empty.
    #[serde(default)]
    pub default: String,
    /// The values it may have; any when none is listed.
    #[serde(default)]
    pub values: Vec<String>,
    /// What it means.
    #[serde(default)]
    pub doc: String,
}

impl ServerVariable {
    /// A variable nobody described.
    pub(crate) fn any(name: &str) -> Self {
        Self { name: name.to_owned(), default: String::new(), values: Vec::new(), doc: String::new() }
    }
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

/// The names of the tables a profile has.
pub(crate) fn stated_tables(text: &str) -> BTreeSet<String> {
    let tables: toml::Table = toml::from_str(text).unwrap_or_default();
    tables.into_iter().map(|(name, _)| name).collect()
}

fn problem(found: &str) -> Diagnostic {
    Diagnostic::new(Code::Profile, Pointer::root(), found).in_source("profile.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_entry_is_an_error_that_names_it() {
        let cases = [
            ("[client]\nnam = \"x\"", "nam"),
            ("[client]\ndispatch_feature = \"a b\"", "`a b`"),
            ("[client]\ndispatch_feature = \"rustls\"", "`rustls`"),
            ("[auth]\nscheme = \"magic\"", "magic"),
            ("[[headers]]", "name"),
        ];
        for (text, expected) in cases {
            let report = Profile::parse(text).unwrap_err().to_string();
            assert!(report.starts_with("error[profile]") && report.contains(expected), "{report}");
        }
    }
}
