//! Operations and webhooks as facts. Plain data.

use std::collections::BTreeMap;

use crate::ir::{Location, Status};
use crate::method::Method;

use super::SchemaUse;

/// An operation.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct OperationFacts {
    /// HTTP method.
    pub method: Method,
    /// Path template, as in the document.
    pub path: String,
    /// Path of the default server and of the operation, with every placeholder empty: what identifies an operation.
    pub route: String,
    /// JSON pointer of the operation.
    pub place: String,
    /// `operationId`.
    pub operation_id: Option<String>,
    /// The first tag.
    pub tag: Option<String>,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// `summary` and `description`.
    pub description: String,
    /// Its parameters and those of its path item, by location and name.
    pub parameters: Vec<ParameterFacts>,
    /// The request body.
    pub body: Option<BodyFacts>,
    /// The responses by status.
    pub responses: BTreeMap<Status, ResponseFacts>,
    /// The ways to authorize a request, each with the credentials that it needs.
    pub security: Vec<Vec<String>>,
}

impl OperationFacts {
    /// Returns `METHOD /path`.
    pub fn key(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    /// Returns the schemas of its bodies and responses.
    pub fn whole_parts(&self) -> impl Iterator<Item = &SchemaUse> {
        let bodies = self.body.iter().flat_map(|body| body.media.values());
        let responses = self.responses.values().flat_map(|response| response.media.values());
        bodies.chain(responses)
    }

    /// Returns the names of the placeholders of the path, in order.
    pub fn placeholders(&self) -> impl Iterator<Item = &str> {
        self.path.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name)
    }
}

/// A parameter.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ParameterFacts {
    /// Name on the wire; headers in lower case.
    pub name: String,
    /// Where it is sent.
    pub location: Location,
    /// Whether it is required.
    pub required: bool,
    /// Whether it is deprecated.
    pub deprecated: bool,
    /// `description`.
    pub description: String,
    /// How its value is serialized.
    pub style: String,
    /// Its value.
    pub value: SchemaUse,
    /// JSON pointer of the parameter.
    pub place: String,
}

/// A request body.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct BodyFacts {
    /// Whether it is required.
    pub required: bool,
    /// Its schemas by media type.
    pub media: BTreeMap<String, SchemaUse>,
    /// JSON pointer of the body.
    pub place: String,
}

/// A response.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ResponseFacts {
    /// Its schemas by media type.
    pub media: BTreeMap<String, SchemaUse>,
    /// Its headers by name in lower case: whether they are required, and their schema.
    pub headers: BTreeMap<String, (bool, SchemaUse)>,
    /// JSON pointer of the response.
    pub place: String,
}

/// A webhook.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct WebhookFacts {
    /// Name of the event: the string that its body fixes, else the name of the entry.
    pub event: String,
    /// `summary` and `description`.
    pub description: String,
    /// Its body.
    pub body: Option<SchemaUse>,
    /// JSON pointer of the webhook.
    pub place: String,
}
