//! Replaces names of components that OpenAPI does not allow: `type_:Name`, `batch:Status`, `API Keys_list_Response_200`. Knows
//! nothing of what is in a component.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::normalize::{bare, rename};

/// Gives each component a valid name, without its package prefix where that stays unique, and updates references.
pub(super) fn clean_component_names(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let renamed = valid_names(schemas);
    rename(document, &renamed);
}

fn valid_names(schemas: &Map<String, Value>) -> BTreeMap<String, String> {
    let mut claims: BTreeMap<String, usize> = BTreeMap::new();
    for name in schemas.keys() {
        *claims.entry(replace_invalid(bare(name))).or_default() += 1;
    }
    let mut taken: Vec<String> = schemas.keys().filter(|name| is_valid(name)).cloned().collect();
    let mut renamed = BTreeMap::new();
    for name in schemas.keys().filter(|name| !is_valid(name)) {
        let short = replace_invalid(bare(name));
        let wanted = if claims.get(&short) == Some(&1) { short } else { replace_invalid(name) };
        let numbered = (2..).map(|number| format!("{wanted}_{number}"));
        let free = std::iter::once(wanted.clone()).chain(numbered).find(|name| !taken.contains(name));
        if let Some(free) = free {
            taken.push(free.clone());
            renamed.insert(name.clone(), free);
        }
    }
    renamed
}

fn is_valid_character(character: char) -> bool {
    character.is_ascii_alphanumeric() || matches!(character, '.' | '-' | '_')
}

fn is_valid(name: &str) -> bool {
    name.chars().all(is_valid_character)
}

fn replace_invalid(name: &str) -> String {
    name.chars().map(|character| if is_valid_character(character) { character } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn names_become_valid_and_references_are_updated() {
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
