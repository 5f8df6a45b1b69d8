//! Names of components without what exports add to them: `type_batch:BatchRun` is `BatchRun`, and the body
//! `runs_list_Response_200` is `RunsListResponse`, the name it has when it stands inline.
//!
//! This comes before the overlay, so that corrections and published names are written against one form of the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::names::RustIdent;
use crate::pointer::Pointer;

use super::walk;

const PLACE: &str = "/components/schemas";

/// Gives components their plain names, where that leaves a name no other component has.
pub fn component_names(document: &mut Value) {
    let Some(schemas) = document.pointer_mut(PLACE).and_then(Value::as_object_mut) else { return };
    let renamed = renamed(schemas);
    if renamed.is_empty() {
        return;
    }
    let entries = std::mem::take(schemas).into_iter();
    *schemas = entries.map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema)).collect();
    for (old, new) in &renamed {
        let title = schemas.get_mut(new).and_then(|schema| schema.get_mut("title"));
        // An export repeats the name as the title.
        if let Some(title) = title.filter(|title| title.as_str() == Some(old)) {
            *title = json!(new);
        }
    }
    walk::each_schema(document, &mut |schema| redirect(schema, &renamed));
}

fn renamed(schemas: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut claims: BTreeMap<String, usize> = BTreeMap::new();
    for name in schemas.keys() {
        *claims.entry(plain(name)).or_default() += 1;
    }
    let sole = |(name, plain): &(&String, String)| *name != plain && claims.get(plain) == Some(&1);
    let pairs = schemas.keys().map(|name| (name, plain(name))).filter(sole);
    pairs.map(|(name, plain)| (name.clone(), plain)).collect()
}

fn plain(name: &str) -> String {
    let name = match name.rsplit_once(':') {
        Some((_, bare)) if bare.starts_with(char::is_alphabetic) => bare,
        Some(_) | None => name,
    };
    body(name).unwrap_or_else(|| name.to_owned())
}

/// `<package>_<operation>_Request`, `<package>_<operation>_Response_200`: bodies without a name of their own. Which status
/// means success is part of the name only where there are several.
fn body(name: &str) -> Option<String> {
    let stem = match name.rsplit_once("_Response_2") {
        Some((operation, status)) if status.len() == 2 && status.bytes().all(|digit| digit.is_ascii_digit()) => {
            format!("{operation}_Response")
        }
        Some(_) | None => name.strip_suffix("_Request").map(|_| name.to_owned())?,
    };
    Some(RustIdent::pascal(&stem).to_string())
}

fn redirect(schema: &mut Value, renamed: &BTreeMap<String, String>) {
    let Some(schema) = schema.as_object_mut() else { return };
    if let Some(target) = schema.get("$ref").and_then(Value::as_str).and_then(|target| redirected(target, renamed)) {
        schema.insert("$ref".to_owned(), json!(target));
    }
    let discriminator = schema.get_mut("discriminator").and_then(Value::as_object_mut);
    let mapping = discriminator.and_then(|discriminator| discriminator.get_mut("mapping"));
    for target in mapping.and_then(Value::as_object_mut).into_iter().flat_map(Map::values_mut) {
        let Some(text) = target.as_str() else { continue };
        // A mapping may name the component without a reference.
        if let Some(new) = renamed.get(text).cloned().or_else(|| redirected(text, renamed)) {
            *target = json!(new);
        }
    }
}

fn redirected(reference: &str, renamed: &BTreeMap<String, String>) -> Option<String> {
    let pointer = Pointer::from_reference(reference)?;
    let mut segments = pointer.segments().to_vec();
    if !matches!(segments.as_slice(), [components, schemas, _, ..] if components == "components" && schemas == "schemas")
    {
        return None;
    }
    let name = segments.get_mut(2)?;
    *name = renamed.get(name)?.clone();
    Some(Pointer::from_iter(segments).reference())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_export_adds_goes_where_the_name_stays_unique() {
        let mut document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/batch%3ARun/properties/50%25"}}}}}}}},
            "components": {"schemas": {
                "batch:Run": {"title": "batch:Run", "properties": {"$ref": {"$ref": "#/components/schemas/type_x:y:Z"}}},
                "type_x:y:Z": {"title": "A title", "discriminator": {"propertyName": "t", "mapping": {
                    "a": "batch:Run", "b": "#/components/schemas/batch:Run", "c": "#/components/schemas/one:Twice"}}},
                "one:Twice": {"title": "one:Twice"}, "two:Twice": {"enum": ["batch:Run"]},
                "x:Plain": {}, "Plain": {"$ref": "#/components/schemas/x:Plain"}, "n:1": {},
                "runs_create-batch_Response_200": {}, "b:runs_list_Request": {}, "runs_get_Response_404": {},
                "files_get_Response_200": {}, "files_get_Response_201": {},
            }},
        });
        component_names(&mut document);
        let expected = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Run/properties/50%25"}}}}}}}},
            "components": {"schemas": {
                "Run": {"title": "Run", "properties": {"$ref": {"$ref": "#/components/schemas/Z"}}},
                "Z": {"title": "A title", "discriminator": {"propertyName": "t", "mapping": {
                    "a": "Run", "b": "#/components/schemas/Run", "c": "#/components/schemas/one:Twice"}}},
                "one:Twice": {"title": "one:Twice"}, "two:Twice": {"enum": ["batch:Run"]},
                "x:Plain": {}, "Plain": {"$ref": "#/components/schemas/x:Plain"}, "n:1": {},
                "RunsCreateBatchResponse": {}, "RunsListRequest": {}, "runs_get_Response_404": {},
                "files_get_Response_200": {}, "files_get_Response_201": {},
            }},
        });
        assert_eq!(document, expected);
    }
}
