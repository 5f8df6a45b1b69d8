//! Nor does it matter whether the document comes whole or in pages: our document, taken apart into the pages of a
//! documentation site, gives the same bytes once they are merged.

use std::collections::BTreeSet;

use generator::published::{Exactness, pages};
use serde_json::{Map, Value, json};
use workspace_tests::fern::{Rewriting, exported};

use super::export::{changes, made, published};

/// A generation of pages, by what its writer did to the document of each page.
type Writer = fn(&mut Value);

/// The pages of a site: one for each operation and webhook, with the components it needs.
fn site(document: &Value, writer: Writer) -> String {
    let mut text =
        "> For a complete index, see https://docs.example.com/llms.txt.\n\n# Start\n\n```sh\n# no page\n```\n"
            .to_owned();
    for part in ["paths", "webhooks"] {
        for (path, item) in members(document.get(part)) {
            for (method, operation) in members(Some(item)) {
                let mut page = json!({
                    "openapi": "3.1.0",
                    "info": document["info"],
                    part: {path: {method: operation}},
                    "servers": document["servers"],
                    "components": {"schemas": needed(document, operation)},
                });
                writer(&mut page);
                let url = if part == "paths" { format!("https://api.extend.ai{path}") } else { String::new() };
                let yaml = serde_yaml::to_string(&page).expect("JSON is YAML");
                text.push_str(&format!(
                    "\n# {method} {path}\n\n{} {url}\n\nWords.\n\nReference: https://docs.example.com/reference/x\n\n\
                     ## OpenAPI Specification\n\n```yaml\n{yaml}\n```\n\n## Examples\n\n```python\n# {path}\ncall()\n```\n",
                    method.to_uppercase()
                ));
            }
        }
    }
    text
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&String, &Value)> {
    value.and_then(Value::as_object).into_iter().flatten()
}

/// The components that a part of the document leads to.
fn needed(document: &Value, part: &Value) -> Map<String, Value> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object).expect("there are schemas");
    let mut names = BTreeSet::new();
    let mut open = vec![part];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(map) => {
                let target = map.get("$ref").and_then(Value::as_str).and_then(|text| text.rsplit('/').next());
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

/// The fourth generation writes what the whole document says.
fn fourth(_: &mut Value) {}

/// The third one has values in objects, packages as lists, a title and version of each page, and no servers.
fn third(page: &mut Value) {
    page["info"] = json!({"title": "A page", "version": "endpoint_a.b"});
    page.as_object_mut().expect("a page is an object").remove("servers");
    each_object(page, &mut |object| {
        if let Some(tags) = object.get_mut("tags").filter(|tags| tags.is_array()) {
            *tags = json!([tags.take()]);
        }
        let is_schema = object.contains_key("type");
        let values = object.get_mut("enum").filter(|values| is_schema && values.is_array());
        for value in values.and_then(Value::as_array_mut).into_iter().flatten() {
            *value = json!({"value": value.take()});
        }
    });
    let text = page.to_string().replace("#/components/schemas/", "#/components/schemas/type_:");
    *page = serde_json::from_str(&text.replace("type_:type_", "type_")).expect("still JSON");
    let schemas = page.pointer_mut("/components/schemas").and_then(Value::as_object_mut).expect("there are schemas");
    let prefixed = |name: String| if name.starts_with("type_") { name } else { format!("type_:{name}") };
    *schemas = std::mem::take(schemas).into_iter().map(|(name, schema)| (prefixed(name), schema)).collect();
}

fn each_object(value: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(map);
            map.values_mut().for_each(|value| each_object(value, visit));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| each_object(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Puts the document together again from the pages that a writer makes of it.
fn merged(document: &mut Value, writer: Writer) {
    let text = site(document, writer);
    let merged = pages(&text, "llms-full.txt", Some("2026-02-09")).unwrap_or_else(|none| panic!("{}", none.report));
    assert_eq!(merged.exactness, Exactness::Exact);
    assert_eq!(merged.tally.conflicts, 0, "{}", merged.report);
    assert_eq!(merged.tally.fragments, 117 + 40, "{}", merged.report);
    *document = merged.document;
}

/// The document in the form of an export, without the components that no operation or webhook leads to: no page has them.
fn whole() -> Value {
    let mut document = published();
    exported(&mut document);
    let needed = needed(&document, &json!([document["paths"], document["webhooks"]]));
    let schemas =
        document.pointer_mut("/components/schemas").and_then(Value::as_object_mut).expect("there are schemas");
    schemas.retain(|name, _| needed.contains_key(name));
    document
}

#[test]
fn whether_the_document_is_published_whole_or_in_pages_does_not_matter() {
    let whole = whole();
    let before = made(&whole, "");
    let rows: [(&str, Rewriting); 2] = [
        ("pages of the fourth generation", |document| merged(document, fourth)),
        ("pages of the third generation", |document| {
            let title = document["info"]["title"].clone();
            merged(document, third);
            // Its pages do not name the API.
            document["info"]["title"] = title;
        }),
    ];
    for (name, rewrite) in rows {
        assert_eq!(changes(&whole, "", &before, name, rewrite), None);
    }
}
