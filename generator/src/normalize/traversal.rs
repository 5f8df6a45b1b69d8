//! Visits every schema of a document, from the outside in.
//!
//! The one place that knows where OpenAPI keeps schemas and where data begins that must not be taken for one.

use serde_json::Value;

use crate::pointer::Pointer;

const SUBSCHEMAS: &[&str] =
    &["items", "additionalProperties", "not", "contains", "propertyNames", "if", "then", "else"];
const SUBSCHEMA_LISTS: &[&str] = &["oneOf", "anyOf", "allOf", "prefixItems", super::PREFIX_ITEMS];
const SUBSCHEMA_MAPS: &[&str] = &["properties", "patternProperties", "$defs", "definitions", "dependentSchemas"];
const DATA: &[&str] = &["example", "examples", "default", "enum", "const", "x-fern-examples"];

/// Where a walk is. A chain on the stack, so that a walk which asks for no pointer makes none.
#[derive(Clone, Copy)]
pub enum Place<'a> {
    /// Where the walk began.
    Start(&'a Pointer),
    /// A property of an object.
    Key(&'a Place<'a>, &'a str),
    /// An item of a list.
    Index(&'a Place<'a>, usize),
}

impl Place<'_> {
    /// The place as a pointer.
    pub fn pointer(&self) -> Pointer {
        match self {
            Self::Start(pointer) => (*pointer).clone(),
            Self::Key(outer, key) => outer.pointer().join(key),
            Self::Index(outer, index) => outer.pointer().join(index),
        }
    }
}

/// What a walk does with a schema.
type Visit<'v> = dyn FnMut(&Place<'_>, &mut Value) + 'v;

/// Calls `visit` for each schema, and then for the schemas in what it has made of it.
pub fn each_schema(document: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    each_placed_schema(document, &mut |_, schema| visit(schema));
}

/// As [`each_schema`], with the place of each.
pub fn each_placed_schema(document: &mut Value, visit: &mut Visit<'_>) {
    let Some(root) = document.as_object_mut() else { return };
    let start = Pointer::root();
    for (key, part) in root.iter_mut() {
        outside(key, &Place::Key(&Place::Start(&start), key), part, visit);
    }
}

/// As [`each_placed_schema`], for one schema that stands at `start`, and those within.
pub fn each_placed_subschema(start: &Pointer, schema: &mut Value, visit: &mut Visit<'_>) {
    inside(&Place::Start(start), schema, visit);
}

/// A part of the document that is not a schema itself.
fn outside(key: &str, place: &Place<'_>, part: &mut Value, visit: &mut Visit<'_>) {
    match part {
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                let place = Place::Key(place, name);
                match (key, name.as_str()) {
                    ("components", "schemas") => each_value(&place, value, visit),
                    (_, "schema") if is_schema(value) => inside(&place, value, visit),
                    (_, data) if DATA.contains(&data) => {}
                    (_, name) => outside(name, &place, value, visit),
                }
            }
        }
        Value::Array(items) => items
            .iter_mut()
            .enumerate()
            .for_each(|(index, item)| outside(key, &Place::Index(place, index), item, visit)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A path, response or header may be called `schema`; a schema is an object or a truth value.
fn is_schema(value: &Value) -> bool {
    value.is_object() || value.is_boolean()
}

fn each_value(place: &Place<'_>, map: &mut Value, visit: &mut Visit<'_>) {
    if let Some(map) = map.as_object_mut() {
        map.iter_mut().for_each(|(key, value)| inside(&Place::Key(place, key), value, visit));
    }
}

fn inside(place: &Place<'_>, schema: &mut Value, visit: &mut Visit<'_>) {
    visit(place, schema);
    let Some(schema) = schema.as_object_mut() else { return };
    for (key, value) in schema.iter_mut() {
        let key = key.as_str();
        let place = Place::Key(place, key);
        if SUBSCHEMAS.contains(&key) && !is_boolean_switch(key, value) {
            inside(&place, value, visit);
        } else if SUBSCHEMA_LISTS.contains(&key) {
            if let Some(items) = value.as_array_mut() {
                let items = items.iter_mut().enumerate();
                items.for_each(|(index, item)| inside(&Place::Index(&place, index), item, visit));
            }
        } else if SUBSCHEMA_MAPS.contains(&key) {
            each_value(&place, value, visit);
        }
    }
}

/// `additionalProperties: false` closes an object; that is no schema to rewrite.
fn is_boolean_switch(key: &str, value: &Value) -> bool {
    key == "additionalProperties" && value.is_boolean()
}
