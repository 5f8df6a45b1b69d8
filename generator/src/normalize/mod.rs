//! Converts a 3.0, 3.1 or 3.2 document to one dialect: the OpenAPI 3.0 form that `openapiv3` can parse.
//!
//! Anything that 3.0 cannot express is kept in `x-sdk-…` extensions, so nothing that the SDK needs is lost. Each pass changes one
//! thing and must not know the model or Rust types.

mod boolean_schemas;
mod bounds;
mod component_names;
mod components;
mod constants;
mod content_encoding;
mod definitions;
mod document_root;
mod examples;
mod from_3_2;
mod identified_schemas;
mod inheritance;
mod multipart_parts;
mod null_members;
mod pattern_properties;
mod ref_siblings;
mod stock_descriptions;
mod targets;
mod traversal;
mod tuples;
mod type_arrays;

use serde_json::Value;

pub use component_names::simplify_component_names;
pub(crate) use components::{bare, rename};
pub(crate) use from_3_2::event_data_schemas;
pub(crate) use targets::find_target;
pub(crate) use traversal::each_schema;

/// The webhooks of a 3.1 document, which 3.0 cannot express.
pub use crate::position::WEBHOOKS;
/// Item schemas of a tuple (`prefixItems`).
pub const PREFIX_ITEMS: &str = "x-sdk-prefix-items";
/// Patterns of property names that were folded into `additionalProperties`.
pub const PATTERNS: &str = "x-sdk-patterns";
/// A schema that allows only `null`.
pub const NULL: &str = "x-sdk-null";
/// The component that a branch of a union refers to, where what applies to all branches was added to it.
pub(crate) const MEMBER: &str = "x-sdk-member";
/// Keywords that only annotate. A schema with nothing else beside a reference is an alias of the target.
pub(crate) const ANNOTATIONS: &[&str] = &[
    "title",
    "description",
    "deprecated",
    "nullable",
    "default",
    "example",
    "examples",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
];
/// Set by the overlay: a property that the document requires but that may be missing from responses.
pub const MAY_BE_ABSENT: &str = "x-sdk-may-be-absent";

/// A document in the 3.0 dialect.
#[derive(Clone, Debug)]
pub struct Normalized(Value);

impl Normalized {
    /// Returns the document.
    pub fn value(&self) -> &Value {
        &self.0
    }

    /// Parses the document with `openapiv3`.
    ///
    /// # Errors
    ///
    /// Fails if the document is not valid OpenAPI 3.0 even after normalization.
    pub fn to_openapi(&self) -> Result<openapiv3::OpenAPI, serde_json::Error> {
        serde_json::from_value(self.0.clone())
    }
}

/// Lets references by a URI or a name lead to a place of the document, where they refer to a part of it.
pub(crate) fn make_references_local(document: &mut Value) {
    from_3_2::remove_own_uri(document);
    identified_schemas::resolve_identifiers(document);
}

/// Converts a document to the 3.0 dialect.
pub fn normalize_document(mut document: Value) -> Normalized {
    make_references_local(&mut document);
    normalize_local_document(document)
}

