//! Expands polymorphic objects: components with a discriminator whose subtypes refer to them in an `allOf`. If such a component also
//! lists its subtypes in a `oneOf`, reading it literally would never end.
//!
//! Each of them is split in two: its name now stands for a `oneOf` of the subtypes, which is what most references mean, and the
//! object itself gets a name of its own, which the subtypes inherit from. Knows nothing of the model or of Rust, except which
//! names collide there.

mod family;
mod lineage;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::components::{PLACE, redirected};
use super::traversal;
use family::{Families, reference};
use lineage::{Lineage, component, reference_of, wrapped};

/// Splits polymorphic components into a union and a base object, and fixes the tag of each subtype.
pub(crate) fn expand_inheritance(document: &mut Value) {
    let Some(plan) = document.pointer(PLACE).and_then(Value::as_object).and_then(plan_changes) else { return };
    traversal::each_schema(document, &mut |schema| redirect(schema, &plan));
    let Some(schemas) = document.pointer_mut(PLACE).and_then(Value::as_object_mut) else { return };
    for (name, property, schema) in plan.tags {
        set_property(schemas, &name, property, schema);
    }
    for kind in plan.silent_kinds {
        redirect_parents(schemas.get_mut(&kind), &plan.inherited);
    }
    for (name, union) in plan.unions {
        let object = plan.objects.get(&name).cloned();
        let base = schemas.insert(name.clone(), union).map(|base| base_object(base, &name));
        schemas.extend(object.zip(base));
    }
}

/// The changes to make.
struct Plan {
    /// Names of the base objects, by the components they are split from.
    objects: BTreeMap<String, String>,
    /// The same, by every alias of these components.
    inherited: BTreeMap<String, String>,
    /// Components that inherit and add nothing.
    silent_kinds: Vec<String>,
    /// Component, property and its new schema.
    tags: Vec<(String, String, Value)>,
    /// Component and its union.
    unions: Vec<(String, Value)>,
}

fn plan_changes(schemas: &Map<String, Value>) -> Option<Plan> {
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

/// Redirects inheritance, and references into a component, to its base object.
fn redirect(schema: &mut Value, plan: &Plan) {
    if let Some(place) = reference_of(schema).and_then(|reference| redirected_inside(reference, &plan.objects)) {
        schema["$ref"] = json!(place);
    }
    if wrapped(schema).is_none() {
        redirect_parents(Some(schema), &plan.inherited);
    }
}

/// Returns the updated reference if it points into a component that is split.
fn redirected_inside(reference: &str, objects: &BTreeMap<String, String>) -> Option<String> {
    if component(reference).is_some() { None } else { redirected(reference, objects) }
}

/// Redirects the references of a schema's `allOf`, including those of inline members.
fn redirect_parents(schema: Option<&mut Value>, objects: &BTreeMap<String, String>) {
    let members = schema.and_then(|schema| schema.get_mut("allOf")).and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        match reference_of(member) {
            Some(target) => {
                if let Some(object) = component(target).and_then(|name| objects.get(&name)) {
                    *member = reference(object);
                }
            }
            None => redirect_parents(Some(member), objects),
        }
    }
}

/// Sets the schema of a property of a component.
fn set_property(schemas: &mut Map<String, Value>, name: &str, property: String, schema: Value) {
    let Some(component) = schemas.get_mut(name).and_then(Value::as_object_mut) else { return };
    let properties = component.entry("properties").or_insert_with(|| json!({}));
    if let Some(properties) = properties.as_object_mut() {
        properties.insert(property, schema);
    }
}

