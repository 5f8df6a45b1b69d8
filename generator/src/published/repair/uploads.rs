//! Forms whose only file is not listed as required, which the writers forgot.
//!
//! A guess: the page may mean it. So it is not made where the text or another property says that the file can be left out,
//! and it is reported where it is made.

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::Pointer;

use super::super::endpoint::Endpoint;
use super::Place;

/// Words of a description that say that a file can be left out.
const OPTIONAL: [&str; 6] = ["optional", "either", "if not", "one of", "instead of", "not provided"];

/// Requires the only file of each form.
pub(super) fn require_uploads(document: &mut Value, endpoint: &Endpoint<'_>) -> Vec<Diagnostic> {
    let mut guesses = Vec::new();
    super::each_operation(document, &mut |Place { part, path, method }, operation| {
        let form = operation.get_mut("requestBody").and_then(|body| body.get_mut("content"));
        let form = form.and_then(|content| content.get_mut("multipart/form-data")?.get_mut("schema"));
        let Some(form) = form.and_then(Value::as_object_mut) else { return };
        let Some(file) = forgotten(form) else { return };
        let required = form.entry("required").or_insert_with(|| json!([]));
        if let Some(required) = required.as_array_mut() {
            required.push(json!(file));
        }
        let place = Pointer::root().join(part).join(path).join(method).join("requestBody");
        let found = format!("the form of `{} {path}` does not require `{file}`, its only file", endpoint.method);
        guesses.push(
            Diagnostic::new(Code::PageGuess, place, found)
                .expected("an upload requires its file; it was added to `required`")
                .help("take it out again with an action in overlay.yaml when the file may be left out"),
        );
    });
    guesses
}

/// The only file of a form, when it is neither required nor said to be optional.
fn forgotten(form: &Map<String, Value>) -> Option<String> {
    let properties = form.get("properties")?.as_object()?;
    let is_file = |schema: &Value| schema.get("format").and_then(Value::as_str) == Some("binary");
    let mut files = properties.iter().filter(|(_, schema)| is_file(schema));
    let (Some((name, schema)), None) = (files.next(), files.next()) else { return None };
    let required = form.get("required").and_then(Value::as_array);
    let text = schema.get("description").and_then(Value::as_str).unwrap_or_default().to_lowercase();
    let can_be_left_out = OPTIONAL.iter().any(|word| text.contains(word))
        || properties.keys().any(|other| other.to_lowercase().ends_with("url"));
    let is_required = required.is_some_and(|required| required.iter().any(|entry| entry == name));
    (!is_required && !can_be_left_out).then(|| name.clone())
}
