//! A profile for a document that has none: authentication and servers as the document states them.

use heck::{ToKebabCase, ToShoutySnakeCase};
use serde_json::{Map, Value};

use crate::profile::{AuthPolicy, AuthScheme, Environment, Profile, UnknownFields};

/// The profile a document implies.
pub fn derived_profile(document: &Value) -> Profile {
    let title = document.pointer("/info/title").and_then(Value::as_str).unwrap_or_default();
    let mut profile = Profile::default();
    profile.client.name = product(title);
    profile.auth = auth(document, &variable(title, "API_KEY"));
    profile.environments = environments(document);
    profile.types.unknown_fields = UnknownFields::Keep;
    profile.client.base_url_variable = Some(variable(title, "BASE_URL"));
    profile
}

/// A title as the name of a product: `acme-api`.
pub fn product(title: &str) -> String {
    let ascii: String = title.chars().map(|sign| if sign.is_ascii_alphanumeric() { sign } else { ' ' }).collect();
    let name = ascii.to_kebab_case();
    match name.chars().next() {
        None => "api-client".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{name}"),
        Some(_) => name,
    }
}

fn variable(title: &str, suffix: &str) -> String {
    format!("{}_{suffix}", product(title).to_shouty_snake_case())
}

fn auth(document: &Value, variable: &str) -> AuthPolicy {
    let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    let required = document.get("security").and_then(Value::as_array).into_iter().flatten();
    let preferred = required.filter_map(Value::as_object).flat_map(Map::keys).find_map(|name| schemes?.get(name));
    let declared = preferred.or_else(|| schemes?.values().next()).and_then(scheme);
    let policy = |(scheme, name): (AuthScheme, Option<String>)| AuthPolicy {
        scheme,
        name,
        variable: (scheme != AuthScheme::None).then(|| variable.to_owned()),
        // A document rarely says of every operation whether it needs the key.
        optional: true,
    };
    let parameter = || has_authorization_parameter(document).then_some((AuthScheme::Bearer, None));
    policy(declared.or_else(parameter).unwrap_or((AuthScheme::None, None)))
}

fn scheme(scheme: &Value) -> Option<(AuthScheme, Option<String>)> {
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
    let name = scheme.get("name").and_then(Value::as_str).map(str::to_owned);
    match (text("type").as_str(), text("scheme").as_str(), text("in").as_str()) {
        ("http", "basic", _) => Some((AuthScheme::Basic, None)),
        ("http" | "oauth2" | "openidconnect", _, _) => Some((AuthScheme::Bearer, None)),
        ("apikey", _, "header") => name.map(|name| (AuthScheme::Header, Some(name.to_ascii_lowercase()))),
        ("apikey", _, "query") => name.map(|name| (AuthScheme::Query, Some(name))),
        ("apikey", _, "cookie") => name.map(|name| (AuthScheme::Cookie, Some(name))),
        _ => None,
    }
}

/// An export states authentication as a header parameter of each operation.
fn has_authorization_parameter(document: &Value) -> bool {
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let operations = items.filter_map(Value::as_object).flat_map(Map::values);
    let parameters = operations.filter_map(|operation| operation.get("parameters")?.as_array()).flatten();
    let is_authorization = |parameter: &Value| {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
        parameter.get("in").and_then(Value::as_str) == Some("header") && name.eq_ignore_ascii_case("authorization")
    };
    parameters.into_iter().any(is_authorization)
}

fn environments(document: &Value) -> Vec<Environment> {
    let servers = document.get("servers").and_then(Value::as_array).into_iter().flatten();
    let mut found: Vec<Environment> = Vec::new();
    for server in servers {
        let Some(url) = server.get("url").and_then(Value::as_str).map(|url| filled(url, server)) else { continue };
        // A relative server is the place the document came from, which is not known here.
        if !(url.starts_with("https://") || url.starts_with("http://")) || url.contains(['{', '}', '?', '#']) {
            continue;
        }
        let number = found.len() + 1;
        let title = server.get("description").and_then(Value::as_str).unwrap_or("Server").trim().to_owned();
        let title = title.lines().next().unwrap_or_default().to_owned();
        let name = if number == 1 { "default".to_owned() } else { format!("server-{number}") };
        found.push(Environment { name: name.clone(), region: name, url, title });
    }
    found
}

/// The URL of a server with the defaults of its variables.
fn filled(url: &str, server: &Value) -> String {
    let variables = server.get("variables").and_then(Value::as_object).into_iter().flatten();
    variables.fold(url.to_owned(), |url, (name, variable)| {
        let default =
            variable.get("default").map(|default| default.as_str().map_or_else(|| default.to_string(), str::to_owned));
        url.replace(&format!("{{{name}}}"), &default.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn authentication_is_what_the_document_declares() {
        let cases = [
            (json!({"type": "http", "scheme": "bearer"}), AuthScheme::Bearer, None),
            (json!({"type": "http", "scheme": "Basic"}), AuthScheme::Basic, None),
            (json!({"type": "oauth2"}), AuthScheme::Bearer, None),
            (json!({"type": "apiKey", "in": "header", "name": "X-Key"}), AuthScheme::Header, Some("x-key")),
            (json!({"type": "apiKey", "in": "query", "name": "Key"}), AuthScheme::Query, Some("Key")),
            (json!({"type": "mutualTLS"}), AuthScheme::None, None),
        ];
        for (scheme, expected, name) in cases {
            let document = json!({"info": {"title": "Acme API"}, "components": {"securitySchemes": {"a": scheme}}});
            let policy = derived_profile(&document).auth;
            assert_eq!((policy.scheme, policy.name.as_deref()), (expected, name), "{document}");
        }
        let export = json!({"paths": {"/a": {"get": {"parameters": [{"name": "Authorization", "in": "header"}]}}}});
        assert_eq!(derived_profile(&export).auth.scheme, AuthScheme::Bearer);
    }

    #[test]
    fn servers_become_environments_with_their_variables_filled() {
        let document = json!({"servers": [
            {"url": "https://{region}.acme.com/v{n}", "variables": {"region": {"default": "eu"}, "n": {"default": 2}}},
            {"url": "/relative"},
            {"url": "https://b.acme.com", "description": "Second"},
        ]});
        let urls: Vec<String> = derived_profile(&document).environments.into_iter().map(|server| server.url).collect();
        assert_eq!(urls, ["https://eu.acme.com/v2", "https://b.acme.com"]);
    }
}
