//! Converts a document to the form in which documentation sites built with Fern export it.
//!
//! The result describes the same API. Each conversion can be applied alone, to find one that changes more than the form. Must not
//! know the generator.

pub mod prose;
mod schemas;
pub mod site;

use serde_json::{Map, Value, json};

pub use schemas::{
    constants_as_enumerations, discriminators_without_mapping, merged_members, named_inline_schemas, nulls_elsewhere,
    prefixed_names, stock_descriptions, titled_components,
};

/// A conversion of a document.
pub type Conversion = fn(&mut Value);

/// All conversions by name, in an order in which they can be combined.
pub const CONVERSIONS: [(&str, Conversion); 18] = [
    ("operation ids are bare method names", bare_operation_ids),
    ("authorization is a header parameter", authorization_parameters),
    ("parameters are inlined", inlined_parameters),
    ("the version of the document is 1.0.0", plain_info),
    ("the title is that of the documentation", documentation_title),
    ("bodies do not say that they are required", unstated_bodies),
    ("webhooks have kebab names", kebab_webhooks),
    ("constants are enumerations of one value", constants_as_enumerations),
    ("members of allOf are merged", merged_members),
    ("inline bodies are named after their operations", named_bodies),
    ("inline schemas are components", named_inline_schemas),
    ("constants and empty schemas have stock descriptions", stock_descriptions),
    ("nulls have another form", nulls_elsewhere),
    ("discriminators have no mapping", discriminators_without_mapping),
    ("components have prefixes", prefixed_names),
    ("components have titles", titled_components),
    ("there are no extensions", without_extensions),
    ("everything is in another order", reordered),
];

/// Converts a document to an export.
pub fn convert_to_export(document: &mut Value) {
    for (_, convert) in CONVERSIONS {
        convert(document);
    }
}

/// Replaces operation IDs by method names, which repeat across groups, and moves the group to the tag. The root package is the empty
/// tag.
pub fn bare_operation_ids(document: &mut Value) {
    each_operation(document, &mut |operation| {
        let string = |key: &str| operation.get(key).and_then(Value::as_str).map(str::to_owned);
        let Some(method) = string("x-fern-sdk-method-name") else { return };
        let tag = string("x-fern-sdk-group-name").map_or(String::new(), |group| format!("subpackage_{group}"));
        operation.shift_remove("x-fern-sdk-method-name");
        operation.shift_remove("x-fern-sdk-group-name");
        operation.insert("operationId".to_owned(), json!(kebab(&method)));
        operation.insert("tags".to_owned(), json!([tag]));
    });
    remove(document, &["tags"]);
}

/// Converts `createBatch` to `create-batch`.
fn kebab(name: &str) -> String {
    let letters = name.chars().flat_map(|letter| [letter.is_ascii_uppercase().then_some('-'), Some(letter)]);
    letters.flatten().collect::<String>().to_ascii_lowercase()
}

/// Moves inline bodies with a title to components named after their operation: `extractRuns_list_Response_200`.
///
/// Forms stay inline, without a title.
pub fn named_bodies(document: &mut Value) {
    bare_operation_ids(document);
    let mut found = Map::new();
    each_operation(document, &mut |operation| {
        let tag = operation.get("tags").and_then(|tags| tags.get(0)).and_then(Value::as_str).unwrap_or_default();
        let group = tag.trim_start_matches("subpackage_");
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        let stem = if group.is_empty() { id.to_owned() } else { format!("{group}_{id}") };
        let responses = operation.get_mut("responses").and_then(Value::as_object_mut);
        for (status, response) in responses.into_iter().flatten().filter(|(status, _)| status.starts_with('2')) {
            move_body(response, &format!("{stem}_Response_{status}"), &mut found);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            move_body(body, &format!("{stem}_Request"), &mut found);
        }
    });
    if let Some(components) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        components.extend(found);
    }
}

fn move_body(holder: &mut Value, name: &str, found: &mut Map<String, Value>) {
    let content = holder.get_mut("content").and_then(Value::as_object_mut);
    for (media, part) in content.into_iter().flatten() {
        let Some(schema) = part.get_mut("schema").filter(|schema| schema.get("title").is_some()) else { continue };
        if media == "application/json" {
            let component = std::mem::replace(schema, json!({"$ref": format!("#/components/schemas/{name}")}));
            found.insert(name.to_owned(), component);
        }
        remove(schema, &["title"]);
    }
}

