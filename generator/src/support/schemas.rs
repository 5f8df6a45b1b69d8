//! Constructs of schemas.

use serde_json::{Map, Value};

use crate::position::Position;

use super::Example::Schema;
use super::{ALL, Construct, ONLY_3_0, SINCE_3_1, SINCE_3_2, Seen, degraded, supported};

/// The constructs.
pub(super) const CONSTRUCTS: &[Construct] = &[
    supported(
        "`type` of one kind",
        ALL,
        "the Rust type",
        Schema(
            "{type: object, properties: {a: {type: string}, b: {type: integer}, c: {type: number}, d: {type: boolean}, e: {type: array, items: {type: string}}}}",
        ),
    ),
    supported(
        "`type` with several kinds",
        SINCE_3_1,
        "a union; `null` makes it optional",
        Schema("{type: object, properties: {a: {type: [string, integer, 'null']}}}"),
    ),
    supported(
        "`nullable`",
        ONLY_3_0,
        "`Option`",
        Schema("{type: object, properties: {a: {type: string, nullable: true}}}"),
    ),
    supported(
        "`format`",
        ALL,
        "`date-time`, `binary`, `byte` and the widths of integers have types; others stay strings and numbers",
        Schema(
            "{type: object, properties: {a: {type: string, format: date-time}, b: {type: integer, format: int32}, c: {type: string, format: uuid}}}",
        ),
    ),
    supported(
        "`enum` of strings, `const` of a string",
        ALL,
        "an enum that keeps unknown values; a constant",
        Schema("{type: object, properties: {a: {type: string, enum: [x, y]}, b: {type: string, enum: [z]}}}"),
    ),
    supported(
        "`const`",
        SINCE_3_1,
        "a constant; of other types than string, the plain type",
        Schema("{type: object, properties: {a: {const: x}, b: {const: 1}}}"),
    ),
    supported(
        "`enum` of numbers",
        ALL,
        "the plain type",
        Schema("{type: object, properties: {a: {type: integer, enum: [1, 2]}}}"),
    ),
    degraded(
        "`enum` of values of different types",
        ALL,
        None,
        "plain JSON",
        Schema("{type: object, properties: {a: {enum: [1, x]}}}"),
    ),
    supported(
        "`properties`, `required`",
        ALL,
        "fields; without `required`, `Option`",
        Schema("{type: object, required: [a], properties: {a: {type: string}, b: {type: string}}}"),
    ),
    supported(
        "`additionalProperties`",
        ALL,
        "a map, or properties that are kept",
        Schema("{type: object, properties: {a: {type: object, additionalProperties: {type: integer}}}}"),
    ),
    supported(
        "`additionalProperties` with a schema beside `properties`",
        ALL,
        "a field for each property, and a typed map of the others",
        Schema("{type: object, properties: {a: {type: string}}, additionalProperties: {type: integer}}"),
    ),
    supported(
        "`patternProperties`",
        SINCE_3_1,
        "a map of any of the schemas",
        Schema("{type: object, patternProperties: {'^x': {type: integer}}}"),
    ),
    degraded(
        "`unevaluatedProperties` with a schema",
        SINCE_3_1,
        Some(Seen::when(Position::Schema, &["unevaluatedProperties"], |value, _| says_something(value))),
        "other properties are kept as plain JSON",
        Schema("{type: object, properties: {a: {type: string}}, unevaluatedProperties: {type: integer}}"),
    ),
    supported(
        "`items`",
        ALL,
        "`Vec`",
        Schema("{type: object, properties: {a: {type: array, items: {type: integer}}}}"),
    ),
    supported(
        "`prefixItems`",
        SINCE_3_1,
        "a tuple; where the array may be shorter or longer, `Positions` of it, which keeps such arrays as they are",
        Schema("{type: object, properties: {a: {type: array, prefixItems: [{type: string}, {type: integer}]}}}"),
    ),
    degraded(
        "`prefixItems` with a schema for further items, with fewer items required, or with other than 2 to 12 positions",
        SINCE_3_1,
        Some(Seen::when(Position::Schema, &["prefixItems"], is_no_tuple)),
        "a list of any of the items; their positions are not told apart",
        Schema(
            "{type: object, properties: {a: {type: array, prefixItems: [{type: string}, {type: boolean}], items: {type: integer}}}}",
        ),
    ),
    supported(
        "`allOf`",
        ALL,
        "one struct",
        Schema("{allOf: [{$ref: '#/components/schemas/B'}, {type: object, properties: {a: {type: string}}}]}"),
    ),
    supported(
        "`oneOf`, `anyOf`",
        ALL,
        "a union, told apart by tag or shape; what matches no member is kept",
        Schema("{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}, {type: string}]}"),
    ),
    supported(
        "`discriminator`",
        ALL,
        "the tag of a union; subtypes by `allOf` become one; what came without its tag goes back without it",
        Schema(
            "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: t, mapping: {b: '#/components/schemas/B', c: '#/components/schemas/C'}}}",
        ),
    ),
    supported(
        "`discriminator.defaultMapping`",
        SINCE_3_2,
        "the variant of objects without a known tag",
        Schema(
            "{oneOf: [{$ref: '#/components/schemas/B'}, {$ref: '#/components/schemas/C'}], discriminator: {propertyName: t, defaultMapping: B, mapping: {c: '#/components/schemas/C'}}}",
        ),
    ),
    supported(
        "`$ref` with siblings",
        SINCE_3_1,
        "both apply",
        Schema("{type: object, properties: {a: {$ref: '#/components/schemas/B', description: d}}}"),
    ),
    supported(
        "`$defs`",
        SINCE_3_1,
        "types of their own",
        Schema(
            "{type: object, properties: {a: {$ref: '#/components/schemas/A/$defs/D'}}, $defs: {D: {type: object, properties: {d: {type: string}}}}}",
        ),
    ),
    degraded(
        "`$dynamicRef`, `$recursiveRef`",
        SINCE_3_1,
        Some(Seen::key(Position::Schema, &["$dynamicRef", "$recursiveRef"])),
        "plain JSON",
        Schema("{type: object, properties: {a: {$dynamicRef: '#node'}}}"),
    ),
    supported(
        "`$id`",
        SINCE_3_1,
        "references to it lead to the schema; `#/…` inside of it leads to the document, unless it exists in the schema only",
        Schema("{$id: 'https://example.com/a', type: object, properties: {a: {type: string}}}"),
    ),
    degraded(
        "`if`, `then`, `else`, `dependentSchemas`",
        SINCE_3_1,
        Some(Seen::key(Position::Schema, &["if", "dependentSchemas"])),
        "what only a condition declares is kept as an unknown property",
        Schema(
            "{type: object, properties: {a: {type: string}}, if: {properties: {a: {const: x}}}, then: {properties: {b: {type: string}}}}",
        ),
    ),
    supported(
        "`not`, `contains`, `propertyNames`, `dependentRequired`, `unevaluatedItems`",
        SINCE_3_1,
        "not checked by the client",
        Schema("{type: object, properties: {a: {type: string, not: {const: x}}}, dependentRequired: {a: [b]}}"),
    ),
    supported(
        "bounds: `minimum`, `maxLength`, `pattern`, `minItems`, `uniqueItems`, `multipleOf` …",
        ALL,
        "not checked by the client",
        Schema(
            "{type: object, properties: {a: {type: string, maxLength: 3, pattern: '^a'}, b: {type: integer, minimum: 1}}}",
        ),
    ),
    supported(
        "`contentEncoding`, `contentMediaType`",
        SINCE_3_1,
        "base64 and binary formats",
        Schema("{type: object, properties: {a: {type: string, contentEncoding: base64}}}"),
    ),
    degraded(
        "`contentSchema`",
        SINCE_3_1,
        Some(Seen::key(Position::Schema, &["contentSchema"])),
        "the string as it is; of events, the type of their data",
        Schema(
            "{type: object, properties: {a: {type: string, contentMediaType: application/json, contentSchema: {type: object}}}}",
        ),
    ),
    supported(
        "`title`, `description`, `default`, `examples`, `deprecated`",
        ALL,
        "documentation",
        Schema(
            "{title: A, description: d, type: object, properties: {a: {type: string, default: x, deprecated: true}}}",
        ),
    ),
    supported(
        "`xml`",
        ALL,
        "left out: no XML is written",
        Schema("{type: object, xml: {name: a}, properties: {a: {type: string, xml: {attribute: true}}}}"),
    ),
    supported(
        "`xml.nodeType`",
        SINCE_3_2,
        "left out: no XML is written",
        Schema("{type: object, properties: {a: {type: string, xml: {nodeType: cdata}}}}"),
    ),
    supported(
        "schemas that are `true` or `false`",
        SINCE_3_1,
        "plain JSON, as the document says",
        Schema("{type: object, properties: {a: true}}"),
    ),
    degraded(
        "`allOf` that contains itself, unions without end",
        ALL,
        None,
        "plain JSON, or cut",
        Schema("{allOf: [{$ref: '#/components/schemas/A'}, {type: object, properties: {a: {type: string}}}]}"),
    ),
];

/// Returns whether positions of an array are not told apart.
fn is_no_tuple(positions: &Value, schema: &Map<String, Value>) -> bool {
    let count = positions.as_array().map_or(0, Vec::len);
    let fewest = schema.get("minItems").and_then(Value::as_u64).and_then(|fewest| usize::try_from(fewest).ok());
    schema.get("items").is_some_and(Value::is_object)
        || fewest.is_some_and(|fewest| fewest < count)
        || !(2..=12).contains(&count)
}

/// Returns whether a schema says more than that anything is allowed, or nothing.
fn says_something(schema: &Value) -> bool {
    schema.as_object().is_some_and(|schema| {
        ["$ref", "type", "properties", "oneOf", "anyOf", "allOf", "enum", "const"]
            .iter()
            .any(|key| schema.contains_key(*key))
    })
}
