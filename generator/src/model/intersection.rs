//! The intersection of two schemas: what is valid under both. A keyword that only one of them has applies; of two that
//! contradict each other, the later one.
//!
//! Must not know types.

use serde_json::{Map, Value, json};

use crate::normalize::{ANNOTATIONS, MAY_BE_ABSENT};
use crate::pointer::Pointer;

use super::nullability::allows_null;
use super::references::{follow_once, reference_of};
use super::schema::list;
use super::shape::only_demands;

/// Keywords that make a schema a composition of others.
const COMPOSITIONS: [&str; 4] = ["$ref", "allOf", "oneOf", "anyOf"];
/// Levels of references between a schema and those that it includes.
const LIMIT: usize = 16;

/// Adds the keywords of a schema to those of another that applies to the same value. Compositions and `nullable` are
/// left to the caller. Returns whether anything changed.
pub(super) fn join(document: &Value, merged: &mut Map<String, Value>, part: &Map<String, Value>) -> bool {
    let mut is_changed = false;
    for (key, value) in part {
        let Some(existing) = merged.get_mut(key) else {
            merged.insert(key.clone(), value.clone());
            is_changed = true;
            continue;
        };
        if existing != value {
            let joined = joined(document, key, existing, value);
            is_changed |= *existing != joined;
            *existing = joined;
        }
    }
    is_changed
}

/// Returns the value of a keyword that both schemas have.
fn joined(document: &Value, key: &str, one: &Value, other: &Value) -> Value {
    let later = || other.clone();
    match (key, one, other) {
        ("properties", Value::Object(one), Value::Object(other)) => {
            let mut properties = one.clone();
            for (name, property) in other {
                let known = properties.get(name).map(|known| both(document, known, property));
                properties.insert(name.clone(), known.unwrap_or_else(|| property.clone()));
            }
            Value::Object(properties)
        }
        ("required", Value::Array(one), Value::Array(other)) => {
            let new = other.iter().filter(|name| !one.contains(name));
            Value::Array(one.iter().chain(new).cloned().collect())
        }
        ("enum", Value::Array(one), Value::Array(other)) => {
            let shared: Vec<Value> = one.iter().filter(|value| other.contains(value)).cloned().collect();
            if shared.is_empty() { later() } else { Value::Array(shared) }
        }
        ("type", Value::String(one), Value::String(other)) if one == "integer" && other == "number" => json!("integer"),
        ("items" | "additionalProperties", Value::Object(_), Value::Object(_)) => both(document, one, other),
        ("additionalProperties", earlier, Value::Bool(true)) => earlier.clone(),
        ("minimum" | "minLength" | "minItems" | "minProperties", one, other) if above(one, other) => one.clone(),
        ("maximum" | "maxLength" | "maxItems" | "maxProperties", one, other) if above(other, one) => one.clone(),
        ("readOnly" | "writeOnly" | "deprecated", Value::Bool(true), _) => json!(true),
        (_, _, _) => later(),
    }
}

fn above(one: &Value, other: &Value) -> bool {
    one.as_f64().zip(other.as_f64()).is_some_and(|(one, other)| one > other)
}

/// Returns the intersection of two schemas.
pub(super) fn both(document: &Value, one: &Value, other: &Value) -> Value {
    let (Some(first), Some(second)) = (one.as_object(), other.as_object()) else { return other.clone() };
    if one == other {
        return one.clone();
    }
    let composed = |map: &Map<String, Value>| COMPOSITIONS.iter().any(|key| map.contains_key(*key));
    if composed(first) || composed(second) {
        return composition(document, first, second);
    }
    let mut merged = first.clone();
    join(document, &mut merged, second);
    merged.shift_remove("nullable");
    if allows_null(document, &json!({"allOf": [one, other]}), &Pointer::root()) {
        merged.insert("nullable".to_owned(), json!(true));
    }
    Value::Object(merged)
}

/// Returns the intersection as `allOf`, with the annotations of both beside it.
fn composition(document: &Value, first: &Map<String, Value>, second: &Map<String, Value>) -> Value {
    let members = distinct(document, vec![Value::Object(first.clone()), Value::Object(second.clone())]);
    let mut composed = Map::new();
    let annotations = ANNOTATIONS.iter().copied().filter(|key| *key != "nullable").chain([MAY_BE_ABSENT]);
    for key in annotations {
        let flag = [first, second].iter().find_map(|map| map.get(key).filter(|value| **value == Value::Bool(true)));
        if let Some(value) = flag.or_else(|| second.get(key)).or_else(|| first.get(key)) {
            composed.insert(key.to_owned(), value.clone());
        }
    }
    match members.as_slice() {
        [only] if composed.is_empty() => only.clone(),
        _ => {
            composed.insert("allOf".to_owned(), Value::Array(members));
            Value::Object(composed)
        }
    }
}

