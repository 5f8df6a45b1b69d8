//! How a document says requests are authenticated: by its security schemes, else by header parameters of its operations.

use serde_json::{Map, Value};

use crate::diagnostic::{Code, Diagnostic, Report};
use crate::pointer::Pointer;
use crate::profile::{AuthPolicy, AuthScheme};

/// The policy, and what it leaves out.
#[derive(Debug)]
pub(super) struct Auth {
    pub policy: AuthPolicy,
    pub report: Report,
}

/// A way to send a key that a client knows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Way {
    scheme: AuthScheme,
    name: Option<String>,
    prefix: Option<String>,
}

/// The authentication of a document; `variable` is to hold the key.
pub(super) fn derive_auth(document: &Value, variable: &str) -> Auth {
    let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    let names = preferred(document).into_iter().chain(schemes.into_iter().flat_map(Map::keys));
    let declared = names.filter_map(|name| way(name, schemes?.get(name)?)).next();
    let Way { scheme, name, prefix } = declared.or_else(|| by_parameter(document)).unwrap_or(Way {
        scheme: AuthScheme::None,
        name: None,
        prefix: None,
    });
    let variable = (scheme != AuthScheme::None).then(|| variable.to_owned());
    // A document rarely says of every operation whether it needs the key.
    let policy = AuthPolicy { scheme, name, prefix, variable, optional: true };
    Auth { policy, report: several(document) }
}

/// Names of schemes: those of the whole document first, then those of operations, the most used first.
fn preferred(document: &Value) -> Vec<&String> {
    let mut names: Vec<&String> = requirements(document.get("security")).flat_map(Map::keys).collect();
    let mut used: Vec<(&String, usize)> = Vec::new();
    for name in operations(document).flat_map(|operation| requirements(operation.get("security"))).flat_map(Map::keys) {
        match used.iter_mut().find(|(known, _)| *known == name) {
            Some((_, count)) => *count += 1,
            None => used.push((name, 1)),
        }
    }
    used.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    names.extend(used.into_iter().map(|(name, _)| name));
    names
}

fn requirements(security: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    security.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    items.filter_map(Value::as_object).flat_map(Map::values).filter(|operation| operation.is_object())
}

fn way(key: &str, scheme: &Value) -> Option<Way> {
    let text = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = scheme.get("name").and_then(Value::as_str).map(str::to_owned);
    let plain = |scheme| Some(Way { scheme, name: None, prefix: None });
    let named = |scheme| name.clone().map(|name| Way { scheme, name: Some(name), prefix: None });
    let lower = |key: &str| text(key).to_ascii_lowercase();
    match (lower("type").as_str(), lower("scheme").as_str(), lower("in").as_str()) {
        ("http", "basic", _) => plain(AuthScheme::Basic),
        ("http" | "oauth2" | "openidconnect", _, _) => plain(AuthScheme::Bearer),
        ("apikey", _, "header") => Some(header(&name?, &format!("{key}\n{}", text("description")))),
        ("apikey", _, "query") => named(AuthScheme::Query),
        ("apikey", _, "cookie") => named(AuthScheme::Cookie),
        _ => None,
    }
}

/// A key in a header. What `Authorization` begins with is only said in words.
fn header(name: &str, words: &str) -> Way {
    let name = name.to_ascii_lowercase();
    if name != "authorization" {
        return Way { scheme: AuthScheme::Header, name: Some(name), prefix: None };
    }
    let shown = shown_prefix(words);
    let lower = words.to_ascii_lowercase();
    let scheme = match shown.as_deref().unwrap_or(&lower) {
        text if text.eq_ignore_ascii_case("bearer") || (shown.is_none() && text.contains("bearer")) => {
            AuthScheme::Bearer
        }
        text if text.eq_ignore_ascii_case("basic") || (shown.is_none() && text.contains("basic auth")) => {
            AuthScheme::Basic
        }
        _ => AuthScheme::Header,
    };
    match scheme {
        AuthScheme::Header => Way { scheme, name: Some(name), prefix: shown.map(|word| format!("{word} ")) },
        AuthScheme::Bearer | AuthScheme::Basic | AuthScheme::Query | AuthScheme::Cookie | AuthScheme::None => {
            Way { scheme, name: None, prefix: None }
        }
    }
}

/// The word before the key in an example such as `Authorization: Token <key>`.
fn shown_prefix(words: &str) -> Option<String> {
    let lower = words.to_ascii_lowercase();
    let start = lower.find("authorization:")? + "authorization:".len();
    let example = words.get(start..)?.lines().next()?.trim_start();
    let (word, key) = example.split_once(' ')?;
    let is_word = !word.is_empty() && word.chars().all(|sign| sign.is_ascii_alphanumeric() || sign == '-');
    (is_word && !key.trim().is_empty()).then(|| word.to_owned())
}

/// An export states authentication as a header parameter of each operation.
fn by_parameter(document: &Value) -> Option<Way> {
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let owners = items.chain(operations(document));
    let listed = owners.filter_map(|owner| owner.get("parameters")?.as_array()).flatten();
    let shared = document.pointer("/components/parameters").and_then(Value::as_object);
    let mut parameters = listed.chain(shared.into_iter().flat_map(Map::values));
    let text = |parameter: &Value, key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let found = parameters.find(|parameter| {
        text(parameter, "in") == "header" && text(parameter, "name").eq_ignore_ascii_case("authorization")
    })?;
    let found = header("authorization", &text(found, "description"));
    let is_plain = found.scheme == AuthScheme::Header && found.prefix.is_none();
    // Without a word about it, it is what nearly all APIs take.
    Some(if is_plain { Way { scheme: AuthScheme::Bearer, name: None, prefix: None } } else { found })
}

