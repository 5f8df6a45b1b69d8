//! Merges `allOf` into one schema: the intersection of its members and of the keywords beside them.
//!
//! Must not know types.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::rc::Rc;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Code, Diagnostic};
use crate::keyword::Keywords;
use crate::normalize::MEMBER;
use crate::pointer::Pointer;

use super::intersection::{has_branch, is_demand, join};
use super::nullability::allows_null;
use super::references::{reference_of, resolve};

/// Levels of nested members before a cycle is assumed.
const LIMIT: usize = 32;
/// Total number of members before it is assumed that they multiply.
const MEMBERS: usize = 2_000;

/// Merges all members of `allOf` and the schema's own keywords into one schema without `allOf`.
pub(super) fn merge(document: &Value, schema: &Value, place: &Pointer) -> Result<Value, Diagnostic> {
    let mut merging = Merging {
        document,
        merged: Map::new(),
        unions: Vec::new(),
        components: Vec::new(),
        absorbed: BTreeMap::new(),
        changes: 0,
        members: 0,
    };
    merging.absorb(schema, place, 0)?;
    let mut merged = merging.finish(place);
    merged.shift_remove("nullable");
    if allows_null(document, schema, place) {
        merged.insert("nullable".to_owned(), json!(true));
    }
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

/// A merge in progress.
struct Merging<'a> {
    document: &'a Value,
    merged: Map<String, Value>,
    unions: Vec<Alternatives>,
    /// References to the components that were merged.
    components: Vec<String>,
    /// The number of changes after which each target of a reference was merged completely.
    absorbed: BTreeMap<Pointer, usize>,
    /// Changes of the merged schema.
    changes: usize,
    members: usize,
}

/// A union among the merged schemas.
#[derive(Clone, PartialEq)]
struct Alternatives {
    key: &'static str,
    branches: Vec<Value>,
    discriminator: Option<Value>,
}

impl Merging<'_> {
    fn absorb(&mut self, schema: &Value, place: &Pointer, depth: usize) -> Result<(), Diagnostic> {
        self.members += 1;
        if depth > LIMIT || self.members > MEMBERS {
            return Err(Diagnostic::new(
                Code::RefCycle,
                place.clone(),
                "`allOf` contains itself, or more than can be merged",
            )
            .expected("members that end at plain schemas")
            .help("break the cycle upstream, or with an overlay action"));
        }
        let members = schema.keyword("allOf").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        for (index, member) in members.iter().enumerate() {
            let at = place.join("allOf").join(index);
            match reference_of(member) {
                Some(reference) => {
                    let target = resolve(self.document, reference, &at)?;
                    // Nothing was added since: members that multiply are merged once.
                    if self.absorbed.get(&target.place) == Some(&self.changes) {
                        continue;
                    }
                    self.components.push(reference.to_owned());
                    self.absorb(target.value, &target.place, depth + 1)?;
                    self.absorbed.insert(target.place, self.changes);
                }
                None => self.absorb(member, &at, depth + 1)?,
            }
        }
        if let Some(own) = schema.as_object() {
            self.join(own, depth);
        }
        Ok(())
    }

    /// Adds a schema's own keywords.
    fn join(&mut self, own: &Map<String, Value>, depth: usize) {
        let mut discriminator = own.keyword("discriminator").cloned();
        let mut part = own.clone();
        part.shift_remove("allOf");
        for key in ["oneOf", "anyOf"] {
            let Some(Value::Array(branches)) = part.shift_remove(key) else { continue };
            let union = Alternatives { key, branches, discriminator: discriminator.take() };
            part.shift_remove("discriminator");
            if !self.unions.contains(&union) {
                self.changes += 1;
                self.unions.push(union);
            }
        }
        if depth > 0 {
            // Annotations of a member do not apply to the merged schema.
            for annotation in ["title", "description", "nullable", "discriminator", "deprecated"] {
                part.shift_remove(annotation);
            }
        }
        self.changes += usize::from(join(self.document, &mut self.merged, &part));
    }

    /// Returns the merged schema with at most one union: the branches of the first one contain the others.
    fn finish(mut self, place: &Pointer) -> Map<String, Value> {
        let own = place.reference();
        let merged = &self.merged;
        let components = self.components.iter().chain([&own]);
        let is_decided = |union: &Alternatives| {
            let branches = json!({"oneOf": union.branches});
            let decided = components.clone().any(|component| has_branch(self.document, &branches, component));
            decided || union.branches.iter().all(|branch| is_demand(self.document, branch, merged))
        };
        self.unions.retain(|union| !is_decided(union));
        for union in &mut self.unions {
            let possible = |branch: &&Value| can_be(self.document, branch, merged.keyword("type"), place);
            let possible: Vec<Value> = union.branches.iter().filter(possible).cloned().collect();
            if !possible.is_empty() {
                union.branches = possible;
            }
        }
        // The one with a discriminator stays on the outside, where it is found.
        self.unions.sort_by_key(|union| union.discriminator.is_none());
        let mut unions = self.unions.into_iter();
        let Some(outer) = unions.next() else { return self.merged };
        let inner: Vec<Value> = unions.map(Alternatives::into_schema).collect();
        let branch = |branch: Value| {
            if inner.is_empty() {
                return branch;
            }
            let mut around = Map::new();
            if let Some(reference) = reference_of(&branch) {
                around.insert(MEMBER.to_owned(), json!(reference));
            }
            around.insert("allOf".to_owned(), Value::Array(std::iter::once(branch).chain(inner.clone()).collect()));
            Value::Object(around)
        };
        let branches: Vec<Value> = outer.branches.into_iter().map(branch).collect();
        self.merged.insert(outer.key.to_owned(), Value::Array(branches));
        self.merged.extend(outer.discriminator.map(|discriminator| ("discriminator".to_owned(), discriminator)));
        self.merged
    }
}

