//! Names of components that OpenAPI does not allow: `type_:Name`, `batch:Status`, `API Keys_list_Response_200`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::normalize::{bare, rename};

/// Gives each component a name that is allowed, without the prefix of its package where that stays unique, and redirects
/// references.
pub(super) fn clean_component_names(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let renamed = renamed(schemas);
    rename(document, &renamed);
}

fn renamed(schemas: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut claims: BTreeMap<String, usize> = BTreeMap::new();
    for name in schemas.keys() {
        *claims.entry(legal(bare(name))).or_default() += 1;
    }
    let mut taken: Vec<String> = schemas.keys().filter(|name| is_legal(name)).cloned().collect();
    let mut renamed = BTreeMap::new();
    for name in schemas.keys().filter(|name| !is_legal(name)) {
        let short = legal(bare(name));
        let wanted = if claims.get(&short) == Some(&1) { short } else { legal(name) };
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken.contains(name));
        if let Some(free) = free {
            taken.push(free.clone());
            renamed.insert(name.clone(), free);
        }
    }
    renamed
}

fn is_allowed(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '.' | '-' | '_')
}

fn is_legal(name: &str) -> bool {
    name.chars().all(is_allowed)
}

fn legal(name: &str) -> String {
    name.chars().map(|sign| if is_allowed(sign) { sign } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_become_legal_and_references_follow() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let mut document = json!({
            "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                "schema": reference("API Keys_list_Response_200")}}}}}}},
            "components": {"schemas": {
                "type_:User": {"title": "type_:User", "properties": {"key": reference("API%20Keys_list_Response_200")}},
                "API Keys_list_Response_200": {"discriminator": {"mapping": {"u": "#/components/schemas/type_:User"}}},
                "one:Twice": reference("two:Twice"), "two:Twice": {}, "Plain": reference("type_:User"),
                "a b": {}, "a_b": {}, "x:1": {},
            }},
        });
        clean_component_names(&mut document);
        assert_eq!(
            document,
            json!({
                "paths": {"/a": {"get": {"responses": {"200": {"content": {"application/json": {
                    "schema": reference("API_Keys_list_Response_200")}}}}}}},
                "components": {"schemas": {
                    "User": {"title": "User", "properties": {"key": reference("API_Keys_list_Response_200")}},
                    "API_Keys_list_Response_200": {"discriminator": {"mapping": {"u": "#/components/schemas/User"}}},
                    "one_Twice": reference("two_Twice"), "two_Twice": {}, "Plain": reference("User"),
                    "a_b_2": {}, "a_b": {}, "x_1": {},
                }},
            })
        );
    }
}
