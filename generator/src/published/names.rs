//! Names of components that OpenAPI does not allow: `type_:Name`, `batch:Status`, `API Keys_list_Response_200`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::normalize::each_schema;
use crate::pointer::Pointer;

/// Gives each component a name that is allowed, without the prefix of its package where that stays unique, and leads the
/// references there.
pub(super) fn names(document: &mut Value) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let renamed = renamed(schemas);
    rename(document, &renamed);
}

/// Gives components of a page other names, and leads the references there.
pub(super) fn rename(document: &mut Value, renamed: &BTreeMap<String, String>) {
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    if renamed.is_empty() {
        return;
    }
    let entries = std::mem::take(schemas).into_iter();
    *schemas = entries.map(|(name, schema)| (renamed.get(&name).cloned().unwrap_or(name), schema)).collect();
    for (old, new) in renamed {
        let title = schemas.get_mut(new).and_then(|schema| schema.get_mut("title"));
        if let Some(title) = title.filter(|title| title.as_str() == Some(old)) {
            *title = json!(new);
        }
    }
    each_schema(document, &mut |schema| redirect(schema, renamed));
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

/// Without the package: `type_batch:Run` is `Run`.
fn bare(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((_, bare)) if bare.starts_with(char::is_alphabetic) => bare,
        Some(_) | None => name,
    }
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

fn redirect(schema: &mut Value, renamed: &BTreeMap<String, String>) {
    if let Some(reference) = schema.get_mut("$ref") {
        lead(reference, renamed);
    }
    let mapping = schema.pointer_mut("/discriminator/mapping").and_then(Value::as_object_mut);
    mapping.into_iter().flat_map(Map::values_mut).for_each(|target| lead(target, renamed));
}

fn lead(reference: &mut Value, renamed: &BTreeMap<String, String>) {
    let Some(text) = reference.as_str() else { return };
    let pointer = Pointer::from_reference(text);
    let name = pointer.as_ref().and_then(|pointer| match pointer.segments() {
        [components, schemas, name] if components == "components" && schemas == "schemas" => Some(name),
        _ => None,
    });
    if let Some(new) = name.and_then(|name| renamed.get(name)) {
        *reference = json!(format!("#/components/schemas/{new}"));
    }
}

#[cfg(test)]
mod tests {
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
        names(&mut document);
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
