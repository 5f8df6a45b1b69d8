//! Titles that repeat the place of their schema. Exporters write them; a schema that was copied elsewhere keeps the title of the place
//! where it came from, and that name belongs to the schema that is there. Assigns no names.

use std::collections::HashMap;

use serde_json::Value;

use crate::keyword::Keywords;
use crate::names::Lock;

use super::naming::Hint;

/// Levels of inline schemas inside of one component.
const DEEPEST: usize = 16;

/// The schemas of components whose titles repeat their places, by title.
pub(super) struct TitledPlaces<'a> {
    by_title: HashMap<String, &'a Value>,
    lock: &'a Lock,
}

impl<'a> TitledPlaces<'a> {
    pub(super) fn of(document: &'a Value, lock: &'a Lock) -> Self {
        let mut places = Self { by_title: HashMap::new(), lock };
        let schemas = document.pointer("/components/schemas").and_then(Value::as_object);
        for (name, schema) in schemas.into_iter().flatten() {
            places.read(schema, &Hint::named(name), DEEPEST);
        }
        places
    }

    fn read(&mut self, schema: &'a Value, place: &Hint, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if let Some(title) = schema.keyword("title").and_then(Value::as_str)
            && title == place.identity()
        {
            self.by_title.entry(title.to_owned()).or_insert(schema);
        }
        for (name, property) in schema.keyword("properties").and_then(Value::as_object).into_iter().flatten() {
            self.read(property, &place.property(name), depth);
        }
        if let Some(items) = schema.keyword("items") {
            self.read(items, &place.item(), depth);
        }
        for member in schema.keyword("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.read(member, place, depth);
        }
    }

    /// Returns whether a title is the place of another schema than the one that has it, unless that has been its name so far.
    pub(super) fn is_elsewhere(&self, title: &str, (schema, place): (&Value, &Hint)) -> bool {
        let is_locked = self.lock.places.get(place.identity()).is_some_and(|known| known == title);
        let other = self.by_title.get(title).filter(|other| **other != schema);
        !is_locked && other.is_some()
    }
}
