//! Finds the places where a document means a string. YAML parses an unquoted `1.10` as a number and loses the zero; at these places
//! the scalar is kept as written. Knows which keywords hold strings, not what they mean.

use serde_json::{Map, Value};

use crate::pointer::Pointer;

/// Keywords that always hold a string.
const STRINGS: &[&str] = &[
    "openapi",
    "title",
    "version",
    "summary",
    "description",
    "operationId",
    "name",
    "pattern",
    "format",
    "url",
    "propertyName",
    "defaultMapping",
];
/// Keywords that hold a list of strings.
const LISTS: &[&str] = &["required", "tags"];
/// Maps from names to strings.
const MAPS: &[&str] = &["mapping", "scopes"];
/// Maps whose keys are names rather than keywords.
const NAMES: &[&str] = &[
    "$defs",
    "additionalOperations",
    "callbacks",
    "content",
    "definitions",
    "dependentSchemas",
    "encoding",
    "headers",
    "links",
    "mediaTypes",
    "parameters",
    "pathItems",
    "paths",
    "patternProperties",
    "properties",
    "requestBodies",
    "responses",
    "schemas",
    "securitySchemes",
    "variables",
    "webhooks",
];
/// Data of the API, which is left unchanged.
const DATA: &[&str] = &["const", "default", "enum", "example", "examples"];
/// Data that is a string if its schema is.
const VALUES: &[&str] = &["const", "default", "enum"];

/// Returns the places that hold a number or a boolean where a string is meant.
pub(super) fn find_string_values(document: &Value) -> Vec<Pointer> {
    let mut search = Search { found: Vec::new() };
    if let Value::Object(root) = document {
        search.keywords(&Pointer::root(), root);
    }
    search.found
}

struct Search {
    found: Vec<Pointer>,
}

impl Search {
    fn part(&mut self, place: &Pointer, value: &Value) {
        match value {
            Value::Object(map) => self.keywords(place, map),
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(index, item)| self.part(&place.join(index), item));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    fn keywords(&mut self, place: &Pointer, map: &Map<String, Value>) {
        let is_string = is_string_schema(map);
        for (key, value) in map {
            let key = key.as_str();
            let at = || place.join(key);
            if STRINGS.contains(&key) || (is_string && VALUES.contains(&key)) {
                self.values(&at(), value);
            } else if key.starts_with("x-") || DATA.contains(&key) {
                continue;
            } else if value.is_array() && LISTS.contains(&key) {
                self.values(&at(), value);
            } else if let Value::Object(names) = value {
                self.object(&at(), key, names);
            } else {
                self.part(&at(), value);
            }
        }
    }

    /// Searches an object by the keyword whose value it is.
    fn object(&mut self, place: &Pointer, keyword: &str, object: &Map<String, Value>) {
        if MAPS.contains(&keyword) {
            object.iter().for_each(|(name, value)| self.values(&place.join(name), value));
        } else if keyword == "variables" {
            self.variables(place, object);
        } else if NAMES.contains(&keyword) {
            object.iter().for_each(|(name, value)| self.part(&place.join(name), value));
        } else {
            self.keywords(place, object);
        }
    }

    /// Searches the variables of a server, whose values are parts of a URL.
    fn variables(&mut self, place: &Pointer, variables: &Map<String, Value>) {
        for (name, variable) in variables {
            for key in VALUES {
                if let Some(value) = variable.get(key) {
                    self.values(&place.join(name).join(key), value);
                }
            }
        }
    }

    /// Records a value, or each item of a list, that is not a string.
    fn values(&mut self, place: &Pointer, value: &Value) {
        match value {
            Value::Bool(_) | Value::Number(_) => self.found.push(place.clone()),
            Value::Array(items) => {
                for (index, _) in items.iter().enumerate().filter(|(_, item)| item.is_boolean() || item.is_number()) {
                    self.found.push(place.join(index));
                }
            }
            Value::Null | Value::String(_) | Value::Object(_) => {}
        }
    }
}

/// Returns whether a schema allows strings and nothing else, except `null`.
fn is_string_schema(schema: &Map<String, Value>) -> bool {
    match schema.get("type") {
        Some(Value::String(name)) => name == "string",
        Some(Value::Array(names)) => {
            let mut names = names.iter().filter(|name| *name != "null").peekable();
            names.peek().is_some() && names.all(|name| name == "string")
        }
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => false,
    }
}
