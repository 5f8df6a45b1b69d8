//! Objects that stand for one of several kinds: a component with a discriminator and no list of kinds, whose kinds say in an
//! `allOf` that they are one. Or with a list of kinds that say so: read as it stands, that would never end.
//!
//! Such a component becomes two: under its name a `oneOf` of the kinds, which is what most references mean; and the object,
//! under a name of its own, which is what the kinds inherit.

mod family;
mod lineage;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::{PLACE, redirected};
use super::traversal;
use family::{Families, reference};
use lineage::{Lineage, component, reference_of, wrapped};

/// Parts such components from their objects, and fixes in each kind the text that tells it.
pub fn expand_inheritance(document: &mut Value) {
    let Some(plan) = document.pointer(PLACE).and_then(Value::as_object).and_then(plan) else { return };
    traversal::each_schema(document, &mut |schema| redirect(schema, &plan));
    let Some(schemas) = document.pointer_mut(PLACE).and_then(Value::as_object_mut) else { return };
    for (name, property, schema) in plan.tags {
        write(schemas, &name, property, schema);
    }
    for kind in plan.silent_kinds {
        inherit(schemas.get_mut(&kind), &plan.inherited);
    }
    for (name, union) in plan.unions {
        let object = plan.objects.get(&name).cloned();
        let base = schemas.insert(name.clone(), union).map(|base| alone(base, &name));
        schemas.extend(object.zip(base));
    }
}

/// All that is to be changed.
struct Plan {
    /// Components for the objects, by the components they are taken from.
    objects: BTreeMap<String, String>,
    /// The same, by every name of these components.
    inherited: BTreeMap<String, String>,
    /// Components that inherit and say nothing more.
    silent_kinds: Vec<String>,
    /// Component, property, schema.
    tags: Vec<(String, String, Value)>,
    /// Component, union.
    unions: Vec<(String, Value)>,
}

fn plan(schemas: &Map<String, Value>) -> Option<Plan> {
    let lineage = Lineage::new(schemas);
    let families = Families::new(&lineage);
    families.iter().next()?;
    let silent = schemas.iter().filter(|(name, schema)| wrapped(schema).is_some() && !lineage.is_alias(name));
    let inherited = schemas.keys().filter_map(|name| {
        let family = families.get(lineage.named(name)?)?;
        Some((name.clone(), family.object.clone()))
    });
    Some(Plan {
        objects: families.iter().map(|family| (family.base.to_owned(), family.object.clone())).collect(),
        inherited: inherited.collect(),
        silent_kinds: silent.map(|(name, _)| name.clone()).collect(),
        tags: families
            .tags()
            .into_iter()
            .map(|((name, tag), schema)| (name.to_owned(), tag.to_owned(), schema))
            .collect(),
        unions: families.iter().map(|family| (family.base.to_owned(), families.union(family))).collect(),
    })
}

/// Makes a schema that inherits do so from the object, and references into the component lead into its object.
fn redirect(schema: &mut Value, plan: &Plan) {
    if let Some(place) = reference_of(schema).and_then(|reference| inner(reference, &plan.objects)) {
        schema["$ref"] = json!(place);
    }
    if wrapped(schema).is_none() {
        inherit(Some(schema), &plan.inherited);
    }
}

/// A reference to a place within a component that is parted.
fn inner(reference: &str, objects: &BTreeMap<String, String>) -> Option<String> {
    if component(reference).is_some() { None } else { redirected(reference, objects) }
}

/// Turns the references of a schema's `allOf`, those within inline members included.
fn inherit(schema: Option<&mut Value>, objects: &BTreeMap<String, String>) {
    let members = schema.and_then(|schema| schema.get_mut("allOf")).and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        match reference_of(member) {
            Some(target) => {
                if let Some(object) = component(target).and_then(|name| objects.get(&name)) {
                    *member = reference(object);
                }
            }
            None => inherit(Some(member), objects),
        }
    }
}

/// Says what a property of a component is from now on.
fn write(schemas: &mut Map<String, Value>, name: &str, property: String, schema: Value) {
    let Some(component) = schemas.get_mut(name).and_then(Value::as_object_mut) else { return };
    let properties = component.entry("properties").or_insert_with(|| json!({}));
    if let Some(properties) = properties.as_object_mut() {
        properties.insert(property, schema);
    }
}

