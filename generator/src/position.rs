//! What may stand at a position of a document, and so which section of the components a reference there belongs to. Must not know how
//! references are resolved.

/// Where a normalized document has its webhooks, which 3.0 does not have.
pub const WEBHOOKS: &str = "x-sdk-webhooks";

/// What stands at a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Position {
    Root,
    Components,
    Schema,
    Discriminator,
    /// A string that names a schema.
    SchemaName,
    Parameter,
    Header,
    Response,
    RequestBody,
    MediaType,
    Encoding,
    PathItem,
    Operation,
    Callback,
    Link,
    SecurityScheme,
    /// A map or list of what stands at a position.
    Many(&'static Self),
    /// Part of the document without references of its own kind.
    Other,
    /// Data of the API, in which `$ref` means nothing.
    Data,
}

impl Position {
    /// Returns the section of the components for what stands here, if it may be a reference.
    pub(crate) fn section(self) -> Option<&'static str> {
        match self {
            Self::Schema => Some("schemas"),
            Self::Parameter => Some("parameters"),
            Self::Header => Some("headers"),
            Self::Response => Some("responses"),
            Self::RequestBody => Some("requestBodies"),
            Self::MediaType => Some("mediaTypes"),
            Self::PathItem => Some("pathItems"),
            Self::Callback => Some("callbacks"),
            Self::Link => Some("links"),
            Self::SecurityScheme => Some("securitySchemes"),
            Self::Root
            | Self::Components
            | Self::Discriminator
            | Self::SchemaName
            | Self::Encoding
            | Self::Operation
            | Self::Many(_)
            | Self::Other
            | Self::Data => None,
        }
    }

    /// Returns what stands at the items of a list at this position.
    pub(crate) fn of_items(self) -> Self {
        if let Self::Many(part) = self { *part } else { self }
    }

    /// Returns what stands at a property or index below this position.
    pub(crate) fn below(self, key: &str) -> Self {
        match self {
            Self::Many(part) => *part,
            Self::Data | Self::SchemaName => Self::Data,
            Self::Schema => below_schema(key),
            Self::Callback => Self::PathItem,
            _ if key.starts_with("x-") && !["x-webhooks", WEBHOOKS].contains(&key) => Self::Data,
            Self::Root => match key {
                "paths" | "webhooks" | "x-webhooks" | WEBHOOKS => Self::Many(&Self::PathItem),
                "components" => Self::Components,
                _ => Self::Other,
            },
            Self::Components => section_part(key).map_or(Self::Data, Self::Many),
            Self::Discriminator => match key {
                "mapping" => Self::Many(&Self::SchemaName),
                "defaultMapping" => Self::SchemaName,
                _ => Self::Data,
            },
            Self::Parameter | Self::Header | Self::RequestBody | Self::Response | Self::MediaType | Self::Encoding => {
                below_content(key)
            }
            Self::PathItem => match key {
                "parameters" => Self::Many(&Self::Parameter),
                "additionalOperations" => Self::Many(&Self::Operation),
                "servers" | "summary" | "description" => Self::Other,
                _ => Self::Operation,
            },
            Self::Operation => match key {
                "parameters" => Self::Many(&Self::Parameter),
                "requestBody" => Self::RequestBody,
                "responses" => Self::Many(&Self::Response),
                "callbacks" => Self::Many(&Self::Callback),
                _ => Self::Other,
            },
            Self::Link | Self::SecurityScheme | Self::Other => Self::Other,
        }
    }
}

/// Returns what a section of the components holds.
fn section_part(section: &str) -> Option<&'static Position> {
    Some(match section {
        "schemas" => &Position::Schema,
        "parameters" => &Position::Parameter,
        "headers" => &Position::Header,
        "responses" => &Position::Response,
        "requestBodies" => &Position::RequestBody,
        "mediaTypes" => &Position::MediaType,
        "pathItems" => &Position::PathItem,
        "callbacks" => &Position::Callback,
        "links" => &Position::Link,
        "securitySchemes" => &Position::SecurityScheme,
        _ => return None,
    })
}

fn below_schema(key: &str) -> Position {
    match key {
        "items"
        | "additionalProperties"
        | "not"
        | "contains"
        | "propertyNames"
        | "if"
        | "then"
        | "else"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => Position::Schema,
        "oneOf" | "anyOf" | "allOf" | "prefixItems" | "properties" | "patternProperties" | "$defs" | "definitions"
        | "dependentSchemas" => Position::Many(&Position::Schema),
        "discriminator" => Position::Discriminator,
        _ => Position::Data,
    }
}

/// Returns what stands below a parameter, header, body, response or media type.
fn below_content(key: &str) -> Position {
    match key {
        "schema" | "itemSchema" => Position::Schema,
        "content" => Position::Many(&Position::MediaType),
        "headers" => Position::Many(&Position::Header),
        "links" => Position::Many(&Position::Link),
        "encoding" => Position::Many(&Position::Encoding),
        "prefixEncoding" => Position::Many(&Position::Encoding),
        "itemEncoding" => Position::Encoding,
        "example" | "examples" => Position::Data,
        _ => Position::Other,
    }
}
