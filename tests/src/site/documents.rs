//! The documents that a site publishes: those of `spec/`, or small ones. Knows no form of a site.

use std::path::Path;

use serde_json::{Value, json};

use crate::Failure;

/// A document of one version.
#[derive(Clone, Debug)]
pub struct Published {
    /// The version of the API.
    pub version: String,
    /// The document.
    pub document: Value,
}

impl Published {
    /// Returns the ID by which a listing selects the document.
    pub fn id(&self) -> String {
        format!("b09aa0ca-{}", self.version)
    }

    /// Returns the name that a site gives the document.
    pub fn name(&self) -> String {
        format!("{}_docs", self.version.replace('-', "_"))
    }
}

/// Reads the documents below a folder with one folder for each version, the newest first.
///
/// # Errors
///
/// A document cannot be read.
pub fn of_folder(folder: &Path) -> Result<Vec<Published>, Failure> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let file = path.join("openapi.json");
        if file.is_file() {
            let version = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            found.push(Published { version, document: serde_json::from_slice(&std::fs::read(file)?)? });
        }
    }
    found.sort_by(|one, other| other.version.cmp(&one.version));
    Ok(found)
}

/// Creates a small document. Its version is the default of a header, as in exports, and part of its title.
pub fn small(version: &str, operations: &[&str]) -> Published {
    let header = json!({"name": "x-api-version", "in": "header", "schema": {"type": "string", "default": version}});
    let item = |name: &str| {
        json!({"get": {
            "operationId": format!("get-{name}"), "tags": [name], "summary": format!("Get {name}"),
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}, header],
            "responses": {"200": {"description": "One.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}}}},
        }})
    };
    let paths: serde_json::Map<String, Value> =
        operations.iter().map(|name| (format!("/{name}/{{id}}"), item(name))).collect();
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": format!("{}_docs", version.replace('-', "_")), "version": "1.0.0"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": paths,
        "components": {"schemas": {"Thing": {"type": "object", "required": ["id"], "properties": {
            "id": {"type": "string"}, "kind": {"type": "string", "enum": ["a", "b"]}}}}},
    });
    Published { version: version.to_owned(), document }
}
