//! The profile: decisions about an API that its document does not contain, or states in another form.
//!
//! Plain data. Must not know which file it comes from or how it is used.

mod areas;
mod migration;
mod pagination;
mod polling;
mod retry;
mod types;
mod versions;
mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::package_name::PackageName;
use crate::pointer::Pointer;

pub use areas::Areas;
pub use migration::MigrationPolicy;
pub use pagination::{ListRule, PaginationPolicy, Paging};
pub use polling::{BatchRule, PageSize, PollingPolicy, RunRule};
pub use retry::RetryTable;
pub use types::{ConversionRule, SharedType, TypePolicy, UnknownFields};
pub use versions::Versions;
pub use webhooks::{SignedUrlPolicy, WebhookPolicy};

/// The policy for one API, parsed from `profile.toml`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Profile {
    /// Where the document is published.
    pub document: DocumentPolicy,
    /// Name and limits of the client.
    pub client: ClientPolicy,
    /// How requests are authenticated.
    pub auth: AuthPolicy,
    /// Credentials that only some operations accept.
    pub credentials: Vec<CredentialPolicy>,
    /// Named deployments; the first is the default.
    pub environments: Vec<Environment>,
    /// Deployments whose URL contains variables.
    pub servers: Vec<Server>,
    /// Headers added to every request.
    pub headers: Vec<InjectedHeader>,
    /// Request IDs and hints in errors.
    pub errors: ErrorPolicy,
    /// How failed requests are retried.
    pub retry: RetryTable,
    /// Which lists are paginated, and how.
    pub pagination: PaginationPolicy,
    /// Which runs can be polled, and how.
    pub polling: PollingPolicy,
    /// How webhook deliveries are verified; `None` if they are not signed.
    pub webhooks: Option<WebhookPolicy>,
    /// Parts of the client that can be disabled by feature.
    pub areas: Areas,
    /// The optional properties of request bodies that examples set, by operation ID.
    pub examples: BTreeMap<String, Vec<String>>,
    /// What types preserve, what they redact, and what they are called.
    pub types: TypePolicy,
    /// What took the place of operations and fields in the newest version.
    pub migration: MigrationPolicy,
    /// What differs between versions of the API.
    pub versions: Versions,
    /// The version that the other entries are those of; empty if there is only one.
    #[serde(skip)]
    pub version: String,
}

impl Profile {
    /// Parses the entries of the version that `document.api_version` names.
    ///
    /// # Errors
    ///
    /// Fails if the profile is not valid TOML, has an unknown entry or contradicts itself.
    pub fn parse(text: &str) -> Result<Self, Report> {
        let shared = Self::read(text)?;
        let version = shared.document.api_version.clone();
        shared.into_version(text, &version)
    }

    /// Parses the entries of a version: those of `[versions."…"]`, and what all versions share.
    ///
    /// # Errors
    ///
    /// Like [`parse`](Self::parse).
    pub fn of_version(text: &str, version: &str) -> Result<Self, Report> {
        Self::read(text)?.into_version(text, version)
    }

    /// Parses the shared entries.
    fn read(text: &str) -> Result<Self, Report> {
        toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| line_at(text, span.start));
            Report::of(problem(error.message()).at_line(line).expected("the entries described in spec/README.md"))
        })
    }

    fn into_version(self, text: &str, version: &str) -> Result<Self, Report> {
        let mut profile = match self.versions.of(version) {
            Some((own, start)) => {
                let mut table: toml::Table = toml::from_str(text).unwrap_or_default();
                table.remove("versions");
                versions::inherit(&mut table, own);
                let merged: Result<Self, _> = table.try_into();
                let merged = merged.map_err(|error| {
                    let found = format!("[versions.\"{version}\"]: {}", error.message());
                    let expected = "entries described in spec/README.md, which fit those that all versions share";
                    Report::of(problem(&found).at_line(Some(line_at(text, start))).expected(expected))
                })?;
                Self { versions: self.versions, ..merged }
            }
            None => self,
        };
        version.clone_into(&mut profile.version);
        let is_default = version == profile.document.api_version;
        let header = profile.document.version_header.as_deref();
        if let Some(header) = profile.headers.iter_mut().find(|known| Some(known.name.as_str()) == header) {
            header.default.get_or_insert_with(|| version.to_owned());
            // One value cannot be right for clients of several versions in one program.
            header.variable = header.variable.take().filter(|_| is_default);
        }
        profile.check()?;
        Ok(profile)
    }

    /// Checks that the entries do not contradict each other.
    fn check(&self) -> Result<(), Report> {
        let mut setters: Vec<&str> = Vec::new();
        for header in &self.headers {
            if setters.contains(&header.setter.as_str()) {
                return Err(Report::of(problem(&format!("two headers share the setter `{}`", header.setter))));
            }
            setters.push(&header.setter);
        }
        if let Some(found) = self.types.contradiction() {
            return Err(Report::of(problem(&found)));
        }
        Ok(())
    }
}

