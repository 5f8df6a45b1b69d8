//! Constructs of paths, operations and parameters.

use serde_json::json;

use crate::position::Position;

use super::Example::{Operation, PathItem};
use super::{ALL, Construct, SINCE_3_2, Seen, degraded, supported};

const OK: &str = "get: {responses: {'200': {description: d}}}";

/// The constructs.
pub(super) const CONSTRUCTS: &[Construct] = &[
    supported(
        "`get`, `put`, `post`, `delete`, `options`, `head`, `patch`, `trace`",
        ALL,
        "a call of its own",
        PathItem(OK),
    ),
    supported(
        "`query`",
        SINCE_3_2,
        "a call of its own, repeated like `GET`",
        PathItem(
            "query: {requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}, responses: {'200': {description: d}}}",
        ),
    ),
    supported(
        "`additionalOperations`",
        SINCE_3_2,
        "calls with the methods as they are written",
        PathItem("additionalOperations: {COPY: {responses: {'200': {description: d}}}}"),
    ),
    degraded(
        "`additionalOperations` for a method that has a property, or cannot be sent",
        SINCE_3_2,
        None,
        "left out",
        PathItem(
            "get: {responses: {'200': {description: d}}}\nadditionalOperations: {POST: {responses: {'200': {description: d}}}}",
        ),
    ),
    supported("`operationId`", ALL, "the name of the method", Operation("operationId: list")),
    supported(
        "`summary`, `description`, `deprecated`",
        ALL,
        "documentation and `#[deprecated]`",
        Operation("summary: Lists.\ndescription: All of them.\ndeprecated: true"),
    ),
    degraded(
        "`callbacks`",
        ALL,
        Some(Seen::key(Position::Operation, &["callbacks"])),
        "types of the bodies; nothing receives them",
        Operation(
            "callbacks: {done: {'{$request.query.url}': {post: {requestBody: {content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}, responses: {'200': {description: d}}}}}}",
        ),
    ),
    supported(
        "`parameters` of a path item",
        ALL,
        "arguments of each of its calls",
        PathItem(
            "parameters: [{name: p, in: query, schema: {type: string}}]\nget: {responses: {'200': {description: d}}}",
        ),
    ),
    supported(
        "parameters in `path`, `query`, `header`, `cookie`",
        ALL,
        "arguments and setters",
        Operation(
            "parameters: [{name: q, in: query, schema: {type: string}}, {name: X-H, in: header, schema: {type: integer}}, {name: c, in: cookie, schema: {type: string}}]",
        ),
    ),
    degraded(
        "a parameter without a name, or elsewhere",
        ALL,
        None,
        "left out; `query` and `header` of a call set any",
        Operation("parameters: [{in: query, schema: {type: string}}]"),
    ),
    supported(
        "`in: querystring` with a form",
        SINCE_3_2,
        "a query parameter for each property",
        Operation(
            "parameters: [{name: q, in: querystring, content: {application/x-www-form-urlencoded: {schema: {type: object, properties: {a: {type: string}}}}}}]",
        ),
    ),
    degraded(
        "`in: querystring` with another media type",
        SINCE_3_2,
        None,
        "left out; `query` of a call sets any",
        Operation(
            "parameters: [{name: q, in: querystring, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}]",
        ),
    ),
    supported(
        "`style: form`, `spaceDelimited`, `pipeDelimited`, `deepObject`, `simple`; `explode`",
        ALL,
        "as written",
        Operation(
            "parameters: [{name: a, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}, {name: b, in: query, style: deepObject, schema: {type: object, properties: {c: {type: string}}}}]",
        ),
    ),
    supported(
        "`style: matrix`, `label`, `cookie`",
        ALL,
        "as written",
        PathItem(
            "parameters: [{name: p, in: path, required: true, style: matrix, schema: {type: string}}]\nget: {responses: {'200': {description: d}}}",
        ),
    ),
    degraded(
        "a style that is not defined for a location or a type",
        ALL,
        None,
        "the default style, or what the warning says",
        Operation("parameters: [{name: q, in: query, style: simple, schema: {type: array, items: {type: string}}}]"),
    ),
    supported(
        "`allowReserved: true` in a query",
        ALL,
        "reserved characters stay as they are",
        Operation("parameters: [{name: q, in: query, allowReserved: true, schema: {type: string}}]"),
    ),
    degraded(
        "`allowReserved: true` in a path or a cookie",
        ALL,
        None,
        "reserved characters are percent-encoded",
        Operation("parameters: [{name: q, in: cookie, allowReserved: true, schema: {type: string}}]"),
    ),
    degraded(
        "`allowEmptyValue: true`",
        ALL,
        Some(Seen::when(Position::Parameter, &["allowEmptyValue"], |value, _| *value == json!(true))),
        "an empty value is sent as `name=`; a parameter that is not set is left out",
        Operation("parameters: [{name: q, in: query, allowEmptyValue: true, schema: {type: string}}]"),
    ),
    supported(
        "`content` of a query parameter in JSON",
        ALL,
        "JSON in the query",
        Operation(
            "parameters: [{name: q, in: query, content: {application/json: {schema: {type: object, properties: {a: {type: string}}}}}}]",
        ),
    ),
    degraded(
        "`content` of a parameter in another media type",
        ALL,
        Some(Seen::when(Position::Parameter, &["content"], |value, parameter| {
            parameter.get("in") != Some(&json!("querystring"))
                && !value
                    .as_object()
                    .is_some_and(|content| content.keys().next().is_some_and(|media| media.contains("json")))
        })),
        "the value is sent like one with a schema",
        Operation("parameters: [{name: q, in: query, content: {text/csv: {schema: {type: string}}}}]"),
    ),
    supported("path templates with several or repeated parameters", ALL, "as written", PathItem(OK)),
];
