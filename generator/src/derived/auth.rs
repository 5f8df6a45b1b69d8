//! Derives how requests are authenticated: from the security schemes of a document, else from header parameters of its
//! operations. Knows nothing of servers or of how a credential is sent.

use serde_json::{Map, Value};

use crate::pointer::Pointer;
use crate::profile::{AuthPolicy, AuthScheme, CredentialPolicy};
use crate::support::is_challenge;

/// References that are followed one after the other; more lead in a circle.
const LONGEST_CHAIN: usize = 16;

/// The derived policies.
#[derive(Debug)]
pub(super) struct Auth {
    pub policy: AuthPolicy,
    pub credentials: Vec<CredentialPolicy>,
}

/// A way of sending a credential that clients support.
#[derive(Clone, Debug, PartialEq, Eq)]
struct AuthMethod {
    scheme: AuthScheme,
    name: Option<String>,
    prefix: Option<String>,
}

/// Derives the authentication of a document: the credential that is required first, or most often, and those of the other
/// required schemes. `variable` returns the environment variable for a credential of a name.
pub(super) fn derive_auth(document: &Value, variable: &dyn Fn(&str) -> String) -> Auth {
    let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
    let mut required = required_schemes(document);
    // A deprecated scheme is used where a document requires no other.
    required.sort_by_key(|name| is_deprecated(schemes.and_then(|schemes| schemes.get(*name))));
    let method = |name: &String| method_of(name, resolve_scheme(document, schemes?.get(name)?)?);
    let declared = schemes.into_iter().flat_map(Map::keys);
    let first = required.iter().copied().chain(declared).find_map(|name| Some((name, method(name)?)));
    let covered = first.as_ref().map(|(name, _)| (*name).clone());
    let AuthMethod { scheme, name, prefix } = first
        .map(|(_, method)| method)
        .or_else(|| method_of_parameters(document))
        .unwrap_or(AuthMethod { scheme: AuthScheme::None, name: None, prefix: None });
    // A credential in a header parameter, or none at all, covers whatever is required.
    let is_declared = schemes.is_some_and(|schemes| !schemes.is_empty());
    let security_schemes = (is_declared && (covered.is_some() || scheme == AuthScheme::None))
        .then(|| covered.into_iter().collect::<Vec<_>>());
    let mut variables = vec![variable("API_KEY"), variable("BASE_URL")];
    let mut credentials = Vec::new();
    let covered = security_schemes.iter().flatten().next();
    for key in required.iter().copied().filter(|key| Some(*key) != covered) {
        let Some(AuthMethod { scheme, name, prefix }) = method(key) else { continue };
        let numbered = (2..).map(|number| variable(&format!("{key} credential {number}")));
        let wanted = [variable(key), variable(&format!("{key} credential"))].into_iter().chain(numbered);
        let variable = wanted.into_iter().find(|variable| !variables.contains(variable));
        variables.extend(variable.clone());
        credentials.push(CredentialPolicy { security_scheme: key.clone(), scheme, name, prefix, variable });
    }
    let variable = (scheme != AuthScheme::None).then(|| variables.swap_remove(0));
    // Documents rarely state for every operation whether it needs the credential.
    let policy = AuthPolicy { scheme, name, prefix, variable, optional: true, security_schemes };
    Auth { policy, credentials }
}

/// Returns the names of the required schemes: those of the document first, then those of operations by frequency.
fn required_schemes(document: &Value) -> Vec<&String> {
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
    let mut distinct: Vec<&String> = Vec::new();
    for name in names {
        if !distinct.contains(&name) {
            distinct.push(name);
        }
    }
    distinct
}

/// Returns the scheme that a component is, or refers to.
fn resolve_scheme<'a>(document: &'a Value, scheme: &'a Value) -> Option<&'a Value> {
    let mut resolved = scheme;
    for _ in 0..LONGEST_CHAIN {
        let Some(reference) = resolved.get("$ref").and_then(Value::as_str) else { return Some(resolved) };
        resolved = Pointer::from_reference(reference)?.find(document)?;
    }
    None
}

fn is_deprecated(scheme: Option<&Value>) -> bool {
    scheme.and_then(|scheme| scheme.get("deprecated")) == Some(&Value::Bool(true))
}

