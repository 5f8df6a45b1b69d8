//! Drift: what is reported between two revisions of a document, and that nothing is between two forms of one.

#[cfg(test)]
mod complaints;
#[cfg(test)]
mod edits;
#[cfg(test)]
mod features;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod history;
#[cfg(test)]
mod numbers;
#[cfg(test)]
mod remedies;
#[cfg(test)]
mod renames;

use generator::drift::Drift;
use generator::{Sources, Tolerance, compare_documents};
use serde_json::{Value, json};

/// Compares two documents of any API.
#[cfg(test)]
fn drift(old: &Value, new: &Value) -> Drift {
    let (old, new) = (old.to_string(), new.to_string());
    compare_documents(&sources(&old), &sources(&new), Tolerance::Lenient).unwrap()
}

fn sources(document: &str) -> Sources<'_> {
    Sources::of_document(document.as_bytes(), "openapi.json")
}

/// Returns the ID, the levels and the place of each change, without those of words.
fn lines(drift: &Drift) -> Vec<String> {
    let line = |change: &generator::drift::Change| {
        let place = change.schema.as_deref().unwrap_or_default();
        format!("{} {} {} {place}.{}", change.id, change.wire.as_str(), change.rust.as_str(), change.property_path)
    };
    drift.changes.iter().map(line).collect()
}

/// Returns a document with these paths and component schemas.
fn document(paths: Value, schemas: Value) -> Value {
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {"schemas": schemas},
    })
}

/// Returns an operation that takes a body and returns one.
fn operation(id: &str, request: &Value, response: &Value) -> Value {
    let content = |schema: &Value| json!({"application/json": {"schema": schema}});
    json!({
        "operationId": id,
        "requestBody": {"required": true, "content": content(request)},
        "responses": {"200": {"description": "", "content": content(response)}},
    })
}

/// Returns a reference to a component schema.
fn reference(name: &str) -> Value {
    json!({"$ref": format!("#/components/schemas/{name}")})
}
