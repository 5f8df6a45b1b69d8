//! Constructs of security.

use serde_json::json;

use crate::position::Position;

use super::Example::Root;
use super::{ALL, Construct, SINCE_3_1, SINCE_3_2, Seen, degraded, supported};

/// HTTP authentication schemes whose credential depends on the request or on a challenge of the server, in lower case.
const CHALLENGES: &[&str] = &[
    "concealed",
    "digest",
    "dpop",
    "gnap",
    "hoba",
    "mutual",
    "negotiate",
    "oauth",
    "privatetoken",
    "scram-sha-1",
    "scram-sha-256",
    "vapid",
];

/// Returns whether an HTTP authentication scheme has no fixed credential.
pub(crate) fn is_challenge(scheme: &str) -> bool {
    CHALLENGES.iter().any(|known| scheme.eq_ignore_ascii_case(known))
}

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
    supported(
        "`http` with another scheme and one credential",
        ALL,
        "the credential after the name of the scheme",
        Root(
            "security: [{k: []}]\npaths: {/a: {get: {responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: http, scheme: Token}}}",
        ),
    ),
    supported(
        "`security` of an operation, with several schemes, alternatives, `{}` and `[]`",
        ALL,
        "the credentials that it accepts, and no other; an error before sending if only some of several at once are configured",
        Root(
            "security: [{k: []}]\npaths: {/a: {get: {security: [{}, {k: [], l: []}], responses: {'200': {description: d}}}, put: {security: [], responses: {'200': {description: d}}}}}\ncomponents: {securitySchemes: {k: {type: http, scheme: bearer}, l: {type: apiKey, in: cookie, name: s}}}",
        ),
    ),
    degraded(
        "`http` with a scheme that depends on a challenge, such as `digest`",
        ALL,
        Some(Seen::when(Position::SecurityScheme, &["scheme"], |value, _| value.as_str().is_some_and(is_challenge))),
        "no credential is sent; set the header on the call, or add a layer",
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
