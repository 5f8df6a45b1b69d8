//! Constructs of security.

use serde_json::json;

use crate::position::Position;

use super::Example::Root;
use super::{ALL, Construct, SINCE_3_1, SINCE_3_2, Seen, degraded, supported};

/// The constructs.
pub(super) const CONSTRUCTS: &[Construct] = &[
    supported(
        "`apiKey` in header, query or cookie",
        ALL,
        "the key of the client",
        Root(
            "security: [{k: []}]\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: apiKey, in: header, name: X-Key}}}",
        ),
    ),
    supported(
        "`http` with `basic` or `bearer`",
        ALL,
        "the credential of the client",
        Root(
            "security: [{k: []}]\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: http, scheme: bearer}}}",
        ),
    ),
    supported(
        "`oauth2` with any flow, `openIdConnect`",
        ALL,
        "a bearer token that the caller gets",
        Root(
            "security: [{k: []}]\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: oauth2, flows: {clientCredentials: {tokenUrl: 'https://a.example/t', scopes: {}}}}}}",
        ),
    ),
    supported(
        "`oauth2MetadataUrl`, `deviceAuthorization`",
        SINCE_3_2,
        "a bearer token that the caller gets",
        Root(
            "security: [{k: []}]\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: oauth2, oauth2MetadataUrl: 'https://a.example/m', flows: {deviceAuthorization: {deviceAuthorizationUrl: 'https://a.example/d', tokenUrl: 'https://a.example/t', scopes: {}}}}}}",
        ),
    ),
    supported(
        "`deprecated` schemes",
        SINCE_3_2,
        "used where no other is required",
        Root(
            "security: [{k: []}]\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: http, scheme: bearer}, old: {type: http, scheme: basic, deprecated: true}}}",
        ),
    ),
    degraded(
        "`http` with another scheme",
        ALL,
        Some(Seen::when(Position::SecurityScheme, &["scheme"], |value, _| {
            !value
                .as_str()
                .is_some_and(|scheme| ["basic", "bearer"].iter().any(|known| scheme.eq_ignore_ascii_case(known)))
        })),
        "a bearer token is sent; set the header on the call",
        Root(
            "paths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: http, scheme: digest}}}",
        ),
    ),
    degraded(
        "`mutualTLS`",
        SINCE_3_1,
        Some(Seen::when(Position::SecurityScheme, &["type"], |value, _| *value == json!("mutualTLS"))),
        "the certificate is configured in the HTTP client that is given to the client",
        Root(
            "paths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: mutualTLS}}}",
        ),
    ),
];
