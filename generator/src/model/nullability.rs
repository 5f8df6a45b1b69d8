//! Whether a schema allows `null`, decided by everything that applies to the same value: its own keywords, the members
//! of `allOf`, the branches of a union and the targets of references.
//!
//! Must not know types.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::keyword::Keywords;
use crate::normalize::NULL;
use crate::pointer::Pointer;

use super::references::{follow_once, reference_of};
use super::schema::list;

/// Levels of references before a cycle is assumed; types do not follow more either.
const LIMIT: usize = 64;

/// What a schema says about `null`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It is a value.
    Allowed,
    /// Nothing: another schema that applies to the same value decides.
    Silent,
    /// It is none.
    Forbidden,
}

/// Returns whether a schema allows `null`.
pub(super) fn allows_null(document: &Value, schema: &Value, place: &Pointer) -> bool {
    Search { document, place, known: BTreeMap::new(), depth: 0 }.verdict(schema) == Verdict::Allowed
}

/// A search for what decides about `null`.
struct Search<'a> {
    document: &'a Value,
    /// Where the search started.
    place: &'a Pointer,
    /// The verdicts of references, so that each is followed once. One that leads back to itself is silent meanwhile.
    known: BTreeMap<&'a str, Verdict>,
    /// References that lead to the current schema.
    depth: usize,
}

impl<'a> Search<'a> {
    fn verdict(&mut self, schema: &'a Value) -> Verdict {
        let Some(map) = schema.as_object() else { return Verdict::Silent };
        if let Some(reference) = reference_of(schema) {
            return self.referenced(reference);
        }
        // Beside `allOf`, it means "or null".
        if map.has_keyword(NULL) || map.keyword("nullable") == Some(&Value::Bool(true)) {
            return Verdict::Allowed;
        }
        if map.has_keyword("type") || map.has_keyword("enum") {
            return Verdict::Forbidden;
        }
        let mut members = list(map, "allOf").unwrap_or_default().iter();
        let mut found = members.try_fold(Verdict::Silent, |found, member| all(found, self.verdict(member)));
        for key in ["oneOf", "anyOf"] {
            let branches: Vec<Verdict> = match (&found, list(map, key)) {
                (Ok(_), Some(branches)) => branches.iter().map(|branch| self.verdict(branch)).collect(),
                (Ok(_), None) | (Err(_), _) => Vec::new(),
            };
            found = found.and_then(|found| all(found, any(&branches)));
        }
        found.unwrap_or_else(|forbidden| forbidden)
    }

    fn referenced(&mut self, reference: &'a str) -> Verdict {
        if self.depth == LIMIT {
            return Verdict::Silent;
        }
        if let Some(known) = self.known.get(reference) {
            return *known;
        }
        let Ok(target) = follow_once(self.document, reference, self.place) else { return Verdict::Silent };
        self.known.insert(reference, Verdict::Silent);
        self.depth += 1;
        let found = self.verdict(target.value);
        self.depth -= 1;
        self.known.insert(reference, found);
        found
    }
}

/// Combines the verdicts of two schemas that both apply; `Err` ends the search.
fn all(one: Verdict, other: Verdict) -> Result<Verdict, Verdict> {
    match (one, other) {
        (Verdict::Forbidden, _) | (_, Verdict::Forbidden) => Err(Verdict::Forbidden),
        (Verdict::Allowed, _) | (_, Verdict::Allowed) => Ok(Verdict::Allowed),
        (Verdict::Silent, Verdict::Silent) => Ok(Verdict::Silent),
    }
}

/// Combines the verdicts of the branches of a union.
fn any(branches: &[Verdict]) -> Verdict {
    if branches.contains(&Verdict::Allowed) {
        Verdict::Allowed
    } else if !branches.is_empty() && branches.iter().all(|branch| *branch == Verdict::Forbidden) {
        Verdict::Forbidden
    } else {
        Verdict::Silent
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn null_is_allowed_where_everything_that_applies_allows_it() {
        let document = json!({"components": {"schemas": {
            "Maybe": {"type": "object", "nullable": true},
            "Never": {"type": "object"},
            "Alias": {"$ref": "#/components/schemas/Maybe"},
            "Either": {"oneOf": [{"$ref": "#/components/schemas/Never"}, {"$ref": "#/components/schemas/Maybe"}]},
            "Loop": {"allOf": [{"$ref": "#/components/schemas/Loop"}]},
        }}});
        let to = |name: &str| json!({"$ref": format!("#/components/schemas/{name}")});
        let rows = [
            (to("Maybe"), true),
            (to("Never"), false),
            (to("Alias"), true),
            (to("Either"), true),
            (to("Loop"), false),
            (json!({"allOf": [to("Maybe"), {"description": "d"}]}), true),
            (json!({"allOf": [{"description": "d"}, to("Alias")]}), true),
            (json!({"allOf": [to("Maybe"), {"type": "object"}]}), false),
            (json!({"allOf": [{"type": "object"}, to("Maybe")]}), false),
            (json!({"allOf": [to("Maybe"), to("Never")]}), false),
            (json!({"allOf": [to("Maybe"), {"required": ["a"]}]}), true),
            (json!({"allOf": [to("Never")], "nullable": true}), true),
            (json!({"allOf": [to("Never"), {"type": "object", "nullable": true}]}), false),
            (json!({"allOf": [to("Maybe")], "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}), true),
            (json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}), false),
            (json!({}), false),
        ];
        for (schema, expected) in rows {
            assert_eq!(allows_null(&document, &schema, &Pointer::root()), expected, "{schema}");
        }
    }

    #[test]
    fn schemas_that_multiply_are_read_once() {
        let mut schemas = json!({"L40": {"type": "object", "nullable": true}});
        for level in 0..40 {
            let next = json!({"$ref": format!("#/components/schemas/L{}", level + 1)});
            schemas[format!("L{level}")] = json!({"oneOf": [next, {"allOf": [next]}]});
        }
        let document = json!({"components": {"schemas": schemas}});
        let schema = json!({"$ref": "#/components/schemas/L0"});
        assert!(allows_null(&document, &schema, &Pointer::root()));
    }
}
