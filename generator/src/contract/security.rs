//! How requests are authorized: requirements as sets of credentials, whatever the schemes are called.

use crate::keyword::Keywords;
use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

/// What the security schemes of a document send, by the name of the scheme.
pub(super) struct Credentials<'a> {
    schemes: HashMap<&'a str, String>,
    global: Option<&'a Value>,
}

impl<'a> Credentials<'a> {
    pub(super) fn of(document: &'a Value) -> Self {
        let schemes = document.pointer("/components/securitySchemes").and_then(Value::as_object);
        let schemes = schemes.into_iter().flatten().map(|(name, scheme)| (name.as_str(), credential(scheme))).collect();
        Self { schemes, global: document.keyword("security") }
    }
}

/// Returns the schemes that the document or one of its operations requires.
pub(super) fn required_schemes(document: &Value) -> BTreeSet<String> {
    let credentials = Credentials::of(document);
    let paths = document.keyword("paths").and_then(Value::as_object).into_iter().flatten();
    let operations = paths.flat_map(|(_, item)| item.as_object().into_iter().flatten());
    let stated = operations.filter_map(|(_, operation)| operation.keyword("security")).chain(credentials.global);
    let ways = stated.flat_map(|stated| stated.as_array().into_iter().flatten());
    let names = ways.flat_map(|way| way.as_object().into_iter().flatten()).map(|(name, _)| name);
    names.filter_map(|name| Some(format!("{name} ({})", credentials.schemes.get(name.as_str())?))).collect()
}

/// Returns the ways to authorize an operation, in order; those declared as parameters if it states none.
pub(super) fn required_credentials(
    operation: &Value,
    credentials: &Credentials<'_>,
    parameters: &[Vec<String>],
) -> Vec<Vec<String>> {
    let stated = operation.keyword("security").or(credentials.global).and_then(Value::as_array);
    let Some(stated) = stated else { return parameters.to_vec() };
    let mut ways: Vec<Vec<String>> = stated.iter().map(|way| one_way(way, credentials)).collect();
    ways.sort();
    ways.dedup();
    ways
}

fn one_way(way: &Value, credentials: &Credentials<'_>) -> Vec<String> {
    let mut needed: Vec<String> = Vec::new();
    for (name, scopes) in way.as_object().into_iter().flatten() {
        let credential = credentials.schemes.get(name.as_str()).cloned().unwrap_or_else(|| name.clone());
        let scopes: Vec<&str> = scopes.as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        needed.push(if scopes.is_empty() { credential } else { format!("{credential} with {}", scopes.join(", ")) });
    }
    needed.sort();
    needed
}

/// Returns what a scheme adds to a request.
fn credential(scheme: &Value) -> String {
    let string = |key| scheme.get(key).and_then(Value::as_str).unwrap_or_default();
    match string("type") {
        "apiKey" => format!("{} {}", string("in"), string("name").to_ascii_lowercase()),
        "mutualTLS" => "client certificate".to_owned(),
        _ => "header authorization".to_owned(),
    }
}
