//! Converts the parts of a document around its schemas: version, info, webhooks. Knows nothing of schemas.

use serde_json::{Map, Value, json};

use crate::method::ADDITIONAL;

/// Sets the version to 3.0.3, keeps webhooks as an extension, and adds the parts that 3.0 requires.
pub(crate) fn convert_document_root(document: &mut Value) {
    let Some(root) = document.as_object_mut() else { return };
    root.insert("openapi".to_owned(), json!("3.0.3"));
    root.shift_remove("jsonSchemaDialect");
    for key in ["webhooks", "x-webhooks"] {
        if let Some(webhooks) = root.shift_remove(key) {
            root.entry(super::WEBHOOKS).or_insert(webhooks);
        }
    }
    let info = root.entry("info").or_insert_with(|| json!({}));
    if let Some(info) = info.as_object_mut() {
        info.entry("title").or_insert_with(|| json!("API"));
        let version = info.entry("version").or_insert_with(|| json!("0"));
        if !version.is_string() {
            *version = json!(version.to_string());
        }
        info.shift_remove("summary");
        if let Some(license) = info.get_mut("license").and_then(Value::as_object_mut) {
            license.shift_remove("identifier");
        }
    }
    let paths = root.entry("paths").or_insert_with(|| json!({}));
    for item in paths.as_object_mut().into_iter().flat_map(Map::values_mut) {
        for (key, operation) in item.as_object_mut().into_iter().flatten() {
            // Its values are operations; it is none itself.
            if let Some(operation) = operation.as_object_mut().filter(|_| key != ADDITIONAL) {
                operation.entry("responses").or_insert_with(|| json!({}));
            }
        }
    }
}
