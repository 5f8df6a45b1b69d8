//! Moves `$defs` to components. Knows where definitions are and what refers to them, not what they mean.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde_json::{Map, Value, json};

use crate::names::RustIdent;
use crate::pointer::Pointer;

use super::components::{self, component};
use super::traversal;

const KEYWORD: &str = "$defs";

/// Moves every `$defs` entry to `components/schemas`, under its own name if that is free, and updates references.
pub(crate) fn hoist_definitions(document: &mut Value) {
    let places = find_definitions(document);
    if places.is_empty() {
        return;
    }
    let Some(schemas) = component_schemas(document) else { return };
    let moves = Moves::new(schemas, places);
    let at_root: Vec<String> =
        document.get(KEYWORD).and_then(Value::as_object).into_iter().flat_map(Map::keys).cloned().collect();
    traversal::each_placed_schema(document, &mut |place, schema| {
        for target in references(schema) {
            let redirected = target.as_str().and_then(|reference| moves.redirected(reference, place, &at_root));
            if let Some(redirected) = redirected {
                *target = json!(redirected);
            }
        }
    });
    let taken = take_definitions(document, &moves);
    if let Some(schemas) = component_schemas(document) {
        schemas.extend(taken);
    }
}

/// Returns the component schemas, creating the map if it is missing.
fn component_schemas(document: &mut Value) -> Option<&mut Map<String, Value>> {
    let mut part = document;
    for key in ["components", "schemas"] {
        part = part.as_object_mut()?.entry(key).or_insert_with(|| json!({}));
        if part.is_null() {
            *part = json!({});
        }
    }
    part.as_object_mut()
}

/// Returns the locations of all definitions, those inside components first.
fn find_definitions(document: &mut Value) -> Vec<Pointer> {
    let mut places = Vec::new();
    traversal::each_placed_schema(document, &mut |place, schema| {
        if let Some(definitions) = schema.get(KEYWORD).and_then(Value::as_object) {
            let at = place.pointer().join(KEYWORD);
            places.extend(definitions.keys().map(|name| at.join(name)));
        }
    });
    places.sort_by_key(|place| component(place).is_none());
    places
}

/// The component that each definition becomes.
struct Moves {
    /// Names of the components, by the location of the definition.
    names: BTreeMap<Pointer, String>,
    /// Location of the first definition of each name.
    first: BTreeMap<String, Pointer>,
}

impl Moves {
    fn new(schemas: &Map<String, Value>, places: Vec<Pointer>) -> Self {
        // Components whose names differ only in case would claim the same name in Rust.
        let mut taken: BTreeSet<RustIdent> = schemas.keys().map(|name| RustIdent::pascal(name)).collect();
        let mut moves = Self { names: BTreeMap::new(), first: BTreeMap::new() };
        for place in places {
            let Some(name) = place.segments().last().cloned() else { continue };
            let free = candidates(&place, &name).find(|name| taken.insert(RustIdent::pascal(name)));
            moves.first.entry(name.clone()).or_insert_with(|| place.clone());
            moves.names.insert(place, free.unwrap_or(name));
        }
        moves
    }

    /// Returns the reference after all moves, or `None` if it does not change.
    fn redirected(&self, reference: &str, from: &traversal::Place<'_>, at_root: &[String]) -> Option<String> {
        let pointer = Pointer::from_reference(reference)?;
        let pointer = match pointer.segments() {
            // Tools that generate single schemas write `#/$defs` for the root of the schema.
            [keyword, name, rest @ ..] if keyword == KEYWORD && !at_root.contains(name) => {
                let place = self.nearest(name, &from.pointer())?;
                rest.iter().fold(place, |place, step| place.join(step))
            }
            _ => pointer,
        };
        let segments = pointer.segments();
        let known = (0..=segments.len()).rev().find_map(|length| {
            let (place, rest) = segments.split_at(length);
            self.names.get(&Pointer::from_iter(place.to_vec())).map(|name| (name, rest))
        });
        let (name, rest) = known?;
        Some(rest.iter().fold(components::place(name), |place, step| place.join(step)).reference())
    }

