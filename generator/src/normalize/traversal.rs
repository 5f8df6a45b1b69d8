//! Visits every schema of a document, parents before children.
//!
//! The only module that knows where OpenAPI contains schemas, and where it contains data that must not be mistaken for one. Must
//! not know what a visitor does.

use serde_json::{Map, Value};

use crate::pointer::Pointer;
use crate::position::Position;

const SUBSCHEMAS: &[&str] =
    &["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"];
const SUBSCHEMA_LISTS: &[&str] = &["oneOf", "anyOf", "allOf", "prefixItems", super::PREFIX_ITEMS];
const SUBSCHEMA_MAPS: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];

/// The location of a visited schema. A linked list on the stack, so that visitors that need no pointer do not pay for one.
#[derive(Clone, Copy)]
pub(crate) enum Place<'a> {
    /// Where the traversal started.
    Start(&'a Pointer),
    /// A property of an object.
    Key(&'a Place<'a>, &'a str),
    /// An item of an array.
    Index(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// Returns the location as a pointer.
    pub(crate) fn pointer(&self) -> Pointer {
        match self {
            Self::Start(pointer) => (*pointer).clone(),
            Self::Key(outer, key) => outer.pointer().join(key),
            Self::Index(outer, index) => outer.pointer().join(index),
        }
    }
}

/// A visitor of schemas.
type Visit<'v> = dyn FnMut(&Place<'_>, &mut Value) + 'v;

/// Calls `visit` for each schema, then for the subschemas of the result.
pub(crate) fn each_schema(document: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    each_placed_schema(document, &mut |_, schema| visit(schema));
}

/// Like [`each_schema`], with the location of each schema.
pub(crate) fn each_placed_schema(document: &mut Value, visit: &mut Visit<'_>) {
    visit_part(Position::Root, &Place::Start(&Pointer::root()), document, visit);
}

/// Like [`each_placed_schema`], for one schema at `start` and its subschemas.
pub(crate) fn each_placed_subschema(start: &Pointer, schema: &mut Value, visit: &mut Visit<'_>) {
    visit_schema(&Place::Start(start), schema, visit);
}

/// Visits the schemas in a part of the document that is not a schema itself.
fn visit_part(at: Position, place: &Place<'_>, part: &mut Value, visit: &mut Visit<'_>) {
    match part {
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                let place = Place::Key(place, name);
                let below = at.below(name);
                if below == Position::Data {
                    continue;
                }
                if at == Position::Many(&Position::Schema) || is_named_schema(at, name, value) {
                    visit_schema(&place, value, visit);
                } else {
                    visit_part(below, &place, value, visit);
                }
            }
        }
        Value::Array(items) => {
            let of_item = at.of_items();
            let items = items.iter_mut().enumerate();
            items.for_each(|(index, item)| visit_part(of_item, &Place::Index(place, index), item, visit));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Calls `visit` for each object that is neither a schema nor data, before the objects in it.
pub(crate) fn each_object(document: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    visit_objects(Position::Root, document, visit);
}

fn visit_objects(at: Position, part: &mut Value, visit: &mut dyn FnMut(&mut Map<String, Value>)) {
    match part {
        Value::Object(map) => {
            visit(map);
            for (name, value) in map.iter_mut() {
                let below = at.below(name);
                let is_data = below == Position::Data || below == Position::Many(&Position::Schema);
                if !is_data && !is_named_schema(at, name, value) {
                    visit_objects(below, value, visit);
                }
            }
        }
        Value::Array(items) => {
            let of_item = at.of_items();
            items.iter_mut().for_each(|item| visit_objects(of_item, item, visit));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// Returns whether a key leads to a schema wherever it stands, unless it is the name of a path, response, header or the like.
fn is_named_schema(at: Position, key: &str, value: &Value) -> bool {
    let is_name = matches!(at, Position::Many(_));
    !is_name && matches!(key, "schema" | "itemSchema") && (value.is_object() || value.is_boolean())
}

fn visit_map(place: &Place<'_>, map: &mut Value, visit: &mut Visit<'_>) {
    if let Some(map) = map.as_object_mut() {
        map.iter_mut().for_each(|(key, value)| visit_schema(&Place::Key(place, key), value, visit));
    }
}

fn visit_schema(place: &Place<'_>, schema: &mut Value, visit: &mut Visit<'_>) {
    visit(place, schema);
    let Some(schema) = schema.as_object_mut() else { return };
    for (key, value) in schema.iter_mut() {
        let key = key.as_str();
        let place = Place::Key(place, key);
        if SUBSCHEMAS.contains(&key) && !is_boolean_flag(key, value) {
            visit_schema(&place, value, visit);
        } else if SUBSCHEMA_LISTS.contains(&key) {
            if let Some(items) = value.as_array_mut() {
                let items = items.iter_mut().enumerate();
                items.for_each(|(index, item)| visit_schema(&Place::Index(&place, index), item, visit));
            }
        } else if SUBSCHEMA_MAPS.contains(&key) {
            visit_map(&place, value, visit);
        }
    }
}

/// Returns whether this is `additionalProperties: false` or `true`, which is not a schema to convert.
fn is_boolean_flag(key: &str, value: &Value) -> bool {
    key == "additionalProperties" && value.is_boolean()
}
