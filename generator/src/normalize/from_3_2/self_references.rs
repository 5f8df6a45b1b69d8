//! `$self`, the URI of the document: references that begin with it lead into the document. Must not know what they refer to.

use serde_json::{Value, json};

use crate::position::Position;

/// Removes the URI of the document from references to itself.
pub(super) fn make_local(document: &mut Value) {
    let Some(own) = document.as_object_mut().and_then(|root| root.shift_remove("$self")) else { return };
    let Some(own) = own.as_str().map(|own| own.trim_end_matches('#')).filter(|own| !own.is_empty()) else { return };
    visit(document, Position::Root, own);
}

fn visit(value: &mut Value, at: Position, own: &str) {
    match value {
        Value::Object(map) => {
            let is_reference = at.section().is_some();
            for (key, value) in map.iter_mut() {
                let below = at.below(key);
                if below == Position::SchemaName || (is_reference && key == "$ref") {
                    if let Some(local) = value.as_str().and_then(|reference| local_reference(reference, own)) {
                        *value = json!(local);
                    }
                } else if below != Position::Data {
                    visit(value, below, own);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| visit(item, at.of_items(), own)),
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
        let document = |own: &str, relative: &str| {
            let reference = |to: &str| json!({"$ref": format!("{own}#/components/schemas/{to}")});
            let short = |to: &str| json!({"$ref": format!("{relative}#/components/schemas/{to}")});
            json!({
                "paths": {"/a": {"get": {
                    "parameters": [{"$ref": format!("{own}#/components/parameters/A")}],
                    "responses": {"default": {"content": {"application/json": {
                        "schema": {"oneOf": [short("A"), {"$ref": "./other.yaml#/b"}, {"$ref": "#/c"}]},
                        "example": {"$ref": "https://a.example/v1/openapi.yaml#/a"},
                    }}}},
                }}},
                "components": {"schemas": {
                    "A": {
                        "properties": {"default": reference("B"), "example": short("C"), "$ref": {"type": "string"}},
                        "default": {"$ref": "https://a.example/v1/openapi.yaml#/a"},
                        "discriminator": {
                            "propertyName": "kind",
                            "mapping": {"x": format!("{own}#/x"), "y": "Y"},
                            "defaultMapping": format!("{own}#/y"),
                        },
                    },
                    "enum": reference("A"),
                }}
            })
        };
        let mut found = document("https://a.example/v1/openapi.yaml", "openapi.yaml");
        found["$self"] = json!("https://a.example/v1/openapi.yaml");
        make_local(&mut found);
        assert_eq!(found, document("", ""));
    }
}
