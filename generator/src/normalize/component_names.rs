//! Removes what exports add to the names of components: `type_batch:BatchRun` becomes `BatchRun`, and the body
//! `runs_list_Response_200` becomes `RunsListResponse`, the name that it would have inline.
//!
//! This runs before the overlay, so that the overlay and the locked names refer to one form of the document. Knows nothing of
//! what is in a component.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::names::RustIdent;

use super::components::{PLACE, bare, rename};

/// Simplifies the names of components where the result is unique.
pub fn simplify_component_names(document: &mut Value) {
    let Some(schemas) = document.pointer_mut(PLACE).and_then(Value::as_object_mut) else { return };
    let renamed = simplified_names(schemas);
    rename(document, &renamed);
}

fn simplified_names(schemas: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut claims: BTreeMap<String, usize> = BTreeMap::new();
    for name in schemas.keys() {
        *claims.entry(simplified(name)).or_default() += 1;
    }
    let sole = |(name, plain): &(&String, String)| *name != plain && claims.get(plain) == Some(&1);
    let pairs = schemas.keys().map(|name| (name, simplified(name))).filter(sole);
    pairs.map(|(name, plain)| (name.clone(), plain)).collect()
}

fn simplified(name: &str) -> String {
    let name = bare(name);
    body_name(name).unwrap_or_else(|| name.to_owned())
}

/// Returns the name for a body without a name of its own: `<package>_<operation>_Request` or
/// `<package>_<operation>_Response_200`. The status is part of the name only if there are several.
fn body_name(name: &str) -> Option<String> {
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
    fn affixes_of_exports_are_removed_where_the_name_stays_unique() {
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