/// The object without what the union says.
fn alone(mut base: Value, name: &str) -> Value {
    if let Some(base) = base.as_object_mut() {
        let shared = format!("What every kind of `{name}` has.");
        let description = match base.get("description").and_then(Value::as_str) {
            Some(own) => format!("{own}\n\n{shared}"),
            None => shared,
        };
        base.insert("description".to_owned(), json!(description));
        for keyword in ["discriminator", "oneOf", "anyOf", "nullable"] {
            base.shift_remove(keyword);
        }
        if base.get("type").is_some_and(Value::is_array) {
            base.insert("type".to_owned(), json!("object"));
        }
    }
    base
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(name: &str) -> Value {
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    /// An object that is told by a property.
    fn told(tag: &str, mapping: Value) -> Value {
        json!({"type": "object", "properties": {tag: {"type": "string", "description": "d"}}, "discriminator": {"propertyName": tag, "mapping": mapping}})
    }

    fn child(parent: &str) -> Value {
        json!({"allOf": [to(parent), {"type": "object"}]})
    }

    /// What stands for the kinds: text and component of each, as the mapping has it.
    fn kinds(schema: &Value) -> Vec<String> {
        let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object).into_iter().flatten();
        let name = |target: &Value| target.as_str().and_then(|target| target.rsplit('/').next()).map(str::to_owned);
        mapping.map(|(text, target)| format!("{text}: {}", name(target).unwrap_or_default())).collect()
    }

    /// The components of a document after the pass.
    fn parted(schemas: Value) -> Value {
        let mut document = json!({"components": {"schemas": schemas}});
        expand_inheritance(&mut document);
        document["components"]["schemas"].take()
    }

    #[test]
    fn an_object_with_a_discriminator_becomes_its_kinds_and_the_object_they_inherit() {
        let pet = json!({
            "description": "A pet.", "type": ["object", "null"], "required": ["kind"],
            "properties": {"kind": {"type": "string", "description": "d", "enum": ["cat", "dog"]}, "friend": to("Pet")},
            "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}},
        });
        let schemas = parted(json!({
            "Pet": pet,
            "Cat": {"allOf": [to("Pet"), {"properties": {"prey": {"allOf": [to("Pet")], "nullable": true}}}]},
            "Dog": {"allOf": [to("Pet")]},
            "Maybe": {"allOf": [to("Pet")], "nullable": true},
            "Shop": {"properties": {
                "all": {"type": "array", "items": to("Pet")},
                "best": {"allOf": [{"allOf": [to("Maybe")]}, {"properties": {"prize": {}}}]},
                "kind": to("Pet/properties/kind"),
            }},
        }));
        let fixed = |text: &str| json!({"kind": {"description": "d", "type": "string", "enum": [text]}});
        let expected = json!({
            "Pet": {
                "description": "A pet.", "nullable": true, "oneOf": [to("Cat"), to("Dog")],
                "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "#/components/schemas/Dog"}},
            },
            "Cat": {
                "allOf": [to("PetBase"), {"properties": {"prey": {"allOf": [to("Pet")], "nullable": true}}}],
                "properties": fixed("cat"),
            },
            "Dog": {"allOf": [to("PetBase")], "properties": fixed("dog")},
            "Maybe": {"allOf": [to("Pet")], "nullable": true},
            "Shop": {"properties": {
                "all": {"type": "array", "items": to("Pet")},
                "best": {"allOf": [{"allOf": [to("PetBase")]}, {"properties": {"prize": {}}}]},
                "kind": to("PetBase/properties/kind"),
            }},
            "PetBase": {
                "description": "A pet.\n\nWhat every kind of `Pet` has.", "type": "object", "required": ["kind"],
                "properties": {"kind": {"type": "string", "description": "d", "enum": ["cat", "dog"]}, "friend": to("Pet")},
            },
        });
        assert_eq!(schemas, expected);
    }

    /// Each row: a document, and what its bases stand for.
    #[test]
    fn kinds_are_told_by_mapping_own_text_or_name() {
        let none = || json!({});
        let constant = |text: &str| json!({"allOf": [to("A"), {"properties": {"t": {"const": text}}}]});
        let rows = [
            (
                "no mapping",
                json!({"A": told("t", none()), "B": child("A"), "C": child("B")}),
                vec![("A", "B: B, C: C")],
            ),
            (
                "a mapping leaves out what others inherit from",
                json!({"A": told("t", json!({"c": "C"})), "B": child("A"), "C": child("B"), "D": child("B")}),
                vec![("A", "c: C, D: D")],
            ),
            (
                "own text, several texts, a kind that inherits nothing",
                json!({"A": told("t", json!({"c": "C", "cc": "C", "x": "X", "none": "None"})), "B": constant("b"), "C": child("A"), "X": {}}),
                vec![("A", "b: B, c: C, cc: C, x: X")],
            ),
            (
                "the object itself",
                json!({"A": told("t", json!({"a": "A", "b": "B"})), "B": child("A")}),
                vec![("A", "a: ABase, b: B")],
            ),
            (
                "names that are taken, in any form",
                json!({"A": told("t", json!({"a": "A"})), "B": child("A"), "ABase": {}, "a_base2": {}}),
                vec![("A", "a: ABase3, B: B")],
            ),
            (
                "told further in by another property",
                json!({"A": told("t", none()), "B": {"allOf": [to("A"), told("u", none())], "discriminator": {"propertyName": "u"}}, "C": child("B"), "D": child("A")}),
                vec![("A", "B: B, D: D"), ("B", "C: C")],
            ),
            (
                "told further in by the same property",
                json!({"A": told("t", json!({"b": "B"})), "B": {"allOf": [to("A")], "discriminator": {"propertyName": "t", "mapping": {"c": "C"}}}, "C": child("B")}),
                vec![("A", "b: BBase, c: C"), ("B", "b: BBase, c: C")],
            ),
            (
                "a list of kinds that inherit",
                json!({"A": {"oneOf": [to("B"), to("A"), {"properties": {"x": {}}}], "properties": {"t": {}}, "discriminator": {"propertyName": "t", "mapping": {"b": "B"}}}, "B": child("A"), "C": child("A")}),
                vec![("A", "b: B, A: ABase")],
            ),
            (
                "each inherits from the other",
                json!({"A": {"allOf": [to("B")], "discriminator": {"propertyName": "t"}}, "B": child("A")}),
                vec![("A", "B: B")],
            ),
        ];
        for (what, schemas, expected) in rows {
            let schemas = parted(schemas);
            for (base, expected) in expected {
                assert_eq!(kinds(&schemas[base]).join(", "), expected, "{what}: {schemas:#}");
            }
        }
    }

    /// Each row: a document, and the texts of the property `t` in its components.
    #[test]
    fn a_kind_with_one_text_has_it_fixed() {
        let rows = [
            (
                "one text and several",
                json!({"c": "C", "d": "D", "dd": "D"}),
                [("B", "none"), ("C", "[\"c\"]"), ("D", "none")],
            ),
            (
                "what inherits a fixed text has its own, or any",
                json!({"b": "B", "c": "C", "d": "D", "dd": "D"}),
                [("B", "[\"b\"]"), ("C", "[\"c\"]"), ("D", "any")],
            ),
        ];
        for (what, mapping, expected) in rows {
            let schemas = parted(json!({"A": told("t", mapping), "B": child("A"), "C": child("B"), "D": child("B")}));
            for (name, expected) in expected {
                let found = match schemas[name].pointer("/properties/t") {
                    Some(schema) => schema.get("enum").map_or("any".to_owned(), Value::to_string),
                    None => "none".to_owned(),
                };
                assert_eq!(found, expected, "{what}: {name} {schemas:#}");
            }
        }
    }

    #[test]
    fn what_is_no_such_object_stays_as_it_is() {
        let number = json!({"properties": {"t": {"type": "integer"}}, "discriminator": {"propertyName": "t"}});
        let rows = [
            ("nothing inherits", json!({"A": told("t", json!({"b": "B"})), "B": {"properties": {"t": {}}}})),
            ("a tag that is no text", json!({"A": number, "B": child("A")})),
            ("no discriminator", json!({"A": {"properties": {"t": {}}}, "B": child("A")})),
            (
                "a list of kinds that do not inherit",
                json!({"A": {"oneOf": [to("B")], "discriminator": {"propertyName": "t"}}, "B": {}, "C": child("A")}),
            ),
            (
                "names that are not allowed",
                json!({"A": {"properties": {"t": {"enum": ["b", "c"]}}, "discriminator": {"propertyName": "t"}}, "BDto": child("A")}),
            ),
            ("no object", json!({"A": {"type": "string", "discriminator": {"propertyName": "t"}}, "B": child("A")})),
        ];
        for (what, schemas) in rows {
            assert_eq!(parted(schemas.clone()), schemas, "{what}");
        }
    }
}