/// Several credentials in one request are one more than a client sends by itself.
fn several(document: &Value) -> Report {
    let mut report = Report::default();
    let mut required = requirements(document.get("security"));
    let first = required.next();
    if let Some(names) = first.filter(|first| first.len() > 1 && required.all(|other| other.len() > 1)) {
        let names: Vec<String> = names.keys().map(|name| format!("`{name}`")).collect();
        let found = format!("requests need {} together; the client sends the first of them", names.join(" and "));
        report.push(
            Diagnostic::new(Code::Ignored, Pointer::root().join("security").join(0), found)
                .expected("one credential")
                .help("give the others to `ClientBuilder::header`, or list them as [[headers]] in a profile"),
        );
    }
    report
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn policy(document: &Value) -> (AuthScheme, Option<String>, Option<String>) {
        let AuthPolicy { scheme, name, prefix, .. } = derive_auth(document, "KEY").policy;
        (scheme, name, prefix)
    }

    #[test]
    fn authentication_is_what_the_document_declares() {
        let authorization =
            |words: &str| json!({"type": "apiKey", "in": "header", "name": "Authorization", "description": words});
        let cases = [
            (json!({"type": "http", "scheme": "bearer"}), AuthScheme::Bearer, None, None),
            (json!({"type": "http", "scheme": "Basic"}), AuthScheme::Basic, None, None),
            (json!({"type": "oauth2"}), AuthScheme::Bearer, None, None),
            (json!({"type": "openIdConnect"}), AuthScheme::Bearer, None, None),
            (json!({"type": "apiKey", "in": "header", "name": "X-Key"}), AuthScheme::Header, Some("x-key"), None),
            (json!({"type": "apiKey", "in": "query", "name": "Key"}), AuthScheme::Query, Some("Key"), None),
            (json!({"type": "apiKey", "in": "cookie", "name": "sid"}), AuthScheme::Cookie, Some("sid"), None),
            (json!({"type": "mutualTLS"}), AuthScheme::None, None, None),
            (authorization("Send a bearer token."), AuthScheme::Bearer, None, None),
            (authorization("`authorization: Bearer <x>`"), AuthScheme::Bearer, None, None),
            (
                authorization("As in `Authorization: Token 123`, no bearer"),
                AuthScheme::Header,
                Some("authorization"),
                Some("Token "),
            ),
            (authorization("Basic auth."), AuthScheme::Basic, None, None),
            (authorization("The key."), AuthScheme::Header, Some("authorization"), None),
        ];
        for (scheme, expected, name, prefix) in cases {
            let document = json!({"components": {"securitySchemes": {"a": scheme}}});
            let expected = (expected, name.map(str::to_owned), prefix.map(str::to_owned));
            assert_eq!(policy(&document), expected, "{document}");
        }
    }

    #[test]
    fn the_scheme_that_counts_is_required_by_most() {
        let schemes = json!({
            "tls": {"type": "mutualTLS"},
            "rare": {"type": "http", "scheme": "basic"},
            "usual": {"type": "apiKey", "in": "header", "name": "X-Key"},
        });
        let document = |security: Value, own: [&str; 3]| {
            let item = |name: &str| json!({"get": {"security": [{name: []}]}});
            json!({"security": security, "components": {"securitySchemes": schemes},
                "paths": {"/a": item(own[0]), "/b": item(own[1]), "/c": item(own[2])}})
        };
        let rows = [
            (document(json!([]), ["rare", "usual", "usual"]), AuthScheme::Header),
            (document(json!([{"rare": []}]), ["rare", "usual", "usual"]), AuthScheme::Basic),
            (document(json!([{"tls": []}, {}]), ["tls", "tls", "tls"]), AuthScheme::Basic),
            (document(json!([{"gone": []}]), ["usual", "usual", "rare"]), AuthScheme::Header),
        ];
        for (document, scheme) in rows {
            assert_eq!(policy(&document).0, scheme, "{document}");
        }
    }

    #[test]
    fn header_parameters_count_where_no_scheme_is_declared() {
        let parameter = |words: &str| json!({"name": "Authorization", "in": "header", "description": words});
        let rows = [
            (json!({"paths": {"/a": {"get": {"parameters": [parameter("")]}}}}), AuthScheme::Bearer),
            (json!({"paths": {"/a": {"parameters": [parameter("The key")], "get": {}}}}), AuthScheme::Bearer),
            (json!({"components": {"parameters": {"A": parameter("Basic authentication")}}}), AuthScheme::Basic),
            (json!({"paths": {"/a": {"get": {"parameters": [{"name": "X", "in": "header"}]}}}}), AuthScheme::None),
        ];
        for (document, scheme) in rows {
            assert_eq!(policy(&document).0, scheme, "{document}");
        }
    }

    #[test]
    fn a_second_credential_is_reported() {
        let rows = [
            (json!([{"a": [], "b": []}]), 1),
            (json!([{"a": [], "b": []}, {"c": []}]), 0),
            (json!([{"a": []}]), 0),
            (json!([]), 0),
        ];
        for (security, expected) in rows {
            let report = derive_auth(&json!({"security": security}), "KEY").report;
            assert_eq!(report.diagnostics.len(), expected, "{security}");
        }
    }
}
