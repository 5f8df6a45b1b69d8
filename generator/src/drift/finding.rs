//! A difference between two documents, before it is known which operations it reaches and which Rust items it concerns. Plain data.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::contract::SchemaId;

use super::aspect::{Aspect, Subject};
use super::level::{Ways, Wire};

/// A difference between two documents.
#[derive(Clone, Debug)]
pub(super) struct Finding {
    pub(super) aspect: Aspect,
    pub(super) subject: Subject,
    /// The nearest schema with a name.
    pub(super) schema: Option<String>,
    /// Where it is below that schema, or below the operation.
    pub(super) path: String,
    /// What it is about when it is about no schema: an operation, a parameter, a status.
    pub(super) target: String,
    pub(super) before: Value,
    pub(super) after: Value,
    pub(super) request: Wire,
    pub(super) response: Wire,
    pub(super) pointers: (Option<String>, Option<String>),
    pub(super) ways: Ways,
    /// Keys of the operations and names of the events that it reaches.
    pub(super) operations: BTreeSet<String>,
    /// The parts of the two documents that it is about, for finding its Rust items.
    pub(super) keys: Vec<Key>,
    /// The schemas that come and go with it.
    pub(super) comes: Option<SchemaId>,
    pub(super) goes: Option<SchemaId>,
    /// The schemas of its parts that come and go with it.
    pub(super) brings: Vec<SchemaId>,
    pub(super) takes: Vec<SchemaId>,
    pub(super) detail: String,
}

/// A part of a document that Rust items are made of. Operations are named by their key in the new document, if they are in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Key {
    /// A schema of the old document.
    OldSchema(SchemaId),
    /// A schema of the new document.
    NewSchema(SchemaId),
    /// A property of a schema of the old document.
    OldProperty(SchemaId, String),
    /// A property of a schema of the new document.
    NewProperty(SchemaId, String),
    /// What all members of a union of the old document have in common.
    OldCommon(SchemaId),
    /// What all members of a union of the new document have in common.
    NewCommon(SchemaId),
    /// An operation.
    Operation(String),
    /// A parameter of an operation: its wire name.
    Parameter(String, String),
    /// The body of a request of an operation.
    Body(String),
    /// The response of an operation.
    Response(String),
    /// A webhook.
    Webhook(String),
}
