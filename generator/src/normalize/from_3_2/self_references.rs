//! `$self`, the URI of the document: references that begin with it lead into the document. Must not know what they refer to.

use serde_json::{Value, json};

/// Data of the API, in which `$ref` is a property like any other.
const DATA: [&str; 5] = ["default", "example", "examples", "const", "enum"];

/// Removes the URI of the document from references to itself.
pub(super) fn make_local(document: &mut Value) {
    let Some(own) = document.as_object_mut().and_then(|root| root.shift_remove("$self")) else { return };
    let Some(own) = own.as_str().map(|own| own.trim_end_matches('#')).filter(|own| !own.is_empty()) else { return };
    visit(document, own);
}

fn visit(value: &mut Value, own: &str) {
    match value {
        Value::Object(map) => {
            for (key, value) in map.iter_mut().filter(|(key, _)| !DATA.contains(&key.as_str())) {
                let local = match (key.as_str(), value.as_str()) {
                    ("$ref" | "defaultMapping", Some(reference)) => local_reference(reference, own),
                    (_, _) => None,
                };
                match (local, key.as_str(), &mut *value) {
                    (Some(local), _, value) => *value = json!(local),
                    (None, "mapping", Value::Object(targets)) => {
                        for target in targets.values_mut() {
                            if let Some(local) = target.as_str().and_then(|target| local_reference(target, own)) {
                                *target = json!(local);
                            }
                        }
                    }
                    (None, _, value) => visit(value, own),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, own)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns the fragment of a reference whose URI is that of the document: the whole, or its last part.
fn local_reference(reference: &str, own: &str) -> Option<String> {
    let (uri, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let name = own.rsplit('/').next().filter(|name| !name.is_empty());
    let is_own = uri == own || (!uri.is_empty() && Some(uri.trim_start_matches("./")) == name);
    is_own.then(|| format!("#{fragment}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_to_the_document_itself_are_local() {
        let mut document = json!({
            "$self": "https://a.example/v1/openapi.yaml",
            "a": {"$ref": "https://a.example/v1/openapi.yaml#/components/schemas/A"},
            "b": [{"$ref": "openapi.yaml#/b"}, {"$ref": "./other.yaml#/b"}, {"$ref": "#/c"}],
            "discriminator": {
                "mapping": {"x": "https://a.example/v1/openapi.yaml#/x", "y": "Y"},
                "defaultMapping": "https://a.example/v1/openapi.yaml#/y",
            },
            "example": {"$ref": "https://a.example/v1/openapi.yaml#/a"},
        });
        make_local(&mut document);
        assert_eq!(
            document,
            json!({
                "a": {"$ref": "#/components/schemas/A"},
                "b": [{"$ref": "#/b"}, {"$ref": "./other.yaml#/b"}, {"$ref": "#/c"}],
                "discriminator": {"mapping": {"x": "#/x", "y": "Y"}, "defaultMapping": "#/y"},
                "example": {"$ref": "https://a.example/v1/openapi.yaml#/a"},
            })
        );
    }
}
