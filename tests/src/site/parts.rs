//! The parts that forms are made of: documents as JSON and YAML, listings, catalogs, indexes, pages.

use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::fern::{self, prose, site as pages};

use super::documents::Published;
use super::{Resource, Resources};

/// Generation of pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// A YAML fragment with quirks.
    Second,
    /// The same with prefixed names.
    Third,
    /// A fragment as the document has it.
    Fourth,
    /// Prose.
    Fifth,
    /// YAML in a code block named after the endpoint, without a head.
    Fenced,
    /// JSON below a heading, without a head.
    Definition,
    /// JSON on one line, without a head.
    Inline,
    /// Method, path and words only.
    Bare,
}

/// Adds a document under the three usual names, with a query.
pub(super) fn add_document(resources: &mut Resources, folder: &str, query: &str, document: &Value) {
    let yaml = serde_yaml::to_string(document).unwrap_or_default();
    let json = Resource::new("application/json", document.to_string());
    resources.insert(format!("{folder}/openapi.json{query}"), json);
    for name in ["openapi.yaml", "openapi.yml"] {
        resources.insert(format!("{folder}/{name}{query}"), Resource::new("application/x-yaml", yaml.clone()));
    }
}

/// Adds each document under its `?api=` reference.
pub(super) fn add_selected(resources: &mut Resources, base: &str, documents: &[Published]) {
    for published in documents {
        add_document(resources, base, &format!("?api={}", published.id()), &published.document);
    }
}

/// A listing as a list of objects.
pub(super) fn listing(documents: &[Published]) -> Value {
    documents.iter().map(|published| json!({"id": published.id(), "name": published.name()})).collect()
}

/// A catalog (RFC 9727) with a link to each document.
pub(super) fn catalog(documents: &[Published], url: impl Fn(&Published) -> String) -> String {
    let context = |published: &Published| {
        json!({
            "anchor": format!("/{}/api-reference", published.version),
            "service-desc": [{"href": url(published), "type": "application/yaml"}],
            "service-doc": [{"href": format!("/{}/api-reference", published.version), "type": "text/html"}],
        })
    };
    json!({"linkset": documents.iter().map(context).collect::<Vec<_>>()}).to_string()
}

/// The list of versions as a quoted banner, as pages and indexes begin with it.
pub(super) fn banner(site: &str, documents: &[Published]) -> String {
    let mut text = String::from("> This page is for version ");
    if let Some(first) = documents.first() {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "v{} (default).\n>\n> Versions:", first.version);
    }
    for (index, published) in documents.iter().enumerate() {
        let default = if index == 0 { " (default)" } else { "" };
        let _ = writeln!(text, "> - v{0}{default}: {site}/{0}/llms.txt", published.version);
    }
    format!("{text}\n> ## Documentation Index\n> The complete index is at: {site}/llms.txt\n")
}

/// An index with its documents.
pub(super) fn index(title: &str, documents: &[String]) -> String {
    let line = |url: &String| format!("- [OpenAPI]({url})\n");
    let lines: String = documents.iter().map(line).collect();
    format!(
        "# {title}\n\n## Docs\n- [Start](/start.md): words\n\n## OpenAPI Specification\n\nThe raw OpenAPI 3.1 specification for this \
         API is available at:\n{lines}"
    )
}

/// The pages of a document.
pub(super) fn pages_of(published: &Published, generation: Generation) -> Vec<String> {
    let export = || {
        let mut document = published.document.clone();
        fern::convert_to_export(&mut document);
        document["info"]["title"] = json!(published.name());
        document
    };
    let of = |index: usize| pages::write_pages(&export(), pages::GENERATIONS[index].1);
    match generation {
        Generation::Second => of(0),
        Generation::Third => of(1),
        Generation::Fourth => of(2),
        Generation::Fifth => prose::write_pages(&published.document),
        Generation::Fenced => foreign_pages(&published.document, |title, endpoint, document| {
            let yaml = serde_yaml::to_string(document).unwrap_or_default();
            format!("# {title}\n\n> Words.\n\n## OpenAPI\n\n````yaml openapi.json {endpoint}\n{yaml}````\n")
        }),
        Generation::Definition => foreign_pages(&published.document, |title, _, document| {
            format!("# {title}\n\nWords.\n\n# OpenAPI definition\n\n```json\n{document:#}\n```\n")
        }),
        Generation::Inline => foreign_pages(&published.document, |title, _, document| {
            let rest = document.to_string();
            // This tool writes the version first.
            let rest = rest.replacen(r#""openapi":"3.1.0","#, "", 1).replacen('{', r#"{"openapi":"3.1.0","#, 1);
            format!("# {title}\n\n## {title}\n\n> Words.\n\n```json\n{rest}\n```\n")
        }),
        Generation::Bare => bare_pages(&published.document),
    }
}

/// Pages of other documentation tools: title, method and path, and the document of one endpoint.
fn foreign_pages(document: &Value, write: fn(&str, &str, &Value) -> String) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut all = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let one = json!({
                "openapi": "3.1.0",
                "info": document["info"],
                "paths": {path: {method: operation}},
                "servers": document["servers"],
                "components": {"schemas": pages::referenced_components(document, operation)},
            });
            let title = operation.get("summary").and_then(Value::as_str).unwrap_or("Call");
            all.push(write(title, &format!("{} {path}", method.to_uppercase()), &one));
        }
    }
    all
}

/// Pages that no longer describe parameters, requests and responses.
fn bare_pages(document: &Value) -> Vec<String> {
    let paths = document.get("paths").and_then(Value::as_object);
    let mut pages = Vec::new();
    for (path, item) in paths.into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let title = operation.get("summary").and_then(Value::as_str).unwrap_or("Call");
            pages.push(format!(
                "# {title}\n\n{} https://api.example.com{path}\n\nWords about it.\n",
                method.to_uppercase()
            ));
        }
    }
    pages
}