/// Where the document is published.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DocumentPolicy {
    /// The dated version that the root of the crate re-exports; it is also the name of its folder below `spec/`.
    pub api_version: String,
    /// The header that carries the version, if the document declares it as a parameter.
    pub version_header: Option<String>,
    /// The places where the document is published, best first.
    pub sources: Vec<Source>,
    /// Limits on size and time of a download.
    pub limits: FetchLimits,
}

/// A place where the document is published.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Source {
    /// What the URL serves.
    pub kind: SourceKind,
    /// The URL.
    pub url: String,
}

/// What a source serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SourceKind {
    /// The OpenAPI document.
    Openapi,
    /// A catalog of APIs (RFC 9727).
    Catalog,
    /// An index that links to the document, such as `llms.txt`.
    Index,
    /// Pages that the document is assembled from, such as `llms-full.txt`.
    LlmsFull,
}

/// Limits of a download.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct FetchLimits {
    /// Maximum size of a document in bytes, both compressed and uncompressed.
    pub max_bytes: u64,
    /// Time limit of one attempt in seconds, including redirects and body.
    pub seconds: f64,
    /// Maximum number of redirects to follow.
    pub redirects: u32,
    /// Number of attempts at one source before the next one is tried.
    pub attempts: u32,
    /// Delay before the second attempt in seconds; doubled for each further one.
    pub pause_seconds: f64,
    /// Maximum delay in seconds, even if the server asks for a longer one.
    pub longest_pause_seconds: f64,
    /// Delay in seconds after each page of a site whose pages are downloaded one by one.
    pub page_pause_seconds: f64,
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
            page_pause_seconds: 0.25,
        }
    }
}

/// Name and limits of the client.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ClientPolicy {
    /// Product name in `User-Agent`; the name of the package by default.
    pub name: Option<String>,
    /// The name of the package that contains the generated code, for the examples in its documentation.
    pub package: Option<PackageName>,
    /// The environment variable that names the region.
    pub region_variable: Option<String>,
    /// The environment variable with a base URL, which takes precedence over the region.
    pub base_url_variable: Option<String>,
    /// Time limit of one attempt in seconds.
    pub timeout_seconds: u64,
    /// Time limit for connecting, in seconds.
    pub connect_timeout_seconds: u64,
    /// Maximum size of a response in bytes.
    pub max_response_bytes: u64,
    /// The feature of the crate that enables calls by name with string arguments.
    pub dispatch_feature: FeatureName,
}

impl Default for ClientPolicy {
    fn default() -> Self {
        Self {
            name: None,
            package: None,
            region_variable: None,
            base_url_variable: None,
            timeout_seconds: 60,
            connect_timeout_seconds: 10,
            max_response_bytes: 1 << 30,
            dispatch_feature: FeatureName("dispatch".to_owned()),
        }
    }
}

/// The name of a Cargo feature that no other feature of a client uses.
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
        let plain = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '-');
        let starts = name.starts_with(|first: char| first.is_ascii_alphanumeric());
        if !starts || !name.chars().all(plain) {
            return Err(format!("`{name}` is not a valid feature name: use letters, digits, `-` and `_`"));
        }
        if ["default", "rustls"].contains(&name.as_str()) {
            return Err(format!("the feature name `{name}` is reserved"));
        }
        Ok(Self(name))
    }
}

/// How requests are authenticated.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct AuthPolicy {
    /// The scheme; `bearer` by default.
    pub scheme: AuthScheme,
    /// The name of the header, query parameter or cookie that carries the credential.
    pub name: Option<String>,
    /// The prefix of the credential in a header of that name, including the trailing space.
    pub prefix: Option<String>,
    /// The environment variable with the credential.
    pub variable: Option<String>,
    /// Whether a client can be built without a credential.
    pub optional: bool,
    /// The security schemes of the document that it is the credential of; all of them by default.
    pub security_schemes: Option<Vec<String>>,
}

/// A credential that only some operations accept.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CredentialPolicy {
    /// The security scheme of the document that it is the credential of.
    pub security_scheme: String,
    /// How it is sent.
    pub scheme: AuthScheme,
    /// The name of the header, query parameter or cookie that carries it.
    pub name: Option<String>,
    /// Its prefix in a header of that name, including the trailing space.
    pub prefix: Option<String>,
    /// The environment variable with it.
    pub variable: Option<String>,
}