/// Returns the base object: the component without the parts that describe the union.
fn base_object(mut base: Value, name: &str) -> Value {
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

    /// A polymorphic object with a tag.
    fn polymorphic(tag: &str, mapping: Value) -> Value {
        json!({"type": "object", "properties": {tag: {"type": "string", "description": "d"}}, "discriminator": {"propertyName": tag, "mapping": mapping}})
    }

    fn child(parent: &str) -> Value {
        json!({"allOf": [to(parent), {"type": "object"}]})
    }

    /// The subtypes of a union: tag value and component of each, as in the mapping.
    fn kinds(schema: &Value) -> Vec<String> {
        let mapping = schema.pointer("/discriminator/mapping").and_then(Value::as_object).into_iter().flatten();
        let name = |target: &Value| target.as_str().and_then(|target| target.rsplit('/').next()).map(str::to_owned);
        mapping.map(|(value, target)| format!("{value}: {}", name(target).unwrap_or_default())).collect()
    }

    /// The components of a document after the pass.
    fn expanded(schemas: Value) -> Value {
        let mut document = json!({"components": {"schemas": schemas}});
        expand_inheritance(&mut document);
        document["components"]["schemas"].take()
    }

    #[test]
    fn polymorphic_object_becomes_a_union_and_a_base_object() {
        let pet = json!({
            "description": "A pet.", "type": ["object", "null"], "required": ["kind"],
            "properties": {"kind": {"type": "string", "description": "d", "enum": ["cat", "dog"]}, "friend": to("Pet")},
            "discriminator": {"propertyName": "kind", "mapping": {"cat": "#/components/schemas/Cat", "dog": "Dog"}},
        });
        let schemas = expanded(json!({
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
        let fixed = |value: &str| json!({"kind": {"description": "d", "type": "string", "enum": [value]}});
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

    #[test]
    fn subtypes_are_identified_by_mapping_own_tag_or_name() {
        let none = || json!({});
        let constant = |value: &str| json!({"allOf": [to("A"), {"properties": {"t": {"const": value}}}]});
        let rows = [
            (
                "no mapping",
                json!({"A": polymorphic("t", none()), "B": child("A"), "C": child("B")}),
                vec![("A", "B: B, C: C")],
            ),
            (
                "a mapping that omits an intermediate type",
                json!({"A": polymorphic("t", json!({"c": "C"})), "B": child("A"), "C": child("B"), "D": child("B")}),
                vec![("A", "c: C, D: D")],
            ),
            (
                "own tag, several tag values, a subtype that inherits nothing",
                json!({"A": polymorphic("t", json!({"c": "C", "cc": "C", "x": "X", "none": "None"})), "B": constant("b"), "C": child("A"), "X": {}}),
                vec![("A", "b: B, c: C, cc: C, x: X")],
            ),
            (
                "the object itself",
                json!({"A": polymorphic("t", json!({"a": "A", "b": "B"})), "B": child("A")}),
                vec![("A", "a: ABase, b: B")],
            ),
            (
                "names that are taken, in any case",
                json!({"A": polymorphic("t", json!({"a": "A"})), "B": child("A"), "ABase": {}, "a_base2": {}}),
                vec![("A", "a: ABase3, B: B")],
            ),
            (
                "a nested hierarchy with another tag",
                json!({"A": polymorphic("t", none()), "B": {"allOf": [to("A"), polymorphic("u", none())], "discriminator": {"propertyName": "u"}}, "C": child("B"), "D": child("A")}),
                vec![("A", "B: B, D: D"), ("B", "C: C")],
            ),
            (
                "a nested hierarchy with the same tag",
                json!({"A": polymorphic("t", json!({"b": "B"})), "B": {"allOf": [to("A")], "discriminator": {"propertyName": "t", "mapping": {"c": "C"}}}, "C": child("B")}),
                vec![("A", "b: BBase, c: C"), ("B", "b: BBase, c: C")],
            ),
            (
                "a list of subtypes that inherit",
                json!({"A": {"oneOf": [to("B"), to("A"), {"properties": {"x": {}}}], "properties": {"t": {}}, "discriminator": {"propertyName": "t", "mapping": {"b": "B"}}}, "B": child("A"), "C": child("A")}),
                vec![("A", "b: B, A: ABase")],
            ),
            (
                "each inherits from the other",
                json!({"A": {"allOf": [to("B")], "discriminator": {"propertyName": "t"}}, "B": child("A")}),
                vec![("A", "B: B")],
            ),
        ];
        for (case, schemas, expected) in rows {
            let schemas = expanded(schemas);
            for (base, expected) in expected {
                assert_eq!(kinds(&schemas[base]).join(", "), expected, "{case}: {schemas:#}");
            }
        }
    }

    #[test]
    fn subtype_with_one_tag_value_has_it_fixed() {
        let rows = [
            (
                "one tag value and several",
                json!({"c": "C", "d": "D", "dd": "D"}),
                [("B", "none"), ("C", "[\"c\"]"), ("D", "none")],
            ),
            (
                "a subtype of a fixed tag has its own, or any",
                json!({"b": "B", "c": "C", "d": "D", "dd": "D"}),
                [("B", "[\"b\"]"), ("C", "[\"c\"]"), ("D", "any")],
            ),
        ];
        for (case, mapping, expected) in rows {
            let schemas =
                expanded(json!({"A": polymorphic("t", mapping), "B": child("A"), "C": child("B"), "D": child("B")}));
            for (name, expected) in expected {
                let found = match schemas[name].pointer("/properties/t") {
                    Some(schema) => schema.get("enum").map_or("any".to_owned(), Value::to_string),
                    None => "none".to_owned(),
                };
                assert_eq!(found, expected, "{case}: {name} {schemas:#}");
            }
        }
    }

    #[test]
    fn other_objects_are_left_unchanged() {
        let number = json!({"properties": {"t": {"type": "integer"}}, "discriminator": {"propertyName": "t"}});
        let rows = [
            ("nothing inherits", json!({"A": polymorphic("t", json!({"b": "B"})), "B": {"properties": {"t": {}}}})),
            ("a tag that is not a string", json!({"A": number, "B": child("A")})),
            ("no discriminator", json!({"A": {"properties": {"t": {}}}, "B": child("A")})),
            (
                "a list of subtypes that do not inherit",
                json!({"A": {"oneOf": [to("B")], "discriminator": {"propertyName": "t"}}, "B": {}, "C": child("A")}),
            ),
            (
                "names that are not allowed",
                json!({"A": {"properties": {"t": {"enum": ["b", "c"]}}, "discriminator": {"propertyName": "t"}}, "BDto": child("A")}),
            ),
            (
                "not an object",
                json!({"A": {"type": "string", "discriminator": {"propertyName": "t"}}, "B": child("A")}),
            ),
        ];
        for (case, schemas) in rows {
            assert_eq!(expanded(schemas.clone()), schemas, "{case}");
        }
    }
}
