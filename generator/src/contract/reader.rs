//! Reads a contract: follows references, visits each schema once. Knows the normalized dialect.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use crate::ir::Location;
use crate::keyword::Keywords;
use crate::pointer::{Pointer, escape, unescape};

use super::operations;
use super::security::required_schemes;
use super::{Contract, SchemaFacts, SchemaId};

/// Maximum number of consecutive references and single members before a cycle is assumed.
pub(super) const LIMIT: usize = 64;

/// Reads a contract from a normalized document.
pub(super) struct Reader<'a> {
    pub(super) document: &'a Value,
    pub(super) contract: Contract,
    /// Schemas that are reserved but not read yet.
    pub(super) pending: Vec<(SchemaId, &'a Value)>,
    targets: HashMap<&'a str, Option<(&'a Value, String)>>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(document: &'a Value) -> Self {
        Self { document, contract: Contract::default(), pending: Vec::new(), targets: HashMap::new() }
    }

    pub(super) fn read(mut self) -> Contract {
        let version = self.document.pointer("/info/version").and_then(Value::as_str);
        self.contract.version = version.unwrap_or_default().to_owned();
        self.contract.servers = operations::servers(self.document);
        self.contract.schemes = required_schemes(self.document);
        let components = self.document.pointer("/components/schemas").and_then(Value::as_object);
        for (name, schema) in components.into_iter().flatten() {
            let part = self.schema_use(schema, format!("/components/schemas/{}", escape(name)));
            self.contract.components.insert(name.clone(), part);
        }
        self.read_operations();
        self.read_webhooks();
        while let Some((id, schema)) = self.pending.pop() {
            let facts = self.facts(id, schema);
            self.contract.schemas[id.0] = facts;
        }
        self.name_events();
        self.contract
    }

    /// Returns the target of a local reference and its place.
    pub(super) fn target(&mut self, reference: &'a str) -> Option<(&'a Value, String)> {
        let document = self.document;
        let find = || {
            let pointer = Pointer::from_reference(reference)?;
            Some((pointer.find(document)?, pointer.to_string()))
        };
        self.targets.entry(reference).or_insert_with(find).clone()
    }

    /// Returns a part of the document that is no schema, behind its references.
    pub(super) fn follow(&mut self, part: &'a Value, place: String) -> (&'a Value, String) {
        let (mut part, mut place) = (part, place);
        for _ in 0..LIMIT {
            let Some(reference) = reference_of(part) else { break };
            let Some(target) = self.target(reference) else { break };
            (part, place) = target;
        }
        (part, place)
    }

    /// Returns the schema at a place, which is read later if it is new.
    pub(super) fn intern(&mut self, schema: &'a Value, place: Arc<str>) -> SchemaId {
        if let Some(id) = self.contract.places.get(&place) {
            return *id;
        }
        let id = SchemaId(self.contract.schemas.len());
        let name = place.strip_prefix("/components/schemas/").filter(|rest| !rest.contains('/')).map(unescape);
        self.contract.schemas.push(SchemaFacts { place: place.clone(), name, ..SchemaFacts::default() });
        self.contract.places.insert(place, id);
        self.pending.push((id, schema));
        id
    }

    /// Records another place of a schema.
    pub(super) fn add_place(&mut self, place: Arc<str>, id: SchemaId) {
        self.contract.places.entry(place).or_insert(id);
    }
}

/// Returns the location of a parameter.
pub(super) fn location(parameter: &Value) -> Option<Location> {
    match parameter.keyword("in").and_then(Value::as_str)? {
        "path" => Some(Location::Path),
        "query" => Some(Location::Query),
        "header" => Some(Location::Header),
        "cookie" => Some(Location::Cookie),
        _ => None,
    }
}

/// Returns the reference that a part consists of.
pub(super) fn reference_of(part: &Value) -> Option<&str> {
    part.keyword("$ref").and_then(Value::as_str)
}