    /// Finds the definition that a schema refers to by a bare name: that of the innermost enclosing schema, else the first.
    fn nearest(&self, name: &str, from: &Pointer) -> Option<Pointer> {
        let segments = from.segments();
        let around = (0..=segments.len()).rev().map(|length| {
            let outer: Pointer = segments.iter().take(length).cloned().collect();
            outer.join(KEYWORD).join(name)
        });
        let mut around = around.filter(|place| self.names.contains_key(place));
        around.next().or_else(|| self.first.get(name).cloned())
    }
}

/// Returns candidate names for a definition: its own, one prefixed with its owner, then numbered ones.
fn candidates(place: &Pointer, name: &str) -> impl Iterator<Item = String> {
    let owner = owner(place).map(|owner| format!("{owner}_{name}"));
    let stem = owner.clone().unwrap_or_else(|| name.to_owned());
    std::iter::once(name.to_owned()).chain(owner).chain((2..).map(move |number| format!("{stem}{number}")))
}

/// Returns the definition or component that contains a definition.
fn owner(place: &Pointer) -> Option<&str> {
    let outer = place.segments().split_last().map(|(_, outer)| outer).unwrap_or_default();
    let outer = outer.split_last().map(|(_, outer)| outer).unwrap_or_default();
    let definition = outer.windows(2).rev().find_map(|pair| match pair {
        [keyword, name] if keyword == KEYWORD => Some(name.as_str()),
        _ => None,
    });
    definition.or_else(|| component(place).map(|(name, _)| name))
}

/// Returns the references of a schema itself: `$ref`, and the targets of a discriminator.
fn references(schema: &mut Value) -> impl Iterator<Item = &mut Value> {
    let parts = schema.as_object_mut().into_iter().flatten();
    parts.flat_map(|(key, value)| -> Vec<&mut Value> {
        match (key.as_str(), value) {
            ("$ref", value) => vec![value],
            ("discriminator", Value::Object(discriminator)) => components::targets(discriminator),
            (_, _) => Vec::new(),
        }
    })
}

/// Removes all definitions from the document, including nested ones, and returns them as components.
fn take_definitions(document: &mut Value, moves: &Moves) -> Vec<(String, Value)> {
    let mut open: VecDeque<(Pointer, Value)> = VecDeque::new();
    traversal::each_placed_schema(document, &mut |place, schema| open.extend(take_own_definitions(place, schema)));
    let mut taken = Vec::new();
    while let Some((place, mut definition)) = open.pop_front() {
        traversal::each_placed_subschema(&place, &mut definition, &mut |place, schema| {
            open.extend(take_own_definitions(place, schema))
        });
        if let Some(name) = moves.names.get(&place) {
            taken.push((name.clone(), definition));
        }
    }
    taken
}

