//! Completes a profile from the document: authentication, servers and names of environment variables. Knows nothing of the model.

mod auth;
mod servers;

use std::collections::BTreeSet;

use heck::{ToKebabCase, ToShoutySnakeCase};
use serde_json::Value;

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;
use crate::profile::{Profile, UnknownFields};

use auth::Auth;
use servers::{OwnServer, Servers};

/// The parts of a profile that a document implies.
#[derive(Debug)]
pub(crate) struct Derived {
    auth: Auth,
    servers: Servers,
    base_url_variable: String,
}

impl Derived {
    /// Derives the parts of a profile from a document. `name` is its path, or the URL it was read from.
    pub(crate) fn from_document(document: &Value, name: &str) -> Self {
        let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
        // A document may state its own URI, which need not be the one that it was read from.
        let stated = document.get("$self").and_then(Value::as_str);
        let is_url = |name: &&str| name.starts_with("https://") || name.starts_with("http://");
        let origin = stated.filter(is_url).or(Some(name).filter(is_url));
        Self {
            auth: auth::derive_auth(document, &|name| variable_name(title, &name.to_shouty_snake_case())),
            servers: servers::derive_servers(document, origin),
            base_url_variable: variable_name(title, "BASE_URL"),
        }
    }

    /// Fills in the tables that a profile does not contain. The report lists what the user still has to configure.
    pub(crate) fn complete(self, profile: &mut Profile, stated: &BTreeSet<String>) -> Report {
        let states = |table: &str| stated.contains(table);
        let mut report = Report::default();
        if !states("auth") {
            profile.auth = self.auth.policy;
            if !states("credentials") {
                profile.credentials = self.auth.credentials;
            }
        }
        if !states("environments") && !states("servers") {
            report.diagnostics.extend(report_missing_server(&self.servers));
            report.diagnostics.extend(self.servers.own.iter().map(report_own_server));
            profile.environments = self.servers.environments;
            profile.servers = self.servers.open;
        }
        if !states("types") {
            profile.types.unknown_fields = UnknownFields::Keep;
        }
        profile.client.base_url_variable.get_or_insert(self.base_url_variable);
        report
    }
}

/// Returns the name of an environment variable of a client, derived from the title of its API.
fn variable_name(title: &str, suffix: &str) -> String {
    let product = product_name(title).to_shouty_snake_case();
    // `ACME_API_KEY` rather than `ACME_API_API_KEY`.
    let product = product.strip_suffix("_API").filter(|rest| *rest != "API").unwrap_or(&product);
    format!("{product}_{suffix}")
}

/// Converts a title to the name of a product: `acme-api`.
fn product_name(title: &str) -> String {
    let ascii: String =
        title.chars().map(|character| if character.is_ascii_alphanumeric() { character } else { ' ' }).collect();
    let name = ascii.to_kebab_case();
    match name.chars().next() {
        None => "api-client".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{name}"),
        Some(_) => name,
    }
}

/// Reports that the document has no usable server, so that the user must set a base URL.
fn report_missing_server(servers: &Servers) -> Option<Diagnostic> {
    if !servers.environments.is_empty() {
        return None;
    }
    let found = match (servers.unusable.first(), servers.open.first()) {
        (Some(url), _) if url.contains("://") => format!("the server `{url}` is not a valid base URL"),
        (Some(url), _) => format!("the server `{url}` has no host"),
        (None, Some(open)) => format!("the server `{}` has variables without a default", open.url),
        (None, None) => "the document declares no server".to_owned(),
    };
    let place = if has_rejected_servers(servers) { Pointer::root().join("servers").join(0) } else { Pointer::root() };
    Some(
        Diagnostic::new(Code::NoServer, place, found)
            .expected("an absolute server URL, such as `https://api.example.com/v1`")
            .help("set a base URL on the client, or list the deployments as [[environments]] in a profile"),
    )
}

/// Reports a server of individual operations, which a client with one base URL cannot call.
fn report_own_server(server: &OwnServer) -> Diagnostic {
    let OwnServer { url, place, count } = server;
    let found = format!(
        "`{url}` is a server of individual operations, declared {count} times; the client does not switch to it"
    );
    Diagnostic::new(Code::Ignored, place.clone(), found)
        .expected("one server for all operations")
        .help("create a separate client with this base URL for them; it is listed in `environments`")
}

fn has_rejected_servers(servers: &Servers) -> bool {
    !(servers.unusable.is_empty() && servers.open.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::profile::AuthScheme;

    #[test]
    fn environment_variables_are_named_after_the_title() {
        for (title, name) in [
            ("Acme API", "ACME_API_KEY"),
            ("API", "API_API_KEY"),
            ("1Up", "API_1UP_API_KEY"),
            ("", "API_CLIENT_API_KEY"),
        ] {
            assert_eq!(variable_name(title, "API_KEY"), name, "{title}");
        }
    }

    #[test]
    fn document_without_an_absolute_server_url_is_reported() {
        let rows = [
            (json!({"servers": [{"url": "https://a.com"}, {"url": "/v1"}]}), None),
            (json!({"servers": [{"url": "/v1"}]}), Some("the server `/v1` has no host")),
            (
                json!({"servers": [{"url": "https://a.com?b=c"}]}),
                Some("the server `https://a.com?b=c` is not a valid base URL"),
            ),
            (json!({"servers": [{"url": "https://{x}"}]}), Some("the server `https://{x}` has variables")),
            (json!({}), Some("the document declares no server")),
        ];
        for (document, expected) in rows {
            let report = completed(&document, "openapi.json", "").1;
            let found = report.diagnostics.first().map(|diagnostic| diagnostic.found.as_str());
            assert_eq!(found.is_some(), expected.is_some(), "{document}");
            assert!(found.unwrap_or_default().starts_with(expected.unwrap_or_default()), "{document}: {found:?}");
        }
        let document = json!({"servers": [{"url": "/v1"}]});
        let (profile, report) = completed(&document, "https://a.com/openapi.json", "");
        assert_eq!(profile.environments[0].url, "https://a.com/v1");
        assert!(report.diagnostics.is_empty());
    }

    #[test]
    fn tables_of_the_profile_take_precedence_over_the_document() {
        let document = json!({"components": {"securitySchemes": {"a": {"type": "http", "scheme": "basic"}}}});
        let environment = "[[environments]]\nname = \"x\"\nregion = \"x\"\nurl = \"https://x.com\"\ntitle = \"X\"\n";
        let text = format!("[client]\nbase_url_variable = \"B\"\n[types]\nredact = []\n{environment}");
        let (profile, report) = completed(&document, "", &text);
        assert_eq!((profile.environments.len(), profile.client.base_url_variable.as_deref()), (1, Some("B")));
        assert_eq!((profile.auth.scheme, profile.types.unknown_fields), (AuthScheme::Basic, UnknownFields::Ignore));
        assert!(report.diagnostics.is_empty());
        let (profile, report) = completed(&document, "", "[auth]\nscheme = \"none\"\n");
        assert_eq!((profile.auth.scheme, report.diagnostics.len()), (AuthScheme::None, 1));
    }

    fn completed(document: &Value, name: &str, profile: &str) -> (Profile, Report) {
        let mut completed = Profile::parse(profile).unwrap();
        let report =
            Derived::from_document(document, name).complete(&mut completed, &crate::profile::stated_tables(profile));
        (completed, report)
    }
}