fn requirements(security: Option<&Value>) -> impl Iterator<Item = &Map<String, Value>> {
    security.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

fn operations(document: &Value) -> impl Iterator<Item = &Value> {
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let values = items.filter_map(Value::as_object).flatten();
    let operations = values.flat_map(|(key, value)| match (key.as_str(), value.as_object()) {
        ("additionalOperations", Some(additional)) => additional.values().collect(),
        _ => vec![value],
    });
    operations.filter(|operation| operation.is_object())
}

fn method_of(key: &str, scheme: &Value) -> Option<AuthMethod> {
    let string = |key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    let name = scheme.get("name").and_then(Value::as_str).map(str::to_owned);
    let plain = |scheme| Some(AuthMethod { scheme, name: None, prefix: None });
    let named = |scheme| name.clone().map(|name| AuthMethod { scheme, name: Some(name), prefix: None });
    let lower = |key: &str| string(key).to_ascii_lowercase();
    match (lower("type").as_str(), lower("scheme").as_str(), lower("in").as_str()) {
        ("http", "basic", _) => plain(AuthScheme::Basic),
        ("http", "" | "bearer", _) | ("oauth2" | "openidconnect", _, _) => plain(AuthScheme::Bearer),
        ("http", scheme, _) if is_challenge(scheme) => None,
        ("http", _, _) => Some(AuthMethod {
            scheme: AuthScheme::Header,
            name: Some("authorization".to_owned()),
            prefix: Some(format!("{} ", string("scheme"))),
        }),
        ("apikey", _, "header") => Some(method_of_header(&name?, &format!("{key}\n{}", string("description")))),
        ("apikey", _, "query") => named(AuthScheme::Query),
        ("apikey", _, "cookie") => named(AuthScheme::Cookie),
        _ => None,
    }
}

/// Returns the method for a credential in a header. Only the description states which prefix `Authorization` needs.
fn method_of_header(name: &str, words: &str) -> AuthMethod {
    let name = name.to_ascii_lowercase();
    if name != "authorization" {
        return AuthMethod { scheme: AuthScheme::Header, name: Some(name), prefix: None };
    }
    let shown = prefix_in_example(words);
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
        AuthScheme::Header => AuthMethod { scheme, name: Some(name), prefix: shown.map(|word| format!("{word} ")) },
        AuthScheme::Bearer | AuthScheme::Basic | AuthScheme::Query | AuthScheme::Cookie | AuthScheme::None => {
            AuthMethod { scheme, name: None, prefix: None }
        }
    }
}

/// Returns the word before the credential in an example such as `Authorization: Token <key>`.
fn prefix_in_example(words: &str) -> Option<String> {
    let lower = words.to_ascii_lowercase();
    let start = lower.find("authorization:")? + "authorization:".len();
    let example = words.get(start..)?.lines().next()?.trim_start();
    let (word, key) = example.split_once(' ')?;
    let is_word =
        !word.is_empty() && word.chars().all(|character| character.is_ascii_alphanumeric() || character == '-');
    (is_word && !key.trim().is_empty()).then(|| word.to_owned())
}

