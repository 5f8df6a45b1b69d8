//! Repairs errors and peculiarities of the writers of fragments. One repair per file; each takes the document of one page. Guesses
//! are reported. Must not know other pages or the merged document.

mod credentials;
mod empty_contents;
mod enumerations;
mod prefixes;
mod tags;
mod uploads;

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::method::Method;

use super::endpoint::Endpoint;

pub(super) use credentials::is_credential;

/// Applies all repairs and returns a diagnostic for each guess.
pub(super) fn repair_document(document: &mut Value, endpoint: &Endpoint<'_>) -> Vec<Diagnostic> {
    enumerations::unwrap_enumeration_values(document);
    prefixes::remove_type_prefixes(document);
    tags::flatten_tags(document);
    empty_contents::remove_empty_contents(document);
    credentials::convert_credentials(document);
    uploads::require_uploads(document, endpoint)
}

/// The location of an operation.
#[derive(Clone, Copy, Debug)]
struct Place<'a> {
    /// `paths` or `webhooks`.
    part: &'a str,
    /// The path, or the name of the webhook.
    path: &'a str,
    method: &'a str,
}

/// Visits the operations of paths and webhooks.
fn each_operation(document: &mut Value, visit: &mut dyn FnMut(Place<'_>, &mut Map<String, Value>)) {
    for part in ["paths", "webhooks"] {
        let items = document.get_mut(part).and_then(Value::as_object_mut);
        for (path, item) in items.into_iter().flatten() {
            for (method, operation) in item.as_object_mut().into_iter().flatten() {
                let is_method = Method::NAMED.iter().any(|known| known.key() == method);
                if let Some(operation) = operation.as_object_mut().filter(|_| is_method) {
                    visit(Place { part, path, method }, operation);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn repaired(mut document: Value) -> (Value, Vec<String>) {
        let guesses = repair_document(&mut document, &Endpoint::default());
        (document, guesses.iter().map(|guess| guess.found.clone()).collect())
    }

    #[test]
    fn each_quirk_of_an_operation_is_repaired() {
        let rows = [
            (json!({"tags": [["subpackage_a", "subpackage_a/b"]]}), json!({"tags": ["subpackage_a/b"]})),
            (json!({"tags": ["subpackage_a"]}), json!({"tags": ["subpackage_a"]})),
            (json!({"tags": [[]]}), json!({"tags": []})),
            (
                json!({"responses": {"400": {"description": "Bad", "content": {}}}}),
                json!({"responses": {"400": {"description": "Bad"}}}),
            ),
            (
                json!({"parameters": [{"name": "s", "in": "query", "schema": {"enum": [{"value": "a"}, {"value": 2}]}}]}),
                json!({"parameters": [{"name": "s", "in": "query", "schema": {"enum": ["a", 2]}}]}),
            ),
            (
                json!({"parameters": [{"name": "x-api-key", "in": "header", "required": true, "schema": {"type": "string"}},
                    {"name": "x-trace", "in": "header", "schema": {"type": "string"}}]}),
                json!({"parameters": [{"name": "x-trace", "in": "header", "schema": {"type": "string"}}],
                    "security": [{"x-api-key": []}]}),
            ),
        ];
        for (operation, expected) in rows {
            let (document, guesses) = repaired(json!({"paths": {"/a": {"get": operation}}}));
            assert_eq!(document.pointer("/paths/~1a/get"), Some(&expected));
            assert_eq!(guesses, Vec::<String>::new());
        }
    }

    #[test]
    fn components_lose_the_type_prefix_and_keep_their_package() {
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let (document, _) = repaired(json!({"components": {"schemas": {
            "type_:Run": {"title": "type_:Run", "properties": {"status": reference("type_batch:Status")}},
            "type_batch:Status": reference("type_:Both"), "type_:Both": reference("Both"), "Both": {}, "type_plain": {},
        }}}));
        assert_eq!(
            document.pointer("/components/schemas"),
            Some(&json!({
                "Run": {"title": "Run", "properties": {"status": reference("batch:Status")}},
                "batch:Status": reference("type_:Both"), "type_:Both": reference("Both"), "Both": {}, "type_plain": {},
            }))
        );
    }

    #[test]
    fn enumerations_of_objects_are_repaired_in_schemas_but_not_in_data() {
        let (document, _) = repaired(json!({"components": {"schemas": {"A": {
            "type": "object",
            "default": {"enum": [{"value": "stays"}]},
            "properties": {
                "enum": {"type": "string", "enum": [{"type": "stringLiteral", "value": "one"}]},
                "flag": {"type": "boolean", "enum": [{"type": "booleanLiteral", "value": true}]},
                "plain": {"enum": ["a", {"no": "value"}]},
            },
        }}}}));
        assert_eq!(
            document.pointer("/components/schemas/A"),
            Some(&json!({
                "type": "object",
                "default": {"enum": [{"value": "stays"}]},
                "properties": {
                    "enum": {"type": "string", "enum": ["one"]},
                    "flag": {"type": "boolean", "enum": [true]},
                    "plain": {"enum": ["a", {"no": "value"}]},
                },
            }))
        );
    }

    #[test]
    fn description_of_a_credential_determines_its_scheme() {
        let rows = [
            ("", json!({"type": "http", "scheme": "bearer"})),
            ("Bearer authentication of the form `Bearer <token>`.", json!({"type": "http", "scheme": "bearer"})),
            ("Basic authentication of the form `Basic <token>`.", json!({"type": "http", "scheme": "basic"})),
            (
                "Header authentication of the form `Token <token>`",
                json!({"type": "apiKey", "in": "header", "name": "Authorization"}),
            ),
        ];
        for (description, expected) in rows {
            let (document, _) = repaired(json!({"paths": {"/a": {"get": {"parameters": [
                {"name": "Authorization", "in": "header", "description": description, "schema": {"type": "string"}}]}}}}));
            assert_eq!(document.pointer("/components/securitySchemes/Authorization"), Some(&expected), "{description}");
        }
    }

    #[test]
    fn declared_scheme_is_kept() {
        let scheme = json!({"type": "http", "scheme": "bearer", "description": "Key"});
        let (document, _) = repaired(json!({
            "paths": {"/a": {"get": {"parameters": [{"name": "Authorization", "in": "header"}]}}},
            "components": {"securitySchemes": {"BearerAuth": scheme}},
        }));
        assert_eq!(document.pointer("/components/securitySchemes"), Some(&json!({"BearerAuth": scheme})));
        assert_eq!(document.pointer("/paths/~1a/get/security"), Some(&json!([{"BearerAuth": []}])));
    }

    #[test]
    fn only_file_of_a_form_becomes_required_unless_it_seems_optional() {
        let file = json!({"type": "string", "format": "binary"});
        let with = |text: &str| json!({"type": "string", "format": "binary", "description": text});
        let rows = [
            (json!({"properties": {"file": file}}), json!(["file"])),
            (
                json!({"properties": {"name": {"type": "string"}, "file": with("A file.")}, "required": ["name"]}),
                json!(["name", "file"]),
            ),
            (json!({"properties": {"file": file}, "required": ["file"]}), json!(["file"])),
            (json!({"properties": {"file": with("Optional.")}}), Value::Null),
            (json!({"properties": {"file": with("Either this or a URL.")}}), Value::Null),
            (json!({"properties": {"file": file, "file_url": {"type": "string"}}}), Value::Null),
            (json!({"properties": {"a": file, "b": file}}), Value::Null),
            (json!({"properties": {"name": {"type": "string"}}}), Value::Null),
        ];
        for (schema, expected) in rows {
            let operation = json!({"requestBody": {"content": {"multipart/form-data": {"schema": schema}}}});
            let (document, guesses) = repaired(json!({"paths": {"/a": {"post": operation}}}));
            let required = document.pointer("/paths/~1a/post/requestBody/content/multipart~1form-data/schema/required");
            assert_eq!(required.cloned().unwrap_or_default(), expected, "{schema}");
            assert_eq!(guesses.len(), usize::from(required != schema.get("required")), "{schema}: {guesses:?}");
        }
    }
}