/// Converts a document whose references are [local](make_references_local).
pub(crate) fn normalize_local_document(mut document: Value) -> Normalized {
    from_3_2::convert_additions(&mut document);
    multipart_parts::state_types_of_parts(&mut document);
    document_root::convert_document_root(&mut document);
    definitions::hoist_definitions(&mut document);
    inheritance::expand_inheritance(&mut document);
    each_schema(&mut document, &mut |schema| {
        boolean_schemas::replace_boolean_schema(schema);
        let Some(schema) = schema.as_object_mut() else { return };
        ref_siblings::wrap_ref_siblings(schema);
        constants::convert_constants(schema);
        stock_descriptions::remove_stock_description(schema);
        type_arrays::convert_type_array(schema);
        null_members::remove_null_members(schema);
        bounds::convert_exclusive_bounds(schema);
        examples::keep_first_example(schema);
        content_encoding::convert_content_encoding(schema);
        tuples::convert_tuple(schema);
        pattern_properties::fold_pattern_properties(schema);
    });
    Normalized(document)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn assert_converted<const ROWS: usize>(rows: [(Value, Value); ROWS]) {
        for (schema, expected) in rows {
            let document = json!({"openapi": "3.1.0", "components": {"schemas": {"A": schema}}});
            let normalized = normalize_document(document);
            assert_eq!(normalized.value().pointer("/components/schemas/A"), Some(&expected), "{schema}");
        }
    }

    #[test]
    fn types_null_and_siblings_of_references_are_converted_to_3_0() {
        assert_converted([
            (json!(true), json!({})),
            (json!(false), json!({"not": {}})),
            (json!({"$ref": "#/x", "description": "d"}), json!({"description": "d", "allOf": [{"$ref": "#/x"}]})),
            (json!({"$ref": "#/x"}), json!({"$ref": "#/x"})),
            (
                json!({"$ref": "#/x", "type": ["object", "null"], "title": "T"}),
                json!({"title": "T", "allOf": [{"$ref": "#/x"}, {"type": "object", "nullable": true}]}),
            ),
            (
                json!({"allOf": [{"$ref": "#/x"}], "type": ["object", "null"]}),
                json!({"allOf": [{"$ref": "#/x"}, {"type": "object", "nullable": true}]}),
            ),
            (json!({"type": ["string", "null"]}), json!({"type": "string", "nullable": true})),
            (json!({"type": ["string"]}), json!({"type": "string"})),
            (
                json!({"type": ["string", "array", "null"], "items": {"type": "integer"}, "description": "d"}),
                json!({"description": "d", "nullable": true,
                    "anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "integer"}}]}),
            ),
            (json!({"type": "null"}), json!({"nullable": true, "enum": [null], "x-sdk-null": true})),
            (
                json!({"oneOf": [{"$ref": "#/x"}, {"type": "null"}], "title": "T"}),
                json!({"title": "T", "nullable": true, "allOf": [{"$ref": "#/x"}]}),
            ),
            (
                json!({"anyOf": [{"type": "string"}, {"type": "integer"}, {"type": "null"}]}),
                json!({"anyOf": [{"type": "string"}, {"type": "integer"}], "nullable": true}),
            ),
            (json!({"oneOf": [{"type": "string"}, {"type": "null"}]}), json!({"type": "string", "nullable": true})),
        ]);
    }

    #[test]
    fn keywords_of_3_1_are_converted_to_3_0() {
        assert_converted([
            (json!({"const": "a"}), json!({"type": "string", "enum": ["a"]})),
            (json!({"const": "a", "description": "Discriminator value: a"}), json!({"type": "string", "enum": ["a"]})),
            (
                json!({"type": "string", "description": "Discriminator value: a"}),
                json!({"type": "string", "description": "Discriminator value: a"}),
            ),
            (json!({"description": "Any type"}), json!({})),
            (json!({"const": null}), json!({"nullable": true, "enum": [null], "x-sdk-null": true})),
            (
                json!({"type": "string", "enum": ["a", null]}),
                json!({"type": "string", "enum": ["a"], "nullable": true}),
            ),
            (json!({"exclusiveMinimum": 3}), json!({"exclusiveMinimum": true, "minimum": 3})),
            (json!({"exclusiveMaximum": true, "maximum": 3}), json!({"exclusiveMaximum": true, "maximum": 3})),
            (json!({"examples": ["a", "b"]}), json!({"example": "a"})),
            (json!({"type": "string", "contentMediaType": "image/png"}), json!({"type": "string", "format": "binary"})),
            (
                json!({"type": "string", "contentMediaType": "image/png", "contentEncoding": "base64"}),
                json!({"type": "string", "format": "byte"}),
            ),
            (
                json!({"type": "array", "prefixItems": [{"type": "string"}, {"type": "integer"}]}),
                json!({"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]},
                    "x-sdk-prefix-items": [{"type": "string"}, {"type": "integer"}]}),
            ),
            (
                json!({"type": "object", "patternProperties": {"^x": {"type": "string"}}}),
                json!({"type": "object", "additionalProperties": {"type": "string"}, "x-sdk-patterns": ["^x"]}),
            ),
        ]);
    }

    #[test]
    fn webhooks_are_kept_as_an_extension_and_definitions_become_components() {
        let normalized = normalize_document(json!({
            "openapi": "3.1.0",
            "info": {"title": "T", "version": "1", "summary": "s"},
            "webhooks": {"done": {"post": {}}},
            "components": {"schemas": {"A": {
                "$defs": {"B": {"const": 1}},
                "properties": {"b": {"$ref": "#/components/schemas/A/$defs/B"}},
            }}},
        }));
        assert_eq!(normalized.value().pointer("/x-sdk-webhooks/done/post"), Some(&json!({})));
        assert_eq!(
            normalized.value().pointer("/components/schemas"),
            Some(&json!({
                "A": {"properties": {"b": {"$ref": "#/components/schemas/B"}}},
                "B": {"type": "integer", "enum": [1]},
            }))
        );
        assert!(normalized.to_openapi().is_ok());
    }
}
