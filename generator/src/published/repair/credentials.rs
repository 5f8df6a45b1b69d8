//! Converts credentials that are declared as header parameters of each operation. Knows customary header names, no vendor.

use serde_json::{Map, Value, json};

/// Customary suffixes of headers that carry a credential.
const ENDINGS: [&str; 5] = ["api-key", "apikey", "api-token", "auth-token", "access-token"];

/// Returns whether a header carries a credential.
pub(in super::super) fn is_credential(header: &str) -> bool {
    let name = header.to_ascii_lowercase();
    name == "authorization" || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

/// Converts such parameters to security schemes.
pub(super) fn convert_credentials(document: &mut Value) {
    let declared = document.pointer("/components/securitySchemes").cloned();
    let mut schemes = Map::new();
    super::each_operation(document, &mut |_, operation| {
        let Some(parameters) = operation.get_mut("parameters").and_then(Value::as_array_mut) else { return };
        let mut requirements = Vec::new();
        parameters.retain(|parameter| {
            let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default();
            let is_header = parameter.get("in").and_then(Value::as_str) == Some("header");
            if !(is_header && is_credential(name)) {
                return true;
            }
            let known = scheme_name(declared.as_ref(), name);
            let scheme = known.clone().unwrap_or_else(|| name.to_owned());
            if known.is_none() {
                schemes.insert(scheme.clone(), scheme_of(name, parameter));
            }
            requirements.push(json!({ scheme: [] }));
            false
        });
        if parameters.is_empty() {
            operation.shift_remove("parameters");
        }
        if !requirements.is_empty() {
            operation.insert("security".to_owned(), Value::Array(requirements));
        }
    });
    if schemes.is_empty() {
        return;
    }
    let components = document.as_object_mut().map(|document| document.entry("components").or_insert_with(|| json!({})));
    if let Some(components) = components.and_then(Value::as_object_mut) {
        let all = components.entry("securitySchemes").or_insert_with(|| json!({}));
        all.as_object_mut().into_iter().for_each(|all| all.extend(std::mem::take(&mut schemes)));
    }
}

/// Returns the declared scheme that sends its credential in a header.
fn scheme_name(declared: Option<&Value>, header: &str) -> Option<String> {
    let string = |scheme: &Value, key: &str| scheme.get(key).and_then(Value::as_str).unwrap_or_default().to_owned();
    let sends = |scheme: &Value| match string(scheme, "type").as_str() {
        "http" | "oauth2" | "openIdConnect" => header.eq_ignore_ascii_case("authorization"),
        "apiKey" => string(scheme, "in") == "header" && string(scheme, "name").eq_ignore_ascii_case(header),
        _ => false,
    };
    let mut schemes = declared?.as_object()?.iter();
    schemes.find(|(_, scheme)| sends(scheme)).map(|(name, _)| name.clone())
}

/// Returns the scheme that a parameter represents, according to its stock description.
fn scheme_of(name: &str, parameter: &Value) -> Value {
    let description = parameter.get("description").and_then(Value::as_str).unwrap_or_default();
    let key = json!({"type": "apiKey", "in": "header", "name": name});
    if !name.eq_ignore_ascii_case("authorization") {
        key
    } else if description.starts_with("Basic authentication") {
        json!({"type": "http", "scheme": "basic"})
    } else if description.starts_with("Header authentication") {
        key
    } else {
        json!({"type": "http", "scheme": "bearer"})
    }
}
