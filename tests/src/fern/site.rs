//! Writes a document as the pages of a documentation site: in each generation with YAML, and in each form in which the pages may be
//! downloaded.
//!
//! Takes the document in the form of an export. Must not know the generator.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::each_object;

/// The changes that the writer of a generation makes to the document of each page.
pub type Writer = fn(&mut Value);

/// The generations with YAML.
pub const GENERATIONS: [(&str, Writer); 3] = [("second", second), ("third", third), ("fourth", fourth)];

/// How pages are joined to one text.
pub type Form = fn(&[String]) -> String;

/// Forms of the same text, with the same content.
pub const FORMS: [(&str, Form); 13] = [
    ("plain", |pages| pages.join("\n")),
    ("lines end in CRLF", |pages| pages.join("\n").replace('\n', "\r\n")),
    ("a byte order mark", |pages| format!("\u{feff}{}", pages.join("\n"))),
    ("saved by a browser", saved_by_browser),
    ("saved by a browser with CRLF and a byte order mark", |pages| {
        format!("\u{feff}{}", saved_by_browser(pages)).replace('\n', "\r\n")
    }),
    ("front matter above the text", |pages| format!("---\ntitle: Docs\nsource: https://x\n---\n{}", pages.join("\n"))),
    ("front matter above each page", |pages| with_header(pages, "---\ntitle: Docs\npath: /x\n---\n\n")),
    ("a line with its source above each page", |pages| with_header(pages, "# Source: https://docs.example.com/x\n\n")),
    ("a banner above each page", |pages| {
        with_header(
            pages,
            "> This page is for version v2026-02-09.\n\n> ## Documentation Index\n> - [a](https://x/llms.txt)\n\n",
        )
    }),
    ("fences of five backticks", |pages| fenced(pages, "`````")),
    ("fences of tildes", |pages| fenced(pages, "~~~")),
    ("blank lines are gone", |pages| {
        pages.join("\n").lines().filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
    }),
    ("pages in another order", |pages| pages.iter().rev().cloned().collect::<Vec<_>>().join("\n")),
];

/// Writes the pages of a site: one without an endpoint, then one for each operation and webhook with the components it needs.
pub fn write_pages(document: &Value, writer: Writer) -> Vec<String> {
    let mut pages = vec![
        "> For a complete index, see https://docs.example.com/llms.txt.\n\n# Start\n\n````md\n# no page\n```sh\n# none\n```\n````\n"
            .to_owned(),
    ];
    for part in ["paths", "webhooks"] {
        for (path, item) in members(document.get(part)) {
            for (method, operation) in members(Some(item)) {
                pages.push(write_page(document, writer, [part, path, method], operation));
            }
        }
    }
    pages
}

fn write_page(document: &Value, writer: Writer, [part, path, method]: [&str; 3], operation: &Value) -> String {
    let mut page = json!({
        "openapi": "3.1.0",
        "info": document["info"],
        part: {path: {method: operation}},
        "servers": document["servers"],
        "components": {"schemas": referenced_components(document, operation)},
    });
    writer(&mut page);
    let url = if part == "paths" { format!("https://api.extend.ai{path}") } else { String::new() };
    let yaml = serde_yaml::to_string(&page).unwrap_or_default();
    format!(
        "# {method} {path}\n\n{} {url}\n\nWords.\n\n## Words of two levels\n\n# More\n\n```sh\n# none\n```\n\n\
         Reference: https://docs.example.com/reference/x\n\n## OpenAPI Specification\n\n```yaml\n{yaml}\n```\n\n\
         ## Examples\n\n```python Python SDK\n# {path}\ncall()\n```\n",
        method.to_uppercase()
    )
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// Returns the components that a part of the document refers to, directly or indirectly.
pub fn referenced_components(document: &Value, part: &Value) -> Map<String, Value> {
    let Some(schemas) = document.pointer("/components/schemas").and_then(Value::as_object) else { return Map::new() };
    let mut names = BTreeSet::new();
    let mut open = vec![part];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
                if let Some((name, schema)) = target.and_then(|name| schemas.get_key_value(name))
                    && names.insert(name.clone())
                {
                    open.push(schema);
                }
                open.extend(map.values());
            }
            Value::Array(items) => open.extend(items),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    names.into_iter().map(|name| (name.clone(), schemas[&name].clone())).collect()
}

/// The fourth generation does not change the document.
fn fourth(_: &mut Value) {}

/// The second generation wraps enumeration values in objects, nests packages in tags, does not require the file of an upload, has a
/// title and version per page, and no servers.
fn second(page: &mut Value) {
    page["openapi"] = json!("3.1.1");
    page["info"] = json!({"title": "A page", "version": "endpoint_a.b"});
    page.as_object_mut().and_then(|page| page.shift_remove("servers"));
    each_object(page, &mut |object| {
        if let Some(tags) = object.get_mut("tags").filter(|tags| tags.is_array()) {
            *tags = json!([tags.take()]);
        }
        if let Some(form) = object.get_mut("multipart/form-data").and_then(|form| form.pointer_mut("/schema")) {
            forget_file(form);
        }
        let is_schema = object.contains_key("type");
        let values = object.get_mut("enum").filter(|values| is_schema && values.is_array());
        if let Some(values) = values.and_then(Value::as_array_mut) {
            let is_literal = values.len() == 1 && values.iter().all(Value::is_string);
            for value in values {
                *value = if is_literal {
                    json!({"type": "stringLiteral", "value": value.take()})
                } else {
                    json!({"value": value.take()})
                };
            }
        }
    });
}

/// The third generation also prefixes names.
fn third(page: &mut Value) {
    second(page);
    each_object(page, &mut |object| {
        if let Some(Value::String(reference)) = object.get_mut("$ref") {
            *reference = reference.replace("/schemas/", "/schemas/type_:").replace("type_:type_", "type_");
        }
    });
    let prefixed = |name: String| if name.starts_with("type_") { name } else { format!("type_:{name}") };
    if let Some(schemas) = page.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        *schemas = std::mem::take(schemas).into_iter().map(|(name, schema)| (prefixed(name), schema)).collect();
    }
}

fn forget_file(form: &mut Value) {
    let properties = form.get("properties").and_then(Value::as_object);
    let is_file = |schema: &Value| schema.get("format").and_then(Value::as_str) == Some("binary");
    let files: Vec<String> =
        properties.into_iter().flatten().filter(|(_, schema)| is_file(schema)).map(|(name, _)| name.clone()).collect();
    if let Some(required) = form.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !files.iter().any(|file| name.as_str() == Some(file)));
    }
}

fn with_header(pages: &[String], above: &str) -> String {
    pages.iter().map(|page| format!("{above}{page}\n")).collect()
}

fn saved_by_browser(pages: &[String]) -> String {
    let text = pages.join("\n").replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!(
        "<!DOCTYPE html>\n<html><head></head><body><pre style=\"white-space: pre-wrap\">{text}</pre></body></html>\n"
    )
}

fn fenced(pages: &[String], fence: &str) -> String {
    let line = |line: &str| match line.strip_prefix("```") {
        Some(rest) if !rest.starts_with('`') => format!("{fence}{rest}\n"),
        Some(_) | None => format!("{line}\n"),
    };
    // The first page has nested code blocks.
    let [first, rest @ ..] = pages else { return String::new() };
    format!("{first}\n{}", rest.join("\n").lines().map(line).collect::<String>())
}
