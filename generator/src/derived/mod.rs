//! A profile for a document that has none: authentication and servers as the document states them.

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

/// What a document implies.
#[derive(Debug)]
pub(crate) struct Derived {
    auth: Auth,
    servers: Servers,
    base_url_variable: String,
}

impl Derived {
    /// Reads what a document implies; `name` is its path, or the URL it was read from.
    pub(crate) fn from_document(document: &Value, name: &str) -> Self {
        let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
        let origin = Some(name).filter(|name| name.starts_with("https://") || name.starts_with("http://"));
        Self {
            auth: auth::derive_auth(document, &variable(title, "API_KEY")),
            servers: servers::derive_servers(document, origin),
            base_url_variable: variable(title, "BASE_URL"),
        }
    }

    /// Fills in what a profile does not state, going by the names of its tables. Gives what a user still has to say.
    pub(crate) fn complete(self, profile: &mut Profile, stated: &BTreeSet<String>) -> Report {
        let states = |table: &str| stated.contains(table);
        let mut report = Report::default();
        if !states("auth") {
            profile.auth = self.auth.policy;
            report.extend(self.auth.report);
        }
        if !states("environments") && !states("servers") {
            report.diagnostics.extend(without_server(&self.servers));
            report.diagnostics.extend(self.servers.own.iter().map(beside));
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

/// Name of an environment variable of a client, made from the title of its API.
fn variable(title: &str, suffix: &str) -> String {
    let product = product(title).to_shouty_snake_case();
    // `ACME_API_KEY` rather than `ACME_API_API_KEY`.
    let product = product.strip_suffix("_API").filter(|rest| *rest != "API").unwrap_or(&product);
    format!("{product}_{suffix}")
}

/// A title as the name of a product: `acme-api`.
fn product(title: &str) -> String {
    let ascii: String = title.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { ' ' }).collect();
    let name = ascii.to_kebab_case();
    match name.chars().next() {
        None => "api-client".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{name}"),
        Some(_) => name,
    }
}

/// Nowhere to send requests to, unless a user says it.
fn without_server(servers: &Servers) -> Option<Diagnostic> {
    if !servers.environments.is_empty() {
        return None;
    }
    let found = match (servers.unusable.first(), servers.open.first()) {
        (Some(url), _) if url.contains("://") => format!("the server `{url}` is no base URL"),
        (Some(url), _) => format!("the server `{url}` has no host"),
        (None, Some(open)) => format!("the server `{}` has parts without a usual value", open.url),
        (None, None) => "the document names no server".to_owned(),
    };
    let place = if document_has(servers) { Pointer::root().join("servers").join(0) } else { Pointer::root() };
    Some(
        Diagnostic::new(Code::NoServer, place, found)
            .expected("a server with a whole URL, as in `https://api.example.com/v1`")
            .help("give the client a base URL, or name the deployments in a profile, in tables [[environments]]"),
    )
}

/// Some operations are elsewhere, which a client with one base URL cannot know.
fn beside(server: &OwnServer) -> Diagnostic {
    let OwnServer { url, place, count } = server;
    let found =
        format!("`{url}` is the server of some operations only, named {count} times; a client does not switch to it");
    Diagnostic::new(Code::Ignored, place.clone(), found)
        .expected("one server for all operations")
        .help("make a client of its own for them, with this server as its base URL; it is one of the `environments`")
}

fn document_has(servers: &Servers) -> bool {
    !(servers.unusable.is_empty() && servers.open.is_empty())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::profile::AuthScheme;

    #[test]
    fn variables_are_called_after_the_title() {
        for (title, name) in [
            ("Acme API", "ACME_API_KEY"),
            ("API", "API_API_KEY"),
            ("1Up", "API_1UP_API_KEY"),
            ("", "API_CLIENT_API_KEY"),
        ] {
            assert_eq!(variable(title, "API_KEY"), name, "{title}");
        }
    }

    #[test]
    fn a_document_without_a_whole_server_is_reported() {
        let rows = [
            (json!({"servers": [{"url": "https://a.com"}, {"url": "/v1"}]}), None),
            (json!({"servers": [{"url": "/v1"}]}), Some("the server `/v1` has no host")),
            (json!({"servers": [{"url": "https://a.com?b=c"}]}), Some("the server `https://a.com?b=c` is no base URL")),
            (json!({"servers": [{"url": "https://{x}"}]}), Some("the server `https://{x}` has parts")),
            (json!({}), Some("the document names no server")),
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
    fn what_a_profile_states_counts() {
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

    fn completed(document: &Value, name: &str, text: &str) -> (Profile, Report) {
        let mut profile = Profile::parse(text).unwrap();
        let report =
            Derived::from_document(document, name).complete(&mut profile, &crate::profile::stated_tables(text));
        (profile, report)
    }
}
