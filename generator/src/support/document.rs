//! Constructs of the document as a whole.

use crate::position::Position;

use super::Example::{PathItem, Root, Schema};
use super::{ALL, Construct, SINCE_3_1, SINCE_3_2, Seen, degraded, refused, supported};

const PATHS: &str = "paths: {}\ncomponents: {schemas: {A: {type: object}}}";

/// The constructs.
pub(super) const CONSTRUCTS: &[Construct] = &[
    supported("`info`", ALL, "title, description and licence of the crate", Root(PATHS)),
    supported(
        "`servers` of the document, with variables",
        ALL,
        "environments; URLs with open variables are functions",
        Root(
            "servers: [{url: 'https://{region}.example.com', variables: {region: {default: eu, enum: [eu, us]}}}]\npaths: {}\ncomponents: {schemas: {A: {type: object}}}",
        ),
    ),
    degraded(
        "`servers` without a host",
        ALL,
        None,
        "a base URL has to be set on the client",
        Root("servers: [{url: /v1}]\npaths: {}\ncomponents: {schemas: {A: {type: object}}}"),
    ),
    degraded(
        "`servers` of a path item or operation",
        ALL,
        None,
        "an environment; calls go to the base URL of the client",
        PathItem("servers: [{url: 'https://files.example.com'}]\nget: {responses: {'200': {description: d}}}"),
    ),
    supported(
        "`tags`",
        ALL,
        "resources: the first tag of an operation",
        PathItem("get: {tags: [runs], responses: {'200': {description: d}}}"),
    ),
    supported(
        "`parent`, `kind`, `summary` of tags",
        SINCE_3_2,
        "tags of kind `badge` or `audience` are no resources",
        Root(
            "tags: [{name: a, kind: nav, parent: b, summary: A}, {name: b}]\npaths: {}\ncomponents: {schemas: {A: {type: object}}}",
        ),
    ),
    supported(
        "`externalDocs`",
        ALL,
        "left out: documentation elsewhere",
        Root("externalDocs: {url: 'https://example.com'}\npaths: {}\ncomponents: {schemas: {A: {type: object}}}"),
    ),
    supported(
        "`webhooks`",
        SINCE_3_1,
        "events as types",
        Root(
            "webhooks: {done: {post: {requestBody: {content: {application/json: {schema: {type: object, properties: {id: {type: string}}}}}}, responses: {'200': {description: d}}}}}",
        ),
    ),
    degraded(
        "`webhooks` without a body",
        SINCE_3_1,
        None,
        "left out",
        Root(
            "webhooks: {done: {post: {requestBody: {content: {application/json: {schema: {type: string}}}}, responses: {'200': {description: d}}}}, made: {post: {responses: {'200': {description: d}}}}}",
        ),
    ),
    supported(
        "`$self`",
        SINCE_3_2,
        "references that begin with it are local; relative servers are resolved against it",
        Root(
            "$self: https://api.example.com/openapi.yaml\npaths: {}\ncomponents: {schemas: {A: {$ref: 'https://api.example.com/openapi.yaml#/components/schemas/B'}, B: {type: object}}}",
        ),
    ),
    degraded(
        "`jsonSchemaDialect`, `$schema` of another dialect",
        SINCE_3_1,
        Some(Seen::when(Position::Root, &["jsonSchemaDialect"], |value, _| {
            !value.as_str().is_some_and(|uri| uri.contains("spec.openapis.org") || uri.contains("2020-12"))
        })),
        "schemas are read as JSON Schema 2020-12",
        Root(
            "jsonSchemaDialect: http://json-schema.org/draft-04/schema#\npaths: {}\ncomponents: {schemas: {A: {type: object}}}",
        ),
    ),
    supported(
        "`components` of every section",
        ALL,
        "parts that references lead to",
        Root(
            "paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/P'}], responses: {'200': {$ref: '#/components/responses/R'}}}}}\ncomponents: {parameters: {P: {name: p, in: query, schema: {type: string}}}, responses: {R: {description: d}}}",
        ),
    ),
    supported(
        "`components.pathItems`, `$ref` in path items",
        SINCE_3_1,
        "the operations of both",
        Root(
            "paths: {/a: {$ref: '#/components/pathItems/P'}}\ncomponents: {pathItems: {P: {get: {responses: {'200': {description: d}}}}}}",
        ),
    ),
    supported(
        "`components.mediaTypes`",
        SINCE_3_2,
        "the media type in its place",
        Root(
            "paths: {/a: {get: {responses: {'200': {description: d, content: {application/json: {$ref: '#/components/mediaTypes/M'}}}}}}}\ncomponents: {mediaTypes: {M: {schema: {type: string}}}}",
        ),
    ),
    supported(
        "`$ref` to other files",
        ALL,
        "bundled, within the folder or origin of the document",
        Schema("{type: object, properties: {a: {$ref: '#/components/schemas/B'}}}"),
    ),
    degraded(
        "`$ref` to a file that may not be read, or to nothing",
        ALL,
        None,
        "plain JSON with `generate`; an error of `check` and `regen`",
        Schema("{type: object, properties: {a: {$ref: 'https://elsewhere.example/a.yaml'}}}"),
    ),
    supported(
        "`$ref` to an `$anchor`, `$dynamicAnchor` or `$id`",
        SINCE_3_1,
        "the schema in its place",
        Schema("{type: object, properties: {a: {$ref: '#somewhere'}, b: {$anchor: somewhere, type: string}}}"),
    ),
    supported(
        "`x-…` extensions",
        ALL,
        "left out, except `x-fern-sdk-…` names and `x-webhooks`",
        Root("x-anything: {a: 1}\npaths: {}\ncomponents: {schemas: {A: {type: object, x-more: true}}}"),
    ),
    refused(
        "other versions than 3.0, 3.1 and 3.2",
        &[],
        "an error: convert the document first",
        Root("swagger: '2.0'\npaths: {}"),
    ),
];