/// Adds the header to every operation and removes `security`, but not the schemes.
pub fn authorization_parameters(document: &mut Value) {
    remove(document, &["security"]);
    each_call(document, &mut |call| {
        call.shift_remove("security");
    });
    each_operation(document, &mut |operation| {
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        if let Some(parameters) = parameters.as_array_mut() {
            parameters.push(json!({
                "name": "Authorization", "in": "header", "required": true,
                "description": "Bearer authentication of the form `Bearer <token>`.", "schema": {"type": "string"},
            }));
        }
    });
}

/// Inlines parameters, without their serialization style.
pub fn inlined_parameters(document: &mut Value) {
    let shared = document.pointer("/components/parameters").cloned().unwrap_or_default();
    each_call(document, &mut |operation| {
        let list = operation.get_mut("parameters").and_then(Value::as_array_mut);
        for parameter in list.into_iter().flatten() {
            let name = parameter.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
            if let Some(target) = name.and_then(|name| shared.get(name)) {
                *parameter = target.clone();
            }
            if let Some(parameter) = parameter.as_object_mut() {
                ["style", "explode", "example"].iter().for_each(|key| {
                    parameter.shift_remove(*key);
                });
            }
        }
    });
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.shift_remove("parameters");
    }
}

/// Sets a placeholder version and removes everything else from `info` except the title.
pub fn plain_info(document: &mut Value) {
    let title = document.pointer("/info/title").cloned().unwrap_or_default();
    if let Some(document) = document.as_object_mut() {
        document.insert("info".to_owned(), json!({"title": title, "version": "1.0.0"}));
    }
}

/// Sets the title to the name of the documentation project.
pub fn documentation_title(document: &mut Value) {
    if let Some(info) = document.get_mut("info").and_then(Value::as_object_mut) {
        info.insert("title".to_owned(), json!("2026_02_09_docs"));
    }
}

/// Removes `required` from request bodies.
pub fn unstated_bodies(document: &mut Value) {
    each_call(document, &mut |operation| {
        if let Some(body) = operation.get_mut("requestBody").and_then(Value::as_object_mut) {
            body.shift_remove("required");
        }
    });
}

/// Renames webhooks to the form `batch-parse-run-failed`.
pub fn kebab_webhooks(document: &mut Value) {
    let Some(webhooks) = document.get_mut("webhooks").and_then(Value::as_object_mut) else { return };
    let renamed = std::mem::take(webhooks).into_iter().map(|(name, mut item)| {
        let name = name.replace(['.', '_'], "-");
        for operation in item.as_object_mut().into_iter().flat_map(Map::values_mut) {
            if let Some(operation) = operation.as_object_mut() {
                operation.insert("operationId".to_owned(), json!(name));
                operation.shift_remove("tags");
            }
        }
        (name, item)
    });
    *webhooks = renamed.collect();
}

/// Removes extensions, after moving the names in them elsewhere.
pub fn without_extensions(document: &mut Value) {
    bare_operation_ids(document);
    each_object(document, &mut |map| map.retain(|key, value| !key.starts_with("x-") || is_schema(value)));
}

/// Moves servers after paths, changes the order of keywords, and reverses paths and components.
pub fn reordered(document: &mut Value) {
    let Some(root) = document.as_object_mut() else { return };
    for key in ["openapi", "info", "paths", "servers", "webhooks", "components"] {
        if let Some(value) = root.shift_remove(key) {
            root.insert(key.to_owned(), value);
        }
    }
    for place in ["/paths", "/webhooks", "/components/schemas"] {
        if let Some(map) = document.pointer_mut(place).and_then(Value::as_object_mut) {
            *map = std::mem::take(map).into_iter().rev().collect();
        }
    }
    each_operation(document, &mut |operation| {
        let body = operation.shift_remove("requestBody");
        operation.extend(body.map(|body| ("requestBody".to_owned(), body)));
    });
    schemas::each_schema(document, &mut |schema| {
        // The order of `properties` is kept: it is the order of the fields.
        *schema = std::mem::take(schema).into_iter().rev().collect();
    });
}

