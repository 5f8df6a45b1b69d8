//! Titles that repeat the place of their schema. Exporters write them; a schema that was copied elsewhere keeps the title of the place
//! where it came from, and that name belongs to the schema that is there. Assigns no names.

use std::collections::HashMap;

use serde_json::Value;

use crate::keyword::Keywords;
use crate::names::{Lock, RustIdent};

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
            places.read(schema, &mut name.clone(), DEEPEST);
        }
        places
    }

    /// Reads a schema with the identity that its place has in [`Hint`].
    fn read(&mut self, schema: &'a Value, place: &mut String, depth: usize) {
        let Some(depth) = depth.checked_sub(1) else { return };
        if let Some(title) = schema.keyword("title").and_then(Value::as_str)
            && title == place
        {
            self.by_title.entry(title.to_owned()).or_insert(schema);
        }
        for (name, property) in schema.keyword("properties").and_then(Value::as_object).into_iter().flatten() {
            if may_have_title(property) {
                self.below(property, (place, RustIdent::pascal(name).as_str()), depth);
            }
        }
        if let Some(items) = schema.keyword("items") {
            self.below(items, (place, "Item"), depth);
        }
        for member in schema.keyword("allOf").and_then(Value::as_array).into_iter().flatten() {
            self.read(member, place, depth);
        }
    }

    fn below(&mut self, schema: &'a Value, (place, word): (&mut String, &str), depth: usize) {
        let length = place.len();
        place.push_str(word);
        self.read(schema, place, depth);
        place.truncate(length);
    }

    /// Returns whether a title is the place of another schema than the one that has it, unless that has been its name so far.
    pub(super) fn is_elsewhere(&self, title: &str, (schema, place): (&Value, &Hint)) -> bool {
        let is_locked = self.lock.places.get(place.identity()).is_some_and(|known| known == title);
        let other = self.by_title.get(title).filter(|other| **other != schema);
        !is_locked && other.is_some()
    }
}

/// Returns whether a schema, or one inside of it, may have a title.
fn may_have_title(schema: &Value) -> bool {
    ["title", "properties", "items", "allOf"].iter().any(|keyword| schema.has_keyword(keyword))
}
