//! Names of components without what exports add to them: `type_batch:BatchRun` is `BatchRun`, and the body
//! `runs_list_Response_200` is `RunsListResponse`, the name it has when it stands inline.
//!
//! This comes before the overlay, so that corrections and published names are written against one form of the document.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::names::RustIdent;

use super::components::{PLACE, bare, rename};

/// Gives components their plain names, where that leaves a name no other component has.
pub fn simplify_component_names(document: &mut Value) {
    let Some(schemas) = document.pointer_mut(PLACE).and_then(Value::as_object_mut) else { return };
    let renamed = renamed(schemas);
    rename(document, &renamed);
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
    let name = bare(name);
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

#[cfg(test)]
mod tests {
    use serde_json::json;

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
        simplify_component_names(&mut document);
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