fn is_schema(value: &Value) -> bool {
    value.as_object().is_some_and(|map| ["type", "$ref", "oneOf", "schema"].iter().any(|key| map.contains_key(*key)))
}

fn remove(document: &mut Value, keys: &[&str]) {
    if let Some(document) = document.as_object_mut() {
        keys.iter().for_each(|key| {
            document.shift_remove(*key);
        });
    }
}

/// Visits the operations below `paths`.
fn each_operation(document: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    each_entry(document, "paths", visit);
}

/// Visits the operations and webhooks.
fn each_call(document: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    each_entry(document, "paths", visit);
    each_entry(document, "webhooks", visit);
}

fn each_entry(document: &mut Value, key: &str, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    let items = document.get_mut(key).and_then(Value::as_object_mut);
    for item in items.into_iter().flat_map(Map::values_mut) {
        let operations = item.as_object_mut().into_iter().flat_map(Map::values_mut);
        operations.filter_map(Value::as_object_mut).for_each(&mut *visit);
    }
}

/// Visits every object, parents first.
pub fn each_object(value: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(map) => {
            visit(map);
            map.values_mut().for_each(|value| each_object(value, visit));
        }
        Value::Array(items) => items.iter_mut().for_each(|value| each_object(value, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{convert_to_export, each_object};

    #[test]
    fn export_uses_few_keywords_and_has_no_broken_references() {
        let mut document = json!({
            "openapi": "3.1.0", "info": {"title": "T", "version": "2026"}, "security": [{"key": []}],
            "paths": {"/runs": {"get": {
                "x-fern-sdk-group-name": "allRuns", "x-fern-sdk-method-name": "listAll", "operationId": "listAllRuns",
                "parameters": [{"$ref": "#/components/parameters/Version"}],
                "responses": {"200": {"content": {"application/json": {"schema": {
                    "title": "List", "type": "object",
                    "properties": {"of": {"title": "Of", "oneOf": [{"$ref": "#/components/schemas/BatchRun"},
                        {"type": "string"}, {"type": "null"}]}}}}}}},
            }}},
            "webhooks": {"batch_run.done": {"post": {"security": []}}},
            "components": {
                "parameters": {"Version": {"name": "v", "in": "header"}},
                "schemas": {
                    "BatchRun": {"allOf": [{"$ref": "#/components/schemas/Base"},
                        {"properties": {"kind": {"const": "batch"}, "note": {"type": ["string", "null"]}}}]},
                    "Base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
                },
            },
        });
        convert_to_export(&mut document);
        assert_eq!(document.pointer("/paths/~1runs/get/operationId"), Some(&json!("list-all")));
        assert_eq!(document.pointer("/paths/~1runs/get/tags"), Some(&json!(["subpackage_allRuns"])));
        assert_eq!(document.pointer("/paths/~1runs/get/parameters/0/name"), Some(&json!("v")));
        assert!(document.pointer("/webhooks/batch-run-done").is_some());
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object).cloned().unwrap_or_default();
        assert_eq!(
            schemas.get("batch:BatchRun"),
            Some(&json!({"title": "batch:BatchRun", "type": "object", "required": ["id"], "properties": {
                "id": {"type": "string"},
                "kind": {"enum": ["batch"], "description": "Discriminator value: batch"},
                "note": {"oneOf": [{"type": "string"}, {"type": "null"}]},
            }}))
        );
        assert_eq!(
            schemas.get("allRuns_list-all_Response_200").and_then(|body| body.pointer("/properties/of/oneOf")),
            Some(&json!([{"$ref": "#/components/schemas/Of"}, {"type": "null"}]))
        );
        each_object(&mut document, &mut |map| {
            let unseen = ["allOf", "const", "mapping", "security", "nullable", "example"];
            assert!(unseen.iter().all(|keyword| !map.contains_key(*keyword)), "{map:?}");
            let target = map.get("$ref").and_then(Value::as_str).and_then(|reference| reference.rsplit('/').next());
            assert!(target.is_none_or(|name| schemas.contains_key(name)), "{map:?}");
        });
    }
}