impl Alternatives {
    fn into_schema(self) -> Value {
        let mut schema = Map::from_iter([(self.key.to_owned(), Value::Array(self.branches))]);
        schema.extend(self.discriminator.map(|discriminator| ("discriminator".to_owned(), discriminator)));
        Value::Object(schema)
    }
}

/// Returns whether a branch of a union has values of a type.
fn can_be(document: &Value, branch: &Value, ty: Option<&Value>, place: &Pointer) -> bool {
    let target = reference_of(branch).map(|reference| resolve(document, reference, place));
    let branch = match &target {
        Some(Ok(target)) => target.value,
        Some(Err(_)) => return true,
        None => branch,
    };
    let Some(map) = branch.as_object() else { return true };
    let own = map.keyword("type").and_then(Value::as_str);
    let own = own.or_else(|| map.has_keyword("properties").then_some("object"));
    match (ty.and_then(Value::as_str), own) {
        (Some("number"), Some("integer")) | (Some("integer"), Some("number")) | (None, _) | (_, None) => true,
        (Some(ty), Some(own)) => ty == own,
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
    fn members_that_multiply_are_merged_once() {
        let mut schemas = json!({"L30": {"type": "object", "properties": {"end": {}}}});
        for level in 0..30 {
            let next = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
            let own = json!({"properties": {format!("p{level}"): {}}});
            schemas[format!("L{level}")] = json!({"allOf": [next, {"allOf": [next]}, own]});
        }
        let document = json!({"components": {"schemas": schemas}});
        let merged = merge(&document, &document["components"]["schemas"]["L0"], &Pointer::root()).unwrap();
        assert_eq!(merged["properties"].as_object().map(Map::len), Some(31));
    }

    #[test]
    fn cycle_is_an_error_with_a_place() {
        let document = json!({"a": {"allOf": [{"$ref": "#/a"}]}});
        let error = merge(&document, &document["a"], &Pointer::root().join("a")).unwrap_err();
        assert_eq!(error.code, Code::RefCycle);
    }
}
