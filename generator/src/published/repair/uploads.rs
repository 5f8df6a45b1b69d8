//! Marks the only file of a form as required, which writers of pages forgot.
//!
//! This is a guess and therefore reported. It is not made if the description or another property suggests that the file is optional.
//! Knows one page at a time.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::Pointer;

use super::super::endpoint::Endpoint;
use super::Place;

/// Words in a description which suggest that a file is optional.
const OPTIONAL: [&str; 6] = ["optional", "either", "if not", "one of", "instead of", "not provided"];

/// Requires the only file of each form.
pub(super) fn require_uploads(document: &mut Value, endpoint: &Endpoint<'_>) -> Vec<Diagnostic> {
    let mut guesses = Vec::new();
    super::each_operation(document, &mut |Place { part, path, method }, operation| {
        let form = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        let form = form.and_then(|content| content.get_mut("multipart/form-data")?.get_mut("schema"));
        let Some(form) = form.and_then(Value::as_object_mut) else { return };
        let Some(file) = forgotten_file(form) else { return };
        let required = form.entry("required").or_insert_with(|| json!([]));
        if let Some(required) = required.as_array_mut() {
            required.push(json!(file));
        }
        let place = Pointer::root().join(part).join(path).join(method).join("requestBody");
        let found = format!("the form of `{} {path}` does not require `{file}`, its only file", endpoint.method);
        guesses.push(
            Diagnostic::new(Code::PageGuess, place, found)
                .expected("a required file; it was added to `required`")
                .help("if the file is optional, remove it again with an action in overlay.yaml"),
        );
    });
    guesses
}

/// Returns the only file of a form, if it is neither required nor described as optional.
fn forgotten_file(form: &Map<String, Value>) -> Option<String> {
    let properties = form.get("properties")?.as_object()?;
    let is_file = |schema: &Value| schema.get("format").and_then(Value::as_str) == Some("binary");
    let mut files = properties.iter().filter(|(_, schema)| is_file(schema));
    let (Some((name, schema)), None) = (files.next(), files.next()) else { return None };
    let required = form.get("required").and_then(Value::as_array);
    let description = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let seems_optional = OPTIONAL.iter().any(|word| description.contains(word))
        || properties.keys().any(|other| other.to_lowercase().ends_with("url"));
    let is_required = required.is_some_and(|required| required.iter().any(|entry| entry == name));
    (!is_required && !seems_optional).then(|| name.clone())
}