/// Removes the definitions from one schema.
fn take_own_definitions(place: &traversal::Place<'_>, schema: &mut Value) -> Vec<(Pointer, Value)> {
    let Some(schema) = schema.as_object_mut().filter(|schema| schema.get(KEYWORD).is_some_and(Value::is_object)) else {
        return Vec::new();
    };
    let Some(Value::Object(definitions)) = schema.shift_remove(KEYWORD) else { return Vec::new() };
    let at = place.pointer().join(KEYWORD);
    definitions.into_iter().map(|(name, definition)| (at.join(&name), definition)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hoisted(schemas: Value) -> Value {
        let mut document = json!({"components": {"schemas": schemas}});
        hoist_definitions(&mut document);
        document["components"]["schemas"].take()
    }

    #[test]
    fn definitions_inside_components_become_components() {
        let rows = [
            (
                "in a property, and within another definition",
                json!({"A": {"properties": {"p": {
                    "$defs": {"B": {"$defs": {"C": {"type": "string"}}, "items": {"$ref": "#/components/schemas/A/properties/p/$defs/B/$defs/C"}}},
                    "$ref": "#/components/schemas/A/properties/p/$defs/B",
                }}}}),
                json!({
                    "A": {"properties": {"p": {"$ref": "#/components/schemas/B"}}},
                    "B": {"items": {"$ref": "#/components/schemas/C"}},
                    "C": {"type": "string"},
                }),
            ),
            (
                "names that are taken, in any case",
                json!({
                    "A": {"$defs": {"B": {"type": "string"}}, "$ref": "#/components/schemas/A/$defs/B"},
                    "B": {"type": "integer"},
                    "a_b": {"type": "number"},
                    "C": {"$defs": {"B": {"type": "boolean"}}, "$ref": "#/components/schemas/C/$defs/B"},
                }),
                json!({
                    "A": {"$ref": "#/components/schemas/A_B2"},
                    "B": {"type": "integer"},
                    "a_b": {"type": "number"},
                    "C": {"$ref": "#/components/schemas/C_B"},
                    "A_B2": {"type": "string"},
                    "C_B": {"type": "boolean"},
                }),
            ),
            (
                "a property called `$defs` is not a definition",
                json!({"A": {"properties": {"$defs": {"properties": {"B": {}}}}, "$defs": 7}}),
                json!({"A": {"properties": {"$defs": {"properties": {"B": {}}}}, "$defs": 7}}),
            ),
        ];
        for (case, schemas, expected) in rows {
            assert_eq!(hoisted(schemas), expected, "{case}");
        }
    }

    #[test]
    fn references_to_definitions_refer_to_the_components() {
        let rows = [
            (
                "a bare name refers to the nearest definition",
                json!({
                    "A": {"$defs": {"X": {"type": "string"}}, "items": {"$ref": "#/$defs/X"}},
                    "B": {"$defs": {"X": {"type": "integer"}}, "items": {"$defs": {"Y": {"$ref": "#/$defs/X"}}, "$ref": "#/$defs/Y"}},
                    "C": {"$ref": "#/$defs/X"},
                }),
                json!({
                    "A": {"items": {"$ref": "#/components/schemas/X"}},
                    "B": {"items": {"$ref": "#/components/schemas/Y"}},
                    "C": {"$ref": "#/components/schemas/X"},
                    "X": {"type": "string"},
                    "B_X": {"type": "integer"},
                    "Y": {"$ref": "#/components/schemas/B_X"},
                }),
            ),
            (
                "nested, with escapes, and in a mapping",
                json!({"A": {
                    "$defs": {"x/y%": {"properties": {"p": {}}}},
                    "oneOf": [{"$ref": "#/components/schemas/A/$defs/x~1y%25"}, {"$ref": "#/$defs/x~1y%25/properties/p"}],
                    "discriminator": {"propertyName": "t", "mapping": {"x": "#/$defs/x~1y%25", "y": "other"}},
                }}),
                json!({
                    "A": {
                        "oneOf": [{"$ref": "#/components/schemas/x~1y%25"}, {"$ref": "#/components/schemas/x~1y%25/properties/p"}],
                        "discriminator": {"propertyName": "t", "mapping": {"x": "#/components/schemas/x~1y%25", "y": "other"}},
                    },
                    "x/y%": {"properties": {"p": {}}},
                }),
            ),
        ];
        for (case, schemas, expected) in rows {
            assert_eq!(hoisted(schemas), expected, "{case}");
        }
    }

    #[test]
    fn definitions_inside_paths_are_named_after_those_inside_components() {
        let schema = json!({"$defs": {"B": {"type": "string"}}, "items": {"$ref": "#/paths/~1a/schema/$defs/B"}});
        let mut document =
            json!({"paths": {"/a": {"schema": schema}, "/b": {"schema": {"$ref": "#/paths/~1a/schema/$defs/B"}}}});
        let mut with_components = document.clone();
        hoist_definitions(&mut document);
        let reference = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        assert_eq!(document["paths"]["/a"]["schema"], json!({"items": reference("B")}));
        assert_eq!(document["paths"]["/b"]["schema"], reference("B"));
        assert_eq!(document["components"], json!({"schemas": {"B": {"type": "string"}}}));

        with_components["components"] = json!({"schemas": {"A": {"$defs": {"B": {}}}}});
        hoist_definitions(&mut with_components);
        assert_eq!(with_components["paths"]["/b"]["schema"], reference("B2"));
    }
}