/// Returns the members of an `allOf` that say something that no other says.
fn distinct(document: &Value, members: Vec<Value>) -> Vec<Value> {
    let mut flat: Vec<Value> = Vec::new();
    for member in members.into_iter().flat_map(unwrapped) {
        if !flat.contains(&member) {
            flat.push(member);
        }
    }
    let references: Vec<String> = flat.iter().filter_map(reference_of).map(str::to_owned).collect();
    let redundant = |member: &Value| {
        let others = references.iter().filter(|other| reference_of(member) != Some(other.as_str()));
        let own = reference_of(member);
        let included = own.is_some_and(|own| others.clone().any(|other| includes(document, other, own, LIMIT)));
        included || others.clone().any(|other| has_branch(document, member, other))
    };
    let kept: Vec<Value> = flat.iter().filter(|member| !redundant(member)).cloned().collect();
    if kept.is_empty() { flat } else { kept }
}

/// Returns the members of a schema that is an `allOf` and nothing else.
fn unwrapped(member: Value) -> Vec<Value> {
    let only = member.as_object().filter(|map| map.len() == 1).and_then(|map| list(map, "allOf"));
    match only {
        Some(members) => members.iter().cloned().flat_map(unwrapped).collect(),
        None => vec![member],
    }
}

/// Returns whether a component has another as a member of its `allOf`, at any depth.
fn includes(document: &Value, component: &str, other: &str, limit: usize) -> bool {
    let Ok(target) = follow_once(document, component, &Pointer::root()) else { return false };
    let Some(limit) = limit.checked_sub(1) else { return false };
    let members = target.value.as_object().and_then(|map| list(map, "allOf")).unwrap_or_default();
    members
        .iter()
        .filter_map(reference_of)
        .any(|reference| reference == other || includes(document, reference, other, limit))
}

/// Returns whether a branch of a union, or the schema that it refers to, only constrains the schema around it.
pub(super) fn is_demand(document: &Value, branch: &Value, around: &Map<String, Value>) -> bool {
    let target = reference_of(branch).and_then(|reference| follow_once(document, reference, &Pointer::root()).ok());
    only_demands(target.map_or(branch, |target| target.value), around)
}

/// Returns whether a schema is a union with a component among its branches: what is both is the component.
pub(super) fn has_branch(document: &Value, schema: &Value, component: &str) -> bool {
    let target = reference_of(schema).and_then(|reference| follow_once(document, reference, &Pointer::root()).ok());
    let schema = target.map_or(schema, |target| target.value);
    let branches = |key| schema.as_object().and_then(|map| list(map, key)).unwrap_or_default();
    ["oneOf", "anyOf"].into_iter().flat_map(branches).any(|branch| reference_of(branch) == Some(component))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn intersection_keeps_what_either_schema_says() {
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let document = json!({"components": {"schemas": {
            "Base": {"type": "object"},
            "Derived": {"allOf": [to("Base"), {"type": "object"}]},
            "Either": {"oneOf": [to("Base"), to("Other")]},
            "Other": {"type": "object"},
        }}});
        let rows = [
            (
                json!({"type": "string", "format": "uuid"}),
                json!({"minLength": 1}),
                json!({"type": "string", "format": "uuid", "minLength": 1}),
            ),
            (json!({"type": "number"}), json!({"type": "integer"}), json!({"type": "integer"})),
            (json!({"type": "integer"}), json!({"type": "number"}), json!({"type": "integer"})),
            (json!({"enum": ["a", "b"]}), json!({"enum": ["c", "b"]}), json!({"enum": ["b"]})),
            (
                json!({"type": "string", "nullable": true}),
                json!({"description": "d"}),
                json!({"type": "string", "nullable": true, "description": "d"}),
            ),
            (json!({"type": "string", "nullable": true}), json!({"type": "string"}), json!({"type": "string"})),
            (
                json!({"minimum": 3, "maximum": 9}),
                json!({"minimum": 1, "maximum": 5}),
                json!({"minimum": 3, "maximum": 5}),
            ),
            (
                json!({"type": "array", "items": to("Base")}),
                json!({"items": to("Derived")}),
                json!({"type": "array", "items": to("Derived")}),
            ),
            (to("Base"), to("Derived"), to("Derived")),
            (to("Either"), to("Other"), to("Other")),
            (
                to("Base"),
                json!({"description": "d"}),
                json!({"description": "d", "allOf": [to("Base"), {"description": "d"}]}),
            ),
            (to("Base"), json!({"type": "object"}), json!({"allOf": [to("Base"), {"type": "object"}]})),
        ];
        for (one, other, expected) in rows {
            assert_eq!(both(&document, &one, &other), expected, "{one} {other}");
        }
    }
}
