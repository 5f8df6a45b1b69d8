//! What may stand at a position of a document, and so which section of the components a reference there belongs to. Must not know how
//! references are resolved.

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
    Many(Part),
    /// Part of the document without references of its own kind.
    Other,
    /// Data of the API, in which `$ref` means nothing.
    Data,
}

/// What a map or list holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Schema,
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
}

impl Part {
    fn position(self) -> Position {
        match self {
            Self::Schema => Position::Schema,
            Self::SchemaName => Position::SchemaName,
            Self::Parameter => Position::Parameter,
            Self::Header => Position::Header,
            Self::Response => Position::Response,
            Self::RequestBody => Position::RequestBody,
            Self::MediaType => Position::MediaType,
            Self::Encoding => Position::Encoding,
            Self::PathItem => Position::PathItem,
            Self::Operation => Position::Operation,
            Self::Callback => Position::Callback,
            Self::Link => Position::Link,
            Self::SecurityScheme => Position::SecurityScheme,
        }
    }
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

    /// Returns what stands at a property or index below this position.
    pub(crate) fn below(self, key: &str) -> Self {
        match self {
            Self::Many(part) => part.position(),
            Self::Data | Self::SchemaName => Self::Data,
            Self::Schema => below_schema(key),
            Self::Callback => Self::PathItem,
            _ if key.starts_with("x-") && key != "x-webhooks" => Self::Data,
            Self::Root => match key {
                "paths" | "webhooks" | "x-webhooks" => Self::Many(Part::PathItem),
                "components" => Self::Components,
                _ => Self::Other,
            },
            Self::Components => section_part(key).map_or(Self::Data, Self::Many),
            Self::Discriminator => match key {
                "mapping" => Self::Many(Part::SchemaName),
                "defaultMapping" => Self::SchemaName,
                _ => Self::Data,
            },
            Self::Parameter | Self::Header | Self::RequestBody | Self::Response | Self::MediaType | Self::Encoding => {
                below_content(key)
            }
            Self::PathItem => match key {
                "parameters" => Self::Many(Part::Parameter),
                "additionalOperations" => Self::Many(Part::Operation),
                "servers" | "summary" | "description" => Self::Other,
                _ => Self::Operation,
            },
            Self::Operation => match key {
                "parameters" => Self::Many(Part::Parameter),
                "requestBody" => Self::RequestBody,
                "responses" => Self::Many(Part::Response),
                "callbacks" => Self::Many(Part::Callback),
                _ => Self::Other,
            },
            Self::Link | Self::SecurityScheme | Self::Other => Self::Other,
        }
    }
}

/// Returns what a section of the components holds.
fn section_part(section: &str) -> Option<Part> {
    Some(match section {
        "schemas" => Part::Schema,
        "parameters" => Part::Parameter,
        "headers" => Part::Header,
        "responses" => Part::Response,
        "requestBodies" => Part::RequestBody,
        "mediaTypes" => Part::MediaType,
        "pathItems" => Part::PathItem,
        "callbacks" => Part::Callback,
        "links" => Part::Link,
        "securitySchemes" => Part::SecurityScheme,
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
        | "dependentSchemas" => Position::Many(Part::Schema),
        "discriminator" => Position::Discriminator,
        _ => Position::Data,
    }
}

/// Returns what stands below a parameter, header, body, response or media type.
fn below_content(key: &str) -> Position {
    match key {
        "schema" | "itemSchema" => Position::Schema,
        "content" => Position::Many(Part::MediaType),
        "headers" => Position::Many(Part::Header),
        "links" => Position::Many(Part::Link),
        "encoding" => Position::Many(Part::Encoding),
        "prefixEncoding" => Position::Many(Part::Encoding),
        "itemEncoding" => Position::Encoding,
        "example" | "examples" => Position::Data,
        _ => Position::Other,
    }
}
