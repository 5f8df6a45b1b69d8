//! The contract of a document: what it says about requests and responses, as a graph of schemas.
//!
//! Read from a normalized document, beside the model. It keeps what the model forgets (bounds, patterns, formats, defaults,
//! deprecation, positions of tuples, servers, security, descriptions), and forgets what is only spelling: references, `allOf`,
//! the place of parameters, order. It must not know Rust names.

mod digest;
mod exact_numbers;
mod operation;
mod operations;
mod reader;
mod schema;
mod schemas;
mod security;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

pub use operation::{BodyFacts, OperationFacts, ParameterFacts, ResponseFacts, WebhookFacts};
pub use schema::{
    Annotations, JsonKind, Limit, PropertyFacts, RestFacts, SchemaFacts, SchemaId, SchemaUse, UnionFacts, Values,
};

pub(crate) use digest::Digests;

use crate::normalize::{Normalized, WEBHOOKS};
use crate::pointer::unescape;
use reader::Reader;

/// The keywords with numbers, and what has their digits beside them where the value of the document has not.
pub(crate) const EXACT: (&[&str], &str) = (
    &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum", "const", "default"],
    "x-sdk-written",
);
/// Levels of merged schemas in one pointer.
const DEEPEST: usize = 32;

/// What a document says about requests and responses.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Contract {
    /// `info.version`.
    pub version: String,
    /// URLs of the servers, the default first.
    pub servers: Vec<String>,
    /// The security schemes that are required somewhere: what they are called, and what they add to a request.
    pub schemes: BTreeSet<String>,
    /// The operations, by path and method.
    pub operations: Vec<OperationFacts>,
    /// The webhooks, by event.
    pub webhooks: Vec<WebhookFacts>,
    /// The components, by name.
    pub components: BTreeMap<String, SchemaUse>,
    schemas: Vec<SchemaFacts>,
    places: HashMap<Arc<str>, SchemaId>,
}

impl Contract {
    /// Reads the contract of a document.
    pub fn of(document: &Normalized) -> Self {
        Reader::new(document.value()).read()
    }

    /// Returns a schema.
    pub fn schema(&self, id: SchemaId) -> &SchemaFacts {
        &self.schemas[id.0]
    }

    /// Returns the number of schemas.
    pub fn len(&self) -> usize {
        self.schemas.len()
    }

    /// Returns whether there is no schema.
    pub fn is_empty(&self) -> bool {
        self.schemas.is_empty()
    }

    /// Returns the schema at a JSON pointer, behind its references. What `allOf` merges is also found below the schema that merges
    /// it.
    pub fn at(&self, place: &str) -> Option<SchemaId> {
        // Webhooks are elsewhere in a normalized document than in a published one.
        let mut place = match place.strip_prefix("/webhooks/") {
            Some(rest) => format!("/{WEBHOOKS}/{rest}"),
            None => place.to_owned(),
        };
        for _ in 0..DEEPEST {
            if let Some(id) = self.places.get(place.as_str()) {
                return Some(*id);
            }
            let (prefix, rest) = self.known_prefix(&place)?;
            let owner = self.schema(*self.places.get(prefix)?);
            let next = match rest.strip_prefix("/properties/") {
                Some(name) => {
                    let name = name.split('/').next().unwrap_or(name);
                    let property = owner.properties.get(&unescape(name))?;
                    let below = rest.get("/properties/".len() + name.len()..).unwrap_or_default();
                    format!("{}{below}", self.schema(property.value.schema).place)
                }
                None if &*owner.place != prefix => format!("{}{rest}", owner.place),
                None => return None,
            };
            if next == place {
                return None;
            }
            place = next;
        }
        None
    }

    /// Returns the longest part of a pointer that is the place of a schema, and what follows it.
    fn known_prefix<'p>(&self, place: &'p str) -> Option<(&'p str, &'p str)> {
        let ends = place.rmatch_indices('/').map(|(end, _)| end);
        let end = ends.into_iter().find(|end| self.places.contains_key(&place[..*end]))?;
        Some(place.split_at(end))
    }

    /// Returns the operation with this key, such as `GET /files/{id}`.
    pub fn operation(&self, key: &str) -> Option<&OperationFacts> {
        self.operations.iter().find(|operation| operation.key() == key)
    }

    /// Returns whether a use of a schema allows `null`.
    pub fn is_nullable(&self, part: &SchemaUse) -> bool {
        part.nullable || self.schema(part.schema).nullable
    }
}
