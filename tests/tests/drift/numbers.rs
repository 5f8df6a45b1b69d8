//! Numbers that no float has: they are compared as they are written.

use generator::{Tolerance, compare_documents};

use super::{lines, sources};

/// Returns a document, as JSON, with a property that has these keywords.
fn document(keywords: &str) -> String {
    format!(
        r##"{{"openapi": "3.1.0", "info": {{"title": "Things", "version": "1"}}, "servers": [{{"url": "https://api.example.com"}}],
        "paths": {{"/things": {{"post": {{"operationId": "create",
            "requestBody": {{"required": true, "content": {{"application/json": {{"schema": {{"$ref": "#/components/schemas/Thing"}}}}}}}},
            "responses": {{"204": {{"description": ""}}}}}}}}}},
        "components": {{"schemas": {{"Thing": {{"type": "object", "properties": {{"n": {{{keywords}}}}}}}}}}}}}"##
    )
}

#[test]
fn numbers_are_compared_as_they_are_written() {
    let rows = [
        (
            r#""type": "integer", "maximum": 18446744073709551617"#,
            r#""type": "integer", "maximum": 18446744073709551616"#,
            Some("request-property-max-decreased breaking none Thing.n"),
        ),
        (
            r#""type": "integer", "maximum": 9007199254740992"#,
            r#""type": "integer", "maximum": 9007199254740993"#,
            Some("request-property-max-increased safe patch Thing.n"),
        ),
        (
            r#""type": "number", "exclusiveMinimum": 0.12345678901234567890"#,
            r#""type": "number", "exclusiveMinimum": 0.12345678901234567891"#,
            Some("request-property-exclusive-min-increased breaking none Thing.n"),
        ),
        (
            r#""type": "integer", "enum": [1, 18446744073709551616]"#,
            r#""type": "integer", "enum": [1, 18446744073709551616, 18446744073709551617]"#,
            Some("request-property-enum-value-added safe none Thing.n"),
        ),
        (
            r#""type": "number", "default": 123456789012345678901"#,
            r#""type": "number", "default": 123456789012345678902"#,
            Some("request-property-default-value-changed risky none Thing.n"),
        ),
        (
            r#""type": "integer", "maximum": 18446744073709551617"#,
            r#""type": "integer", "maximum": 1.8446744073709551617e19"#,
            None,
        ),
        (r#""enum": [123456789012345678901]"#, r#""const": 123456789012345678901"#, None),
    ];
    for (old, new, expected) in rows {
        let (before, after) = (document(old), document(new));
        let found = compare_documents(&sources(&before), &sources(&after), Tolerance::Lenient).unwrap();
        assert_eq!(lines(&found), expected.into_iter().collect::<Vec<_>>(), "{old} {new}");
    }
}
