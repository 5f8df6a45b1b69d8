//! `$defs`: schemas defined inside schemas become components.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::walk;

/// Moves each `$defs` entry to `components/schemas`, under its own name when that is free, and redirects references.
pub fn definitions(document: &mut Value) {
    let mut moved: BTreeMap<String, String> = BTreeMap::new();
    let mut found: Vec<(String, Value)> = Vec::new();
    let names: Vec<String> = component_names(document);
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    for (owner, schema) in schemas.iter_mut() {
        let Some(Value::Object(definitions)) = schema.as_object_mut().and_then(|schema| schema.shift_remove("$defs"))
        else {
            continue;
        };
        for (name, definition) in definitions {
            let taken = |name: &String| names.contains(name) || found.iter().any(|(other, _)| other == name);
            let free = if taken(&name) { format!("{owner}_{name}") } else { name.clone() };
            moved.insert(format!("#/components/schemas/{owner}/$defs/{name}"), format!("#/components/schemas/{free}"));
            moved.insert(format!("#/$defs/{name}"), format!("#/components/schemas/{free}"));
            found.push((free, definition));
        }
    }
    if found.is_empty() {
        return;
    }
    schemas.extend(found);
    walk::each_schema(document, &mut |schema| redirect(schema, &moved));
}

fn component_names(document: &Value) -> Vec<String> {
    let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
    schemas.map(Map::keys).into_iter().flatten().cloned().collect()
}

fn redirect(schema: &mut Value, moved: &BTreeMap<String, String>) {
    let target = schema.get("$ref").and_then(Value::as_str).and_then(|reference| moved.get(reference)).cloned();
    if let (Some(target), Some(schema)) = (target, schema.as_object_mut()) {
        schema.insert("$ref".to_owned(), json!(target));
    }
}
