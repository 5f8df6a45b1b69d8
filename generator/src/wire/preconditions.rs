//! Tests of the constructs that stock progenitor rejects: each lowering exists because of one of them.
//!
//! Each row is a document with one construct: progenitor must reject the document itself and accept its lowered form. If an update
//! of progenitor accepts a row, that lowering is no longer needed.

use crate::emit::Root;
use crate::model;
use crate::names::Lock;
use crate::normalize::normalize_document;
use crate::profile::Profile;
use crate::source::read_document;

use super::progenitor::try_stock_progenitor;
use super::{generate_wire_layer, lower_api};

const TWO: &str = "'200': {description: a, content: {application/json: {schema: {type: string}}}}";

fn operation(inside: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n  /a:\n    post: {{{inside}}}\n")
}

/// Documents with one construct each, with what it is called.
fn rejected_documents() -> Vec<(&'static str, String)> {
    let ok = "responses: {'200': {description: ok}}";
    vec![
        ("no operation ID", operation(ok)),
        (
            "one operation ID twice",
            format!("{}  /b:\n    post: {{operationId: a, {ok}}}\n", operation(&format!("operationId: a, {ok}"))),
        ),
        (
            "two success bodies",
            operation(&format!(
                "operationId: a, responses: {{{TWO}, '201': {{description: b, content: {{application/json: {{schema: {{type: integer}}}}}}}}}}"
            )),
        ),
        (
            "an error body under `default`",
            operation(&format!(
                "operationId: a, responses: {{{TWO}, default: {{description: b, content: {{application/json: {{schema: {{type: object}}}}}}}}}}"
            )),
        ),
        (
            "multipart",
            operation(&format!(
                "operationId: a, requestBody: {{content: {{multipart/form-data: {{schema: {{type: object}}}}}}}}, {ok}"
            )),
        ),
        (
            "several request media types",
            operation(&format!(
                "operationId: a, requestBody: {{content: {{application/json: {{schema: {{type: object}}}}, application/xml: {{schema: {{type: object}}}}}}}}, {ok}"
            )),
        ),
        (
            "a cookie",
            operation(&format!(
                "operationId: a, parameters: [{{name: c, in: cookie, schema: {{type: string}}}}], {ok}"
            )),
        ),
        (
            "a deep object",
            operation(&format!(
                "operationId: a, parameters: [{{name: q, in: query, style: deepObject, schema: {{type: object}}}}], {ok}"
            )),
        ),
        (
            "values that differ only in case",
            operation(&format!(
                "operationId: a, parameters: [{{name: q, in: query, schema: {{type: string, enum: [asc, ASC]}}}}], {ok}"
            )),
        ),
        (
            "an object with a format",
            operation(&format!(
                "operationId: a, requestBody: {{content: {{application/json: {{schema: {{type: object, format: x}}}}}}}}, {ok}"
            )),
        ),
    ]
}

#[test]
fn constructs_that_progenitor_rejects_are_removed_by_lowering() {
    for (construct, yaml) in rejected_documents() {
        let document = read_document(yaml.as_bytes(), "x").unwrap_or_else(|report| panic!("{construct}: {report}"));
        let normalized = normalize_document(document.value);
        let stock = normalized
            .to_openapi()
            .map_err(|error| error.to_string())
            .and_then(|openapi| try_stock_progenitor(&openapi));
        assert!(stock.is_err(), "{construct}: progenitor accepts it now");
        let modelled = model::build(&normalized, &Profile::default(), &Lock::default());
        let lowered = lower_api(&modelled.api);
        let wire = generate_wire_layer(&modelled.api, &lowered, &|ty| {
            crate::emit::qualified(&modelled.api.types, &Root::default(), ty)
        });
        assert!(wire.is_ok(), "{construct}: {}", wire.err().map(|report| report.to_string()).unwrap_or_default());
    }
}
