//! Merges `allOf` into one object schema.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::pointer::Pointer;

use super::references::{reference_of, resolve};

/// Levels of nested members before a cycle is assumed.
const LIMIT: usize = 32;
/// Total number of members before it is assumed that they multiply.
const MEMBERS: usize = 2_000;

/// Merges all members of `allOf` and the schema's own keywords into one object schema. If several members describe the
/// same property, the last one wins.
pub(super) fn merge(document: &Value, schema: &Value, place: &Pointer) -> Result<Value, Diagnostic> {
    let mut merged = Map::new();
    let mut members = 0;
    absorb(document, schema, place, &mut merged, Level { depth: 0, members: &mut members })?;
    merged.shift_remove("allOf");
    Ok(Value::Object(merged))
}

/// A cache of merged schemas, since every union that a schema is a member of needs its merged form.
#[derive(Debug, Default)]
pub(super) struct Merges(RefCell<HashMap<Pointer, Option<Rc<Value>>>>);

impl Merges {
    /// Returns the merged form of the schema at a place in the document, or `None` if it cannot be merged.
    pub(crate) fn at(&self, document: &Value, schema: &Value, place: &Pointer) -> Option<Rc<Value>> {
        if let Some(known) = self.0.borrow().get(place) {
            return known.clone();
        }
        let merged = merge(document, schema, place).ok().map(Rc::new);
        self.0.borrow_mut().insert(place.clone(), merged.clone());
        merged
    }
}

/// Progress of a merge.
struct Level<'a> {
    depth: usize,
    members: &'a mut usize,
}

fn absorb(
    document: &Value,
    schema: &Value,
    place: &Pointer,
    merged: &mut Map<String, Value>,
    level: Level<'_>,
) -> Result<(), Diagnostic> {
    *level.members += 1;
    if level.depth > LIMIT || *level.members > MEMBERS {
        return Err(Diagnostic::new(
            Code::RefCycle,
            place.clone(),
            "`allOf` contains itself, or more than can be merged",
        )
        .expected("members that end at plain schemas")
        .help("break the cycle upstream, or with an overlay action"));
    }
    let members = schema.get("allOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for (index, member) in members.iter().enumerate() {
        let at = place.join("allOf").join(index);
        let (member, at) = match reference_of(member) {
            Some(reference) => {
                let target = resolve(document, reference, &at)?;
                (target.value, target.place)
            }
            None => (member, at),
        };
        let mut part = Map::new();
        absorb(document, member, &at, &mut part, Level { depth: level.depth + 1, members: &mut *level.members })?;
        // Annotations of a member do not apply to the merged schema.
        for annotation in ["title", "description", "nullable", "discriminator", "deprecated"] {
            part.shift_remove(annotation);
        }
        overlay(merged, &part);
    }
    if let Some(own) = schema.as_object() {
        let own: Map<String, Value> =
            own.iter().filter(|(key, _)| *key != "allOf").map(|(key, value)| (key.clone(), value.clone())).collect();
        overlay(merged, &own);
    }
    Ok(())
}

fn overlay(merged: &mut Map<String, Value>, part: &Map<String, Value>) {
    for (key, value) in part {
        match (key.as_str(), merged.get_mut(key), value) {
            ("properties", Some(Value::Object(existing)), Value::Object(properties)) => {
                for (name, property) in properties {
                    existing.insert(name.clone(), property.clone());
                }
            }
            ("required", Some(Value::Array(existing)), Value::Array(names)) => {
                let new: Vec<Value> = names.iter().filter(|name| !existing.contains(name)).cloned().collect();
                existing.extend(new);
            }
            // Two unions cannot be merged into one, so any value is accepted.
            ("oneOf" | "anyOf", Some(existing), _) if existing != value => {
                merged.insert(key.clone(), json!([{}]));
            }
            (_, _, _) => {
                merged.insert(key.clone(), value.clone());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_and_own_keywords_become_one_object() {
        let document = json!({"components": {"schemas": {
            "Base": {"description": "base", "type": "object", "required": ["id"], "properties": {"id": {"type": "string"}}},
            "Deep": {"allOf": [{"$ref": "#/components/schemas/Base"}, {"required": ["x"]}]},
        }}});
        let schema = json!({
            "description": "own",
            "allOf": [
                {"$ref": "#/components/schemas/Deep"},
                {"properties": {"x": {"type": "integer"}, "id": {"type": "string", "format": "uuid"}}, "required": ["id"]},
            ],
        });
        let merged = merge(&document, &schema, &Pointer::root()).unwrap();
        assert_eq!(
            merged,
            json!({
                "type": "object",
                "required": ["id", "x"],
                "properties": {"id": {"type": "string", "format": "uuid"}, "x": {"type": "integer"}},
                "description": "own",
            })
        );
    }

    #[test]
    fn a_cycle_is_an_error_with_a_place() {
        let document = json!({"a": {"allOf": [{"$ref": "#/a"}]}});
        let error = merge(&document, &document["a"], &Pointer::root().join("a")).unwrap_err();
        assert_eq!(error.code, Code::RefCycle);
    }
}