impl CredentialPolicy {
    /// Returns the header that carries the credential, in lower case.
    pub fn header(&self) -> Option<&str> {
        self.scheme.header(self.name.as_deref())
    }
}

impl AuthPolicy {
    /// Returns the header that carries the credential, in lower case.
    pub fn header(&self) -> Option<&str> {
        self.scheme.header(self.name.as_deref())
    }
}

/// How a credential is sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum AuthScheme {
    /// `Authorization: Bearer <key>`.
    #[default]
    Bearer,
    /// `Authorization: Basic <user:password>`.
    Basic,
    /// The credential in a header of its own.
    Header,
    /// The credential as a query parameter.
    Query,
    /// The credential as a cookie.
    Cookie,
    /// No credential.
    None,
}

impl AuthScheme {
    /// Returns the header that carries a credential of this scheme; `name` is the one that the profile states.
    fn header(self, name: Option<&str>) -> Option<&str> {
        match self {
            Self::Bearer | Self::Basic => Some("authorization"),
            Self::Header => name,
            Self::Query | Self::Cookie | Self::None => None,
        }
    }
}

/// A named deployment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Environment {
    /// The name of the deployment.
    pub name: String,
    /// The short name of its region.
    pub region: String,
    /// The base URL.
    pub url: String,
    /// The title shown in documentation.
    pub title: String,
}

/// A deployment whose URL contains variables.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Server {
    /// The name of the function that builds the URL.
    pub name: String,
    /// The base URL, with variables as `{name}`.
    pub url: String,
    /// The title shown in documentation.
    pub title: String,
    /// Descriptions of the variables.
    #[serde(default)]
    pub variables: Vec<ServerVariable>,
}

/// A variable in the URL of a deployment.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ServerVariable {
    /// The name in the URL.
    pub name: String,
    /// The default value; may be empty.
    #[serde(default)]
    pub default: String,
    /// The allowed values; any value if empty.
    #[serde(default)]
    pub values: Vec<String>,
    /// The documentation of the variable.
    #[serde(default)]
    pub doc: String,
}

impl ServerVariable {
    /// Creates a variable without a description.
    pub(crate) fn any(name: &str) -> Self {
        Self { name: name.to_owned(), default: String::new(), values: Vec::new(), doc: String::new() }
    }
}

/// A header added to every request.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct InjectedHeader {
    /// The name of the header, in lower case.
    pub name: String,
    /// The default value; of the version header, the version.
    pub default: Option<String>,
    /// The environment variable with the value.
    pub variable: Option<String>,
    /// The name of the setter on client builders and request builders.
    pub setter: String,
    /// Documentation of the setter.
    pub doc: String,
}

/// Request IDs and hints in errors.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct ErrorPolicy {
    /// Response headers that may contain the request ID, in order of preference.
    pub request_id_headers: Vec<String>,
    /// Hints shown with errors of a given status.
    pub hints: Vec<Hint>,
}

/// A hint shown with errors of a given status.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Hint {
    /// The HTTP status.
    pub status: u16,
    /// The hint.
    pub text: String,
}

/// Names of the tables of a profile.
pub(crate) fn stated_tables(text: &str) -> BTreeSet<String> {
    let tables: toml::Table = toml::from_str(text).unwrap_or_default();
    tables.into_iter().map(|(name, _)| name).collect()
}

/// Returns the line of a position, counted from 1.
fn line_at(text: &str, position: usize) -> usize {
    1 + text.bytes().take(position).filter(|byte| *byte == b'\n').count()
}

fn problem(found: &str) -> Diagnostic {
    Diagnostic::new(Code::Profile, Pointer::root(), found).in_source("profile.toml")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unknown_entry_is_an_error_that_names_it() {
        let cases = [
            ("[client]\nnam = \"x\"", "nam"),
            ("[client]\ndispatch_feature = \"a b\"", "`a b`"),
            ("[client]\ndispatch_feature = \"rustls\"", "`rustls`"),
            ("[auth]\nscheme = \"magic\"", "magic"),
            ("[[headers]]", "name"),
            ("[types]\nnames = {A = \"a b\"}", "`a b`"),
            ("[types]\nnames = {A = \"B\", C = \"B\"}", "`B`"),
            ("[[types.shared]]\nname = \"C\"\nmembers = [\"A\", \"A\"]", "`A`"),
            ("[types.names]\nA = \"B\"\n[[types.shared]]\nname = \"C\"\nmembers = [\"A\"]", "`A`"),
        ];
        for (text, expected) in cases {
            let report = Profile::parse(text).unwrap_err().to_string();
            assert!(report.starts_with("error[profile]") && report.contains(expected), "{report}");
        }
    }
}