/// Returns the method for documents that declare authentication as a header parameter of each operation.
fn method_of_parameters(document: &Value) -> Option<AuthMethod> {
    let items = document.get("paths").and_then(Value::as_object).into_iter().flat_map(Map::values);
    let owners = items.chain(operations(document));
    let listed = owners.filter_map(|owner| owner.get("parameters")?.as_array()).flatten();
    let shared = document.pointer("/components/parameters").and_then(Value::as_object);
    let mut parameters = listed.chain(shared.into_iter().flat_map(Map::values));
    let string =
        |parameter: &Value, key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let found = parameters.find(|parameter| {
        string(parameter, "in") == "header" && string(parameter, "name").eq_ignore_ascii_case("authorization")
    })?;
    let found = method_of_header("authorization", &string(found, "description"));
    let is_plain = found.scheme == AuthScheme::Header && found.prefix.is_none();
    // Without any hint, assume what nearly all APIs accept.
    Some(if is_plain { AuthMethod { scheme: AuthScheme::Bearer, name: None, prefix: None } } else { found })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn variable(name: &str) -> String {
        format!("A_{}", name.to_uppercase().replace(['-', ' '], "_"))
    }

    fn policy(document: &Value) -> (AuthScheme, Option<String>, Option<String>) {
        let AuthPolicy { scheme, name, prefix, .. } = derive_auth(document, &variable).policy;
        (scheme, name, prefix)
    }

    struct Row {
        scheme: Value,
        expected: AuthScheme,
        name: Option<&'static str>,
        prefix: Option<&'static str>,
    }

    fn check(rows: impl IntoIterator<Item = Row>) {
        for Row { scheme, expected, name, prefix } in rows {
            let document = json!({"components": {"securitySchemes": {"a": scheme}}});
            let expected = (expected, name.map(str::to_owned), prefix.map(str::to_owned));
            assert_eq!(policy(&document), expected, "{document}");
        }
    }

    #[test]
    fn security_scheme_determines_how_the_credential_is_sent() {
        let cases = [
            Row {
                scheme: json!({"type": "http", "scheme": "bearer"}),
                expected: AuthScheme::Bearer,
                name: None,
                prefix: None,
            },
            Row {
                scheme: json!({"type": "http", "scheme": "Basic"}),
                expected: AuthScheme::Basic,
                name: None,
                prefix: None,
            },
            Row { scheme: json!({"type": "oauth2"}), expected: AuthScheme::Bearer, name: None, prefix: None },
            Row { scheme: json!({"type": "openIdConnect"}), expected: AuthScheme::Bearer, name: None, prefix: None },
            Row {
                scheme: json!({"type": "apiKey", "in": "header", "name": "X-Key"}),
                expected: AuthScheme::Header,
                name: Some("x-key"),
                prefix: None,
            },
            Row {
                scheme: json!({"type": "apiKey", "in": "query", "name": "Key"}),
                expected: AuthScheme::Query,
                name: Some("Key"),
                prefix: None,
            },
            Row {
                scheme: json!({"type": "apiKey", "in": "cookie", "name": "sid"}),
                expected: AuthScheme::Cookie,
                name: Some("sid"),
                prefix: None,
            },
            Row { scheme: json!({"type": "mutualTLS"}), expected: AuthScheme::None, name: None, prefix: None },
        ];
        check(cases);
    }

    #[test]
    fn header_for_authorization_is_sent_as_its_description_says() {
        let authorization =
            |words: &str| json!({"type": "apiKey", "in": "header", "name": "Authorization", "description": words});
        let cases = [
            Row {
                scheme: authorization("Send a bearer token."),
                expected: AuthScheme::Bearer,
                name: None,
                prefix: None,
            },
            Row {
                scheme: authorization("`authorization: Bearer <x>`"),
                expected: AuthScheme::Bearer,
                name: None,
                prefix: None,
            },
            Row {
                scheme: authorization("As in `Authorization: Token 123`, no bearer"),
                expected: AuthScheme::Header,
                name: Some("authorization"),
                prefix: Some("Token "),
            },
            Row { scheme: authorization("Basic auth."), expected: AuthScheme::Basic, name: None, prefix: None },
            Row {
                scheme: authorization("The key."),
                expected: AuthScheme::Header,
                name: Some("authorization"),
                prefix: None,
            },
        ];
        check(cases);
    }

    #[test]
    fn scheme_required_most_often_is_used() {
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
        let mut deprecated = document(json!([]), ["rare", "usual", "usual"]);
        deprecated["components"]["securitySchemes"]["usual"]["deprecated"] = json!(true);
        let rows = [
            (deprecated, AuthScheme::Basic),
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
    fn header_parameters_are_used_when_no_scheme_is_declared() {
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
    fn every_scheme_that_is_required_has_a_credential() {
        let schemes = json!({
            "bearer": {"type": "http", "scheme": "bearer"},
            "API-Key": {"type": "apiKey", "in": "query", "name": "key"},
            "api_key": {"type": "apiKey", "in": "cookie", "name": "sid"},
            "custom": {"type": "http", "scheme": "Token"},
            "digest": {"type": "http", "scheme": "Digest"},
            "unused": {"type": "http", "scheme": "basic"},
            "alias": {"$ref": "#/components/securitySchemes/unused"},
            "circle": {"$ref": "#/components/securitySchemes/circle"},
        });
        let security = json!([{"bearer": [], "API-Key": []}, {"api_key": []}, {"custom": []}, {"digest": []}, {"alias": []}, {"circle": []}]);
        let document = json!({"security": security, "components": {"securitySchemes": schemes}});
        let Auth { policy, credentials } = derive_auth(&document, &variable);
        assert_eq!((policy.scheme, policy.security_schemes), (AuthScheme::Bearer, Some(vec!["bearer".to_owned()])));
        let found: Vec<(&str, AuthScheme, Option<&str>, &str)> = credentials
            .iter()
            .map(|found| {
                let variable = found.variable.as_deref().unwrap_or_default();
                (found.security_scheme.as_str(), found.scheme, found.prefix.as_deref(), variable)
            })
            .collect();
        let expected = [
            ("API-Key", AuthScheme::Query, None, "A_API_KEY_CREDENTIAL"),
            ("api_key", AuthScheme::Cookie, None, "A_API_KEY_CREDENTIAL_2"),
            ("custom", AuthScheme::Header, Some("Token "), "A_CUSTOM"),
            ("alias", AuthScheme::Basic, None, "A_ALIAS"),
        ];
        assert_eq!(found, expected);
    }
}
