//! The page about the kinds of changes: every ID, with examples whose levels the comparison decides. Knows no document of a vendor.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use generator::drift::{Change, Drift, Mirror, mirrors};
use generator::{Sources, Tolerance, compare_documents};
use serde_json::{Map, Value, json};

use crate::outcome::Failure;

use super::examples::{Example, list_examples};

const HEAD: &str = "\
# Kinds of changes

Written by `cargo xtask drift --reference`; not edited. `wire` is what a change means for the published crate when it talks to the new
API, `rust` what it means for code that upgrades. IDs are stable, and those of oasdiff where the meaning is the same. The first words of
an ID say which way the values travel on which the change matters more, and what it is about: a `body`, a `property` inside it, a
`parameter` or a `header`.

The levels in this table are those of a property in a request or a response; the comparison decides them when the page is written. They
differ elsewhere: a property may be inside of several, and names in the lock, shared types and open enumerations absorb changes.

## Examples

| id | before | after | wire | rust | why |
|---|---|---|---|---|---|
";

/// Returns the page.
pub(super) fn render_reference() -> Result<String, Failure> {
    let mut page = HEAD.to_owned();
    let mut rows: BTreeMap<String, String> = BTreeMap::new();
    for example in list_examples() {
        for way in ["request", "response"] {
            let drift = compare(&example, way)?;
            for change in &drift.changes {
                rows.entry(change.id.clone()).or_insert_with(|| row(&example, change));
            }
        }
    }
    rows.values().for_each(|row| page.push_str(row));
    page.push_str("\n## All IDs\n\nEach with its opposite, which is reported too.\n\n| id | opposite |\n|---|---|\n");
    for (id, mirror) in mirrors() {
        let opposite = match mirror {
            Mirror::Id(other) => format!("`{other}`"),
            Mirror::None(reason) => format!("none: {reason}"),
        };
        // Writing to a string cannot fail.
        let _ = writeln!(page, "| `{id}` | {opposite} |");
    }
    Ok(page)
}

fn row(example: &Example, change: &Change) -> String {
    let shown = |schema: &Option<Value>, required: bool| match schema {
        Some(schema) => {
            format!("`{}`{}", schema.to_string().replace('|', "\\|"), if required { ", required" } else { "" })
        }
        None => "–".to_owned(),
    };
    format!(
        "| `{}` | {} | {} | {} | {} | {} |\n",
        change.id,
        shown(&example.before, example.required.0),
        shown(&example.after, example.required.1),
        change.wire.as_str(),
        change.rust.as_str(),
        example.why
    )
}

fn compare(example: &Example, way: &str) -> Result<Drift, Failure> {
    let old = document(way, example.before.as_ref(), example.required.0).to_string();
    let new = document(way, example.after.as_ref(), example.required.1).to_string();
    let sources = |document| Sources {
        document,
        document_name: "example.json",
        profile: "",
        names: "",
        overlay: None,
        package: None,
        root: None,
    };
    compare_documents(&sources(old.as_bytes()), &sources(new.as_bytes()), Tolerance::Lenient).map_err(Failure::Unsound)
}

/// Returns a document with a property in a request or in a response.
fn document(way: &str, property: Option<&Value>, required: bool) -> Value {
    let mut properties = Map::from_iter([("id".to_owned(), json!({"type": "string"}))]);
    properties.extend(property.map(|property| ("p".to_owned(), property.clone())));
    let required: &[&str] = if required { &["id", "p"] } else { &["id"] };
    let thing = json!({"type": "object", "required": required, "properties": properties});
    let other = json!({"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}});
    let reference =
        |name: &str| json!({"application/json": {"schema": {"$ref": format!("#/components/schemas/{name}")}}});
    let (request, response) = if way == "request" { ("Thing", "Other") } else { ("Other", "Thing") };
    json!({
        "openapi": "3.1.0",
        "info": {"title": "Things", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/things": {"post": {
            "operationId": "create",
            "requestBody": {"required": true, "content": reference(request)},
            "responses": {"200": {"description": "", "content": reference(response)}},
        }}},
        "components": {"schemas": {"Thing": thing, "Other": other}},
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_is_what_the_comparison_decides() {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
        let page = std::fs::read_to_string(root.join("docs/drift.md")).unwrap();
        assert_eq!(page, render_reference().unwrap(), "cargo xtask drift --reference writes it");
    }
}
